//! The credentials that requests are signed with.

use crate::error::{Error, Result};
use std::fmt;
use zeroize::Zeroize;

/// An access key, perhaps a temporary one with its token.
#[derive(Clone, PartialEq, Eq)]
pub struct Credentials {
    /// The access key's id.
    pub id: String,
    /// The access key's secret.
    pub secret: String,
    /// The token of a temporary access key.
    pub token: Option<String>,
}

impl Credentials {
    /// Refuses what could not go into a header, by name and without its text.
    pub fn new(id: &str, secret: &str, token: Option<&str>) -> Result<Self> {
        let named = [("AccessKeyId", Some(id)), ("AccessKeySecret", Some(secret)), ("SecurityToken", token)];
        for (name, text) in named {
            let visible = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic());
            if text.is_some_and(|text| !visible(text)) {
                return Err(Error::invalid_argument(format!("{name} is empty or holds unprintable characters")));
            }
        }
        Ok(Self { id: id.to_owned(), secret: secret.to_owned(), token: token.map(str::to_owned) })
    }
}

impl Drop for Credentials {
    fn drop(&mut self) {
        self.secret.zeroize();
        self.token.zeroize();
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials")
            .field("id", &self.id)
            .field("secret", &"***")
            .field("token", &self.token.as_ref().map(|_| "***"))
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debugging_shows_no_secret() {
        let token = Some("hush-token".into());
        let credentials = Credentials { id: "ak".into(), secret: "hush".into(), token };
        let shown = format!("{credentials:?}");
        assert!(shown.contains("ak") && !shown.contains("hush"), "{shown}");
    }
}
