//! The languages, and the drivers that speak them.

use super::compile::{self, Program};
use std::path::PathBuf;
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
/// Which are meant, such as "c go", or "all". Those that need nothing but cargo and a C compiler, where nobody says.
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
}

impl FromStr for Language {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        let found = ALL.into_iter().find(|language| language.name() == name);
        found.ok_or_else(|| format!("{name} is none of the languages"))
    }
}

pub(crate) fn asked_for() -> Vec<Language> {
    let names = std::env::var(ASKED_FOR).unwrap_or_default();
    if names == "all" {
        return ALL.to_vec();
    }
    let names: Vec<_> = names.split_whitespace().collect();
    let named = |name: &&str| name.parse().unwrap_or_else(|complaint| panic!("{ASKED_FOR}: {complaint}"));
    if names.is_empty() { vec![C, Rust] } else { names.iter().map(named).collect() }
}

/// A driver for each language that is asked for.
pub(crate) struct Drivers {
    c: Option<Program>,
    others: Vec<(Language, PathBuf)>,
}

impl Drivers {
    pub(crate) fn of(languages: &[Language]) -> Self {
        let c = languages.contains(&C).then(|| compile::compile("tests/conformance/drivers/c/driver.c"));
        let others = languages.iter().filter(|language| !matches!(language, C | Rust));
        Self { c, others: others.map(|language| (*language, built(*language))).collect() }
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
            Go | Java | Cpp => {
                let found = self.others.iter().find(|(other, _)| *other == language);
                Command::new(&found.expect("it was asked for").1)
            }
        }
    }
}

/// `scripts/conformance.sh` builds them.
fn built(language: Language) -> PathBuf {
    let variable = format!("OSSUP_DRIVER_{}", language.name().to_uppercase());
    let path =
        std::env::var_os(&variable).unwrap_or_else(|| panic!("{variable} names no driver for {}", language.name()));
    assert!(PathBuf::from(&path).is_file(), "{variable}: {path:?} is not there");
    path.into()
}
