//! The command line.

use std::path::PathBuf;

const USAGE: &str = "\
usage: bill write|check FOLDER RUSTC [jar=JNA] TARGET...
  what RUSTC built for each TARGET; with jar, what is in one jar for all of them, which needs this version of JNA";

pub(crate) enum Command {
    Write,
    Check,
}

pub(crate) struct Args {
    pub(crate) command: Command,
    pub(crate) folder: PathBuf,
    /// Its standard library is linked in, too.
    pub(crate) rustc: PathBuf,
    /// The version of JNA, when it is a jar's.
    pub(crate) jna: Option<String>,
    pub(crate) targets: Vec<String>,
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
    let rustc = PathBuf::from(words.next().ok_or_else(|| usage("which compiler?"))?);
    let mut args = Args { command, folder, rustc, jna: None, targets: Vec::new() };
    for word in words {
        match word.strip_prefix("jar=") {
            Some(version) => args.jna = Some(version.to_owned()),
            None => args.targets.push(word),
        }
    }
    if args.targets.is_empty() { Err(usage("which target?")) } else { Ok(args) }
}
