//! A record's file: made, opened and locked.

use super::files::of;
use rustix::fs::{AtFlags, CWD, Mode, OFlags, linkat, openat};
use std::fs::{File, TryLockError};
use std::io::{self, ErrorKind};
use std::os::fd::AsRawFd;
use std::os::unix::fs::FileExt;
use std::path::Path;

const PRIVATE: Mode = Mode::RUSR.union(Mode::WUSR);

/// Opens a record to be read and written, never what a link in its place leads to.
pub fn open_record(path: &Path) -> io::Result<File> {
    open(path, OFlags::RDWR)
}

/// Opens a record to be read alone, also where nobody may write.
pub fn look_into_record(path: &Path) -> io::Result<File> {
    open(path, OFlags::RDONLY)
}

fn open(path: &Path, way: OFlags) -> io::Result<File> {
    // O_NONBLOCK: the open of a FIFO must not wait for its other end.
    let flags = way | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
    Ok(openat(CWD, path, flags, Mode::empty())?.into())
}

/// A record's new file, and what came of locking it.
type Created = (File, Result<(), TryLockError>);

/// Makes a record where there is nothing, and locks it.
///
/// An unnamed file is filled first and named last, so that no crash leaves half a first line. Where the file
/// system has no unnamed files, the name comes first and a crash may leave the file empty, which is ours too.
pub fn create_record(path: &Path, first_line: &[u8]) -> io::Result<Created> {
    create_unnamed(path, first_line).transpose().unwrap_or_else(|| create_in_place(path))
}

fn create_unnamed(path: &Path, first_line: &[u8]) -> io::Result<Option<Created>> {
    let flags = OFlags::RDWR | OFlags::TMPFILE | OFlags::CLOEXEC;
    let Ok(fd) = openat(CWD, folder(path), flags, PRIVATE) else { return Ok(None) };
    let file = File::from(fd);
    file.write_all_at(first_line, 0)?;
    file.sync_data()?;
    let locked = file.try_lock();
    let me = format!("/proc/self/fd/{}", file.as_raw_fd());
    match linkat(CWD, &me, CWD, path, AtFlags::SYMLINK_FOLLOW) {
        Ok(()) => Ok(Some((file, locked))),
        Err(rustix::io::Errno::EXIST) => Err(ErrorKind::AlreadyExists.into()),
        Err(_no_proc_or_no_links) => Ok(None),
    }
}

fn create_in_place(path: &Path) -> io::Result<Created> {
    let flags = OFlags::RDWR | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let file = File::from(openat(CWD, path, flags, PRIVATE)?);
    let locked = file.try_lock();
    Ok((file, locked))
}

/// Locks a record, unless somebody else has it.
pub fn try_lock(file: &File) -> Result<(), TryLockError> {
    file.try_lock()
}

/// Whether a path still leads to the open record, and through no link.
pub fn is_at(file: &File, path: &Path) -> io::Result<bool> {
    let held = of(&file.metadata()?);
    match std::fs::symlink_metadata(path) {
        Ok(there) => Ok(held.is_same_file(&of(&there))),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

/// Takes a record's name away.
pub fn remove_record(path: &Path) -> io::Result<()> {
    std::fs::remove_file(path)
}

/// Makes a new record's name durable.
pub fn sync_folder(path: &Path) -> io::Result<()> {
    let folder = match File::open(folder(path)) {
        // A folder may be written to and not read; its file is as good there as anywhere.
        Err(error) if error.kind() == ErrorKind::PermissionDenied => return Ok(()),
        folder => folder?,
    };
    match folder.sync_all() {
        // Some file systems over a network sync no folders.
        Err(error) if matches!(error.raw_os_error(), Some(libc::EINVAL | libc::ENOTSUP)) => Ok(()),
        synced => synced,
    }
}

fn folder(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        Some(_) | None => Path::new("."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn however_it_is_made_a_record_is_locked_and_never_made_over_another_file() {
        for create in [|path: &Path| create_record(path, b"line"), create_in_place] {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("record");
            let (held, locked) = create(&path).unwrap();
            locked.unwrap();
            assert_eq!(held.metadata().unwrap().permissions().mode() & 0o777, 0o600);
            let other = open_record(&path).unwrap();
            assert!(matches!(try_lock(&other), Err(TryLockError::WouldBlock)));
            assert!(is_at(&other, &path).unwrap());
            assert_eq!(create(&path).unwrap_err().kind(), ErrorKind::AlreadyExists);
            assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "something was left");
        }
    }
}
