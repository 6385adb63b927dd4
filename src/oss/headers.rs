//! Which header a caller may set, and which call carries it.

use super::limits::MAX_METADATA;
use crate::error::{Error, Result};

/// The calls that carry headers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// PutObject.
    Put,
    /// InitiateMultipartUpload.
    Initiate,
    /// UploadPart.
    UploadPart,
    /// ListParts.
    ListParts,
    /// ListMultipartUploads.
    ListUploads,
    /// CompleteMultipartUpload.
    Complete,
    /// AbortMultipartUpload.
    Abort,
    /// HeadObject.
    Head,
}

use Stage::{Abort, Complete, Head, Initiate, ListParts, ListUploads, Put, UploadPart};

/// The stages of the headers that have stages of their own.
const STAGES: [(&str, &[Stage]); 6] = [
    ("x-oss-object-acl", &[Put, Complete]),
    ("x-oss-forbid-overwrite", &[Put, Initiate, Complete]),
    ("x-oss-traffic-limit", &[Put, UploadPart]),
    ("x-oss-callback", &[Put, Complete]),
    ("x-oss-callback-var", &[Put, Complete]),
    ("x-oss-request-payer", &[Put, Initiate, UploadPart, ListParts, ListUploads, Complete, Abort, Head]),
];

/// The stages of all others: they describe the object, which these calls create.
const CREATION: &[Stage] = &[Put, Initiate];

/// Headers that are not the caller's, each with the reason.
const RESERVED: [(&str, &str); 26] = [
    ("authorization", SIGNING),
    ("date", SIGNING),
    ("x-oss-date", SIGNING),
    ("x-oss-content-sha256", SIGNING),
    ("x-oss-security-token", "it comes with the credentials"),
    ("host", "it follows from the endpoint"),
    ("content-length", BODY),
    ("content-md5", BODY),
    ("transfer-encoding", BODY),
    ("content-range", BODY),
    ("range", BODY),
    ("accept-encoding", CONNECTION),
    ("connection", CONNECTION),
    ("expect", CONNECTION),
    ("keep-alive", CONNECTION),
    ("proxy-authorization", CONNECTION),
    ("proxy-connection", CONNECTION),
    ("te", CONNECTION),
    ("trailer", CONNECTION),
    ("upgrade", CONNECTION),
    ("cookie", CONNECTION),
    ("user-agent", "it is set for the client"),
    ("x-oss-callback", CALLBACK),
    ("x-oss-callback-var", CALLBACK),
    ("x-oss-complete-all", "it would put parts that were not checked into the object"),
    ("x-oss-copy-source", "it would make a copy instead of an upload"),
];

const SIGNING: &str = "it is written when the request is signed";
const BODY: &str = "it follows from the bytes that are sent";
const CONNECTION: &str = "it belongs to the connection";
const CALLBACK: &str = "it is written from the request's callback";

const METADATA: &str = "x-oss-meta-";

/// Those of a caller's headers that a call carries.
pub fn headers_for(stage: Stage, headers: &[(String, String)]) -> Vec<(String, String)> {
    headers.iter().filter(|(name, _)| stages_of(name).contains(&stage)).cloned().collect()
}

/// Whether a header is fixed with the object: whatever else a call carries may change from run to run.
pub fn describes_object(name: &str) -> bool {
    stages_of(name) == CREATION
}

/// Whether a header says what is nobody's business but the caller's, OSS's and the application's.
pub fn is_private(name: &str) -> bool {
    metadata_name(name).is_some() || name.to_ascii_lowercase().starts_with("x-oss-callback")
}

fn stages_of(name: &str) -> &'static [Stage] {
    lookup(&STAGES, name).unwrap_or(CREATION)
}

fn lookup<T: Copy>(table: &[(&str, T)], name: &str) -> Option<T> {
    table.iter().find(|(other, _)| other.eq_ignore_ascii_case(name)).map(|&(_, value)| value)
}

/// Refuses headers that could not be sent, or would not arrive as they were given.
pub fn check_headers(headers: &[(String, String)]) -> Result<()> {
    for (index, (name, value)) in headers.iter().enumerate() {
        check_header(name, value)?;
        if headers[..index].iter().any(|(earlier, _)| earlier.eq_ignore_ascii_case(name)) {
            return Err(refusal(name, "it is given twice, join its values"));
        }
    }
    let metadata = headers.iter().filter(|(name, _)| metadata_name(name).is_some());
    let size: usize = metadata.map(|(name, value)| name.len() + value.len()).sum();
    if size > MAX_METADATA {
        return Err(Error::invalid_argument(format!(
            "the user metadata ({METADATA}*) has {size} bytes: at most {MAX_METADATA} are allowed"
        )));
    }
    Ok(())
}

/// Refuses what cannot be the name of a signed header.
pub fn check_header_name(name: &str) -> Result<()> {
    if is_name(name) {
        return Ok(());
    }
    Err(Error::invalid_argument(format!(
        "signed header {name:?}: its name consists of letters, digits and !#$%&'*+-.^_`|~"
    )))
}

/// Refuses a header that could not be sent, or would not arrive as it was given.
pub fn check_header(name: &str, value: &str) -> Result<()> {
    if !is_name(name) {
        return Err(refusal(name, "a header's name consists of letters, digits and !#$%&'*+-.^_`|~"));
    }
    if let Some(reason) = lookup(&RESERVED, name) {
        return Err(refusal(name, &format!("leave it away, {reason}")));
    }
    if let Some(metadata) = metadata_name(name) {
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
        if metadata.is_empty() || !metadata.bytes().all(is_plain) {
            return Err(refusal(name, "the name of metadata consists of letters, digits and hyphens"));
        }
    }
    if value.is_empty() {
        return Err(refusal(name, "its value is empty, leave the header away"));
    }
    if let Some(bad) = value.chars().find(|c| !matches!(c, ' '..='~')) {
        return Err(refusal(name, &format!("its value contains {bad:?}, encode what is not visible ASCII")));
    }
    // Proxies strip them, and then the signature is wrong.
    if value.starts_with(' ') || value.ends_with(' ') {
        return Err(refusal(name, "its value starts or ends with a space, remove it"));
    }
    Ok(())
}

fn metadata_name(name: &str) -> Option<&str> {
    let (prefix, rest) = name.split_at_checked(METADATA.len())?;
    prefix.eq_ignore_ascii_case(METADATA).then_some(rest)
}

fn is_name(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(is_token_byte)
}

fn is_token_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}

fn refusal(name: &str, why: &str) -> Error {
    Error::invalid_argument(format!("header {name:?}: {why}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const ALL: [Stage; 8] = [Put, Initiate, UploadPart, ListParts, ListUploads, Complete, Abort, Head];

    fn carried(name: &str) -> Vec<Stage> {
        let headers = [(name.to_owned(), "value".to_owned())];
        ALL.into_iter().filter(|&stage| headers_for(stage, &headers) == headers).collect()
    }

    #[test]
    fn each_header_goes_to_its_calls() {
        for name in [
            "Content-Type",
            "Cache-Control",
            "Content-Disposition",
            "Content-Encoding",
            "Expires",
            "x-oss-meta-a",
            "x-oss-storage-class",
            "x-oss-tagging",
            "x-oss-server-side-encryption",
            "x-oss-server-side-encryption-key-id",
            "x-oss-of-tomorrow",
        ] {
            assert_eq!(carried(name), [Put, Initiate], "{name}");
        }
        assert_eq!(carried("X-Oss-Object-Acl"), [Put, Complete]);
        assert_eq!(carried("x-oss-forbid-overwrite"), [Put, Initiate, Complete]);
        assert_eq!(carried("x-oss-traffic-limit"), [Put, UploadPart]);
        assert_eq!(carried("x-oss-callback"), [Put, Complete]);
        assert_eq!(carried("x-oss-callback-var"), [Put, Complete]);
        assert_eq!(carried("x-oss-request-payer"), ALL);
    }

    #[test]
    fn good_headers_pass() {
        for (name, value) in [
            ("Content-Type", "text/plain; charset=utf-8"),
            ("x-oss-meta-Author-1", "~ two  words !"),
            ("X-OSS-STORAGE-CLASS", "IA"),
            ("X-Anything_else", "1"),
        ] {
            check_header(name, value).unwrap();
        }
    }

    #[test]
    fn bad_headers_are_refused_by_name() {
        for (name, value) in [
            ("", "x"),
            ("na me", "x"),
            ("name:", "x"),
            ("näme", "x"),
            ("name\r\n", "x"),
            ("name", "x\r\nAuthorization: y"),
            ("name", "x\n"),
            ("name", "x\0"),
            ("name", "x\ty"),
            ("name", "中文"),
            ("name", " x"),
            ("name", "x "),
            ("name", ""),
            ("x-oss-storage-class", ""),
            ("x-oss-meta-", "x"),
            ("x-oss-meta-a_b", "x"),
            ("AUTHORIZATION", "x"),
            ("Content-Length", "5"),
            ("X-Oss-Date", "x"),
            ("x-oss-callback", "x"),
            ("x-oss-complete-all", "yes"),
        ] {
            let refused = check_header(name, value).expect_err(name).to_string();
            assert!(refused.contains(&format!("{name:?}")), "{refused}");
        }
    }

    #[test]
    fn every_reserved_header_is_refused_with_its_reason() {
        for (name, reason) in RESERVED {
            assert!(check_header(name, "x").unwrap_err().to_string().contains(reason), "{name}");
        }
    }

    #[test]
    fn a_header_is_given_once() {
        let headers = [("A".to_owned(), "1".to_owned()), ("a".to_owned(), "2".to_owned())];
        assert!(check_headers(&headers).unwrap_err().to_string().contains("twice"));
        check_headers(&headers[..1]).unwrap();
    }

    #[test]
    fn metadata_has_a_limit() {
        let header = |bytes: usize| [("x-oss-meta-a".to_owned(), "v".repeat(bytes - "x-oss-meta-a".len()))];
        check_headers(&header(MAX_METADATA)).unwrap();
        assert!(check_headers(&header(MAX_METADATA + 1)).unwrap_err().to_string().contains("metadata"));
    }

    proptest! {
        #[test]
        fn checking_never_panics(name: String, value: String) {
            let _ = check_header(&name, &value);
        }
    }
}
