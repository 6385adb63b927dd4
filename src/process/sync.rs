//! What threads share, in one place: `tests/models.rs` puts a model checker's in its stead and tries all orders of threads.

pub use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, atomic};
