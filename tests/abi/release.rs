//! The versions that were released.

use std::fs;
use std::path::{Path, PathBuf};

use crate::comparison::compare;
use crate::compile::{Program, compile_in, sanitizers};
use crate::header::System;
use crate::{description, examples, repository, repository_file, today, today_on_windows};

const VERSION: &str = env!("CARGO_PKG_VERSION");

type Does = fn(&Program);

/// The examples that each version keeps, and what they do.
const PROGRAMS: [(&str, Does); 3] = [
    ("blocking.c", examples::blocking),
    ("listener.c", examples::listener),
    ("resume_token.c", examples::resume_token),
];

/// A folder `abi/<version>/`.
pub(crate) struct Release {
    pub(crate) version: String,
    folder: PathBuf,
}

impl Release {
    pub(crate) fn description(&self) -> String {
        self.file("abi.txt")
    }

    pub(crate) fn description_on_windows(&self) -> String {
        description::on(System::Windows, &self.file("ossup.h"))
    }

    /// Before 1.0 every minor version is an interface of its own, with a SONAME of its own.
    fn is_of_this_interface(&self) -> bool {
        let interface = |version: &str| match version.split('.').collect::<Vec<_>>()[..] {
            ["0", minor, ..] => format!("0.{minor}"),
            [major, ..] => major.to_owned(),
            [] => String::new(),
        };
        interface(&self.version) == interface(VERSION)
    }

    fn file(&self, name: &str) -> String {
        fs::read_to_string(self.folder.join(name)).unwrap_or_else(|error| panic!("{}: {name}: {error}", self.version))
    }
}

/// All of them, the oldest first.
pub(crate) fn all() -> Vec<Release> {
    let entries = fs::read_dir(repository("abi")).unwrap().map(|entry| entry.unwrap().path());
    let folders = entries.filter(|path| path.is_dir());
    let name = |path: &Path| path.file_name().unwrap().to_str().unwrap().to_owned();
    let mut releases: Vec<_> = folders.map(|folder| Release { version: name(&folder), folder }).collect();
    let numbers = |version: &str| version.split('.').map(|part| part.parse::<u32>().unwrap()).collect::<Vec<_>>();
    releases.sort_by_key(|release| numbers(&release.version));
    releases
}

/// `make freeze`: keeps this version's interface.
fn freeze() {
    let folder = repository("abi").join(VERSION);
    fs::create_dir_all(folder.join("programs")).unwrap();
    let header = repository_file("include/ossup.h");
    fs::write(folder.join("abi.txt"), description::of(&header)).unwrap();
    fs::write(folder.join("ossup.h"), header).unwrap();
    for (name, _) in PROGRAMS {
        fs::copy(repository("examples/c").join(name), folder.join("programs").join(name)).unwrap();
    }
}

#[test]
fn a_release_is_what_its_header_says() {
    if std::env::var_os("OSSUP_FREEZE").is_some() {
        freeze();
    }
    for release in all() {
        assert_eq!(description::of(&release.file("ossup.h")), release.description(), "{}", release.version);
    }
}

#[test]
fn this_version_is_kept_once_it_is_released() {
    let is_released = !repository_file("CHANGELOG.md").contains(&format!("## {VERSION} (unreleased)"));
    let is_kept = all()
        .iter()
        .any(|release| release.version == VERSION && release.file("ossup.h") == repository_file("include/ossup.h"));
    assert!(is_kept || !is_released, "abi/{VERSION} is not the interface that is released: run `make freeze`");
}

#[test]
fn todays_interface_breaks_no_release() {
    for release in all().iter().filter(|release| release.is_of_this_interface()) {
        for (then, now) in [(release.description(), today()), (release.description_on_windows(), today_on_windows())] {
            let breaks = compare(&then, now).breaks;
            assert!(breaks.is_empty(), "programs made for {} break:\n{}", release.version, breaks.join("\n"));
        }
    }
}

/// Compiles a program of each release against that release's header, and runs it with today's library.
fn run_program_of_each(name: &str) {
    let does = PROGRAMS.iter().find(|(program, _)| *program == name).expect("one that is kept").1;
    for release in all().iter().filter(|release| release.is_of_this_interface()) {
        does(&compile_in(&release.folder, &sanitizers(), release.folder.join("programs").join(name)));
    }
}

#[test]
fn a_program_of_a_release_that_waits_runs() {
    run_program_of_each("blocking.c");
}

#[test]
fn a_program_of_a_release_that_listens_runs() {
    run_program_of_each("listener.c");
}

#[test]
fn a_program_of_a_release_that_goes_on_elsewhere_runs() {
    run_program_of_each("resume_token.c");
}
