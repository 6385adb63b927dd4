//! `ossup_upload`: one upload, running or over.

use super::callback::{listen, ossup_complete_fn, ossup_progress_fn};
use super::client::ossup_client;
use super::error::ossup_error;
use super::guard::{give, guard, guard_or, guard_with, release, required, timeout};
use super::lent::lent_for_a_call;
use super::progress::{fill, ossup_progress};
use super::queue::{QueueObserver, ossup_queue};
use super::request::ossup_request;
use super::result::ossup_result;
use super::resume_token::ossup_resume_token;
use super::status::ossup_status;
use super::user_data::ossup_release_fn;
use crate::engine::handle::Upload;
use crate::error::{Error, Kind, Result};
use crate::process::orphan;
use std::ffi::c_void;
use std::mem::MaybeUninit;
use std::sync::Arc;

/// One upload. Any thread.
///
/// What stops it, and what stays:
///
/// ```text
/// call or event              on the server       record     status                   the same request again
/// ossup_upload_pause         parts stay          stays      OSSUP_PAUSED             goes on
/// the request's deadline     parts stay          stays      OSSUP_DEADLINE_EXCEEDED  goes on
/// ossup_upload_abort         aborted             deleted    OSSUP_ABORTED            begins anew
/// an error, with a record    parts stay          stays      the error's              goes on
/// an error, without one      aborted             -          the error's              begins anew
/// SOURCE_CHANGED or          aborted             deleted    the error's              begins anew
///   ALREADY_EXISTS
/// ossup_shutdown,            parts stay with a   stays      OSSUP_PAUSED             goes on; without a record begins anew
///   ossup_client_shutdown    record or a token
/// the process is killed      parts stay          stays      -                        goes on; without a record begins anew
/// ossup_upload_free          -                   -          unchanged                -
/// the last one of a stream   aborted, or stays   stays      OSSUP_PAUSED             goes on; without a record begins anew
///   that was not finished      with a token
/// ```
///
/// A pause without a record keeps the parts for a resume token. What nobody has a token of when the upload's last handle and
/// result are freed is aborted then, in the background: both shutdowns wait for that. What somebody has a token of is kept,
/// also after another error than these two: its owner goes on from it, or aborts it. So is what a resume token or
/// ossup_request_set_recover led to, as it was there before. Both verbs lose against an upload that completes first. Once
/// an upload is over, nothing of it is in flight.
pub struct ossup_upload {
    upload: Upload,
}

impl ossup_upload {
    pub(super) fn new(upload: Upload) -> Self {
        Self { upload }
    }
}

/// The upload, unless it was left behind in a parent.
fn alive(upload: Option<&ossup_upload>) -> Result<&Upload> {
    let upload = required("upload", upload)?;
    orphan::refuse()?;
    Ok(&upload.upload)
}

/// Makes an upload of a client's and a copy of the request. Nothing happens before ossup_upload_start.
///
/// Errors: OSSUP_INVALID_ARGUMENT when a parameter is missing or was refused.
#[unsafe(no_mangle)]
pub extern "C" fn ossup_upload_new(
    client: Option<&ossup_client>,
    request: Option<&ossup_request>,
    out: Option<&mut MaybeUninit<Option<Box<ossup_upload>>>>,
    error: Option<&mut MaybeUninit<Option<Box<ossup_error>>>>,
) -> ossup_status {
    guard_with(error, || {
        let out = required("out", out)?;
        let client = required("client", client)?;
        orphan::refuse()?;
        let upload = client.client().upload(required("request", request)?.value()?)?;
        give(out, ossup_upload { upload });
        Ok(())
    })
}

/// Has functions called with the upload's progress and its end. Before the start, as often as one likes.
///
/// They run on the library's callback thread, one at a time, in the order progress, complete, release. Any call but
/// ossup_upload_wait, ossup_client_upload_file, both shutdowns and an ossup_upload_write that has to wait may be made in them.
/// They must not unwind: an exception or a longjmp out of them ends the process, or worse.
/// on_progress, on_complete, release: each may be NULL.
/// user_data: given to each of them. It is the library's as soon as this returns OSSUP_OK, until release is called,
/// which happens exactly once, also when the upload is never started.
/// Errors: OSSUP_INVALID_STATE after the start, OSSUP_NO_RESOURCES.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ossup_upload_set_listener(
    upload: Option<&ossup_upload>,
    on_progress: ossup_progress_fn,
    on_complete: ossup_complete_fn,
    user_data: *mut c_void,
    release: ossup_release_fn,
) -> ossup_status {
    guard(|| listen(alive(upload)?, on_progress, on_complete, user_data, release))
}

/// Has events of the upload put into a queue, each with the tag. Before the start, as often as one likes.
///
/// Errors: OSSUP_INVALID_STATE after the start.
#[unsafe(no_mangle)]
pub extern "C" fn ossup_upload_set_queue(
    upload: Option<&ossup_upload>,
    queue: Option<&ossup_queue>,
    tag: u64,
) -> ossup_status {
    guard(|| {
        let upload = alive(upload)?;
        upload.observe(Arc::new(QueueObserver::new(required("queue", queue)?, upload, tag)))
    })
}

/// Begins, or goes on where an earlier upload of the same request was stopped. Returns at once: what goes wrong later
/// is the upload's status. An upload is started once; go on with a new one of the same request, which waits for a
/// paused predecessor that has not quite ended.
///
/// Errors: OSSUP_INVALID_STATE when it was started before, OSSUP_SHUT_DOWN, OSSUP_FORKED, OSSUP_NO_RESOURCES.
#[unsafe(no_mangle)]
pub extern "C" fn ossup_upload_start(
    upload: Option<&ossup_upload>,
    error: Option<&mut MaybeUninit<Option<Box<ossup_error>>>>,
) -> ossup_status {
    guard_with(error, || alive(upload)?.start())
}

/// Waits until the upload is over and its complete and release functions have returned.
///
/// timeout_ms: 0 only asks, negative waits for ever.
/// Returns the upload's status. Errors of the wait itself: OSSUP_TIMED_OUT, OSSUP_INVALID_STATE before the start,
/// OSSUP_WOULD_DEADLOCK in a callback, OSSUP_FORKED.
#[unsafe(no_mangle)]
pub extern "C" fn ossup_upload_wait(
    upload: Option<&ossup_upload>,
    timeout_ms: i64,
    error: Option<&mut MaybeUninit<Option<Box<ossup_error>>>>,
) -> ossup_status {
    guard_with(error, || {
        let finished = alive(upload)?.wait(timeout(timeout_ms))?;
        let finished = finished.ok_or_else(|| Error::new(Kind::TimedOut, "the upload is not over yet"))?;
        finished.outcome.error.clone().map_or(Ok(()), Err)
    })
}

/// Pushes bytes into an upload of a stream, which was started, and waits until all of them were taken: there is room for so
/// many parts, see ossup_request_set_upload_stream, once it is the upload's turn by ossup_config_set_max_uploads. Any thread,
/// one at a time. A host that has no thread to wait in pushes with timeout 0, and the rest at the upload's next
/// OSSUP_EVENT_WRITABLE, which a queue tells of: see ossup_upload_set_queue.
///
/// bytes, length: length 0 disregards bytes. They are copied.
/// timeout_ms: how long room is waited for; 0 takes what there is room for, negative waits for as long as the upload goes on.
/// written: NULL, or a place for how many bytes were taken, written also on failure.
/// Errors: OSSUP_TIMED_OUT when there was no room for all in time: the rest may be pushed later. OSSUP_WOULD_DEADLOCK in a
/// callback, where it would have to wait. OSSUP_INVALID_STATE before the start, after ossup_upload_finish, while another thread
/// writes, and when the source is no stream. OSSUP_NO_RESOURCES when there is no
/// memory for another part. Otherwise the upload's own error, as soon as it fails or is stopped: OSSUP_PAUSED and OSSUP_ABORTED
/// at once. Bytes beyond the stream's size, or a part beyond the 10000th, are OSSUP_INVALID_ARGUMENT, with which the upload fails,
/// too.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ossup_upload_write(
    upload: Option<&ossup_upload>,
    bytes: *const c_void,
    length: usize,
    timeout_ms: i64,
    written: Option<&mut MaybeUninit<usize>>,
    error: Option<&mut MaybeUninit<Option<Box<ossup_error>>>>,
) -> ossup_status {
    guard_with(error, || {
        let written = written.map(|written| written.write(0));
        let upload = alive(upload)?;
        // SAFETY: the caller promises so many bytes that stay as they are during the call.
        let bytes = unsafe { lent_for_a_call(bytes, length) }?;
        let (taken, result) = upload.write(bytes, timeout(timeout_ms));
        if let Some(written) = written {
            *written = taken;
        }
        result
    })
}

/// Says that a stream is complete. Only then its object is made: what nobody finishes is no object. Returns at once. When the
/// last handle of the upload is freed without it, the upload is paused, and without a record or a token nothing of it is left.
/// Any thread, as often as one likes.
///
/// Errors: OSSUP_INVALID_ARGUMENT when fewer bytes were pushed than the stream was to have, with which the upload fails, too;
/// OSSUP_INVALID_STATE before the start, while a thread writes, and when the source is no stream; the upload's own error when
/// it has failed or was stopped.
#[unsafe(no_mangle)]
pub extern "C" fn ossup_upload_finish(
    upload: Option<&ossup_upload>,
    error: Option<&mut MaybeUninit<Option<Box<ossup_error>>>>,
) -> ossup_status {
    guard_with(error, || alive(upload)?.finish())
}

/// Sets how many bytes of its file a second the upload may send from now on, parts that are under way included: as
/// ossup_request_set_bandwidth_limit does for the beginning. Before the start or later; any thread, also in callbacks.
///
/// bytes_per_second: at least 1024; 0 is no cap.
/// Errors: OSSUP_INVALID_ARGUMENT, OSSUP_FORKED.
#[unsafe(no_mangle)]
pub extern "C" fn ossup_upload_set_bandwidth_limit(
    upload: Option<&ossup_upload>,
    bytes_per_second: u64,
) -> ossup_status {
    guard(|| alive(upload)?.set_bandwidth_limit(bytes_per_second))
}

/// Reads how far the upload is.
///
/// progress: its struct_size is set to sizeof(ossup_progress).
/// Errors: OSSUP_INVALID_ARGUMENT when it is not, OSSUP_FORKED.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ossup_upload_progress(
    upload: Option<&ossup_upload>,
    progress: *mut ossup_progress,
) -> ossup_status {
    guard(|| {
        let upload = alive(upload)?;
        // SAFETY: the caller promises NULL or a struct of the size that it says.
        unsafe { fill(progress, upload.progress()) }
    })
}

/// Stops the upload and keeps what there is, so that the same request can go on. Returns at once; an upload whose last
/// request is under way waits for its answer, for as long as the idle timeout.
///
/// Errors: OSSUP_INVALID_STATE before the start.
#[unsafe(no_mangle)]
pub extern "C" fn ossup_upload_pause(upload: Option<&ossup_upload>) -> ossup_status {
    guard(|| alive(upload)?.pause())
}

/// Stops the upload and leaves nothing, neither on the server nor here. Returns at once; what could not be taken off the
/// server within some seconds is named in the result's warning.
///
/// Errors: OSSUP_INVALID_STATE before the start.
#[unsafe(no_mangle)]
pub extern "C" fn ossup_upload_abort(upload: Option<&ossup_upload>) -> ossup_status {
    guard(|| alive(upload)?.abort())
}

/// Returns whether the upload is over. False for NULL.
#[unsafe(no_mangle)]
pub extern "C" fn ossup_upload_is_done(upload: Option<&ossup_upload>) -> bool {
    guard_or(false, || alive(upload).is_ok_and(Upload::is_done))
}

/// Makes a result of an upload that is over, whatever its status.
///
/// Errors: OSSUP_INVALID_STATE when it is not over.
#[unsafe(no_mangle)]
pub extern "C" fn ossup_upload_result(
    upload: Option<&ossup_upload>,
    out: Option<&mut MaybeUninit<Option<Box<ossup_result>>>>,
) -> ossup_status {
    guard(|| {
        let out = required("out", out)?;
        let finished = alive(upload)?.finished();
        let finished = finished.ok_or_else(|| Error::new(Kind::InvalidState, "the upload is not over yet"))?;
        give(out, ossup_result::new(&finished));
        Ok(())
    })
}

/// Makes a token of what the upload has sent by now, with which it can go on elsewhere, or without a record: at any time from
/// the opening of the multipart upload to its end, and after a pause or an error that leaves something to go on from. From
/// then on what the server has is kept, also when the upload is paused or fails, until the token's owner goes on or aborts
/// it; ossup_upload_abort and a completion make the token void.
///
/// Errors: OSSUP_INVALID_STATE while there is nothing on the server yet, or nothing any more, and for a stream of unknown size.
#[unsafe(no_mangle)]
pub extern "C" fn ossup_upload_resume_token(
    upload: Option<&ossup_upload>,
    out: Option<&mut MaybeUninit<Option<Box<ossup_resume_token>>>>,
    error: Option<&mut MaybeUninit<Option<Box<ossup_error>>>>,
) -> ossup_status {
    guard_with(error, || {
        let out = required("out", out)?;
        give(out, ossup_resume_token::new(alive(upload)?.resume_token()?));
        Ok(())
    })
}

/// Makes another handle of the same upload, to be freed like the first.
///
/// Errors: OSSUP_FORKED.
#[unsafe(no_mangle)]
pub extern "C" fn ossup_upload_ref(
    upload: Option<&ossup_upload>,
    out: Option<&mut MaybeUninit<Option<Box<ossup_upload>>>>,
) -> ossup_status {
    guard(|| {
        let out = required("out", out)?;
        give(out, ossup_upload { upload: alive(upload)?.clone() });
        Ok(())
    })
}

/// Frees a handle. A running upload runs on; pause or abort it first if it should not. One of a stream that was not finished
/// stops with its last handle, as nobody can push the rest. NULL is nothing.
#[unsafe(no_mangle)]
pub extern "C" fn ossup_upload_free(upload: Option<Box<ossup_upload>>) {
    release(upload);
}
