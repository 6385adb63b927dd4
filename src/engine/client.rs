//! What the uploads to one endpoint share.

use super::config::Config;
use super::handle::Upload;
use super::request::Request;
use crate::error::Result;
use crate::oss::sign::Signer;
use crate::upload::retry::Policy;
use crate::world::clock::{ServerClock, SystemClock};
use crate::world::credentials::{Fixed, Provider};
use crate::world::transport::{Connections, Patience, Reqwest, Transport};
use std::sync::Arc;
use std::time::Duration;

/// Connections, credentials and the server's clock; cheap to clone, to be kept for as long as there are uploads.
#[derive(Clone, Debug)]
pub struct Client {
    shared: Arc<Shared>,
}

#[derive(Debug)]
pub(super) struct Shared {
    pub(super) transport: Box<dyn Transport>,
    pub(super) provider: Box<dyn Provider>,
    pub(super) signer: Signer,
    pub(super) clock: ServerClock,
    pub(super) retry: Policy,
    pub(super) progress_interval: Duration,
    idle_timeout: Duration,
    complete_timeout: Duration,
}

impl Client {
    /// A client of these parameters. Nothing is sent yet.
    pub fn new(config: &Config) -> Result<Self> {
        let endpoint = config.endpoint()?;
        let signer = config.signer(&endpoint)?;
        let provider = Box::new(Fixed::new(config.credentials()?));
        let connections = Connections { connect_timeout: config.connect_timeout, ca_file: config.ca_file.as_deref() };
        let transport = Box::new(Reqwest::new(endpoint, connections)?);
        Ok(Self::with_parts(config, transport, provider, signer))
    }

    /// A client over another network and other credentials than the real ones.
    pub fn with_parts(
        config: &Config,
        transport: Box<dyn Transport>,
        provider: Box<dyn Provider>,
        signer: Signer,
    ) -> Self {
        let shared = Shared {
            transport,
            provider,
            signer,
            clock: ServerClock::new(SystemClock),
            retry: config.retry,
            progress_interval: config.progress_interval,
            idle_timeout: config.idle_timeout,
            complete_timeout: config.complete_timeout,
        };
        Self { shared: Arc::new(shared) }
    }

    #[cfg(test)]
    pub(super) fn shared(&self) -> Arc<Shared> {
        Arc::clone(&self.shared)
    }

    /// An upload that has not begun.
    pub fn upload(&self, request: &Request) -> Result<Upload> {
        Ok(Upload::new(Arc::clone(&self.shared), request.check()?))
    }
}

impl Shared {
    pub(super) fn patience(&self) -> Patience {
        Patience { idle: self.idle_timeout, answer: self.idle_timeout }
    }

    /// OSS may take its time to make an object of many parts.
    pub(super) fn patience_for_complete(&self) -> Patience {
        Patience { idle: self.idle_timeout, answer: self.complete_timeout }
    }
}
