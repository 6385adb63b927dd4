//! Our life inside the host's process. Knows nothing of uploads.

pub mod callbacks;
pub mod condition;
pub mod jobs;
pub mod log;
pub mod orphan;
pub mod panics;
pub mod pool;
pub mod queue;
pub mod runtime;
pub mod sync;
mod thread;
