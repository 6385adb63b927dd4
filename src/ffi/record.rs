//! `ossup_record`: a record as its keeper sees it, while nothing runs or another process uploads.

use super::error::ossup_error;
use super::guard::{give, guard_or, guard_with, release, required};
use super::status::ossup_status;
use super::text::{owned, owned_path, path, pointer};
#[cfg(windows)]
use super::text::{owned_path_w, path_w, pointer_w, wchar_t};
use crate::world::checkpoint::records::{self, State, Summary};
use std::ffi::{CString, c_char};
use std::mem::MaybeUninit;

/// What a record says.
#[repr(i32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ossup_record_state {
    /// That an upload is about to begin. What is not said is 0 or NULL.
    OSSUP_RECORD_BLANK = 0,
    /// How far an upload is.
    OSSUP_RECORD_UPLOADING = 1,
    /// The same; all parts are there, and the object was about to be made.
    OSSUP_RECORD_COMPLETING = 2,
    /// Nothing that can be read: the next upload begins anew.
    OSSUP_RECORD_DAMAGED = 3,
    /// Something that only a newer version of the library can read.
    OSSUP_RECORD_TOO_NEW = 4,
}

/// A record, as it was when it was read. Immutable; any thread.
pub struct ossup_record {
    state: ossup_record_state,
    path: CString,
    #[cfg(windows)]
    path_w: Box<[wchar_t]>,
    bucket_name: Option<CString>,
    key: Option<CString>,
    upload_id: Option<CString>,
    part_size: u64,
    parts_total: u32,
    parts_confirmed: u32,
    bytes_total: u64,
    bytes_confirmed: u64,
    completing_since: i64,
}

/// All records of a folder, as they were when they were read. Immutable; any thread.
pub struct ossup_record_list {
    records: Vec<ossup_record>,
}

impl ossup_record {
    fn new(summary: &Summary) -> Self {
        let blank = Self {
            state: ossup_record_state::OSSUP_RECORD_BLANK,
            path: owned_path(&summary.path),
            #[cfg(windows)]
            path_w: owned_path_w(&summary.path),
            bucket_name: None,
            key: None,
            upload_id: None,
            part_size: 0,
            parts_total: 0,
            parts_confirmed: 0,
            bytes_total: 0,
            bytes_confirmed: 0,
            completing_since: 0,
        };
        match &summary.state {
            State::Blank => blank,
            State::Damaged => Self { state: ossup_record_state::OSSUP_RECORD_DAMAGED, ..blank },
            State::TooNew => Self { state: ossup_record_state::OSSUP_RECORD_TOO_NEW, ..blank },
            State::Uploading { header, parts, bytes, completing } => Self {
                state: match completing {
                    None => ossup_record_state::OSSUP_RECORD_UPLOADING,
                    Some(_) => ossup_record_state::OSSUP_RECORD_COMPLETING,
                },
                bucket_name: Some(owned(header.bucket.as_str())),
                key: Some(owned(header.key.as_str())),
                upload_id: Some(owned(header.upload_id.as_str())),
                part_size: header.plan.part_size,
                parts_total: header.plan.parts(),
                parts_confirmed: *parts,
                bytes_total: header.plan.size,
                bytes_confirmed: *bytes,
                completing_since: completing.unwrap_or(0),
                ..blank
            },
        }
    }
}

fn number<T: Default>(record: Option<&ossup_record>, read: impl FnOnce(&ossup_record) -> T) -> T {
    guard_or(T::default(), || record.map(read).unwrap_or_default())
}

fn string(record: Option<&ossup_record>, read: impl FnOnce(&ossup_record) -> Option<&CString>) -> *const c_char {
    guard_or(std::ptr::null(), || pointer(record.and_then(read)))
}

/// Reads the record at a path. It is not locked for that: an upload that holds it is not disturbed.
///
/// Errors: OSSUP_CHECKPOINT_FOREIGN when something else is there, OSSUP_CHECKPOINT_UNUSABLE when nothing is there or it
/// cannot be read.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ossup_record_read(
    file: *const c_char,
    out: Option<&mut MaybeUninit<Option<Box<ossup_record>>>>,
    error: Option<&mut MaybeUninit<Option<Box<ossup_error>>>>,
) -> ossup_status {
    guard_with(error, || {
        let out = required("out", out)?;
        // SAFETY: the caller promises NULL or a NUL-terminated string.
        let summary = records::inspect(unsafe { path("CheckpointFile", file) }?)?;
        give(out, ossup_record::new(&summary));
        Ok(())
    })
}

/// As ossup_record_read, by a path in UTF-16. Errors: the same.
#[cfg(windows)]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ossup_record_read_w(
    file: *const wchar_t,
    out: Option<&mut MaybeUninit<Option<Box<ossup_record>>>>,
    error: Option<&mut MaybeUninit<Option<Box<ossup_error>>>>,
) -> ossup_status {
    guard_with(error, || {
        let out = required("out", out)?;
        // SAFETY: the caller promises NULL or a NUL-terminated string.
        let summary = records::inspect(&unsafe { path_w("CheckpointFile", file) }?)?;
        give(out, ossup_record::new(&summary));
        Ok(())
    })
}

/// Deletes the record at a path, unless an upload holds it. What it speaks of stays on the server, to be paid for: read the
/// record first and abort the upload by ossup_client_abort_incomplete_upload.
///
/// Errors: OSSUP_BUSY when an upload holds it, OSSUP_CHECKPOINT_FOREIGN when something else is there, which is left as it is,
/// OSSUP_CHECKPOINT_UNUSABLE when nothing is there or it cannot be deleted.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ossup_record_delete(
    file: *const c_char,
    error: Option<&mut MaybeUninit<Option<Box<ossup_error>>>>,
) -> ossup_status {
    guard_with(error, || {
        // SAFETY: the caller promises NULL or a NUL-terminated string.
        records::delete(unsafe { path("CheckpointFile", file) }?)
    })
}

/// As ossup_record_delete, by a path in UTF-16. Errors: the same.
#[cfg(windows)]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ossup_record_delete_w(
    file: *const wchar_t,
    error: Option<&mut MaybeUninit<Option<Box<ossup_error>>>>,
) -> ossup_status {
    guard_with(error, || {
        // SAFETY: the caller promises NULL or a NUL-terminated string.
        records::delete(&unsafe { path_w("CheckpointFile", file) }?)
    })
}

/// Returns what the record says. OSSUP_RECORD_BLANK for NULL.
#[unsafe(no_mangle)]
pub extern "C" fn ossup_record_get_state(record: Option<&ossup_record>) -> ossup_record_state {
    guard_or(ossup_record_state::OSSUP_RECORD_DAMAGED, || {
        record.map_or(ossup_record_state::OSSUP_RECORD_BLANK, |record| record.state)
    })
}

/// Returns where the record is. NULL for NULL.
#[unsafe(no_mangle)]
pub extern "C" fn ossup_record_path(record: Option<&ossup_record>) -> *const c_char {
    string(record, |record| Some(&record.path))
}

/// As ossup_record_path, in UTF-16: the very name, whereas UTF-8 has U+FFFD for half of a surrogate pair.
#[cfg(windows)]
#[unsafe(no_mangle)]
pub extern "C" fn ossup_record_path_w(record: Option<&ossup_record>) -> *const wchar_t {
    guard_or(std::ptr::null(), || pointer_w(record.map(|record| &*record.path_w)))
}

/// Returns the bucket that the object goes to, or NULL.
#[unsafe(no_mangle)]
pub extern "C" fn ossup_record_bucket_name(record: Option<&ossup_record>) -> *const c_char {
    string(record, |record| record.bucket_name.as_ref())
}

/// Returns the object's name, or NULL.
#[unsafe(no_mangle)]
pub extern "C" fn ossup_record_key(record: Option<&ossup_record>) -> *const c_char {
    string(record, |record| record.key.as_ref())
}

/// Returns OSS's id of the multipart upload, or NULL.
#[unsafe(no_mangle)]
pub extern "C" fn ossup_record_upload_id(record: Option<&ossup_record>) -> *const c_char {
    string(record, |record| record.upload_id.as_ref())
}

/// Returns the size of a part in bytes.
#[unsafe(no_mangle)]
pub extern "C" fn ossup_record_part_size(record: Option<&ossup_record>) -> u64 {
    number(record, |record| record.part_size)
}

/// Returns how many parts there are in all.
#[unsafe(no_mangle)]
pub extern "C" fn ossup_record_parts_total(record: Option<&ossup_record>) -> u32 {
    number(record, |record| record.parts_total)
}

/// Returns how many parts the record knows to be on the server.
#[unsafe(no_mangle)]
pub extern "C" fn ossup_record_parts_confirmed(record: Option<&ossup_record>) -> u32 {
    number(record, |record| record.parts_confirmed)
}

/// Returns the file's size in bytes.
#[unsafe(no_mangle)]
pub extern "C" fn ossup_record_bytes_total(record: Option<&ossup_record>) -> u64 {
    number(record, |record| record.bytes_total)
}

/// Returns how many bytes the record knows to be on the server.
#[unsafe(no_mangle)]
pub extern "C" fn ossup_record_bytes_confirmed(record: Option<&ossup_record>) -> u64 {
    number(record, |record| record.bytes_confirmed)
}

/// Returns the server's time when the object was about to be made, in seconds since 1970; 0 before that.
#[unsafe(no_mangle)]
pub extern "C" fn ossup_record_completing_since(record: Option<&ossup_record>) -> i64 {
    number(record, |record| record.completing_since)
}

/// Frees a record that was read by itself, none of a list. NULL is nothing.
#[unsafe(no_mangle)]
pub extern "C" fn ossup_record_free(record: Option<Box<ossup_record>>) {
    release(record);
}

/// Reads all records of a folder whose names end with ".ucp", by name, and passes over what else is there. Folders in it
/// are not entered, and no record is locked.
///
/// Errors: OSSUP_CHECKPOINT_UNUSABLE when the folder or a record in it cannot be read.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ossup_record_list_read(
    folder: *const c_char,
    out: Option<&mut MaybeUninit<Option<Box<ossup_record_list>>>>,
    error: Option<&mut MaybeUninit<Option<Box<ossup_error>>>>,
) -> ossup_status {
    guard_with(error, || {
        let out = required("out", out)?;
        // SAFETY: the caller promises NULL or a NUL-terminated string.
        let found = records::list(unsafe { path("checkpoint directory", folder) }?)?;
        give(out, ossup_record_list { records: found.iter().map(ossup_record::new).collect() });
        Ok(())
    })
}

/// As ossup_record_list_read, by a path in UTF-16. Errors: the same.
#[cfg(windows)]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ossup_record_list_read_w(
    folder: *const wchar_t,
    out: Option<&mut MaybeUninit<Option<Box<ossup_record_list>>>>,
    error: Option<&mut MaybeUninit<Option<Box<ossup_error>>>>,
) -> ossup_status {
    guard_with(error, || {
        let out = required("out", out)?;
        // SAFETY: the caller promises NULL or a NUL-terminated string.
        let found = records::list(&unsafe { path_w("checkpoint directory", folder) }?)?;
        give(out, ossup_record_list { records: found.iter().map(ossup_record::new).collect() });
        Ok(())
    })
}

/// Returns how many records there are. 0 for NULL.
#[unsafe(no_mangle)]
pub extern "C" fn ossup_record_list_count(list: Option<&ossup_record_list>) -> usize {
    guard_or(0, || list.map_or(0, |list| list.records.len()))
}

/// Returns a record of the list, from 0, which lives as long as the list; NULL beyond its end.
#[unsafe(no_mangle)]
pub extern "C" fn ossup_record_list_get(list: Option<&ossup_record_list>, index: usize) -> Option<&ossup_record> {
    guard_or(None, || list.and_then(|list| list.records.get(index)))
}

/// Frees a list with all its records. NULL is nothing.
#[unsafe(no_mangle)]
pub extern "C" fn ossup_record_list_free(list: Option<Box<ossup_record_list>>) {
    release(list);
}

#[cfg(all(test, windows))]
mod tests {
    use super::*;
    use crate::sys;

    #[test]
    fn a_name_that_is_no_text_is_whole_in_utf_16_and_legible_in_utf_8() {
        let path = sys::path_from_wide(&[u16::from(b'a'), 0xd83d, u16::from(b'b')]);
        let record = ossup_record::new(&Summary { path, state: State::Blank });
        assert_eq!(*record.path_w, [u16::from(b'a'), 0xd83d, u16::from(b'b'), 0]);
        assert_eq!(record.path.to_bytes(), "a\u{fffd}b".as_bytes());
    }
}
