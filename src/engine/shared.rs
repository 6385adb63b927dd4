//! What all uploads of one client share.

use super::admission::Admission;
use super::diary::Diary;
use super::gate::Gate;
use crate::error::{Error, Kind, Result};
use crate::oss::sign::Signer;
use crate::upload::retry::Policy;
use crate::world::bandwidth::Limit;
use crate::world::clock::ServerClock;
use crate::world::credentials::Keeper;
use crate::world::transport::{Patience, Transport};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

#[derive(Debug)]
pub(super) struct Shared {
    pub(super) transport: Box<dyn Transport>,
    pub(super) credentials: Keeper,
    pub(super) signer: Signer,
    pub(super) clock: Arc<ServerClock>,
    pub(super) limit: Arc<Limit>,
    pub(super) retry: Policy,
    pub(super) progress_interval: Duration,
    pub(super) admission: Admission,
    pub(super) idle_timeout: Duration,
    pub(super) complete_timeout: Duration,
    /// Parts that may be under way at a time, of all uploads together.
    pub(super) most_parts: Option<u32>,
    pub(super) gate: Option<Arc<Gate>>,
    /// Nothing is begun any more. Changed under the lock of the uploads that are under way.
    pub(super) is_closed: AtomicBool,
    /// For what belongs to no upload.
    pub(super) diary: Arc<Diary>,
}

impl Shared {
    /// Refuses to begin anything after the client's end.
    pub(super) fn refuse_closed(&self) -> Result<()> {
        if self.is_closed.load(Ordering::Acquire) {
            return Err(Error::new(Kind::ShutDown, "the client was shut down"));
        }
        Ok(())
    }

    pub(super) fn patience(&self) -> Patience {
        Patience { idle: self.idle_timeout, answer: self.idle_timeout }
    }

    /// OSS may take its time to make an object of many parts.
    pub(super) fn patience_for_complete(&self) -> Patience {
        Patience { idle: self.idle_timeout, answer: self.complete_timeout }
    }
}
