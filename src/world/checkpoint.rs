//! The record's file: found, locked, written, put away.
//!
//! Somebody else's file is never touched: only a file that is empty or bears our first line is written or
//! deleted. Every call may block.

mod file;

use crate::error::{Error, Kind, Result};
use crate::oss::request::Object;
use crate::upload::journal::{self, Destination, Encoder, Found, Header};
use crate::world::source::{Source, no_resources};
use file::{Claim, Occupant};
use std::ffi::OsString;
use std::fs::File;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

/// Where a record is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// Where the caller said.
    At(PathBuf),
    /// Beside the file that is uploaded.
    Beside(PathBuf),
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
    let destination = Destination::of(object);
    match place {
        Place::At(path) => {
            refuse_the_source(path, source)?;
            open_at(path, destination)
        }
        Place::Beside(upload_file) => open_beside(upload_file, destination),
    }
}

/// Under the usual name, or, where that is somebody else's, under one of the destination's own.
fn open_beside(upload_file: &Path, destination: Destination) -> Result<(Checkpoint, Found)> {
    let plain = with_suffix(upload_file, ".ucp");
    let hashed = with_suffix(upload_file, &format!(".{destination}.ucp"));
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
        return Err(foreign(path, "is the checkpoint of an upload to another object"));
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
        file::sync_folder(&self.path)
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
        self.file.write_all_at(lines, self.length).map_err(|error| unusable(&self.path, "cannot be written", error))?;
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
        if !file::is_still_at(&self.file, &self.path)? {
            return Ok(());
        }
        std::fs::remove_file(&self.path).map_err(|error| unusable(&self.path, "cannot be deleted", error))
    }

    fn cut(&mut self, length: u64) -> Result<()> {
        self.file.set_len(length).map_err(|error| unusable(&self.path, "cannot be cut", error))?;
        self.length = length;
        self.torn = false;
        Ok(())
    }
}

fn refuse_the_source(path: &Path, source: &dyn Source) -> Result<()> {
    use std::os::unix::fs::MetadataExt;
    let Ok(metadata) = std::fs::metadata(path) else { return Ok(()) };
    let identity = source.look()?;
    if (metadata.dev(), metadata.ino()) == (identity.device, identity.index) {
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
    Error::io(no_resources(&error).unwrap_or(Kind::CheckpointUnusable), format!("{} {what}", named(path)), error)
}

#[cfg(test)]
mod tests;
