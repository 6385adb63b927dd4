//! The scenarios, as `scenarios.txt` has them. What is not understood there is an error that names its line.

use super::language::Language;
use super::line::Line;
use super::step::Step;
use std::fmt::Display;
use std::str::FromStr;

const TEXT: &str = include_str!("../scenarios.txt");

#[derive(Clone, Debug, Default)]
pub(crate) struct Scenario {
    pub(crate) name: String,
    pub(crate) says: String,
    pub(crate) played: Played,
    pub(crate) file: Option<Source>,
    pub(crate) key: Option<String>,
    pub(crate) known: Vec<Known>,
    pub(crate) application: Option<String>,
    /// Languages in which it makes no sense, each with the reason.
    pub(crate) without: Vec<(Language, String)>,
    /// Each with the number of its line.
    pub(crate) steps: Vec<(usize, Step)>,
}

/// Whose drivers it is played with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Played {
    /// One language's at a time.
    #[default]
    Alone,
    /// Begun by one language's, gone on with by another's or the same's; each with each.
    Pairs,
    /// Each start by the next language's.
    Turns,
}

/// The file that is uploaded.
#[derive(Clone, Debug)]
pub(crate) struct Source {
    pub(crate) size: usize,
    pub(crate) name: String,
}

/// An access key that the server knows.
#[derive(Clone, Debug)]
pub(crate) struct Known {
    pub(crate) id: String,
    pub(crate) secret: String,
    /// "-" where there is none.
    pub(crate) token: String,
    /// Until it expires.
    pub(crate) seconds: i64,
}

/// All of them, or the first complaint.
pub(crate) fn all() -> Result<Vec<Scenario>, String> {
    let mut scenarios: Vec<Scenario> = Vec::new();
    for (number, text) in (1..).zip(TEXT.lines()) {
        let line = Line::read(text.trim());
        let took = match (line.name.as_str(), scenarios.last_mut()) {
            ("" | "#", _) => Ok(()),
            ("scenario", _) => {
                scenarios.push(Scenario { name: line.value.clone(), ..Scenario::default() });
                Ok(())
            }
            (_, Some(scenario)) => scenario.take(number, &line),
            (_, None) => Err("there is no scenario yet".to_owned()),
        };
        took.map_err(|complaint| format!("scenarios.txt:{number}: {complaint}: {text}"))?;
    }
    for scenario in &scenarios {
        let is_whole = !scenario.says.is_empty() && !scenario.steps.is_empty();
        let named = scenarios.iter().filter(|other| other.name == scenario.name).count();
        if !is_whole || named != 1 {
            return Err(format!("scenarios.txt: {:?} is not whole, or there are two of it", scenario.name));
        }
    }
    Ok(scenarios)
}

impl Scenario {
    pub(crate) fn starts(&self) -> usize {
        self.steps.iter().filter(|(_, step)| matches!(step, Step::Start(_))).count()
    }

    /// What it is comes first, then what is done and expected.
    fn take(&mut self, number: usize, line: &Line) -> Result<(), String> {
        if let Some(step) = Step::read(line)? {
            self.steps.push((number, step));
            return Ok(());
        }
        if !self.steps.is_empty() {
            return Err("not known, or to be said before the first step".to_owned());
        }
        let value = line.value.as_str();
        match line.name.as_str() {
            "says" => self.says = value.to_owned(),
            "played" => self.played = value.parse()?,
            "file" => self.file = Some(value.parse()?),
            "key" => self.key = Some(value.to_owned()),
            "knows" => self.known.push(value.parse()?),
            "application" => self.application = Some(value.to_owned()),
            "without" => {
                let (language, why) = value.split_once(' ').ok_or("a language and a reason")?;
                self.without.push((language.parse()?, why.to_owned()));
            }
            _ => return Err("not known".to_owned()),
        }
        Ok(())
    }
}

impl FromStr for Played {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "in pairs" => Ok(Self::Pairs),
            "in turns" => Ok(Self::Turns),
            _ => Err("in pairs, or in turns".to_owned()),
        }
    }
}

impl FromStr for Source {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (size, name) = text.split_once(' ').unwrap_or((text, "file.bin"));
        Ok(Self { size: number(size)?, name: name.to_owned() })
    }
}

impl FromStr for Known {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let words: Vec<_> = text.split(' ').map(str::to_owned).collect();
        let [id, secret, token, seconds] =
            <[String; 4]>::try_from(words).map_err(|_| "an id, a secret, a token, seconds")?;
        Ok(Self { id, secret, token, seconds: number(&seconds)? })
    }
}

/// A number, or a complaint that has the word in it.
pub(crate) fn number<N: FromStr<Err: Display>>(text: &str) -> Result<N, String> {
    text.parse().map_err(|error| format!("{text:?}: {error}"))
}
