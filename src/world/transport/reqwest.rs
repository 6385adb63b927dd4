//! The real network, by reqwest: HTTP/1.1, bodies of exact length, no redirects, bounded answers.

use super::{Patience, Payload, Transport, tls};
use crate::error::{Error, Kind, Result};
use crate::oss::endpoint::Endpoint;
use crate::oss::request::{Method, Request, Response};
use crate::world::Answer;
use crate::world::body::Meter;
use ::reqwest::header::CONTENT_LENGTH;
use ::reqwest::{Body, Client, redirect};
use std::error::Error as StdError;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;

/// The longest answer is an app server's, of a mebibyte; a page of parts needs a third of that.
const MAX_ANSWER: usize = 4 << 20;
/// What the kernels on the way take in at once, and the slowest line that should get it out in time.
const KERNEL_BUFFERS: u64 = 4 << 20;
const SLOW_LINE: u64 = 32 << 10;
/// How many times the idle timeout a whole answer may take: one that trickles in is none.
const WHOLE_ANSWER: u32 = 4;
const POOL_IDLE: Duration = Duration::from_secs(30);

/// What connections are made with.
#[derive(Clone, Copy, Debug)]
pub struct Connections<'a> {
    /// How long a connection may take to stand.
    pub connect_timeout: Duration,
    /// Certificates to trust besides the system's.
    pub ca_file: Option<&'a Path>,
}

/// Requests by reqwest to one endpoint.
#[derive(Debug)]
pub struct Reqwest {
    client: Client,
    endpoint: Endpoint,
}

impl Reqwest {
    /// Reads the trust store and the proxy environment, once.
    pub fn new(endpoint: Endpoint, connections: Connections<'_>) -> Result<Self> {
        let client = Client::builder()
            .http1_only()
            .tls_backend_preconfigured(tls::config(endpoint.is_https(), connections.ca_file)?)
            .redirect(redirect::Policy::none())
            .retry(::reqwest::retry::never())
            .referer(false)
            .tcp_nodelay(true)
            .connect_timeout(connections.connect_timeout)
            .pool_idle_timeout(POOL_IDLE)
            .user_agent(concat!("ossup/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(|error| Error::new(Kind::Internal, "the HTTP client cannot be built").with_source(error))?;
        Ok(Self { client, endpoint })
    }

    fn prepare(&self, request: Request, payload: Payload) -> Result<(::reqwest::Request, Option<Metered>)> {
        let location = self.endpoint.locate(&request);
        let method = match request.method {
            Method::Get => ::reqwest::Method::GET,
            Method::Head => ::reqwest::Method::HEAD,
            Method::Put => ::reqwest::Method::PUT,
            Method::Post => ::reqwest::Method::POST,
            Method::Delete => ::reqwest::Method::DELETE,
        };
        let mut builder = self.client.request(method, &location.url);
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
                metered = Some(Metered { meter, length: body.length() });
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
        let (request, metered) = self.prepare(request, payload)?;
        let answer = self.client.execute(request);
        tokio::pin!(answer);
        let mut watch = Watch::new(metered, patience);
        let answer = loop {
            tokio::select! {
                answer = &mut answer => break answer.map_err(classify)?,
                () = tokio::time::sleep_until(watch.deadline) => watch.look()?,
            }
        };
        let status = answer.status().as_u16();
        let text = |value: &::reqwest::header::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
        let headers = answer.headers().iter().map(|(name, value)| (name.as_str().to_owned(), text(value))).collect();
        let body = tokio::time::timeout(WHOLE_ANSWER * patience.idle, read(answer, patience.idle));
        let body = body.await.map_err(|_| stalled("answered in full"))??;
        Ok(Response { status, headers, body })
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
}

/// A body that is on its way.
struct Metered {
    meter: Arc<Meter>,
    length: u64,
}

/// Notices when nothing moves. A total timeout would kill a healthy part on a slow line.
struct Watch {
    metered: Option<Metered>,
    seen: u64,
    patience: Patience,
    deadline: Instant,
    waits_for_answer: bool,
}

impl Watch {
    fn new(metered: Option<Metered>, patience: Patience) -> Self {
        let waits_for_answer = metered.is_none();
        let first = if waits_for_answer { patience.answer } else { patience.idle };
        Self { metered, seen: 0, patience, deadline: Instant::now() + first, waits_for_answer }
    }

    /// Called at the deadline: was there any progress since the last look?
    fn look(&mut self) -> Result<()> {
        let moved = self.metered.as_ref().map(|body| (body.meter.handed(), body.length));
        let wait = match moved {
            Some((handed, length)) if handed == length && !self.waits_for_answer => {
                self.waits_for_answer = true;
                self.patience.answer + Duration::from_secs(length.min(KERNEL_BUFFERS) / SLOW_LINE)
            }
            Some((handed, _)) if handed > self.seen => {
                self.seen = handed;
                self.patience.idle
            }
            Some(_) | None => return Err(stalled(if self.waits_for_answer { "answered" } else { "taken" })),
        };
        self.deadline = Instant::now() + wait;
        Ok(())
    }
}

async fn read(mut answer: ::reqwest::Response, idle: Duration) -> Result<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let chunk = tokio::time::timeout(idle, answer.chunk()).await.map_err(|_| stalled("answered"))?;
        let Some(chunk) = chunk.map_err(classify)? else { return Ok(body) };
        if body.len() + chunk.len() > MAX_ANSWER {
            return Err(Error::new(Kind::BadAnswer, format!("the answer is longer than {MAX_ANSWER} bytes")));
        }
        body.extend_from_slice(&chunk);
    }
}

fn stalled(what: &str) -> Error {
    Error::new(Kind::NetworkTimeout, format!("nothing was {what} for too long")).temporary()
}

/// What a failed exchange means.
pub(in crate::world) fn classify(error: ::reqwest::Error) -> Error {
    let error = error.without_url();
    let is_tls = error.is_connect() && below::<rustls::Error>(&error).is_some();
    let errno = below::<std::io::Error>(&error).and_then(std::io::Error::raw_os_error);
    let (kind, message) = if is_tls {
        (Kind::TlsFailed, "TLS failed")
    } else if error.is_connect() {
        (Kind::Unreachable, "no connection")
    } else if error.is_timeout() {
        (Kind::NetworkTimeout, "the connection timed out")
    } else {
        (Kind::ConnectionLost, "the connection broke")
    };
    let mut ours = Error::new(kind, message).with_source(error);
    ours.report_mut().os_errno = errno.unwrap_or(0);
    // A certificate that is not trusted now will not be trusted in a second.
    if is_tls { ours } else { ours.temporary() }
}

fn below<'a, E: StdError + 'static>(error: &'a (dyn StdError + 'static)) -> Option<&'a E> {
    let mut next = Some(error);
    let mut found = None;
    while let Some(error) = next {
        found = error.downcast_ref::<E>().or(found);
        // An io::Error hides what it wraps from `source`.
        let inner = error.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
        next = match inner {
            Some(inner) => Some(inner),
            None => error.source(),
        };
    }
    found
}
