//! Panics that a test asks for: one, at a place that it names. Not in a library that anybody uses.

use std::sync::{Mutex, MutexGuard, PoisonError};

struct Armed {
    at: String,
    /// How often it is passed by before.
    spared: u32,
}

static ARMED: Mutex<Option<Armed>> = Mutex::new(None);

/// Has a panic come when a place is passed after so many times; the one that was asked for before comes no more.
pub fn arm(at: &str, spared: u32) {
    *armed() = Some(Armed { at: at.to_owned(), spared });
}

/// Whether it has come; if not, it comes no more.
pub fn came() -> bool {
    armed().take().is_none()
}

/// Here it may come.
#[allow(clippy::panic, reason = "this is what it is for")]
pub fn may_come(at: &str) {
    let mut armed = armed();
    let Some(here) = armed.as_mut().filter(|armed| armed.at == at) else { return };
    if here.spared > 0 {
        here.spared -= 1;
        return;
    }
    *armed = None;
    drop(armed);
    panic!("forced in {at}");
}

fn armed() -> MutexGuard<'static, Option<Armed>> {
    ARMED.lock().unwrap_or_else(PoisonError::into_inner)
}
