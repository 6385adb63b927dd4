//! A panic forced in each function, each worker and each way to a callback: whoever it befalls says so, all others know nothing of it.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "a header that cannot be read is a failed test")]

#[path = "c/compile.rs"]
mod compile;
#[path = "c/functions.rs"]
#[allow(dead_code, reason = "calls with NULL are another test's")]
mod functions;
#[path = "c/header.rs"]
mod header;

use functions::{Function, functions, is_pointer, usable};
use oss_server::{Options, OssServer};
use std::fs;
use std::path::Path;

/// Constants, in which there is nothing that could panic.
const NEVER: [&str; 3] = ["ossup_version", "ossup_abi_version", "ossup_status_name"];

/// Runs a program, whose errors are the test's, and returns what it says.
fn run(source: impl AsRef<Path>, folder: &Path) -> String {
    let server = OssServer::start(Options::default()).expect("a free port");
    server.create_bucket("bucket");
    let output = compile::compile(source)
        .command()
        .env("OSSUP_TEST_ENDPOINT", server.endpoint())
        .env("OSSUP_TEST_DIR", folder)
        .output()
        .expect("the program starts");
    let (said, printed) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{}\n{said}\n{printed}", output.status);
    assert_eq!(printed, "", "something was printed");
    said.into_owned()
}

#[test]
fn a_panic_in_a_worker_is_the_error_of_one_upload() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    println!("{}", run("tests/c/panics.c", folder.path()));
}

/// A call in which a panic comes, and what is to be seen of it.
fn check(function: &Function) -> String {
    // It comes before any argument is looked at, but for where the error goes.
    let argument = |(kind, name): &(String, String)| match (kind.as_str(), name.as_str()) {
        ("ossup_error **", "error") => "&error".to_owned(),
        _ if is_pointer(kind) => "NULL".to_owned(),
        _ => usable(kind, name),
    };
    let arguments: Vec<_> = function.parameters.iter().map(argument).collect();
    let call = format!("{}({})", function.name, arguments.join(", "));
    let is_status = function.returns == "ossup_status";
    let seen = if is_status { format!("CHECK_STATUS(OSSUP_INTERNAL, {call});") } else { format!("(void){call};") };
    let is_told = is_status && arguments.iter().any(|argument| argument == "&error");
    let told = if is_told { "check_error(&error, \"forced in function\");" } else { "" };
    format!("CHECK_STATUS(OSSUP_OK, ossup_test_panic(\"function\", 0)); {seen} CHECK(ossup_test_panicked()); {told}")
}

#[test]
fn a_panic_in_any_function_is_a_status_with_its_text_and_no_upload_knows_of_it() {
    let functions = functions();
    let checks = functions.iter().filter(|function| !NEVER.contains(&function.name.as_str()));
    let checks: Vec<_> = checks.map(check).collect();
    assert!(checks.len() > 180, "only {} functions", checks.len());
    let program = format!(
        r#"#include "fixture.h"
#include "forced.h"

int main(void)
{{
    struct path file = make_file("panic.bin", 300000);
    ossup_client *client = make_client();
    ossup_upload *upload = make_upload(client, "panic", file.text, false);
    ossup_error *error = NULL;
    CHECK_STATUS(OSSUP_OK, ossup_upload_set_bandwidth_limit(upload, 150000));
    CHECK_STATUS(OSSUP_OK, ossup_upload_start(upload, NULL));
    {}
    CHECK(!ossup_upload_is_done(upload));
    CHECK_STATUS(OSSUP_OK, ossup_upload_set_bandwidth_limit(upload, 0));
    CHECK_STATUS(OSSUP_OK, ossup_upload_wait(upload, -1, NULL));
    ossup_upload_free(upload);
    ossup_client_free(client);
    return 0;
}}
"#,
        checks.join("\n    ")
    );
    let folder = tempfile::tempdir().expect("a temporary folder");
    let source = folder.path().join("functions.c");
    fs::write(&source, program).expect("the folder is ours");
    run(source, folder.path());
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
