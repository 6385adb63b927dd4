//! The program under torture, and what stands between it and its disk.

use super::compile::{self, Program};
use super::disk::Disk;
use super::plan::Plan;
use super::shim;
use oss_server::OssServer;
use std::fs::File;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use tempfile::TempDir;

pub(crate) struct Victim {
    program: Program,
    disk: PathBuf,
    _folder: TempDir,
}

impl Victim {
    pub(crate) fn build() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let disk = shim::compile("tests/torture/disk.c", folder.path());
        Self { program: compile::compile("examples/c/upload.c"), disk, _folder: folder }
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
            .env("LD_PRELOAD", &self.disk)
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log.try_clone()?);
        Ok(command)
    }
}
