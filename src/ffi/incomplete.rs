//! `ossup_incomplete_uploads`: what waits on the server to be gone on with, or to be paid for.

use super::client::ossup_client;
use super::error::ossup_error;
use super::guard::{give, guard_or, guard_with, release, required};
use super::status::ossup_status;
use super::text::{optional_text, owned, pointer, text};
use crate::process::orphan;
use std::ffi::{CString, c_char};
use std::mem::MaybeUninit;
use std::time::Duration;

/// Incomplete uploads of a bucket, by key. Immutable; any thread. Text lives as long as it.
pub struct ossup_incomplete_uploads {
    uploads: Vec<Incomplete>,
}

struct Incomplete {
    key: CString,
    upload_id: CString,
    initiated: i64,
}

fn string(
    uploads: Option<&ossup_incomplete_uploads>,
    index: usize,
    read: impl FnOnce(&Incomplete) -> &CString,
) -> *const c_char {
    guard_or(std::ptr::null(), || pointer(uploads.and_then(|uploads| uploads.uploads.get(index)).map(read)))
}

/// Asks for the incomplete uploads of a bucket and waits for the answer. The key needs the permission to list them.
///
/// prefix: NULL, or what the keys begin with.
/// older_than_s: only those that were opened at least so many seconds ago, by the server's clock; 0 for all.
/// Errors: OSSUP_INVALID_ARGUMENT, OSSUP_ACCESS_DENIED, OSSUP_NO_SUCH_BUCKET and those of the network.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ossup_client_list_incomplete_uploads(
    client: Option<&ossup_client>,
    bucket_name: *const c_char,
    prefix: *const c_char,
    older_than_s: u64,
    out: Option<&mut MaybeUninit<Option<Box<ossup_incomplete_uploads>>>>,
    error: Option<&mut MaybeUninit<Option<Box<ossup_error>>>>,
) -> ossup_status {
    guard_with(error, || {
        let out = required("out", out)?;
        let client = required("client", client)?;
        // SAFETY: the caller promises NULL or a NUL-terminated string.
        let bucket = unsafe { text("BucketName", bucket_name) }?;
        // SAFETY: the caller promises NULL or a NUL-terminated string.
        let prefix = unsafe { optional_text("prefix", prefix) }?.unwrap_or_default();
        orphan::refuse()?;
        let found = client.client().incomplete_uploads(bucket, prefix, Duration::from_secs(older_than_s))?;
        let uploads = found.into_iter().map(|upload| Incomplete {
            key: owned(upload.key),
            upload_id: owned(upload.upload_id),
            initiated: upload.initiated.unwrap_or(0),
        });
        give(out, ossup_incomplete_uploads { uploads: uploads.collect() });
        Ok(())
    })
}

/// Gives up one incomplete upload and waits for the answer: its parts are gone then, and so is what a record or a token
/// says of it. One that is gone already is no error. Do not do it to an upload that runs.
///
/// Errors: OSSUP_INVALID_ARGUMENT, OSSUP_ACCESS_DENIED, OSSUP_NO_SUCH_BUCKET and those of the network.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ossup_client_abort_incomplete_upload(
    client: Option<&ossup_client>,
    bucket_name: *const c_char,
    key: *const c_char,
    upload_id: *const c_char,
    error: Option<&mut MaybeUninit<Option<Box<ossup_error>>>>,
) -> ossup_status {
    guard_with(error, || {
        let client = required("client", client)?;
        // SAFETY: the caller promises NULL or a NUL-terminated string.
        let bucket = unsafe { text("BucketName", bucket_name) }?;
        // SAFETY: the caller promises NULL or a NUL-terminated string.
        let key = unsafe { text("Key", key) }?;
        // SAFETY: the caller promises NULL or a NUL-terminated string.
        let upload_id = unsafe { text("upload id", upload_id) }?;
        orphan::refuse()?;
        client.client().abort_upload(bucket, key, upload_id)
    })
}

/// Returns how many uploads there are. 0 for NULL.
#[unsafe(no_mangle)]
pub extern "C" fn ossup_incomplete_uploads_count(uploads: Option<&ossup_incomplete_uploads>) -> usize {
    guard_or(0, || uploads.map_or(0, |uploads| uploads.uploads.len()))
}

/// Returns the name of the object that an upload, from 0, was to make; NULL beyond the last.
#[unsafe(no_mangle)]
pub extern "C" fn ossup_incomplete_uploads_key(
    uploads: Option<&ossup_incomplete_uploads>,
    index: usize,
) -> *const c_char {
    string(uploads, index, |upload| &upload.key)
}

/// Returns OSS's id of an upload, from 0; NULL beyond the last.
#[unsafe(no_mangle)]
pub extern "C" fn ossup_incomplete_uploads_upload_id(
    uploads: Option<&ossup_incomplete_uploads>,
    index: usize,
) -> *const c_char {
    string(uploads, index, |upload| &upload.upload_id)
}

/// Returns when an upload, from 0, was opened, in seconds since 1970 by the server's clock; 0 when that is not known.
#[unsafe(no_mangle)]
pub extern "C" fn ossup_incomplete_uploads_initiated(uploads: Option<&ossup_incomplete_uploads>, index: usize) -> i64 {
    guard_or(0, || uploads.and_then(|uploads| uploads.uploads.get(index)).map_or(0, |upload| upload.initiated))
}

/// Frees a list. NULL is nothing.
#[unsafe(no_mangle)]
pub extern "C" fn ossup_incomplete_uploads_free(uploads: Option<Box<ossup_incomplete_uploads>>) {
    release(uploads);
}
