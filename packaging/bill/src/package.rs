//! What is linked into a library, as plain values.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

/// Name and version.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Id {
    pub(crate) name: String,
    pub(crate) version: String,
}

impl Id {
    pub(crate) fn new(name: &str, version: &str) -> Self {
        Self { name: name.to_owned(), version: version.to_owned() }
    }
}

/// As people write it.
impl std::fmt::Display for Id {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "{} {}", self.name, self.version)
    }
}

pub(crate) struct Package {
    /// An expression of SPDX.
    pub(crate) license: String,
    pub(crate) authors: Vec<String>,
    pub(crate) purl: String,
    /// As its lock file has it.
    pub(crate) sha256: Option<String>,
    /// Where the texts of its licences lie, among other files; nowhere, and it gets those that its licences have for everybody.
    pub(crate) folders: Vec<PathBuf>,
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
