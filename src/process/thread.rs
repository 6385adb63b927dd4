//! Threads of our own: named, and deaf to the host's signals from birth.

use super::fork;
use crate::error::{Error, Kind, Result};
use crate::sys;
use std::thread;

/// Starts a thread that nobody joins.
pub(super) fn spawn(name: &str, body: impl FnOnce() + Send + 'static) -> Result<()> {
    fork::mark();
    let start = || thread::Builder::new().name(name.to_owned()).spawn(body);
    match sys::with_signals_blocked(start) {
        Ok(_detached) => Ok(()),
        Err(error) => Err(Error::io(Kind::NoResources, format!("the thread {name} cannot be started"), error)),
    }
}
