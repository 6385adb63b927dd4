//! What the uploads to one endpoint share.

use super::admission::Admission;
use super::config::Config;
use super::credentials;
use super::diary::Diary;
use super::gate::Gate;
use super::handle::Upload;
use super::order::Order;
use super::request::Request;
use super::running;
use super::shared::Shared;
use crate::error::Result;
use crate::oss::sign::Signer;
use crate::process::{callbacks, runtime};
use crate::upload::cap::check_limit;
use crate::world::bandwidth::Limit;
use crate::world::clock::{ServerClock, SystemClock};
use crate::world::credentials::{Keeper, Provider};
use crate::world::transport::{Reqwest, Transport};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

/// Connections, credentials and the server's clock; cheap to clone, to be kept for as long as there are uploads.
#[derive(Clone, Debug)]
pub struct Client {
    shared: Arc<Shared>,
}

impl Client {
    /// A client of these parameters. Nothing is sent yet.
    pub fn new(config: &Config) -> Result<Self> {
        runtime::prepare();
        let endpoint = config.endpoint()?;
        let signer = config.signer(&endpoint)?;
        let clock = Arc::new(ServerClock::new(SystemClock));
        let source = Box::new(credentials::chain(config, &clock)?);
        let transport = Box::new(Reqwest::new(endpoint, &config.connections)?);
        Ok(Self::with_parts(config, transport, source, signer, clock))
    }

    /// A client over another network and other credentials than the real ones.
    pub fn with_parts(
        config: &Config,
        transport: Box<dyn Transport>,
        source: Box<dyn Provider>,
        signer: Signer,
        clock: Arc<ServerClock>,
    ) -> Self {
        let most_parts = config.most_parts();
        let shared = Shared {
            transport,
            credentials: Keeper::new(source, Arc::clone(&clock)),
            signer,
            clock,
            limit: Arc::new(Limit::new(config.bandwidth_limit)),
            retry: config.retry,
            progress_interval: config.progress_interval,
            admission: Admission::new(config.max_uploads),
            idle_timeout: config.connections.idle_timeout(),
            complete_timeout: config.complete_timeout,
            most_parts,
            gate: most_parts.map(Gate::new),
            is_closed: AtomicBool::new(false),
            diary: Arc::new(Diary::of_client(config.log.clone())),
        };
        Self { shared: Arc::new(shared) }
    }

    /// The bytes per second that all uploads together may send from now on, those that run, too; 0 is no cap.
    pub fn set_bandwidth_limit(&self, bytes_per_second: u64) -> Result<()> {
        check_limit(bytes_per_second)?;
        self.shared.limit.set(bytes_per_second);
        Ok(())
    }

    /// Pauses all uploads of the client for good, lets none begin any more, waits until everybody was told and lets go of
    /// connections and credentials; returns whether all of that was done in time.
    pub fn shutdown(&self, timeout: Duration) -> bool {
        let deadline = Instant::now() + timeout;
        if !running::leave(Some(&self.shared), deadline) {
            return false;
        }
        self.shared.credentials.close();
        self.shared.transport.close();
        callbacks::catch_up(deadline)
    }

    pub(super) fn shared(&self) -> Arc<Shared> {
        Arc::clone(&self.shared)
    }

    /// An upload that has not begun.
    pub fn upload(&self, request: &Request) -> Result<Upload> {
        let order = Order::of(request)?;
        self.shared.transport.check_bucket(&order.object.bucket)?;
        Ok(Upload::new(Arc::clone(&self.shared), order))
    }
}
