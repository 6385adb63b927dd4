//! Sanitizers under which programs run catch what they are for, and the library itself holds none.

#![cfg(target_os = "linux")]

#[path = "c/compile.rs"]
#[allow(dead_code, reason = "each program here is to run under a sanitizer of its own")]
mod compile;

use std::process::Command;

const ADDRESS: &str = "-fsanitize=address,undefined -fno-sanitize-recover=all";
const THREAD: &str = "-fsanitize=thread";

/// What a program with a fault on purpose is told.
#[track_caller]
fn assert_caught(flags: &str, fault: &str, expected: &str) {
    let program = compile::compile_in("include", flags, format!("tests/c/faults/{fault}.c"));
    let output = program.command().output().expect("the program starts");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success(), "{fault} passed");
    assert!(said.contains(expected), "{said}");
}

#[test]
fn text_of_a_freed_handle_is_caught() {
    assert_caught(ADDRESS, "freed", "heap-use-after-free");
}

#[test]
fn a_handle_that_leaks_is_caught() {
    assert_caught(ADDRESS, "leaked", "detected memory leaks");
}

#[test]
fn undefined_behaviour_is_caught() {
    assert_caught(ADDRESS, "undefined", "runtime error: shift exponent 50");
}

#[test]
fn a_race_is_caught() {
    assert_caught(THREAD, "raced", "data race");
}

/// Or, where the library was built with some for the purpose, it does.
#[test]
fn the_library_holds_none() {
    let output = Command::new("nm").arg("--dynamic").arg(compile::library()).output().expect("binutils are installed");
    let symbols = String::from_utf8(output.stdout).expect("plain text");
    let is_theirs = |name: &&str| ["__asan_", "__tsan_", "__ubsan_", "__msan_"].iter().any(|start| name.starts_with(start));
    let theirs: Vec<_> = symbols.lines().filter_map(|line| line.split(' ').next_back()).filter(is_theirs).collect();
    let is_for_them = std::env::var_os("OSSUP_TEST_LIBRARY").is_some();
    assert_eq!(!theirs.is_empty(), is_for_them, "{theirs:?}");
}
