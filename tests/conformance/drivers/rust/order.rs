//! What the driver is told to do.

use std::fs;
use std::path::Path;

/// What it cannot do or does not understand; a failed upload is none of it.
pub(super) type Able<T> = Result<T, String>;

const NAMES: [&str; 19] = [
    "act",
    "endpoint",
    "region",
    "access_key_id",
    "access_key_secret",
    "security_token",
    "bucket",
    "key",
    "file",
    "config",
    "option",
    "metadata",
    "tag",
    "callback",
    "deadline_ms",
    "resume_token",
    "count",
    "give",
    "give_failure",
];

pub(super) struct Order(Vec<(String, String)>);

impl Order {
    pub(super) fn read(file: &Path) -> Able<Self> {
        let text = fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()))?;
        let lines = text.lines().map(|line| line.split_once(' ').unwrap_or((line, "")));
        let order = Self(lines.map(|(name, value)| (name.to_owned(), value.to_owned())).collect());
        match order.0.iter().find(|(name, _)| !NAMES.contains(&name.as_str())) {
            Some((name, _)) => Err(format!("there is no line {name}")),
            None => Ok(order),
        }
    }

    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.all(name).next()
    }

    pub(super) fn needed(&self, name: &str) -> Able<&str> {
        self.get(name).ok_or_else(|| format!("there is no {name}"))
    }

    pub(super) fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        self.0.iter().filter(move |(own, _)| own == name).map(|(_, value)| value.as_str())
    }

    /// Those of some names, in their order.
    pub(super) fn among(&self, names: &[&str]) -> Vec<(&str, &str)> {
        let lines = self.0.iter().filter(|(name, _)| names.contains(&name.as_str()));
        lines.map(|(name, value)| (name.as_str(), value.as_str())).collect()
    }

    pub(super) fn number<N: std::str::FromStr>(&self, name: &str) -> Able<Option<N>> {
        self.get(name).map(|text| number(name, text)).transpose()
    }

    pub(super) fn bytes(&self) -> Able<Vec<u8>> {
        let file = self.needed("file")?;
        fs::read(file).map_err(|error| format!("{file}: {error}"))
    }
}

pub(super) fn number<N: std::str::FromStr>(name: &str, text: &str) -> Able<N> {
    text.parse().map_err(|_| format!("{name}: {text:?} is no number"))
}

/// The first word, and what follows it.
pub(super) fn pair(text: &str) -> Able<(&str, &str)> {
    text.split_once(' ').ok_or_else(|| format!("{text:?} is no name with a value"))
}
