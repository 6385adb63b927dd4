//! Small requests to other services than OSS: bounded in time and in length, and never redirected.

use super::transport::Http;
use crate::error::{Error, Kind, Result};
use reqwest::{Method, Url};
use std::time::Duration;
use zeroize::Zeroizing;

/// Far more than any answer that makes sense.
const MAX_ANSWER: usize = 64 << 10;

/// One service's requests.
#[derive(Debug)]
pub struct Web {
    http: Http,
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
    /// Requests by a client that knows its way.
    pub fn new(http: Http, patience: Duration) -> Self {
        Self { http, patience }
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
        let url = Url::parse(&call.url)
            .map_err(|error| Error::new(Kind::Internal, "the service's address is none").with_source(error))?;
        let explain = |error| self.http.explain(error, &url);
        let mut request = self.http.client()?.request(call.method, url.clone()).body(call.body);
        for (name, value) in call.headers {
            request = request.header(*name, *value);
        }
        let mut answer = request.send().await.map_err(explain)?;
        let status = answer.status().as_u16();
        self.http.check_proxy(status, &url)?;
        let mut body = Zeroizing::new(Vec::with_capacity(MAX_ANSWER));
        while let Some(chunk) = answer.chunk().await.map_err(explain)? {
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
