//! The languages, and the drivers that speak them.

use super::compile::{self, Program, target};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::str::FromStr;

/// In the order in which they take turns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Language {
    C,
    Go,
    Java,
    Cpp,
    Rust,
}

use Language::{C, Cpp, Go, Java, Rust};

const ALL: [Language; 5] = [C, Go, Java, Cpp, Rust];
/// Which are meant, such as "c go", or "all". Those that need nothing but cargo and a C compiler, where nobody says;
/// drivers in Java and Rust are this machine's, whatever the target is.
const ASKED_FOR: &str = "OSSUP_CONFORMANCE";

impl Language {
    pub(crate) fn name(self) -> &'static str {
        match self {
            C => "c",
            Go => "go",
            Java => "java",
            Cpp => "cpp",
            Rust => "rust",
        }
    }

    /// As people write it.
    pub(crate) fn title(self) -> &'static str {
        match self {
            C => "C",
            Go => "Go",
            Java => "Java",
            Cpp => "C++",
            Rust => "Rust",
        }
    }
}

impl FromStr for Language {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        let found = ALL.into_iter().find(|language| language.name() == name);
        found.ok_or_else(|| format!("{name} is none of the languages"))
    }
}

pub(crate) fn asked_for() -> Result<Vec<Language>, String> {
    let names = std::env::var(ASKED_FOR).unwrap_or_default();
    match names.split_whitespace().collect::<Vec<_>>()[..] {
        [] if target::name().is_some() => Ok(vec![C]),
        [] => Ok(vec![C, Rust]),
        ["all"] => Ok(ALL.to_vec()),
        ref names => names.iter().map(|name| name.parse()).collect(),
    }
}

/// A driver for each language that is asked for.
pub(crate) struct Drivers {
    c: Option<Program>,
    others: Vec<(Language, PathBuf)>,
}

impl Drivers {
    pub(crate) fn of(languages: &[Language]) -> Result<Self, String> {
        let c = languages.contains(&C).then(|| compile::compile("tests/conformance/drivers/c/driver.c"));
        let others = languages.iter().filter(|language| !matches!(language, C | Rust));
        let others = others.map(|language| Ok((*language, built(*language)?))).collect::<Result<_, String>>()?;
        Ok(Self { c, others })
    }

    /// To be followed by the name of the file that tells what to do.
    pub(crate) fn command(&self, language: Language) -> Command {
        match language {
            C => self.c.as_ref().expect("it was asked for").command(),
            Rust => {
                let mut command = Command::new(std::env::current_exe().expect("the path of this test"));
                command.arg(crate::drivers::rust::ASKED_FOR);
                command
            }
            Go | Cpp => compile::command(self.other(language)),
            Java => Command::new(self.other(language)),
        }
    }

    fn other(&self, language: Language) -> &Path {
        let found = self.others.iter().find(|(other, _)| *other == language);
        &found.expect("it was asked for").1
    }
}

/// `scripts/conformance.sh` builds them.
fn built(language: Language) -> Result<PathBuf, String> {
    let variable = format!("OSSUP_DRIVER_{}", language.name().to_uppercase());
    let path = std::env::var_os(&variable).map(PathBuf::from);
    let path = path.ok_or_else(|| format!("{variable} names no driver for {}", language.title()))?;
    if path.is_file() { Ok(path) } else { Err(format!("{variable}: {} is not there", path.display())) }
}
