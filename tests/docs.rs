//! The documents say what is so.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a document that cannot be read is a failed test")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const DOCUMENTS: [&str; 7] = [
    "README.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
    "SECURITY.md",
    "docs/ARCHITECTURE.md",
    "docs/CREDENTIALS.md",
    "docs/PERFORMANCE.md",
];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn read(name: &str) -> String {
    fs::read_to_string(root().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// What stands between backquotes, outside of blocks.
fn quoted(text: &str) -> Vec<String> {
    let mut in_block = false;
    let mut found = Vec::new();
    for line in text.lines() {
        if line.starts_with("```") {
            in_block = !in_block;
        } else if !in_block {
            found.extend(line.split('`').skip(1).step_by(2).map(str::to_owned));
        }
    }
    found
}

/// The blocks of a language.
fn blocks(text: &str, language: &str) -> Vec<String> {
    let start = format!("```{language}\n");
    text.split(&start).skip(1).map(|rest| rest.split("\n```").next().unwrap().to_owned()).collect()
}

fn dependencies(section: &str) -> BTreeSet<String> {
    let manifest = read("Cargo.toml");
    let section = manifest.split(&format!("[{section}]\n")).nth(1).unwrap().split("\n[").next().unwrap();
    section
        .lines()
        .filter_map(|line| line.split(" = ").next())
        .filter(|name| !name.is_empty())
        .map(str::to_owned)
        .collect()
}

#[test]
fn functions_and_constants_that_are_named_exist() {
    let header = read("include/ossup.h");
    let mut checked = 0;
    for document in DOCUMENTS {
        for name in quoted(&read(document)) {
            let is_ours = name.starts_with("ossup_") || name.starts_with("OSSUP_");
            let is_a_word = name.chars().all(|c| c.is_alphanumeric() || c == '_');
            if is_ours && is_a_word && name != "OSSUP_SEED" {
                assert!(header.contains(&name), "{document} names {name}, the header does not");
                checked += 1;
            }
        }
    }
    assert!(checked > 10);
}

#[test]
fn files_that_are_named_exist() {
    let mut checked = 0;
    for document in DOCUMENTS {
        for name in quoted(&read(document)) {
            let is_path = name.contains('/') && !name.contains([' ', '<', '{', '*', ':']);
            if is_path {
                let found = [root().join(&name), root().join("src").join(&name)].iter().any(|path| path.exists());
                assert!(found, "{document} names {name}, which is not there");
                checked += 1;
            }
        }
    }
    assert!(checked > 30);
}

#[test]
fn links_lead_somewhere() {
    for document in DOCUMENTS {
        let folder = root().join(document).parent().unwrap().to_owned();
        for link in read(document).split("](").skip(1) {
            let target = link.split(')').next().unwrap();
            assert!(target.starts_with("https://") || folder.join(target).exists(), "{document}: {target}");
        }
    }
}

#[test]
fn make_targets_that_are_named_exist() {
    let makefile = read("Makefile");
    for document in DOCUMENTS {
        for command in quoted(&read(document)).iter().filter(|text| text.starts_with("make ")) {
            let target = command.split(' ').nth(1).unwrap();
            assert!(makefile.contains(&format!("\n{target}:")), "{document}: {command}");
        }
    }
}

#[test]
fn each_dependency_has_its_line() {
    let table = quoted(&read("docs/ARCHITECTURE.md"));
    let named: BTreeSet<_> = table.into_iter().collect();
    for name in dependencies("dependencies").union(&dependencies("dev-dependencies")) {
        assert!(named.contains(name), "docs/ARCHITECTURE.md does not say why {name} is there");
    }
}

#[test]
fn the_layers_are_the_documents() {
    let architecture = read("docs/ARCHITECTURE.md");
    for entry in fs::read_dir(root().join("src")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let shown = if name.ends_with(".rs") { name.clone() } else { format!("{name}/") };
        assert!(name == "lib.rs" || architecture.contains(&format!("| `{shown}` |")), "{shown} is not in the table");
    }
}

#[test]
fn the_version_is_the_same_everywhere() {
    let version = env!("CARGO_PKG_VERSION");
    assert!(read("CHANGELOG.md").contains(&format!("\n## {version}")));
    let soname = format!("libossup.so.{}", version.rsplit_once('.').unwrap().0);
    assert!(read("tests/library_facts.rs").contains(&soname) || read("build.rs").contains("CARGO_PKG_VERSION_MINOR"));
}

#[test]
fn the_limits_and_defaults_of_the_table_are_the_codes() {
    use ossup::oss::limits;
    let readme = read("README.md");
    for number in [limits::MIN_PART_SIZE, limits::MAX_PART_SIZE, limits::MAX_KEY as u64, limits::MAX_BUCKET_NAME as u64]
    {
        assert!(readme.contains(&number.to_string()), "{number} is not in README.md");
    }
    let header = read("include/ossup.h");
    for number in [limits::MIN_PART_SIZE, limits::MAX_PART_SIZE] {
        assert!(header.contains(&number.to_string()), "{number} is not in the header");
    }
}

#[test]
fn the_readmes_program_compiles() {
    let folder = tempfile::tempdir().unwrap();
    let programs = blocks(&read("README.md"), "c");
    assert_eq!(programs.len(), 1);
    let file = folder.path().join("readme.c");
    fs::write(&file, &programs[0]).unwrap();
    let output = Command::new("cc")
        .args(["-std=c99", "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-fsyntax-only", "-I"])
        .arg(root().join("include"))
        .arg(&file)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn the_readmes_commands_are_two() {
    let commands = blocks(&read("README.md"), "sh");
    let named: Vec<_> = commands[0].lines().filter_map(|line| line.split('#').next()).map(str::trim).collect();
    assert_eq!(named, ["make demo", "make test"]);
    assert!(Path::new(&root().join("scripts/demo.sh")).exists());
}
