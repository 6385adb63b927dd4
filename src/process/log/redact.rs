//! One line of what was said: without secrets, and without characters that would make it look like two.
//!
//! The library puts no secret into a line. But errors repeat what others say, and a box on the way may say what it was sent.

use std::iter;

/// What follows one of these names is a secret, or may be one.
const NAMES: [&str; 15] = [
    "authorization",
    "cookie",
    "credential",
    "signature",
    "secret",
    "password",
    "passwd",
    "security-token",
    "securitytoken",
    "session-token",
    "sessiontoken",
    "metadata-token",
    "oidctoken",
    "x-oss-meta-",
    "x-oss-callback",
];

const WITHHELD: &str = "[the rest may hold secrets]";
const CUT: &str = "[cut]";

/// A line of at most so many bytes.
pub(super) fn line(text: &str, longest: usize) -> String {
    let plain = without_passwords(text);
    let mut line = String::with_capacity(plain.len());
    let end = secret(&plain);
    for character in plain[..end.unwrap_or(plain.len())].chars() {
        match character {
            '\n' | '\r' | '\t' => line.extend(character.escape_default()),
            _ if character.is_control() || is_invisible(character) => line.extend(character.escape_unicode()),
            _ => line.push(character),
        }
    }
    if end.is_some() {
        line.push_str(WITHHELD);
    }
    if line.len() > longest {
        line.truncate(line.floor_char_boundary(longest - CUT.len()));
        line.push_str(CUT);
    }
    line
}

/// Line separators, and what turns the direction of writing or joins letters: none of it shows, all of it deceives.
fn is_invisible(character: char) -> bool {
    matches!(character, '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}')
}

/// Where the first secret begins: behind a name and what parts it from its value, in a header, a query, JSON or XML.
fn secret(text: &str) -> Option<usize> {
    let lower = text.to_ascii_lowercase();
    let begins = |name: &str| {
        lower.match_indices(name).map(|(at, _)| at + name.len()).find(|&end| {
            let rest = lower[end..].trim_start_matches(['"', '\'', '\\', ' ']);
            name.ends_with('-') || rest.starts_with([':', '=', '>'])
        })
    };
    NAMES.into_iter().filter_map(begins).min()
}

/// Addresses without the user in front of the host and without a query.
fn without_passwords(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("://") {
        let is_over = |c: char| c.is_whitespace() || c.is_control() || "\"'<>\\`".contains(c);
        let (address, behind) = after.split_at(after.find(is_over).unwrap_or(after.len()));
        let (address, query) = match address.split_once('?') {
            Some((address, _)) => (address, "?[withheld]"),
            None => (address, ""),
        };
        // An @ in a path is no user's, but who knows where a password ends that holds a slash.
        let address = address.rsplit('@').next().unwrap_or_default();
        plain.extend(iter::once(before).chain(["://", address, query]));
        rest = behind;
    }
    plain.push_str(rest);
    plain
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn shown(text: &str) -> String {
        line(text, 2048)
    }

    #[test]
    fn what_is_no_secret_stays_as_it_is() {
        for text in [
            "upload 3 begins: /data/中文 (1).bin to backup/disk.img at bucket.oss-cn-hangzhou.aliyuncs.com",
            "no connection to host:443 through the proxy http://proxy:3128: the connection to the proxy was refused",
            "region: signature version 4 needs it",
            "OSS answers with status 403; check the access key's secret and the region (OSS code SignatureDoesNotMatch)",
        ] {
            assert_eq!(shown(text), text);
        }
    }

    #[test]
    fn secrets_are_left_out_however_they_are_written() {
        for text in [
            "starts with \"PUT /b/k\\r\\nAuthorization: OSS4-HMAC-SHA256 Credential=AK/topsecret\"",
            "x-oss-security-token: topsecret",
            "{\"SecurityToken\": \"topsecret\"}",
            "starts with \"{\\\"AccessKeySecret\\\":\\\"topsecret\\\"}\"",
            "<AccessKeySecret>topsecret</AccessKeySecret>",
            "/bucket/key?x-oss-date=1&x-oss-signature=topsecret",
            "OIDCToken=topsecret&RoleArn=a",
            "X-Oss-Meta-Owner: topsecret",
            "a redirect to \"https://portal/login?from=topsecret\", which is not followed",
            "https://user:topsecret@proxy:3128/ does not answer",
            "http://user:to/p@topsecret@proxy and ftp://topsecret@host?topsecret",
            "Password = topsecret",
        ] {
            let shown = shown(text);
            assert!(!shown.contains("topsecret") && shown.contains("[") | shown.contains("proxy"), "{shown}");
        }
        assert_eq!(shown("see https://u:p@host/path?a=b now"), "see https://host/path?[withheld] now");
    }

    #[test]
    fn nobody_forges_a_line() {
        assert_eq!(shown("a\r\nb\tc"), "a\\r\\nb\\tc");
        assert_eq!(shown("a\u{1b}[2Jb\0\u{85}\u{2028}\u{202e}c"), "a\\u{1b}[2Jb\\u{0}\\u{85}\\u{2028}\\u{202e}c");
    }

    #[test]
    fn a_long_line_is_cut_between_characters() {
        let shown = line(&"中".repeat(1000), 100);
        assert!(shown.len() <= 100 && shown.ends_with("中[cut]"), "{shown}");
    }

    proptest! {
        #[test]
        fn whatever_is_said_is_one_line(text: String, noise in "[ -~]{0,60}(://|@|\\?|secret|=|:|中){0,9}[ -~]{0,60}") {
            for text in [text, noise] {
                let shown = line(&text, 64);
                prop_assert!(shown.len() <= 64 && !shown.contains(char::is_control), "{}", shown);
            }
        }
    }
}
