//! Text from C and text for C.

use crate::error::{Error, Result};
use crate::sys;
use std::ffi::{CStr, CString, c_char};
use std::path::Path;
use std::ptr;
use std::str::Utf8Error;

/// A required text.
///
/// # Safety
/// `pointer` is NULL or points to a NUL-terminated string that stays as it is during the call.
pub(super) unsafe fn text<'a>(name: &str, pointer: *const c_char) -> Result<&'a str> {
    // SAFETY: as promised by our caller.
    let bytes = unsafe { bytes(name, pointer) }?;
    std::str::from_utf8(bytes).map_err(|error| not_utf_8(name, error))
}

/// A text that may be left out.
///
/// # Safety
/// As [`text`].
pub(super) unsafe fn optional_text<'a>(name: &str, pointer: *const c_char) -> Result<Option<&'a str>> {
    if pointer.is_null() {
        return Ok(None);
    }
    // SAFETY: as promised by our caller.
    unsafe { text(name, pointer) }.map(Some)
}

/// A required path: what the operating system takes for one.
///
/// # Safety
/// As [`text`].
pub(super) unsafe fn path<'a>(name: &str, pointer: *const c_char) -> Result<&'a Path> {
    // SAFETY: as promised by our caller.
    let bytes = unsafe { bytes(name, pointer) }?;
    sys::path_from_bytes(bytes).map_err(|error| not_utf_8(name, error))
}

fn not_utf_8(name: &str, error: Utf8Error) -> Error {
    Error::invalid_argument(format!("{name} is not UTF-8")).with_source(error)
}

/// # Safety
/// As [`text`].
unsafe fn bytes<'a>(name: &str, pointer: *const c_char) -> Result<&'a [u8]> {
    if pointer.is_null() {
        return Err(Error::invalid_argument(format!("{name} is NULL")));
    }
    // SAFETY: not NULL; the rest as promised by our caller.
    Ok(unsafe { CStr::from_ptr(pointer) }.to_bytes())
}

/// Text that C may read for as long as the handle lives that holds it.
pub(super) fn owned(text: impl Into<Vec<u8>>) -> CString {
    let mut bytes = text.into();
    // C would stop reading there.
    bytes.retain(|&byte| byte != 0);
    CString::new(bytes).unwrap_or_default()
}

/// What C sees of a text that may be missing.
pub(super) fn pointer(text: Option<&CString>) -> *const c_char {
    text.map_or(ptr::null(), |text| text.as_ptr())
}
