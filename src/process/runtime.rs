//! The tokio runtime: one for the process, started by the first upload.
//!
//! No task may own it: a runtime that is dropped by one of its own tasks takes the process along. It lives
//! here, and everybody else holds a `Handle`.

use super::{fork, thread};
use crate::error::{Error, Kind, Result};
use crate::sys;
use once_cell::sync::OnceCell;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::runtime::{Builder, Handle, Runtime};

const WORKERS: usize = 2;

struct Process {
    handle: Handle,
    runtime: Mutex<Option<Runtime>>,
}

static SHUT_DOWN: AtomicBool = AtomicBool::new(false);
static PROCESS: OnceCell<Process> = OnceCell::new();

/// Where tasks are started. Fails in a fork's child, after a shutdown, and when threads cannot be had.
pub fn handle() -> Result<Handle> {
    fork::refuse_child()?;
    if SHUT_DOWN.load(Ordering::Acquire) {
        return Err(Error::new(Kind::ShutDown, "the library was shut down"));
    }
    let process = PROCESS.get_or_try_init(start)?;
    Ok(process.handle.clone())
}

/// Ends the runtime and its threads; those that hang are left behind when the time is over.
pub fn shutdown(timeout: Duration) {
    SHUT_DOWN.store(true, Ordering::Release);
    let runtime = PROCESS.get().and_then(|process| process.runtime.lock().ok()?.take());
    if let Some(runtime) = runtime {
        runtime.shutdown_timeout(timeout);
    }
}

fn start() -> Result<Process> {
    thread::prepare()?;
    let build = || {
        Builder::new_multi_thread()
            .worker_threads(WORKERS)
            .thread_name("ossup")
            .on_thread_start(sys::block_signals)
            .enable_all()
            .build()
    };
    let runtime = sys::with_signals_blocked(build)
        .map_err(|error| Error::io(Kind::NoResources, "the library's threads cannot be started", error))?;
    Ok(Process { handle: runtime.handle().clone(), runtime: Mutex::new(Some(runtime)) })
}
