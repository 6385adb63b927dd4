//! Percent-encoding as the protocol wants it: only `A-Z a-z 0-9 - . _ ~` stay as they are.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use crate::faces::Space;

const VALUE: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
const PATH: &AsciiSet = &VALUE.remove(b'/');

/// Encodes a query name or value; `/` becomes `%2F`.
pub(crate) fn value(text: &str) -> String {
    utf8_percent_encode(text, VALUE).to_string()
}

/// Encodes a path; `/` stays.
pub(crate) fn path(text: &str) -> String {
    utf8_percent_encode(text, PATH).to_string()
}

/// Encodes a name in an answer to `encoding-type=url`.
pub(crate) fn listed(text: &str, space: Space) -> String {
    match space {
        Space::Percent => value(text),
        Space::Plus => value(text).replace("%20", "+"),
    }
}

/// Decodes a path; bytes that are no UTF-8 become replacement characters and so break the signature.
pub(crate) fn decode_path(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}

/// Decodes a query string into its pairs, in order; a bare name has an empty value.
pub(crate) fn decode_query(text: &str) -> Vec<(String, String)> {
    text.split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (decode_form(name), decode_form(value))
        })
        .collect()
}

fn decode_form(text: &str) -> String {
    decode_path(&text.replace('+', "%20"))
}
