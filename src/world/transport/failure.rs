//! What it means that there was no answer: whose fault it was, and whether another try may help.

use super::proxy::Proxy;
use crate::error::{Error, Kind, Result};
use crate::sys;
use ::reqwest::Url;
use rustls::{AlertDescription, CertificateError};
use std::error::Error as StdError;
use std::fmt;
use std::io;
use std::time::Duration;

const PROXY_AUTHENTICATION: u16 = 407;

/// The HTTP stack's errors have no types of their own for these; tests/proxy.rs and tests/transport.rs would notice
/// if it said them in other words.
const PROXY_REFUSED_USER: [&str; 3] =
    ["proxy authorization required", "credentials not accepted", "server does not support user/pass authentication"];
const PROXY_UNREACHABLE: &str = "failed to create underlying connection";
const NOT_HTTP: &str = " parsed";

/// Whom a request goes to, and through whom.
#[derive(Clone, Debug)]
pub(super) struct Peer {
    host: String,
    proxy: Option<Proxy>,
}

impl Peer {
    pub(super) fn new(url: &Url, proxy: Option<&Proxy>) -> Self {
        let port = url.port_or_known_default().unwrap_or_default();
        Self { host: format!("{}:{port}", url.host_str().unwrap_or_default()), proxy: proxy.cloned() }
    }

    pub(super) fn proxy(&self) -> Option<&Proxy> {
        self.proxy.as_ref()
    }

    /// Whose name is resolved here: before a SOCKS proxy it is the host's, and the proxy's name fails otherwise.
    fn resolved(&self) -> &'static str {
        if self.proxy.as_ref().is_some_and(|proxy| !proxy.is_socks()) { "proxy" } else { "host" }
    }
}

impl fmt::Display for Peer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.host)?;
        match &self.proxy {
            Some(proxy) => write!(f, " through the proxy {proxy}"),
            None => Ok(()),
        }
    }
}

/// What a failed request means.
pub(super) fn explain(error: ::reqwest::Error, peer: &Peer, connect_timeout: Duration) -> Error {
    // The address holds the query, which is nobody's business.
    let error = error.without_url();
    let errno = below::<io::Error>(&error).and_then(io::Error::raw_os_error);
    let mut ours = match meaning(&error, peer, connect_timeout) {
        // A certificate or a password that is not accepted now will not be in a second.
        Meaning::Final(ours) => ours,
        Meaning::Passing(ours) => ours.temporary(),
    };
    ours.report_mut().os_errno = errno.unwrap_or(0);
    ours.with_source(error)
}

/// Refuses an answer that the proxy gave in its own name.
pub(super) fn check_proxy(status: u16, peer: &Peer) -> Result<()> {
    match &peer.proxy {
        Some(proxy) if status == PROXY_AUTHENTICATION => Err(refused_by(proxy)),
        Some(_) | None => Ok(()),
    }
}

enum Meaning {
    Final(Error),
    Passing(Error),
}

fn meaning(error: &::reqwest::Error, peer: &Peer, connect_timeout: Duration) -> Meaning {
    let passing = |kind, message: String| Meaning::Passing(Error::new(kind, message));
    if !error.is_connect() {
        return if error.is_timeout() {
            passing(Kind::NetworkTimeout, format!("nothing was taken by {peer} for too long"))
        } else if says(error, NOT_HTTP) {
            passing(Kind::BadAnswer, format!("what {peer} answers is not HTTP"))
        } else {
            passing(Kind::ConnectionLost, format!("the connection to {peer} broke"))
        };
    }
    if let Some(tls) = below::<rustls::Error>(error) {
        let message = format!("TLS with {peer} failed{}", advice(tls));
        return Meaning::Final(Error::new(Kind::TlsFailed, message));
    }
    if let Some(proxy) = &peer.proxy
        && PROXY_REFUSED_USER.iter().any(|words| says(error, words))
    {
        return Meaning::Final(refused_by(proxy));
    }
    let io = below::<io::Error>(error);
    if io.is_some_and(sys::is_out_of_resources) {
        return passing(Kind::NoResources, format!("the system has nothing left for a connection to {peer}"));
    }
    let cause = io.map(io::Error::kind);
    let why = match cause {
        _ if error.is_timeout() => format!(" within {connect_timeout:?}"),
        _ if error.is_dns() => format!(": the name of the {} cannot be resolved", peer.resolved()),
        Some(io::ErrorKind::ConnectionRefused) if peer.proxy.is_none() => ": the connection was refused".to_owned(),
        Some(io::ErrorKind::ConnectionRefused) => ": the connection to the proxy was refused".to_owned(),
        Some(io::ErrorKind::ConnectionReset | io::ErrorKind::BrokenPipe | io::ErrorKind::UnexpectedEof) => {
            return passing(Kind::ConnectionLost, format!("the connection to {peer} broke while it was being made"));
        }
        Some(_) | None if peer.proxy.is_none() => String::new(),
        Some(_) | None if says(error, PROXY_UNREACHABLE) => ": the proxy cannot be reached".to_owned(),
        Some(_) | None => ": the proxy did not connect".to_owned(),
    };
    passing(Kind::Unreachable, format!("no connection to {peer}{why}"))
}

fn refused_by(proxy: &Proxy) -> Error {
    let asked =
        if proxy.has_user() { "does not accept the user and password" } else { "was given no user and password" };
    let mut error = Error::new(Kind::Unreachable, format!("the proxy {proxy} wants authentication and {asked}"));
    if !proxy.is_socks() {
        error.report_mut().http_status = PROXY_AUTHENTICATION;
    }
    error
}

/// What a user can do about it.
fn advice(error: &rustls::Error) -> &'static str {
    if let rustls::Error::InvalidCertificate(certificate) = error {
        about_certificate(certificate)
    } else if matches!(error, rustls::Error::InvalidMessage(_)) {
        ": what answers there does not speak TLS"
    } else if matches!(
        error,
        rustls::Error::PeerIncompatible(_) | rustls::Error::AlertReceived(AlertDescription::ProtocolVersion)
    ) {
        ": no version or cipher of TLS 1.2 and 1.3 suits both sides"
    } else {
        ""
    }
}

fn about_certificate(error: &CertificateError) -> &'static str {
    use CertificateError as Bad;
    if matches!(error, Bad::UnknownIssuer) {
        ": nobody trusted has signed its certificate; a private authority is to be given as CA file or CA PEM"
    } else if matches!(error, Bad::Expired | Bad::ExpiredContext { .. }) {
        ": its certificate has expired, or the clock here is wrong"
    } else if matches!(error, Bad::NotValidYet | Bad::NotValidYetContext { .. }) {
        ": its certificate is not valid yet, or the clock here is wrong"
    } else if matches!(error, Bad::NotValidForName | Bad::NotValidForNameContext { .. }) {
        ": its certificate is for another name"
    } else {
        ": its certificate is not valid"
    }
}

fn says(error: &(dyn StdError + 'static), words: &str) -> bool {
    causes(error).any(|cause| cause.to_string().contains(words))
}

/// The innermost error of a type.
fn below<'a, E: StdError + 'static>(error: &'a (dyn StdError + 'static)) -> Option<&'a E> {
    causes(error).filter_map(|cause| cause.downcast_ref::<E>()).last()
}

fn causes<'a>(error: &'a (dyn StdError + 'static)) -> impl Iterator<Item = &'a (dyn StdError + 'static)> {
    std::iter::successors(Some(error), |&error| {
        // An io::Error hides what it wraps from `source`.
        match error.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
            Some(inner) => Some(inner),
            None => error.source(),
        }
    })
}
