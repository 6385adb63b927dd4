//! The host's functions, called on the one callback thread: progress as it comes, then complete, then release.

use super::progress::ossup_progress;
use super::status::ossup_status;
use super::upload::ossup_upload;
use super::user_data::{UserData, ossup_release_fn};
use crate::engine::handle::{Upload, WeakUpload};
use crate::engine::live::{Observer, Settle};
use crate::error::Result;
use crate::process::callbacks::Callbacks;
use crate::process::panics;
use crate::process::sync::Arc;
use crate::process::sync::atomic::{AtomicBool, Ordering};
use std::ffi::c_void;

/// Is told how far an upload is: on the library's callback thread, at most once per progress interval. Both pointers
/// are lent for the call.
pub type ossup_progress_fn =
    Option<unsafe extern "C" fn(upload: *mut ossup_upload, progress: *const ossup_progress, user_data: *mut c_void)>;

/// Is told, exactly once, that an upload is over: on the library's callback thread, after the last progress. The
/// upload is lent for the call.
pub type ossup_complete_fn =
    Option<unsafe extern "C" fn(upload: *mut ossup_upload, status: ossup_status, user_data: *mut c_void)>;

struct Listener {
    upload: WeakUpload,
    told: Arc<Told>,
}

struct Told {
    callbacks: Callbacks,
    on_progress: ossup_progress_fn,
    on_complete: ossup_complete_fn,
    user_data: UserData,
    /// A progress call is on its way: another one would say nothing new.
    pending: AtomicBool,
}

/// Has the host's functions called. When that is refused, the data is still the host's.
pub(super) fn listen(
    upload: &Upload,
    on_progress: ossup_progress_fn,
    on_complete: ossup_complete_fn,
    user_data: *mut c_void,
    release: ossup_release_fn,
) -> Result<()> {
    let callbacks = Callbacks::get()?;
    let user_data = UserData::new(user_data, release);
    let told = Arc::new(Told { callbacks, on_progress, on_complete, user_data, pending: AtomicBool::new(false) });
    let listener = Listener { upload: upload.downgrade(), told: Arc::clone(&told) };
    upload.observe(Arc::new(listener)).inspect_err(|_| told.user_data.disown())
}

impl Observer for Listener {
    fn progress(&self) {
        if self.told.on_progress.is_none() || self.told.pending.swap(true, Ordering::AcqRel) {
            return;
        }
        let (upload, told) = (self.upload.clone(), Arc::clone(&self.told));
        self.told.callbacks.run(move || {
            told.pending.store(false, Ordering::Release);
            if let Some(upload) = upload.get() {
                told.tell_progress(upload);
            }
        });
    }

    fn complete(&self, settle: Arc<Settle>) {
        let (upload, told) = (self.upload.clone(), Arc::clone(&self.told));
        self.told.callbacks.run(move || {
            if let Some(upload) = upload.get() {
                told.tell_complete(upload);
            }
            told.user_data.give_back();
            drop(settle);
        });
    }
}

impl Told {
    fn tell_progress(&self, upload: Upload) {
        let (Some(on_progress), Some(user_data)) = (self.on_progress, self.user_data.pointer()) else { return };
        panics::may_come("progress");
        let progress = ossup_progress::from(upload.progress());
        let mut lent = ossup_upload::new(upload);
        // SAFETY: the host promises a function of this type; what it is lent outlives the call.
        unsafe { on_progress(&raw mut lent, &raw const progress, user_data) };
    }

    fn tell_complete(&self, upload: Upload) {
        let (Some(on_complete), Some(user_data)) = (self.on_complete, self.user_data.pointer()) else { return };
        // It is called in any case.
        let status = panics::caught(|| status_of(&upload)).unwrap_or(ossup_status::OSSUP_INTERNAL);
        let mut lent = ossup_upload::new(upload);
        // SAFETY: as above.
        unsafe { on_complete(&raw mut lent, status, user_data) };
    }
}

fn status_of(upload: &Upload) -> ossup_status {
    panics::may_come("complete");
    let error = upload.finished().and_then(|finished| finished.outcome.error.as_ref().map(|error| error.kind()));
    error.map_or(ossup_status::OSSUP_OK, ossup_status::from)
}
