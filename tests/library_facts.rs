//! What the shared library asks of a machine and what it shows to it: the one that belongs to this test, or another target's, as
//! it is shipped.

#![cfg(target_os = "linux")]

#[path = "c/compile.rs"]
#[allow(dead_code, reason = "this test compiles nothing, it only looks for the library")]
mod compile;
#[path = "c/declarations.rs"]
#[allow(dead_code, reason = "only the functions' names are compared")]
mod declarations;
#[path = "c/header.rs"]
mod header;
#[path = "library_facts/image.rs"]
#[allow(dead_code, reason = "which versions of glibc's functions are called matters where it is shipped")]
mod image;

use compile::target;
use header::System;
use image::{ask, image};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

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

/// What every system of the kind has.
const SYSTEM_LIBRARIES: [&str; 16] = [
    "libc.so",
    "libm.so.",
    "libgcc_s.so.",
    "ld-linux",
    "libpthread.so.",
    "libdl.so.",
    "advapi32.dll",
    "api-ms-win-core-",
    "bcrypt.dll",
    "bcryptprimitives.dll",
    "crypt32.dll",
    "kernel32.dll",
    "msvcrt.dll",
    "ntdll.dll",
    "userenv.dll",
    "ws2_32.dll",
];

#[test]
fn it_needs_nothing_but_the_system_libraries() {
    let needed = image().needed;
    assert!(!needed.is_empty());
    let of_the_system = |name: &String| SYSTEM_LIBRARIES.iter().any(|prefix| name.starts_with(prefix));
    let foreign: Vec<_> = needed.iter().filter(|name| !of_the_system(name)).collect();
    assert!(foreign.is_empty(), "also needed: {foreign:?}");
}

#[test]
fn its_name_bears_the_version_that_may_break() {
    let soname = concat!("libossup.so.", env!("CARGO_PKG_VERSION_MAJOR"), ".", env!("CARGO_PKG_VERSION_MINOR"));
    // On Windows a library lies beside its program, which has its own.
    let expected = if target::is_windows() { "ossup.dll" } else { soname };
    assert_eq!(image().name, [expected]);
}

/// Its threads outlive every dlclose, so its code must too. On Windows the library sees to that itself: `tests/windows/unload.c`.
#[test]
fn it_stays_loaded() {
    if !target::is_windows() {
        let section = ask("readelf", &["--dynamic", "--wide"]);
        assert!(section.contains("NODELETE"), "{section}");
    }
}

/// By it a debugger finds the symbols that lie apart; for a .dll it goes by names.
#[test]
fn it_bears_the_id_of_its_build() {
    if !target::is_windows() {
        let notes = ask("readelf", &["--notes"]);
        let id = notes.lines().find_map(|line| line.trim().strip_prefix("Build ID: "));
        assert_eq!(id.map(str::len), Some(40), "no SHA-1: {notes}");
    }
}

#[test]
fn it_shows_the_functions_of_the_header_and_no_others() {
    let exported = image().exported;
    let foreign: Vec<_> = exported.iter().filter(|name| !name.starts_with("ossup_")).collect();
    assert!(foreign.is_empty(), "also exported: {foreign:?}");
    let declared = declarations::functions(&header::text()).into_iter().map(|(name, _)| name).collect();
    assert_same(&exported, &declared, "include/ossup.h");
}

/// What tests ask for with a feature of its own is not in a library that was built without.
#[test]
fn no_panic_can_be_asked_of_it() {
    let all = ask("nm", &["--defined-only"]);
    assert!(all.contains("ossup_shutdown"), "this library's symbols were taken away");
    let ours = all.lines().filter(|line| line.contains("ossup"));
    let asked: Vec<_> = ours.filter(|line| line.contains("ossup_test") || line.contains("forced")).collect();
    assert!(asked.is_empty(), "{asked:?}");
}

/// `make header` renews the list.
#[test]
fn the_list_of_symbols_is_up_to_date() {
    let list = match header::system() {
        System::Unix => "abi/symbols.txt",
        System::Windows => "abi/symbols-windows.txt",
    };
    let exported = image().exported;
    if std::env::var("OSSUP_UPDATE").is_ok_and(|value| value == "1") {
        let lines: String = exported.iter().map(|name| format!("{name}\n")).collect();
        std::fs::write(in_repository(list), lines).expect("the repository can be written to");
    }
    let listed = repository_file(list).lines().map(str::to_owned).collect();
    assert_same(&exported, &listed, list);
}
