//! What `pkg-config` says of an installation, as a shell takes it.

use std::ffi::OsStr;
use std::path::Path;
use std::process::Command;

use crate::tree::succeeded;

/// A command that sees the packages of one installation and no others.
fn command(program: &str, installed: &Path) -> Command {
    let mut command = Command::new(program);
    command.env_remove("PKG_CONFIG_PATH").env_remove("PKG_CONFIG_SYSROOT_DIR");
    command.env("PKG_CONFIG_LIBDIR", installed.join("lib/pkgconfig"));
    command
}

pub(crate) fn ask(installed: &Path, question: &str) -> String {
    let output = command("pkg-config", installed).args(question.split(' ')).output().expect("pkg-config is installed");
    succeeded(&output).trim_end().to_owned()
}

/// Compiles and links a program, as its users would: `compiler`, the words before, what `pkg-config` answers, the words after.
pub(crate) fn build(installed: &Path, compiler: &str, sources: &[&OsStr], question: &str, program: &Path) {
    let output = command("sh", installed)
        .args(["-c", r#"flags=$(pkg-config $FLAGS) || exit 1; eval '"$@"' "$flags""#, "sh"])
        .args(compiler.split(' '))
        .arg("-o")
        .arg(program)
        .args(sources)
        .env("FLAGS", question)
        .output()
        .expect("there is a shell");
    succeeded(&output);
}
