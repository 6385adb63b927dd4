//! The folder with the file and its record, as it is and as a power cut would leave it; `disk.c` keeps the notes.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::UNIX_EPOCH;
use tempfile::TempDir;

const SOURCE: &str = "file.bin";
/// Where a record usually is.
const PLACE: &str = "file.bin.ucp";
const DIARY: &[u8] = b"dear diary\n";

/// Files by name.
pub(crate) type Files = BTreeMap<String, File>;

/// A record, or what else is there.
#[derive(Clone, Debug)]
pub(crate) struct File {
    /// Its inode and its birth, as `disk.c` writes them.
    pub(crate) id: String,
    pub(crate) bytes: Vec<u8>,
}

pub(crate) struct Disk {
    folder: TempDir,
    notes: TempDir,
    /// The record's usual place is taken by a file that is none of ours.
    foreign: bool,
}

impl Disk {
    pub(crate) fn with(source: &[u8], foreign: bool) -> io::Result<Self> {
        let disk = Self { folder: tempfile::tempdir()?, notes: tempfile::tempdir()?, foreign };
        fs::write(disk.source(), source)?;
        if foreign {
            fs::write(disk.folder.path().join(PLACE), DIARY)?;
        }
        Ok(disk)
    }

    /// Whether files that are none of ours are as they were.
    pub(crate) fn left_others_alone(&self) -> bool {
        !self.foreign || fs::read(self.folder.path().join(PLACE)).is_ok_and(|bytes| bytes == DIARY)
    }

    fn is_ours(&self, name: &str) -> bool {
        name != SOURCE && !(self.foreign && name == PLACE)
    }

    pub(crate) fn source(&self) -> PathBuf {
        self.folder.path().join(SOURCE)
    }

    /// Has what is durable noted by a program that is about to start.
    pub(crate) fn watch(&self, command: &mut Command) {
        command.env("TORTURE_FOLDER", self.folder.path()).env("TORTURE_NOTES", self.notes.path());
    }

    /// What is there of ours.
    pub(crate) fn files(&self) -> io::Result<Files> {
        let mut files = Files::new();
        for entry in fs::read_dir(self.folder.path())? {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            if self.is_ours(&name) {
                files.insert(name, File { id: id(&entry.path())?, bytes: fs::read(entry.path())? });
            }
        }
        Ok(files)
    }

    /// What a power cut is bound to leave of them.
    pub(crate) fn durable_files(&self) -> io::Result<Files> {
        let mut files = Files::new();
        let names = match fs::read_to_string(self.names()) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(files),
            names => names?,
        };
        for (id, name) in names.lines().filter_map(|line| line.split_once(' ')) {
            if self.is_ours(name) {
                files.insert(name.to_owned(), File { id: id.to_owned(), bytes: self.durable_bytes(id)? });
            }
        }
        Ok(files)
    }

    /// What is durable of a file's contents, whether or not its name is.
    pub(crate) fn durable_bytes(&self, id: &str) -> io::Result<Vec<u8>> {
        match fs::read(self.bytes(id)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
            bytes => bytes,
        }
    }

    /// The machine has come up again: these files are there, and durable.
    pub(crate) fn replace(&self, files: &BTreeMap<String, Vec<u8>>) -> io::Result<()> {
        for name in self.files()?.keys() {
            fs::remove_file(self.folder.path().join(name))?;
        }
        for note in fs::read_dir(self.notes.path())? {
            fs::remove_file(note?.path())?;
        }
        let mut names = String::new();
        for (name, bytes) in files {
            let path = self.folder.path().join(name);
            let private = fs::File::options().write(true).create_new(true).mode(0o600).open(&path);
            io::Write::write_all(&mut private?, bytes)?;
            let id = id(&path)?;
            fs::write(self.bytes(&id), bytes)?;
            names.push_str(&format!("{id} {name}\n"));
        }
        fs::write(self.names(), names)
    }

    fn names(&self) -> PathBuf {
        self.notes.path().join("names")
    }

    fn bytes(&self, id: &str) -> PathBuf {
        self.notes.path().join(format!("{id}.bytes"))
    }
}

fn id(path: &Path) -> io::Result<String> {
    let metadata = fs::metadata(path)?;
    let birth = metadata.created().ok().and_then(|birth| birth.duration_since(UNIX_EPOCH).ok()).unwrap_or_default();
    Ok(format!("{}-{}{:09}", metadata.ino(), birth.as_secs(), birth.subsec_nanos()))
}
