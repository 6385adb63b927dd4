//! What a host name stands for.

use std::net::IpAddr;

use crate::options::Options;
use crate::refusal::Refusal;
use crate::route::Request;

const PUBLIC: &str = ".aliyuncs.com";

/// What a host name stands for.
enum Host<'a> {
    Service,
    Bucket(&'a str),
    Public(PublicHost<'a>),
}

/// A host of the public service, which is stricter than a host that this server was told to be.
#[derive(Debug, PartialEq)]
struct PublicHost<'a> {
    bucket: Option<&'a str>,
    /// None for transfer acceleration, which serves all regions.
    region: Option<&'a str>,
}

impl<'a> Host<'a> {
    fn read(host: &'a str, options: &'a Options) -> Self {
        let host = without_port(host);
        if let Some((_, bucket)) = options.cnames.iter().find(|(cname, _)| cname == host) {
            return Self::Bucket(bucket);
        }
        if host.parse::<IpAddr>().is_ok() || options.service_hosts.iter().any(|own| own == host) {
            return Self::Service;
        }
        let below_the_service =
            options.service_hosts.iter().find_map(|own| host.strip_suffix(own.as_str())?.strip_suffix('.'));
        match (below_the_service, PublicHost::read(host)) {
            (Some(bucket), _) => Self::Bucket(bucket),
            (None, Some(public)) => Self::Public(public),
            (None, None) => Self::Bucket(host.split('.').next().unwrap_or(host)),
        }
    }
}

impl<'a> PublicHost<'a> {
    fn read(host: &'a str) -> Option<Self> {
        let name = host.strip_suffix(PUBLIC)?;
        let (name, is_dual_stack) = match name.strip_suffix(".oss") {
            Some(name) => (name, true),
            None => (name, false),
        };
        let (bucket, site) = match name.rsplit_once('.') {
            Some((bucket, site)) => (Some(bucket), site),
            None => (None, name),
        };
        let region = match is_dual_stack {
            true => site,
            false => site.strip_prefix("oss-")?,
        };
        let region = region.strip_suffix("-internal").unwrap_or(region);
        Some(Self { bucket, region: (!region.starts_with("accelerate")).then_some(region) })
    }

    /// Buckets stand in front of the host, and of a host of their own region.
    fn check(&self, bucket: &str, options: &Options) -> Result<(), Refusal> {
        if self.bucket.is_none() {
            return Err(Refusal::new(
                403,
                "SecondLevelDomainForbidden",
                "The bucket you are attempting to access must be addressed using OSS third level domain.",
            ));
        }
        match (self.region, options.region.as_deref()) {
            (Some(asked), Some(own)) if asked != own => Err(Refusal::access_denied(
                "The bucket you are attempting to access must be addressed using the specified endpoint.",
            )
            .with("Bucket", bucket)
            .with("Endpoint", format!("oss-{own}{PUBLIC}"))),
            (Some(_) | None, _) => Ok(()),
        }
    }
}

/// The bucket that a host stands for; `None` when the host is the service itself.
pub(crate) fn bucket<'a>(host: &'a str, options: &'a Options) -> Option<&'a str> {
    match Host::read(host, options) {
        Host::Service => None,
        Host::Bucket(bucket) => Some(bucket),
        Host::Public(public) => public.bucket,
    }
}

/// Refuses a request that came to a host where its bucket is not.
pub(crate) fn check(request: &Request, options: &Options) -> Result<(), Refusal> {
    match (&request.bucket, Host::read(&request.host, options)) {
        (Some(bucket), Host::Public(public)) => public.check(bucket, options),
        (Some(_) | None, Host::Service | Host::Bucket(_) | Host::Public(_)) => Ok(()),
    }
}

fn without_port(host: &str) -> &str {
    if let Some(bracketed) = host.strip_prefix('[') {
        return bracketed.split(']').next().unwrap_or(bracketed);
    }
    host.split(':').next().unwrap_or(host)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hosts_of_the_public_service_are_known() {
        let public = |bucket, region| Some(PublicHost { bucket, region });
        for (host, found) in [
            ("oss-cn-hangzhou.aliyuncs.com", public(None, Some("cn-hangzhou"))),
            ("b.oss-cn-hangzhou.aliyuncs.com", public(Some("b"), Some("cn-hangzhou"))),
            ("b.oss-us-west-1-internal.aliyuncs.com", public(Some("b"), Some("us-west-1"))),
            ("b.cn-hangzhou.oss.aliyuncs.com", public(Some("b"), Some("cn-hangzhou"))),
            ("b.oss-accelerate-overseas.aliyuncs.com", public(Some("b"), None)),
            ("b.example.com", None),
            ("ecs.aliyuncs.com", None),
        ] {
            assert_eq!(PublicHost::read(host), found, "{host}");
        }
    }
}
