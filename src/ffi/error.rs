//! `ossup_error`: what went wrong, to be kept and read for as long as one likes.

use super::guard::{guard_or, release};
use super::status::ossup_status;
use super::text::{owned, pointer};
use crate::error::Error;
use std::ffi::{CString, c_char};

/// What went wrong. Immutable; any thread.
pub struct ossup_error {
    status: ossup_status,
    message: CString,
    operation: Option<CString>,
    part_number: u32,
    attempts: u32,
    http_status: u32,
    oss_code: Option<CString>,
    ec: Option<CString>,
    request_id: Option<CString>,
    host: Option<CString>,
    os_errno: i32,
    temporary: bool,
}

impl ossup_error {
    pub(super) fn new(error: &Error) -> Self {
        let report = error.report();
        let text = |text: &Option<String>| text.as_deref().map(owned);
        Self {
            status: report.kind.into(),
            message: owned(error.to_string()),
            operation: report.operation.map(owned),
            part_number: report.part_number,
            attempts: report.attempts,
            http_status: report.http_status.into(),
            oss_code: text(&report.oss_code),
            ec: text(&report.ec),
            request_id: text(&report.request_id),
            host: text(&report.host),
            os_errno: report.os_errno,
            temporary: report.temporary,
        }
    }

    #[cfg(test)]
    pub(super) fn message(&self) -> String {
        self.message.to_string_lossy().into_owned()
    }
}

/// Returns the status that the failed call returned. OSSUP_INVALID_ARGUMENT for NULL.
#[unsafe(no_mangle)]
pub extern "C" fn ossup_error_status(error: Option<&ossup_error>) -> ossup_status {
    guard_or(ossup_status::OSSUP_INTERNAL, || error.map_or(ossup_status::OSSUP_INVALID_ARGUMENT, |error| error.status))
}

/// Returns one line for a person: what was done, what failed, and every cause below it. NULL for NULL.
#[unsafe(no_mangle)]
pub extern "C" fn ossup_error_message(error: Option<&ossup_error>) -> *const c_char {
    guard_or(std::ptr::null(), || pointer(error.map(|error| &error.message)))
}

/// Returns OSS's name for what was being done, such as "UploadPart"; NULL when no request was involved.
#[unsafe(no_mangle)]
pub extern "C" fn ossup_error_operation(error: Option<&ossup_error>) -> *const c_char {
    guard_or(std::ptr::null(), || pointer(error.and_then(|error| error.operation.as_ref())))
}

/// Returns the number of the part concerned; 0 when none is.
#[unsafe(no_mangle)]
pub extern "C" fn ossup_error_part_number(error: Option<&ossup_error>) -> u32 {
    guard_or(0, || error.map_or(0, |error| error.part_number))
}

/// Returns how often the request was tried; 0 when no request was involved.
#[unsafe(no_mangle)]
pub extern "C" fn ossup_error_attempts(error: Option<&ossup_error>) -> u32 {
    guard_or(0, || error.map_or(0, |error| error.attempts))
}

/// Returns the answer's HTTP status; 0 when there was no answer.
#[unsafe(no_mangle)]
pub extern "C" fn ossup_error_http_status(error: Option<&ossup_error>) -> u32 {
    guard_or(0, || error.map_or(0, |error| error.http_status))
}

/// Returns OSS's error code, such as "AccessDenied"; NULL when OSS gave none.
#[unsafe(no_mangle)]
pub extern "C" fn ossup_error_oss_code(error: Option<&ossup_error>) -> *const c_char {
    guard_or(std::ptr::null(), || pointer(error.and_then(|error| error.oss_code.as_ref())))
}

/// Returns OSS's EC, the finer code that its documentation explains; NULL when OSS gave none.
#[unsafe(no_mangle)]
pub extern "C" fn ossup_error_ec(error: Option<&ossup_error>) -> *const c_char {
    guard_or(std::ptr::null(), || pointer(error.and_then(|error| error.ec.as_ref())))
}

/// Returns OSS's id of the request, which its support asks for; NULL when there was no answer.
#[unsafe(no_mangle)]
pub extern "C" fn ossup_error_request_id(error: Option<&ossup_error>) -> *const c_char {
    guard_or(std::ptr::null(), || pointer(error.and_then(|error| error.request_id.as_ref())))
}

/// Returns the host that was spoken to; NULL when none was.
#[unsafe(no_mangle)]
pub extern "C" fn ossup_error_host(error: Option<&ossup_error>) -> *const c_char {
    guard_or(std::ptr::null(), || pointer(error.and_then(|error| error.host.as_ref())))
}

/// Returns the operating system's error number; 0 when none is known.
#[unsafe(no_mangle)]
pub extern "C" fn ossup_error_os_errno(error: Option<&ossup_error>) -> i32 {
    guard_or(0, || error.map_or(0, |error| error.os_errno))
}

/// Returns whether trying again later may help.
#[unsafe(no_mangle)]
pub extern "C" fn ossup_error_is_temporary(error: Option<&ossup_error>) -> bool {
    guard_or(false, || error.is_some_and(|error| error.temporary))
}

/// Frees an error. NULL is nothing.
#[unsafe(no_mangle)]
pub extern "C" fn ossup_error_free(error: Option<Box<ossup_error>>) {
    release(error);
}
