//! Threads of our own: named, and deaf to the host's signals from birth.

use super::{fork, panics};
use crate::error::{Error, Kind, Result};
use crate::sys;
use once_cell::sync::OnceCell;
use std::thread;

static STAYS_LOADED: OnceCell<()> = OnceCell::new();

/// What must be so before there is any thread of ours.
pub(super) fn prepare() -> Result<()> {
    fork::mark();
    let stays = STAYS_LOADED.get_or_try_init(sys::stay_loaded);
    stays.map_err(|error| Error::io(Kind::NoResources, "the library cannot be kept in memory", error))?;
    Ok(())
}

/// Starts a thread that nobody joins.
pub(super) fn spawn(name: &str, body: impl FnOnce() + Send + 'static) -> Result<()> {
    prepare()?;
    let body = || {
        panics::all_caught_here();
        body();
    };
    let start = || thread::Builder::new().name(name.to_owned()).spawn(body);
    match sys::with_signals_blocked(start) {
        Ok(_detached) => Ok(()),
        Err(error) => Err(Error::io(Kind::NoResources, format!("the thread {name} cannot be started"), error)),
    }
}
