//! The bytes that are on their way.

use crate::world::body::Meter;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

/// What the parts under way have handed to the network.
#[derive(Debug, Default)]
pub(super) struct InFlight(Mutex<BTreeMap<u32, Arc<Meter>>>);

impl InFlight {
    /// All of it, in bytes.
    pub(super) fn bytes(&self) -> u64 {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).values().map(|meter| meter.handed()).sum()
    }

    /// A part goes out, metered; another try takes the place of the one before.
    pub(super) fn begin(&self, number: u32, meter: Arc<Meter>) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(number, meter);
    }

    /// A part is on its way no longer.
    pub(super) fn end(&self, number: u32) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&number);
    }
}
