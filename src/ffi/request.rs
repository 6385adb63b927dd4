//! `ossup_request`: what is to be uploaded, and how.

use super::builder::Builder;
use super::guard::{give, guard, guard_or, release, required, timeout};
use super::lent::Lent;
use super::status::ossup_status;
use super::text::{optional_text, path, text};
#[cfg(windows)]
use super::text::{path_w, wchar_t};
use super::user_data::ossup_release_fn;
use crate::engine::request::Request;
use crate::error::Result;
use std::ffi::{c_char, c_void};
use std::mem::MaybeUninit;
use std::time::Duration;

/// The size of a stream that nobody knows yet.
pub const OSSUP_UNKNOWN_SIZE: u64 = u64::MAX;

/// The parameters of one upload. A builder: one thread at a time. A value: uploads copy it, and starting the same
/// request again is how an upload is resumed.
pub struct ossup_request {
    builder: Builder<Request>,
}

impl ossup_request {
    pub(super) fn value(&self) -> Result<&Request> {
        self.builder.value()
    }
}

pub(super) fn set(request: Option<&mut ossup_request>, change: impl FnOnce(&mut Request) -> Result<()>) -> Result<()> {
    required("request", request)?.builder.set(change)
}

/// Makes a request with every parameter at its default.
///
/// Errors: OSSUP_INVALID_ARGUMENT when out is NULL.
#[unsafe(no_mangle)]
pub extern "C" fn ossup_request_new(out: Option<&mut MaybeUninit<Option<Box<ossup_request>>>>) -> ossup_status {
    guard(|| {
        give(required("out", out)?, ossup_request { builder: Builder::default() });
        Ok(())
    })
}

/// Sets the bucket: 3 to 63 lower-case letters, digits and hyphens. Required.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ossup_request_set_bucket_name(
    request: Option<&mut ossup_request>,
    bucket_name: *const c_char,
) -> ossup_status {
    guard(|| {
        set(request, |request| {
            // SAFETY: the caller promises NULL or a NUL-terminated string.
            request.set_bucket_name(unsafe { text("BucketName", bucket_name) }?)
        })
    })
}

/// Sets the object's name: 1 to 1023 bytes of UTF-8, without a leading / or \ and without . or .. between slashes.
/// Required.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ossup_request_set_key(
    request: Option<&mut ossup_request>,
    key: *const c_char,
) -> ossup_status {
    guard(|| {
        set(request, |request| {
            // SAFETY: the caller promises NULL or a NUL-terminated string.
            request.set_key(unsafe { text("Key", key) }?)
        })
    })
}

/// Sets the file to upload: a readable regular file, its path as the operating system spells it. Required, unless
/// ossup_request_set_upload_memory or ossup_request_set_upload_stream is called: of the three, the last call counts. Where a
/// relative path leads, here as in the other setters, is settled by ossup_upload_new.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ossup_request_set_upload_file(
    request: Option<&mut ossup_request>,
    file: *const c_char,
) -> ossup_status {
    guard(|| {
        set(request, |request| {
            // SAFETY: the caller promises NULL or a NUL-terminated string.
            request.set_upload_file(unsafe { path("UploadFile", file) }?)
        })
    })
}

/// As ossup_request_set_upload_file, by a path in UTF-16: any that the system has, also one with half of a surrogate pair.
/// Required, as there.
#[cfg(windows)]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ossup_request_set_upload_file_w(
    request: Option<&mut ossup_request>,
    file: *const wchar_t,
) -> ossup_status {
    guard(|| {
        set(request, |request| {
            // SAFETY: the caller promises NULL or a NUL-terminated string.
            request.set_upload_file(&unsafe { path_w("UploadFile", file) }?)
        })
    })
}

/// Uploads memory instead of a file. It is read where it is and never copied as a whole: it must stay as it is until release
/// is called. A record or a resume token knows nothing of it but its size: whatever an earlier run sent is compared before it
/// counts. A record needs a place that is set, as memory has no name of its own; in a checkpoint_dir its name is made of
/// bucket and key alone. Default: none.
///
/// data, length: so many bytes; length 0 disregards data.
/// user_data, release: release is called with it, exactly once and on the library's callback thread, when the memory is needed
/// no more: when the request has been freed or given another source, and every upload made of it is over, or was freed without
/// a start. Each may be NULL; without release, an upload that is over reads nothing any more. They are the library's as soon
/// as this returns OSSUP_OK.
/// Errors: OSSUP_INVALID_ARGUMENT.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ossup_request_set_upload_memory(
    request: Option<&mut ossup_request>,
    data: *const c_void,
    length: usize,
    user_data: *mut c_void,
    release: ossup_release_fn,
) -> ossup_status {
    guard(|| {
        set(request, |request| {
            request.set_upload_memory(Lent::new(data, length, user_data, release)?);
            Ok(())
        })
    })
}

/// Uploads a stream instead of a file: what is pushed by ossup_upload_write, until ossup_upload_finish. Its parts are held in
/// memory until OSS has confirmed them, so that each can be sent again: at most TaskNum + 1 parts, 65 where TaskNum is 0, beside
/// what ossup_config_set_max_memory is about. Default: none.
///
/// size: its length in bytes, at most 53687091200000, or OSSUP_UNKNOWN_SIZE. With a known size all is as with a file, also
/// records, whose place has to be set, and resume tokens: push the same bytes again from the beginning, and only what OSS
/// lacks, or what differs, is sent. With an unknown size the parts are of the PartSize that is set, or of 8388608 bytes, and
/// there are 10000 at most; a stream of one part goes as one PutObject; records are refused, there is no resume token, and a
/// pause leaves nothing on the server.
/// Errors: OSSUP_INVALID_ARGUMENT. Of ossup_upload_new: the same, with ossup_request_set_recover.
#[unsafe(no_mangle)]
pub extern "C" fn ossup_request_set_upload_stream(request: Option<&mut ossup_request>, size: u64) -> ossup_status {
    guard(|| {
        set(request, |request| request.set_upload_stream(if size == OSSUP_UNKNOWN_SIZE { None } else { Some(size) }))
    })
}

/// Sets how many parts are in flight at a time: 1 to 1000, or 0 to leave it to the library, which sends more for as long as
/// that brings more, 64 at most. Default: 1.
#[unsafe(no_mangle)]
pub extern "C" fn ossup_request_set_task_num(request: Option<&mut ossup_request>, task_num: u32) -> ossup_status {
    guard(|| set(request, |request| request.set_task_num(task_num)))
}

/// Sets the size of a part in bytes: 102400 to 5368709120, or 0 to have it chosen for the file and TaskNum. Default: 102400.
/// It is grown where the file would need more than 10000 parts. For streams of unknown size see
/// ossup_request_set_upload_stream. A resumed upload keeps the size that it began with.
#[unsafe(no_mangle)]
pub extern "C" fn ossup_request_set_part_size(request: Option<&mut ossup_request>, bytes: u64) -> ossup_status {
    guard(|| set(request, |request| request.set_part_size(bytes)))
}

/// Sets whether even a small file is sent in parts. Default: false: a file of one part and at most 104857600 bytes goes as
/// one PutObject, with all options and checks, and without a record. A file of 0 bytes always does.
#[unsafe(no_mangle)]
pub extern "C" fn ossup_request_set_force_multipart(request: Option<&mut ossup_request>, force: bool) -> ossup_status {
    guard(|| {
        set(request, |request| {
            request.set_force_multipart(force);
            Ok(())
        })
    })
}

/// Sets whether a record is kept, so that the same request goes on where it was stopped. Default: false.
#[unsafe(no_mangle)]
pub extern "C" fn ossup_request_set_enable_checkpoint(
    request: Option<&mut ossup_request>,
    enable: bool,
) -> ossup_status {
    guard(|| {
        set(request, |request| {
            request.set_enable_checkpoint(enable);
            Ok(())
        })
    })
}

/// Sets where the record is kept. Default: the file's name with ".ucp" behind it. It is deleted once the object is
/// confirmed. A file that is there and is no record of this upload is left as it is: with a place set here that is
/// an error, without one the record gets another name. A file that cannot be read is an error in either case.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ossup_request_set_checkpoint_file(
    request: Option<&mut ossup_request>,
    file: *const c_char,
) -> ossup_status {
    guard(|| {
        set(request, |request| {
            // SAFETY: the caller promises NULL or a NUL-terminated string.
            request.set_checkpoint_file(unsafe { path("CheckpointFile", file) }?)
        })
    })
}

/// As ossup_request_set_checkpoint_file, by a path in UTF-16. Default: that of ossup_request_set_checkpoint_file.
#[cfg(windows)]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ossup_request_set_checkpoint_file_w(
    request: Option<&mut ossup_request>,
    file: *const wchar_t,
) -> ossup_status {
    guard(|| {
        set(request, |request| {
            // SAFETY: the caller promises NULL or a NUL-terminated string.
            request.set_checkpoint_file(&unsafe { path_w("CheckpointFile", file) }?)
        })
    })
}

/// Sets the folder in which the record is kept, which must be there, under a name that is made of the file's path, the bucket
/// and the key. Default: none; not together with a CheckpointFile.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ossup_request_set_checkpoint_dir(
    request: Option<&mut ossup_request>,
    folder: *const c_char,
) -> ossup_status {
    guard(|| {
        set(request, |request| {
            // SAFETY: the caller promises NULL or a NUL-terminated string.
            request.set_checkpoint_dir(unsafe { path("checkpoint directory", folder) }?)
        })
    })
}

/// As ossup_request_set_checkpoint_dir, by a path in UTF-16. Default: none.
#[cfg(windows)]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ossup_request_set_checkpoint_dir_w(
    request: Option<&mut ossup_request>,
    folder: *const wchar_t,
) -> ossup_status {
    guard(|| {
        set(request, |request| {
            // SAFETY: the caller promises NULL or a NUL-terminated string.
            request.set_checkpoint_dir(&unsafe { path_w("checkpoint directory", folder) }?)
        })
    })
}

/// Sets how long a record is waited for that another upload holds. Default: 0, which fails with OSSUP_BUSY at once; negative
/// waits for ever. In milliseconds. An upload that waits can be paused and aborted.
#[unsafe(no_mangle)]
pub extern "C" fn ossup_request_set_lock_timeout_ms(
    request: Option<&mut ossup_request>,
    timeout_ms: i64,
) -> ossup_status {
    guard(|| {
        set(request, |request| {
            request.set_lock_timeout(timeout(timeout_ms));
            Ok(())
        })
    })
}

/// Sets whether an upload is refused, with OSSUP_CHECKPOINT_UNUSABLE, where the record's file system has no locks. Default:
/// false, which goes on with a warning.
#[unsafe(no_mangle)]
pub extern "C" fn ossup_request_set_require_lock(request: Option<&mut ossup_request>, require: bool) -> ossup_status {
    guard(|| {
        set(request, |request| {
            request.set_require_lock(require);
            Ok(())
        })
    })
}

/// Sets whether what an earlier run sent is read again and compared before it counts; a part that is not what it was is
/// sent again. Default: false, which reads it again only where the file may have changed unseen.
#[unsafe(no_mangle)]
pub extern "C" fn ossup_request_set_verify_reused_parts(
    request: Option<&mut ossup_request>,
    verify: bool,
) -> ossup_status {
    guard(|| {
        set(request, |request| {
            request.set_verify_reused_parts(verify);
            Ok(())
        })
    })
}

/// Sets whether, where no record is found, the server is asked for incomplete uploads of the key. The newest whose first
/// part is this file's, by its CRC-64, is gone on with, under the options that it was opened with; no other is touched. A
/// small file that goes as one PutObject asks for none. Default: false. Without the permission to list, the upload begins
/// anew, with a warning.
#[unsafe(no_mangle)]
pub extern "C" fn ossup_request_set_recover(request: Option<&mut ossup_request>, recover: bool) -> ossup_status {
    guard(|| {
        set(request, |request| {
            request.set_recover(recover);
            Ok(())
        })
    })
}

/// Sets whether the object bears a random stamp in its metadata, x-oss-meta-ossup-stamp, by which it is known for certain to
/// be this upload's when the last answer is lost. An upload that began without one goes on without. Default: false, which
/// goes by size, CRC-64 and time.
#[unsafe(no_mangle)]
pub extern "C" fn ossup_request_set_stamp_object(request: Option<&mut ossup_request>, stamp: bool) -> ossup_status {
    guard(|| {
        set(request, |request| {
            request.set_stamp_object(stamp);
            Ok(())
        })
    })
}

/// Sets a resume token to go on from: the text of ossup_resume_token_text, of an upload of the same file, bucket and key. A
/// record that fits knows more and goes before it, with a warning if it is of another upload. All that is reused is read
/// again. NULL or "" is none, which is the default.
///
/// Errors, by ossup_upload_new: OSSUP_INVALID_ARGUMENT when it is damaged, newer than the library, or of another object. Of
/// the upload: OSSUP_SOURCE_CHANGED when the file has another size, OSSUP_INVALID_ARGUMENT when options of the object differ.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ossup_request_set_resume_token(
    request: Option<&mut ossup_request>,
    token: *const c_char,
) -> ossup_status {
    guard(|| {
        set(request, |request| {
            // SAFETY: the caller promises NULL or a NUL-terminated string.
            request.set_resume_token(unsafe { optional_text("resume token", token) }?.unwrap_or_default());
            Ok(())
        })
    })
}

/// Sets the object's media type, such as "text/plain". Default: by the ending of the file's name, or else of the key's;
/// "application/octet-stream" for endings that are not known.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ossup_request_set_content_type(
    request: Option<&mut ossup_request>,
    content_type: *const c_char,
) -> ossup_status {
    guard(|| {
        set(request, |request| {
            // SAFETY: the caller promises NULL or a NUL-terminated string.
            request.set_content_type(unsafe { text("ContentType", content_type) }?)
        })
    })
}

/// Sets how the object is to be shown or saved, such as "attachment; filename=report.pdf". Visible ASCII: write other
/// names as filename*=UTF-8''%E6%8A%A5.pdf. Default: none.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ossup_request_set_content_disposition(
    request: Option<&mut ossup_request>,
    disposition: *const c_char,
) -> ossup_status {
    guard(|| {
        set(request, |request| {
            // SAFETY: the caller promises NULL or a NUL-terminated string.
            request.set_content_disposition(unsafe { text("ContentDisposition", disposition) }?)
        })
    })
}

/// Sets how the file's bytes are encoded, such as "gzip"; they are sent as they are. Default: none.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ossup_request_set_content_encoding(
    request: Option<&mut ossup_request>,
    encoding: *const c_char,
) -> ossup_status {
    guard(|| {
        set(request, |request| {
            // SAFETY: the caller promises NULL or a NUL-terminated string.
            request.set_content_encoding(unsafe { text("ContentEncoding", encoding) }?)
        })
    })
}

/// Sets the object's language, such as "zh-CN". Default: none.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ossup_request_set_content_language(
    request: Option<&mut ossup_request>,
    language: *const c_char,
) -> ossup_status {
    guard(|| {
        set(request, |request| {
            // SAFETY: the caller promises NULL or a NUL-terminated string.
            request.set_content_language(unsafe { text("ContentLanguage", language) }?)
        })
    })
}

/// Sets how long the object may be kept in caches, such as "max-age=3600". Default: none.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ossup_request_set_cache_control(
    request: Option<&mut ossup_request>,
    control: *const c_char,
) -> ossup_status {
    guard(|| {
        set(request, |request| {
            // SAFETY: the caller promises NULL or a NUL-terminated string.
            request.set_cache_control(unsafe { text("CacheControl", control) }?)
        })
    })
}

/// Sets when cached copies of the object become stale, as a date of HTTP such as "Wed, 08 Jul 2026 16:57:01 GMT".
/// Default: none.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ossup_request_set_expires(
    request: Option<&mut ossup_request>,
    date: *const c_char,
) -> ossup_status {
    guard(|| {
        set(request, |request| {
            // SAFETY: the caller promises NULL or a NUL-terminated string.
            request.set_expires(unsafe { text("Expires", date) }?)
        })
    })
}

/// Sets who may read and write the object: "default", "private", "public-read" or "public-read-write". Default: the
/// bucket's.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ossup_request_set_object_acl(
    request: Option<&mut ossup_request>,
    acl: *const c_char,
) -> ossup_status {
    guard(|| {
        set(request, |request| {
            // SAFETY: the caller promises NULL or a NUL-terminated string.
            request.set_object_acl(unsafe { text("ObjectAcl", acl) }?)
        })
    })
}

/// Sets how the object is stored and billed: "Standard", "IA", "Archive", "ColdArchive" or "DeepColdArchive". Default: the
/// bucket's.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ossup_request_set_storage_class(
    request: Option<&mut ossup_request>,
    storage_class: *const c_char,
) -> ossup_status {
    guard(|| {
        set(request, |request| {
            // SAFETY: the caller promises NULL or a NUL-terminated string.
            request.set_storage_class(unsafe { text("StorageClass", storage_class) }?)
        })
    })
}

/// Adds a tag to the object: at most 10, each key once; the key has 1 to 128 characters, the value up to 256, of letters,
/// digits, spaces and + - = . _ : /
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ossup_request_add_tag(
    request: Option<&mut ossup_request>,
    key: *const c_char,
    value: *const c_char,
) -> ossup_status {
    guard(|| {
        set(request, |request| {
            // SAFETY: the caller promises NULL or a NUL-terminated string.
            let key = unsafe { text("Tagging key", key) }?;
            // SAFETY: as above.
            request.add_tag(key, unsafe { text("Tagging value", value) }?)
        })
    })
}

/// Sets how OSS encrypts the object: "AES256", "KMS" or "SM4". Default: the bucket's way.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ossup_request_set_server_side_encryption(
    request: Option<&mut ossup_request>,
    method: *const c_char,
) -> ossup_status {
    guard(|| {
        set(request, |request| {
            // SAFETY: the caller promises NULL or a NUL-terminated string.
            request.set_server_side_encryption(unsafe { text("ServerSideEncryption", method) }?)
        })
    })
}

/// Sets the id of the key that encrypts the object, with "KMS" alone. Default: the one that OSS keeps in KMS.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ossup_request_set_server_side_encryption_key_id(
    request: Option<&mut ossup_request>,
    key_id: *const c_char,
) -> ossup_status {
    guard(|| {
        set(request, |request| {
            // SAFETY: the caller promises NULL or a NUL-terminated string.
            request.set_server_side_encryption_key_id(unsafe { text("ServerSideEncryptionKeyId", key_id) }?)
        })
    })
}

/// Sets the algorithm of the encryption, with "KMS" alone: "SM4". Default: AES256.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ossup_request_set_server_side_data_encryption(
    request: Option<&mut ossup_request>,
    algorithm: *const c_char,
) -> ossup_status {
    guard(|| {
        set(request, |request| {
            // SAFETY: the caller promises NULL or a NUL-terminated string.
            request.set_server_side_data_encryption(unsafe { text("ServerSideDataEncryption", algorithm) }?)
        })
    })
}

/// Adds user metadata: the header x-oss-meta-{name}. Names are of letters, digits and hyphens, values of visible
/// ASCII.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ossup_request_add_user_metadata(
    request: Option<&mut ossup_request>,
    name: *const c_char,
    value: *const c_char,
) -> ossup_status {
    guard(|| {
        set(request, |request| {
            // SAFETY: the caller promises NULL or a NUL-terminated string.
            let name = unsafe { text("user metadata name", name) }?;
            // SAFETY: as above.
            request.add_user_metadata(name, unsafe { text("user metadata value", value) }?)
        })
    })
}

/// Sets who pays for the requests: "requester", for a bucket whose owner does not pay for others. It goes to every call.
/// Default: the bucket's owner.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ossup_request_set_request_payer(
    request: Option<&mut ossup_request>,
    payer: *const c_char,
) -> ossup_status {
    guard(|| {
        set(request, |request| {
            // SAFETY: the caller promises NULL or a NUL-terminated string.
            request.set_request_payer(unsafe { text("RequestPayer", payer) }?)
        })
    })
}

/// Sets the speed at which OSS takes each part, in bits per second; OSS allows 819200 to 838860800. At least 1. Default:
/// none. It is OSS that slows the parts down, each connection for itself; for a cap on the upload there is
/// ossup_request_set_bandwidth_limit.
#[unsafe(no_mangle)]
pub extern "C" fn ossup_request_set_traffic_limit(
    request: Option<&mut ossup_request>,
    bits_per_s: u64,
) -> ossup_status {
    guard(|| set(request, |request| request.set_traffic_limit(bits_per_s)))
}

/// Sets how many bytes of its file a second the upload may send, all its parts together. The client's cap holds besides. It
/// is the library that waits, and OSS knows nothing of it; ossup_request_set_traffic_limit has OSS slow each connection
/// down. What is sent again counts again. Under a low cap fewer parts are on their way at a time than TaskNum says: one for
/// each 32 KiB/s, and at least two. ossup_upload_set_bandwidth_limit changes it later.
///
/// bytes_per_second: at least 1024. Default: 0, which is no cap.
#[unsafe(no_mangle)]
pub extern "C" fn ossup_request_set_bandwidth_limit(
    request: Option<&mut ossup_request>,
    bytes_per_second: u64,
) -> ossup_status {
    guard(|| set(request, |request| request.set_bandwidth_limit(bytes_per_second)))
}

/// Sets how long the upload may take from its start, waiting for its turn and for its record included. Then it stops as by
/// ossup_upload_pause, with OSSUP_DEADLINE_EXCEEDED: what there is stays, and the same request goes on, with as much time
/// again.
///
/// milliseconds: 0 is no deadline. Default: 0.
#[unsafe(no_mangle)]
pub extern "C" fn ossup_request_set_deadline_ms(
    request: Option<&mut ossup_request>,
    milliseconds: u64,
) -> ossup_status {
    guard(|| {
        set(request, |request| {
            request.set_deadline((milliseconds > 0).then(|| Duration::from_millis(milliseconds)));
            Ok(())
        })
    })
}

/// Sets any other header, of visible ASCII; it goes to the calls that carry it. Refused are those that the library
/// writes itself: Authorization, Content-Length, Host and their like. Default: none.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ossup_request_set_header(
    request: Option<&mut ossup_request>,
    name: *const c_char,
    value: *const c_char,
) -> ossup_status {
    guard(|| {
        set(request, |request| {
            // SAFETY: the caller promises NULL or a NUL-terminated string.
            let name = unsafe { text("header name", name) }?;
            // SAFETY: as above.
            request.set_header(name, unsafe { text("header value", value) }?)
        })
    })
}

/// Sets whether the upload fails with OSSUP_ALREADY_EXISTS when the object exists. Default: it is overwritten. OSS
/// ignores this in buckets that keep versions.
#[unsafe(no_mangle)]
pub extern "C" fn ossup_request_set_forbid_overwrite(
    request: Option<&mut ossup_request>,
    forbid: bool,
) -> ossup_status {
    guard(|| set(request, |request| request.set_forbid_overwrite(forbid)))
}

/// Has OSS post a body to an application server once the object is stored; its answer is in the result. Default: none.
///
/// url: up to five addresses separated by semicolons.
/// body: with OSS's variables, such as "bucket=${bucket}&object=${object}&tag=${x:tag}".
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ossup_request_set_callback(
    request: Option<&mut ossup_request>,
    url: *const c_char,
    body: *const c_char,
) -> ossup_status {
    guard(|| {
        set(request, |request| {
            // SAFETY: the caller promises NULL or a NUL-terminated string.
            let url = unsafe { text("Callback URL", url) }?;
            // SAFETY: as above.
            request.set_callback(url, unsafe { text("Callback body", body) }?)
        })
    })
}

/// Sets the Host header of the callback's request. Default: the address's own.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ossup_request_set_callback_host(
    request: Option<&mut ossup_request>,
    host: *const c_char,
) -> ossup_status {
    guard(|| {
        set(request, |request| {
            // SAFETY: the caller promises NULL or a NUL-terminated string.
            request.set_callback_host(unsafe { text("CallbackHost", host) }?)
        })
    })
}

/// Sets the callback body's media type: "application/x-www-form-urlencoded" (default) or "application/json".
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ossup_request_set_callback_body_type(
    request: Option<&mut ossup_request>,
    body_type: *const c_char,
) -> ossup_status {
    guard(|| {
        set(request, |request| {
            // SAFETY: the caller promises NULL or a NUL-terminated string.
            request.set_callback_body_type(unsafe { text("CallbackBodyType", body_type) }?)
        })
    })
}

/// Sets whether OSS names the host (SNI) when it calls an HTTPS address. Default: false.
#[unsafe(no_mangle)]
pub extern "C" fn ossup_request_set_callback_sni(request: Option<&mut ossup_request>, sni: bool) -> ossup_status {
    guard(|| {
        set(request, |request| {
            request.set_callback_sni(sni);
            Ok(())
        })
    })
}

/// Adds a variable that the callback's body may use as ${x:name}. Its name begins with "x:" and has no upper case.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ossup_request_add_callback_var(
    request: Option<&mut ossup_request>,
    name: *const c_char,
    value: *const c_char,
) -> ossup_status {
    guard(|| {
        set(request, |request| {
            // SAFETY: the caller promises NULL or a NUL-terminated string.
            let name = unsafe { text("callback variable name", name) }?;
            // SAFETY: as above.
            request.add_callback_var(name, unsafe { text("callback variable value", value) }?)
        })
    })
}

/// Returns why the first refused parameter was refused; NULL when none was, or for NULL.
#[unsafe(no_mangle)]
pub extern "C" fn ossup_request_error(request: Option<&ossup_request>) -> *const c_char {
    guard_or(std::ptr::null(), || request.map_or(std::ptr::null(), |request| request.builder.refusal()))
}

/// Frees a request; uploads made of it are not concerned. NULL is nothing.
#[unsafe(no_mangle)]
pub extern "C" fn ossup_request_free(request: Option<Box<ossup_request>>) {
    release(request);
}
