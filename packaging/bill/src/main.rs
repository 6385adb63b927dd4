//! Writes what a build of the library is made of, and looks such a bill over.

mod args;
mod bom;
mod cargo;
mod check;
mod licenses;
mod linked;
mod package;
mod parts;
mod spdx;
mod texts;
mod tree;

use std::fs;
use std::path::Path;
use std::process::ExitCode;

use args::{Args, Command};
use texts::Texts;

const BOM: &str = "ossup.cdx.json";
const LICENSES: &str = "THIRD-PARTY-LICENSES.txt";

fn main() -> ExitCode {
    match args::read().and_then(|args| run(&args)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bill: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(args: &Args) -> Result<(), String> {
    match args.command {
        Command::Write => write(args),
        Command::Check => check(args),
    }
}

fn write(args: &Args) -> Result<(), String> {
    let bill = linked::collect(args)?;
    fs::create_dir_all(&args.folder).map_err(|error| format!("{}: {error}", args.folder.display()))?;
    let bom = bom::written(&bill, bom::made_at()?)?;
    put(&args.folder.join(BOM), &bom)?;
    put(&args.folder.join(LICENSES), &licenses::written(&bill, &Texts::new(Path::new("packaging/licenses/common")))?)
}

fn check(args: &Args) -> Result<(), String> {
    let bom = check::read(&get(&args.folder.join(BOM))?)?;
    let licenses = get(&args.folder.join(LICENSES))?;
    let mut faults = check::faults(&bom);
    faults.extend(check::unnamed(&bom, &licenses));
    faults.extend(check::other_packages(&bom, &linked::names(args)?));
    if faults.is_empty() { Ok(()) } else { Err(format!("{}: {}", args.folder.display(), faults.join("\n      "))) }
}

fn put(file: &Path, text: &str) -> Result<(), String> {
    fs::write(file, text).map_err(|error| format!("{}: {error}", file.display()))
}

fn get(file: &Path) -> Result<String, String> {
    fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()))
}
