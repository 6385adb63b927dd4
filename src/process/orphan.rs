//! An orphan has our memory but not our threads, and perhaps our locks, held by nobody: a fork's child, or a process of
//! Windows' that ends, where destructors run when all threads but their own are gone.

use crate::error::{Error, Kind, Result};
use crate::sys;
use std::sync::atomic::{AtomicU32, Ordering};

/// The process that started our first thread; 0 before that, when a fork does no harm.
static OWNER: AtomicU32 = AtomicU32::new(0);

/// Says that threads are about to be started here.
pub(super) fn mark() {
    let _first_owner = OWNER.compare_exchange(0, std::process::id(), Ordering::AcqRel, Ordering::Acquire);
}

/// Whether our threads are not here: nothing may be used, and not even dropped.
pub fn is_one() -> bool {
    is_child() || sys::is_process_ending()
}

/// Refuses to go on without them.
pub fn refuse() -> Result<()> {
    if is_child() {
        return Err(Error::new(Kind::Forked, "the library is in use by the process that this one is a fork of"));
    }
    if sys::is_process_ending() {
        return Err(Error::new(Kind::ShutDown, "the process is ending, and the library's threads are gone"));
    }
    Ok(())
}

fn is_child() -> bool {
    let owner = OWNER.load(Ordering::Acquire);
    owner != 0 && owner != std::process::id()
}
