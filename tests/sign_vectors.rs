//! Signatures and addresses that other clients of OSS agree on.

#![allow(clippy::unwrap_used, clippy::panic)]

use ossup::oss::endpoint::{Endpoint, Style};
use ossup::oss::request::{Method, Request};
use ossup::oss::sign::{Credentials, Signer, Version, v1, v4};
use ossup::oss::{date, encode};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

#[derive(Deserialize)]
struct Vector {
    id: String,
    #[serde(rename = "in")]
    input: Input,
    expected: Expected,
}

#[derive(Deserialize)]
struct Input {
    version: String,
    mode: String,
    method: String,
    endpoint: String,
    style: String,
    bucket: Option<String>,
    key: Option<String>,
    params: Vec<(String, Option<String>)>,
    headers: Vec<(String, String)>,
    additional_headers: Vec<String>,
    access_key_id: String,
    access_key_secret: String,
    security_token: Option<String>,
    region: String,
    product: String,
    time: String,
    expires: Option<u32>,
}

#[derive(Deserialize)]
struct Expected {
    signature: String,
    url: Option<String>,
    headers: Option<BTreeMap<String, String>>,
    string_to_sign: Option<String>,
    canonical_request: Option<String>,
    canonical_sha256: Option<String>,
}

#[test]
fn clients_of_today_agree() {
    assert_eq!(check_all(include_str!("vectors/sign.jsonl")), 60);
}

#[test]
fn the_unit_tests_of_other_clients_agree() {
    assert_eq!(check_all(include_str!("vectors/protocol.jsonl")), 33);
}

fn check_all(lines: &str) -> usize {
    let vectors = lines.lines().map(|line| serde_json::from_str(line).expect("a vector"));
    vectors.inspect(check).count()
}

fn check(vector: &Vector) {
    let Vector { id, input, expected } = vector;
    let endpoint = Endpoint::parse(&input.endpoint, style(&input.style)).unwrap();
    let signer = signer(input);
    let at = date::parse(&input.time).unwrap();
    let request = signed(input, &endpoint, &signer, at);

    assert_eq!(signature(&request), expected.signature, "{id}");
    assert_eq!(sent_twice(&request, input, &signer, at), request, "{id}: signing again");
    if let Some(url) = &expected.url {
        assert_eq!(parts(&endpoint.locate(&request).url), parts(url), "{id}");
    }
    if let Some(headers) = &expected.headers {
        let sent = request.headers.iter().map(|(name, value)| (name, value));
        assert_eq!(normal(sent), normal(headers), "{id}");
    }
    match signer.version {
        Version::V1 => {
            if let Some(text) = &expected.string_to_sign {
                assert_eq!(&v1::string_to_sign(&request), text, "{id}");
            }
        }
        Version::V4 => {
            let canonical = v4::canonical_request(&signer, &request);
            if let Some(text) = &expected.canonical_request {
                assert_eq!(&canonical, text, "{id}");
            }
            if let Some(sha256) = &expected.canonical_sha256 {
                let digest = Sha256::digest(&canonical);
                let hex: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
                assert_eq!(&hex, sha256, "{id}");
            }
            if let Some(text) = &expected.string_to_sign {
                assert_eq!(&v4::string_to_sign(&signer, &request, at), text, "{id}");
            }
        }
    }
}

fn signed(input: &Input, endpoint: &Endpoint, signer: &Signer, at: i64) -> Request {
    let bucket = input.bucket.clone().unwrap_or_default();
    let mut request = Request::to_bucket(method(&input.method), &bucket, input.headers.clone());
    request.key = input.key.clone();
    request.query =
        input.params.iter().map(|(name, value)| (name.clone(), value.clone().unwrap_or_default())).collect();
    if input.additional_headers.iter().any(|name| name == "host") {
        request.set_header("host", endpoint.host_for(&bucket));
    }
    sign(&mut request, input, signer, at);
    request
}

fn sent_twice(request: &Request, input: &Input, signer: &Signer, at: i64) -> Request {
    let mut again = request.clone();
    sign(&mut again, input, signer, at);
    again
}

fn sign(request: &mut Request, input: &Input, signer: &Signer, at: i64) {
    let credentials = Credentials {
        id: input.access_key_id.clone(),
        secret: input.access_key_secret.clone(),
        token: input.security_token.clone(),
    };
    match input.mode.as_str() {
        "header" => signer.sign(request, &credentials, at),
        "presign" => signer.presign(request, &credentials, at, input.expires.unwrap()).unwrap(),
        other => panic!("unknown mode {other}"),
    }
}

fn signer(input: &Input) -> Signer {
    let version = match input.version.as_str() {
        "v1" => Version::V1,
        "v4" => Version::V4,
        other => panic!("unknown version {other}"),
    };
    let mut signer = Signer::new(version, input.region.as_str());
    signer.product = input.product.clone();
    signer.additional_headers = input.additional_headers.clone();
    signer
}

fn style(name: &str) -> Style {
    match name {
        "virtual" => Style::VirtualHosted,
        "path" => Style::PathStyle,
        "cname" => Style::Cname,
        other => panic!("unknown style {other}"),
    }
}

fn method(name: &str) -> Method {
    [Method::Get, Method::Head, Method::Put, Method::Post, Method::Delete]
        .into_iter()
        .find(|method| method.as_str() == name)
        .unwrap()
}

/// The signature, wherever the request bears it.
fn signature(request: &Request) -> &str {
    let in_query = |(name, _): &&(String, String)| name == "Signature" || name == "x-oss-signature";
    match request.query.iter().find(in_query) {
        Some((_, signature)) => signature,
        None => {
            let authorization = request.header("authorization").unwrap();
            let start = authorization.rfind("Signature=").map(|at| at + "Signature=".len());
            &authorization[start.unwrap_or_else(|| authorization.rfind(':').unwrap() + 1)..]
        }
    }
}

/// An address as its path and its query, the order of which means nothing; `a=` is `a`.
fn parts(url: &str) -> (&str, Vec<(String, String)>) {
    let (path, query) = url.split_once('?').unwrap_or((url, ""));
    let mut pairs: Vec<(String, String)> = query
        .split('&')
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .map(|(name, value)| (encode::decode(name).unwrap(), encode::decode(value).unwrap()))
        .collect();
    pairs.sort();
    (path, pairs)
}

/// Headers as they mean the same: names in lower case, values trimmed.
fn normal<'a>(headers: impl IntoIterator<Item = (&'a String, &'a String)>) -> BTreeMap<String, String> {
    headers.into_iter().map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned())).collect()
}
