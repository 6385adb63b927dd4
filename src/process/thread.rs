//! Threads of our own: named, and deaf to the host's signals from birth.

use super::{orphan, panics};
use crate::error::{Error, Kind, Result};
use crate::sys;
use once_cell::sync::OnceCell;
use std::io;
use std::sync::Mutex;
use std::thread;

/// As much as is usual. Where it is not said std asks the environment, which a thread of the host's may be changing.
pub(super) const STACK: usize = 2 << 20;

static STAYS_LOADED: OnceCell<()> = OnceCell::new();

/// What must be so before there is any thread of ours.
pub(super) fn prepare() -> Result<()> {
    orphan::mark();
    let stays = STAYS_LOADED.get_or_try_init(sys::stay_loaded);
    stays.map_err(|error| Error::io(Kind::NoResources, "the library cannot be kept in memory", error))?;
    Ok(())
}

/// Finds out whether so many threads can be had at once, for whoever takes a refusal half-way badly.
pub(super) fn rehearse(count: usize) -> io::Result<()> {
    let gate = Mutex::new(());
    thread::scope(|scope| {
        let closed = gate.lock();
        let start = |_| thread::Builder::new().stack_size(STACK).spawn_scoped(scope, || drop(gate.lock()));
        let started: io::Result<Vec<_>> = (0..count).map(start).collect();
        drop(closed);
        started.map(|threads| threads.into_iter().for_each(|thread| drop(thread.join())))
    })
}

/// Starts a thread that nobody joins.
pub(super) fn spawn(name: &str, body: impl FnOnce() + Send + 'static) -> Result<()> {
    prepare()?;
    let body = || {
        panics::all_caught_here();
        body();
    };
    let start = || thread::Builder::new().name(name.to_owned()).stack_size(STACK).spawn(body);
    match sys::with_signals_blocked(start) {
        Ok(_detached) => Ok(()),
        Err(error) => Err(Error::io(Kind::NoResources, format!("the thread {name} cannot be started"), error)),
    }
}
