//! The callback thread of one run of a model, which has to be served by hand.

use super::jobs::Jobs;
use super::sync::Arc;
use crate::error::Result;

#[derive(Clone)]
pub struct Callbacks(pub Arc<Jobs>);

loom::lazy_static! {
    static ref THREAD: Callbacks = Callbacks(Arc::default());
}

impl Callbacks {
    pub fn get() -> Result<Self> {
        Ok(THREAD.clone())
    }

    pub fn run(&self, job: impl FnOnce() + Send + 'static) {
        self.0.run(job);
    }
}
