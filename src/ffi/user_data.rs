//! The host's data: lent to its functions, and given back exactly once, on the callback thread.

use crate::process::callbacks::Callbacks;
use crate::process::sync::{Mutex, MutexGuard, PoisonError};
use std::ffi::c_void;

/// Gives user data back, exactly once: after this no function is called with it.
pub type ossup_release_fn = Option<unsafe extern "C" fn(user_data: *mut c_void)>;

/// Data that is to be given back.
pub(super) struct UserData(Mutex<Option<Held>>);

struct Held {
    pointer: *mut c_void,
    release: ossup_release_fn,
}

// SAFETY: the host promises that its data may be used on the library's threads, documented at
// ossup_upload_set_listener and ossup_config_add_credentials_provider; we only carry the pointer there.
unsafe impl Send for Held {}

impl Drop for Held {
    fn drop(&mut self) {
        if let Some(release) = self.release {
            // SAFETY: the host gave the function for just this pointer, and a value is dropped once.
            unsafe { release(self.pointer) };
        }
    }
}

impl UserData {
    pub(super) fn new(pointer: *mut c_void, release: ossup_release_fn) -> Self {
        Self(Mutex::new(Some(Held { pointer, release })))
    }

    /// What the host's functions are called with; none once it was given back. No lock is held while they run: they may
    /// call us.
    pub(super) fn pointer(&self) -> Option<*mut c_void> {
        self.held().as_ref().map(|held| held.pointer)
    }

    /// Gives it back now; to be called on the callback thread.
    pub(super) fn give_back(&self) {
        let held = self.held().take();
        drop(held);
    }

    /// Forgets it: it is still the host's.
    pub(super) fn disown(&self) {
        std::mem::forget(self.held().take());
    }

    fn held(&self) -> MutexGuard<'_, Option<Held>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for UserData {
    fn drop(&mut self) {
        let Some(held) = self.held().take() else { return };
        // Where there can be no such thread, here is as good as anywhere.
        match Callbacks::get() {
            Ok(callbacks) => callbacks.run(move || drop(held)),
            Err(_no_thread) => drop(held),
        }
    }
}
