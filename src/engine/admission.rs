//! How many uploads of a client are under way at a time. Each has a file open, and perhaps a record and connections: thousands
//! that are started at once would take all descriptors that the process has.

use std::sync::Arc;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Who may begin: so many at a time, in the order in which they came.
#[derive(Debug)]
pub(super) struct Admission(Option<Arc<Semaphore>>);

/// An upload's place, which is free again when this is dropped.
pub(super) struct Admitted {
    _permit: Option<OwnedSemaphorePermit>,
}

impl Admission {
    /// So many at a time; 0 is no bound.
    pub(super) fn new(at_a_time: u32) -> Self {
        let places = (at_a_time as usize).min(Semaphore::MAX_PERMITS);
        Self((places > 0).then(|| Arc::new(Semaphore::new(places))))
    }

    pub(super) async fn wait(&self) -> Admitted {
        let permit = match &self.0 {
            // It is never closed.
            Some(places) => Arc::clone(places).acquire_owned().await.ok(),
            None => None,
        };
        Admitted { _permit: permit }
    }
}
