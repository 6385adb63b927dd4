//! What both versions make of a request before they sign it.

use crate::oss::request::Request;
use std::collections::BTreeMap;

/// The prefix of the headers that every signature covers.
pub(super) const OSS_PREFIX: &str = "x-oss-";

/// The headers that are to be signed: a line each, sorted, their names in lower case.
pub(super) fn headers(request: &Request, is_signed: impl Fn(&str) -> bool) -> String {
    let mut values: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for (name, value) in &request.headers {
        let name = name.to_ascii_lowercase();
        if is_signed(&name) {
            values.entry(name).or_default().push(value.trim());
        }
    }
    values.iter().map(|(name, values)| format!("{name}:{}\n", values.join(","))).collect()
}

/// The path that is signed: it names the bucket, whatever the address does.
pub(super) fn resource(request: &Request) -> String {
    let key = request.key.as_deref().unwrap_or_default();
    match request.bucket.as_str() {
        "" => format!("/{key}"),
        bucket => format!("/{bucket}/{key}"),
    }
}
