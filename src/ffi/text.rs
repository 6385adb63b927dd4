//! Text from C and text for C.

use crate::error::{Error, Result};
use crate::sys;
use std::ffi::{CStr, CString, c_char};
use std::path::Path;
#[cfg(windows)]
use std::path::PathBuf;
use std::ptr;
use std::str::Utf8Error;

/// A character of the system's own text, under the name that C has for it.
#[cfg(windows)]
#[allow(non_camel_case_types, reason = "it is C's")]
pub(super) type wchar_t = u16;

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

/// A required path in UTF-16: also one that is no whole text, as the system has such.
///
/// # Safety
/// As [`text`], of 16 bits each.
#[cfg(windows)]
pub(super) unsafe fn path_w(name: &str, pointer: *const wchar_t) -> Result<PathBuf> {
    if pointer.is_null() {
        return Err(Error::invalid_argument(format!("{name} is NULL")));
    }
    let mut characters = Vec::new();
    loop {
        // SAFETY: not NULL, and the 0 was not passed yet. In a packed struct it may lie at any address.
        match unsafe { pointer.add(characters.len()).read_unaligned() } {
            0 => return Ok(sys::path_from_wide(&characters)),
            character => characters.push(character),
        }
    }
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

/// The same for a path.
pub(super) fn owned_path(path: &Path) -> CString {
    owned(sys::path_to_bytes(path))
}

/// The same for a path in UTF-16, with the 0 at its end.
#[cfg(windows)]
pub(super) fn owned_path_w(path: &Path) -> Box<[wchar_t]> {
    sys::path_to_wide(path).into_iter().filter(|&character| character != 0).chain([0]).collect()
}

/// What C sees of a text that may be missing.
pub(super) fn pointer(text: Option<&CString>) -> *const c_char {
    text.map_or(ptr::null(), |text| text.as_ptr())
}

/// The same for a path in UTF-16.
#[cfg(windows)]
pub(super) fn pointer_w(path: Option<&[wchar_t]>) -> *const wchar_t {
    path.map_or(ptr::null(), <[_]>::as_ptr)
}
