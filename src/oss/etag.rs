//! The entity tag of a part. An upload keeps up to 10,000 of them, so the usual ones take no memory of their own.

use serde::{Deserialize, Serialize};
use std::fmt;

/// An entity tag, exactly as OSS gave it.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub struct ETag(Form);

#[derive(Clone, PartialEq, Eq, Hash)]
enum Form {
    /// 32 digits in capitals, in quotation marks.
    Usual([u8; 16]),
    Other(Box<str>),
}

impl ETag {
    /// Of what has none.
    pub fn none() -> Self {
        Self(Form::Other(Box::default()))
    }

    /// Whether there is none.
    pub fn is_none(&self) -> bool {
        matches!(&self.0, Form::Other(text) if text.is_empty())
    }
}

impl From<&str> for ETag {
    fn from(text: &str) -> Self {
        Self(usual(text).map_or_else(|| Form::Other(text.into()), Form::Usual))
    }
}

impl From<String> for ETag {
    fn from(text: String) -> Self {
        Self::from(text.as_str())
    }
}

impl From<ETag> for String {
    fn from(etag: ETag) -> Self {
        etag.to_string()
    }
}

impl fmt::Display for ETag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Form::Usual(bytes) => write!(f, "\"{:032X}\"", u128::from_be_bytes(*bytes)),
            Form::Other(text) => f.write_str(text),
        }
    }
}

impl fmt::Debug for ETag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

fn usual(text: &str) -> Option<[u8; 16]> {
    let digits = text.strip_prefix('"')?.strip_suffix('"')?;
    let are_digits = digits.len() == 32 && digits.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'A'..=b'F'));
    are_digits.then(|| u128::from_str_radix(digits, 16).ok().map(u128::to_be_bytes))?
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const USUAL: &str = "\"00C0EE4F824AA7E0A4F578F496EBF4E9\"";

    #[test]
    fn the_usual_one_takes_no_memory_of_its_own() {
        assert!(matches!(ETag::from(USUAL).0, Form::Usual(_)));
        assert!(size_of::<ETag>() <= 24);
    }

    proptest! {
        #[test]
        fn it_is_what_was_given(text in prop_oneof![any::<String>(), "\"?[0-9A-Fa-f+]{31,33}\"?", Just(USUAL.to_owned())]) {
            let etag = ETag::from(text.as_str());
            prop_assert_eq!(etag.to_string(), text.clone());
            prop_assert_eq!(etag.is_none(), text.is_empty());
            let written = serde_json::to_string(&etag).unwrap();
            prop_assert_eq!(&written, &serde_json::to_string(&text).unwrap());
            prop_assert_eq!(serde_json::from_str::<ETag>(&written).unwrap(), etag);
        }
    }
}
