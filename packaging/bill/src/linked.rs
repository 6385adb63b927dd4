//! Collects what is linked: the library's packages, the standard library's, and what the linker adds.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::args::Args;
use crate::cargo::{self, Asked, Described};
use crate::package::{Bill, Id, Package};
use crate::{parts, spdx, tree};

const LIBRARY: &str = "Cargo.toml";

/// The sources of a compiler's standard library, and the compiler's version, which is theirs.
struct Std {
    rustc: PathBuf,
    lock: PathBuf,
    manifest: PathBuf,
    version: String,
}

pub(crate) fn collect(args: &Args) -> Result<Bill, String> {
    let mut bill: Option<Bill> = None;
    let std = std_of(&args.rustc)?;
    for target in &args.targets {
        let one = collect_one(target, &std)?;
        bill = Some(match bill {
            Some(before) => merged(before, one),
            None => one,
        });
    }
    let mut bill = bill.ok_or("there is nothing to collect")?;
    if let Some(version) = &args.jna {
        bill.root_purl = format!("pkg:maven/io.ossup/{}@{}", bill.root.name, bill.root.version);
        add(&mut bill, parts::jna(version));
    }
    Ok(bill)
}

/// The names alone, asked for in another way: without JNA and what the linker adds.
pub(crate) fn names(args: &Args) -> Result<BTreeSet<Id>, String> {
    let mut names = BTreeSet::new();
    let std = std_of(&args.rustc)?;
    for target in &args.targets {
        let library = Asked { manifest: Path::new(LIBRARY), target, std_of: None };
        let root = cargo::linked(&library)?.0;
        names.extend(cargo::names(&library)?.into_iter().filter(|id| *id != root));
        let asked = std.asked(target);
        let described = cargo::described(&asked)?;
        names.extend(cargo::names(&asked)?.into_iter().map(|id| std.id(&id, &described)));
    }
    Ok(names)
}

fn collect_one(target: &str, std: &Std) -> Result<Bill, String> {
    let library = Asked { manifest: Path::new(LIBRARY), target, std_of: None };
    let (root, mut needs) = cargo::linked(&library)?;
    let described = cargo::described(&library)?;
    let checksums = cargo::checksums(Path::new("Cargo.lock"))?;
    let targets = BTreeSet::from([target.to_owned()]);
    let license = license_of(&root, &described)?;
    let root_purl = format!("pkg:generic/{}@{}?target={}", root.name, root.version, target);
    let of_root = needs.remove(&root).unwrap_or_default();
    let mut bill = Bill { root, root_purl, license, targets, needs: of_root, packages: BTreeMap::new() };
    for (id, needs) in needs {
        let known = described.get(&id).ok_or_else(|| format!("cargo metadata knows no {id}"))?;
        let package = Package {
            license: license_of(&id, &described)?,
            authors: known.authors.clone(),
            purl: format!("pkg:cargo/{}@{}", id.name, id.version),
            sha256: Some(checksums.get(&id).cloned().ok_or_else(|| format!("Cargo.lock has no checksum of {id}"))?),
            folders: known.folders(),
            needs,
            targets: BTreeSet::new(),
        };
        add_known(&mut bill, id, package);
    }
    add_std(&mut bill, target, std)?;
    for part in parts::of(target)? {
        add(&mut bill, part);
    }
    Ok(bill)
}

fn add_std(bill: &mut Bill, target: &str, std: &Std) -> Result<(), String> {
    let asked = std.asked(target);
    let (root, needs) = cargo::linked(&asked)?;
    let described = cargo::described(&asked)?;
    let checksums = cargo::checksums(&std.lock)?;
    // What lies in the compiler's tree and names no licence has that of the whole.
    let license = license_of(&root, &described)?;
    bill.needs.insert(std.id(&root, &described));
    for (id, needs) in needs {
        let known =
            described.get(&id).ok_or_else(|| format!("cargo metadata knows no {id} of the standard library"))?;
        let ours = std.id(&id, &described);
        let (license, purl, folders) = match known.source {
            Some(_) => {
                (license_of(&id, &described)?, format!("pkg:cargo/{}@{}", ours.name, ours.version), known.folders())
            }
            None => {
                let said = known.license.as_deref().map_or_else(|| license.clone(), spdx::normalized);
                let purl = format!("pkg:github/rust-lang/rust@{}#library/{}", std.version, ours.name);
                (tree::license(&ours.name, said), purl, tree::folders(&ours.name))
            }
        };
        let package = Package {
            license,
            authors: known.authors.clone(),
            purl,
            sha256: checksums.get(&id).cloned(),
            folders,
            needs: needs.iter().map(|need| std.id(need, &described)).collect(),
            targets: BTreeSet::new(),
        };
        add_known(bill, ours, package);
    }
    Ok(())
}

impl Std {
    fn asked<'a>(&'a self, target: &'a str) -> Asked<'a> {
        Asked { manifest: &self.manifest, target, std_of: Some(&self.rustc) }
    }

    /// What lies in the compiler's own tree has the compiler's version.
    fn id(&self, id: &Id, described: &BTreeMap<Id, Described>) -> Id {
        match described.get(id) {
            Some(package) if package.source.is_none() => Id::new(&id.name, &self.version),
            Some(_) | None => id.clone(),
        }
    }
}

fn std_of(rustc: &Path) -> Result<Std, String> {
    let ask = |argument: &str, what: &str| {
        let output = Command::new(rustc).args([argument, what]).output();
        let output = output.map_err(|error| format!("{}: {error}", rustc.display()))?;
        String::from_utf8(output.stdout).map_err(|error| format!("{}: {error}", rustc.display()))
    };
    let said = ask("--version", "--verbose")?;
    let version = said.lines().find_map(|line| line.strip_prefix("release: "));
    let version = version.ok_or_else(|| format!("{} does not tell its version", rustc.display()))?.to_owned();
    let folder = Path::new(ask("--print", "sysroot")?.trim()).join("lib/rustlib/src/rust/library");
    if folder.is_dir() {
        let [lock, manifest] = ["Cargo.lock", "std/Cargo.toml"].map(|file| folder.join(file));
        Ok(Std { rustc: rustc.to_path_buf(), lock, manifest, version })
    } else {
        Err(format!("{}: the sources of {}'s standard library are not there", folder.display(), rustc.display()))
    }
}

fn license_of(id: &Id, described: &BTreeMap<Id, Described>) -> Result<String, String> {
    let license = described.get(id).and_then(|package| package.license.as_deref());
    license.map(spdx::normalized).ok_or_else(|| format!("{id} names no licence"))
}

/// What the library itself needs.
fn add(bill: &mut Bill, (id, package): (Id, Package)) {
    bill.needs.insert(id.clone());
    add_known(bill, id, package);
}

fn add_known(bill: &mut Bill, id: Id, mut package: Package) {
    package.targets.clone_from(&bill.targets);
    merge_package(&mut bill.packages, id, package);
}

fn merged(mut bill: Bill, other: Bill) -> Bill {
    bill.targets.extend(other.targets);
    bill.needs.extend(other.needs);
    for (id, package) in other.packages {
        merge_package(&mut bill.packages, id, package);
    }
    bill
}

/// A package may be in builds for several targets, and needs other packages in each.
fn merge_package(packages: &mut BTreeMap<Id, Package>, id: Id, package: Package) {
    match packages.get_mut(&id) {
        Some(known) => {
            known.needs.extend(package.needs);
            known.targets.extend(package.targets);
        }
        None => {
            packages.insert(id, package);
        }
    }
}
