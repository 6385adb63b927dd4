//! A regular file.

use super::{Source, no_resources};
use crate::error::{Error, Kind, Result};
use crate::sys::{self, Facts};
use crate::upload::identity::Identity;
use crate::world::clock::{Clock, SystemClock};
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// A regular file.
#[derive(Debug)]
pub struct FileSource {
    path: PathBuf,
    open: Mutex<Open>,
    /// What it was when it was opened first.
    identity: Identity,
}

#[derive(Clone, Debug)]
struct Open {
    file: Arc<File>,
    /// It lies on no disk: reading it waits for nothing.
    is_memory: bool,
}

impl FileSource {
    /// Opens a file, which must be a regular one.
    pub fn open(path: &Path) -> Result<Self> {
        let (file, identity) = open(path)?;
        let is_memory = sys::is_memory(&file);
        let open = Mutex::new(Open { file: Arc::new(file), is_memory });
        Ok(Self { path: path.to_owned(), open, identity })
    }

    /// Which file it was when it was opened.
    pub fn identity(&self) -> Identity {
        self.identity
    }

    fn lock(&self) -> MutexGuard<'_, Open> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn open_file(&self) -> Arc<File> {
        Arc::clone(&self.lock().file)
    }

    fn is_at_its_path(&self) -> bool {
        match (sys::facts(&self.open_file()), sys::target_facts(&self.path)) {
            (Ok(held), Ok(there)) => held.is_same_file(&there),
            _ => false,
        }
    }
}

impl Source for FileSource {
    fn look(&self) -> Result<Identity> {
        let (file, identity) = match open(&self.path) {
            // Descriptors are scarce where there are many connections; while the path leads to it, the file that is open
            // will do.
            Err(error) if error.kind() == Kind::NoResources && self.is_at_its_path() => {
                return Ok(identity(&facts(&self.open_file(), &self.path)?));
            }
            opened => opened?,
        };
        let mut open = self.lock();
        open.file = Arc::new(file);
        open.is_memory &= identity.device == self.identity.device;
        drop(open);
        Ok(identity)
    }

    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        let file = self.open_file();
        let mut filled = 0;
        while filled < buffer.len() {
            match sys::read_at(&file, &mut buffer[filled..], offset + filled as u64) {
                Ok(0) => break,
                Ok(count) => filled += count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(filled)
    }

    fn read_resident(&self, buffer: &mut [u8], offset: u64) -> bool {
        let Open { file, is_memory } = self.lock().clone();
        let count =
            if is_memory { sys::read_at(&file, buffer, offset) } else { sys::read_resident(&file, buffer, offset) };
        // Whatever else is the matter, the read that may block will tell.
        count.is_ok_and(|count| count == buffer.len())
    }
}

fn open(path: &Path) -> Result<(File, Identity)> {
    let file = sys::open_source(path).map_err(|error| match error.kind() == io::ErrorKind::IsADirectory {
        true => no_source(path, "a directory"),
        false => unreadable(path, "cannot be opened", error),
    })?;
    let facts = facts(&file, path)?;
    if facts.is_file {
        return Ok((file, identity(&facts)));
    }
    Err(no_source(path, if facts.is_folder { "a directory" } else { "no regular file" }))
}

fn facts(file: &File, path: &Path) -> Result<Facts> {
    sys::facts(file).map_err(|error| unreadable(path, "cannot be examined", error))
}

fn identity(facts: &Facts) -> Identity {
    Identity {
        size: facts.size,
        modified: facts.modified,
        changed: facts.changed,
        device: facts.device,
        index: facts.index,
        observed: SystemClock.unix_nanos(),
    }
}

fn no_source(path: &Path, what: &str) -> Error {
    Error::new(Kind::SourceUnreadable, format!("UploadFile: {} is {what}", path.display()))
}

fn unreadable(path: &Path, what: &str, error: io::Error) -> Error {
    let kind = no_resources(&error).unwrap_or(Kind::SourceUnreadable);
    let what = if sys::is_not_shared(&error) { "is in use by a program that does not share it" } else { what };
    Error::io(kind, format!("UploadFile: {} {what}", path.display()), error)
}

#[cfg(test)]
mod tests;
