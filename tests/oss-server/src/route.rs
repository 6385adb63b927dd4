//! From a request's head to what it asks for, and of which bucket and key.

use hyper::http::request::Parts;

use crate::operation::Operation;
use crate::options::Options;
use crate::{encode, hosts};

/// The head of a request, decoded.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    pub(crate) operation: Operation,
    pub(crate) method: String,
    pub(crate) host: String,
    pub(crate) path: String,
    pub(crate) bucket: Option<String>,
    pub(crate) key: Option<String>,
    pub(crate) query: Vec<(String, String)>,
    /// Names in lower case, in the order of arrival.
    pub(crate) headers: Vec<(String, String)>,
}

impl Request {
    pub(crate) fn read(parts: &Parts, options: &Options) -> Self {
        let headers: Vec<(String, String)> = parts
            .headers
            .iter()
            .map(|(name, value)| {
                let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
                (name.as_str().to_owned(), value)
            })
            .collect();
        let host = find(&headers, "host").unwrap_or_default().to_owned();
        let path = parts.uri.path().to_owned();
        let (bucket, key) = locate(&host, &path, options);
        let query = encode::decode_query(parts.uri.query().unwrap_or_default());
        let method = parts.method.as_str().to_owned();
        let operation = operation(&method, bucket.is_some(), key.is_some(), &query);
        Self { operation, method, host, path, bucket, key, query, headers }
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        find(&self.headers, name)
    }

    pub(crate) fn query(&self, name: &str) -> Option<&str> {
        find(&self.query, name)
    }

    pub(crate) fn bucket(&self) -> &str {
        self.bucket.as_deref().unwrap_or_default()
    }

    pub(crate) fn key(&self) -> &str {
        self.key.as_deref().unwrap_or_default()
    }

    pub(crate) fn upload_id(&self) -> &str {
        self.query("uploadId").unwrap_or_default()
    }

    /// The part number, when it is a number at all.
    pub(crate) fn part_number(&self) -> Option<u32> {
        self.query("partNumber")?.parse().ok()
    }

    pub(crate) fn declared_length(&self) -> Option<u64> {
        self.header("content-length")?.parse().ok()
    }

    pub(crate) fn forbids_overwrite(&self) -> bool {
        self.header("x-oss-forbid-overwrite").is_some_and(|value| value.eq_ignore_ascii_case("true"))
    }
}

fn find<'a>(pairs: &'a [(String, String)], name: &str) -> Option<&'a str> {
    pairs.iter().find(|(candidate, _)| candidate == name).map(|(_, value)| value.as_str())
}

fn locate(host: &str, path: &str, options: &Options) -> (Option<String>, Option<String>) {
    let path = path.strip_prefix('/').unwrap_or(path);
    match hosts::bucket(host, options) {
        Some(bucket) => (Some(bucket.to_owned()), filled(path)),
        None => {
            let (bucket, key) = path.split_once('/').unwrap_or((path, ""));
            (filled(bucket), filled(key))
        }
    }
}

fn filled(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| encode::decode_path(text))
}

fn operation(method: &str, has_bucket: bool, has_key: bool, query: &[(String, String)]) -> Operation {
    let asks = |name: &str| query.iter().any(|(candidate, _)| candidate == name);
    let names_sub_resource = SUB_RESOURCES.iter().any(|name| asks(name));
    match (method, has_bucket, has_key) {
        ("PUT", true, true) if asks("uploadId") || asks("partNumber") => Operation::UploadPart,
        ("GET", true, true) if asks("uploadId") => Operation::ListParts,
        ("POST", true, true) if asks("uploadId") => Operation::CompleteMultipartUpload,
        ("DELETE", true, true) if asks("uploadId") => Operation::AbortMultipartUpload,
        ("POST", true, true) if asks("uploads") => Operation::InitiateMultipartUpload,
        ("GET", true, false) if asks("uploads") => Operation::ListMultipartUploads,
        ("GET", true, false) if asks("bucketInfo") => Operation::GetBucketInfo,
        ("GET", true, true) if asks("acl") => Operation::GetObjectAcl,
        ("HEAD", true, true) => Operation::HeadObject,
        (_, true, _) if names_sub_resource => Operation::Other,
        ("PUT", true, true) => Operation::PutObject,
        ("GET", true, true) => Operation::GetObject,
        ("DELETE", true, true) => Operation::DeleteObject,
        ("PUT", true, false) => Operation::PutBucket,
        ("GET", true, false) => Operation::ListObjects,
        (_, _, _) => Operation::Other,
    }
}

/// Sub-resources that turn a plain request into one that this server does not offer.
const SUB_RESOURCES: [&str; 16] = [
    "acl",
    "append",
    "bucketInfo",
    "cors",
    "delete",
    "encryption",
    "lifecycle",
    "location",
    "logging",
    "policy",
    "restore",
    "symlink",
    "tagging",
    "uploads",
    "versioning",
    "versions",
];

#[cfg(test)]
mod tests {
    use super::*;

    fn located(host: &str, path: &str) -> (Option<String>, Option<String>) {
        let options =
            Options { cnames: vec![("static.example.com".to_owned(), "bound".to_owned())], ..Options::default() };
        locate(host, path, &options)
    }

    fn pair(bucket: &str, key: &str) -> (Option<String>, Option<String>) {
        (Some(bucket.to_owned()), Some(key.to_owned()))
    }

    #[test]
    fn the_host_tells_the_style() {
        assert_eq!(located("127.0.0.1:80", "/b/k/l"), pair("b", "k/l"));
        assert_eq!(located("[::1]:80", "/b/k"), pair("b", "k"));
        assert_eq!(located("localhost", "/b//k"), pair("b", "/k"));
        assert_eq!(located("b.localhost:80", "/k%2Bk"), pair("b", "k+k"));
        assert_eq!(located("b.oss-cn-hangzhou.aliyuncs.com", "/k"), pair("b", "k"));
        assert_eq!(located("static.example.com", "/k"), pair("bound", "k"));
        assert_eq!(located("localhost", "/b/"), (Some("b".to_owned()), None));
        assert_eq!(located("localhost", "/"), (None, None));
    }
}
