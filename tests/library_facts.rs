//! What the shared library asks of a machine and what it shows to it, as `readelf` and `nm` tell it.

#![cfg(target_os = "linux")]

#[path = "c/compile.rs"]
#[allow(dead_code, reason = "this test compiles nothing, it only looks for the library")]
mod compile;
#[path = "c/declarations.rs"]
#[allow(dead_code, reason = "only the functions' names are compared")]
mod declarations;
#[path = "c/header.rs"]
mod header;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

fn ask(tool: &str, arguments: &[&str]) -> String {
    let output = Command::new(tool)
        .args(arguments)
        .arg(compile::library())
        .env("LC_ALL", "C")
        .output()
        .expect("binutils are installed");
    assert!(output.status.success(), "{tool} failed");
    String::from_utf8(output.stdout).expect("plain text")
}

/// The values in brackets of the dynamic section's entries of one kind.
fn dynamic(kind: &str) -> Vec<String> {
    ask("readelf", &["--dynamic", "--wide"])
        .lines()
        .filter(|line| line.contains(&format!("({kind})")))
        .filter_map(|line| Some(line.split_once('[')?.1.split_once(']')?.0.to_owned()))
        .collect()
}

fn symbols() -> BTreeSet<String> {
    ask("nm", &["--dynamic", "--defined-only"])
        .lines()
        .filter_map(|line| line.split_whitespace().last())
        .map(str::to_owned)
        .collect()
}

fn in_repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn repository_file(path: &str) -> String {
    std::fs::read_to_string(in_repository(path)).expect("a file of the repository")
}

fn assert_same(exported: &BTreeSet<String>, listed: &BTreeSet<String>, list: &str) {
    let unlisted: Vec<_> = exported.difference(listed).collect();
    let missing: Vec<_> = listed.difference(exported).collect();
    assert!(unlisted.is_empty(), "exported, but not in {list}: {unlisted:?}");
    assert!(missing.is_empty(), "in {list}, but not exported: {missing:?}");
}

#[test]
fn it_needs_nothing_but_the_system_libraries() {
    let allowed =
        |name: &str| ["libc.so.", "libm.so.", "libgcc_s.so.", "ld-linux"].iter().any(|prefix| name.starts_with(prefix));
    let needed = dynamic("NEEDED");
    assert!(!needed.is_empty());
    let foreign: Vec<_> = needed.iter().filter(|name| !allowed(name)).collect();
    assert!(foreign.is_empty(), "also needed: {foreign:?}");
}

#[test]
fn its_name_bears_the_version_that_may_break() {
    let expected = concat!("libossup.so.", env!("CARGO_PKG_VERSION_MAJOR"), ".", env!("CARGO_PKG_VERSION_MINOR"));
    assert_eq!(dynamic("SONAME"), [expected]);
}

/// Its threads outlive every dlclose, so its code must too.
#[test]
fn it_stays_loaded() {
    let section = ask("readelf", &["--dynamic", "--wide"]);
    assert!(section.contains("NODELETE"), "{section}");
}

#[test]
fn it_shows_the_functions_of_the_header_and_no_others() {
    let symbols = symbols();
    let foreign: Vec<_> = symbols.iter().filter(|name| !name.starts_with("ossup_")).collect();
    assert!(foreign.is_empty(), "also exported: {foreign:?}");
    let declared = declarations::functions(&header::text()).into_iter().map(|(name, _)| name).collect();
    assert_same(&symbols, &declared, "include/ossup.h");
}

/// What tests ask for with a feature of its own is not in a library that was built without.
#[test]
fn no_panic_can_be_asked_of_it() {
    let all = ask("nm", &["--defined-only"]);
    assert!(all.contains("ossup_shutdown"), "this library's symbols were taken away");
    let asked: Vec<_> = all.lines().filter(|line| line.contains("ossup_test") || line.contains("forced")).collect();
    assert!(asked.is_empty(), "{asked:?}");
}

/// `make header` renews the list.
#[test]
fn the_list_of_symbols_is_up_to_date() {
    let symbols = symbols();
    if std::env::var("OSSUP_UPDATE").is_ok_and(|value| value == "1") {
        let lines: String = symbols.iter().map(|name| format!("{name}\n")).collect();
        std::fs::write(in_repository("abi/symbols.txt"), lines).expect("the repository can be written to");
    }
    let listed = repository_file("abi/symbols.txt").lines().map(str::to_owned).collect();
    assert_same(&symbols, &listed, "abi/symbols.txt");
}
