//! Signature version 1: HMAC-SHA1 over a handful of lines.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use time::OffsetDateTime;

use super::{canonical_headers, check_skew, expired, key_of, mismatch, resource};
use crate::clock;
use crate::options::{AccessKey, Options};
use crate::refusal::Refusal;
use crate::route::Request;

pub(super) fn verify_header(
    request: &Request,
    fields: &str,
    options: &Options,
    now: OffsetDateTime,
) -> Result<(), Refusal> {
    let (id, signature) = fields
        .split_once(':')
        .ok_or_else(|| Refusal::invalid_argument("Malformed authorization.", "Authorization", fields))?;
    let key = key_of(id, request.header("x-oss-security-token"), options, now)?;
    let date = request.header("x-oss-date").or_else(|| request.header("date")).unwrap_or_default();
    let signed_at = clock::parse_rfc1123(date)
        .ok_or_else(|| Refusal::access_denied("OSS authentication requires a valid Date.").ec("0002-00000102"))?;
    check_skew(signed_at, now)?;
    check(request, key, date, signature)
}

pub(super) fn verify_query(request: &Request, options: &Options, now: OffsetDateTime) -> Result<(), Refusal> {
    let id = request.query("OSSAccessKeyId").unwrap_or_default();
    let key = key_of(id, request.query("security-token"), options, now)?;
    let expires = request.query("Expires").unwrap_or_default();
    let end: i64 = expires.parse().map_err(|_| Refusal::invalid_argument("Invalid Expires.", "Expires", expires))?;
    if end < now.unix_timestamp() {
        return Err(expired());
    }
    let signature = request.query("Signature").unwrap_or_default();
    check(request, key, expires, signature)
}

fn check(request: &Request, key: &AccessKey, date_line: &str, signature: &str) -> Result<(), Refusal> {
    let text = string_to_sign(request, date_line);
    let mut mac = Hmac::<Sha1>::new_from_slice(key.secret.as_bytes()).expect("any length is a key");
    mac.update(text.as_bytes());
    if STANDARD.encode(mac.finalize().into_bytes()) == signature {
        return Ok(());
    }
    Err(mismatch(&key.id, signature, &text))
}

fn string_to_sign(request: &Request, date_line: &str) -> String {
    format!(
        "{}\n{}\n{}\n{date_line}\n{}{}{}",
        request.method,
        request.header("content-md5").unwrap_or_default(),
        request.header("content-type").unwrap_or_default(),
        canonical_headers(request, |name| name.starts_with("x-oss-")),
        resource(request),
        signed_query(request),
    )
}

fn signed_query(request: &Request) -> String {
    let mut pairs: Vec<&(String, String)> = request
        .query
        .iter()
        .filter(|(name, _)| name.starts_with("x-oss-") || SIGNED_PARAMETERS.contains(&name.as_str()))
        .collect();
    if pairs.is_empty() {
        return String::new();
    }
    pairs.sort();
    let rendered: Vec<String> = pairs
        .into_iter()
        .map(|(name, value)| match value.as_str() {
            "" => name.clone(),
            value => format!("{name}={value}"),
        })
        .collect();
    format!("?{}", rendered.join("&"))
}

/// Query parameters that are part of the signed resource, besides all that begin with `x-oss-`.
const SIGNED_PARAMETERS: [&str; 45] = [
    "acl",
    "append",
    "asyncFetch",
    "bucketInfo",
    "callback",
    "callback-var",
    "cname",
    "comp",
    "continuation-token",
    "cors",
    "delete",
    "encryption",
    "group",
    "inventory",
    "inventoryId",
    "lifecycle",
    "link",
    "location",
    "logging",
    "objectMeta",
    "partNumber",
    "policy",
    "position",
    "qos",
    "referer",
    "replication",
    "requestPayment",
    "resourceGroup",
    "response-cache-control",
    "response-content-disposition",
    "response-content-encoding",
    "response-content-language",
    "response-content-type",
    "response-expires",
    "restore",
    "security-token",
    "sequential",
    "stat",
    "symlink",
    "tagging",
    "uploadId",
    "uploads",
    "versionId",
    "versioning",
    "versions",
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::Operation;

    #[test]
    fn signed_parameters_are_sorted_by_name_and_others_left_out() {
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let request = Request {
            operation: Operation::UploadPart,
            method: "PUT".to_owned(),
            host: String::new(),
            path: String::new(),
            bucket: None,
            key: None,
            query: vec![
                pair("uploadId", "I"),
                pair("max-parts", "3"),
                pair("callback-var", "v"),
                pair("callback", "c d"),
                pair("x-oss-traffic-limit", "9"),
                pair("partNumber", "1"),
                pair("acl", ""),
            ],
            headers: Vec::new(),
        };
        assert_eq!(
            signed_query(&request),
            "?acl&callback=c d&callback-var=v&partNumber=1&uploadId=I&x-oss-traffic-limit=9"
        );
    }
}
