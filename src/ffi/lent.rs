//! Memory of the host's that is read where it is, until it is given back.

use super::user_data::{UserData, ossup_release_fn};
use crate::error::{Error, Result};
use std::ffi::c_void;

/// Bytes that stay as they are until `release` has run.
pub(super) struct Lent {
    data: *const u8,
    length: usize,
    /// Given back when this is dropped.
    _user_data: UserData,
}

// SAFETY: the host promises that its bytes stay as they are, documented at ossup_request_set_upload_memory, so that any
// thread may read them.
unsafe impl Send for Lent {}
// SAFETY: as above.
unsafe impl Sync for Lent {}

impl Lent {
    /// Fails before anything was taken over.
    pub(super) fn new(
        data: *const c_void,
        length: usize,
        user_data: *mut c_void,
        release: ossup_release_fn,
    ) -> Result<Self> {
        if data.is_null() && length > 0 {
            return Err(Error::invalid_argument("data is NULL"));
        }
        if isize::try_from(length).is_err() {
            return Err(Error::invalid_argument(format!("length: there is no memory of {length} bytes")));
        }
        Ok(Self { data: data.cast(), length, _user_data: UserData::new(user_data, release) })
    }
}

impl AsRef<[u8]> for Lent {
    fn as_ref(&self) -> &[u8] {
        if self.length == 0 {
            return &[];
        }
        // SAFETY: not NULL; the host promises so many readable bytes that stay as they are until they are given back, which
        // happens when this is dropped.
        unsafe { std::slice::from_raw_parts(self.data, self.length) }
    }
}

/// Bytes that are read during a call; none where there are none, whatever the pointer.
///
/// # Safety
/// `bytes` points to so many readable bytes that stay as they are during the call, unless it is NULL or `length` is 0.
pub(super) unsafe fn lent_for_a_call<'a>(bytes: *const c_void, length: usize) -> Result<&'a [u8]> {
    if length == 0 {
        return Ok(&[]);
    }
    if bytes.is_null() {
        return Err(Error::invalid_argument("bytes is NULL"));
    }
    if isize::try_from(length).is_err() {
        return Err(Error::invalid_argument(format!("length: there is no memory of {length} bytes")));
    }
    // SAFETY: not NULL and of a possible length; the rest as promised by our caller.
    Ok(unsafe { std::slice::from_raw_parts(bytes.cast(), length) })
}
