//! What the examples do, whichever header they were compiled against.

use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use oss_server::{Action, Fault, Operation, Options, OssServer, When};

use crate::compile::{Program, target};

const SIZE: usize = 3_000_000;

/// A bucket, and a file to put into it.
pub(crate) struct Scene {
    pub(crate) server: OssServer,
    folder: tempfile::TempDir,
}

impl Scene {
    pub(crate) fn new() -> Self {
        let server = OssServer::start(Options::default()).expect("a free port");
        server.create_bucket("bucket");
        let folder = tempfile::tempdir().expect("a temporary folder");
        let bytes: Vec<u8> = (0..SIZE).map(|at| (at * 31 / 128) as u8).collect();
        std::fs::write(folder.path().join("file.bin"), bytes).expect("a file in the temporary folder");
        Self { server, folder }
    }

    /// Of a file in the scene's folder.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn command(&self, program: &Program, first: &[&str]) -> Command {
        let mut command = program.command();
        command
            .args(first)
            .args([&self.server.endpoint(), "cn-hangzhou", "bucket", "dir/file.bin"])
            .arg(target::path(self.path("file.bin")))
            .env("OSS_ACCESS_KEY_ID", "ak")
            .env("OSS_ACCESS_KEY_SECRET", "sk")
            .env_remove("OSS_SESSION_TOKEN");
        command
    }

    pub(crate) fn check_object(&self) {
        let object = self.server.object("bucket", "dir/file.bin").expect("the object is there");
        assert!(object.bytes == std::fs::read(self.folder.path().join("file.bin")).expect("the file is there"));
    }

    pub(crate) fn parts_sent(&self) -> usize {
        self.server.ledger().iter().filter(|entry| entry.operation == Operation::UploadPart).count()
    }
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

/// Uploads, and says why when it cannot.
pub(crate) fn blocking(program: &Program) {
    let scene = Scene::new();
    let output = scene.command(program, &[]).output().expect("the example starts");
    assert!(output.status.success(), "{}", said(&output));
    assert_eq!(said(&output), "");
    scene.check_object();

    let output =
        scene.command(program, &[]).env("OSS_ACCESS_KEY_SECRET", "other").output().expect("the example starts");
    assert_eq!(output.status.code(), Some(1));
    assert!(said(&output).starts_with("ACCESS_DENIED: "), "{}", said(&output));
}

/// Tells of progress, of the end, and of the release, in this order.
pub(crate) fn listener(program: &Program) {
    let scene = Scene::new();
    scene.server.add_fault(Fault {
        when: When { operation: Some(Operation::UploadPart), ..When::default() },
        then: Action::Throttle { bytes_per_s: 6_000_000 },
    });
    let output = scene.command(program, &[]).output().expect("the example starts");
    assert!(output.status.success(), "{}", said(&output));
    let told = said(&output);
    let lines: Vec<_> = told.lines().collect();
    assert!(lines.len() > 2 && lines[0].ends_with(" %"), "{told}");
    assert_eq!(lines[lines.len() - 2..], ["dir/file.bin: done, 3000000 bytes", "dir/file.bin: let go"]);
    scene.check_object();
}

/// Stops, and goes on from what it printed.
pub(crate) fn resume_token(program: &Program) {
    let scene = Scene::new();
    let slowly = Fault {
        when: When { operation: Some(Operation::UploadPart), ..When::default() },
        then: Action::Throttle { bytes_per_s: 2_000_000 },
    };
    scene.server.add_fault(slowly);
    let paused = scene.command(program, &["pause"]).output().expect("the example starts");
    assert!(paused.status.success(), "{}", said(&paused));
    assert!(said(&paused).starts_with("ossup1."), "{}", said(&paused));
    let sent = scene.parts_sent();
    assert!(sent >= 15, "{sent}");

    let token = scene.path("token");
    std::fs::write(&token, &paused.stdout).expect("the folder is ours");
    let token = std::fs::File::open(token).expect("it was just written");
    let went_on = scene.command(program, &["go-on"]).stdin(Stdio::from(token)).output().expect("the example starts");
    assert!(went_on.status.success(), "{}", said(&went_on));
    assert!(scene.parts_sent() < sent + 18, "{}", scene.parts_sent());
    scene.check_object();
}
