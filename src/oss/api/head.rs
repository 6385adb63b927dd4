//! HeadObject: whether an object is there, and what it is.

use super::bad_answer;
use crate::error::Result;
use crate::oss::date;
use crate::oss::request::{Method, Object, Request, Response};
use crate::oss::service_error::service_error;

const OPERATION: &str = "HeadObject";
const METADATA: &str = "x-oss-meta-";

/// An object that is there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Head {
    /// The object's size in bytes.
    pub size: u64,
    /// The object's entity tag, exactly as received.
    pub etag: String,
    /// The CRC-64 of the object.
    pub crc64: Option<u64>,
    /// When the object was written, in unix seconds.
    pub last_modified: Option<i64>,
    /// How the object was written: `Normal`, `Multipart`, …
    pub object_type: Option<String>,
    /// The object's version, in a bucket that keeps versions.
    pub version_id: Option<String>,
    /// The user metadata, by names without their prefix.
    pub metadata: Vec<(String, String)>,
}

/// The header by which an object is given what it can be known by again.
pub const STAMP_HEADER: &str = "x-oss-meta-ossup-stamp";

impl Head {
    /// What the object bears to be known by, if it bears any.
    pub fn stamp(&self) -> Option<&str> {
        self.metadata
            .iter()
            .find_map(|(name, value)| (STAMP_HEADER.strip_prefix(METADATA) == Some(name)).then_some(value.as_str()))
    }
}

/// The header that gives an object what it can be known by.
pub fn stamp_header(stamp: &str) -> (String, String) {
    (STAMP_HEADER.to_owned(), stamp.to_owned())
}

/// Builds the request.
pub fn build(object: &Object, headers: Vec<(String, String)>) -> Request {
    Request::to_object(Method::Head, object, headers)
}

/// Reads the answer; none if there is no such object.
pub fn parse(response: &Response) -> Result<Option<Head>> {
    read(response).map_err(|error| error.during(OPERATION))
}

fn read(response: &Response) -> Result<Option<Head>> {
    if !response.is_success() {
        let error = service_error(response);
        // Older servers do not say why there is nothing.
        let is_absent =
            response.status == 404 && matches!(error.report().oss_code.as_deref(), Some("NoSuchKey") | None);
        return if is_absent { Ok(None) } else { Err(error) };
    }
    let size = response.header("content-length").and_then(|text| text.trim().parse().ok());
    let metadata = response
        .headers
        .iter()
        .filter_map(|(name, value)| Some((name.strip_prefix(METADATA)?.to_owned(), value.clone())));
    Ok(Some(Head {
        size: size.ok_or_else(|| bad_answer(response, "the answer has no Content-Length"))?,
        etag: response.etag().ok_or_else(|| bad_answer(response, "the answer has no ETag"))?.to_owned(),
        crc64: response.crc64(),
        last_modified: response.header("last-modified").and_then(date::parse),
        object_type: response.header("x-oss-object-type").map(str::to_owned),
        version_id: response.version_id().map(str::to_owned),
        metadata: metadata.collect(),
    }))
}

#[cfg(test)]
mod tests {
    use super::super::samples::{answer, object, pairs, refusal};
    use super::*;
    use crate::error::Kind;
    use base64::Engine;
    use base64::engine::general_purpose::STANDARD;

    fn absence(code: &str) -> Response {
        let document = STANDARD.encode(refusal(404, code).body);
        answer(404, &[("x-oss-err", &document)], "")
    }

    #[test]
    fn the_request() {
        let request = build(&object(), Vec::new());
        assert_eq!(request.method, Method::Head);
        assert!(request.query.is_empty());
    }

    #[test]
    fn the_answer() {
        let headers = [
            ("content-length", "6393856"),
            ("etag", "\"097DE4-2\""),
            ("last-modified", "Thu, 01 Jan 2026 00:00:00 GMT"),
            ("x-oss-hash-crc64ecma", "5"),
            ("x-oss-object-type", "Multipart"),
            ("x-oss-meta-token", "t"),
        ];
        let expected = Head {
            size: 6_393_856,
            etag: "\"097DE4-2\"".into(),
            crc64: Some(5),
            last_modified: Some(1_767_225_600),
            object_type: Some("Multipart".into()),
            version_id: None,
            metadata: pairs(&[("token", "t")]),
        };
        assert_eq!(parse(&answer(200, &headers, "")).unwrap(), Some(expected));
    }

    #[test]
    fn nothing_there() {
        assert_eq!(parse(&absence("NoSuchKey")).unwrap(), None);
        assert_eq!(parse(&answer(404, &[], "")).unwrap(), None);
    }

    #[test]
    fn no_bucket_is_an_error() {
        let error = parse(&absence("NoSuchBucket")).unwrap_err();
        assert_eq!(error.kind(), Kind::NoSuchBucket);
        assert_eq!(error.report().operation, Some("HeadObject"));
    }

    #[test]
    fn a_refusal_without_a_reason_is_an_error() {
        assert_eq!(parse(&answer(403, &[], "")).unwrap_err().kind(), Kind::AccessDenied);
        assert_eq!(parse(&answer(503, &[], "")).unwrap_err().kind(), Kind::Throttled);
    }

    #[test]
    fn an_answer_that_tells_no_size_is_an_error() {
        let error = parse(&answer(200, &[("etag", "\"AB\"")], "")).unwrap_err();
        assert_eq!(error.kind(), Kind::BadAnswer);
    }
}
