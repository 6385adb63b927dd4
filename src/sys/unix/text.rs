//! Text of the host's.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::str::Utf8Error;

/// A path as C gives it: here any bytes.
pub fn path_from_bytes(bytes: &[u8]) -> Result<&Path, Utf8Error> {
    Ok(Path::new(OsStr::from_bytes(bytes)))
}

/// A path as C takes it.
pub fn path_to_bytes(path: &Path) -> Vec<u8> {
    path.as_os_str().as_bytes().to_vec()
}
