//! What the server keeps: buckets, their objects and their uploads.

use std::collections::BTreeMap;
use std::io;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tempfile::TempDir;
use time::OffsetDateTime;

use crate::blob::{Blob, Receiver};
use crate::refusal::Refusal;

pub(crate) struct Store {
    folder: Folder,
    counting: bool,
    next_file: AtomicU64,
    buckets: Mutex<BTreeMap<String, Bucket>>,
}

enum Folder {
    Temporary(TempDir),
    Given(PathBuf),
}

pub(crate) struct Bucket {
    pub(crate) created: OffsetDateTime,
    pub(crate) objects: BTreeMap<String, Arc<Object>>,
    /// By key and upload id, which is the order in which they are listed.
    pub(crate) uploads: BTreeMap<(String, String), Upload>,
    /// What became of completed uploads.
    pub(crate) completed: BTreeMap<String, Completed>,
}

pub(crate) struct Completed {
    pub(crate) object: Arc<Object>,
    /// All that were there, whether or not the object is made of them.
    pub(crate) parts: BTreeMap<u32, Part>,
}

pub(crate) struct Object {
    pub(crate) size: u64,
    pub(crate) crc64: u64,
    pub(crate) etag: String,
    pub(crate) kind: ObjectKind,
    pub(crate) modified: OffsetDateTime,
    pub(crate) acl: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) version: Option<String>,
    pub(crate) content: Vec<Arc<Blob>>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum ObjectKind {
    Normal,
    Multipart,
}

impl ObjectKind {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Normal => "Normal",
            Self::Multipart => "Multipart",
        }
    }
}

pub(crate) struct Upload {
    pub(crate) initiated: OffsetDateTime,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) parts: BTreeMap<u32, Part>,
}

#[derive(Clone)]
pub(crate) struct Part {
    pub(crate) etag: String,
    pub(crate) crc64: u64,
    pub(crate) modified: OffsetDateTime,
    pub(crate) blob: Arc<Blob>,
}

impl Store {
    pub(crate) fn open(dir: Option<PathBuf>, counting: bool) -> io::Result<Self> {
        let folder = match dir {
            Some(dir) => {
                std::fs::create_dir_all(&dir)?;
                Folder::Given(dir)
            }
            None => Folder::Temporary(tempfile::Builder::new().prefix("oss-server-").tempdir()?),
        };
        Ok(Self { folder, counting, next_file: AtomicU64::new(0), buckets: Mutex::default() })
    }

    pub(crate) fn counts_only(&self) -> bool {
        self.counting
    }

    /// A place for a body that is about to come.
    pub(crate) fn receiver(&self, with_md5: bool) -> io::Result<Receiver> {
        if self.counting {
            return Receiver::new(None, with_md5);
        }
        let folder = match &self.folder {
            Folder::Temporary(folder) => folder.path(),
            Folder::Given(folder) => folder,
        };
        let number = self.next_file.fetch_add(1, Ordering::Relaxed);
        let name = format!("body-{}-{number}", std::process::id());
        Receiver::new(Some(folder.join(name)), with_md5)
    }

    pub(crate) fn create_bucket(&self, name: &str, now: OffsetDateTime) {
        self.all().entry(name.to_owned()).or_insert_with(|| Bucket {
            created: now,
            objects: BTreeMap::new(),
            uploads: BTreeMap::new(),
            completed: BTreeMap::new(),
        });
    }

    /// Does something to a bucket while nobody else can.
    pub(crate) fn with<T>(
        &self,
        bucket: &str,
        act: impl FnOnce(&mut Bucket) -> Result<T, Refusal>,
    ) -> Result<T, Refusal> {
        match self.all().get_mut(bucket) {
            Some(bucket) => act(bucket),
            None => Err(Refusal::no_such_bucket(bucket)),
        }
    }

    pub(crate) fn object(&self, bucket: &str, key: &str) -> Result<Arc<Object>, Refusal> {
        self.with(bucket, |bucket| bucket.objects.get(key).cloned().ok_or_else(|| Refusal::no_such_key(key)))
    }

    pub(crate) fn all(&self) -> MutexGuard<'_, BTreeMap<String, Bucket>> {
        self.buckets.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Bucket {
    pub(crate) fn upload(&mut self, key: &str, id: &str) -> Result<&mut Upload, Refusal> {
        self.uploads.get_mut(&(key.to_owned(), id.to_owned())).ok_or_else(|| Refusal::no_such_upload(id))
    }

    pub(crate) fn check_overwrite(&self, key: &str, forbidden: bool) -> Result<(), Refusal> {
        if forbidden && self.objects.contains_key(key) {
            return Err(Refusal::already_exists(key));
        }
        Ok(())
    }
}
