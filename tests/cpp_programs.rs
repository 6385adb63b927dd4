//! The binding for C++ seen from C++: each program of `tests/cpp` runs against a stand-in of its own.

#![cfg(target_os = "linux")]

#[path = "cpp/build.rs"]
mod build;
#[path = "c/compile.rs"]
#[allow(dead_code, reason = "compilers are chosen by build.rs here")]
mod compile;

use std::process::Output;

use build::Build;
use compile::Program;
use oss_server::{Action, Fault, Moment, Operation, Options, OssServer, When};

/// A stand-in that does not answer the second part of some keys: an upload to one of them is under way until it is stopped.
fn start(held: &[&str]) -> OssServer {
    let server = OssServer::start(Options::default()).expect("a free port");
    server.create_bucket("bucket");
    for key in held {
        let when =
            When { key: Some((*key).to_owned()), part_number: Some(2), ..When::operation(Operation::UploadPart) };
        server.add_fault(Fault { when, then: Action::Stall { at: Moment::BeforeAnswer, ms: 600_000 } });
    }
    server
}

fn compile(build: &Build, name: &str, flags: &str) -> Program {
    build.compile(&format!("tests/cpp/{name}.cpp"), flags)
}

fn run(program: &Program, server: &OssServer, arguments: &[&str]) -> Output {
    let folder = tempfile::tempdir().expect("a temporary folder");
    program
        .command()
        .args(arguments)
        .env("OSSUP_TEST_ENDPOINT", server.endpoint())
        .env("OSSUP_TEST_DIR", compile::target::path(folder.path()))
        // A developer's own key must not come to the aid of a program that is to find none.
        .env_remove("OSS_ACCESS_KEY_ID")
        .env_remove("ALIBABA_CLOUD_ACCESS_KEY_ID")
        .output()
        .expect("the program starts")
}

#[track_caller]
fn check(name: &str, output: &Output) {
    assert!(
        output.status.success(),
        "{name}: {}\n{}{}",
        output.status,
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}

/// Runs `tests/cpp/{name}.cpp` as each build has it, and returns the stand-ins.
fn run_all(name: &str, flags: &str, held: &[&str]) -> Vec<OssServer> {
    let run_one = |build: &Build| {
        let server = start(held);
        check(name, &run(&compile(build, name, flags), &server, &[]));
        server
    };
    build::all().iter().map(run_one).collect()
}

#[test]
fn uploads() {
    let ways = ["aborted", "thrown", "thrown again", "owned", "replaced", "destroyed", "stopped"];
    let more = ["stopped late", "stopped by std", "stopped by std late", "future", "future thrown"];
    let held: Vec<_> = ways.iter().chain(&more).map(|way| format!("uploads/held, {way}")).collect();
    let held: Vec<_> = held.iter().map(String::as_str).collect();
    for server in run_all("uploads", "", &held) {
        assert!(server.object("bucket", "uploads/detached").is_some());
        assert!(server.object("bucket", "uploads/held, owned").is_none());
        assert!(server.uploads().is_empty(), "{:?}", server.uploads());
    }
}

#[test]
fn requests() {
    for server in run_all("requests", "", &[]) {
        for key in ["vector", "string", "numbers", "shared", "lent", "pushed", "istream", "options"] {
            assert!(server.object("bucket", &format!("requests/{key}")).is_some(), "{key}");
        }
        assert!(server.object("bucket", "requests/short").is_none());
        assert!(server.uploads().is_empty(), "{:?}", server.uploads());
    }
}

#[test]
fn hosts() {
    for server in run_all("hosts", "", &["hosts/held, recorded"]) {
        assert!(server.uploads().is_empty(), "{:?}", server.uploads());
    }
}

#[test]
fn paths() {
    for server in run_all("paths", "", &["paths/held"]) {
        assert_eq!(server.object("bucket", "paths/file").map(|object| object.bytes.len()), Some(300_000));
        assert!(server.uploads().is_empty(), "{:?}", server.uploads());
    }
}

#[test]
fn without_exceptions() {
    run_all("without_exceptions", "-fno-exceptions -fno-rtti", &[]);
}

/// Where one part of a program has no exceptions, nothing of it is taken for the others: they still catch theirs.
#[test]
fn exceptions_may_be_off_in_a_part_of_a_program() {
    for build in build::all() {
        let object = compile(&build, "mixed", "-c -Wno-unused-command-line-argument");
        // The linker takes the first of what is there twice.
        let flags = format!("-fno-exceptions {}", object.path().display());
        check("mixed", &run(&compile(&build, "mixed_without", &flags), &start(&[]), &[]));
    }
}

/// Whatever ends first, what the listener uses is there for as long as it is told.
#[test]
fn leaving() {
    for build in build::all() {
        let program = compile(&build, "leaving", "");
        for way in ["return", "exit", "shut down", "client", "thrown"] {
            let server = start(&["leaving/held"]);
            let output = run(&program, &server, &[way]);
            check(way, &output);
            assert_eq!(output.stdout.trim_ascii_end(), b"told", "{way}");
            assert!(server.object("bucket", "leaving/held").is_none(), "{way}");
        }
    }
}

#[test]
fn two_shared_objects_hold_the_header() {
    // Programs for Windows are linked with runtimes of their own, which know nothing of each other's exceptions.
    if compile::target::is_windows() {
        return;
    }
    for build in build::all() {
        let program = compile(&build, "objects", "-ldl");
        let plugin = compile(&build, "plugin", "-shared -fPIC -fvisibility=hidden");
        check("objects", &run(&program, &start(&[]), &[&plugin.path().to_string_lossy()]));
    }
}
