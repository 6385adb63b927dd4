//! A test of this program once more, in a process of its own, as what the test wants it to be.

#![allow(dead_code, clippy::unwrap_used, reason = "each test uses some of it, and a broken fixture is a failed test")]

use std::path::{Path, PathBuf};
use std::process::Command;

const ROLE: &str = "OSSUP_TEST_ROLE";

/// What this process is to be; none for the test itself.
pub(crate) fn role() -> Option<String> {
    std::env::var(ROLE).ok()
}

/// Runs a test of this program once more, in a role.
pub(crate) fn again(test: &str, role: &str) -> Command {
    of(&std::env::current_exe().unwrap(), test, role)
}

/// The same from a copy of the program in a folder: nobody in particular may read ours where it is.
pub(crate) fn again_from(folder: &Path, test: &str, role: &str) -> Command {
    let copy: PathBuf = folder.join("program");
    std::fs::copy(std::env::current_exe().unwrap(), &copy).unwrap();
    of(&copy, test, role)
}

fn of(program: &Path, test: &str, role: &str) -> Command {
    let mut command = Command::new(program);
    command.args([test, "--exact", "--nocapture"]).env(ROLE, role);
    command
}
