//! Life inside a host's process: its signals, its children, its environment, its descriptors and its end are its own.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot be set up has failed")]

#[path = "c/compile.rs"]
mod compile;

use oss_server::{Action, Fault, Operation, Options, OssServer, When};
use std::process::{Command, Output};

/// A stand-in with a bucket, and a folder for the files of one program.
struct Scene {
    server: OssServer,
    folder: tempfile::TempDir,
}

impl Scene {
    fn new() -> Self {
        let server = OssServer::start(Options::default()).unwrap();
        server.create_bucket("bucket");
        Self { server, folder: tempfile::tempdir().unwrap() }
    }

    fn fault(&self, key: &str, then: Action) {
        let when = When { key: Some(key.to_owned()), ..When::operation(Operation::UploadPart) };
        self.server.add_fault(Fault { when, then });
    }

    fn command(&self, program: &compile::Program) -> Command {
        let mut command = program.command();
        command.env("OSSUP_TEST_ENDPOINT", self.server.endpoint()).env("OSSUP_TEST_DIR", self.folder.path());
        command
    }

    fn run(&self, name: &str) {
        assert_well(&self.command(&compile::compile(format!("tests/c/{name}.c"))).output().unwrap());
    }
}

fn assert_well(output: &Output) {
    let said = [&output.stdout[..], &output.stderr].map(String::from_utf8_lossy).concat();
    assert!(output.status.success(), "{}\n{said}", output.status);
}

#[test]
fn signals_are_the_hosts_and_a_storm_of_them_costs_no_upload() {
    let scene = Scene::new();
    scene.fault("signals/slow", Action::Throttle { bytes_per_s: 200_000 });
    let when = When { key: Some("signals/broken".into()), ..When::operation(Operation::UploadPart).times(2) };
    scene.server.add_fault(Fault { when, then: Action::Reset { after: 65_536 } });
    scene.run("signals");
}

#[test]
fn descriptors_0_to_2_may_be_anybodys_and_none_of_ours_outlives_an_exec() {
    let program = compile::compile("tests/c/descriptors.c");
    for whose in ["library", "host", "ours"] {
        let scene = Scene::new();
        scene.fault("descriptors/slow", Action::Throttle { bytes_per_s: 500_000 });
        scene.fault("descriptors/denied", Action::Deny);
        let output = scene.command(&program).arg(whose).output().unwrap();
        let told = ["diary.txt", "complaint.txt"].map(|name| std::fs::read_to_string(scene.folder.path().join(name)));
        assert_eq!(told.map(Result::unwrap_or_default), ["", ""], "{whose}");
        assert_well(&output);
        let key = if whose == "ours" { "descriptors/slow" } else { "descriptors/good" };
        let file = std::fs::read(scene.folder.path().join("descriptors.bin")).unwrap();
        assert!(scene.server.object("bucket", key).unwrap().bytes == file, "{whose}");
    }
}

#[test]
fn the_environment_is_not_read_once_a_client_is_made() {
    Scene::new().run("setenv");
}
