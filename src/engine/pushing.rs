//! Whoever may push a stream: when nobody is left who could, its upload does not wait for ever.

use super::live::Live;
use super::running;
use crate::upload::event::Stop;
use std::sync::Arc;

/// Shared by the handles of one upload of a stream.
#[derive(Debug)]
pub(super) struct Pushing(Arc<Live>);

impl Pushing {
    /// What the handles of an upload share, if it is one of a stream.
    pub(super) fn new(live: &Arc<Live>) -> Option<Arc<Self>> {
        live.order.origin.stream()?;
        let pushing = Arc::new(Self(Arc::clone(live)));
        live.set_pushing(&pushing);
        Some(pushing)
    }
}

impl Drop for Pushing {
    fn drop(&mut self) {
        if self.0.order.origin.stream().is_some_and(|stream| !stream.is_finished()) {
            let _never_started = running::stop(&self.0, Stop::Leave);
        }
    }
}
