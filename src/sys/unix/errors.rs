//! What an error of the system's means.

use std::io;

/// It says nothing about the file: there are no descriptors or no memory left.
pub fn is_out_of_resources(error: &io::Error) -> bool {
    matches!(error.raw_os_error(), Some(libc::EMFILE | libc::ENFILE | libc::ENOMEM))
}

/// The file system has no locks.
pub fn has_no_locks(error: &io::Error) -> bool {
    matches!(error.raw_os_error(), Some(libc::ENOLCK | libc::ENOTSUP | libc::ENOSYS))
}

/// There is a symbolic link where a record was to be opened.
pub fn is_link(error: &io::Error) -> bool {
    error.raw_os_error() == Some(libc::ELOOP)
}

/// Another program keeps the file to itself: not here, where everybody may open what is open.
pub fn is_not_shared(_error: &io::Error) -> bool {
    false
}
