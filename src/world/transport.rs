//! A signed request goes out, an answer comes back.

mod connections;
mod failure;
mod http;
mod proxy;
mod reqwest;
mod route;
mod tls;
mod unverified;
mod watch;

pub use self::connections::Connections;
pub use self::http::{Http, Purpose, http_client};
pub use self::reqwest::Reqwest;
pub use self::tls::about;

use super::Answer;
use super::body::{Meter, PartBody};
use crate::error::Result;
use crate::oss::request::{Request, Response};
use std::fmt::Debug;
use std::sync::Arc;
use std::time::Duration;

/// What goes out after the headers.
pub enum Payload {
    /// The request's own small body.
    Small,
    /// A range of the source.
    Part(PartBody, Arc<Meter>),
}

/// How long nothing may happen.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// While the body goes out.
    pub idle: Duration,
    /// Between the body's last byte and the answer.
    pub answer: Duration,
}

/// Carries requests. An error means that there was no whole answer.
pub trait Transport: Debug + Send + Sync {
    /// Sends one request, once.
    fn send(&self, request: Request, payload: Payload, patience: Patience) -> Answer<'_, Result<Response>>;
    /// The host that requests about a bucket go to.
    fn host_for(&self, bucket: &str) -> String;
    /// Refuses a bucket that cannot be reached at the endpoint.
    fn check_bucket(&self, bucket: &str) -> Result<()>;
    /// Lets go of the connections. Nothing can be sent any more.
    fn close(&self);
}
