//! Small requests to other services than OSS: bounded in time and in length, and never redirected.

use super::transport::{Connections, classify, tls_config};
use crate::error::{Error, Kind, Result};
use reqwest::{Client, ClientBuilder, Method, redirect};
use std::time::Duration;
use zeroize::Zeroizing;

/// Far more than any answer that makes sense.
const MAX_ANSWER: usize = 64 << 10;

/// One service's requests.
#[derive(Clone, Debug)]
pub struct Web {
    client: Client,
    /// How long one request may take, from the connection to the answer's last byte.
    patience: Duration,
}

/// One request to a service.
pub struct Call<'a> {
    /// The method.
    pub method: Method,
    /// The address.
    pub url: String,
    /// Headers, names in lower case.
    pub headers: &'a [(&'static str, &'a str)],
    /// What goes out after them.
    pub body: String,
}

/// A service's answer; its body may hold secrets.
pub struct Page {
    /// The HTTP status.
    pub status: u16,
    /// The body.
    pub body: Zeroizing<Vec<u8>>,
}

impl Web {
    /// Requests by a client that knows about proxies and trust.
    pub fn new(client: Client, patience: Duration) -> Self {
        Self { client, patience }
    }

    /// Asks once.
    pub async fn ask(&self, call: Call<'_>) -> Result<Page> {
        let late = |_| {
            let message = format!("no answer within {} ms", self.patience.as_millis());
            Error::new(Kind::NetworkTimeout, message).temporary()
        };
        tokio::time::timeout(self.patience, self.exchange(call)).await.map_err(late)?
    }

    async fn exchange(&self, call: Call<'_>) -> Result<Page> {
        let mut request = self.client.request(call.method, call.url).body(call.body);
        for (name, value) in call.headers {
            request = request.header(*name, *value);
        }
        let mut answer = request.send().await.map_err(classify)?;
        let status = answer.status().as_u16();
        // Never grown: what grows leaves copies behind.
        let mut body = Zeroizing::new(Vec::with_capacity(MAX_ANSWER));
        while let Some(chunk) = answer.chunk().await.map_err(classify)? {
            if body.len() + chunk.len() > MAX_ANSWER {
                return Err(Error::new(Kind::BadAnswer, format!("the answer is longer than {MAX_ANSWER} bytes")));
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Page { status, body })
    }
}

impl Page {
    /// What a service that is not at its best answers.
    pub fn is_temporary(&self) -> bool {
        matches!(self.status, 408 | 429 | 500..=599)
    }
}

/// A client for plain HTTP to the next machine, whatever proxy the environment names.
pub fn direct() -> Result<Client> {
    build(Client::builder().no_proxy().tls_backend_preconfigured(tls_config(false, None)?))
}

/// A client that goes out as the uploads do.
pub fn outward(connections: Connections<'_>) -> Result<Client> {
    let builder = Client::builder().connect_timeout(connections.connect_timeout);
    build(builder.tls_backend_preconfigured(tls_config(true, connections.ca_file)?))
}

fn build(builder: ClientBuilder) -> Result<Client> {
    builder
        .http1_only()
        .redirect(redirect::Policy::none())
        .retry(reqwest::retry::never())
        .referer(false)
        .user_agent(concat!("ossup/", env!("CARGO_PKG_VERSION")))
        .build()
        .map_err(|error| Error::new(Kind::Internal, "the HTTP client cannot be built").with_source(error))
}
