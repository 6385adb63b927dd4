//! Each example does what it says. `tests/example_upload.rs` has the long one.

#![cfg(target_os = "linux")]

#[path = "c/compile.rs"]
mod compile;
#[path = "c/examples.rs"]
mod examples;

use std::path::Path;

#[test]
fn blocking() {
    examples::blocking(&compile::compile("examples/c/blocking.c"));
}

#[test]
fn listener() {
    examples::listener(&compile::compile("examples/c/listener.c"));
}

#[test]
fn resume_token() {
    examples::resume_token(&compile::compile("examples/c/resume_token.c"));
}

#[test]
fn every_example_is_run_by_a_test() {
    let files = |folder: &str| {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
        std::fs::read_dir(folder).expect("a folder of the repository").map(|entry| entry.expect("it is listed").path())
    };
    let tests: String = files("tests").filter_map(|path| std::fs::read_to_string(path).ok()).collect();
    let mut examples = files("examples/c").map(|path| path.file_name().expect("a file").display().to_string());
    let is_named =
        |name: &str| tests.contains(&format!("\"{name}\"")) || tests.contains(&format!("\"examples/c/{name}.c\""));
    assert_eq!(examples.find(|name| !is_named(name.trim_end_matches(".c"))), None);
}
