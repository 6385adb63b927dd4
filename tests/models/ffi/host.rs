//! A host that listens, and notes what it hears.

use super::callback;
use super::progress::ossup_progress;
use super::status::ossup_status;
use super::upload::ossup_upload;
use crate::engine::handle::Upload;
use crate::error::Result;
use crate::process::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::ffi::c_void;
use std::sync::Arc;

/// What was heard. The counts are relaxed: whoever reads the right ones was really told so.
#[derive(Default)]
pub struct Heard {
    progress: AtomicU32,
    complete: AtomicU32,
    release: AtomicU32,
    status: AtomicU32,
}

impl Heard {
    /// Listens to an upload.
    pub fn listen(self: &Arc<Self>, upload: &Upload) -> Result<()> {
        let user_data = Arc::as_ptr(self).cast_mut().cast();
        callback::listen(upload, Some(on_progress), Some(on_complete), user_data, Some(on_release))
    }

    /// How often complete and release ran.
    pub fn ends(&self) -> (u32, u32) {
        (self.complete.load(Relaxed), self.release.load(Relaxed))
    }

    /// What progress was told last.
    pub fn progress(&self) -> u32 {
        self.progress.load(Relaxed)
    }

    /// What complete was told.
    pub fn status(&self) -> u32 {
        self.status.load(Relaxed)
    }
}

fn heard<'a>(user_data: *mut c_void) -> &'a Heard {
    // SAFETY: each model keeps what it listens with until all of its threads have ended.
    unsafe { &*user_data.cast::<Heard>() }
}

unsafe extern "C" fn on_progress(_: *mut ossup_upload, progress: *const ossup_progress, user_data: *mut c_void) {
    let heard = heard(user_data);
    assert_eq!(heard.ends(), (0, 0), "progress after the end");
    // SAFETY: it is lent for the call.
    heard.progress.store(unsafe { &*progress }.0, Relaxed);
}

unsafe extern "C" fn on_complete(_: *mut ossup_upload, status: ossup_status, user_data: *mut c_void) {
    let heard = heard(user_data);
    assert_eq!(heard.ends(), (0, 0), "complete again, or after release");
    heard.status.store(status as u32, Relaxed);
    heard.complete.fetch_add(1, Relaxed);
}

unsafe extern "C" fn on_release(user_data: *mut c_void) {
    let heard = heard(user_data);
    assert_eq!(heard.release.fetch_add(1, Relaxed), 0, "released again");
}
