//! The few system calls that std and rustix lack.

mod unix;

pub use unix::{block_signals, with_signals_blocked};
