//! Signature V4: HMAC-SHA256 over the whole request but its body, scoped to a day and a region.

use super::canonical::{self, OSS_PREFIX};
use super::day_key::Key;
use super::{Credentials, Signer};
use crate::oss::date;
use crate::oss::encode;
use crate::oss::request::Request;
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

const ALGORITHM: &str = "OSS4-HMAC-SHA256";
const UNSIGNED_PAYLOAD: &str = "UNSIGNED-PAYLOAD";
const TERMINATOR: &str = "aliyun_v4_request";
const ALWAYS_SIGNED: [&str; 2] = ["content-md5", "content-type"];

/// Signs by the `Authorization` header.
pub fn sign(signer: &Signer, request: &mut Request, credentials: &Credentials, at: i64) {
    let moment = Moment::new(signer, at);
    request.set_header("Date", date::rfc1123(at));
    request.set_header("x-oss-date", moment.date.as_str());
    request.set_header("x-oss-content-sha256", UNSIGNED_PAYLOAD);
    let mut authorization = format!("{ALGORITHM} Credential={}/{}", credentials.id, moment.scope);
    let additional = additional_headers(signer, request);
    if !additional.is_empty() {
        authorization.push_str(&format!(",AdditionalHeaders={additional}"));
    }
    authorization.push_str(&format!(",Signature={}", signature(signer, request, credentials, &moment)));
    request.set_header("Authorization", authorization);
}

/// Signs by the query, good for `lifetime` seconds.
pub fn presign(signer: &Signer, request: &mut Request, credentials: &Credentials, at: i64, lifetime: u32) {
    request.set_query("x-oss-signature-version", ALGORITHM);
    let moment = Moment::new(signer, at);
    request.set_query("x-oss-date", moment.date.as_str());
    request.set_query("x-oss-expires", lifetime.to_string());
    request.set_query("x-oss-credential", format!("{}/{}", credentials.id, moment.scope));
    if let Some(token) = &credentials.token {
        request.set_query("x-oss-security-token", token.as_str());
    }
    let additional = additional_headers(signer, request);
    if !additional.is_empty() {
        request.set_query("x-oss-additional-headers", additional);
    }
    let signature = signature(signer, request, credentials, &moment);
    request.set_query("x-oss-signature", signature);
}

/// The request as it is signed.
pub fn canonical_request(signer: &Signer, request: &Request) -> String {
    let additional = additional_headers(signer, request);
    let is_signed = |name: &str| is_always_signed(name) || additional.split(';').any(|other| other == name);
    format!(
        "{}\n{}\n{}\n{}\n{additional}\n{}",
        request.method.as_str(),
        encode::path(&canonical::resource(request)),
        query(request),
        canonical::headers(request, is_signed),
        request.header("x-oss-content-sha256").unwrap_or(UNSIGNED_PAYLOAD),
    )
}

/// What is signed, of a request that is ready to be signed.
pub fn string_to_sign(signer: &Signer, request: &Request, at: i64) -> String {
    string_to_sign_at(signer, request, &Moment::new(signer, at))
}

fn string_to_sign_at(signer: &Signer, request: &Request, Moment { date, scope, .. }: &Moment) -> String {
    let digest = encode::hex(&Sha256::digest(canonical_request(signer, request)));
    format!("{ALGORITHM}\n{date}\n{scope}\n{digest}")
}

/// What a signature says of its time.
struct Moment {
    day: String,
    date: String,
    scope: String,
}

impl Moment {
    fn new(signer: &Signer, at: i64) -> Self {
        let day = date::day(at);
        let scope = format!("{day}/{}/{}/{TERMINATOR}", signer.region, signer.product);
        Self { day, date: date::compact(at), scope }
    }
}

fn is_always_signed(name: &str) -> bool {
    name.starts_with(OSS_PREFIX) || ALWAYS_SIGNED.contains(&name)
}

/// The additional headers that the request has, as one list.
fn additional_headers(signer: &Signer, request: &Request) -> String {
    let mut names: Vec<String> = signer.additional_headers.iter().map(|name| name.to_ascii_lowercase()).collect();
    names.retain(|name| !is_always_signed(name) && request.header(name).is_some());
    names.sort();
    names.dedup();
    names.join(";")
}

/// The query, sorted as it is encoded.
fn query(request: &Request) -> String {
    let mut pairs = encode::pairs(&request.query);
    pairs.retain(|(name, _)| name != "x-oss-signature");
    pairs.sort();
    encode::join(&pairs)
}

fn signature(signer: &Signer, request: &Request, credentials: &Credentials, moment: &Moment) -> String {
    let key = signer.day_key.of(&credentials.secret, &moment.scope, || {
        let secret = Zeroizing::new(format!("aliyun_v4{}", credentials.secret));
        let of_the_day = hmac(secret.as_bytes(), &moment.day);
        [&signer.region, &signer.product, TERMINATOR]
            .into_iter()
            .fold(of_the_day, |key, text| hmac(key.as_slice(), text))
    });
    encode::hex(hmac(key.as_slice(), &string_to_sign_at(signer, request, moment)).as_slice())
}

fn hmac(key: &[u8], text: &str) -> Key {
    let mut hmac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes a key of any length");
    hmac.update(text.as_bytes());
    Zeroizing::new(hmac.finalize().into_bytes().into())
}
