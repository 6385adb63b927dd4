//! Temporary credentials as the metadata service and STS write them down.

use super::Fetched;
use crate::error::{Error, Kind, Result};
use crate::oss::date;
use crate::oss::sign::Credentials;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use zeroize::Zeroizing;

/// An access key with its token and its end.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub(super) struct Issued {
    /// The metadata service says here whether it could.
    code: String,
    access_key_id: String,
    access_key_secret: Zeroizing<String>,
    security_token: Zeroizing<String>,
    expiration: String,
}

impl Issued {
    pub(super) fn fetched(self) -> Result<Fetched> {
        if !["", "Success"].contains(&self.code.as_str()) {
            return Err(Error::new(Kind::BadAnswer, "the answer's code is not Success").temporary());
        }
        let credentials =
            Credentials::new(&self.access_key_id, &self.access_key_secret, Some(self.security_token.as_str()))
                .map_err(|error| Error::new(Kind::BadAnswer, "the answer holds no credentials").with_source(error))?;
        let expires = date::parse(&self.expiration)
            .ok_or_else(|| Error::new(Kind::BadAnswer, "the answer does not say when its credentials expire"))?;
        Ok(Fetched { credentials, expires: Some(expires) })
    }
}

/// Reads a document. What the parser says is not handed on: it may quote a secret.
pub(super) fn read<T: DeserializeOwned>(document: &[u8]) -> Result<T> {
    serde_json::from_slice(document).map_err(|error| {
        let message = format!("the answer is not the JSON that it should be, from column {} on", error.column());
        Error::new(Kind::BadAnswer, message)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_or_malformed_is_an_error_without_secrets() {
        for document in [
            "hush",
            "\"hush\"",
            "{\"AccessKeySecret\": [\"hush\"]}",
            "{\"AccessKeyId\": \"a\", \"AccessKeySecret\": \"hush\"}",
            "{\"AccessKeyId\": \"a\", \"AccessKeySecret\": \"hush\", \"SecurityToken\": \"hush\"}",
            "{\"AccessKeyId\": \"a\", \"AccessKeySecret\": \"hush\", \"SecurityToken\": \"hush\", \"Expiration\": \"hush\"}",
        ] {
            let error = read::<Issued>(document.as_bytes()).and_then(Issued::fetched).unwrap_err();
            assert!(!error.to_string().contains("hush"), "{error}");
        }
    }
}
