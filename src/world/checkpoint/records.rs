//! Records as their keeper sees them: which there are, how far they are, and away with them. None is locked to be looked at,
//! so that an upload that runs is never disturbed.

use super::{file, foreign, unusable};
use crate::error::{Kind, Result};
use crate::upload::journal::{self, Found, Header};
use crate::upload::reconcile::{Slot, recorded};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// A record, as it was when it was looked at.
#[derive(Clone, Debug)]
pub struct Summary {
    /// Where it is.
    pub path: PathBuf,
    /// What can be said of it.
    pub state: State,
}

/// What a record says.
#[derive(Clone, Debug)]
pub enum State {
    /// That an upload is about to begin.
    Blank,
    /// How far an upload is.
    Uploading {
        /// What is fixed.
        header: Box<Header>,
        /// How many parts are confirmed.
        parts: u32,
        /// How many bytes these have.
        bytes: u64,
        /// OSS's time when the object was about to be made, in seconds since 1970.
        completing: Option<i64>,
    },
    /// Nothing that can be read.
    Damaged,
    /// Something that only a newer version can read.
    TooNew,
}

/// Looks at the record at a path.
pub fn inspect(path: &Path) -> Result<Summary> {
    match file::peek(path)?.map(|bytes| journal::decode(&bytes)) {
        None => Err(foreign(path, "is no regular file")),
        Some(Found::Foreign) => Err(foreign(path, "is not a checkpoint of ossup")),
        Some(found) => Ok(Summary { path: path.to_owned(), state: state(found) }),
    }
}

/// Looks at all records in a folder whose names end as records' names do; whatever else is there is passed over.
pub fn list(folder: &Path) -> Result<Vec<Summary>> {
    let unreadable = |error| unusable(folder, "cannot be listed", error);
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        if !path.as_os_str().as_encoded_bytes().ends_with(super::SUFFIX.as_bytes()) {
            continue;
        }
        match inspect(&path) {
            Ok(summary) => found.push(summary),
            // Somebody else's, or gone since the folder was read.
            Err(error) if error.kind() == Kind::CheckpointForeign => {}
            Err(error) if error.io_kind() == Some(ErrorKind::NotFound) => {}
            Err(error) => return Err(error),
        }
    }
    found.sort_by(|one, other| one.path.cmp(&other.path));
    Ok(found)
}

/// Deletes a record, unless an upload holds it. What it speaks of stays on the server.
pub fn delete(path: &Path) -> Result<()> {
    let claim = file::claim_existing(path)?;
    if journal::decode(&file::read_all(&claim.file, path)?) == Found::Foreign {
        return Err(foreign(path, "is not a checkpoint of ossup"));
    }
    file::remove(&claim.file, path)
}

fn state(found: Found) -> State {
    match found {
        Found::Empty | Found::Blank(_) => State::Blank,
        Found::Damaged(_) | Found::Foreign => State::Damaged,
        Found::TooNew(_) => State::TooNew,
        Found::Record { record, .. } => {
            let slots = recorded(&record.header.plan, record.parts);
            let parts = || slots.iter().filter_map(Slot::part);
            State::Uploading {
                parts: u32::try_from(parts().count()).unwrap_or(u32::MAX),
                bytes: parts().map(|part| part.size).sum(),
                header: Box::new(record.header),
                completing: record.completing,
            }
        }
    }
}
