//! The record's file: found, locked, written, put away.
//!
//! Somebody else's file is never touched: only a file that is empty or bears our first line is written or
//! deleted. Every call may block.

mod file;
pub mod records;

use crate::error::{Error, Kind, Result};
use crate::oss::encode::hex;
use crate::oss::request::Object;
use crate::sys;
use crate::upload::journal::{self, Destination, Encoder, Found, Header};
use crate::world::source::{Source, no_resources};
use file::{Claim, Occupant};
use sha2::{Digest, Sha256};
use std::ffi::OsString;
use std::fs::File;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// What the names of records end with, unless the caller says otherwise.
const SUFFIX: &str = ".ucp";

const OTHER_OBJECT: &str = "is the checkpoint of an upload to another object";

/// Where a record is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// Where the caller said.
    At(PathBuf),
    /// Beside the file that is uploaded.
    Beside(PathBuf),
    /// In a folder of records, under a name that stands for the file and its destination.
    In {
        /// The folder.
        folder: PathBuf,
        /// The file that is uploaded, if it is one.
        upload_file: Option<PathBuf>,
    },
}

/// A record's file, held by this upload alone.
#[derive(Debug)]
pub struct Checkpoint {
    path: PathBuf,
    file: File,
    destination: Destination,
    /// How much of the file is known to be good.
    length: u64,
    /// Something that a crash or a failed write left stands behind that.
    torn: bool,
    encoder: Option<Encoder>,
    /// Nobody else can hold it; some file systems cannot promise that.
    locked: bool,
}

/// Takes hold of the record of a destination, making a blank one where there is none.
pub fn open(place: &Place, object: &Object, source: &dyn Source) -> Result<(Checkpoint, Found)> {
    let (checkpoint, found) = match place {
        Place::At(path) => {
            refuse_the_source(path, source)?;
            open_at(path, Destination::of(object))
        }
        Place::Beside(upload_file) => open_beside(upload_file, Destination::of(object)),
        Place::In { folder, upload_file } => {
            open_at(&folder.join(hashed_name(upload_file.as_deref(), object)), Destination::of(object))
        }
    }?;
    match &found {
        // Two destinations may have one short name.
        Found::Record { record, .. }
            if (&record.header.bucket, &record.header.key) != (&object.bucket, &object.key) =>
        {
            Err(foreign(checkpoint.path(), OTHER_OBJECT))
        }
        Found::Record { .. }
        | Found::Empty
        | Found::Blank(_)
        | Found::Damaged(_)
        | Found::TooNew(_)
        | Found::Foreign => Ok((checkpoint, found)),
    }
}

/// Whether there is a record of this object with something to go on from, whoever holds it.
pub fn is_kept(place: &Place, object: &Object) -> bool {
    paths(place, object).iter().any(|path| {
        match file::peek(path).map(|bytes| bytes.map(|bytes| journal::decode(&bytes))) {
            Ok(Some(Found::Record { record, .. })) => {
                (&record.header.bucket, &record.header.key) == (&object.bucket, &object.key)
            }
            Ok(_) | Err(_) => false,
        }
    })
}

/// Whether there is anything where the record of an upload to this object would be.
pub fn is_there(place: &Place, object: &Object) -> bool {
    paths(place, object).iter().any(|path| path.exists())
}

fn paths(place: &Place, object: &Object) -> Vec<PathBuf> {
    match place {
        Place::At(path) => vec![path.clone()],
        Place::Beside(upload_file) => names_beside(upload_file, Destination::of(object)).into(),
        Place::In { folder, upload_file } => vec![folder.join(hashed_name(upload_file.as_deref(), object))],
    }
}

/// The usual name, and one of the destination's own.
fn names_beside(upload_file: &Path, destination: Destination) -> [PathBuf; 2] {
    [with_suffix(upload_file, SUFFIX), with_suffix(upload_file, &format!(".{destination}{SUFFIX}"))]
}

/// One name for one file on its way to one object, however the file's path is written, and one for all that is no file.
fn hashed_name(upload_file: Option<&Path>, object: &Object) -> String {
    let upload_file = upload_file.unwrap_or(Path::new(""));
    let path = std::fs::canonicalize(upload_file).unwrap_or_else(|_| upload_file.to_owned());
    let mut digest = Sha256::new();
    for text in [object.bucket.as_bytes(), object.key.as_bytes(), path.as_os_str().as_encoded_bytes()] {
        digest.update(text);
        digest.update([0]);
    }
    format!("{}{SUFFIX}", hex(&digest.finalize()[..16]))
}

/// Whether a record cannot be begun because the disk is full: that may pass.
pub fn is_for_want_of_room(error: &Error) -> bool {
    matches!(error.io_kind(), Some(ErrorKind::StorageFull | ErrorKind::QuotaExceeded))
}

/// Under the usual name, or, where that is somebody else's, under one of the destination's own.
fn open_beside(upload_file: &Path, destination: Destination) -> Result<(Checkpoint, Found)> {
    let [plain, hashed] = names_beside(upload_file, destination);
    for _ in 0..file::ROUNDS {
        if file::exists(&hashed)? || file::occupant(&plain, destination)? == Occupant::Other {
            return open_at(&hashed, destination);
        }
        match open_at(&plain, destination) {
            // Taken between the look and the lock: by whom?
            Err(error) if matches!(error.kind(), Kind::Busy | Kind::CheckpointForeign) => {
                if file::occupant(&plain, destination)? == Occupant::Ours {
                    return Err(error);
                }
            }
            opened => return opened,
        }
    }
    Err(Error::new(Kind::Busy, format!("{} keeps appearing and disappearing", named(&plain))))
}

fn open_at(path: &Path, destination: Destination) -> Result<(Checkpoint, Found)> {
    let first_line = journal::first_line(destination);
    let Claim { file, locked } = file::claim(path, &first_line)?;
    let bytes = file::read_all(&file, path)?;
    let found = journal::decode(&bytes);
    let (length, encoder) = match &found {
        Found::Foreign => return Err(foreign(path, "is not a checkpoint of ossup")),
        Found::TooNew(version) => {
            let message = format!("{} was written by a newer ossup (format {version})", named(path));
            return Err(Error::new(Kind::CheckpointTooNew, message));
        }
        Found::Empty => (0, None),
        Found::Blank(_) | Found::Damaged(_) => (first_line.len() as u64, None),
        Found::Record { length, encoder, .. } => (*length, Some(*encoder)),
    };
    if found.destination().is_some_and(|other| other != destination) {
        return Err(foreign(path, OTHER_OBJECT));
    }
    let torn = bytes.len() as u64 != length;
    let mut checkpoint = Checkpoint { path: path.to_owned(), file, destination, length, torn, encoder, locked };
    if found == Found::Empty {
        checkpoint.append(&first_line)?;
    }
    Ok((checkpoint, found))
}

impl Checkpoint {
    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Whether the file system keeps other uploads away from it.
    pub fn is_locked(&self) -> bool {
        self.locked
    }

    /// Begins anew with a header, and makes that durable. The first line stays: whatever happens, the file is ours.
    pub fn begin(&mut self, header: &Header) -> Result<()> {
        let (encoder, line) = Encoder::header(header);
        self.encoder = None;
        self.cut(journal::first_line(self.destination).len() as u64)?;
        self.append(&line)?;
        self.encoder = Some(encoder);
        self.settle()
    }

    /// Makes what is found there survive a power cut: who wrote it may have been killed before he came to it.
    pub fn settle(&self) -> Result<()> {
        self.sync()?;
        sys::sync_folder(&self.path)
            .map_err(|error| unusable(&self.path, "cannot be made durable in its folder", error))
    }

    /// What writes the lines that follow the header.
    pub fn encoder(&self) -> Option<Encoder> {
        self.encoder
    }

    /// Adds whole lines. What an earlier failure or crash left behind the good bytes is cut off first.
    pub fn append(&mut self, lines: &[u8]) -> Result<()> {
        if self.torn {
            self.cut(self.length)?;
        }
        self.torn = true;
        let written = sys::write_all_at(&self.file, lines, self.length);
        written.map_err(|error| unusable(&self.path, "cannot be written", error))?;
        self.torn = false;
        self.length += lines.len() as u64;
        Ok(())
    }

    /// Makes what was written survive a power cut.
    pub fn sync(&self) -> Result<()> {
        self.file.sync_data().map_err(|error| unusable(&self.path, "cannot be made durable", error))
    }

    /// Removes it, while it is still held; what somebody put in its place meanwhile is left alone.
    pub fn delete(self) -> Result<()> {
        file::remove(&self.file, &self.path)
    }

    fn cut(&mut self, length: u64) -> Result<()> {
        self.file.set_len(length).map_err(|error| unusable(&self.path, "cannot be cut", error))?;
        self.length = length;
        self.torn = false;
        Ok(())
    }
}

fn refuse_the_source(path: &Path, source: &dyn Source) -> Result<()> {
    let Ok(there) = sys::target_facts(path) else { return Ok(()) };
    let identity = source.look()?;
    if identity.is_file() && (there.device, there.index) == (identity.device, identity.index) {
        return Err(foreign(path, "is the file to upload itself"));
    }
    Ok(())
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(suffix);
    name.into()
}

fn named(path: &Path) -> String {
    format!("CheckpointFile: {}", path.display())
}

fn foreign(path: &Path, what: &str) -> Error {
    Error::new(Kind::CheckpointForeign, format!("{} {what}; it was left as it is", named(path)))
}

fn unusable(path: &Path, what: &str, error: std::io::Error) -> Error {
    let what = if sys::is_not_shared(&error) { "is in use by a program that does not share it" } else { what };
    Error::io(no_resources(&error).unwrap_or(Kind::CheckpointUnusable), format!("{} {what}", named(path)), error)
}

#[cfg(test)]
mod tests;
