//! What cargo says: which packages a build links, where they lie, what they hash to.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use serde::Deserialize;

use crate::package::Id;

/// A manifest and how it is built.
pub(crate) struct Asked<'a> {
    pub(crate) manifest: &'a Path,
    pub(crate) target: &'a str,
    /// Whose standard library it is; none for what any compiler builds.
    pub(crate) std_of: Option<&'a Path>,
}

/// What a package's own manifest says.
#[derive(Deserialize)]
pub(crate) struct Described {
    name: String,
    version: String,
    pub(crate) license: Option<String>,
    pub(crate) authors: Vec<String>,
    /// None for what lies in the workspace.
    pub(crate) source: Option<String>,
    manifest_path: PathBuf,
}

impl Described {
    pub(crate) fn folders(&self) -> Vec<PathBuf> {
        self.manifest_path.parent().map(Path::to_path_buf).into_iter().collect()
    }
}

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Described>,
}

#[derive(Deserialize)]
struct Lock {
    package: Vec<Locked>,
}

#[derive(Deserialize)]
struct Locked {
    name: String,
    version: String,
    checksum: Option<String>,
}

fn cargo(asked: &Asked<'_>, arguments: &[&str]) -> Result<String, String> {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(arguments).args(["--locked", "--quiet", "--manifest-path"]).arg(asked.manifest);
    if let Some(rustc) = asked.std_of {
        // Its manifest uses what only the compiler's own build may; the features are those of that build.
        command.env("RUSTC", rustc).env("RUSTC_BOOTSTRAP", "1").args(["--features", "panic-unwind,backtrace"]);
    }
    let output = command.output().map_err(|error| format!("cargo {}: {error}", arguments.join(" ")))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        return Err(format!("cargo {} of {}: {said}", arguments.join(" "), asked.manifest.display()));
    }
    String::from_utf8(output.stdout).map_err(|error| format!("cargo {}: {error}", arguments.join(" ")))
}

/// What is linked: macros and what builds are not. Each package with what it needs itself; the first one is the root.
pub(crate) fn linked(asked: &Asked<'_>) -> Result<(Id, BTreeMap<Id, BTreeSet<Id>>), String> {
    let arguments =
        ["tree", "--edges=normal,no-proc-macro", "--target", asked.target, "--prefix=depth", "--format= {p}"];
    graph(&cargo(asked, &arguments)?)
}

/// The same packages by another question, for whoever checks.
pub(crate) fn names(asked: &Asked<'_>) -> Result<BTreeSet<Id>, String> {
    let arguments = ["tree", "--edges=normal,no-proc-macro", "--target", asked.target, "--prefix=none"];
    cargo(asked, &arguments)?.lines().map(id).collect()
}

/// Each package, by name and version.
pub(crate) fn described(asked: &Asked<'_>) -> Result<BTreeMap<Id, Described>, String> {
    let text = cargo(asked, &["metadata", "--format-version=1", "--filter-platform", asked.target])?;
    let metadata: Metadata = serde_json::from_str(&text).map_err(|error| format!("cargo metadata: {error}"))?;
    let by_id = |package: Described| (Id::new(&package.name, &package.version), package);
    Ok(metadata.packages.into_iter().map(by_id).collect())
}

/// SHA-256 of each package that came from a registry.
pub(crate) fn checksums(lock: &Path) -> Result<BTreeMap<Id, String>, String> {
    let text = std::fs::read_to_string(lock).map_err(|error| format!("{}: {error}", lock.display()))?;
    let lock: Lock = toml::from_str(&text).map_err(|error| format!("{}: {error}", lock.display()))?;
    let hashed = |package: Locked| Some((Id::new(&package.name, &package.version), package.checksum?));
    Ok(lock.package.into_iter().filter_map(hashed).collect())
}

/// "name v1.2.3", and what may follow: a folder, a mark.
fn id(text: &str) -> Result<Id, String> {
    let mut words = text.split(' ');
    match (words.next(), words.next().and_then(|word| word.strip_prefix('v'))) {
        (Some(name), Some(version)) => Ok(Id::new(name, version)),
        (_, _) => Err(format!("cargo tree: '{text}' is no package")),
    }
}

fn graph(tree: &str) -> Result<(Id, BTreeMap<Id, BTreeSet<Id>>), String> {
    let mut needs: BTreeMap<Id, BTreeSet<Id>> = BTreeMap::new();
    let mut above: Vec<Id> = Vec::new();
    for line in tree.lines() {
        let (depth, package) = line.split_once(' ').ok_or_else(|| format!("cargo tree: '{line}' has no depth"))?;
        let depth: usize = depth.parse().map_err(|error| format!("cargo tree: '{line}': {error}"))?;
        let package = id(package)?;
        above.truncate(depth);
        if let Some(parent) = above.last() {
            needs.entry(parent.clone()).or_default().insert(package.clone());
        }
        needs.entry(package.clone()).or_default();
        above.push(package);
    }
    let root = above.into_iter().next().ok_or("cargo tree says nothing")?;
    Ok((root, needs))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tree_says_who_needs_whom() {
        let tree = "0 a v1.0.0 (/some where)\n1 b v2.0.0\n2 c v3.0.0\n1 c v3.0.0\n1 d v4.0.0 (*)\n";
        let (root, needs) = graph(tree).unwrap();
        let [a, b, c, d] = [("a", "1.0.0"), ("b", "2.0.0"), ("c", "3.0.0"), ("d", "4.0.0")].map(|(n, v)| Id::new(n, v));
        assert_eq!(root, a);
        assert_eq!(needs[&a], BTreeSet::from([b.clone(), c.clone(), d.clone()]));
        assert_eq!(needs[&b], BTreeSet::from([c.clone()]));
        assert!(needs[&c].is_empty() && needs[&d].is_empty());
    }

    #[test]
    fn what_is_no_tree_is_refused() {
        for text in ["", "a v1.0.0", "0 a", "x a v1.0.0"] {
            assert!(graph(text).is_err(), "{text}");
        }
    }
}
