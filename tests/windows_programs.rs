//! What only Windows has, seen from C: each program of `tests/windows` runs against a stand-in of its own.
//! `scripts/test-cross.sh` runs it with `OSSUP_TEST_TARGET` and all that belongs to it.

#![cfg(target_os = "linux")]

#[path = "c/compile.rs"]
mod compile;
#[path = "c/run.rs"]
mod run;

use oss_server::{Action, Fault, Operation, OssServer, When};
use run::{run, start};

/// A stand-in that takes the parts of one key slowly.
fn slow_for(key: &str) -> OssServer {
    let server = start();
    server.add_fault(Fault {
        when: When { operation: Some(Operation::UploadPart), key: Some(key.to_owned()), ..When::default() },
        then: Action::Throttle { bytes_per_s: 400_000 },
    });
    server
}

#[test]
fn unload() {
    run("tests/windows/unload.c", &start());
}

#[test]
fn upload() {
    let server = start();
    let folder = run("tests/windows/upload.c", &server);
    let made = std::fs::read(folder.path().join("made.bin")).expect("the program made it");
    let object = server.object("bucket", "windows/文件.bin").expect("it was uploaded");
    assert!(object.bytes == made);
}

#[test]
fn wide() {
    run("tests/windows/wide.c", &slow_for("windows/slow"));
}
