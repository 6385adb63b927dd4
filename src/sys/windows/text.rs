//! Text of the host's, and text for the system.

use std::ffi::{OsStr, OsString};
use std::io;
use std::os::windows::ffi::{OsStrExt, OsStringExt};
use std::path::{Component, Path, PathBuf, Prefix};
use std::str::Utf8Error;

/// A path as C gives it: here UTF-8.
pub fn path_from_bytes(bytes: &[u8]) -> Result<&Path, Utf8Error> {
    std::str::from_utf8(bytes).map(Path::new)
}

/// A path as C takes it. A name of this system may have half of a surrogate pair, which UTF-8 has no form for: there stands
/// U+FFFD in its place.
pub fn path_to_bytes(path: &Path) -> Vec<u8> {
    path.to_string_lossy().into_owned().into_bytes()
}

/// A path as C gives it where it speaks as the system does: UTF-16, whole or not.
pub fn path_from_wide(characters: &[u16]) -> PathBuf {
    OsString::from_wide(characters).into()
}

/// The same path as C takes it there, without the 0 at its end.
pub fn path_to_wide(path: &Path) -> Vec<u16> {
    path.as_os_str().encode_wide().collect()
}

/// A path as the system takes it however long it is.
pub(super) fn to_system(path: &Path) -> io::Result<Vec<u16>> {
    Ok(verbatim(&std::path::absolute(path)?).encode_wide().chain([0]).collect())
}

/// Without the prefix the system takes 260 characters and no more.
fn verbatim(absolute: &Path) -> OsString {
    let mut components = absolute.components();
    let Some(Component::Prefix(prefix)) = components.next() else { return absolute.into() };
    match prefix.kind() {
        Prefix::Disk(_) => joined(&[r"\\?\".as_ref(), absolute.as_ref()]),
        Prefix::UNC(server, share) => {
            joined(&[r"\\?\UNC\".as_ref(), server, r"\".as_ref(), share, components.as_path().as_ref()])
        }
        Prefix::Verbatim(_) | Prefix::VerbatimUNC(..) | Prefix::VerbatimDisk(_) | Prefix::DeviceNS(_) => {
            absolute.into()
        }
    }
}

fn joined(pieces: &[&OsStr]) -> OsString {
    pieces.iter().copied().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_of_path_gets_its_prefix() {
        for (path, prefixed) in [
            (r"C:\folder\file", r"\\?\C:\folder\file"),
            (r"\\server\share\file", r"\\?\UNC\server\share\file"),
            (r"\\?\C:\file.", r"\\?\C:\file."),
            (r"\\?\UNC\server\share\file", r"\\?\UNC\server\share\file"),
            (r"\\.\pipe\name", r"\\.\pipe\name"),
        ] {
            assert_eq!(verbatim(Path::new(path)), prefixed);
        }
    }

    #[test]
    fn the_system_gets_the_prefix_and_the_0() {
        let characters: Vec<u16> = "\\\\?\\C:\\folder\\file\0".encode_utf16().collect();
        assert_eq!(to_system(Path::new(r"C:\folder/.\file. ")).unwrap(), characters);
    }

    #[test]
    fn a_path_is_utf_8() {
        assert_eq!(path_from_bytes("文件".as_bytes()).unwrap(), Path::new("文件"));
        assert!(path_from_bytes(b"\xff").is_err());
    }

    #[test]
    fn a_name_that_utf_8_has_no_form_for_is_whole_in_utf_16() {
        let half = [u16::from(b'a'), 0xd83d, u16::from(b'b')];
        let path = path_from_wide(&half);
        assert_eq!(path_to_wide(&path), half);
        assert_eq!(path_to_bytes(&path), "a\u{fffd}b".as_bytes());
        assert!(path_from_bytes(path.as_os_str().as_encoded_bytes()).is_err());
    }
}
