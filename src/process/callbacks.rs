//! The one thread on which the host's callbacks run, one at a time: never inside a call of the host's, never
//! on a thread that moves bytes.

use super::jobs::Jobs;
use super::sync::Arc;
use super::thread;
use crate::error::Result;
use once_cell::sync::OnceCell;
use std::cell::Cell;
use std::time::{Duration, Instant};

/// Where callbacks are handed over.
#[derive(Clone)]
pub struct Callbacks(Arc<Jobs>);

static THREAD: OnceCell<Callbacks> = OnceCell::new();

thread_local! {
    static HERE: Cell<bool> = const { Cell::new(false) };
}

impl Callbacks {
    /// The process's own; its thread is started by the first call, which fails when there can be none.
    pub fn get() -> Result<Self> {
        THREAD.get_or_try_init(start).cloned()
    }

    /// Runs something after everything that was handed over before.
    pub fn run(&self, job: impl FnOnce() + Send + 'static) {
        self.0.run(job);
    }
}

/// Whether this is the thread on which callbacks run: waiting here for a callback would be for ever.
pub fn is_this_thread() -> bool {
    HERE.get()
}

/// Waits until what was handed over before was run; returns whether that was in time.
pub fn catch_up(deadline: Instant) -> bool {
    THREAD.get().is_none_or(|callbacks| callbacks.0.catch_up(Some(deadline)))
}

/// Runs what was handed over and ends the thread; returns whether that was done in time.
pub fn shutdown(timeout: Duration) -> bool {
    THREAD.get().is_none_or(|callbacks| callbacks.0.end(Some(Instant::now() + timeout)))
}

fn start() -> Result<Callbacks> {
    let callbacks = Callbacks(Arc::default());
    let jobs = Arc::clone(&callbacks.0);
    let serve = move || {
        HERE.set(true);
        jobs.serve();
    };
    thread::spawn("ossup-callback", serve)?;
    Ok(callbacks)
}
