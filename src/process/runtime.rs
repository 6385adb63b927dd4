//! The tokio runtime: one for the process, started by the first upload.
//!
//! No task may own it: a runtime that is dropped by one of its own tasks takes the process along. It lives
//! here, and everybody else holds a `Handle`.

use super::{orphan, panics, thread};
use crate::error::{Error, Kind, Result};
use crate::sys;
use once_cell::sync::OnceCell;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::runtime::{Builder, Handle, Runtime};

struct Process {
    handle: Handle,
    runtime: Mutex<Option<Runtime>>,
}

/// How many threads the runtime gets; asked for once.
struct Workers {
    count: usize,
    started: bool,
}

/// More would only wait for one another.
const MAX_WORKERS: u32 = 64;

static WORKERS: Mutex<Workers> = Mutex::new(Workers { count: 2, started: false });
/// Made before it is needed: see [`prepare`].
static BUILDER: OnceCell<Mutex<Builder>> = OnceCell::new();
static SHUT_DOWN: AtomicBool = AtomicBool::new(false);
static PROCESS: OnceCell<Process> = OnceCell::new();

/// How many threads the runtime gets, instead of two. Only before it is started.
pub fn set_worker_threads(count: u32) -> Result<()> {
    orphan::refuse()?;
    if !(1..=MAX_WORKERS).contains(&count) {
        return Err(Error::invalid_argument(format!("worker threads: {count} is not within 1..={MAX_WORKERS}")));
    }
    let mut workers = workers();
    if workers.started {
        return Err(Error::new(Kind::InvalidState, "worker threads: they were started already"));
    }
    workers.count = count as usize;
    Ok(())
}

/// Reads what the environment says of the runtime, so that nobody does once it may be changing.
pub fn prepare() {
    drop(builder());
}

/// Where tasks are started. Fails in a fork's child, after a shutdown, and when threads cannot be had.
pub fn handle() -> Result<Handle> {
    orphan::refuse()?;
    refuse_shut_down()?;
    let process = PROCESS.get_or_try_init(start)?;
    Ok(process.handle.clone())
}

/// Refuses to go on once the end has begun: tasks, timers and connections go in any order, and nothing that comes of that means
/// what it says.
pub fn refuse_shut_down() -> Result<()> {
    if SHUT_DOWN.load(Ordering::Acquire) { Err(shut_down()) } else { Ok(()) }
}

/// A failure, as it is told: by then it may have come of the end.
pub fn blamed(error: Error) -> Error {
    use Kind::{ConnectionLost, Internal, NetworkTimeout, Unreachable};
    let may_come_of_it = [Internal, Unreachable, ConnectionLost, NetworkTimeout].contains(&error.kind());
    match refuse_shut_down() {
        Err(shut_down) if may_come_of_it => shut_down.with_source(error),
        Ok(()) | Err(_) => error,
    }
}

/// What becomes of that which was under way.
pub fn shut_down() -> Error {
    Error::new(Kind::ShutDown, "the library was shut down")
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
    let mut workers = workers();
    let build = || {
        // The runtime panics where it gets no thread, and goes on with too few.
        thread::rehearse(workers.count)?;
        builder().worker_threads(workers.count).build()
    };
    let runtime = sys::with_signals_blocked(build)
        .map_err(|error| Error::io(Kind::NoResources, "the library's threads cannot be started", error))?;
    workers.started = true;
    Ok(Process { handle: runtime.handle().clone(), runtime: Mutex::new(Some(runtime)) })
}

fn builder() -> MutexGuard<'static, Builder> {
    let make = || {
        let mut builder = Builder::new_multi_thread();
        builder.thread_name("ossup").thread_stack_size(thread::STACK).on_thread_start(begin_thread).enable_all();
        Mutex::new(builder)
    };
    BUILDER.get_or_init(make).lock().unwrap_or_else(PoisonError::into_inner)
}

fn begin_thread() {
    sys::block_signals();
    panics::all_caught_here();
}

fn workers() -> MutexGuard<'static, Workers> {
    WORKERS.lock().unwrap_or_else(PoisonError::into_inner)
}
