//! Where OSS is, and the address of each request there.

use super::encode;
use super::names::check_region;
use super::request::Request;
use crate::error::{Error, Result};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// How a bucket is named in an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// In front of the host.
    VirtualHosted,
    /// First in the path.
    PathStyle,
    /// Not at all: the host is the bucket's own domain.
    Cname,
}

/// The ways into a region.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Network {
    /// The internet.
    Public,
    /// The region's own network.
    Internal,
    /// The internet, by IPv4 and IPv6.
    DualStack,
    /// Transfer acceleration.
    Accelerate,
    /// Transfer acceleration outside mainland China.
    AccelerateOverseas,
}

/// The host that requests go to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint {
    https: bool,
    host: String,
    port: Option<u16>,
    style: Style,
}

/// The address of one request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Location {
    /// The full address, its path and query encoded.
    pub url: String,
    /// The path in it.
    pub path: String,
}

impl Endpoint {
    /// Reads an endpoint: a host, perhaps with a scheme and a port.
    pub fn parse(text: &str, style: Style) -> Result<Self> {
        let (https, authority) = split_scheme(text)?;
        let authority = authority.strip_suffix('/').unwrap_or(authority);
        check_nothing_but_host(authority)?;
        let (host, port) = split_port(authority)?;
        let host = host.to_ascii_lowercase();
        let has_no_names = is_ip(&host) || host == "localhost";
        if !has_no_names {
            check_host(&host)?;
        }
        // Clients leave the scheme's own port out of the Host header; so does what is signed.
        let port = port.filter(|&port| port != if https { 443 } else { 80 });
        if has_no_names && style == Style::Cname {
            return Err(Error::invalid_argument(format!("endpoint is {host:?}, which is no domain of a bucket's own")));
        }
        let style = if has_no_names { Style::PathStyle } else { style };
        Ok(Self { https, host, port, style })
    }

    /// The public endpoint of a region, by HTTPS.
    pub fn from_region(region: &str, network: Network) -> Result<Self> {
        check_region(region)?;
        let host = match network {
            Network::Public => format!("oss-{region}.aliyuncs.com"),
            Network::Internal => format!("oss-{region}-internal.aliyuncs.com"),
            Network::DualStack => format!("{region}.oss.aliyuncs.com"),
            Network::Accelerate => "oss-accelerate.aliyuncs.com".to_owned(),
            Network::AccelerateOverseas => "oss-accelerate-overseas.aliyuncs.com".to_owned(),
        };
        Self::parse(&host, Style::VirtualHosted)
    }

    /// The metadata service of an ECS instance.
    pub fn metadata_service() -> Self {
        Self { https: false, host: "100.100.100.200".to_owned(), port: None, style: Style::PathStyle }
    }

    /// The security token service.
    pub fn sts() -> Self {
        Self { https: true, host: "sts.aliyuncs.com".to_owned(), port: None, style: Style::PathStyle }
    }

    /// The region that the host names, if it names one.
    pub fn region(&self) -> Option<String> {
        let name = self.host.strip_suffix(".aliyuncs.com")?;
        let region = match name.strip_suffix(".oss") {
            Some(region) => region,
            None => {
                let region = name.strip_prefix("oss-")?;
                region.strip_suffix("-internal").unwrap_or(region)
            }
        };
        let names_a_region = check_region(region).is_ok() && !region.starts_with("accelerate");
        names_a_region.then(|| region.to_owned())
    }

    /// The cloud box that the host names, if it names one: `cb-….{region}.oss-cloudbox.aliyuncs.com`.
    pub fn cloud_box(&self) -> Option<String> {
        let name = self.host.strip_suffix(".aliyuncs.com")?;
        let (name, service) = name.rsplit_once('.')?;
        let (id, region) = name.split_once('.')?;
        let is_box = id.starts_with("cb-") && check_region(region).is_ok();
        (is_box && matches!(service, "oss-cloudbox" | "oss-cloudbox-control")).then(|| id.to_owned())
    }

    /// Requests are encrypted.
    pub fn is_https(&self) -> bool {
        self.https
    }

    /// Requests stay on this machine.
    pub fn is_loopback(&self) -> bool {
        let address = self.host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
        self.host == "localhost" || address.is_ok_and(|address| address.is_loopback())
    }

    /// Scheme, host and port of requests about a bucket; an empty name is the service itself.
    pub fn origin_for(&self, bucket: &str) -> String {
        let scheme = if self.https { "https" } else { "http" };
        format!("{scheme}://{}", self.host_for(bucket))
    }

    /// How buckets are named here.
    pub fn style(&self) -> Style {
        self.style
    }

    /// The `Host` of requests about a bucket; an empty name is the service itself.
    pub fn host_for(&self, bucket: &str) -> String {
        let host = match self.style {
            Style::VirtualHosted if !bucket.is_empty() => format!("{bucket}.{}", self.host),
            Style::VirtualHosted | Style::PathStyle | Style::Cname => self.host.clone(),
        };
        match self.port {
            Some(port) => format!("{host}:{port}"),
            None => host,
        }
    }

    /// Refuses a bucket that the endpoint names already, which would be named twice.
    pub fn check_bucket(&self, bucket: &str) -> Result<()> {
        let rest = self.host.strip_prefix(bucket).and_then(|rest| rest.strip_prefix('.'));
        match (self.style, rest) {
            (Style::VirtualHosted, Some(rest)) if rest.starts_with("oss-") => Err(Error::invalid_argument(format!(
                "endpoint names the bucket {bucket:?}, which goes there by itself: use {rest:?}"
            ))),
            (Style::VirtualHosted | Style::PathStyle | Style::Cname, _) => Ok(()),
        }
    }

    /// The address of a request.
    pub fn locate(&self, request: &Request) -> Location {
        let path = self.path_of(request);
        let mut url = self.origin_for(&request.bucket) + &path;
        if !request.query.is_empty() {
            url.push('?');
            url.push_str(&encode::join(&encode::pairs(&request.query)));
        }
        Location { url, path }
    }

    fn path_of(&self, request: &Request) -> String {
        let key = encode::path(request.key.as_deref().unwrap_or_default());
        match self.style {
            Style::PathStyle if !request.bucket.is_empty() => format!("/{}/{key}", request.bucket),
            Style::VirtualHosted | Style::PathStyle | Style::Cname => format!("/{key}"),
        }
    }
}

fn split_scheme(text: &str) -> Result<(bool, &str)> {
    let Some((scheme, rest)) = text.split_once("://") else {
        return Ok((true, text));
    };
    match scheme.to_ascii_lowercase().as_str() {
        "https" => Ok((true, rest)),
        "http" => Ok((false, rest)),
        _ => Err(Error::invalid_argument(format!("endpoint has the scheme {scheme:?}: use https:// or http://"))),
    }
}

fn check_nothing_but_host(authority: &str) -> Result<()> {
    let refuse = |what: &str| {
        Err(Error::invalid_argument(format!(
            "endpoint holds {what}: give a host, perhaps with a scheme and a port, and nothing else"
        )))
    };
    if authority.is_empty() {
        return Err(Error::invalid_argument("endpoint is empty: give a host, such as oss-cn-hangzhou.aliyuncs.com"));
    }
    // First, and without the text: what stands before the @ may be a password.
    if authority.contains('@') {
        return refuse("a user name");
    }
    if authority.contains('?') {
        return refuse("a query");
    }
    if authority.contains('#') {
        return refuse("a fragment");
    }
    if authority.contains(['/', '\\']) {
        return refuse("a path");
    }
    Ok(())
}

fn split_port(authority: &str) -> Result<(&str, Option<u16>)> {
    let after_ipv6 = authority.find(']').map_or(0, |bracket| bracket + 1);
    let Some(colon) = authority[after_ipv6..].find(':') else {
        return Ok((authority, None));
    };
    let (host, port) = authority.split_at(after_ipv6 + colon);
    let port = &port[1..];
    if port.contains(':') {
        return Err(Error::invalid_argument(format!(
            "endpoint {authority:?} has more than one colon: put an IPv6 address in brackets"
        )));
    }
    let is_number = port.bytes().all(|byte| byte.is_ascii_digit());
    match port.parse::<u16>() {
        Ok(number) if is_number && number > 0 => Ok((host, Some(number))),
        Ok(_) | Err(_) => Err(Error::invalid_argument(format!(
            "endpoint {authority:?} has the port {port:?}: use a number from 1 to 65535"
        ))),
    }
}

fn is_ip(host: &str) -> bool {
    let in_brackets = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    match in_brackets {
        Some(address) => address.parse::<Ipv6Addr>().is_ok(),
        None => host.parse::<Ipv4Addr>().is_ok(),
    }
}

fn check_host(host: &str) -> Result<()> {
    let refuse = |why: &str| Err(Error::invalid_argument(format!("endpoint has the host {host:?}: {why}")));
    if host.is_empty() {
        return refuse("a host must not be empty");
    }
    if host.contains(['[', ']']) {
        return refuse("only an IPv6 address stands in brackets");
    }
    let is_host_character = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    if let Some(bad) = host.chars().find(|&c| !is_host_character(c)) {
        return refuse(&format!("{bad:?} cannot be part of a host, write other alphabets in Punycode"));
    }
    if host.len() > 253 || host.split('.').any(|label| label.is_empty() || label.len() > 63) {
        return refuse("each name between dots has 1 to 63 characters, the whole at most 253");
    }
    let last = host.rsplit('.').next().unwrap_or_default();
    if is_number(last) {
        return refuse("it is neither a name nor an IPv4 address of four numbers");
    }
    Ok(())
}

/// Clients take a host that ends in a number for an address, and rewrite it.
fn is_number(label: &str) -> bool {
    match label.strip_prefix("0x") {
        Some(hex) => hex.bytes().all(|byte| byte.is_ascii_hexdigit()),
        None => label.bytes().all(|byte| byte.is_ascii_digit()),
    }
}

#[cfg(test)]
mod tests {
    use super::super::names::check_key;
    use super::super::request::{Method, Object};
    use super::*;
    use proptest::prelude::*;

    fn parse(text: &str, style: Style) -> Endpoint {
        Endpoint::parse(text, style).unwrap()
    }

    fn part(bucket: &str, key: &str) -> Request {
        let object = Object { bucket: bucket.into(), key: key.into() };
        Request::to_object(Method::Put, &object, Vec::new()).with_query("partNumber", "1")
    }

    fn url(text: &str, style: Style) -> String {
        parse(text, style).locate(&part("bucket", "dir/a b")).url
    }

    #[test]
    fn each_style_has_its_address() {
        let host = "oss-cn-hangzhou.aliyuncs.com";
        assert_eq!(
            url(host, Style::VirtualHosted),
            "https://bucket.oss-cn-hangzhou.aliyuncs.com/dir/a%20b?partNumber=1"
        );
        assert_eq!(url(host, Style::PathStyle), "https://oss-cn-hangzhou.aliyuncs.com/bucket/dir/a%20b?partNumber=1");
        assert_eq!(
            url("HTTP://Files.Example.com:8080/", Style::Cname),
            "http://files.example.com:8080/dir/a%20b?partNumber=1"
        );
    }

    #[test]
    fn a_host_without_names_is_path_style() {
        for host in ["127.0.0.1:9000", "[::1]:9000", "localhost:9000"] {
            let endpoint = format!("http://{host}");
            for style in [Style::VirtualHosted, Style::PathStyle] {
                assert_eq!(url(&endpoint, style), format!("http://{host}/bucket/dir/a%20b?partNumber=1"));
            }
            assert!(Endpoint::parse(&endpoint, Style::Cname).unwrap_err().to_string().contains("endpoint"));
        }
    }

    #[test]
    fn requests_to_buckets_and_to_the_service_end_in_a_slash() {
        let at = |style, bucket| {
            parse("example.com", style).locate(&Request::to_bucket(Method::Get, bucket, Vec::new())).url
        };
        assert_eq!(at(Style::VirtualHosted, "bucket"), "https://bucket.example.com/");
        assert_eq!(at(Style::PathStyle, "bucket"), "https://example.com/bucket/");
        assert_eq!(at(Style::VirtualHosted, ""), "https://example.com/");
        assert_eq!(at(Style::PathStyle, ""), "https://example.com/");
    }

    #[test]
    fn the_schemes_own_port_is_left_out() {
        assert_eq!(parse("https://example.com:443", Style::Cname).host_for("b"), "example.com");
        assert_eq!(parse("http://example.com:80", Style::Cname).host_for("b"), "example.com");
        assert_eq!(parse("http://example.com:443", Style::Cname).host_for("b"), "example.com:443");
    }

    #[test]
    fn https_is_the_default() {
        assert!(parse("example.com", Style::Cname).is_https());
        assert!(!parse("http://example.com", Style::Cname).is_https());
    }

    #[test]
    fn what_is_no_endpoint_is_refused_by_name() {
        for text in [
            "",
            "https://",
            "/",
            "ftp://example.com",
            "://example.com",
            "example.com/path",
            "example.com//",
            "example.com\\path",
            "example.com?a=b",
            "example.com#top",
            "example.com:",
            "example.com:0",
            "example.com:+80",
            "example.com:65536",
            "example.com:http",
            ":8080",
            "::1",
            "[::1",
            "[::1]x",
            "[example.com]",
            "[127.0.0.1]",
            "exa mple.com",
            "example..com",
            "example.com.",
            "例子.cn",
            "1.2.3",
            "1.2.3.4.5",
            "0x7f.1",
            "127.0.0.0x1",
            "example.com\r\n",
        ] {
            let refusal = Endpoint::parse(text, Style::VirtualHosted).expect_err(text).to_string();
            assert!(refusal.contains("endpoint"), "{text}: {refusal}");
        }
    }

    #[test]
    fn names_that_only_start_with_a_digit_are_hosts() {
        for host in ["3f2a1b", "7up.local", "0xcafe-1"] {
            parse(host, Style::VirtualHosted);
        }
    }

    #[test]
    fn a_password_in_an_endpoint_is_not_repeated() {
        let refusal = Endpoint::parse("https://user:hush@example.com", Style::Cname).unwrap_err();
        assert!(!refusal.to_string().contains("hush"));
    }

    #[test]
    fn hosts_tell_their_region() {
        for (host, region) in [
            ("oss-cn-hangzhou.aliyuncs.com", Some("cn-hangzhou")),
            ("oss-cn-hangzhou-internal.aliyuncs.com", Some("cn-hangzhou")),
            ("cn-hangzhou.oss.aliyuncs.com", Some("cn-hangzhou")),
            ("oss-accelerate.aliyuncs.com", None),
            ("oss-accelerate-overseas.aliyuncs.com", None),
            ("bucket.oss-cn-hangzhou.aliyuncs.com", None),
            ("oss-cn-hangzhou.example.com", None),
            ("127.0.0.1", None),
        ] {
            assert_eq!(parse(host, Style::VirtualHosted).region().as_deref(), region, "{host}");
        }
    }

    #[test]
    fn hosts_tell_their_cloud_box() {
        for (host, cloud_box) in [
            ("cb-123.cn-hangzhou.oss-cloudbox.aliyuncs.com", Some("cb-123")),
            ("cb-123.cn-hangzhou.oss-cloudbox-control.aliyuncs.com", Some("cb-123")),
            ("cn-hangzhou.oss-cloudbox.aliyuncs.com", None),
            ("xx-123.cn-hangzhou.oss-cloudbox.aliyuncs.com", None),
            ("b.cb-123.cn-hangzhou.oss-cloudbox.aliyuncs.com", None),
            ("oss-cn-hangzhou.aliyuncs.com", None),
        ] {
            assert_eq!(parse(host, Style::VirtualHosted).cloud_box().as_deref(), cloud_box, "{host}");
            assert_eq!(parse(host, Style::VirtualHosted).region().is_some(), host.starts_with("oss-cn"), "{host}");
        }
    }

    #[test]
    fn regions_have_endpoints() {
        for (network, host) in [
            (Network::Public, "oss-cn-beijing.aliyuncs.com"),
            (Network::Internal, "oss-cn-beijing-internal.aliyuncs.com"),
            (Network::DualStack, "cn-beijing.oss.aliyuncs.com"),
            (Network::Accelerate, "oss-accelerate.aliyuncs.com"),
            (Network::AccelerateOverseas, "oss-accelerate-overseas.aliyuncs.com"),
        ] {
            let endpoint = Endpoint::from_region("cn-beijing", network).unwrap();
            assert_eq!(endpoint, parse(host, Style::VirtualHosted));
        }
        assert!(Endpoint::from_region("oss-cn-beijing", Network::Public).is_err());
    }

    #[test]
    fn a_bucket_is_not_named_twice() {
        let endpoint = |style| parse("bucket.oss-cn-hangzhou.aliyuncs.com", style);
        let refusal = endpoint(Style::VirtualHosted).check_bucket("bucket").unwrap_err();
        assert!(refusal.to_string().contains("endpoint"), "{refusal}");
        endpoint(Style::Cname).check_bucket("bucket").unwrap();
        endpoint(Style::VirtualHosted).check_bucket("buck").unwrap();
        let plain = parse("oss-cn-hangzhou.aliyuncs.com", Style::VirtualHosted);
        plain.check_bucket("oss-cn-hangzhou").unwrap();
    }

    proptest! {
        #[test]
        fn an_addresss_path_is_the_key(key: String) {
            prop_assume!(check_key(&key).is_ok());
            let location = parse("example.com", Style::Cname).locate(&part("bucket", &key));
            prop_assert_eq!(encode::decode(&location.path).unwrap(), format!("/{key}"));
            prop_assert_eq!(location.url, format!("https://example.com{}?partNumber=1", location.path));
        }

        #[test]
        fn parsing_never_panics(text: String) {
            let _ = Endpoint::parse(&text, Style::VirtualHosted);
        }
    }
}
