//! A request and its answer, before and after the network.

use super::date;
use bytes::Bytes;
use std::fmt;

/// A method of HTTP.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Reads.
    Get,
    /// Reads the headers alone.
    Head,
    /// Writes.
    Put,
    /// Acts.
    Post,
    /// Removes.
    Delete,
}

impl Method {
    /// The method as it goes over the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Method::Get => "GET",
            Method::Head => "HEAD",
            Method::Put => "PUT",
            Method::Post => "POST",
            Method::Delete => "DELETE",
        }
    }
}

/// Where an object is, or will be.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Object {
    /// The bucket's name.
    pub bucket: String,
    /// The object's key.
    pub key: String,
}

/// A request to OSS, wherever OSS is.
#[derive(Clone, PartialEq, Eq)]
pub struct Request {
    /// The method.
    pub method: Method,
    /// The bucket; empty for the service itself.
    pub bucket: String,
    /// The object's key; none for the bucket itself.
    pub key: Option<String>,
    /// The query, not encoded; an empty value is a bare name.
    pub query: Vec<(String, String)>,
    /// The headers.
    pub headers: Vec<(String, String)>,
    /// A small body; the bytes of parts and objects are supplied elsewhere.
    pub body: Bytes,
}

impl Request {
    /// A request about an object.
    pub fn to_object(method: Method, object: &Object, headers: Vec<(String, String)>) -> Self {
        Self {
            method,
            bucket: object.bucket.clone(),
            key: Some(object.key.clone()),
            query: Vec::new(),
            headers,
            body: Bytes::new(),
        }
    }

    /// A request about a bucket.
    pub fn to_bucket(method: Method, bucket: &str, headers: Vec<(String, String)>) -> Self {
        Self { method, bucket: bucket.to_owned(), key: None, query: Vec::new(), headers, body: Bytes::new() }
    }

    /// Adds to the query.
    pub fn with_query(mut self, name: &str, value: impl Into<String>) -> Self {
        self.query.push((name.to_owned(), value.into()));
        self
    }

    /// The first value of a header, whatever the case of its name.
    pub fn header(&self, name: &str) -> Option<&str> {
        value_of(name, &self.headers)
    }

    /// Gives a header one value, in place of those that it has.
    pub fn set_header(&mut self, name: &str, value: impl Into<String>) {
        self.remove_header(name);
        self.headers.push((name.to_owned(), value.into()));
    }

    /// Takes a header away.
    pub fn remove_header(&mut self, name: &str) {
        self.headers.retain(|(other, _)| !other.eq_ignore_ascii_case(name));
    }

    /// Gives a query parameter one value, in place of those that it has.
    pub fn set_query(&mut self, name: &str, value: impl Into<String>) {
        self.query.retain(|(other, _)| other != name);
        self.query.push((name.to_owned(), value.into()));
    }
}

/// Names whose values give access.
const SECRETS: [&str; 5] = ["authorization", "x-oss-security-token", "security-token", "signature", "x-oss-signature"];

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request")
            .field("method", &self.method)
            .field("bucket", &self.bucket)
            .field("key", &self.key)
            .field("query", &redacted(&self.query))
            .field("headers", &redacted(&self.headers))
            .field("body", &format_args!("{} bytes", self.body.len()))
            .finish()
    }
}

fn redacted(pairs: &[(String, String)]) -> Vec<(&str, &str)> {
    let is_secret = |name: &str| SECRETS.iter().any(|secret| secret.eq_ignore_ascii_case(name));
    pairs.iter().map(|(name, value)| (name.as_str(), if is_secret(name) { "***" } else { value.as_str() })).collect()
}

/// An answer, read whole.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Response {
    /// The status.
    pub status: u16,
    /// The headers, their names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
    /// The proxy that the answer came through, which may have written it; without user and password.
    pub proxy: Option<String>,
}

impl Response {
    /// The first value of a header, whatever the case of the name asked for.
    pub fn header(&self, name: &str) -> Option<&str> {
        value_of(name, &self.headers)
    }

    /// OSS did what it was asked for.
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// The CRC-64 of what OSS received or holds.
    pub fn crc64(&self) -> Option<u64> {
        self.header("x-oss-hash-crc64ecma")?.parse().ok()
    }

    /// The entity tag, exactly as received.
    pub fn etag(&self) -> Option<&str> {
        self.header("etag").filter(|etag| !etag.is_empty())
    }

    /// The version that was made, in a bucket that keeps versions.
    pub fn version_id(&self) -> Option<&str> {
        self.header("x-oss-version-id")
    }

    /// OSS's name for this exchange.
    pub fn request_id(&self) -> Option<&str> {
        self.header("x-oss-request-id")
    }

    /// The server's time, in unix seconds, unless a box on the way has written one that cannot be.
    pub fn server_time(&self) -> Option<i64> {
        date::parse(self.header("date")?).filter(|&time| date::is_plausible(time))
    }
}

/// The first value of a header, whatever the case of its name.
pub fn value_of<'a>(name: &str, headers: &'a [(String, String)]) -> Option<&'a str> {
    let (_, value) = headers.iter().find(|(other, _)| other.eq_ignore_ascii_case(name))?;
    Some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn object() -> Object {
        Object { bucket: "bucket".into(), key: "key".into() }
    }

    #[test]
    fn a_header_has_one_value_after_it_was_set() {
        let mut request = Request::to_object(Method::Put, &object(), Vec::new());
        request.set_header("Date", "yesterday");
        request.set_header("date", "today");
        assert_eq!(request.headers, [("date".to_owned(), "today".to_owned())]);
    }

    #[test]
    fn debugging_a_request_shows_no_secret() {
        let mut request = Request::to_object(Method::Put, &object(), Vec::new());
        request.set_header("Authorization", "hush");
        request.set_header("X-Oss-Security-Token", "hush");
        request.set_query("x-oss-signature", "hush");
        let shown = format!("{request:?}");
        assert!(!shown.contains("hush"), "{shown}");
        assert!(shown.contains("Authorization"), "{shown}");
    }

    #[test]
    fn an_answer_tells_what_its_headers_say() {
        let header = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let response = Response {
            status: 200,
            headers: vec![
                header("x-oss-hash-crc64ecma", "18446744073709551615"),
                header("etag", "\"AB\""),
                header("x-oss-request-id", "65A0"),
                header("date", "Thu, 01 Jan 2026 00:00:00 GMT"),
            ],
            ..Response::default()
        };
        assert_eq!(response.crc64(), Some(u64::MAX));
        assert_eq!(response.etag(), Some("\"AB\""));
        assert_eq!(response.request_id(), Some("65A0"));
        assert_eq!(response.server_time(), Some(1_767_225_600));
        assert_eq!(response.version_id(), None);
    }

    #[test]
    fn success_is_any_2xx() {
        for (status, success) in [(200, true), (204, true), (301, false), (404, false)] {
            assert_eq!(Response { status, ..Response::default() }.is_success(), success);
        }
    }
}
