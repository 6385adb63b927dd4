//! The library's own ways with threads, over the model checker's.

pub mod callbacks;
#[path = "../../src/process/condition.rs"]
pub mod condition;
#[path = "../../src/process/jobs.rs"]
pub mod jobs;
#[path = "../../src/process/queue.rs"]
pub mod queue;
pub mod sync;

pub mod panics {
    pub fn may_come(_: &str) {}

    /// Nothing is caught here: what is panicked about is the model.
    pub fn caught<T>(body: impl FnOnce() -> T) -> crate::error::Result<T> {
        Ok(body())
    }
}
