//! How many uploads of a client are under way at a time. Each has a file open, and perhaps a record and connections: thousands
//! that are started at once would take all descriptors that the process has.

use std::sync::Arc;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Turns that are taken in order.
#[derive(Debug)]
pub(super) struct Turns(Option<Arc<Semaphore>>);

/// An upload's turn, which ends when it is dropped.
pub(super) struct Turn {
    _permit: Option<OwnedSemaphorePermit>,
}

impl Turns {
    /// So many at a time; 0 is no bound.
    pub(super) fn new(at_a_time: u32) -> Self {
        Self((at_a_time > 0).then(|| Arc::new(Semaphore::new(at_a_time as usize))))
    }

    pub(super) async fn wait(&self) -> Turn {
        let permit = match &self.0 {
            // It is never closed.
            Some(turns) => Arc::clone(turns).acquire_owned().await.ok(),
            None => None,
        };
        Turn { _permit: permit }
    }
}
