//! A fork's child has our memory but not our threads, and perhaps our locks, held by nobody.

use crate::error::{Error, Kind, Result};
use std::sync::atomic::{AtomicU32, Ordering};

/// The process that started our first thread; 0 before that, when a fork does no harm.
static OWNER: AtomicU32 = AtomicU32::new(0);

/// Says that threads are about to be started here.
pub(super) fn mark() {
    let _first_owner = OWNER.compare_exchange(0, std::process::id(), Ordering::AcqRel, Ordering::Acquire);
}

/// Whether our threads were left behind in a parent: nothing may be used, and not even dropped.
pub fn is_child() -> bool {
    let owner = OWNER.load(Ordering::Acquire);
    owner != 0 && owner != std::process::id()
}

/// Refuses to go on in such a child.
pub fn refuse_child() -> Result<()> {
    if is_child() {
        return Err(Error::new(Kind::Forked, "the library is in use by the process that this one is a fork of"));
    }
    Ok(())
}
