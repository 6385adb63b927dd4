//! Sanitizers under which programs run catch what they are for, and the library itself holds none.

#![cfg(target_os = "linux")]

#[path = "c/compile.rs"]
#[allow(dead_code, reason = "each program here is to run under a sanitizer of its own")]
mod compile;

use std::process::Command;

/// What a program with a fault on purpose is told, under the sanitizers of the whole run or else under its own.
#[track_caller]
fn assert_caught(own: &str, fault: &str, expected: &str) {
    let given = compile::sanitizers();
    let flags = if given.is_empty() { own } else { &given };
    let program = compile::compile_in("include", flags, format!("tests/sanitizers/{fault}.c"));
    // What was forgotten may still lie where the stack was, in a row where each has the one before in its padding.
    let command = &mut program.command();
    let output = command.env("LSAN_OPTIONS", "use_stacks=0:use_registers=0").output().expect("the program starts");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success(), "{fault} passed");
    assert!(said.contains(expected), "{said}");
}

mod address {
    use super::assert_caught;

    const FLAGS: &str = "-fsanitize=address,undefined -fno-sanitize-recover=all";

    #[test]
    fn text_of_a_freed_handle_is_caught() {
        assert_caught(FLAGS, "freed", "heap-use-after-free");
    }

    #[test]
    fn a_handle_that_leaks_is_caught() {
        assert_caught(FLAGS, "leaked", "detected memory leaks");
    }

    #[test]
    fn undefined_behaviour_is_caught() {
        assert_caught(FLAGS, "undefined", "runtime error: shift exponent 50");
    }
}

mod thread {
    #[test]
    fn a_builder_that_two_threads_use_at_once_is_caught() {
        super::assert_caught("-fsanitize=thread", "raced", "data race");
    }
}

/// Or, where the library was built with some for the purpose, it does.
#[test]
fn the_library_holds_none() {
    let output = Command::new("nm").arg("--dynamic").arg(compile::library()).output().expect("binutils are installed");
    let symbols = String::from_utf8(output.stdout).expect("plain text");
    let is_theirs =
        |name: &&str| ["__asan_", "__tsan_", "__ubsan_", "__msan_"].iter().any(|start| name.starts_with(start));
    let theirs: Vec<_> = symbols.lines().filter_map(|line| line.split(' ').next_back()).filter(is_theirs).collect();
    let is_for_them = std::env::var_os("OSSUP_TEST_LIBRARY").is_some();
    assert_eq!(!theirs.is_empty(), is_for_them, "{theirs:?}");
}
