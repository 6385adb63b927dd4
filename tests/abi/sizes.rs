//! Programs whose `ossup_progress` is smaller than the library's, or larger.

use oss_server::{Options, OssServer};

use crate::compile::{compile_in, sanitizers};
use crate::repository_file;

/// Runs the program with a header whose last field of progress is replaced; returns what it says.
fn run(last_field: &str) -> String {
    let header = repository_file("include/ossup.h");
    let field = "  uint64_t bytes_reused;\n";
    assert!(header.contains(field));
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("ossup.h"), header.replace(field, last_field)).unwrap();
    let server = OssServer::start(Options::default()).unwrap();
    server.create_bucket("bucket");
    let output = compile_in(folder.path(), &sanitizers(), "tests/c/progress_sizes.c")
        .command()
        .env("OSSUP_TEST_ENDPOINT", server.endpoint())
        .env("OSSUP_TEST_DIR", folder.path())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn an_older_program_gets_what_it_knows() {
    assert_eq!(run(""), "48 of 56\n");
}

#[test]
fn a_program_of_today_gets_everything() {
    assert_eq!(run("  uint64_t bytes_reused;\n"), "56 of 56\n");
}

#[test]
fn a_newer_program_gets_what_the_library_knows() {
    assert_eq!(run("  uint64_t bytes_reused;\n  uint64_t bytes_new;\n"), "64 of 56\n");
}
