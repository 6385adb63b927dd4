//! A speed limit that any number of readers may share.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// Lets bytes pass at a steady speed: each reader waits until its bytes are due.
pub(crate) struct Pace {
    bytes_per_s: u64,
    busy_until: Mutex<Instant>,
}

impl Pace {
    pub(crate) fn new(bytes_per_s: u64) -> Self {
        Self { bytes_per_s: bytes_per_s.max(1), busy_until: Mutex::new(Instant::now()) }
    }

    pub(crate) async fn pass(&self, bytes: usize) {
        let due = {
            let mut busy_until = self.busy_until.lock().unwrap_or_else(PoisonError::into_inner);
            let begin = (*busy_until).max(Instant::now());
            *busy_until = begin + Duration::from_secs_f64(bytes as f64 / self.bytes_per_s as f64);
            *busy_until
        };
        tokio::time::sleep_until(due).await;
    }
}
