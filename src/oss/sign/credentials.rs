//! The credentials that requests are signed with.

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
