//! A file that at most one upload holds. The lock is the operating system's, so it ends with its holder.

use super::{foreign, named, unusable};
use crate::error::{Error, Kind, Result};
use crate::sys;
use crate::upload::journal::{self, Destination, Found};
use std::fs::{File, TryLockError};
use std::io::{self, ErrorKind, Read, Seek};
use std::path::Path;

/// Somebody may delete the file between our open and our lock; not for ever.
pub(super) const ROUNDS: u32 = 100;

pub(super) struct Claim {
    pub(super) file: File,
    pub(super) locked: bool,
}

/// Opens and locks what is at `path`, or makes it appear there, locked and with its first line.
pub(super) fn claim(path: &Path, first_line: &[u8]) -> Result<Claim> {
    for _ in 0..ROUNDS {
        let claimed = match sys::open_record(path) {
            Ok(file) => {
                check(&file, path)?;
                let locked = sys::try_lock(&file);
                settle(file, locked, path)?
            }
            Err(error) if error.kind() == ErrorKind::NotFound => match sys::create_record(path, first_line) {
                Ok((file, locked)) => settle(file, locked, path)?,
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
    let file = sys::open_record(path).map_err(|error| refused(path, error))?;
    check(&file, path)?;
    let locked = sys::try_lock(&file);
    let claimed = settle(file, locked, path)?;
    // Its holder may have deleted it between our open and our lock.
    if !is_still_at(&claimed.file, path)? {
        return Err(refused(path, ErrorKind::NotFound.into()));
    }
    Ok(claimed)
}

/// What is at `path` now, whoever holds it; none where it is no regular file.
pub(super) fn peek(path: &Path) -> Result<Option<Vec<u8>>> {
    let file = match sys::look_into_record(path) {
        Ok(file) => file,
        Err(error) if [ErrorKind::NotFound, ErrorKind::PermissionDenied].contains(&error.kind()) => {
            return Err(refused(path, error));
        }
        Err(error) => {
            let is_record = std::fs::symlink_metadata(path).is_ok_and(|there| there.is_file());
            return if is_record { Err(refused(path, error)) } else { Ok(None) };
        }
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
        // Nothing can be there under a name that the file system does not allow.
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::InvalidFilename) => Ok(false),
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
        // Where a record's name comes before its first line, it may be anybody's yet.
        Found::Empty => Occupant::Nobody,
        Found::TooNew(_) => Occupant::Ours,
        Found::Foreign => Occupant::Other,
        Found::Blank(_) | Found::Damaged(_) | Found::Record { .. } => match found.destination() == Some(destination) {
            true => Occupant::Ours,
            false => Occupant::Other,
        },
    })
}

/// The whole file, unless it is far longer than a record.
pub(super) fn read_all(mut file: &File, path: &Path) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let read = file.rewind().and_then(|()| file.take(journal::MAX_LENGTH).read_to_end(&mut bytes));
    read.map_err(|error| unusable(path, "cannot be read", error))?;
    Ok(bytes)
}

/// Refuses what is no regular file, before anything is done to it.
fn check(file: &File, path: &Path) -> Result<()> {
    let metadata = file.metadata().map_err(|error| unusable(path, "cannot be examined", error))?;
    if !metadata.is_file() {
        return Err(foreign(path, "is no regular file"));
    }
    Ok(())
}

fn refused(path: &Path, error: io::Error) -> Error {
    if sys::is_link(&error) {
        return foreign(path, "is a symbolic link");
    }
    if error.kind() == ErrorKind::IsADirectory {
        return foreign(path, "is a directory");
    }
    unusable(path, "cannot be opened", error)
}

/// What an attempt to lock it came to.
fn settle(file: File, locked: std::result::Result<(), TryLockError>, path: &Path) -> Result<Claim> {
    match locked {
        Ok(()) => Ok(Claim { file, locked: true }),
        Err(TryLockError::WouldBlock) => {
            Err(Error::new(Kind::Busy, format!("{} is in use by another upload", named(path))))
        }
        Err(TryLockError::Error(error)) if sys::has_no_locks(&error) => Ok(Claim { file, locked: false }),
        Err(TryLockError::Error(error)) => Err(unusable(path, "cannot be locked", error)),
    }
}

/// Deletes it, while it is held; what somebody put in its place meanwhile is left alone.
pub(super) fn remove(file: &File, path: &Path) -> Result<()> {
    if !is_still_at(file, path)? {
        return Ok(());
    }
    sys::remove_record(path).map_err(|error| unusable(path, "cannot be deleted", error))
}

fn is_still_at(file: &File, path: &Path) -> Result<bool> {
    sys::is_at(file, path).map_err(|error| unusable(path, "cannot be examined", error))
}
