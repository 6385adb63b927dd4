//! Which proxy a request goes through: the caller's choice, or the environment's.

use super::proxy::Proxy;
use crate::error::{Error, Kind, Result};
use ::reqwest::{NoProxy, Url};
use hyper_util::client::proxy::matcher::Matcher;
use std::ffi::OsString;

/// The lower case counts first, as curl has it.
const HTTPS: &[&str] = &["https_proxy", "HTTPS_PROXY"];
const HTTP: &[&str] = &["http_proxy", "HTTP_PROXY"];
/// In a CGI program a request's `Proxy` header arrives as `HTTP_PROXY`.
const HTTP_IN_CGI: &[&str] = &["http_proxy"];
const ALL: &[&str] = &["all_proxy", "ALL_PROXY"];
const NO: &[&str] = &["no_proxy", "NO_PROXY"];
const IS_CGI: &str = "REQUEST_METHOD";

/// Who chooses the proxy.
#[derive(Clone, Debug)]
pub(super) enum Choice {
    /// The environment, as it is when the client is made.
    Environment,
    /// Nobody: there is none.
    Direct,
    /// The caller.
    Given(Proxy),
}

/// The proxy on the way, and what goes past it.
#[derive(Debug)]
pub(super) struct Route {
    proxy: Option<Proxy>,
    no_proxy: String,
    matcher: Matcher,
}

impl Route {
    /// Past every proxy.
    pub(super) fn direct() -> Self {
        Self::new(None, String::new())
    }

    /// As chosen, to hosts of one scheme. An explicit choice replaces what the environment says about it; of the
    /// environment only what is needed is looked at: the rest may be meant for others.
    pub(super) fn chosen(
        choice: &Choice,
        no_proxy: Option<&str>,
        https: bool,
        environment: impl Fn(&str) -> Option<OsString>,
    ) -> Result<Self> {
        let variable = |names: &[&'static str]| first(names, &environment);
        let (proxy, theirs) = match choice {
            Choice::Direct => return Ok(Self::direct()),
            Choice::Given(given) => (Some(given.clone()), None),
            Choice::Environment => {
                let http = if environment(IS_CGI).is_some() { HTTP_IN_CGI } else { HTTP };
                let named = match variable(if https { HTTPS } else { http })? {
                    Some(named) => Some(named),
                    None => variable(ALL)?,
                };
                (named.map(|(name, text)| Proxy::parse(name, &text)).transpose()?, variable(NO)?)
            }
        };
        let list = no_proxy.map(str::to_owned).or(theirs.map(|(_, list)| list)).unwrap_or_default();
        Ok(Self::new(proxy, normal(&list)))
    }

    fn new(proxy: Option<Proxy>, no_proxy: String) -> Self {
        let text = proxy.as_ref().map(Proxy::with_password).unwrap_or_default();
        let matcher = Matcher::builder().all(text).no(no_proxy.as_str()).build();
        Self { proxy, no_proxy, matcher }
    }

    /// The same for the HTTP stack, which decides with the same matcher.
    pub(super) fn proxy(&self) -> Result<Option<::reqwest::Proxy>> {
        let made = self.proxy.as_ref().map(|proxy| ::reqwest::Proxy::all(proxy.with_password())).transpose();
        // Its text would repeat the address.
        let made = made.map_err(|_| Error::new(Kind::Internal, "the proxy cannot be used"))?;
        Ok(made.map(|proxy| proxy.no_proxy(NoProxy::from_string(&self.no_proxy))))
    }

    /// The proxy for an address, if there is one.
    pub(super) fn proxy_for(&self, url: &Url) -> Option<&Proxy> {
        self.matcher.intercept(&url.as_str().parse().ok()?)?;
        self.proxy.as_ref()
    }

    /// The proxy is spoken to in TLS.
    pub(super) fn has_https_proxy(&self) -> bool {
        self.proxy.as_ref().is_some_and(Proxy::is_https)
    }
}

/// The first variable that is set to something.
fn first(
    names: &[&'static str],
    environment: impl Fn(&str) -> Option<OsString>,
) -> Result<Option<(&'static str, String)>> {
    for &name in names {
        let text = environment(name).unwrap_or_default();
        if !text.is_empty() {
            let text = text.into_string().map_err(|_| Error::invalid_argument(format!("{name} is not UTF-8")))?;
            return Ok(Some((name, text)));
        }
    }
    Ok(None)
}

/// Blanks separate, too, `*.domain` means `.domain`, a last dot means nothing, and an IPv6 address may be in brackets.
fn normal(list: &str) -> String {
    let plain = |entry: &str| match entry.strip_prefix('*') {
        Some(domain) if domain.starts_with('.') => domain.to_owned(),
        Some(_) | None => entry.replace(['[', ']'], ""),
    };
    let is_gap = |c: char| c == ',' || c.is_whitespace();
    let entries = list.split(is_gap).map(|entry| entry.trim_end_matches('.')).filter(|entry| !entry.is_empty());
    let entries: Vec<_> = entries.map(plain).collect();
    entries.join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    type Variables = [(&'static str, &'static str)];

    fn from_environment(variables: &Variables, https: bool, no_proxy: Option<&str>) -> Result<Route> {
        Route::chosen(&Choice::Environment, no_proxy, https, |name| {
            variables.iter().find(|(key, _)| *key == name).map(|(_, value)| OsString::from(value))
        })
    }

    fn way(route: &Route, url: &str) -> Option<String> {
        route.proxy_for(&Url::parse(url).unwrap()).map(ToString::to_string)
    }

    #[test]
    fn the_environment_has_an_order() {
        let both = [("https_proxy", "a:1"), ("HTTPS_PROXY", "b:1"), ("http_proxy", "c:1"), ("HTTP_PROXY", "d:1")];
        let cases: &[(&Variables, Option<&str>, Option<&str>)] = &[
            (&both, Some("http://a:1"), Some("http://c:1")),
            (&both[1..2], Some("http://b:1"), None),
            (&both[3..], None, Some("http://d:1")),
            (&[("HTTP_PROXY", "d:1"), ("REQUEST_METHOD", "GET")], None, None),
            (&[("http_proxy", "c:1"), ("REQUEST_METHOD", "GET")], None, Some("http://c:1")),
            (&[("ALL_PROXY", "socks5h://e:1")], Some("socks5h://e:1"), Some("socks5h://e:1")),
            (
                &[("all_proxy", "e:1"), ("ALL_PROXY", "f:1"), ("https_proxy", "a:1")],
                Some("http://a:1"),
                Some("http://e:1"),
            ),
            (&[("https_proxy", ""), ("HTTPS_PROXY", "b:1")], Some("http://b:1"), None),
            (&[("https_proxy", "a:1"), ("no_proxy", "*")], None, None),
            (&[], None, None),
        ];
        for (variables, https, http) in cases {
            let route = |https| from_environment(variables, https, None).unwrap();
            assert_eq!(way(&route(true), "https://host/").as_deref(), *https, "{variables:?}");
            assert_eq!(way(&route(false), "http://host/").as_deref(), *http, "{variables:?}");
        }
    }

    #[test]
    fn a_bad_variable_is_refused_by_its_name() {
        let bad = ("ALL_PROXY", "gopher://u:topsecret@x");
        let error = from_environment(&[bad], false, None).unwrap_err().to_string();
        assert!(error.contains("ALL_PROXY") && !error.contains("topsecret"), "{error}");
        // Nobody asks it where a nearer one is set.
        from_environment(&[bad, ("http_proxy", "c:1")], false, None).unwrap();
        from_environment(&[("https_proxy", "gopher://x")], false, None).unwrap();
    }

    #[test]
    fn some_hosts_go_past_the_proxy() {
        let list = "example.com., .dotted.com\t*.starred.com,192.0.2.7,10.0.0.0/8,[::1],2001:db8::/32";
        let route = from_environment(&[("all_proxy", "p:1")], false, Some(list)).unwrap();
        for (host, direct) in [
            ("example.com", true),
            ("EXAMPLE.com", true),
            ("bucket.example.com", true),
            ("notexample.com", false),
            ("a.dotted.com", true),
            ("a.starred.com", true),
            ("192.0.2.7", true),
            ("192.0.2.8", false),
            ("10.1.2.3:9000", true),
            ("11.1.2.3", false),
            ("[::1]:9000", true),
            ("[2001:db8::1]:9000", true),
            ("[2001:db9::1]", false),
        ] {
            assert_eq!(way(&route, &format!("http://{host}/")).is_none(), direct, "{host}");
        }
    }

    #[test]
    fn an_explicit_choice_replaces_the_environment() {
        let variables = |name: &str| match name {
            "all_proxy" => Some(OsString::from("theirs:1")),
            "no_proxy" => Some(OsString::from("host")),
            _ => None,
        };
        let given = Choice::Given(Proxy::parse("proxy", "ours:1").unwrap());
        let chosen = |choice: &Choice, list| Route::chosen(choice, list, false, variables).unwrap();
        assert_eq!(way(&chosen(&given, None), "http://host/").as_deref(), Some("http://ours:1"));
        assert_eq!(way(&chosen(&given, Some("host")), "http://host/"), None);
        assert_eq!(way(&chosen(&Choice::Environment, None), "http://host/"), None);
        assert_eq!(way(&chosen(&Choice::Environment, Some("")), "http://host/").as_deref(), Some("http://theirs:1"));
        assert_eq!(way(&chosen(&Choice::Direct, None), "http://other/"), None);
    }
}
