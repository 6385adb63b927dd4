//! A record's file: made, opened and locked.

use super::errors::{from_number, is_not_shared, number, succeeded};
use super::files::{SHARE_ALL, ask, directory_or, entry_facts, facts, write_all_at};
use super::text::to_system;
use std::ffi::c_void;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, ErrorKind};
use std::os::windows::fs::OpenOptionsExt;
use std::os::windows::io::AsRawHandle;
use std::path::{Path, PathBuf};
use std::ptr;
use windows_sys::Win32::Foundation::{ERROR_IO_PENDING, ERROR_STOPPED_ON_SYMLINK, GENERIC_READ, GENERIC_WRITE, HANDLE};
use windows_sys::Win32::Storage::FileSystem::{
    DELETE, FILE_STANDARD_INFO, FileRenameInfo, FileStandardInfo, LOCKFILE_EXCLUSIVE_LOCK, LOCKFILE_FAIL_IMMEDIATELY,
    LockFileEx, SetFileInformationByHandle,
};
use windows_sys::Win32::System::IO::{OVERLAPPED, OVERLAPPED_0, OVERLAPPED_0_0};

/// The high half of where the lock is. A lock keeps others from the bytes that it covers, so it covers one that no
/// record ever has: everybody may read what is held.
const LOCK_OFFSET_HIGH: u32 = 0x4000_0000;

/// With the 0 at its end.
const LONGEST_PATH: usize = 32_768;

/// The system's FILE_RENAME_INFO, with room for every name.
#[repr(C)]
struct Rename {
    replace: u32,
    folder: HANDLE,
    name_bytes: u32,
    name: [u16; LONGEST_PATH],
}

/// Opens a record to be read and written, never what a link in its place leads to.
pub fn open_record(path: &Path) -> io::Result<File> {
    // A link that appears between the two leads to a file that `is_at` will not find at the path.
    if std::fs::symlink_metadata(path)?.is_symlink() {
        return Err(from_number(ERROR_STOPPED_ON_SYMLINK));
    }
    let file = OpenOptions::new().read(true).write(true).share_mode(SHARE_ALL).open(path);
    file.map_err(|error| directory_or(error, path))
}

/// Makes a record where there is nothing, and locks it.
///
/// There are no unnamed files, so it is filled and locked under a name that nobody looks for, and renamed: NTFS renames
/// as a whole, and fails where the name is taken. A crash may leave that other file, which is in nobody's way.
pub fn create_record(path: &Path, first_line: &[u8]) -> io::Result<(File, Result<(), TryLockError>)> {
    let aside = beside(path);
    let access = GENERIC_READ | GENERIC_WRITE | DELETE;
    let mut options = OpenOptions::new();
    options.write(true).create_new(true).access_mode(access).share_mode(SHARE_ALL);
    let file = options.open(&aside)?;
    let locked = try_lock(&file);
    let named = write_all_at(&file, first_line, 0).and_then(|()| file.sync_data()).and_then(|()| rename(&file, path));
    match named {
        Ok(()) => Ok((file, locked)),
        Err(error) => {
            // Nothing can be done about one that stays.
            let _removed = std::fs::remove_file(&aside);
            Err(error)
        }
    }
}

/// Locks a record, unless somebody else has it, be it by another handle of this process.
pub fn try_lock(file: &File) -> Result<(), TryLockError> {
    let offset = OVERLAPPED_0_0 { Offset: 0, OffsetHigh: LOCK_OFFSET_HIGH };
    let mut at = OVERLAPPED { Anonymous: OVERLAPPED_0 { Anonymous: offset }, ..OVERLAPPED::default() };
    let flags = LOCKFILE_EXCLUSIVE_LOCK | LOCKFILE_FAIL_IMMEDIATELY;
    // SAFETY: the handle is the file's, which was not opened for overlapped calls, so nobody uses the struct afterwards.
    let answer = unsafe { LockFileEx(file.as_raw_handle(), flags, 0, 1, 0, &raw mut at) };
    match succeeded(answer) {
        Ok(()) => Ok(()),
        Err(error) if is_not_shared(&error) || number(&error) == Some(ERROR_IO_PENDING) => {
            Err(TryLockError::WouldBlock)
        }
        Err(error) => Err(TryLockError::Error(error)),
    }
}

/// Whether a path still leads to the open record, and through no link.
pub fn is_at(file: &File, path: &Path) -> io::Result<bool> {
    // The name of a deleted file may stay until all who have it open are gone.
    // SAFETY: that is what the system fills for this class.
    let known: FILE_STANDARD_INFO = unsafe { ask(file, FileStandardInfo) }?;
    if known.DeletePending {
        return Ok(false);
    }
    match entry_facts(path) {
        Ok(there) => Ok(facts(file)?.is_same_file(&there)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

/// Takes a record's name away. Not every file system frees a name at once when a file is deleted that is still open, so
/// the file gets another one first.
pub fn remove_record(path: &Path) -> io::Result<()> {
    let aside = beside(path);
    let renamed = OpenOptions::new().access_mode(DELETE).open(path).and_then(|file| rename(&file, &aside));
    match renamed {
        Ok(()) => std::fs::remove_file(aside),
        Err(_not_here) => std::fs::remove_file(path),
    }
}

/// Makes a new record's name durable: with the contents it is so already, as NTFS flushes its log with the file, and
/// a folder cannot be flushed.
pub fn sync_folder(_path: &Path) -> io::Result<()> {
    Ok(())
}

/// A name of our own in the same folder.
fn beside(path: &Path) -> PathBuf {
    path.with_file_name(format!(".ossup-{:016x}.tmp", fastrand::u64(..)))
}

/// Renames an open file, never onto another one. It must be open for deletion too.
fn rename(file: &File, to: &Path) -> io::Result<()> {
    let name = to_system(to)?;
    let mut order = Box::new(Rename { replace: 0, folder: ptr::null_mut(), name_bytes: 0, name: [0; LONGEST_PATH] });
    let Some(place) = order.name.get_mut(..name.len()) else { return Err(ErrorKind::InvalidFilename.into()) };
    place.copy_from_slice(&name);
    order.name_bytes = size_of_val(name.as_slice()) as u32;
    let (order, size) = ((&raw const *order).cast::<c_void>(), size_of::<Rename>() as u32);
    // SAFETY: the handle is the file's; the order is what the system takes for this class, and outlives the call.
    succeeded(unsafe { SetFileInformationByHandle(file.as_raw_handle(), FileRenameInfo, order, size) })
}
