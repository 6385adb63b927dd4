//! Life inside a host's process: its signals, its children, its environment, its descriptors and its end are its own.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot be set up has failed")]

#[path = "c/compile.rs"]
mod compile;

use oss_server::{Action, Fault, Operation, Options, OssServer, When};
use std::io::{BufRead, BufReader};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

/// A stand-in with a bucket, and a folder for the files of one program.
struct Scene {
    server: OssServer,
    folder: tempfile::TempDir,
}

impl Scene {
    fn new() -> Self {
        let server = OssServer::start(Options { tls: true, ..Options::default() }).unwrap();
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
    let program = compile::compile("tests/c/setenv.c");
    let scene = Scene::new();
    assert_well(&scene.command(&program).output().unwrap());
    let authority = scene.folder.path().join("authority.pem");
    std::fs::write(&authority, scene.server.ca_pem().unwrap()).unwrap();
    let mut command = scene.command(&program);
    command.env("OSSUP_TEST_ENDPOINT", scene.server.https_endpoint().unwrap()).env("OSSUP_TEST_CA", authority);
    assert_well(&command.arg("100").output().unwrap());
}

#[test]
fn a_child_of_a_process_that_has_not_uploaded_yet_uploads_like_any_other() {
    let scene = Scene::new();
    scene.run("early_fork");
    assert!(["early_fork/parent", "early_fork/child"].iter().all(|key| scene.server.object("bucket", key).is_some()));
}

const WAYS: [&str; 9] =
    ["return", "exit", "_exit", "quick_exit", "thread", "static", "atexit", "atexit shutdown", "quick_exit shutdown"];

fn leave(scene: &Scene, program: &compile::Program, way: &str, code: i32) {
    let folder = tempfile::tempdir().unwrap();
    let mut command = scene.command(program);
    command.args([way, &code.to_string()]).env("OSSUP_TEST_DIR", folder.path()).stdout(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut word = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut word).unwrap();
    assert_eq!(word, "leaving\n", "{way}");
    let began = Instant::now();
    let status = child.wait().unwrap();
    assert_eq!(status.code(), Some(code), "{way}: {status}");
    assert!(began.elapsed() < Duration::from_secs(30), "{way}: {:?}", began.elapsed());
}

#[test]
fn a_process_ends_when_it_wants_to_with_its_own_exit_code() {
    let program = compile::compile("tests/c/leaving.cpp");
    let scene = Scene::new();
    // Whoever waited for them would wait for minutes.
    scene.fault("leaving/running", Action::Throttle { bytes_per_s: 2_000 });
    scene.fault("leaving/late", Action::Throttle { bytes_per_s: 2_000 });
    std::thread::scope(|scope| {
        for quarter in 0..4 {
            let (scene, program) = (&scene, &program);
            scope.spawn(move || {
                (0..50).for_each(|run| leave(scene, program, WAYS[(run + quarter) % 9], 3 + run as i32))
            });
        }
    });
}
