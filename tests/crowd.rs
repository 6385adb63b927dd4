//! Very many uploads in one process: at once, by one queue, and one after the other.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot be set up has failed")]

#[path = "c/compile.rs"]
mod compile;

use oss_server::{Action, Entry, Fault, Operation, Options, OssServer, When};
use std::process::Command;

/// A program of `tests/c` with a stand-in and a folder of its own.
struct Scene {
    program: compile::Program,
    server: OssServer,
    folder: tempfile::TempDir,
}

impl Scene {
    fn new(name: &str) -> Self {
        let program = compile::compile(format!("tests/c/{name}.c"));
        let server = OssServer::start(Options::default()).unwrap();
        server.create_bucket("bucket");
        Self { program, server, folder: tempfile::tempdir().unwrap() }
    }

    fn command(&self) -> Command {
        let mut command = self.program.command();
        command.env("OSSUP_TEST_ENDPOINT", self.server.endpoint()).env("OSSUP_TEST_DIR", self.folder.path());
        command
    }
}

fn assert_well(command: &mut Command) -> String {
    let output = command.output().unwrap();
    let said = [&output.stdout[..], &output.stderr].map(String::from_utf8_lossy).concat();
    assert!(output.status.success(), "{}\n{said}", output.status);
    said
}

#[test]
fn two_thousand_uploads_need_one_queue_and_one_thread() {
    let scene = Scene::new("crowd");
    assert_well(&mut scene.command());
    // Those whose queue, client and handles were all freed ran on: shutdown pauses them at most.
    let is_made = |entry: &Entry| {
        [Operation::PutObject, Operation::CompleteMultipartUpload].contains(&entry.operation)
            && entry.status == Some(200)
    };
    assert!(scene.server.count(is_made) > 2000 + 2 * 200);
}

/// `make endurance` asks for ten thousand, and valgrind for a few.
#[test]
fn thousands_of_uploads_later_the_process_is_as_small_as_after_the_first_tenth() {
    let scene = Scene::new("endurance");
    for operation in [Operation::PutObject, Operation::UploadPart] {
        let when = When { key: Some("endurance/denied".into()), ..When::operation(operation) };
        scene.server.add_fault(Fault { when, then: Action::Deny });
    }
    let uploads = std::env::var("OSSUP_TEST_UPLOADS").unwrap_or("1000".into());
    print!("{}", assert_well(scene.command().arg(uploads)));
}
