//! The real network, by reqwest: HTTP/1.1, bodies of exact length, no redirects, bounded answers.

use super::connections::Connections;
use super::failure::Peer;
use super::http::{Http, Purpose, http_client};
use super::watch::{Metered, Stall, Watch};
use super::{Patience, Payload, Transport};
use crate::error::{Error, Kind, Result};
use crate::oss::endpoint::Endpoint;
use crate::oss::request::{Method, Request, Response};
use crate::world::Answer;
use ::reqwest::header::{CONTENT_LENGTH, HeaderValue};
use ::reqwest::{Body, Client, Url};
use std::sync::Arc;
use std::time::Duration;

/// The longest answer is an app server's, of a mebibyte; a page of parts needs a third of that.
const MAX_ANSWER: usize = 4 << 20;
/// How many times the idle timeout a whole answer may take: one that trickles in is none.
const WHOLE_ANSWER: u32 = 4;

/// Requests by reqwest to one endpoint.
#[derive(Debug)]
pub struct Reqwest {
    http: Http,
    endpoint: Endpoint,
    /// Shared with every body that is on its way.
    line: Arc<()>,
}

impl Reqwest {
    /// Reads the trust store and the proxy environment, once.
    pub fn new(endpoint: Endpoint, connections: &Connections) -> Result<Self> {
        let http = http_client(connections, Purpose::Service { https: endpoint.is_https() })?;
        Ok(Self { http, endpoint, line: Arc::default() })
    }

    fn prepare(
        &self,
        client: &Client,
        request: Request,
        payload: Payload,
    ) -> Result<(::reqwest::Request, Option<Metered>)> {
        let location = self.endpoint.locate(&request);
        let method = match request.method {
            Method::Get => ::reqwest::Method::GET,
            Method::Head => ::reqwest::Method::HEAD,
            Method::Put => ::reqwest::Method::PUT,
            Method::Post => ::reqwest::Method::POST,
            Method::Delete => ::reqwest::Method::DELETE,
        };
        let mut builder = client.request(method, &location.url);
        for (name, value) in &request.headers {
            builder = builder.header(name, value);
        }
        let mut metered = None;
        builder = match payload {
            // OSS wants the length of nothing, too.
            Payload::Small if request.body.is_empty() && matches!(request.method, Method::Put | Method::Post) => {
                builder.header(CONTENT_LENGTH, 0)
            }
            Payload::Small => builder.body(request.body),
            Payload::Part(body, meter) => {
                metered = Some(Metered { meter, length: body.length(), line: Arc::clone(&self.line) });
                builder.body(Body::wrap(body))
            }
        };
        let built = builder
            .build()
            .map_err(|error| Error::new(Kind::Internal, "the request cannot be built").with_source(error))?;
        // What was signed is what goes out: an HTTP stack that tidies paths up would break the signature.
        if built.url().path() != location.path {
            let message = format!("the path {} would go out as {}", location.path, built.url().path());
            return Err(Error::new(Kind::Internal, message));
        }
        Ok((built, metered))
    }

    async fn exchange(&self, request: Request, payload: Payload, patience: Patience) -> Result<Response> {
        let client = self.http.client()?;
        let (request, metered) = self.prepare(&client, request, payload)?;
        let url = request.url().clone();
        let mut watch = Watch::new(metered, self.http.connect_timeout(), patience);
        let answer = client.execute(request);
        tokio::pin!(answer);
        let answer = loop {
            tokio::select! {
                answer = &mut answer => break answer.map_err(|error| self.http.explain(error, &url))?,
                () = tokio::time::sleep_until(watch.deadline()) => {
                    watch.look().map_err(|stall| stalled(stall, &self.http.peer(&url)))?;
                }
            }
        };
        let status = answer.status().as_u16();
        // A success is OSS's own; anything else may have been said by a box on the way.
        let proxy = if answer.status().is_success() { None } else { self.http.proxy_that_answered(status, &url)? };
        let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
        let headers = answer.headers().iter().map(|(name, value)| (name.as_str().to_owned(), text(value))).collect();
        let body = self.read(answer, &url, patience.idle).await?;
        Ok(Response { status, headers, body, proxy })
    }

    async fn read(&self, mut answer: ::reqwest::Response, url: &Url, idle: Duration) -> Result<Vec<u8>> {
        let slow = |time| stalled(Stall::NotAnswered(time), &self.http.peer(url));
        let whole = async {
            let mut body = Vec::new();
            loop {
                let chunk = tokio::time::timeout(idle, answer.chunk()).await.map_err(|_| slow(idle))?;
                let Some(chunk) = chunk.map_err(|error| self.http.explain(error, url))? else { return Ok(body) };
                if body.len() + chunk.len() > MAX_ANSWER {
                    return Err(Error::new(Kind::BadAnswer, format!("the answer is longer than {MAX_ANSWER} bytes")));
                }
                body.extend_from_slice(&chunk);
            }
        };
        let longest = WHOLE_ANSWER * idle;
        tokio::time::timeout(longest, whole).await.map_err(|_| slow(longest))?
    }
}

impl Transport for Reqwest {
    fn send(&self, request: Request, payload: Payload, patience: Patience) -> Answer<'_, Result<Response>> {
        Box::pin(self.exchange(request, payload, patience))
    }

    fn host_for(&self, bucket: &str) -> String {
        self.endpoint.host_for(bucket)
    }

    fn check_bucket(&self, bucket: &str) -> Result<()> {
        self.endpoint.check_bucket(bucket)
    }

    fn close(&self) {
        self.http.close();
    }
}

fn stalled(stall: Stall, peer: &Peer) -> Error {
    let message = match stall {
        Stall::NotTaken(time) => format!("nothing was taken by {peer} for {time:?}"),
        Stall::NotAnswered(time) => format!("no whole answer came from {peer} in {time:?}"),
    };
    Error::new(Kind::NetworkTimeout, message).temporary()
}
