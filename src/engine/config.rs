//! How a client speaks to OSS.

use crate::error::{Error, Result};
use crate::oss::endpoint::{Endpoint, Network, Style};
use crate::oss::names::check_region;
use crate::oss::sign::{Credentials, Signer, Version};
use crate::upload::retry::Policy;
use crate::world::transport::Connections;
use std::path::Path;
use std::time::Duration;

/// The parameters of a client, each with its default.
#[derive(Clone, Debug)]
pub struct Config {
    endpoint: Option<String>,
    region: Option<String>,
    style: Style,
    credentials: Option<Credentials>,
    version: Version,
    pub(super) connections: Connections,
    pub(super) complete_timeout: Duration,
    pub(super) progress_interval: Duration,
    pub(super) retry: Policy,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            endpoint: None,
            region: None,
            style: Style::VirtualHosted,
            credentials: None,
            version: Version::V4,
            connections: Connections::default(),
            complete_timeout: Duration::from_secs(600),
            progress_interval: Duration::from_millis(100),
            retry: Policy::default(),
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

    /// An access key, with a security token when it is a temporary one.
    pub fn set_credentials(&mut self, id: &str, secret: &str, token: Option<&str>) -> Result<()> {
        let visible = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic());
        let refuse =
            |name: &str| Err(Error::invalid_argument(format!("{name} is empty or holds unprintable characters")));
        if !visible(id) {
            return refuse("AccessKeyId");
        }
        if !visible(secret) {
            return refuse("AccessKeySecret");
        }
        if token.is_some_and(|token| !visible(token)) {
            return refuse("SecurityToken");
        }
        let token = token.map(str::to_owned);
        self.credentials = Some(Credentials { id: id.to_owned(), secret: secret.to_owned(), token });
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

    pub(super) fn endpoint(&self) -> Result<Endpoint> {
        match (&self.endpoint, &self.region) {
            (Some(endpoint), _) => Endpoint::parse(endpoint, self.style),
            (None, Some(region)) => Endpoint::from_region(region, Network::Public),
            (None, None) => Err(Error::invalid_argument("endpoint: neither it nor a region is set")),
        }
    }

    pub(super) fn signer(&self, endpoint: &Endpoint) -> Result<Signer> {
        let region = self.region.clone().or_else(|| endpoint.region());
        let region = match (self.version, region) {
            (_, Some(region)) => region,
            (Version::V1, None) => String::new(),
            (Version::V4, None) => {
                let message = "region: signature version 4 needs it, and the endpoint does not name it";
                return Err(Error::invalid_argument(message));
            }
        };
        Ok(Signer::new(self.version, region))
    }

    pub(super) fn credentials(&self) -> Result<Credentials> {
        self.credentials.clone().ok_or_else(|| Error::invalid_argument("credentials: no access key is set"))
    }
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
    fn bad_values_are_refused_by_name() {
        let mut config = Config::default();
        for (name, result) in [
            ("AccessKeyId", config.set_credentials("", "s", None)),
            ("AccessKeySecret", config.set_credentials("a", "s\n", None)),
            ("SecurityToken", config.set_credentials("a", "s", Some(""))),
            ("signature version", config.set_signature_version(2)),
            ("max attempts", config.set_max_attempts(0)),
            ("idle timeout", config.set_idle_timeout(Duration::ZERO)),
            ("region", config.set_region("CN hangzhou")),
            ("endpoint", config.set_endpoint("http://user@host")),
        ] {
            assert!(result.unwrap_err().to_string().contains(name), "{name}");
        }
    }
}
