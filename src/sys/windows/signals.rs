//! Windows has no signals that a thread would have to be kept from.

/// Blocks the host's signals on this thread: there are none.
pub fn block_signals() {}

/// Runs `f` with the host's signals blocked: there are none.
pub fn with_signals_blocked<T>(f: impl FnOnce() -> T) -> T {
    f()
}
