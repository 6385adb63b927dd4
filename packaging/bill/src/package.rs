//! What is linked into a library, as plain values.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

/// Name and version; no version where it is the linker's business which one it takes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Id {
    pub(crate) name: String,
    pub(crate) version: Option<String>,
}

impl Id {
    pub(crate) fn new(name: &str, version: &str) -> Self {
        Self { name: name.to_owned(), version: Some(version.to_owned()) }
    }
}

/// As people write it.
impl std::fmt::Display for Id {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.version {
            Some(version) => write!(out, "{} {version}", self.name),
            None => out.write_str(&self.name),
        }
    }
}

pub(crate) struct Package {
    /// An expression of SPDX.
    pub(crate) license: String,
    pub(crate) authors: Vec<String>,
    pub(crate) purl: Option<String>,
    /// As its lock file has it.
    pub(crate) sha256: Option<String>,
    /// Where its files lie, the licence's among them; nothing where nobody keeps them.
    pub(crate) folder: Option<PathBuf>,
    pub(crate) needs: BTreeSet<Id>,
    pub(crate) targets: BTreeSet<String>,
}

/// The library, and all that is in it.
pub(crate) struct Bill {
    pub(crate) root: Id,
    pub(crate) root_purl: String,
    pub(crate) license: String,
    pub(crate) targets: BTreeSet<String>,
    pub(crate) needs: BTreeSet<Id>,
    pub(crate) packages: BTreeMap<Id, Package>,
}
