//! A file that at most one upload holds. The lock is the operating system's, so it ends with its holder.

use super::{foreign, named, unusable};
use crate::error::{Error, Kind, Result};
use crate::upload::journal::{self, Destination, Found};
use rustix::fs::{AtFlags, CWD, Mode, OFlags, linkat, openat};
use std::fs::{File, TryLockError};
use std::io::{self, ErrorKind, Read};
use std::os::fd::AsRawFd;
use std::os::unix::fs::{FileExt, FileTypeExt, MetadataExt};
use std::path::Path;

/// Somebody may delete the file between our open and our lock; not for ever.
pub(super) const ROUNDS: u32 = 100;
const PRIVATE: Mode = Mode::RUSR.union(Mode::WUSR);

pub(super) struct Claim {
    pub(super) file: File,
    pub(super) locked: bool,
}

/// Opens and locks what is at `path`, or makes it appear there, locked and with its first line.
pub(super) fn claim(path: &Path, first_line: &[u8]) -> Result<Claim> {
    for _ in 0..ROUNDS {
        let claimed = match open_existing(path) {
            Ok(file) => {
                check(&file, path)?;
                lock(file, path)?
            }
            Err(error) if error.kind() == ErrorKind::NotFound => match create(path, first_line) {
                Ok(file) => lock(file, path)?,
                Err(error) if error.kind() == ErrorKind::AlreadyExists => continue,
                Err(error) => return Err(unusable(path, "cannot be created", error)),
            },
            Err(error) => return Err(refused(path, error)),
        };
        // The lock on a file that was deleted meanwhile is worth nothing.
        if is_still_at(&claimed.file, path)? {
            return Ok(claimed);
        }
    }
    Err(Error::new(Kind::Busy, format!("{} keeps appearing and disappearing", named(path))))
}

/// Opens and locks what is at `path`.
pub(super) fn claim_existing(path: &Path) -> Result<Claim> {
    let file = open_existing(path).map_err(|error| refused(path, error))?;
    check(&file, path)?;
    lock(file, path)
}

/// What is at `path` now, whoever holds it; none where it is no regular file.
pub(super) fn peek(path: &Path) -> Result<Option<Vec<u8>>> {
    let file = match open_existing(path) {
        Ok(file) => file,
        Err(error) if [ErrorKind::NotFound, ErrorKind::PermissionDenied].contains(&error.kind()) => {
            return Err(refused(path, error));
        }
        Err(_directory_link_or_device) => return Ok(None),
    };
    if check(&file, path).is_err() {
        return Ok(None);
    }
    read_all(&file, path).map(Some)
}

/// Whether there is anything at `path`.
pub(super) fn exists(path: &Path) -> Result<bool> {
    match std::fs::symlink_metadata(path) {
        Ok(_) => Ok(true),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
        Err(error) => Err(unusable(path, "cannot be looked for", error)),
    }
}

/// Whose a record's place is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Occupant {
    Nobody,
    Ours,
    Other,
}

/// Whose `path` is, as a record of this destination sees it.
pub(super) fn occupant(path: &Path, destination: Destination) -> Result<Occupant> {
    let found = match peek(path) {
        Ok(Some(bytes)) => journal::decode(&bytes),
        Ok(None) => return Ok(Occupant::Other),
        Err(error) if error.io_kind() == Some(ErrorKind::NotFound) => return Ok(Occupant::Nobody),
        Err(error) => return Err(error),
    };
    Ok(match &found {
        Found::Empty | Found::TooNew(_) => Occupant::Ours,
        Found::Foreign => Occupant::Other,
        Found::Blank(_) | Found::Damaged(_) | Found::Record { .. } => match found.destination() == Some(destination) {
            true => Occupant::Ours,
            false => Occupant::Other,
        },
    })
}

/// The whole file, unless it is far longer than a record.
pub(super) fn read_all(file: &File, path: &Path) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let read = file.take(journal::MAX_LENGTH).read_to_end(&mut bytes);
    read.map_err(|error| unusable(path, "cannot be read", error))?;
    Ok(bytes)
}

/// Makes a new file's name durable.
pub(super) fn sync_folder(path: &Path) -> Result<()> {
    let folder = File::open(folder(path)).and_then(|folder| folder.sync_all());
    folder.map_err(|error| unusable(path, "cannot be made durable in its folder", error))
}

fn folder(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        Some(_) | None => Path::new("."),
    }
}

fn open_existing(path: &Path) -> io::Result<File> {
    // O_NONBLOCK: the open of a FIFO must not wait for its other end.
    let flags = OFlags::RDWR | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
    Ok(openat(CWD, path, flags, Mode::empty())?.into())
}

/// Refuses what is no regular file or is somebody else's, before anything is done to it.
fn check(file: &File, path: &Path) -> Result<()> {
    let metadata = file.metadata().map_err(|error| unusable(path, "cannot be examined", error))?;
    let kind = metadata.file_type();
    if kind.is_fifo() || !kind.is_file() {
        return Err(foreign(path, "is no regular file"));
    }
    Ok(())
}

fn refused(path: &Path, error: io::Error) -> Error {
    match error.raw_os_error() {
        Some(libc::ELOOP) => foreign(path, "is a symbolic link"),
        Some(libc::EISDIR) => foreign(path, "is a directory"),
        _ => unusable(path, "cannot be opened", error),
    }
}

/// An unnamed file is filled first and named last, so that no crash leaves half a first line. Where the file
/// system has no unnamed files, the name comes first and a crash may leave the file empty, which is ours too.
fn create(path: &Path, first_line: &[u8]) -> io::Result<File> {
    let unnamed = OFlags::RDWR | OFlags::TMPFILE | OFlags::CLOEXEC;
    if let Ok(fd) = openat(CWD, folder(path), unnamed, PRIVATE) {
        let file = File::from(fd);
        file.write_all_at(first_line, 0)?;
        file.sync_data()?;
        let locked = file.try_lock();
        let me = format!("/proc/self/fd/{}", file.as_raw_fd());
        match linkat(CWD, &me, CWD, path, AtFlags::SYMLINK_FOLLOW) {
            Ok(()) => return Ok(file),
            Err(rustix::io::Errno::EXIST) => return Err(ErrorKind::AlreadyExists.into()),
            Err(_no_proc_or_no_links) => drop(locked),
        }
    }
    let flags = OFlags::RDWR | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    Ok(openat(CWD, path, flags, PRIVATE)?.into())
}

fn lock(file: File, path: &Path) -> Result<Claim> {
    match file.try_lock() {
        Ok(()) => Ok(Claim { file, locked: true }),
        Err(TryLockError::WouldBlock) => {
            Err(Error::new(Kind::Busy, format!("{} is in use by another upload", named(path))))
        }
        Err(TryLockError::Error(error)) if cannot_lock(&error) => Ok(Claim { file, locked: false }),
        Err(TryLockError::Error(error)) => Err(unusable(path, "cannot be locked", error)),
    }
}

fn cannot_lock(error: &io::Error) -> bool {
    matches!(error.raw_os_error(), Some(libc::ENOLCK | libc::ENOTSUP | libc::ENOSYS))
}

/// Deletes it, while it is held; what somebody put in its place meanwhile is left alone.
pub(super) fn remove(file: &File, path: &Path) -> Result<()> {
    if !is_still_at(file, path)? {
        return Ok(());
    }
    std::fs::remove_file(path).map_err(|error| unusable(path, "cannot be deleted", error))
}

fn is_still_at(file: &File, path: &Path) -> Result<bool> {
    let held = file.metadata().map_err(|error| unusable(path, "cannot be examined", error))?;
    match std::fs::symlink_metadata(path) {
        Ok(there) => Ok((held.dev(), held.ino()) == (there.dev(), there.ino())),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
        Err(error) => Err(unusable(path, "cannot be examined", error)),
    }
}
