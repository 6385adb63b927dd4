//! What it means that there was no answer: whose fault it was, and whether another try may help.

use super::proxy::Proxy;
use crate::error::{Error, Kind, Result};
use ::reqwest::Url;
use rustls::{AlertDescription, CertificateError};
use std::error::Error as StdError;
use std::fmt;
use std::io;
use std::time::Duration;

const PROXY_AUTHENTICATION: u16 = 407;

/// How the HTTP stack says that a proxy wants (other) credentials; its errors have no type of their own.
const PROXY_REFUSED_USER: [&str; 3] =
    ["proxy authorization required", "credentials not accepted", "server does not support user/pass authentication"];
/// How it says that there is no connection to the proxy itself.
const PROXY_UNREACHABLE: &str = "failed to create underlying connection";

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
        return match error.is_timeout() {
            true => passing(Kind::NetworkTimeout, format!("the connection to {peer} timed out")),
            false => passing(Kind::ConnectionLost, format!("the connection to {peer} broke")),
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
    let cause = below::<io::Error>(error).map(io::Error::kind);
    let why = match cause {
        _ if error.is_timeout() => format!(" within {connect_timeout:?}"),
        _ if error.is_dns() => format!(": the name of the {} cannot be resolved", named(peer)),
        Some(io::ErrorKind::ConnectionRefused) => format!(": nobody listens at the {}", named(peer)),
        Some(io::ErrorKind::ConnectionReset | io::ErrorKind::BrokenPipe | io::ErrorKind::UnexpectedEof) => {
            return passing(Kind::ConnectionLost, format!("the connection to {peer} broke while it was being made"));
        }
        Some(_) | None if peer.proxy.is_some() && says(error, PROXY_UNREACHABLE) => {
            ": the proxy cannot be reached".to_owned()
        }
        Some(_) | None if peer.proxy.is_some() => ": the proxy did not connect".to_owned(),
        Some(_) | None => String::new(),
    };
    passing(Kind::Unreachable, format!("no connection to {peer}{why}"))
}

/// Whose name is resolved and whose port is connected to: the proxy's, but for SOCKS where names are resolved here.
fn named(peer: &Peer) -> &'static str {
    if peer.proxy.is_some() { "proxy" } else { "host" }
}

fn refused_by(proxy: &Proxy) -> Error {
    let message = format!("the proxy {proxy} wants authentication: it was given no user and password, or wrong ones");
    let mut error = Error::new(Kind::Unreachable, message);
    error.report_mut().http_status = PROXY_AUTHENTICATION;
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
        ": it does not speak TLS 1.2 or 1.3 as it is spoken here"
    } else {
        ""
    }
}

fn about_certificate(error: &CertificateError) -> &'static str {
    use CertificateError as Bad;
    if matches!(error, Bad::UnknownIssuer) {
        ": nobody who is trusted has signed its certificate; name its authority by the CA file or CA PEM"
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
