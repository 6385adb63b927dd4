//! The program under torture, and what stands between it and its disk.

use super::compile::{self, Program};
use super::disk::Disk;
use super::plan::Plan;
use oss_server::OssServer;
use std::fs::File;
use std::path::Path;
use std::process::{Command, Stdio};
use tempfile::TempDir;

pub(crate) struct Victim {
    program: Program,
    folder: TempDir,
}

impl Victim {
    pub(crate) fn build() -> Self {
        let victim = Self {
            program: compile::compile("examples/c/upload.c"),
            folder: tempfile::tempdir().expect("a temporary folder"),
        };
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/torture/disk.c");
        let made = Command::new(std::env::var_os("CC").unwrap_or("cc".into()))
            .args([
                "-std=c99",
                "-Wall",
                "-Wextra",
                "-Wpedantic",
                "-Werror",
                "-O1",
                "-g",
                "-pthread",
                "-shared",
                "-fPIC",
            ])
            .arg(source)
            .arg("-o")
            .arg(victim.folder.path().join("disk.so"))
            .arg("-ldl")
            .status()
            .expect("a C compiler");
        assert!(made.success(), "disk.c does not compile");
        victim
    }

    /// The same command for every run of a round.
    pub(crate) fn command(&self, plan: &Plan, disk: &Disk, server: &OssServer, log: &File) -> std::io::Result<Command> {
        let mut command = self.program.command();
        command
            .args(["--endpoint", &server.endpoint(), "--region", "cn-hangzhou", "--path-style"])
            .args(["--part-size", &plan.part_size.to_string(), "--task-num", &plan.task_num.to_string()])
            .args(["--timeout", &plan.timeout_s.to_string()])
            .args(plan.forbid_overwrite.then_some("--forbid-overwrite"))
            .arg(disk.source())
            .arg("oss://bucket/key")
            .env("OSS_ACCESS_KEY_ID", "ak")
            .env("OSS_ACCESS_KEY_SECRET", "sk")
            .env("LD_PRELOAD", self.folder.path().join("disk.so"))
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log.try_clone()?);
        Ok(command)
    }
}
