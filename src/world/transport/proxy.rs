//! A proxy's address, as people write it: `[scheme://][user[:password]@]host[:port]`.

use crate::error::{Error, Result};
use ::reqwest::Url;
use hyper_util::client::proxy::matcher::Matcher;
use percent_encoding::percent_decode_str;
use std::fmt;

const SCHEMES: [&str; 4] = ["http", "https", "socks5", "socks5h"];
const SOCKS_PORT: u16 = 1080;
/// SOCKS sends these lengths in a byte.
const LONGEST_SOCKS_WORD: usize = 255;

/// A proxy, perhaps with a user and a password, which are shown nowhere.
#[derive(Clone)]
pub(super) struct Proxy {
    url: Url,
}

impl Proxy {
    /// Reads an address; `name` says where it was given. What is refused is not repeated: it may hold a password.
    pub(super) fn parse(name: &str, text: &str) -> Result<Self> {
        let refuse = |what: &str| Error::invalid_argument(format!("{name} {what}"));
        let with_scheme = match text.split_once("://") {
            // As desktops write it.
            Some(("socks", rest)) => format!("socks5://{rest}"),
            Some(_) => text.to_owned(),
            None => format!("http://{text}"),
        };
        let mut url = Url::parse(&with_scheme).map_err(|error| refuse("is no address").with_source(error))?;
        if !SCHEMES.contains(&url.scheme()) {
            return Err(refuse("has an unknown scheme: use http://, https://, socks5:// or socks5h://"));
        }
        if !matches!(url.path(), "" | "/") || url.query().is_some() || url.fragment().is_some() {
            return Err(refuse(
                "holds more than a host and a port: in a user or password, write / as %2F, ? as %3F, # as %23",
            ));
        }
        if url.host_str().is_none_or(str::is_empty) {
            return Err(refuse("names no host"));
        }
        let is_socks = is_socks(&url);
        if is_socks && url.port().is_none() && url.set_port(Some(SOCKS_PORT)).is_err() {
            return Err(refuse("can have no port"));
        }
        let words = [url.username(), url.password().unwrap_or_default()].map(percent_decode_str);
        if words.iter().any(|word| word.clone().decode_utf8().is_err()) {
            return Err(refuse("has a user or password that is not UTF-8 once its %XX are decoded"));
        }
        if is_socks && words.into_iter().any(|word| word.count() > LONGEST_SOCKS_WORD) {
            return Err(refuse("has a user or password of more than 255 bytes, which SOCKS cannot send"));
        }
        let proxy = Self { url };
        // The HTTP stack would silently go past an address that it cannot read.
        let matcher = Matcher::builder().all(proxy.with_password()).build();
        let is_read = "http://host/".parse().is_ok_and(|anywhere| matcher.intercept(&anywhere).is_some());
        if is_read { Ok(proxy) } else { Err(refuse("is no address")) }
    }

    /// The whole address, for the HTTP stack alone.
    pub(super) fn with_password(&self) -> String {
        self.url.to_string()
    }

    /// A user is given, and perhaps a password.
    pub(super) fn has_user(&self) -> bool {
        !self.url.username().is_empty() || self.url.password().is_some()
    }

    pub(super) fn is_socks(&self) -> bool {
        is_socks(&self.url)
    }

    /// The proxy itself is spoken to in TLS.
    pub(super) fn is_https(&self) -> bool {
        self.url.scheme() == "https"
    }
}

fn is_socks(url: &Url) -> bool {
    url.scheme().starts_with("socks")
}

/// Without user and password.
impl fmt::Display for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let host = self.url.host_str().unwrap_or_default();
        let port = self.url.port_or_known_default().unwrap_or_default();
        write!(f, "{}://{host}:{port}", self.url.scheme())
    }
}

impl fmt::Debug for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read_as_people_write_them() {
        for (text, shown) in [
            ("http://proxy:3128", "http://proxy:3128"),
            ("http://proxy:3128/", "http://proxy:3128"),
            ("proxy:3128", "http://proxy:3128"),
            ("http://proxy", "http://proxy:80"),
            ("https://proxy", "https://proxy:443"),
            ("socks5://proxy", "socks5://proxy:1080"),
            ("socks://proxy:9", "socks5://proxy:9"),
            ("socks5h://[::1]:9050", "socks5h://[::1]:9050"),
            ("HTTP://Proxy.Example:8080", "http://proxy.example:8080"),
            ("http://user:p%40ss@proxy:3128", "http://proxy:3128"),
            ("user:p@ss@proxy:3128", "http://proxy:3128"),
        ] {
            assert_eq!(Proxy::parse("proxy", text).unwrap().to_string(), shown, "{text}");
        }
    }

    #[test]
    fn what_is_no_address_is_refused_without_repeating_it() {
        let long = format!("socks5://{}:x@proxy", "u".repeat(256));
        for text in [
            "http://",
            "ftp://user:topsecret@proxy",
            "socks4://user:topsecret@proxy",
            "http://user:topsecret@proxy/path",
            "http://user:1#topsecret@proxy",
            "http://user:1?topsecret@proxy",
            "http://user:topsecret/@proxy",
            "http://user:topsecret@pro xy",
            "http://user:topsecret@proxy:99999",
            "socks5://user:topsecret@",
            &long,
        ] {
            let message = Proxy::parse("https_proxy", text).unwrap_err().to_string();
            assert!(message.starts_with("https_proxy "), "{text}: {message}");
            assert!(!message.contains("topsecret"), "{text}: {message}");
        }
    }
}
