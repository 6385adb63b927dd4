//! How a client speaks to OSS.

use super::credentials::Source;
use super::diary::Log;
use crate::error::{Error, Result};
use crate::oss::endpoint::{Endpoint, Network, Style};
use crate::oss::headers::check_header_name;
use crate::oss::names::{check_region, check_signed_name};
use crate::oss::sign::{CLOUD_BOX_PRODUCT, Credentials, PRODUCT, Signer, Version};
use crate::upload::cap::check_limit;
use crate::upload::retry::Policy;
use crate::world::body::MOST_MEMORY;
use crate::world::credentials::{Provider, Role, check_role_name};
use crate::world::transport::Connections;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

/// The parameters of a client, each with its default.
#[derive(Clone, Debug)]
pub struct Config {
    endpoint: Option<String>,
    region: Option<String>,
    network: Network,
    style: Style,
    product: Option<String>,
    cloud_box_id: Option<String>,
    signed_headers: Vec<String>,
    sources: Vec<Source>,
    pub(super) metadata_endpoint: Endpoint,
    pub(super) sts_endpoint: Option<Endpoint>,
    pub(super) credentials_timeout: Duration,
    version: Version,
    pub(super) connections: Connections,
    pub(super) complete_timeout: Duration,
    pub(super) progress_interval: Duration,
    pub(super) bandwidth_limit: u64,
    pub(super) max_uploads: u32,
    pub(super) retry: Policy,
    max_parts_in_flight: u32,
    max_memory: u64,
    pub(super) log: Log,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            endpoint: None,
            region: None,
            network: Network::Public,
            style: Style::VirtualHosted,
            product: None,
            cloud_box_id: None,
            signed_headers: Vec::new(),
            sources: Vec::new(),
            metadata_endpoint: Endpoint::metadata_service(),
            sts_endpoint: None,
            credentials_timeout: Duration::from_secs(60),
            version: Version::V4,
            connections: Connections::default(),
            complete_timeout: Duration::from_secs(600),
            progress_interval: Duration::from_millis(100),
            bandwidth_limit: 0,
            max_uploads: 64,
            retry: Policy::default(),
            max_parts_in_flight: 0,
            max_memory: 0,
            log: Log::default(),
        }
    }
}

impl Config {
    /// The host that requests go to, by HTTPS unless it says `http://`.
    pub fn set_endpoint(&mut self, endpoint: &str) -> Result<()> {
        Endpoint::parse(endpoint, Style::VirtualHosted)?;
        self.endpoint = Some(endpoint.to_owned());
        Ok(())
    }

    /// The region, such as `cn-hangzhou`; read from the endpoint where that names it.
    pub fn set_region(&mut self, region: &str) -> Result<()> {
        let region = region.strip_prefix("oss-").unwrap_or(region);
        check_region(region)?;
        self.region = Some(region.to_owned());
        Ok(())
    }

    /// The way into the region, where no endpoint is given.
    pub fn set_network(&mut self, network: Network) {
        self.network = network;
    }

    /// The product that signatures are made for, where it is another than the endpoint's.
    pub fn set_product(&mut self, product: &str) -> Result<()> {
        check_signed_name("product", product)?;
        self.product = Some(product.to_owned());
        Ok(())
    }

    /// The cloud box that signatures are made for, where the endpoint does not name it.
    pub fn set_cloud_box_id(&mut self, id: &str) -> Result<()> {
        check_signed_name("cloud box id", id)?;
        self.cloud_box_id = Some(id.to_owned());
        Ok(())
    }

    /// Has signature version 4 cover one more header, on the requests that have it.
    pub fn add_signed_header(&mut self, name: &str) -> Result<()> {
        check_header_name(name)?;
        let name = name.to_ascii_lowercase();
        if !self.signed_headers.contains(&name) {
            self.signed_headers.push(name);
        }
        Ok(())
    }

    /// An access key, with a security token when it is a temporary one; in place of all other sources of credentials.
    pub fn set_credentials(&mut self, id: &str, secret: &str, token: Option<&str>) -> Result<()> {
        self.sources = vec![Source::Fixed(Credentials::new(id, secret, token)?)];
        Ok(())
    }

    /// A further source: the access key that the environment names when the client is made.
    pub fn add_environment_credentials(&mut self) {
        self.sources.push(Source::Environment);
    }

    /// A further source: the RAM role of the ECS instance, named or asked for.
    pub fn add_ecs_ram_role(&mut self, role: Option<&str>) -> Result<()> {
        if let Some(role) = role {
            check_role_name(role)?;
        }
        self.sources.push(Source::EcsRamRole(role.map(str::to_owned)));
        Ok(())
    }

    /// A further source: a role that is assumed by an OIDC token.
    pub fn add_oidc_role(&mut self, role: Role) -> Result<()> {
        let empty = |text: &Option<String>| text.as_ref().is_some_and(String::is_empty);
        let refuse = |name: &str| Err(Error::invalid_argument(format!("{name} is empty")));
        if empty(&role.role_arn) {
            return refuse("role ARN");
        }
        if empty(&role.provider_arn) {
            return refuse("OIDC provider ARN");
        }
        if role.token_file.as_ref().is_some_and(|file| file.as_os_str().is_empty()) {
            return refuse("token file");
        }
        self.sources.push(Source::OidcRole(role));
        Ok(())
    }

    /// A further source: the caller's own.
    pub fn add_credentials_provider(&mut self, provider: Arc<dyn Provider>) {
        self.sources.push(Source::Provider(provider));
    }

    /// Where an ECS instance's metadata are.
    pub fn set_ecs_metadata_endpoint(&mut self, endpoint: &str) -> Result<()> {
        let endpoint = parse_endpoint("ECS metadata", endpoint)?;
        if endpoint.is_https() {
            return Err(Error::invalid_argument("ECS metadata endpoint: it is plain HTTP, write http://"));
        }
        self.metadata_endpoint = endpoint;
        Ok(())
    }

    /// Where STS is, by HTTPS unless it is on this machine.
    pub fn set_sts_endpoint(&mut self, endpoint: &str) -> Result<()> {
        self.sts_endpoint = Some(parse_sts_endpoint(endpoint)?);
        Ok(())
    }

    /// How long a source of credentials may take.
    pub fn set_credentials_timeout(&mut self, timeout: Duration) -> Result<()> {
        self.credentials_timeout = at_least_a_millisecond("credentials timeout", timeout)?;
        Ok(())
    }

    /// The signature's version: 4, or 1 for old private deployments.
    pub fn set_signature_version(&mut self, version: u32) -> Result<()> {
        self.version = match version {
            1 => Version::V1,
            4 => Version::V4,
            _ => return Err(Error::invalid_argument(format!("signature version {version} is neither 1 nor 4"))),
        };
        Ok(())
    }

    /// How the endpoint names buckets.
    pub fn set_style(&mut self, style: Style) {
        self.style = style;
    }

    /// How the endpoint names buckets.
    pub fn style(&self) -> Style {
        self.style
    }

    /// A PEM file of certificates to trust; read when the client is made.
    pub fn set_ca_file(&mut self, path: &Path) -> Result<()> {
        self.connections.set_ca_file(path)
    }

    /// Certificates to trust, as PEM text.
    pub fn set_ca_pem(&mut self, text: &str) -> Result<()> {
        self.connections.set_ca_pem(text)
    }

    /// Whether the operating system's certificates are trusted besides the given ones.
    pub fn set_system_trust(&mut self, enable: bool) {
        self.connections.set_system_trust(enable);
    }

    /// From now on any certificate will do: whoever sits on the way can read and change everything.
    pub fn dangerously_disable_certificate_verification(&mut self) {
        self.connections.dangerously_disable_certificate_verification();
    }

    /// The proxy: `None` leaves it to the environment, an empty text means none.
    pub fn set_proxy(&mut self, url: Option<&str>) -> Result<()> {
        self.connections.set_proxy(url)
    }

    /// Hosts that are reached without the proxy: `None` leaves it to the environment, an empty text means none.
    pub fn set_no_proxy(&mut self, list: Option<&str>) -> Result<()> {
        self.connections.set_no_proxy(list)
    }

    /// What `User-Agent` says after the library's own name; `None` or an empty text: nothing.
    pub fn set_user_agent(&mut self, text: Option<&str>) -> Result<()> {
        self.connections.set_user_agent(text)
    }

    /// How long a connection may take to stand: name, TCP, proxy and TLS together.
    pub fn set_connect_timeout(&mut self, timeout: Duration) -> Result<()> {
        self.connections.set_connect_timeout(at_least_a_millisecond("connect timeout", timeout)?);
        Ok(())
    }

    /// How long a request may stand still.
    pub fn set_idle_timeout(&mut self, timeout: Duration) -> Result<()> {
        self.connections.set_idle_timeout(at_least_a_millisecond("idle timeout", timeout)?);
        Ok(())
    }

    /// How long OSS may take to make the object of its parts.
    pub fn set_complete_timeout(&mut self, timeout: Duration) -> Result<()> {
        self.complete_timeout = at_least_a_millisecond("complete timeout", timeout)?;
        Ok(())
    }

    /// Tries per request.
    pub fn set_max_attempts(&mut self, attempts: u32) -> Result<()> {
        if attempts == 0 {
            return Err(Error::invalid_argument("max attempts: 0 tries cannot succeed"));
        }
        self.retry.attempts = attempts;
        Ok(())
    }

    /// Temporary errors are retried until an upload has taken this long, however often that is.
    pub fn set_max_elapsed(&mut self, limit: Option<Duration>) {
        self.retry.max_elapsed = limit;
    }

    /// Progress is told at most this often.
    pub fn set_progress_interval(&mut self, interval: Duration) -> Result<()> {
        self.progress_interval = at_least_a_millisecond("progress interval", interval)?;
        Ok(())
    }

    /// The bytes per second that all uploads together may send; 0 is no cap.
    pub fn set_bandwidth_limit(&mut self, bytes_per_second: u64) -> Result<()> {
        check_limit(bytes_per_second)?;
        self.bandwidth_limit = bytes_per_second;
        Ok(())
    }

    /// Uploads that are under way at a time; further ones wait in the order of their start. 0 is no bound.
    pub fn set_max_uploads(&mut self, uploads: u32) {
        self.max_uploads = uploads;
    }

    /// Parts under way at a time, of all uploads of a client together; 0: as many as they want.
    pub fn set_max_parts_in_flight(&mut self, count: u32) {
        self.max_parts_in_flight = count;
    }

    /// Bytes of memory that the parts under way may take together; 0: as many as they need.
    pub fn set_max_memory(&mut self, bytes: u64) -> Result<()> {
        if (1..MOST_MEMORY).contains(&bytes) {
            let message = format!("max memory: {bytes} bytes are too few, one part takes up to {MOST_MEMORY}");
            return Err(Error::invalid_argument(message));
        }
        self.max_memory = bytes;
        Ok(())
    }

    /// Where a client's log goes, in place of where it went before.
    pub fn set_log(&mut self, log: Log) {
        self.log = log;
    }

    /// How many parts may be under way at a time, if there is a bound to it.
    pub(super) fn most_parts(&self) -> Option<u32> {
        let by_count = (self.max_parts_in_flight > 0).then_some(self.max_parts_in_flight);
        let that_fit = u32::try_from(self.max_memory / MOST_MEMORY).unwrap_or(u32::MAX);
        let by_memory = (self.max_memory > 0).then_some(that_fit);
        by_count.into_iter().chain(by_memory).min()
    }

    pub(super) fn endpoint(&self) -> Result<Endpoint> {
        match (&self.endpoint, &self.region) {
            (Some(endpoint), _) => Endpoint::parse(endpoint, self.style),
            (None, Some(region)) => Endpoint::from_region(region, self.network),
            (None, None) => Err(Error::invalid_argument("endpoint: neither it nor a region is set")),
        }
    }

    pub(super) fn signer(&self, endpoint: &Endpoint) -> Result<Signer> {
        let cloud_box = self.cloud_box_id.clone().or_else(|| endpoint.cloud_box());
        let in_a_box = cloud_box.is_some();
        let region = cloud_box.or_else(|| self.region.clone()).or_else(|| endpoint.region());
        let region = match (self.version, region) {
            (_, Some(region)) => region,
            (Version::V1, None) => String::new(),
            (Version::V4, None) => {
                let message = "region: signature version 4 needs it, and the endpoint does not name it";
                return Err(Error::invalid_argument(message));
            }
        };
        let usual = if in_a_box { CLOUD_BOX_PRODUCT } else { PRODUCT };
        let product = self.product.clone().unwrap_or_else(|| usual.to_owned());
        let mut signer = Signer::new(self.version, region);
        signer.product = product;
        signer.additional_headers = self.signed_headers.clone();
        Ok(signer)
    }

    pub(super) fn sources(&self) -> Result<&[Source]> {
        if self.sources.is_empty() {
            return Err(Error::invalid_argument("credentials: no access key and no source of one is set"));
        }
        Ok(&self.sources)
    }
}

/// Where STS is; a token goes there.
pub(super) fn parse_sts_endpoint(text: &str) -> Result<Endpoint> {
    let endpoint = parse_endpoint("STS", text)?;
    if !endpoint.is_https() && !endpoint.is_loopback() {
        return Err(Error::invalid_argument("STS endpoint: a token would go there unencrypted, write https://"));
    }
    Ok(endpoint)
}

fn parse_endpoint(whose: &str, text: &str) -> Result<Endpoint> {
    Endpoint::parse(text, Style::PathStyle).map_err(|mut error| {
        error.report_mut().message.insert_str(0, &format!("{whose} "));
        error
    })
}

fn at_least_a_millisecond(name: &str, timeout: Duration) -> Result<Duration> {
    if timeout < Duration::from_millis(1) {
        return Err(Error::invalid_argument(format!("{name}: it must be at least 1 ms")));
    }
    Ok(timeout)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::PathBuf;

    #[test]
    fn version_4_needs_a_region() {
        let mut config = Config::default();
        config.set_endpoint("http://127.0.0.1:9000").unwrap();
        let endpoint = config.endpoint().unwrap();
        assert!(config.signer(&endpoint).unwrap_err().to_string().contains("region"));
        config.set_region("oss-cn-hangzhou").unwrap();
        assert_eq!(config.signer(&endpoint).unwrap().region, "cn-hangzhou");
    }

    #[test]
    fn the_endpoint_may_tell_the_region_and_the_region_the_endpoint() {
        let mut by_endpoint = Config::default();
        by_endpoint.set_endpoint("oss-cn-beijing-internal.aliyuncs.com").unwrap();
        let endpoint = by_endpoint.endpoint().unwrap();
        assert_eq!(by_endpoint.signer(&endpoint).unwrap().region, "cn-beijing");
        let mut by_region = Config::default();
        by_region.set_region("cn-beijing").unwrap();
        assert_eq!(by_region.endpoint().unwrap().host_for("b"), "b.oss-cn-beijing.aliyuncs.com");
    }

    #[test]
    fn a_cloud_box_is_signed_for_in_a_way_of_its_own() {
        let signed_for = |config: &Config| {
            let signer = config.signer(&config.endpoint().unwrap()).unwrap();
            (signer.region, signer.product)
        };
        let pair = |region: &str, product: &str| (region.to_owned(), product.to_owned());
        let mut config = Config::default();
        config.set_endpoint("cb-123.cn-hangzhou.oss-cloudbox.aliyuncs.com").unwrap();
        assert_eq!(signed_for(&config), pair("cb-123", "oss-cloudbox"));
        config.set_endpoint("http://127.0.0.1:9000").unwrap();
        config.set_region("cn-hangzhou").unwrap();
        assert_eq!(signed_for(&config), pair("cn-hangzhou", "oss"));
        config.set_cloud_box_id("cb-9").unwrap();
        assert_eq!(signed_for(&config), pair("cb-9", "oss-cloudbox"));
        config.set_product("oss-of-tomorrow").unwrap();
        assert_eq!(signed_for(&config), pair("cb-9", "oss-of-tomorrow"));
    }

    #[test]
    fn credentials_that_are_set_are_the_only_ones() {
        let mut config = Config::default();
        assert!(config.sources().unwrap_err().to_string().contains("credentials"));
        config.add_environment_credentials();
        config.add_ecs_ram_role(None).unwrap();
        assert!(matches!(config.sources().unwrap(), [Source::Environment, Source::EcsRamRole(None)]));
        config.set_credentials("a", "s", None).unwrap();
        config.add_oidc_role(Role::default()).unwrap();
        assert!(matches!(config.sources().unwrap(), [Source::Fixed(_), Source::OidcRole(_)]));
    }

    #[test]
    fn a_token_stays_on_this_machine_or_is_encrypted() {
        for endpoint in
            ["sts.aliyuncs.com", "https://sts.cn-beijing.aliyuncs.com", "http://127.0.0.1:9", "http://[::1]"]
        {
            Config::default().set_sts_endpoint(endpoint).unwrap();
        }
    }

    #[test]
    fn the_tighter_of_two_caps_holds() {
        let most_parts = |count, bytes| {
            let mut config = Config::default();
            config.set_max_parts_in_flight(count);
            config.set_max_memory(bytes).unwrap();
            config.most_parts()
        };
        assert_eq!(most_parts(0, 0), None);
        assert_eq!(most_parts(7, 0), Some(7));
        assert_eq!(most_parts(0, 3 * MOST_MEMORY - 1), Some(2));
        assert_eq!(most_parts(7, 3 * MOST_MEMORY), Some(3));
        assert_eq!(most_parts(2, u64::MAX), Some(2));
    }

    #[test]
    fn bad_values_are_refused_by_name() {
        let mut config = Config::default();
        for (name, result) in [
            ("AccessKeyId", config.set_credentials("", "s", None)),
            ("AccessKeySecret", config.set_credentials("a", "s\n", None)),
            ("SecurityToken", config.set_credentials("a", "s", Some(""))),
            ("signature version", config.set_signature_version(2)),
            ("max attempts", config.set_max_attempts(0)),
            ("role name", config.add_ecs_ram_role(Some("a/b"))),
            ("token file", config.add_oidc_role(Role { token_file: Some(PathBuf::new()), ..Role::default() })),
            ("ECS metadata endpoint", config.set_ecs_metadata_endpoint("")),
            ("ECS metadata endpoint", config.set_ecs_metadata_endpoint("https://100.100.100.200")),
            ("STS endpoint", config.set_sts_endpoint("http://sts.aliyuncs.com")),
            ("STS endpoint", config.set_sts_endpoint("user@sts.aliyuncs.com")),
            ("credentials timeout", config.set_credentials_timeout(Duration::ZERO)),
            ("bandwidth limit", config.set_bandwidth_limit(1023)),
            ("idle timeout", config.set_idle_timeout(Duration::ZERO)),
            ("region", config.set_region("CN hangzhou")),
            ("product", config.set_product("OSS")),
            ("cloud box id", config.set_cloud_box_id("")),
            ("signed header", config.add_signed_header("a b")),
            ("endpoint", config.set_endpoint("http://user@host")),
            ("max memory", config.set_max_memory(1)),
            ("max memory", config.set_max_memory(MOST_MEMORY - 1)),
        ] {
            assert!(result.unwrap_err().to_string().contains(name), "{name}");
        }
    }
}
