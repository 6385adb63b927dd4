//! The bytes that are on their way, and those that arrived.

use crate::upload::growth::{AT_ONCE, SWALLOWED};
use crate::world::body::Meter;
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Connections of which the quickest is believed: a packet may be lost, or late.
const NEWEST: usize = 3;

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
    /// The size of a part, once one was confirmed.
    pub(super) part: Option<u64>,
    /// Parts whose connections do not stand yet.
    pub(super) connecting: u32,
    /// How long the newest connections took to stand.
    pub(super) connected: Option<Duration>,
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
    pub(super) fn look(&self) -> Seen {
        let parts = self.lock();
        let sent = parts.under_way.values().map(|meter| meter.handed().saturating_sub(SWALLOWED)).sum::<u64>();
        let connected = parts.under_way.values().filter_map(|meter| Some((meter.begun(), meter.asked_after()?)));
        let mut connected: Vec<_> = connected.filter(|(_, took)| *took > AT_ONCE).collect();
        connected.sort_unstable_by_key(|(begun, _)| Reverse(*begun));
        let connecting = parts.under_way.values().filter(|meter| !meter.is_asked()).count();
        Seen {
            arrived: parts.confirmed + sent,
            part: (parts.largest > 0).then_some(parts.largest),
            connecting: u32::try_from(connecting).unwrap_or(u32::MAX),
            connected: connected.iter().take(NEWEST).map(|(_, took)| *took).min(),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Parts> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
