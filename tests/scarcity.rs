//! A process that is short of descriptors or threads, and a disk that hangs: what cannot be done is said, and nothing hangs that
//! need not.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot be set up has failed")]

#[path = "c/compile.rs"]
mod compile;
#[path = "c/shim.rs"]
mod shim;

use oss_server::{Options, OssServer};
use std::process::Command;

/// A program of `tests/c` behind a shim, if there is one, and a stand-in.
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

fn assert_well(case: &str, command: &mut Command) {
    let output = command.output().unwrap();
    let said = [&output.stdout[..], &output.stderr].map(String::from_utf8_lossy).concat();
    assert!(output.status.success(), "{case}: {}\n{said}", output.status);
    assert_eq!(said, "", "{case}: something was printed");
}

#[test]
fn a_hundred_uploads_short_of_descriptors_all_end_and_later_ones_succeed() {
    let scene = Scene::new("scarce");
    for more in ["0", "1", "2", "3", "4", "5", "6", "8", "12", "20", "40"] {
        assert_well(more, scene.command().args(["descriptors", more]));
    }
}

#[test]
fn a_hundred_uploads_short_of_threads_all_end_and_later_ones_succeed() {
    let scene = Scene::new("scarce");
    let shim = shim::compile("tests/c/few_threads.c", scene.folder.path());
    for threads in ["0", "1", "2", "3", "4", "8"] {
        assert_well(
            threads,
            scene.command().arg("threads").env("LD_PRELOAD", &shim).env("OSSUP_TEST_THREADS", threads),
        );
    }
}

#[test]
fn a_disk_that_hangs_holds_up_what_lies_on_it_and_nothing_else() {
    let scene = Scene::new("hanging");
    let shim = shim::compile("tests/c/hung_disk.c", scene.folder.path());
    assert_well("hanging", scene.command().env("LD_PRELOAD", shim));
    let left: Vec<_> = scene.server.uploads().into_iter().map(|upload| upload.key).collect();
    assert!(!left.iter().any(|key| key.ends_with("aborted")), "{left:?}");
}
