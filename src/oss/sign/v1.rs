//! Signature V1: HMAC-SHA1 over a few headers and the resource.

use super::Credentials;
use super::canonical::{self, OSS_PREFIX};
use crate::oss::date;
use crate::oss::encode;
use crate::oss::request::Request;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;

/// The query parameters that are part of the resource, beside all that start with `x-oss-`.
const SUB_RESOURCES: &str = "\
    accessPoint accessPointPolicy acl append asyncFetch bucketArchiveDirectRead bucketInfo callback \
    callback-var cloudboxes cname comp continuation-token cors delete encryption endTime group \
    httpsConfig img inventory inventoryId lifecycle link live location logging metaQuery objectInfo \
    objectMeta partNumber policy policyStatus position processConfiguration publicAccessBlock qos \
    qosInfo qosRequester redundancyTransition referer regionList replication replicationLocation \
    replicationProgress requestPayment requesterQosInfo resourceGroup resourcePool \
    resourcePoolBuckets resourcePoolInfo response-cache-control response-content-disposition \
    response-content-encoding response-content-language response-content-type response-expires \
    restore seal security-token sequential startTime stat status style styleName symlink tagging \
    transferAcceleration udf udfApplication udfApplicationLog udfImage udfImageDesc udfName uploadId \
    uploads versionId versioning versions vip vod vpcip website worm wormExtend wormId";

/// Signs by the `Authorization` header.
pub fn sign(request: &mut Request, credentials: &Credentials, at: i64) {
    request.set_header("Date", date::rfc1123(at));
    let signature = signature(&string_to_sign(request), credentials);
    request.set_header("Authorization", format!("OSS {}:{signature}", credentials.id));
}

/// Signs by the query, good until `expires`.
pub fn presign(request: &mut Request, credentials: &Credentials, expires: i64) {
    request.set_query("OSSAccessKeyId", credentials.id.as_str());
    request.set_query("Expires", expires.to_string());
    if let Some(token) = &credentials.token {
        request.set_query("security-token", token.as_str());
    }
    let signature = signature(&string_to_sign(request), credentials);
    request.set_query("Signature", signature);
}

/// What is signed, of a request that has its `Date` header or its `Expires` parameter.
pub fn string_to_sign(request: &Request) -> String {
    let header = |name| request.header(name).unwrap_or_default().trim();
    format!(
        "{}\n{}\n{}\n{}\n{}{}",
        request.method.as_str(),
        header("content-md5"),
        header("content-type"),
        moment(request),
        canonical::headers(request, |name| name.starts_with(OSS_PREFIX)),
        resource(request),
    )
}

fn moment(request: &Request) -> &str {
    let expires = request.query.iter().find(|(name, _)| name == "Expires");
    match expires {
        Some((_, expires)) => expires,
        None => request.header("x-oss-date").or(request.header("date")).unwrap_or_default(),
    }
}

/// The bucket, the key and the signed part of the query, none of them encoded.
fn resource(request: &Request) -> String {
    let is_signed = |name: &str| name.starts_with(OSS_PREFIX) || SUB_RESOURCES.split(' ').any(|other| other == name);
    let mut signed: Vec<(String, String)> = request.query.iter().filter(|(name, _)| is_signed(name)).cloned().collect();
    signed.sort();
    let path = canonical::resource(request);
    if signed.is_empty() { path } else { format!("{path}?{}", encode::join(&signed)) }
}

fn signature(string_to_sign: &str, credentials: &Credentials) -> String {
    let mut hmac = Hmac::<Sha1>::new_from_slice(credentials.secret.as_bytes()).expect("HMAC takes a key of any length");
    hmac.update(string_to_sign.as_bytes());
    STANDARD.encode(hmac.finalize().into_bytes())
}
