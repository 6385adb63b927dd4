//! Files, and what is said of them.

use super::errors::succeeded;
use crate::sys::Facts;
use std::ffi::c_void;
use std::fs::{File, OpenOptions};
use std::io;
use std::os::windows::fs::{FileExt, OpenOptionsExt};
use std::os::windows::io::AsRawHandle;
use std::path::Path;
use windows_sys::Win32::Storage::FileSystem::{
    BY_HANDLE_FILE_INFORMATION, FILE_BASIC_INFO, FILE_FLAG_BACKUP_SEMANTICS, FILE_FLAG_OPEN_REPARSE_POINT,
    FILE_ID_INFO, FILE_INFO_BY_HANDLE_CLASS, FILE_READ_ATTRIBUTES, FILE_SHARE_DELETE, FILE_SHARE_READ,
    FILE_SHARE_WRITE, FILE_TYPE_DISK, FileBasicInfo, FileIdInfo, GetFileInformationByHandle,
    GetFileInformationByHandleEx, GetFileType,
};

/// Whatever we have open, the host may read, write, rename and delete.
pub(super) const SHARE_ALL: u32 = FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE;
/// The year 1970, in the file system's ticks of 100 ns since 1601.
const UNIX_EPOCH_TICKS: i64 = 116_444_736_000_000_000;

/// Opens a file to be read, whatever it is but a directory.
pub fn open_source(path: &Path) -> io::Result<File> {
    let file = OpenOptions::new().read(true).share_mode(SHARE_ALL).open(path);
    file.map_err(|error| directory_or(error, path))
}

/// The system calls a directory that is opened as a file a matter of permission.
pub(super) fn directory_or(error: io::Error, path: &Path) -> io::Error {
    let is_directory = error.kind() == io::ErrorKind::PermissionDenied && path.is_dir();
    if is_directory { io::ErrorKind::IsADirectory.into() } else { error }
}

/// What is said of an open file.
pub fn facts(file: &File) -> io::Result<Facts> {
    // SAFETY: the handle is the file's.
    if unsafe { GetFileType(file.as_raw_handle()) } != FILE_TYPE_DISK {
        return Ok(NO_FILE);
    }
    let mut known = BY_HANDLE_FILE_INFORMATION::default();
    // SAFETY: the handle is the file's, the struct is ours to write.
    succeeded(unsafe { GetFileInformationByHandle(file.as_raw_handle(), &raw mut known) })?;
    // SAFETY: that is what the system fills for this class.
    let times: FILE_BASIC_INFO = unsafe { ask(file, FileBasicInfo) }?;
    let metadata = file.metadata()?;
    Ok(Facts {
        size: joined(known.nFileSizeHigh, known.nFileSizeLow),
        modified: unix_nanos(times.LastWriteTime),
        changed: unix_nanos(times.ChangeTime),
        device: known.dwVolumeSerialNumber.into(),
        index: whole_index(file).unwrap_or_else(|| joined(known.nFileIndexHigh, known.nFileIndexLow)),
        is_file: metadata.is_file(),
        is_folder: metadata.is_dir(),
    })
}

/// A pipe, a console, a port: what is asked about files, the system says of none of these.
const NO_FILE: Facts =
    Facts { size: 0, modified: 0, changed: 0, device: 0, index: 0, is_file: false, is_folder: false };

/// The number of a file where numbers have 128 bits, as on ReFS, in 64. Elsewhere the upper half is 0, and the lower half
/// what everybody calls its index; file systems that know of no such numbers have that alone.
fn whole_index(file: &File) -> Option<u64> {
    // SAFETY: that is what the system fills for this class.
    let known: FILE_ID_INFO = unsafe { ask(file, FileIdInfo) }.ok()?;
    Some(folded(u128::from_le_bytes(known.FileId.Identifier)))
}

fn folded(index: u128) -> u64 {
    let (upper, lower) = ((index >> 64) as u64, index as u64);
    lower ^ upper.rotate_left(32)
}

/// What is said of the file that a path leads to.
pub fn target_facts(path: &Path) -> io::Result<Facts> {
    facts(&to_ask(path, 0)?)
}

/// What is said of what is at a path, be it a link.
pub(super) fn entry_facts(path: &Path) -> io::Result<Facts> {
    facts(&to_ask(path, FILE_FLAG_OPEN_REPARSE_POINT)?)
}

/// Reads from a position.
pub fn read_at(file: &File, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
    file.seek_read(buffer, offset)
}

/// Whether a file lies in memory and nowhere else.
pub fn is_memory(_file: &File) -> bool {
    false
}

/// Reads from a position what the system has in memory, without waiting for the disk: there is no such call here.
pub fn read_resident(_file: &File, _buffer: &mut [u8], _offset: u64) -> io::Result<usize> {
    Err(io::ErrorKind::Unsupported.into())
}

/// Writes everything to a position.
pub fn write_all_at(file: &File, mut bytes: &[u8], mut offset: u64) -> io::Result<()> {
    while !bytes.is_empty() {
        let count = file.seek_write(bytes, offset)?;
        if count == 0 {
            return Err(io::ErrorKind::WriteZero.into());
        }
        bytes = &bytes[count..];
        offset += count as u64;
    }
    Ok(())
}

/// One of the structs that the system fills about a file.
///
/// # Safety
/// `T` is the struct of the class.
pub(super) unsafe fn ask<T: Default>(file: &File, class: FILE_INFO_BY_HANDLE_CLASS) -> io::Result<T> {
    let mut answer = T::default();
    let place = (&raw mut answer).cast::<c_void>();
    // SAFETY: the handle is the file's, the place is ours to write and as large as we say.
    succeeded(unsafe { GetFileInformationByHandleEx(file.as_raw_handle(), class, place, size_of::<T>() as u32) })?;
    Ok(answer)
}

/// Opens a file or a folder to ask about it and nothing else, which no other program can forbid.
fn to_ask(path: &Path, flags: u32) -> io::Result<File> {
    let flags = flags | FILE_FLAG_BACKUP_SEMANTICS;
    OpenOptions::new().access_mode(FILE_READ_ATTRIBUTES).share_mode(SHARE_ALL).custom_flags(flags).open(path)
}

fn joined(high: u32, low: u32) -> u64 {
    u64::from(high) << 32 | u64::from(low)
}

fn unix_nanos(ticks: i64) -> i64 {
    ticks.saturating_sub(UNIX_EPOCH_TICKS).saturating_mul(100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_count_from_1970_in_nanoseconds() {
        assert_eq!(unix_nanos(UNIX_EPOCH_TICKS), 0);
        assert_eq!(unix_nanos(UNIX_EPOCH_TICKS + 10_000_001), 1_000_000_100);
        assert_eq!(unix_nanos(0), i64::MIN, "a file system that keeps none");
    }

    #[test]
    fn a_file_has_one_number_however_many_bits_its_file_system_gives_it() {
        let file = tempfile::tempfile().unwrap();
        let mut known = BY_HANDLE_FILE_INFORMATION::default();
        // SAFETY: the handle is the file's, the struct is ours to write.
        succeeded(unsafe { GetFileInformationByHandle(file.as_raw_handle(), &raw mut known) }).unwrap();
        let index = joined(known.nFileIndexHigh, known.nFileIndexLow);
        assert_eq!(facts(&file).unwrap().index, index);
        assert_eq!(folded(index.into()), index);
        let folder = |number: u128| number << 64;
        assert_ne!(folded(folder(7) | 1), folded(folder(8) | 1));
        assert_ne!(folded(folder(7) | 1), folded(folder(7) | 2));
        assert_ne!(folded(folder(7) | 1), folded(folder(1) | 7));
    }
}
