//! What an error of the system's means.

use std::io;
use windows_sys::Win32::Foundation::{
    ERROR_COMMITMENT_LIMIT, ERROR_INVALID_FUNCTION, ERROR_LOCK_VIOLATION, ERROR_NO_SYSTEM_RESOURCES,
    ERROR_NOT_ENOUGH_MEMORY, ERROR_NOT_ENOUGH_QUOTA, ERROR_NOT_SUPPORTED, ERROR_OUTOFMEMORY, ERROR_SHARING_VIOLATION,
    ERROR_STOPPED_ON_SYMLINK, ERROR_TOO_MANY_OPEN_FILES,
};

/// It says nothing about the file: there are no handles or no memory left.
pub fn is_out_of_resources(error: &io::Error) -> bool {
    matches!(
        number(error),
        Some(
            ERROR_TOO_MANY_OPEN_FILES
                | ERROR_NOT_ENOUGH_MEMORY
                | ERROR_OUTOFMEMORY
                | ERROR_NO_SYSTEM_RESOURCES
                | ERROR_COMMITMENT_LIMIT
                | ERROR_NOT_ENOUGH_QUOTA
        )
    )
}

/// The file system has no locks.
pub fn has_no_locks(error: &io::Error) -> bool {
    matches!(number(error), Some(ERROR_NOT_SUPPORTED | ERROR_INVALID_FUNCTION))
}

/// There is a symbolic link, or a junction, where a record was to be opened.
pub fn is_link(error: &io::Error) -> bool {
    number(error) == Some(ERROR_STOPPED_ON_SYMLINK)
}

/// Another program keeps the file, or that place in it, to itself.
pub fn is_not_shared(error: &io::Error) -> bool {
    matches!(number(error), Some(ERROR_SHARING_VIOLATION | ERROR_LOCK_VIOLATION))
}

pub(super) fn number(error: &io::Error) -> Option<u32> {
    error.raw_os_error().map(i32::cast_unsigned)
}

pub(super) fn from_number(number: u32) -> io::Error {
    io::Error::from_raw_os_error(number.cast_signed())
}

/// What a call answered: 0 for a failure.
pub(super) fn succeeded(answer: i32) -> io::Result<()> {
    if answer == 0 { Err(io::Error::last_os_error()) } else { Ok(()) }
}
