//! How fast bytes may go out: a cap as plain values. Time is told as what has passed since a beginning of the caller's.

use crate::error::{Error, Result};
use std::time::Duration;

/// Anything slower is as good as a pause.
pub const MIN_LIMIT: u64 = 1024;
/// So much of a second's bytes goes out at once: a low cap is no sequence of bursts.
const WINDOWS_PER_SECOND: u64 = 20;
/// Less is not worth a packet.
const MIN_WINDOW: u64 = 1024;
/// Whoever comes late by so much loses nothing.
const SLACK: Duration = Duration::from_millis(100);
/// What a connection should have for itself: servers give up on those that hardly move.
const MIN_SHARE: u64 = 32 << 10;
/// What the first one of an upload is content with: parts of another upload may take hours.
const MIN_FIRST_SHARE: u64 = 4 << 10;
/// While one connection is being made, another sends.
const MIN_BODIES: u64 = 2;
/// When the cap was not made use of for so long, those on their way are slow, or dead: one more may set out.
const LULL: Duration = Duration::from_millis(50);
/// It has so much time to show what it can do, before another one may.
const TRIAL: Duration = Duration::from_millis(500);

/// Refuses a cap, in bytes per second, that nothing could be uploaded by; 0 is none.
pub fn check_limit(bytes_per_second: u64) -> Result<()> {
    if (1..MIN_LIMIT).contains(&bytes_per_second) {
        let message = format!("bandwidth limit: {bytes_per_second} bytes per second are fewer than {MIN_LIMIT}");
        return Err(Error::invalid_argument(message));
    }
    Ok(())
}

/// A cap, and what has gone out under it. Bytes are paid for after they went out, by waiting.
#[derive(Debug, Default)]
pub struct Cap {
    /// Bytes per second; 0 is no cap.
    rate: u64,
    /// When all that went out is paid for.
    paid_at: Duration,
    /// When the last body set out.
    set_out_at: Duration,
    /// The time that went by unused since then.
    idle: Duration,
}

impl Cap {
    /// A cap under which nothing has gone out.
    pub fn new(bytes_per_second: u64) -> Self {
        Self { rate: bytes_per_second, ..Self::default() }
    }

    /// Changes the cap, for those who wait already, too.
    pub fn set_rate(&mut self, bytes_per_second: u64, now: Duration) {
        self.rate = bytes_per_second;
        self.paid_at = self.paid_at.clamp(now.saturating_sub(SLACK), now + self.cost(self.window(1)));
        self.idle = Duration::ZERO;
    }

    /// How long the next window has to wait; `None` when it need not.
    pub fn wait(&self, now: Duration) -> Option<Duration> {
        let wait = self.paid_at.saturating_sub(now);
        (self.rate > 0 && !wait.is_zero()).then_some(wait)
    }

    /// The most that goes out at once where so many share the cap: each of them has its turn many times in a second.
    pub fn window(&self, sharers: u64) -> u64 {
        match self.rate {
            0 => u64::MAX,
            rate => (rate / WINDOWS_PER_SECOND / sharers.max(1)).max(MIN_WINDOW),
        }
    }

    /// Bytes go out.
    pub fn take(&mut self, bytes: u64, now: Duration) {
        self.idle = self.idled(now);
        self.paid_at = self.paid_at.max(now.saturating_sub(SLACK)) + self.cost(bytes);
    }

    /// How long one more body has to wait where so many are on their way, for each to have a share that is worth its
    /// connection; `None` when it need not.
    pub fn wait_to_set_out(&self, others: u64, now: Duration) -> Option<Duration> {
        let wait = LULL.saturating_sub(self.idled(now)).max((self.set_out_at + TRIAL).saturating_sub(now));
        (others >= self.bodies() && !wait.is_zero()).then_some(wait)
    }

    /// Whether the first body of an upload may set out where so many of others are on their way.
    pub fn has_room_for_first(&self, others: u64) -> bool {
        self.rate == 0 || others < self.rate / MIN_FIRST_SHARE
    }

    /// A body sets out.
    pub fn set_out(&mut self, now: Duration) {
        self.paid_at = self.paid_at.max(now.saturating_sub(SLACK));
        self.set_out_at = now;
        self.idle = Duration::ZERO;
    }

    fn bodies(&self) -> u64 {
        match self.rate {
            0 => u64::MAX,
            rate => (rate / MIN_SHARE).max(MIN_BODIES),
        }
    }

    fn idled(&self, now: Duration) -> Duration {
        self.idle + now.saturating_sub(self.paid_at + SLACK)
    }

    fn cost(&self, bytes: u64) -> Duration {
        let nanos = (u128::from(bytes) * 1_000_000_000).checked_div(self.rate.into()).unwrap_or(0);
        Duration::from_nanos(u64::try_from(nanos).unwrap_or(u64::MAX))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const SECOND: Duration = Duration::from_secs(1);

    /// A cap that is used by somebody who always wants more, and comes late now and then.
    struct Greedy {
        cap: Cap,
        now: Duration,
        /// When what went out.
        sent: Vec<(Duration, u64)>,
    }

    impl Greedy {
        fn new(rate: u64) -> Self {
            Self { cap: Cap::new(rate), now: Duration::from_secs(7), sent: Vec::new() }
        }

        /// Sends for a while; `late` gives milliseconds, `wanted` bytes.
        fn send(&mut self, time: Duration, mut late: impl FnMut() -> u64, mut wanted: impl FnMut() -> u64) {
            let end = self.now + time;
            while self.now < end {
                match self.cap.wait(self.now) {
                    Some(wait) => self.now += wait + Duration::from_millis(late()),
                    None => {
                        let bytes = wanted().min(self.cap.window(1));
                        self.cap.take(bytes, self.now);
                        self.sent.push((self.now, bytes));
                    }
                }
            }
        }

        fn sent_between(&self, from: Duration, to: Duration) -> u64 {
            let within = self.sent.iter().filter(|(at, _)| (from..to).contains(at));
            within.map(|(_, bytes)| bytes).sum()
        }
    }

    fn of(rate: u64, time: Duration) -> f64 {
        rate as f64 * time.as_secs_f64()
    }

    /// What may go out at once when nothing has gone for a while.
    fn burst(rate: u64) -> f64 {
        of(rate, SLACK) + 2.0 * Cap::new(rate).window(1) as f64
    }

    /// Numbers below `most`, without end.
    fn numbers(seed: u64, most: u64) -> impl FnMut() -> u64 {
        let mut random = fastrand::Rng::with_seed(seed);
        move || random.u64(0..most)
    }

    fn rates() -> impl Strategy<Value = u64> {
        prop_oneof![MIN_LIMIT..100_000, 100_000u64..10_000_000, Just(64 << 20)]
    }

    proptest! {
        #[test]
        fn over_every_second_it_is_the_rate_that_goes_out(rate in rates(), seed: u64, late in 1u64..40) {
            let mut greedy = Greedy::new(rate);
            let begun = greedy.now;
            let mut wanted = numbers(seed, 64 << 10);
            greedy.send(6 * SECOND, numbers(seed, late), || wanted() + 1);
            for (from, time) in [(0, 10), (1, 10), (4, 10), (13, 10), (27, 10), (50, 10), (0, 30), (24, 30), (0, 60)] {
                let (from, time) = (begun + SECOND * from / 10, SECOND * time / 10);
                let sent = greedy.sent_between(from, from + time) as f64;
                prop_assert!(sent <= of(rate, time) + burst(rate), "{sent} in {time:?}");
                prop_assert!(sent >= 0.9 * of(rate, time) - burst(rate) / 2.0, "{sent} in {time:?}");
            }
        }

        #[test]
        fn a_new_rate_holds_at_once(changes in proptest::collection::vec((rates(), 0u64..4), 2..6), seed: u64) {
            let mut greedy = Greedy::new(0);
            let begun = greedy.now;
            for (rate, kind) in changes {
                // Now and then nobody wants anything, or there is no cap.
                let rate = if kind == 0 { 0 } else { rate };
                // What goes out in the last moment is not paid for yet.
                greedy.cap.take(greedy.cap.window(1).min(64 << 10), greedy.now);
                greedy.cap.set_rate(rate, greedy.now);
                prop_assert!(greedy.cap.wait(greedy.now) <= Some(greedy.cap.cost(greedy.cap.window(1))));
                if kind == 1 { greedy.now += 10 * SECOND; }
                let from = greedy.now;
                if rate == 0 {
                    prop_assert_eq!(greedy.cap.wait(from), None);
                    greedy.cap.take(1 << 30, from);
                    prop_assert_eq!(greedy.cap.wait(from), None);
                    continue;
                }
                greedy.send(2 * SECOND, numbers(seed, 10), || 64 << 10);
                let time = greedy.now - from;
                let sent = greedy.sent_between(from, greedy.now) as f64;
                prop_assert!(sent <= of(rate, time) + burst(rate), "{sent} at {rate}");
                prop_assert!(sent >= 0.9 * of(rate, time) - burst(rate) / 2.0, "{sent} at {rate}");
            }
            prop_assert!(greedy.now >= begun);
        }
    }

    #[test]
    fn windows_and_bodies_shrink_with_the_cap() {
        for (rate, window, bodies) in [
            (0, u64::MAX, u64::MAX),
            (100 << 20, 5 << 20, 3200),
            (1 << 20, 52_428, 32),
            (256 << 10, 13_107, 8),
            (MIN_LIMIT, 1024, 2),
        ] {
            let cap = Cap::new(rate);
            assert!(rate == 0 || cap.window(4) == (window / 4).max(1024), "{rate}");
            assert_eq!((cap.window(1), cap.bodies()), (window, bodies), "{rate}");
        }
    }

    #[test]
    fn bodies_set_out_where_the_cap_has_room_or_is_not_made_use_of() {
        let tenths = |tenths: u32| SECOND * tenths / 10;
        let mut cap = Cap::new(64 << 10);
        cap.set_out(SECOND);
        cap.set_out(SECOND);
        assert_eq!(cap.wait_to_set_out(1, SECOND), None);
        assert_eq!(cap.wait_to_set_out(2, SECOND), Some(TRIAL));
        // The whole of the cap is made use of, then half of it.
        for tenth in 10..30 {
            cap.take(6554, tenths(tenth));
        }
        assert!(cap.wait_to_set_out(2, tenths(30)).is_some());
        for tenth in 30..34 {
            cap.take(3277, tenths(tenth));
        }
        assert_eq!(cap.wait_to_set_out(2, tenths(34)), None);
        cap.set_out(tenths(34));
        assert_eq!(cap.wait_to_set_out(3, tenths(34)), Some(TRIAL));
        assert_eq!(cap.wait_to_set_out(1, tenths(34)), None);
        cap.set_rate(0, tenths(34));
        assert_eq!(cap.wait_to_set_out(1000, tenths(34)), None);
    }

    #[test]
    fn a_cap_that_nothing_could_be_uploaded_by_is_refused_by_name() {
        for bad in [1, MIN_LIMIT - 1] {
            assert!(check_limit(bad).unwrap_err().to_string().contains("bandwidth limit"));
        }
        for good in [0, MIN_LIMIT, u64::MAX] {
            check_limit(good).unwrap();
        }
    }
}
