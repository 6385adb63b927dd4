//! Signing a request for a moment in time.

mod canonical;
mod credentials;
mod day_key;
pub mod v1;
pub mod v4;

pub use credentials::Credentials;

use day_key::DayKey;

use super::limits::MAX_PRESIGN_LIFETIME;
use super::request::Request;
use crate::error::{Error, Result};

/// The product that V4 signatures are scoped to.
pub const PRODUCT: &str = "oss";

/// The product of cloud boxes.
pub const CLOUD_BOX_PRODUCT: &str = "oss-cloudbox";

/// The versions of OSS's signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Version {
    /// HMAC-SHA1; refused for new accounts and buckets.
    V1,
    /// HMAC-SHA256, scoped to a day and a region.
    V4,
}

/// All that a signature depends on, but the request, the credentials and the time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signer {
    /// The signature's version.
    pub version: Version,
    /// The region's id, for V4.
    pub region: String,
    /// The product, for V4.
    pub product: String,
    /// Headers to sign beyond those that V4 always signs.
    pub additional_headers: Vec<String>,
    day_key: DayKey,
}

impl Signer {
    /// A signer for OSS in a region.
    pub fn new(version: Version, region: impl Into<String>) -> Self {
        Self {
            version,
            region: region.into(),
            product: PRODUCT.to_owned(),
            additional_headers: Vec::new(),
            day_key: DayKey::default(),
        }
    }

    /// Whether the signature covers the `Host` header, which then has to be there before it is made.
    pub fn covers_host(&self) -> bool {
        self.version == Version::V4 && self.additional_headers.iter().any(|name| name.eq_ignore_ascii_case("host"))
    }

    /// Signs a request by headers, in place of any signature that it bears.
    pub fn sign(&self, request: &mut Request, credentials: &Credentials, at: i64) {
        match &credentials.token {
            Some(token) => request.set_header("x-oss-security-token", token.as_str()),
            None => request.remove_header("x-oss-security-token"),
        }
        match self.version {
            Version::V1 => v1::sign(request, credentials, at),
            Version::V4 => v4::sign(self, request, credentials, at),
        }
    }

    /// Signs a request by its query, good for `lifetime` seconds from `at`.
    pub fn presign(&self, request: &mut Request, credentials: &Credentials, at: i64, lifetime: u32) -> Result<()> {
        let longest = match self.version {
            Version::V1 => u32::MAX,
            Version::V4 => MAX_PRESIGN_LIFETIME,
        };
        if !(1..=longest).contains(&lifetime) {
            return Err(Error::invalid_argument(format!(
                "lifetime is {lifetime} seconds: a presigned address lives for 1 to {longest}"
            )));
        }
        match self.version {
            Version::V1 => v1::presign(request, credentials, at.saturating_add(lifetime.into())),
            Version::V4 => v4::presign(self, request, credentials, at, lifetime),
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::oss::request::{Method, Object};

    const NEW_YEAR: i64 = 1_767_225_600;

    fn request() -> Request {
        let object = Object { bucket: "bucket".into(), key: "key".into() };
        Request::to_object(Method::Put, &object, Vec::new())
    }

    fn credentials(token: Option<&str>) -> Credentials {
        Credentials { id: "ak".into(), secret: "sk".into(), token: token.map(str::to_owned) }
    }

    #[test]
    fn a_later_attempt_bears_nothing_of_an_earlier_one() {
        for version in [Version::V1, Version::V4] {
            let signer = Signer::new(version, "cn-hangzhou");
            let mut retried = request();
            signer.sign(&mut retried, &credentials(Some("old")), NEW_YEAR - 86_400);
            signer.sign(&mut retried, &credentials(None), NEW_YEAR);
            let mut fresh = request();
            signer.sign(&mut fresh, &credentials(None), NEW_YEAR);
            assert_eq!(retried, fresh);
        }
    }

    #[test]
    fn a_signature_depends_on_everything() {
        for version in [Version::V1, Version::V4] {
            let signer = Signer::new(version, "cn-hangzhou");
            let signed = |request: Request, token, at| {
                let mut request = request;
                signer.sign(&mut request, &credentials(token), at);
                request.header("authorization").unwrap().to_owned()
            };
            let plain = signed(request(), None, NEW_YEAR);
            let mut other_key = request();
            other_key.key = Some("other".into());
            let mut other_type = request();
            other_type.set_header("Content-Type", "text/plain");
            for other in [
                signed(other_key, None, NEW_YEAR),
                signed(other_type, None, NEW_YEAR),
                signed(request().with_query("partNumber", "1"), None, NEW_YEAR),
                signed(request(), Some("token"), NEW_YEAR),
                signed(request(), None, NEW_YEAR + 1),
            ] {
                assert_ne!(other, plain);
            }
        }
    }

    #[test]
    fn a_presigned_address_has_a_bounded_life() {
        let presign = |version, lifetime| {
            let signer = Signer::new(version, "cn-hangzhou");
            signer.presign(&mut request(), &credentials(None), NEW_YEAR, lifetime)
        };
        presign(Version::V4, MAX_PRESIGN_LIFETIME).unwrap();
        presign(Version::V1, MAX_PRESIGN_LIFETIME + 1).unwrap();
        for lifetime in [0, MAX_PRESIGN_LIFETIME + 1] {
            let refusal = presign(Version::V4, lifetime).unwrap_err();
            assert!(refusal.to_string().contains("lifetime"), "{refusal}");
        }
    }
}
