//! How far an upload is, in absolute numbers.

/// What an upload is busy with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
#[repr(i32)]
pub enum Phase {
    /// Finding out what there is to do.
    #[default]
    Preparing = 0,
    /// Sending parts.
    Uploading = 1,
    /// Every part is there; the object is being made.
    Completing = 2,
    /// The object is confirmed. Nothing else means 100 %.
    Done = 3,
}

/// A snapshot.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// What the upload is busy with.
    pub phase: Phase,
    /// How many parts there are; 0 while nobody knows.
    pub parts_total: u32,
    /// How many OSS confirmed.
    pub parts_confirmed: u32,
    /// The file's size; 0 while the end of a stream is not known.
    pub bytes_total: u64,
    /// Bytes of confirmed parts.
    pub bytes_confirmed: u64,
    /// Bytes sent of parts that are not confirmed yet.
    pub bytes_in_flight: u64,
    /// Bytes that an earlier run sent.
    pub bytes_reused: u64,
}

impl Progress {
    /// Takes in what is true now. What was confirmed once is never taken back, not even when an upload has
    /// to begin anew: the number stands until the truth overtakes it.
    pub fn advance(&mut self, now: Self) {
        let confirmed = self.bytes_confirmed.max(now.bytes_confirmed);
        let rest = if now.bytes_total == 0 { u64::MAX } else { now.bytes_total.saturating_sub(confirmed) };
        *self = Self {
            phase: self.phase.max(now.phase),
            parts_confirmed: self.parts_confirmed.max(now.parts_confirmed),
            bytes_confirmed: confirmed,
            bytes_in_flight: now.bytes_in_flight.min(rest),
            ..now
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_is_in_flight_is_told_before_the_end_is_known() {
        let mut seen = Progress::default();
        seen.advance(Progress { bytes_confirmed: 7, bytes_in_flight: 5, ..Progress::default() });
        assert_eq!((seen.bytes_total, seen.bytes_confirmed, seen.bytes_in_flight), (0, 7, 5));
        seen.advance(Progress { bytes_total: 10, bytes_confirmed: 7, bytes_in_flight: 5, ..seen });
        assert_eq!((seen.bytes_total, seen.bytes_in_flight), (10, 3));
    }

    proptest! {
        #[test]
        fn confirmed_only_grows_and_nothing_passes_the_total(steps in proptest::collection::vec((0u64..=100, 0u64..=200), 1..20)) {
            let mut seen = Progress::default();
            for (bytes_confirmed, bytes_in_flight) in steps {
                let before = seen;
                seen.advance(Progress { bytes_total: 100, bytes_confirmed, bytes_in_flight, ..Progress::default() });
                prop_assert!(seen.bytes_confirmed >= before.bytes_confirmed);
                prop_assert!(seen.bytes_confirmed + seen.bytes_in_flight <= 100);
            }
        }
    }
}
