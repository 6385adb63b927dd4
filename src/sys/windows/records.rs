//! A record's file: made, opened and locked.

use super::errors::{from_number, is_not_shared, number, succeeded};
use super::files::{SHARE_ALL, ask, directory_or, entry_facts, facts, write_all_at};
use super::text::to_system;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, ErrorKind};
use std::os::windows::fs::OpenOptionsExt;
use std::os::windows::io::AsRawHandle;
use std::path::{Path, PathBuf};
use windows_sys::Win32::Foundation::{ERROR_IO_PENDING, ERROR_STOPPED_ON_SYMLINK};
use windows_sys::Win32::Storage::FileSystem::{
    FILE_STANDARD_INFO, FileStandardInfo, LOCKFILE_EXCLUSIVE_LOCK, LOCKFILE_FAIL_IMMEDIATELY, LockFileEx, MoveFileExW,
};
use windows_sys::Win32::System::IO::{OVERLAPPED, OVERLAPPED_0, OVERLAPPED_0_0};

/// The high half of where the lock is. A lock keeps others from the bytes that it covers, so it covers one that no
/// record ever has: everybody may read what is held.
const LOCK_OFFSET_HIGH: u32 = 0x4000_0000;

/// Opens a record to be read and written, never what a link in its place leads to.
pub fn open_record(path: &Path) -> io::Result<File> {
    open(path, OpenOptions::new().read(true).write(true))
}

/// Opens a record to be read alone, also where nobody may write.
pub fn look_into_record(path: &Path) -> io::Result<File> {
    open(path, OpenOptions::new().read(true))
}

fn open(path: &Path, way: &mut OpenOptions) -> io::Result<File> {
    refuse_stream(path)?;
    // A link that appears between the two leads to a file that `is_at` will not find at the path.
    if std::fs::symlink_metadata(path)?.is_symlink() {
        return Err(from_number(ERROR_STOPPED_ON_SYMLINK));
    }
    let file = way.share_mode(SHARE_ALL).open(path);
    file.map_err(|error| directory_or(error, path))
}

/// A name with a colon leads into another file, which is perhaps the one that is uploaded, and changes when a record is written.
fn refuse_stream(path: &Path) -> io::Result<()> {
    let name = path.file_name().unwrap_or_default();
    if name.as_encoded_bytes().contains(&b':') {
        return Err(io::Error::new(
            ErrorKind::InvalidFilename,
            "a record is a file of its own, and no stream of another",
        ));
    }
    Ok(())
}

/// Makes a record where there is nothing, and locks it.
///
/// There are no unnamed files, so it is filled and locked under a name that nobody looks for, and renamed: NTFS renames
/// as a whole, and fails where the name is taken. A crash may leave that other file, which is in nobody's way. Where a file
/// that is open cannot be renamed, the name comes first and a crash may leave the file empty, which is ours too.
pub fn create_record(path: &Path, first_line: &[u8]) -> io::Result<(File, Result<(), TryLockError>)> {
    refuse_stream(path)?;
    match create_aside(path, first_line) {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => create_in_place(path),
        created => created,
    }
}

fn create_aside(path: &Path, first_line: &[u8]) -> io::Result<(File, Result<(), TryLockError>)> {
    let aside = beside(path);
    let (file, locked) = create_in_place(&aside)?;
    let named = write_all_at(&file, first_line, 0).and_then(|()| file.sync_data()).and_then(|()| rename(&aside, path));
    match named {
        Ok(()) => Ok((file, locked)),
        Err(error) => {
            // Nothing can be done about one that stays.
            let _removed = std::fs::remove_file(&aside);
            Err(error)
        }
    }
}

fn create_in_place(path: &Path) -> io::Result<(File, Result<(), TryLockError>)> {
    let file = OpenOptions::new().read(true).write(true).create_new(true).share_mode(SHARE_ALL).open(path)?;
    let locked = try_lock(&file);
    Ok((file, locked))
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
    match rename(path, &aside) {
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

/// Renames a file, never onto another one. By its name: a handle that may rename would have to stay open with the right
/// to delete, and programs that share less than that could not read the record.
fn rename(from: &Path, to: &Path) -> io::Result<()> {
    let (from, to) = (to_system(from)?, to_system(to)?);
    // SAFETY: both are texts that end with 0 and outlive the call.
    succeeded(unsafe { MoveFileExW(from.as_ptr(), to.as_ptr(), 0) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn however_it_is_made_a_record_is_locked_and_never_made_over_another_file() {
        for create in [|path: &Path| create_aside(path, b"line"), create_in_place] {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("record");
            let (_held, locked) = create(&path).unwrap();
            locked.unwrap();
            let other = open_record(&path).unwrap();
            assert!(matches!(try_lock(&other), Err(TryLockError::WouldBlock)));
            assert!(is_at(&other, &path).unwrap());
            assert_eq!(create(&path).unwrap_err().kind(), ErrorKind::AlreadyExists);
            assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "something was left");
        }
    }
}
