//! The command line.

use std::path::PathBuf;

const USAGE: &str = "\
usage: bill write|check FOLDER [jar=JNA] TARGET=RUSTC...
  the bill of a build for each TARGET by the compiler RUSTC; with jar, of one jar for all of them that needs this JNA";

pub(crate) enum Command {
    Write,
    Check,
}

/// What was built, and by which compiler: its standard library is linked in, too.
pub(crate) struct Build {
    pub(crate) target: String,
    pub(crate) rustc: PathBuf,
}

pub(crate) struct Args {
    pub(crate) command: Command,
    pub(crate) folder: PathBuf,
    /// The version of JNA, when it is a jar's.
    pub(crate) jna: Option<String>,
    pub(crate) builds: Vec<Build>,
}

pub(crate) fn read() -> Result<Args, String> {
    let usage = |what: &str| format!("{what}\n{USAGE}");
    let mut words = std::env::args().skip(1);
    let command = match words.next().as_deref() {
        Some("write") => Command::Write,
        Some("check") => Command::Check,
        Some(_) | None => return Err(usage("what shall be done?")),
    };
    let folder = PathBuf::from(words.next().ok_or_else(|| usage("which folder?"))?);
    let mut args = Args { command, folder, jna: None, builds: Vec::new() };
    for word in words {
        match word.split_once('=') {
            Some(("jar", version)) => args.jna = Some(version.to_owned()),
            Some((target, rustc)) => args.builds.push(Build { target: target.to_owned(), rustc: rustc.into() }),
            None => return Err(usage(&format!("'{word}' names no compiler"))),
        }
    }
    if args.builds.is_empty() { Err(usage("which target?")) } else { Ok(args) }
}
