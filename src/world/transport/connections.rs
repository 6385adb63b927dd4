//! How connections are made: what a caller may choose, each choice checked where it is made.

use super::proxy::Proxy;
use super::route::Choice;
use super::tls::{Trust, read_pem};
use crate::error::{Error, Result};
use std::path::Path;
use std::time::Duration;

const PRODUCT: &str = concat!("ossup/", env!("CARGO_PKG_VERSION"));

/// What connections are made with, each choice with its default.
#[derive(Clone, Debug)]
pub struct Connections {
    pub(super) connect_timeout: Duration,
    pub(super) idle_timeout: Duration,
    pub(super) trust: Trust,
    pub(super) proxy: Choice,
    pub(super) no_proxy: Option<String>,
    pub(super) user_agent: String,
}

impl Default for Connections {
    fn default() -> Self {
        Self {
            connect_timeout: Duration::from_secs(10),
            idle_timeout: Duration::from_secs(30),
            trust: Trust::default(),
            proxy: Choice::Environment,
            no_proxy: None,
            user_agent: PRODUCT.to_owned(),
        }
    }
}

impl Connections {
    /// How long a connection may take to stand: name, TCP, proxy and TLS together.
    pub fn set_connect_timeout(&mut self, timeout: Duration) {
        self.connect_timeout = timeout;
    }

    /// How long a connection may take to stand.
    pub fn connect_timeout(&self) -> Duration {
        self.connect_timeout
    }

    /// How long a connection may stand still.
    pub fn set_idle_timeout(&mut self, timeout: Duration) {
        self.idle_timeout = timeout;
    }

    /// How long a connection may stand still.
    pub fn idle_timeout(&self) -> Duration {
        self.idle_timeout
    }

    /// A PEM file of certificates to trust; read when the client is made.
    pub fn set_ca_file(&mut self, path: &Path) -> Result<()> {
        if path.as_os_str().is_empty() {
            return Err(Error::invalid_argument("CA file is empty"));
        }
        self.trust.ca_file = Some(path.to_owned());
        Ok(())
    }

    /// Certificates to trust, as PEM text.
    pub fn set_ca_pem(&mut self, text: &str) -> Result<()> {
        self.trust.ca_pem = read_pem("CA PEM", text.as_bytes())?;
        Ok(())
    }

    /// Whether the operating system's certificates are trusted.
    pub fn set_system_trust(&mut self, enable: bool) {
        self.trust.system = enable;
    }

    /// From now on any certificate will do: whoever sits on the way can read and change everything.
    pub fn dangerously_disable_certificate_verification(&mut self) {
        self.trust.verify = false;
    }

    /// The proxy: `None` leaves it to the environment, an empty text means none.
    pub fn set_proxy(&mut self, url: Option<&str>) -> Result<()> {
        self.proxy = match url {
            None => Choice::Environment,
            Some("") => Choice::Direct,
            Some(url) => Choice::Given(Proxy::parse("proxy", url)?),
        };
        Ok(())
    }

    /// Hosts that are reached without the proxy: `None` leaves it to the environment, an empty text means none.
    pub fn set_no_proxy(&mut self, list: Option<&str>) -> Result<()> {
        if list.is_some_and(|list| list.chars().any(char::is_control)) {
            return Err(Error::invalid_argument("no_proxy holds control characters"));
        }
        self.no_proxy = list.map(str::to_owned);
        Ok(())
    }

    /// What `User-Agent` says after the library's own name; `None` or an empty text: nothing.
    pub fn set_user_agent(&mut self, text: Option<&str>) -> Result<()> {
        let text = text.unwrap_or_default();
        if !text.bytes().all(|byte| byte == b' ' || byte.is_ascii_graphic()) {
            return Err(Error::invalid_argument("user agent holds more than visible ASCII and spaces"));
        }
        self.user_agent = match text.trim() {
            "" => PRODUCT.to_owned(),
            text => format!("{PRODUCT} {text}"),
        };
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_user_agent_begins_with_the_librarys_name() {
        let mut connections = Connections::default();
        connections.set_user_agent(Some(" backup/3 (nightly) ")).unwrap();
        assert_eq!(connections.user_agent, format!("{PRODUCT} backup/3 (nightly)"));
        connections.set_user_agent(None).unwrap();
        assert_eq!(connections.user_agent, PRODUCT);
        for bad in ["a\r\nX: y", "é", "a\tb", "a\u{7f}"] {
            assert!(connections.set_user_agent(Some(bad)).unwrap_err().to_string().contains("user agent"));
        }
    }

    #[test]
    fn no_password_is_shown() {
        let mut connections = Connections::default();
        connections.set_proxy(Some("socks5h://n%61me:s%65cret@proxy:1080")).unwrap();
        let shown = format!("{connections:?}");
        assert!(shown.contains("socks5h://proxy:1080"), "{shown}");
        assert!(!shown.contains("cret") && !shown.contains("n%61"), "{shown}");
    }
}
