//! Who signed a request, and whether the signature is right.

mod v1;
mod v4;

use time::OffsetDateTime;

use crate::clock;
use crate::options::{AccessKey, Options};
use crate::refusal::Refusal;
use crate::route::Request;

const MAX_SKEW_MS: i64 = 900_000;

/// Who a request comes from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Caller {
    /// Somebody with a key that the server knows.
    Known,
    /// Nobody signed.
    Anonymous,
}

/// Verifies whichever signature a request carries.
pub(crate) fn verify(request: &Request, options: &Options, now: OffsetDateTime) -> Result<Caller, Refusal> {
    if let Some(authorization) = request.header("authorization") {
        if let Some(fields) = authorization.strip_prefix(v4::ALGORITHM) {
            v4::verify_header(request, fields, options, now)?;
        } else if let Some(fields) = authorization.strip_prefix("OSS ") {
            check_v1(options)?;
            v1::verify_header(request, fields, options, now)?;
        } else {
            return Err(Refusal::invalid_argument("Unsupported authorization type.", "Authorization", authorization));
        }
    } else if request.query("x-oss-signature-version").is_some() {
        v4::verify_query(request, options, now)?;
    } else if request.query("Signature").is_some() {
        check_v1(options)?;
        v1::verify_query(request, options, now)?;
    } else {
        return Ok(Caller::Anonymous);
    }
    Ok(Caller::Known)
}

fn check_v1(options: &Options) -> Result<(), Refusal> {
    match options.faces.signature_v1 {
        true => Ok(()),
        false => Err(Refusal::access_denied("Signature version 1 is not supported here.").ec("0002-00000080")),
    }
}

fn key_of<'a>(
    id: &str,
    token: Option<&str>,
    options: &'a Options,
    now: OffsetDateTime,
) -> Result<&'a AccessKey, Refusal> {
    let unknown = || {
        Refusal::new(403, "InvalidAccessKeyId", "The OSS Access Key Id you provided does not exist in our records.")
            .ec("0002-00000902")
            .with("OSSAccessKeyId", id)
    };
    let key = options.access_keys.iter().find(|key| key.id == id).ok_or_else(unknown)?;
    match (key.token.as_deref(), token) {
        (None, None) => Ok(key),
        (Some(_), None) => Err(unknown()),
        (Some(expected), Some(given)) if expected == given => {
            if key.expires_unix.is_some_and(|end| end <= now.unix_timestamp()) {
                let status = options.faces.expired_token_status;
                return Err(Refusal::new(
                    status,
                    "SecurityTokenExpired",
                    "The security token you provided has expired.",
                )
                .ec("0002-00000007"));
            }
            Ok(key)
        }
        (Some(_) | None, Some(_)) => {
            Err(Refusal::new(403, "InvalidSecurityToken", "The security token you provided is invalid.")
                .ec("0002-00000008"))
        }
    }
}

fn check_skew(signed_at: OffsetDateTime, now: OffsetDateTime) -> Result<(), Refusal> {
    if (now - signed_at).whole_milliseconds().abs() <= i128::from(MAX_SKEW_MS) {
        return Ok(());
    }
    Err(Refusal::new(
        403,
        "RequestTimeTooSkewed",
        "The difference between the request time and the current time is too large.",
    )
    .ec("0002-00000504")
    .with("MaxAllowedSkewMilliseconds", MAX_SKEW_MS.to_string())
    .with("RequestTime", clock::iso8601(signed_at))
    .with("ServerTime", clock::iso8601(now)))
}

fn expired() -> Refusal {
    Refusal::access_denied("Request has expired.").ec("0002-00000069")
}

fn mismatch(id: &str, provided: &str, string_to_sign: &str) -> Refusal {
    Refusal::new(
        403,
        "SignatureDoesNotMatch",
        "The request signature we calculated does not match the signature you provided. Check your key and signing method.",
    )
    .ec("0002-00000040")
    .with("OSSAccessKeyId", id)
    .with("SignatureProvided", provided)
    .with("StringToSign", string_to_sign)
}

/// `/bucket/key` as both versions sign it, whatever the style on the wire.
fn resource(request: &Request) -> String {
    match (&request.bucket, &request.key) {
        (None, _) => "/".to_owned(),
        (Some(bucket), None) => format!("/{bucket}/"),
        (Some(bucket), Some(key)) => format!("/{bucket}/{key}"),
    }
}

/// The values of the chosen headers, several of one name joined by commas, sorted by name.
fn canonical_headers(request: &Request, signed: impl Fn(&str) -> bool) -> String {
    let mut lines: std::collections::BTreeMap<&str, Vec<&str>> = Default::default();
    for (name, value) in &request.headers {
        if signed(name) {
            lines.entry(name).or_default().push(value);
        }
    }
    lines.iter().map(|(name, values)| format!("{name}:{}\n", values.join(","))).collect()
}
