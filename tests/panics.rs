//! A panic forced in each worker and each way to a callback: the upload concerned says so, all others know nothing of it.

#![cfg(target_os = "linux")]

#[path = "c/compile.rs"]
mod compile;

use oss_server::{Options, OssServer};
use std::fs;
use std::path::Path;

#[test]
fn a_panic_anywhere_is_the_error_of_one_upload_and_nobody_hears_of_it_but_that() {
    let server = OssServer::start(Options::default()).expect("a free port");
    server.create_bucket("bucket");
    let folder = tempfile::tempdir().expect("a temporary folder");
    let output = compile::compile("tests/c/panics.c")
        .command()
        .env("OSSUP_TEST_ENDPOINT", server.endpoint())
        .env("OSSUP_TEST_DIR", folder.path())
        .output()
        .expect("the program starts");
    let (said, printed) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{}\n{said}\n{printed}", output.status);
    assert_eq!(printed, "", "something was printed");
    println!("{said}");
}

/// Whoever adds a place adds it to the program.
#[test]
fn each_place_is_visited() {
    let program = fs::read_to_string("tests/c/panics.c").expect("a file of the repository");
    let mut folders = vec![Path::new("src").to_owned()];
    let mut places = 0;
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder of the repository") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let source = fs::read_to_string(&path).expect("a file of the repository");
            for place in source.split("may_come(\"").skip(1).filter_map(|rest| rest.split('"').next()) {
                places += 1;
                // The functions of the header are called by a program that is made from it.
                assert!(place == "function" || program.contains(&format!("\"{place}\"")), "{place} is not visited");
            }
        }
    }
    assert!(places > 10, "only {places} places");
}
