//! Every function in a child of a process in the midst of uploads: a C program is made from the header, so that none can be
//! forgotten.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a header that cannot be read is a failed test")]

#[path = "c/compile.rs"]
mod compile;
#[path = "c/functions.rs"]
mod functions;
#[path = "c/header.rs"]
mod header;

use functions::{Function, functions, is_pointer};
use oss_server::{Action, Fault, Operation, Options, OssServer, When};
use std::collections::BTreeSet;

/// Handles behind which the library's threads are at work.
const AT_WORK: [&str; 4] = ["ossup_client *", "ossup_upload *", "ossup_queue *", "ossup_credentials_request *"];

/// Functions that need the threads without such a handle.
const OF_THE_LIBRARY: [&str; 2] = ["ossup_set_worker_threads", "ossup_shutdown"];

/// Takes a queue to where events will go one day, and touches nothing that runs.
const HARMLESS: [&str; 1] = ["ossup_config_add_credentials_queue"];

fn needs_threads(function: &Function) -> bool {
    let is_at_work = |kind: &str| AT_WORK.contains(&kind.trim_start_matches("const "));
    let takes_one = function.parameters.iter().any(|(kind, _)| is_at_work(kind));
    let name = function.name.as_str();
    OF_THE_LIBRARY.contains(&name) || (takes_one && !HARMLESS.contains(&name))
}

/// What is to be seen of a call in the child.
fn check(function: &Function) -> String {
    let call = function.call(None);
    match function.returns.as_str() {
        "ossup_status" if needs_threads(function) => format!("CHECK_STATUS(OSSUP_FORKED, {call});"),
        "ossup_status" => format!("CHECK({call} != OSSUP_INTERNAL);"),
        "void" => format!("{call};"),
        _ => format!("(void){call};"),
    }
}

/// The types that are pointed to by outputs.
fn outputs(functions: &[Function]) -> String {
    let parameters = functions.iter().flat_map(|function| &function.parameters);
    let names: BTreeSet<_> = parameters.filter_map(|(kind, _)| kind.strip_suffix("**").map(str::trim)).collect();
    names.iter().map(|name| format!("    {name} *{name}_out = NULL;\n")).collect()
}

fn program(functions: &[Function]) -> String {
    let (frees, calls): (Vec<_>, Vec<_>) = functions.iter().partition(|function| function.name.ends_with("_free"));
    let checks: Vec<_> = calls.into_iter().chain(frees).map(check).collect();
    include_str!("c/forked.c")
        .replace("    /* outputs */\n", &outputs(functions))
        .replace("/* checks */", &checks.join("\n    "))
}

#[test]
fn in_a_child_every_function_answers_at_once_and_the_parents_uploads_complete() {
    let functions = functions();
    assert!(functions.iter().filter(|function| needs_threads(function)).count() > 20);
    assert!(
        functions.iter().all(|function| !function.name.ends_with("_free") || is_pointer(&function.parameters[0].0))
    );
    let server = OssServer::start(Options::default()).unwrap();
    server.create_bucket("bucket");
    let when = When { key: Some("forked/slow".into()), ..When::operation(Operation::UploadPart) };
    server.add_fault(Fault { when, then: Action::Throttle { bytes_per_s: 400_000 } });
    server.open_upload("bucket", "forked/incomplete").unwrap();
    let folder = tempfile::tempdir().unwrap();
    let source = folder.path().join("forked.c");
    std::fs::write(&source, program(&functions)).unwrap();
    let output = compile::compile(&source)
        .command()
        .env("OSSUP_TEST_ENDPOINT", server.endpoint())
        .env("OSSUP_TEST_DIR", folder.path())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned() + &String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{}\n{said}", output.status);
    assert_eq!(said, "", "something was printed");
    let file = std::fs::read(folder.path().join("slow.bin")).unwrap();
    assert!(server.object("bucket", "forked/slow").unwrap().bytes == file);
}
