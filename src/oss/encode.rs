//! Percent-encoding, one way for what is sent and what is signed.

use crate::error::{Error, Kind, Result};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

const QUERY: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
const PATH: &AsciiSet = &QUERY.remove(b'/');

/// Encodes a path; slashes stay.
pub fn path(text: &str) -> String {
    utf8_percent_encode(text, PATH).to_string()
}

/// Encodes a name or a value of a query.
pub fn query(text: &str) -> String {
    utf8_percent_encode(text, QUERY).to_string()
}

/// Joins names and values, already encoded, to a query; an empty value is its bare name.
pub fn join(pairs: &[(String, String)]) -> String {
    let joined: Vec<String> = pairs.iter().map(|(name, value)| pair(name, value)).collect();
    joined.join("&")
}

/// Encodes each name and value of a query.
pub fn pairs(query_pairs: &[(String, String)]) -> Vec<(String, String)> {
    query_pairs.iter().map(|(name, value)| (query(name), query(value))).collect()
}

/// Writes one name and value; an empty value is the bare name.
pub fn pair(name: &str, value: &str) -> String {
    if value.is_empty() { name.to_owned() } else { format!("{name}={value}") }
}

/// Bytes as digits, two for each.
pub fn hex(bytes: &[u8]) -> String {
    let digit = |nibble: u8| char::from(b"0123456789abcdef"[usize::from(nibble)]);
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

/// Decodes what OSS encoded; a plus is a space, for OSS writes a literal plus as `%2B`.
pub fn decode(text: &str) -> Result<String> {
    let spaced = text.replace('+', " ");
    match percent_decode_str(&spaced).decode_utf8() {
        Ok(decoded) => Ok(decoded.into_owned()),
        Err(_) => Err(Error::new(Kind::BadAnswer, format!("the answer holds the name {text:?}, which is not UTF-8"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_path_keeps_its_slashes_and_unreserved_characters() {
        assert_eq!(path("a b/c+d/~x-_.é"), "a%20b/c%2Bd/~x-_.%C3%A9");
    }

    #[test]
    fn a_query_encodes_all_but_unreserved_characters() {
        assert_eq!(query("a b/c+d*|~x-_."), "a%20b%2Fc%2Bd%2A%7C~x-_.");
    }

    #[test]
    fn an_empty_value_is_a_bare_name() {
        let query = [("uploads".into(), String::new()), ("x".into(), "1".into())];
        assert_eq!(join(&query), "uploads&x=1");
    }

    #[test]
    fn a_plus_is_decoded_to_a_space() {
        assert_eq!(decode("a+b%20c%2Bd").unwrap(), "a b c+d");
    }

    #[test]
    fn names_that_are_not_utf8_are_refused() {
        assert_eq!(decode("a%FF").unwrap_err().kind(), Kind::BadAnswer);
    }

    proptest! {
        #[test]
        fn what_is_encoded_is_decoded(text: String) {
            prop_assert_eq!(decode(&query(&text)).unwrap(), text.clone());
            prop_assert_eq!(decode(&path(&text)).unwrap(), text);
        }

        #[test]
        fn encoded_text_is_plain(text: String) {
            let plain = |c: char| c.is_ascii_alphanumeric() || "-._~%".contains(c);
            prop_assert!(query(&text).chars().all(plain));
            prop_assert!(path(&text).chars().all(|c| c == '/' || plain(c)));
        }
    }
}
