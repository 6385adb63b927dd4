//! HTTP/1.1 over the connections that the caller chose: the one place where an HTTP client is made.

use super::connections::Connections;
use super::failure::{self, Peer};
use super::route::Route;
use crate::error::{Error, Kind, Result};
use ::reqwest::{Client, Url, redirect, retry};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

const POOL_IDLE: Duration = Duration::from_secs(30);
#[cfg(target_os = "linux")]
const LEAST_KERNEL_PATIENCE: Duration = Duration::from_secs(30);

/// Whom an HTTP client is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// OSS, or another service of Alibaba Cloud: by the caller's proxy and trust.
    Service {
        /// Requests are encrypted.
        https: bool,
    },
    /// An address of the machine's own, which no proxy can reach for it.
    Machine,
}

/// An HTTP client that knows its way, so that its errors can name it.
#[derive(Debug)]
pub struct Http {
    /// None once it was closed.
    client: Mutex<Option<Client>>,
    route: Route,
    connect_timeout: Duration,
}

/// Makes a client. Trust store and environment are read here, once.
pub fn http_client(connections: &Connections, purpose: Purpose) -> Result<Http> {
    let (route, https) = match purpose {
        Purpose::Service { https } => {
            let no_proxy = connections.no_proxy.as_deref();
            (Route::chosen(&connections.proxy, no_proxy, https, |name| std::env::var_os(name))?, https)
        }
        Purpose::Machine => (Route::direct(), false),
    };
    let mut builder = Client::builder()
        .http1_only()
        .tls_backend_preconfigured(connections.trust.config(https || route.has_https_proxy())?)
        .redirect(redirect::Policy::none())
        .retry(retry::never())
        .referer(false)
        .tcp_nodelay(true)
        .connect_timeout(connections.connect_timeout)
        .pool_idle_timeout(POOL_IDLE)
        .user_agent(&connections.user_agent)
        .no_proxy();
    // The kernel sees what the watchdog cannot: that the other side takes nothing of what it holds. It counts while
    // connecting, too, and a slow line with large buffers says for many seconds that it takes nothing.
    #[cfg(target_os = "linux")]
    {
        let patience = connections.idle_timeout.max(connections.connect_timeout);
        builder = builder.tcp_user_timeout(patience.max(LEAST_KERNEL_PATIENCE));
    }
    if let Some(proxy) = route.proxy()? {
        builder = builder.proxy(proxy);
    }
    let client = builder
        .build()
        .map_err(|error| Error::new(Kind::Internal, "the HTTP client cannot be built").with_source(error))?;
    Ok(Http { client: Mutex::new(Some(client)), route, connect_timeout: connections.connect_timeout })
}

impl Http {
    /// The client itself, to be kept for one request.
    pub fn client(&self) -> Result<Client> {
        let closed = || Error::new(Kind::ShutDown, "the client was shut down");
        self.held().clone().ok_or_else(closed)
    }

    /// Closes the connections that wait for requests; those in use go with their answers. Nothing can be sent any more.
    pub fn close(&self) {
        let client = self.held().take();
        drop(client);
    }

    fn held(&self) -> MutexGuard<'_, Option<Client>> {
        self.client.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How long a connection may take to stand.
    pub fn connect_timeout(&self) -> Duration {
        self.connect_timeout
    }

    /// Whom a request to this address goes to.
    pub(super) fn peer(&self, url: &Url) -> Peer {
        Peer::new(url, self.route.proxy_for(url))
    }

    /// What it means that a request to this address failed.
    pub fn explain(&self, error: ::reqwest::Error, url: &Url) -> Error {
        failure::explain(error, &self.peer(url), self.connect_timeout)
    }

    /// Refuses an answer that the proxy gave in its own name.
    pub fn check_proxy(&self, status: u16, url: &Url) -> Result<()> {
        failure::check_proxy(status, &self.peer(url))
    }

    /// The proxy that an answer came through, unless it is one that the proxy gave in its own name.
    pub(super) fn proxy_that_answered(&self, status: u16, url: &Url) -> Result<Option<String>> {
        self.check_proxy(status, url)?;
        Ok(self.peer(url).proxy().map(ToString::to_string))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_machines_own_address_is_reached_past_every_proxy() {
        let mut connections = Connections::default();
        connections.set_proxy(Some("http://proxy:3128")).unwrap();
        let url = Url::parse("http://100.100.100.200/").unwrap();
        let to = |purpose| http_client(&connections, purpose).unwrap().peer(&url).to_string();
        assert_eq!(to(Purpose::Machine), "100.100.100.200:80");
        let service = Purpose::Service { https: false };
        assert_eq!(to(service), "100.100.100.200:80 through the proxy http://proxy:3128");
    }
}
