//! Very many uploads in one process: at once, by one queue, and one after the other.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot be set up has failed")]

#[path = "c/compile.rs"]
mod compile;

use oss_server::{Operation, Options, OssServer};
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
    let sent = scene.server.count(|entry| entry.operation == Operation::PutObject && entry.status == Some(200));
    assert!(sent > 2000 + 2 * 200, "{sent}");
}
