//! The server's idea of a signature against vectors that several official SDKs agree on.

#![allow(clippy::unwrap_used, reason = "a test ends at the first surprise")]

mod support;

use oss_server::{AccessKey, Options};
use serde::Deserialize;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

#[derive(Deserialize)]
struct Vector {
    id: String,
    #[serde(rename = "in")]
    input: Input,
    expected: Expected,
}

#[derive(Deserialize)]
struct Input {
    method: String,
    endpoint: String,
    style: String,
    bucket: Option<String>,
    access_key_id: String,
    access_key_secret: String,
    security_token: Option<String>,
    region: String,
    product: String,
    time: String,
}

#[derive(Deserialize)]
struct Expected {
    url: String,
    headers: serde_json::Map<String, serde_json::Value>,
    signature: String,
    string_to_sign: String,
    canonical_request: Option<String>,
}

fn vectors() -> Vec<Vector> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../vectors/sign.jsonl");
    std::fs::read_to_string(path).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// Sends what the vector says, with some text replaced in URL and headers.
fn send(vector: &Vector, from: &str, to: &str) -> support::Answer {
    let input = &vector.input;
    let signed_at = OffsetDateTime::parse(&input.time, &Rfc3339).unwrap();
    let host_of = |url: &str| {
        let (_, rest) = url.split_once("://").unwrap();
        rest.split('/').next().unwrap().to_owned()
    };
    let endpoint = host_of(&input.endpoint);
    let mut options = Options {
        region: Some(input.region.clone()),
        product: input.product.clone(),
        clock_offset_s: (signed_at - OffsetDateTime::now_utc()).whole_seconds(),
        access_keys: vec![AccessKey {
            id: input.access_key_id.clone(),
            secret: input.access_key_secret.clone(),
            token: input.security_token.clone(),
            expires_unix: None,
        }],
        ..Options::default()
    };
    match (input.style.as_str(), &input.bucket) {
        ("cname", Some(bucket)) => options.cnames.push((endpoint.clone(), bucket.clone())),
        _ => options.service_hosts.push(endpoint.clone()),
    }
    let server = support::start(options);
    let url = vector.expected.url.replace(from, to);
    let host = host_of(&url);
    let target = url.split_once(&host).unwrap().1;
    let mut headers: Vec<(String, String)> = vector
        .expected
        .headers
        .iter()
        .map(|(name, value)| (name.clone(), value.as_str().unwrap().replace(from, to)))
        .collect();
    let length = headers
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
        .map_or(0, |(_, length)| length.parse().unwrap());
    headers.retain(|(name, _)| !["content-length", "host"].contains(&name.to_ascii_lowercase().as_str()));
    headers.push(("Content-Length".to_owned(), length.to_string()));
    let address = server.endpoint().replace("http://", "");
    let target = if target.is_empty() { "/" } else { target };
    support::exchange(&address, &host, &input.method, target, &headers, &vec![0; length]).unwrap()
}

#[test]
fn every_vector_is_accepted() {
    let vectors = vectors();
    assert_eq!(vectors.len(), 60);
    for vector in &vectors {
        let answer = send(vector, "", "");
        let code = answer.element("Code");
        assert_ne!(answer.status, 403, "{}: {code:?} {}", vector.id, answer.text());
        assert_ne!(code.as_deref(), Some("InvalidArgument"), "{}: {}", vector.id, answer.text());
    }
}

#[test]
fn every_vector_with_another_signature_is_refused_with_what_the_server_signed() {
    for vector in &vectors() {
        let signature = vector.expected.signature.as_str();
        let encoded = support::encoded(signature, b"");
        let found = if vector.expected.url.contains(&encoded) { &encoded } else { signature };
        let flip = if found.starts_with('A') { "B" } else { "A" };
        let answer = send(vector, found, &format!("{flip}{}", &found[1..]));
        answer.assert_error(403, "SignatureDoesNotMatch");
        assert_eq!(answer.element("StringToSign").as_ref(), Some(&vector.expected.string_to_sign), "{}", vector.id);
        assert_eq!(answer.element("CanonicalRequest"), vector.expected.canonical_request, "{}", vector.id);
    }
}
