//! What the crate is made of and what it is made with: its dependencies, its compiler, its package.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a manifest that cannot be read is a failed test")]

use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn read(name: &str) -> String {
    fs::read_to_string(root().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn cargo(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO")).args(arguments).current_dir(root()).output().unwrap();
    assert!(output.status.success(), "cargo {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// The packages of a workspace, as cargo reads their manifests.
fn packages(manifest: &str) -> Vec<Value> {
    let metadata =
        cargo(&["metadata", "--offline", "--no-deps", "--format-version=1", &format!("--manifest-path={manifest}")]);
    let mut metadata: Value = serde_json::from_str(&metadata).unwrap();
    serde_json::from_value(metadata["packages"].take()).unwrap()
}

/// All that is ours and takes part in a build or a test of the library.
fn our_packages() -> Vec<Value> {
    let ours = [packages("Cargo.toml"), packages("fuzz/Cargo.toml")].concat();
    assert_eq!(ours.len(), 4);
    ours
}

/// The names of a package's dependencies of all kinds, but for our own packages.
fn dependencies(package: &Value) -> Vec<(String, bool)> {
    let all = package["dependencies"].as_array().unwrap();
    let foreign = all.iter().filter(|dependency| dependency["path"].is_null());
    foreign
        .map(|dependency| {
            let is_shipped = package["name"] == "ossup" && dependency["kind"] != "dev";
            (dependency["name"].as_str().unwrap().to_owned(), is_shipped)
        })
        .collect()
}

/// The crates of each table of dependencies in docs/ARCHITECTURE.md.
fn crates_with_reasons() -> Vec<BTreeSet<String>> {
    let page = read("docs/ARCHITECTURE.md");
    let section = page.split("\n## Dependencies\n").nth(1).unwrap().split("\n## ").next().unwrap();
    let tables = section.split("| crate | why |\n|---|---|\n").skip(1);
    tables
        .map(|table| {
            let rows: Vec<_> = table.lines().take_while(|line| line.starts_with('|')).collect();
            let cells = rows.iter().map(|row| row.trim_matches('|').split_once('|').unwrap());
            let with_reasons = cells.inspect(|(names, why)| assert!(!why.trim().is_empty(), "no reason for {names}"));
            with_reasons.flat_map(|(names, _)| names.split('`').skip(1).step_by(2).map(str::to_owned)).collect()
        })
        .collect()
}

#[test]
fn each_dependency_has_its_line_and_each_line_its_dependency() {
    let all: Vec<_> = our_packages().iter().flat_map(dependencies).collect();
    let of = |shipped: bool| all.iter().filter(move |(_, is_shipped)| *is_shipped == shipped);
    let shipped: BTreeSet<_> = of(true).map(|(name, _)| name.clone()).collect();
    let others: BTreeSet<_> = of(false).map(|(name, _)| name.clone()).filter(|name| !shipped.contains(name)).collect();
    assert!(shipped.contains("rustix") && shipped.contains("windows-sys") && others.contains("libfuzzer-sys"));
    assert_eq!(crates_with_reasons(), [shipped, others]);
}

#[test]
fn every_package_of_ours_has_the_license() {
    for package in our_packages() {
        assert_eq!(package["license"], "Apache-2.0", "{}", package["name"]);
    }
}

#[test]
fn the_oldest_compiler_is_the_same_everywhere() {
    let stated: BTreeSet<_> =
        packages("Cargo.toml").iter().map(|package| package["rust_version"].to_string()).collect();
    let stated: Vec<_> = stated.iter().map(|version| version.trim_matches('"')).collect();
    let [stated] = &stated[..] else { panic!("{stated:?}") };
    assert!(read("README.md").contains(&format!("Rust {stated} or newer")));
    assert!(read("CONTRIBUTING.md").contains(&format!("`rust-version` in `Cargo.toml`, {stated},")));
    // Clippy takes it from the manifest, unless this says another.
    assert!(!read("clippy.toml").contains("msrv"));
}

/// What a build needs is packed, and what its readers want; that it builds is seen when it is packed, by `make test`.
#[test]
fn the_package_holds_nothing_else() {
    let packed = cargo(&["package", "--list", "--allow-dirty", "--offline", "--package=ossup"]);
    let is_code = |name: &str| name.starts_with("src/") || name.starts_with("bindings/cpp/ossup");
    let rest: BTreeSet<_> = packed.lines().filter(|name| !is_code(name)).collect();
    let of_cargo = [".cargo_vcs_info.json", "Cargo.lock", "Cargo.toml", "Cargo.toml.orig"];
    let ours = ["CHANGELOG.md", "LICENSE", "README.md", "build.rs", "examples/rust/upload.rs", "include/ossup.h"];
    let expected: BTreeSet<_> = of_cargo.into_iter().chain(ours).collect();
    let elsewhere: BTreeSet<_> = rest.symmetric_difference(&expected).collect();
    // The first is written only where there is a repository.
    assert!(elsewhere.iter().all(|name| **name == of_cargo[0]), "{elsewhere:?}");
}

/// What a script builds for others is what the lock file names.
#[test]
fn releases_and_tools_are_built_from_a_lock_file() {
    let scripts = cargo_lines(&["Makefile", ".ci/run", "scripts", "benches", "tests/clients", "packaging"]);
    let made = ["cargo install", "--release"];
    let of_others: Vec<_> = scripts.iter().filter(|line| made.iter().any(|word| line.contains(word))).collect();
    assert!(of_others.len() > 3, "{scripts:?}");
    for line in of_others {
        assert!(line.contains("--locked"), "{line}");
    }
}

/// The lines of scripts that run cargo, those that go on in the next line as one.
fn cargo_lines(places: &[&str]) -> Vec<String> {
    let mut files = Vec::new();
    let mut paths: Vec<_> = places.iter().map(|place| root().join(place)).collect();
    while let Some(path) = paths.pop() {
        if path.is_dir() {
            paths.extend(fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()));
        } else if is_script(&path) {
            files.push(path);
        }
    }
    let texts = files.iter().map(|file| fs::read_to_string(file).unwrap().replace("\\\n", " "));
    let lines = texts.flat_map(|text| text.lines().map(str::to_owned).collect::<Vec<_>>());
    lines.filter(|line| line.contains("cargo ") && !line.trim_start().starts_with('#')).collect()
}

fn is_script(path: &Path) -> bool {
    path.extension().map_or(path.is_file(), |extension| extension == "sh")
}
