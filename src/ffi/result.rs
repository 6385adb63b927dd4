//! `ossup_result`: what a finished upload did, success or not.

use super::error::ossup_error;
use super::guard::{give, guard, guard_or, release, required};
use super::resume_token::ossup_resume_token;
use super::status::ossup_status;
use super::text::{owned, owned_path, pointer};
#[cfg(windows)]
use super::text::{owned_path_w, pointer_w, wchar_t};
use crate::engine::live::Finished;
use crate::error::{Error, Kind};
use crate::process::orphan;
use std::ffi::{CString, c_char};
use std::mem::MaybeUninit;
use std::sync::Arc;

/// What a finished upload did, success or not. Immutable; any thread. Text and bytes live as long as it.
pub struct ossup_result {
    finished: Arc<Finished>,
    error: Option<Error>,
    resumed: bool,
    resumable: bool,
    confirmed_by_probe: bool,
    parts: Counts<u32>,
    bytes: Counts<u64>,
    retries: u32,
    crc64: u64,
    elapsed_ms: u64,
    reason: CString,
    etag: Option<CString>,
    version_id: Option<CString>,
    request_id: Option<CString>,
    upload_id: Option<CString>,
    warning: Option<CString>,
    checkpoint_file: Option<CString>,
    #[cfg(windows)]
    checkpoint_file_w: Option<Box<[wchar_t]>>,
    callback_body: Option<Vec<u8>>,
}

struct Counts<T> {
    total: T,
    reused: T,
    sent: T,
}

impl ossup_result {
    pub(super) fn new(finished: &Arc<Finished>) -> Self {
        let outcome = &finished.outcome;
        let text = |text: &Option<String>| text.as_deref().map(owned);
        Self {
            finished: Arc::clone(finished),
            error: outcome.error.clone(),
            resumed: outcome.resumed,
            resumable: outcome.resumable,
            confirmed_by_probe: outcome.confirmed_by_probe,
            parts: Counts { total: outcome.parts_total, reused: outcome.parts_reused, sent: outcome.parts_sent },
            bytes: Counts { total: outcome.bytes_total, reused: outcome.bytes_reused, sent: outcome.bytes_sent },
            retries: finished.retries,
            crc64: outcome.crc64.unwrap_or(0),
            elapsed_ms: u64::try_from(finished.elapsed.as_millis()).unwrap_or(u64::MAX),
            reason: owned(outcome.reason.map_or("", |reason| reason.name())),
            etag: text(&outcome.etag),
            version_id: text(&outcome.version_id),
            request_id: text(&outcome.request_id),
            upload_id: text(&outcome.upload_id),
            warning: (!outcome.warnings.is_empty()).then(|| owned(outcome.warnings.join("; "))),
            checkpoint_file: finished.checkpoint_file.as_deref().map(owned_path),
            #[cfg(windows)]
            checkpoint_file_w: finished.checkpoint_file.as_deref().map(owned_path_w),
            callback_body: outcome.callback_body.clone(),
        }
    }
}

fn number<T: Default>(result: Option<&ossup_result>, read: impl FnOnce(&ossup_result) -> T) -> T {
    guard_or(T::default(), || result.map(read).unwrap_or_default())
}

fn string(result: Option<&ossup_result>, read: impl FnOnce(&ossup_result) -> Option<&CString>) -> *const c_char {
    guard_or(std::ptr::null(), || pointer(result.and_then(read)))
}

/// Returns the upload's status. OSSUP_INVALID_ARGUMENT for NULL.
#[unsafe(no_mangle)]
pub extern "C" fn ossup_result_status(result: Option<&ossup_result>) -> ossup_status {
    guard_or(ossup_status::OSSUP_INTERNAL, || match result {
        None => ossup_status::OSSUP_INVALID_ARGUMENT,
        Some(result) => result.error.as_ref().map_or(ossup_status::OSSUP_OK, |error| error.kind().into()),
    })
}

/// Makes an error of why the upload is no success; NULL is written when it is one. Errors: none but for a NULL.
#[unsafe(no_mangle)]
pub extern "C" fn ossup_result_error(
    result: Option<&ossup_result>,
    out: Option<&mut MaybeUninit<Option<Box<ossup_error>>>>,
) -> ossup_status {
    guard(|| {
        let out = required("out", out)?;
        match &required("result", result)?.error {
            Some(error) => give(out, ossup_error::new(error)),
            None => {
                out.write(None);
            }
        }
        Ok(())
    })
}

/// Returns whether the upload went on where an earlier run was stopped.
#[unsafe(no_mangle)]
pub extern "C" fn ossup_result_is_resumed(result: Option<&ossup_result>) -> bool {
    number(result, |result| result.resumed)
}

/// Returns why the upload began anew although there was something to go on from: "SOURCE_CHANGED",
/// "OPTIONS_CHANGED", "RECORD_DAMAGED", "UPLOAD_GONE" or "PARTS_REJECTED"; "" when it did not. NULL for NULL.
#[unsafe(no_mangle)]
pub extern "C" fn ossup_result_reason(result: Option<&ossup_result>) -> *const c_char {
    string(result, |result| Some(&result.reason))
}

/// Returns whether the upload can go on from here: by the same request where a record was kept, else by a resume token.
#[unsafe(no_mangle)]
pub extern "C" fn ossup_result_is_resumable(result: Option<&ossup_result>) -> bool {
    number(result, |result| result.resumable)
}

/// Returns whether the answer to the last request was lost and the object was found to be there. What an application
/// server answered to the callback is not known then.
#[unsafe(no_mangle)]
pub extern "C" fn ossup_result_is_confirmed_by_probe(result: Option<&ossup_result>) -> bool {
    number(result, |result| result.confirmed_by_probe)
}

/// Returns how many parts there are; 0 for an empty file, which is sent in one request.
#[unsafe(no_mangle)]
pub extern "C" fn ossup_result_parts_total(result: Option<&ossup_result>) -> u32 {
    number(result, |result| result.parts.total)
}

/// Returns how many parts an earlier run had sent.
#[unsafe(no_mangle)]
pub extern "C" fn ossup_result_parts_reused(result: Option<&ossup_result>) -> u32 {
    number(result, |result| result.parts.reused)
}

/// Returns how many parts this run sent.
#[unsafe(no_mangle)]
pub extern "C" fn ossup_result_parts_sent(result: Option<&ossup_result>) -> u32 {
    number(result, |result| result.parts.sent)
}

/// Returns the file's size.
#[unsafe(no_mangle)]
pub extern "C" fn ossup_result_bytes_total(result: Option<&ossup_result>) -> u64 {
    number(result, |result| result.bytes.total)
}

/// Returns the bytes of the parts that an earlier run had sent.
#[unsafe(no_mangle)]
pub extern "C" fn ossup_result_bytes_reused(result: Option<&ossup_result>) -> u64 {
    number(result, |result| result.bytes.reused)
}

/// Returns the bytes of the parts that this run sent.
#[unsafe(no_mangle)]
pub extern "C" fn ossup_result_bytes_sent(result: Option<&ossup_result>) -> u64 {
    number(result, |result| result.bytes.sent)
}

/// Returns how many requests were tried again.
#[unsafe(no_mangle)]
pub extern "C" fn ossup_result_retries(result: Option<&ossup_result>) -> u32 {
    number(result, |result| result.retries)
}

/// Returns the object's ETag, in OSS's quotes; NULL when there is no object, or none was told.
#[unsafe(no_mangle)]
pub extern "C" fn ossup_result_etag(result: Option<&ossup_result>) -> *const c_char {
    string(result, |result| result.etag.as_ref())
}

/// Returns the object's CRC-64 (ECMA-182, as OSS has it); 0 when there is no object.
#[unsafe(no_mangle)]
pub extern "C" fn ossup_result_crc64(result: Option<&ossup_result>) -> u64 {
    number(result, |result| result.crc64)
}

/// Returns the object's version, in buckets that keep versions; NULL elsewhere.
#[unsafe(no_mangle)]
pub extern "C" fn ossup_result_version_id(result: Option<&ossup_result>) -> *const c_char {
    string(result, |result| result.version_id.as_ref())
}

/// Returns OSS's id of the request that made the object, or failed to; NULL when there was none.
#[unsafe(no_mangle)]
pub extern "C" fn ossup_result_request_id(result: Option<&ossup_result>) -> *const c_char {
    string(result, |result| result.request_id.as_ref())
}

/// Returns OSS's id of the multipart upload; NULL when there was none.
#[unsafe(no_mangle)]
pub extern "C" fn ossup_result_upload_id(result: Option<&ossup_result>) -> *const c_char {
    string(result, |result| result.upload_id.as_ref())
}

/// Returns what the application server answered to OSS's callback; NULL when it was not asked or nothing is known.
///
/// length: NULL, or a place for the number of bytes.
#[unsafe(no_mangle)]
pub extern "C" fn ossup_result_callback_body(
    result: Option<&ossup_result>,
    length: Option<&mut MaybeUninit<usize>>,
) -> *const u8 {
    guard_or(std::ptr::null(), || {
        let body = result.and_then(|result| result.callback_body.as_deref());
        if let Some(length) = length {
            length.write(body.map_or(0, <[u8]>::len));
        }
        body.map_or(std::ptr::null(), <[u8]>::as_ptr)
    })
}

/// Returns what went wrong without stopping the upload, in one line; NULL when nothing did.
#[unsafe(no_mangle)]
pub extern "C" fn ossup_result_warning(result: Option<&ossup_result>) -> *const c_char {
    string(result, |result| result.warning.as_ref())
}

/// Returns where the record is, or was; NULL when none was kept.
#[unsafe(no_mangle)]
pub extern "C" fn ossup_result_checkpoint_file(result: Option<&ossup_result>) -> *const c_char {
    string(result, |result| result.checkpoint_file.as_ref())
}

/// As ossup_result_checkpoint_file, in UTF-16: the very name, whereas UTF-8 has U+FFFD for half of a surrogate pair.
#[cfg(windows)]
#[unsafe(no_mangle)]
pub extern "C" fn ossup_result_checkpoint_file_w(result: Option<&ossup_result>) -> *const wchar_t {
    guard_or(std::ptr::null(), || pointer_w(result.and_then(|result| result.checkpoint_file_w.as_deref())))
}

/// Returns how long the upload ran, in milliseconds.
#[unsafe(no_mangle)]
pub extern "C" fn ossup_result_elapsed_ms(result: Option<&ossup_result>) -> u64 {
    number(result, |result| result.elapsed_ms)
}

/// Makes a token with which a paused or failed upload goes on elsewhere, or without a record. What it speaks of stays on the
/// server from then on: see ossup_upload_resume_token.
///
/// Errors: OSSUP_INVALID_STATE when nothing is left to go on from.
#[unsafe(no_mangle)]
pub extern "C" fn ossup_result_resume_token(
    result: Option<&ossup_result>,
    out: Option<&mut MaybeUninit<Option<Box<ossup_resume_token>>>>,
) -> ossup_status {
    guard(|| {
        let out = required("out", out)?;
        let result = required("result", result)?;
        orphan::refuse()?;
        let nothing = || Error::new(Kind::InvalidState, "there is nothing on the server to go on from");
        give(out, ossup_resume_token::new(result.finished.resume_token().ok_or_else(nothing)?));
        Ok(())
    })
}

/// Frees a result. NULL is nothing.
#[unsafe(no_mangle)]
pub extern "C" fn ossup_result_free(result: Option<Box<ossup_result>>) {
    release(result);
}
