//! Nothing of the C API is left out: each function is called from C, and each name has its comment.

#![cfg(target_os = "linux")]

#[path = "c/declarations.rs"]
#[allow(dead_code, reason = "types are looked at elsewhere")]
mod declarations;
#[path = "c/header.rs"]
mod header;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use declarations::{Declaration, What};
use header::System;

fn programs() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/c");
    let files = std::fs::read_dir(folder).expect("a folder of the repository");
    let paths = files.map(|entry| entry.expect("it is listed").path());
    paths.filter(|path| path.extension().is_some_and(|extension| extension == "c")).collect()
}

/// What the programs of `tests/c` ask the library for, as their object files say.
fn asked_for() -> BTreeSet<String> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let status = Command::new(std::env::var_os("CC").unwrap_or("cc".into()))
        .arg(format!("-I{}/include", env!("CARGO_MANIFEST_DIR")))
        .args(["-std=c99", "-pthread", "-c"])
        .args(programs())
        .current_dir(folder.path())
        .status();
    assert!(status.expect("a C compiler").success());
    let objects = std::fs::read_dir(folder.path()).expect("the folder is ours");
    let objects = objects.map(|entry| entry.expect("it is listed").path());
    let output = Command::new("nm").args(["--undefined-only", "--format=just-symbols"]).args(objects).output();
    let text = String::from_utf8(output.expect("binutils are installed").stdout).expect("plain text");
    text.lines().map(|line| line.trim().to_owned()).collect()
}

#[test]
fn every_function_is_called_by_the_c_suite() {
    let asked_for = asked_for();
    let functions = declarations::functions(&header::text());
    let forgotten: Vec<_> = functions.iter().map(|(name, _)| name).filter(|name| !asked_for.contains(*name)).collect();
    assert!(functions.len() > 150, "{}", functions.len());
    assert!(forgotten.is_empty(), "no program of tests/c calls {forgotten:?}");
}

/// What there is on any system.
fn declared() -> Vec<Declaration> {
    let on = |system| declarations::read(&header::text_on(system));
    let (mut declared, on_windows) = (on(System::Unix), on(System::Windows));
    let names: BTreeSet<_> = declared.iter().map(|declaration| declaration.name.clone()).collect();
    declared.extend(on_windows.into_iter().filter(|declaration| !names.contains(&declaration.name)));
    declared
}

/// Programs for Windows are not compiled here: `make test-windows` does, so that it is enough that they say the name.
#[test]
fn every_function_of_windows_alone_is_called_by_its_programs() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/windows");
    let files = std::fs::read_dir(folder).expect("a folder of the repository");
    let paths = files.map(|entry| entry.expect("it is listed").path());
    let programs: String = paths.map(|path| std::fs::read_to_string(path).expect("plain text")).collect();
    let everywhere: BTreeSet<_> =
        declarations::functions(&header::text_on(System::Unix)).into_iter().map(|(name, _)| name).collect();
    let functions = declarations::functions(&header::text_on(System::Windows)).into_iter().map(|(name, _)| name);
    let alone: Vec<_> = functions.filter(|name| !everywhere.contains(name)).collect();
    let forgotten: Vec<_> = alone.iter().filter(|name| !programs.contains(&format!("{name}("))).collect();
    assert!(alone.len() > 10, "{alone:?}");
    assert!(forgotten.is_empty(), "no program of tests/windows calls {forgotten:?}");
}

#[test]
fn every_name_has_its_comment() {
    for declaration in declared() {
        let name = &declaration.name;
        assert!(
            declaration.comment.ends_with(['.', '/', '`']),
            "{name} has no whole sentence: {:?}",
            declaration.comment
        );
        let (What::Enum(members) | What::Struct(members)) = &declaration.what else { continue };
        for member in members {
            assert!(member.comment.ends_with('.'), "{name}, {} has no whole sentence", member.name);
        }
    }
}

/// A setter refuses what its comment does not allow; every other function says how it fails.
#[test]
fn every_function_that_can_fail_says_how() {
    let mut silent = Vec::new();
    for declaration in declared() {
        let What::Function(function) = &declaration.what else { continue };
        let is_setter = ["ossup_config_", "ossup_request_"].iter().any(|builder| declaration.name.starts_with(builder))
            && !declaration.name.ends_with("_new");
        let says = ["Errors", "Returns the"].iter().any(|word| declaration.comment.contains(word));
        if function.returns == "ossup_status" && !is_setter && !says {
            silent.push(declaration.name);
        }
    }
    assert!(silent.is_empty(), "{silent:?}");
}

#[test]
fn every_setter_says_what_holds_without_it() {
    let mut silent = Vec::new();
    for declaration in declared() {
        let is_setter = ["ossup_config_set_", "ossup_request_set_"].iter().any(|it| declaration.name.starts_with(it));
        let says = ["Default:", "default", "Required"].iter().any(|word| declaration.comment.contains(word));
        if is_setter && !says {
            silent.push(declaration.name);
        }
    }
    assert!(silent.is_empty(), "{silent:?}");
}
