//! Signature version 4: HMAC-SHA256 over a canonical request, under a key of one day and region.

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};
use time::{Duration, OffsetDateTime};

use super::{canonical_headers, check_skew, expired, key_of, mismatch, resource};
use crate::options::{AccessKey, Options};
use crate::refusal::Refusal;
use crate::route::Request;
use crate::{clock, encode};

pub(super) const ALGORITHM: &str = "OSS4-HMAC-SHA256";
const REQUEST_TYPE: &str = "aliyun_v4_request";
const UNSIGNED: &str = "UNSIGNED-PAYLOAD";
const LONGEST_PRESIGN_S: i64 = 604_800;

/// What the signer claims, wherever on the request it stands.
struct Claim<'a> {
    credential: &'a str,
    additional_headers: &'a str,
    signature: &'a str,
    date: &'a str,
    token: Option<&'a str>,
}

pub(super) fn verify_header(
    request: &Request,
    fields: &str,
    options: &Options,
    now: OffsetDateTime,
) -> Result<(), Refusal> {
    let field = |name: &str| {
        fields
            .split(',')
            .filter_map(|field| field.trim().split_once('='))
            .find(|(candidate, _)| *candidate == name)
            .map_or("", |(_, value)| value)
    };
    if !options.faces.loose_authorization && !is_in_strict_form(fields) {
        return Err(Refusal::invalid_argument("Malformed authorization.", "Authorization", fields));
    }
    let payload = request.header("x-oss-content-sha256").unwrap_or_default();
    if payload != UNSIGNED {
        return Err(Refusal::invalid_argument("Invalid x-oss-content-sha256.", "x-oss-content-sha256", payload));
    }
    let claim = Claim {
        credential: field("Credential"),
        additional_headers: field("AdditionalHeaders"),
        signature: field("Signature"),
        date: request.header("x-oss-date").unwrap_or_default(),
        token: request.header("x-oss-security-token"),
    };
    let (key, scope) = check_scope(&claim, options, now)?;
    check_skew(signing_time(&claim)?, now)?;
    check_signature(request, &claim, key, &scope)
}

/// One space after the algorithm, bare commas, and the fields in the order that all clients but one use.
fn is_in_strict_form(fields: &str) -> bool {
    let Some(fields) = fields.strip_prefix(' ').filter(|fields| !fields.contains(' ')) else {
        return false;
    };
    let names: Vec<&str> = fields.split(',').filter_map(|field| Some(field.split_once('=')?.0)).collect();
    matches!(names.as_slice(), ["Credential", "Signature"] | ["Credential", "AdditionalHeaders", "Signature"])
}

pub(super) fn verify_query(request: &Request, options: &Options, now: OffsetDateTime) -> Result<(), Refusal> {
    let query = |name| request.query(name).unwrap_or_default();
    let claim = Claim {
        credential: query("x-oss-credential"),
        additional_headers: query("x-oss-additional-headers"),
        signature: query("x-oss-signature"),
        date: query("x-oss-date"),
        token: request.query("x-oss-security-token"),
    };
    let (key, scope) = check_scope(&claim, options, now)?;
    let expires = query("x-oss-expires");
    let seconds = expires
        .parse()
        .ok()
        .filter(|seconds| (1..=LONGEST_PRESIGN_S).contains(seconds))
        .ok_or_else(|| Refusal::invalid_argument("Invalid x-oss-expires.", "x-oss-expires", expires))?;
    if signing_time(&claim)? + Duration::seconds(seconds) < now {
        return Err(expired());
    }
    check_signature(request, &claim, key, &scope)
}

fn check_scope<'a>(
    claim: &Claim<'_>,
    options: &'a Options,
    now: OffsetDateTime,
) -> Result<(&'a AccessKey, Scope), Refusal> {
    let malformed = |message: &str| Refusal::invalid_argument(message, "Credential", claim.credential);
    let fields: Vec<&str> = claim.credential.split('/').collect();
    let [id, day, region, product, REQUEST_TYPE] = fields.as_slice() else {
        return Err(malformed("Malformed signing credential."));
    };
    let key = key_of(id, claim.token, options, now)?;
    if options.region.as_ref().is_some_and(|own| own != region) {
        return Err(malformed("Invalid signing region in Authorization header.").ec("0002-00000226"));
    }
    if options.product != *product {
        return Err(malformed("Invalid signing product in Authorization header.").ec("0002-00000227"));
    }
    if !claim.date.starts_with(day) {
        return Err(malformed("Invalid signing date in the credential."));
    }
    Ok((key, Scope { day: (*day).to_owned(), region: (*region).to_owned(), product: (*product).to_owned() }))
}

fn signing_time(claim: &Claim<'_>) -> Result<OffsetDateTime, Refusal> {
    clock::parse_compact(claim.date)
        .ok_or_else(|| Refusal::access_denied("OSS authentication requires a valid x-oss-date.").ec("0002-00000102"))
}

/// What a signature is valid for.
struct Scope {
    day: String,
    region: String,
    product: String,
}

impl Scope {
    fn text(&self) -> String {
        format!("{}/{}/{}/{REQUEST_TYPE}", self.day, self.region, self.product)
    }

    fn key(&self, secret: &str) -> Vec<u8> {
        [&self.day, &self.region, &self.product]
            .into_iter()
            .map(String::as_str)
            .chain([REQUEST_TYPE])
            .fold(format!("aliyun_v4{secret}").into_bytes(), |key, text| hmac(&key, text))
    }
}

fn check_signature(request: &Request, claim: &Claim<'_>, key: &AccessKey, scope: &Scope) -> Result<(), Refusal> {
    let canonical = canonical_request(request, claim.additional_headers);
    let text = format!("{ALGORITHM}\n{}\n{}\n{}", claim.date, scope.text(), hex(&Sha256::digest(canonical.as_bytes())));
    if hex(&hmac(&scope.key(&key.secret), &text)) == claim.signature {
        return Ok(());
    }
    Err(mismatch(&key.id, claim.signature, &text).with("CanonicalRequest", canonical))
}

fn canonical_request(request: &Request, additional: &str) -> String {
    let always = |name: &str| name.starts_with("x-oss-") || name == "content-type" || name == "content-md5";
    let chosen: Vec<&str> = additional.split(';').collect();
    format!(
        "{}\n{}\n{}\n{}\n{additional}\n{UNSIGNED}",
        request.method,
        encode::path(&resource(request)),
        canonical_query(request),
        canonical_headers(request, |name| always(name) || chosen.contains(&name)),
    )
}

fn canonical_query(request: &Request) -> String {
    let mut pairs: Vec<(String, String)> = request
        .query
        .iter()
        .filter(|(name, _)| name != "x-oss-signature")
        .map(|(name, value)| (encode::value(name), encode::value(value)))
        .collect();
    pairs.sort();
    let rendered: Vec<String> = pairs
        .into_iter()
        .map(|(name, value)| match value.as_str() {
            "" => name,
            value => format!("{name}={value}"),
        })
        .collect();
    rendered.join("&")
}

fn hmac(key: &[u8], text: &str) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("any length is a key");
    mac.update(text.as_bytes());
    mac.finalize().into_bytes().to_vec()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
