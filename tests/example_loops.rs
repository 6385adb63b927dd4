//! The examples that have many uploads under way, as their users meet them.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot be set up has failed")]

#[path = "c/compile.rs"]
mod compile;

use compile::Program;
use oss_server::{Action, Entry, Fault, Operation, Options, OssServer, When};
use rustix::process::{Pid, Signal, kill_process};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

const PATIENCE: Duration = Duration::from_secs(120);

/// An example, a server with a bucket, and a folder of files to put into it.
struct Scene {
    program: Program,
    server: OssServer,
    folder: tempfile::TempDir,
}

impl Scene {
    fn new(name: &str) -> Self {
        let program = compile::compile(format!("examples/c/{name}.c"));
        let server = OssServer::start(Options::default()).unwrap();
        server.create_bucket("bucket");
        Self { program, server, folder: tempfile::tempdir().unwrap() }
    }

    /// Makes a file that differs from all others.
    fn add(&self, name: &str, size: usize) -> String {
        let path = self.folder.path().join(name);
        let bytes: Vec<u8> = name.bytes().cycle().take(size).collect();
        std::fs::write(&path, bytes).unwrap();
        path.to_str().unwrap().to_owned()
    }

    fn command(&self, what: &[String]) -> Command {
        let mut command = self.program.command();
        command
            .args([&self.server.endpoint(), "cn-hangzhou", "bucket"])
            .args(what)
            .envs([("OSS_ACCESS_KEY_ID", "ak"), ("OSS_ACCESS_KEY_SECRET", "sk")])
            .env_remove("OSS_SESSION_TOKEN")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    fn run(&self, what: &[String]) -> Output {
        self.command(what).output().unwrap()
    }

    fn fault(&self, when: When, then: Action) {
        self.server.add_fault(Fault { when, then });
    }

    fn object_is_the_file(&self, name: &str) -> bool {
        let object = self.server.object("bucket", name).unwrap();
        object.bytes == std::fs::read(self.folder.path().join(name)).unwrap()
    }
}

fn lines(output: &Output) -> Vec<String> {
    let mut lines: Vec<_> = String::from_utf8_lossy(&output.stdout).lines().map(str::to_owned).collect();
    lines.sort();
    lines
}

fn errors(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn a_loop_uploads_what_it_can_and_tells_of_the_rest() {
    let scene = Scene::new("epoll");
    let files = ["a", "b", "c"].map(|name| scene.add(name, 2_000_000));
    let output = scene.run(&files);
    assert_eq!(output.status.code(), Some(0), "{}", errors(&output));
    assert_eq!(lines(&output), files.clone().map(|file| format!("{file}: done")));
    assert!(["a", "b", "c"].iter().all(|name| scene.object_is_the_file(name)));

    let missing = format!("{}/missing", scene.folder.path().display());
    let output = scene.run(&[files[0].clone(), missing.clone()]);
    assert_eq!(output.status.code(), Some(1));
    let told = lines(&output);
    assert_eq!(told[0], format!("{}: done", files[0]));
    assert!(told[1].starts_with(&format!("{missing}: SOURCE_UNREADABLE: ")), "{told:?}");
    assert_eq!(scene.run(&[]).status.code(), Some(2));
}

#[test]
fn an_interrupt_pauses_all_and_the_same_command_goes_on_with_them() {
    let scene = Scene::new("epoll");
    let files = ["a", "b", "c"].map(|name| scene.add(name, 9 << 20));
    for key in ["a", "b", "c"] {
        let when = When { key: Some(key.into()), skip: 1, ..When::operation(Operation::UploadPart) };
        scene.fault(when, Action::Hold { applied: true });
    }
    let child = scene.command(&files).spawn().unwrap();
    let is_there = |key: &str| {
        let is_its = |entry: &Entry| entry.answered && entry.part_number.is_some() && entry.key.as_deref() == Some(key);
        scene.server.count(is_its) > 0
    };
    let began = Instant::now();
    while !["a", "b", "c"].into_iter().all(is_there) {
        assert!(began.elapsed() < PATIENCE, "no part arrives");
        std::thread::sleep(Duration::from_millis(5));
    }
    kill_process(Pid::from_child(&child), Signal::INT).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(3), "{}", errors(&output));
    assert_eq!(lines(&output), files.clone().map(|file| format!("{file}: paused")));

    scene.server.clear_faults();
    let output = scene.run(&files);
    assert_eq!(output.status.code(), Some(0), "{}", errors(&output));
    assert!(["a", "b", "c"].iter().all(|name| scene.object_is_the_file(name)));
    assert_eq!(scene.server.count(|entry| entry.operation == Operation::InitiateMultipartUpload), 3);
}

#[test]
fn a_folder_of_hundreds_goes_up_and_each_failure_has_its_line() {
    let scene = Scene::new("many");
    let names: Vec<_> = (0..300).map(|number| format!("file {number}")).collect();
    for name in &names {
        scene.add(name, 1000);
    }
    scene.add("something.ucp", 10);
    std::fs::create_dir(scene.folder.path().join("folder")).unwrap();
    for key in ["file 7", "file 70"] {
        let when = When { key: Some(key.into()), ..When::operation(Operation::PutObject) };
        scene.fault(when, Action::Deny);
    }
    let folder = [scene.folder.path().to_str().unwrap().to_owned()];
    let output = scene.run(&folder);
    assert_eq!(output.status.code(), Some(1), "{}", errors(&output));
    let told = lines(&output);
    assert_eq!((told.len(), told[0].as_str()), (3, "298 uploaded, 2 failed"), "{told:?}");
    for (line, name) in told[1..].iter().zip(["file 70", "file 7"]) {
        assert!(line.starts_with(&format!("{name}: ACCESS_DENIED: ")), "{line}");
    }
    scene.server.clear_faults();
    let output = scene.run(&folder);
    assert_eq!((output.status.code(), lines(&output)), (Some(0), vec!["300 uploaded, 0 failed".to_owned()]));
    assert!(names.iter().all(|name| scene.object_is_the_file(name)));
    assert!(scene.server.object("bucket", "something.ucp").is_none());

    let output = scene.run(&["/no such folder".to_owned()]);
    assert_eq!(output.status.code(), Some(1));
    assert!(errors(&output).contains("/no such folder: No such file or directory"), "{}", errors(&output));
    assert_eq!(scene.run(&[]).status.code(), Some(2));
}
