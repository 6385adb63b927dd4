//! The folders of `src` are layers: imports point one way, and `unsafe` stays in its two rooms.

#![allow(clippy::unwrap_used, reason = "a test that cannot read the source has failed")]

use std::fs;
use std::path::{Path, PathBuf};

/// From the bottom up. A file imports from its own layer and from those before it.
const LAYERS: [&str; 8] = ["error", "oss", "upload", "sys", "process", "world", "engine", "ffi"];
const UNSAFE_ROOMS: [&str; 2] = ["sys", "ffi"];

/// Code of one file: its place in `src`, and its lines without comments.
struct Source {
    name: String,
    layer: String,
    lines: Vec<String>,
}

fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.push(source(&root, path));
            }
        }
    }
    assert!(found.len() > 50, "only {} files found", found.len());
    found
}

fn source(root: &Path, path: PathBuf) -> Source {
    let name = path.strip_prefix(root).unwrap().to_string_lossy().into_owned();
    let layer = name.split('/').next().unwrap().trim_end_matches(".rs").to_owned();
    let text = fs::read_to_string(&path).unwrap();
    let lines = text.lines().map(|line| line.split("//").next().unwrap_or_default().to_owned()).collect();
    Source { name, layer, lines }
}

fn rank(layer: &str) -> Option<usize> {
    LAYERS.iter().position(|known| *known == layer)
}

/// The layers that a line names, as `crate::layer` or within `crate::{…}`.
fn named_layers(line: &str) -> Vec<&str> {
    let after_crate = line.split("crate::").skip(1);
    after_crate
        .flat_map(|rest| rest.trim_start_matches('{').split(['{', '}', ',', ';']).map(str::trim))
        .filter_map(|path| path.split("::").next())
        .filter(|name| rank(name).is_some())
        .collect()
}

#[test]
fn every_file_belongs_to_a_layer() {
    for source in sources() {
        assert!(source.name == "lib.rs" || rank(&source.layer).is_some(), "{} is in no layer", source.name);
    }
}

#[test]
fn imports_point_down() {
    let mut checked = 0;
    for source in sources() {
        let Some(own) = rank(&source.layer) else { continue };
        for line in &source.lines {
            for named in named_layers(line) {
                checked += 1;
                assert!(rank(named).unwrap() <= own, "{} reaches up: {}", source.name, line.trim());
            }
        }
    }
    assert!(checked > 150, "only {checked} imports seen");
}

#[test]
fn no_path_climbs_out_of_its_layer_unseen() {
    for source in sources() {
        let depth = source.name.split('/').count();
        // A file's test module is one deeper than the file.
        let climb = "super::".repeat(depth + 1);
        let climber = source.lines.iter().find(|line| line.contains(&climb));
        assert!(climber.is_none(), "{}: {}", source.name, climber.unwrap());
    }
}

#[test]
fn the_pure_layers_touch_nothing() {
    let forbidden =
        ["std::fs", "std::net::Tcp", "std::thread", "SystemTime", "Instant", "tokio", "reqwest", "async ", "rustix"];
    for source in sources().iter().filter(|source| ["oss", "upload"].contains(&source.layer.as_str())) {
        for line in &source.lines {
            let touched = forbidden.iter().find(|name| line.contains(*name));
            assert!(touched.is_none(), "{} is to be pure: {}", source.name, line.trim());
        }
    }
}

#[test]
fn unsafe_stays_in_its_rooms() {
    let mut seen = 0;
    for source in sources() {
        for (index, line) in source.lines.iter().enumerate() {
            let words: Vec<_> = line.split(|c: char| !c.is_alphanumeric() && c != '_').collect();
            if !words.contains(&"unsafe") || line.contains("#[unsafe(no_mangle)]") {
                continue;
            }
            seen += 1;
            let allowed = UNSAFE_ROOMS.contains(&source.layer.as_str());
            assert!(allowed, "{}:{}: unsafe outside its rooms", source.name, index + 1);
        }
    }
    assert!(seen > 20, "only {seen} unsafe lines seen");
}

#[test]
fn what_systems_do_each_in_their_own_way_is_in_sys() {
    let mut seen = 0;
    for source in sources().iter().filter(|source| !source.name.contains("/tests/")) {
        for line in source.lines.iter().filter(|line| line.contains("std::os::")) {
            seen += 1;
            assert_eq!(source.layer, "sys", "{}: {}", source.name, line.trim());
        }
    }
    assert!(seen > 10, "only {seen} such lines seen");
}

#[test]
fn each_exported_function_is_guarded() {
    let mut seen = 0;
    for source in sources().iter().filter(|source| source.layer == "ffi") {
        let text = source.lines.join("\n");
        for function in text.split("#[unsafe(no_mangle)]").skip(1) {
            let (signature, body) = function.split_once('{').unwrap();
            let is_constant = ["ossup_version", "ossup_abi_version", "ossup_status_name"]
                .iter()
                .any(|name| signature.contains(&format!(" {name}(")));
            let guards = ["guard(", "guard_with(", "guard_or(", "release(", "number(", "string("];
            let first = body.trim_start();
            assert!(is_constant || guards.iter().any(|guard| first.starts_with(guard)), "{}: {signature}", source.name);
            seen += 1;
        }
    }
    assert!(seen > 90, "only {seen} exported functions seen");
}

#[test]
fn a_reach_upwards_would_be_seen() {
    assert_eq!(named_layers("use crate::engine::client::Client;"), ["engine"]);
    assert_eq!(named_layers("use crate::{error::Error, world::clock};"), ["error", "world"]);
    assert_eq!(named_layers("    let now = crate::world::clock::now();"), ["world"]);
}
