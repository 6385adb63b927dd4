//! The tokio runtime: one for the process, started by the first upload.
//!
//! No task may own it: a runtime that is dropped by one of its own tasks takes the process along. It lives
//! here, and everybody else holds a `Handle`.

use crate::error::{Error, Kind, Result};
use crate::sys;
use once_cell::sync::OnceCell;
use std::sync::Mutex;
use std::time::Duration;
use tokio::runtime::{Builder, Handle, Runtime};

const WORKERS: usize = 2;

struct Process {
    handle: Handle,
    runtime: Mutex<Option<Runtime>>,
}

static BORN: OnceCell<u32> = OnceCell::new();
static PROCESS: OnceCell<Process> = OnceCell::new();

/// Where tasks are started. Fails in a fork's child, after a shutdown, and when threads cannot be had.
pub fn handle() -> Result<Handle> {
    if is_forked() {
        return Err(Error::new(Kind::Forked, "this process is a fork of the one that uses the library"));
    }
    let process = PROCESS.get_or_try_init(start)?;
    match process.runtime.lock() {
        Ok(runtime) if runtime.is_some() => Ok(process.handle.clone()),
        _ => Err(Error::new(Kind::ShutDown, "the library was shut down")),
    }
}

/// Whether this process is a fork of the one that first used the library: threads and locks are gone here,
/// so nothing may be used, and not even dropped.
pub fn is_forked() -> bool {
    let pid = std::process::id();
    *BORN.get_or_init(|| pid) != pid
}

/// Ends the runtime and its threads; returns whether all of them ended in time.
pub fn shutdown(timeout: Duration) {
    let runtime = PROCESS.get().and_then(|process| process.runtime.lock().ok()?.take());
    if let Some(runtime) = runtime {
        runtime.shutdown_timeout(timeout);
    }
}

fn start() -> Result<Process> {
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
