//! The bytes that are on their way, and those that arrived.

use crate::upload::growth::SWALLOWED;
use crate::world::body::Meter;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::time::Instant;

/// What the parts under way have handed to the network, and what the others have brought there.
#[derive(Debug, Default)]
pub(super) struct InFlight(Mutex<Parts>);

#[derive(Debug, Default)]
struct Parts {
    under_way: BTreeMap<u32, Arc<Meter>>,
    confirmed: u64,
    largest: u64,
}

/// What can be seen of the line from here.
pub(super) struct Seen {
    /// Bytes of confirmed parts, and those of the others that were sent and not only swallowed.
    pub(super) arrived: u64,
    /// The most that arrives at once.
    pub(super) grain: u64,
    /// How long connections took to stand, of most parts that began since; None while most of them do not.
    pub(super) connecting: Option<Duration>,
}

impl InFlight {
    /// All of it, in bytes.
    pub(super) fn bytes(&self) -> u64 {
        self.lock().under_way.values().map(|meter| meter.handed()).sum()
    }

    /// A part goes out, metered; another try takes the place of the one before.
    pub(super) fn begin(&self, number: u32, meter: Arc<Meter>) {
        self.lock().under_way.insert(number, meter);
    }

    /// A part has arrived.
    pub(super) fn confirm(&self, number: u32) {
        let mut parts = self.lock();
        let bytes = parts.under_way.remove(&number).map_or(0, |meter| meter.handed());
        parts.confirmed += bytes;
        parts.largest = parts.largest.max(bytes);
    }

    /// A part is on its way no longer.
    pub(super) fn end(&self, number: u32) {
        self.lock().under_way.remove(&number);
    }

    /// Looks at the line.
    pub(super) fn look(&self, since: Instant) -> Seen {
        let parts = self.lock();
        let sent = parts.under_way.values().map(|meter| meter.handed().saturating_sub(SWALLOWED)).sum::<u64>();
        let begun = parts.under_way.values().filter(|meter| meter.begun() >= since);
        let mut connecting: Vec<Option<Duration>> = begun.map(|meter| meter.asked_after()).collect();
        // Those that do not stand come last.
        connecting.sort_unstable_by_key(|time| time.unwrap_or(Duration::MAX));
        Seen {
            arrived: parts.confirmed + sent,
            grain: if parts.largest == 0 { SWALLOWED } else { parts.largest.min(SWALLOWED) },
            connecting: connecting.get(connecting.len() / 2).copied().flatten(),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Parts> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
