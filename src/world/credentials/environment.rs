//! The access key that the environment names. The environment is read once, when the client is made: later the host
//! may change it at any moment.

use super::{Fetched, Provider};
use crate::error::{Error, Kind, Result};
use crate::oss::sign::Credentials;
use crate::world::Answer;
use std::ffi::OsString;
use std::future::ready;

/// OSS's own names, then those of all Alibaba Cloud.
const NAMES: [[&str; 3]; 2] = [
    ["OSS_ACCESS_KEY_ID", "OSS_ACCESS_KEY_SECRET", "OSS_SESSION_TOKEN"],
    ["ALIBABA_CLOUD_ACCESS_KEY_ID", "ALIBABA_CLOUD_ACCESS_KEY_SECRET", "ALIBABA_CLOUD_SECURITY_TOKEN"],
];

/// A look into the environment; an empty variable counts as none.
#[derive(Clone, Copy)]
pub struct Variables<'a>(pub &'a dyn Fn(&str) -> Option<OsString>);

impl Variables<'_> {
    /// A variable's value.
    pub fn get(&self, name: &str) -> Option<OsString> {
        (self.0)(name).filter(|value| !value.is_empty())
    }

    /// A variable's value as text; what is no UTF-8 is replaced, so that a check will name it.
    pub fn text(&self, name: &str) -> Option<String> {
        self.get(name).map(|value| value.to_string_lossy().into_owned())
    }

    /// Whether a switch is on.
    pub fn is_true(&self, name: &str) -> bool {
        self.text(name).is_some_and(|value| value.eq_ignore_ascii_case("true"))
    }
}

/// What the environment said.
#[derive(Debug)]
pub struct Environment(Result<Credentials>);

impl Environment {
    /// Reads it.
    pub fn new(variables: Variables<'_>) -> Self {
        let nothing = || Err(missing(format!("neither {} nor {} is set", NAMES[0][0], NAMES[1][0])));
        Self(NAMES.iter().find_map(|names| read(variables, names)).unwrap_or_else(nothing))
    }
}

impl Provider for Environment {
    fn name(&self) -> &str {
        "the environment"
    }

    fn fetch(&self) -> Answer<'_, Result<Fetched>> {
        Box::pin(ready(self.0.clone().map(|credentials| Fetched { credentials, expires: None })))
    }
}

fn read(variables: Variables<'_>, [id, secret, token]: &[&str; 3]) -> Option<Result<Credentials>> {
    let access_key_id = variables.text(id)?;
    // Half a pair is a mistake, and another pair would hide it.
    let Some(access_key_secret) = variables.text(secret) else {
        return Some(Err(missing(format!("{id} is set, {secret} is not"))));
    };
    let made = Credentials::new(&access_key_id, &access_key_secret, variables.text(token).as_deref());
    Some(
        made.map_err(|error| missing(format!("what {id}, {secret} and {token} say cannot be used")).with_source(error)),
    )
}

fn missing(message: String) -> Error {
    Error::new(Kind::NoCredentials, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_from(set: &[(&str, &str)]) -> Result<Credentials> {
        let look = |name: &str| set.iter().find(|(other, _)| *other == name).map(|(_, value)| OsString::from(value));
        Environment::new(Variables(&look)).0
    }

    #[test]
    fn osss_own_names_go_first() {
        let general = [("ALIBABA_CLOUD_ACCESS_KEY_ID", "a"), ("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "b")];
        let own = [("OSS_ACCESS_KEY_ID", "c"), ("OSS_ACCESS_KEY_SECRET", "d"), ("OSS_SESSION_TOKEN", "e")];
        assert_eq!(read_from(&general).unwrap(), Credentials::new("a", "b", None).unwrap());
        assert_eq!(
            read_from(&[general.as_slice(), &own].concat()).unwrap(),
            Credentials::new("c", "d", Some("e")).unwrap()
        );
        let token = [general.as_slice(), &[("ALIBABA_CLOUD_SECURITY_TOKEN", "t")]].concat();
        assert_eq!(read_from(&token).unwrap(), Credentials::new("a", "b", Some("t")).unwrap());
    }

    #[test]
    fn what_is_missing_is_named_and_nothing_secret_is_shown() {
        for (set, words) in [
            (vec![], "neither OSS_ACCESS_KEY_ID nor ALIBABA_CLOUD_ACCESS_KEY_ID"),
            (vec![("OSS_ACCESS_KEY_ID", "")], "neither OSS_ACCESS_KEY_ID"),
            (
                vec![("OSS_ACCESS_KEY_ID", "a"), ("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "hush")],
                "OSS_ACCESS_KEY_SECRET is not",
            ),
            (vec![("OSS_ACCESS_KEY_ID", "a"), ("OSS_ACCESS_KEY_SECRET", "hush hush")], "AccessKeySecret"),
        ] {
            let error = read_from(&set).unwrap_err();
            assert!(error.to_string().contains(words) && !error.to_string().contains("hush"), "{error}");
            assert!(error.kind() == Kind::NoCredentials && !error.report().temporary, "{error:?}");
        }
    }
}
