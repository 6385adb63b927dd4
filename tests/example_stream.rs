//! The example that sends its standard input, as a shell would use it.

#![cfg(target_os = "linux")]

#[path = "c/compile.rs"]
mod compile;

use std::fs::File;
use std::process::{Command, Output, Stdio};

use compile::Program;
use oss_server::{Action, Fault, Operation, Options, OssServer, When};

struct Scene {
    program: Program,
    server: OssServer,
    folder: tempfile::TempDir,
}

impl Scene {
    fn new() -> Self {
        let program = compile::compile("examples/c/stream.c");
        let server = OssServer::start(Options::default()).expect("a free port");
        server.create_bucket("bucket");
        Self { program, server, folder: tempfile::tempdir().expect("a temporary folder") }
    }

    fn command(&self, stdin: impl Into<Stdio>) -> Command {
        let mut command = self.program.command();
        command
            .args(["cn-hangzhou", "oss://bucket/dir/stream.bin", &self.server.endpoint()])
            .env("OSS_ACCESS_KEY_ID", "ak")
            .env("OSS_ACCESS_KEY_SECRET", "sk")
            .env_remove("OSS_SESSION_TOKEN")
            .stdin(stdin);
        command
    }

    fn send(&self, bytes: &[u8]) -> Output {
        let path = self.folder.path().join("stdin");
        std::fs::write(&path, bytes).expect("a file in the temporary folder");
        self.command(File::open(&path).expect("it is there")).output().expect("the example starts")
    }
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn whatever_comes_in_arrives() {
    let scene = Scene::new();
    for size in [0, 1000, 20 << 20] {
        let bytes: Vec<u8> = (0..size).map(|at| (at * 31 / 128) as u8).collect();
        let output = scene.send(&bytes);
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        assert_eq!(stderr(&output), format!("Done: {size} bytes.\n"));
        let object = scene.server.object("bucket", "dir/stream.bin").expect("the object is there");
        assert!(object.bytes == bytes, "{size} bytes");
    }
}

#[test]
fn the_end_of_a_pipe_is_the_end_of_the_object() {
    let scene = Scene::new();
    let mut writer = Command::new("sh")
        .args(["-c", "for part in 1 2 3; do head -c 3000000 /dev/zero; done"])
        .stdout(Stdio::piped())
        .spawn()
        .expect("a shell");
    let pipe = writer.stdout.take().expect("it is piped");
    let output = scene.command(pipe).output().expect("the example starts");
    assert!(writer.wait().expect("a child can be waited for").success());
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let object = scene.server.object("bucket", "dir/stream.bin").expect("the object is there");
    assert!(object.bytes == vec![0; 9_000_000]);
}

#[test]
fn a_failure_ends_it_and_leaves_nothing() {
    let scene = Scene::new();
    scene.server.add_fault(Fault { when: When::operation(Operation::UploadPart), then: Action::Deny });
    let output = scene.send(&vec![7; 64 << 20]);
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("ACCESS_DENIED"), "{}", stderr(&output));
    // What cannot be read, such as a folder.
    let folder = File::open(scene.folder.path()).expect("it is there");
    let output = scene.command(folder).output().expect("the example starts");
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("stdin") && stderr(&output).contains("ABORTED"), "{}", stderr(&output));
    assert!(scene.server.uploads().is_empty() && scene.server.object("bucket", "dir/stream.bin").is_none());
}

#[test]
fn bad_usage_is_told_apart() {
    let scene = Scene::new();
    for arguments in [&[][..], &["cn-hangzhou"], &["cn-hangzhou", "bucket/key"], &["a", "oss://b/k", "c", "d"]] {
        let output = scene.program.command().args(arguments).output().expect("the example starts");
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(stderr(&output).contains("Usage: "), "{arguments:?}");
    }
    let output = scene.program.command().args(["cn-hangzhou", "oss://bucket"]).output().expect("the example starts");
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("Key"), "{}", stderr(&output));
}
