//! Notices when nothing moves. A total timeout would kill a healthy part on a slow line.

use super::Patience;
use crate::world::body::Meter;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;

/// What the kernels on the way take in of a body at once, and the slowest line that should get all bodies out in time.
const KERNEL_BUFFERS: u64 = 4 << 20;
const SLOW_LINE: u64 = 32 << 10;
/// Nobody is believed to be slow for longer.
const LONGEST_UNSEEN: Duration = Duration::from_secs(256);

/// A body that is on its way.
pub(super) struct Metered {
    pub(super) meter: Arc<Meter>,
    pub(super) length: u64,
    /// Shared with all bodies that are on their way over the same line, and with whoever sends them.
    pub(super) line: Arc<()>,
}

impl Metered {
    /// What the kernels hold of a body moves unseen: they ask for more only when a good deal of it is gone, and all bodies have
    /// to wait for each other.
    fn unseen(&self) -> Duration {
        let bodies = Arc::strong_count(&self.line) as u64 - 1;
        let held = self.meter.handed().min(KERNEL_BUFFERS) * bodies;
        Duration::from_secs(held / SLOW_LINE).min(LONGEST_UNSEEN)
    }
}

/// What did not happen, and for how long it was waited for.
#[derive(Debug, PartialEq)]
pub(super) enum Stall {
    /// The body was not taken any further.
    NotTaken(Duration),
    /// No answer came.
    NotAnswered(Duration),
}

/// Looks at one exchange whenever its deadline is over.
pub(super) struct Watch {
    metered: Option<Metered>,
    patience: Patience,
    /// Until then the connection may still be being made; the HTTP stack sees to that.
    connecting: Instant,
    seen: u64,
    waits_for_answer: bool,
    waited: Duration,
    deadline: Instant,
}

impl Watch {
    pub(super) fn new(metered: Option<Metered>, connect_timeout: Duration, patience: Patience) -> Self {
        let now = Instant::now();
        let waits_for_answer = metered.is_none();
        let waited = if waits_for_answer { connect_timeout + patience.answer } else { patience.idle };
        let connecting = now + connect_timeout;
        Self { metered, patience, connecting, seen: 0, waits_for_answer, waited, deadline: now + waited }
    }

    /// When to look.
    pub(super) fn deadline(&self) -> Instant {
        self.deadline
    }

    /// Called at the deadline: was there any progress since the last look?
    pub(super) fn look(&mut self) -> Result<(), Stall> {
        let moved = self.metered.as_ref().map(|body| (body.meter.handed(), body.meter.is_asked(), body.length));
        let is_resting = self.metered.as_ref().is_some_and(|body| body.meter.is_resting());
        self.waited = match moved {
            Some((handed, _, length)) if handed == length && !self.waits_for_answer => {
                self.waits_for_answer = true;
                self.seen = handed;
                self.patience.answer + self.unseen()
            }
            Some((handed, _, _)) if handed > self.seen => {
                self.seen = handed;
                self.patience.idle + self.unseen()
            }
            Some((_, false, _)) if Instant::now() < self.connecting => self.patience.idle,
            // It is we who let nothing go. As soon as something does, the network must take it.
            Some(_) if is_resting => self.patience.idle,
            Some(_) | None if self.waits_for_answer => return Err(Stall::NotAnswered(self.waited)),
            Some(_) | None => return Err(Stall::NotTaken(self.waited)),
        };
        self.deadline = Instant::now() + self.waited;
        Ok(())
    }

    fn unseen(&self) -> Duration {
        self.metered.as_ref().map_or(Duration::ZERO, Metered::unseen)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: Duration = Duration::from_millis(1);
    const CONNECT: Duration = Duration::from_secs(10);
    const PATIENCE: Patience = Patience { idle: Duration::from_secs(3), answer: Duration::from_secs(5) };

    fn part(length: u64) -> (Arc<Meter>, Watch) {
        let line = Arc::default();
        let part = part_of(&line, length);
        // Whoever sends them is there all the time.
        std::mem::forget(line);
        part
    }

    fn part_of(line: &Arc<()>, length: u64) -> (Arc<Meter>, Watch) {
        let meter = Arc::<Meter>::default();
        let metered = Metered { meter: Arc::clone(&meter), length, line: Arc::clone(line) };
        (meter, Watch::new(Some(metered), CONNECT, PATIENCE))
    }

    async fn at_deadline(watch: &mut Watch) -> Result<(), Stall> {
        tokio::time::sleep_until(watch.deadline()).await;
        watch.look()
    }

    #[tokio::test(start_paused = true)]
    async fn a_body_that_moves_is_let_be_and_one_that_stands_is_not() {
        let (meter, mut watch) = part(100);
        meter.ask();
        for handed in 1..50 {
            meter.hand(handed);
            at_deadline(&mut watch).await.unwrap();
        }
        assert_eq!(at_deadline(&mut watch).await, Err(Stall::NotTaken(PATIENCE.idle)));
    }

    #[tokio::test(start_paused = true)]
    async fn a_body_that_a_cap_holds_back_is_let_be_until_the_network_could_take_it() {
        let (meter, mut watch) = part(100);
        meter.ask();
        meter.rest(true);
        for _ in 0..1000 {
            at_deadline(&mut watch).await.unwrap();
        }
        meter.hand(1);
        meter.rest(false);
        at_deadline(&mut watch).await.unwrap();
        assert_eq!(at_deadline(&mut watch).await, Err(Stall::NotTaken(PATIENCE.idle)));
    }

    #[tokio::test(start_paused = true)]
    async fn what_the_kernels_hold_is_given_the_time_that_a_slow_line_needs() {
        for (handed, extra) in [(100, 0), (64 << 10, 2), (8 << 20, 128)] {
            let (meter, mut watch) = part(1 << 30);
            meter.ask();
            meter.hand(handed);
            at_deadline(&mut watch).await.unwrap();
            let expected = PATIENCE.idle + Duration::from_secs(extra);
            assert_eq!(at_deadline(&mut watch).await, Err(Stall::NotTaken(expected)), "{handed}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn the_answer_to_a_long_body_is_waited_for_as_long_as_a_slow_line_needs() {
        for (length, extra) in [(100, 0), (64 << 10, 2), (4 << 20, 128), (5 << 30, 128)] {
            let (meter, mut watch) = part(length);
            meter.ask();
            meter.hand(length);
            at_deadline(&mut watch).await.unwrap();
            let expected = PATIENCE.answer + Duration::from_secs(extra);
            assert_eq!(at_deadline(&mut watch).await, Err(Stall::NotAnswered(expected)), "{length}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn bodies_that_share_a_slow_line_are_given_the_time_of_all_of_them() {
        for (bodies, extra) in [(1, 8), (16, 128), (64, 256)] {
            let line = Arc::default();
            let mut others: Vec<_> = (0..bodies).map(|_| part_of(&line, 256 << 10)).collect();
            let (meter, mut watch) = others.remove(0);
            meter.ask();
            meter.hand(256 << 10);
            at_deadline(&mut watch).await.unwrap();
            let expected = PATIENCE.answer + Duration::from_secs(extra);
            assert_eq!(at_deadline(&mut watch).await, Err(Stall::NotAnswered(expected)), "{bodies}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_connection_that_is_being_made_is_left_to_its_own_timeout() {
        let begun = Instant::now();
        let (_, mut watch) = part(100);
        let stall = loop {
            if let Err(stall) = at_deadline(&mut watch).await {
                break stall;
            }
        };
        assert_eq!(stall, Stall::NotTaken(PATIENCE.idle));
        let took = begun.elapsed();
        assert!(took + MS > CONNECT && took < CONNECT + PATIENCE.idle + MS, "{took:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn once_it_stands_the_body_must_move() {
        let begun = Instant::now();
        let (meter, mut watch) = part(100);
        meter.ask();
        assert_eq!(at_deadline(&mut watch).await, Err(Stall::NotTaken(PATIENCE.idle)));
        assert!(begun.elapsed() < PATIENCE.idle + MS);
    }

    #[tokio::test(start_paused = true)]
    async fn a_request_without_a_body_has_one_deadline() {
        let mut watch = Watch::new(None, CONNECT, PATIENCE);
        assert_eq!(at_deadline(&mut watch).await, Err(Stall::NotAnswered(CONNECT + PATIENCE.answer)));
    }
}
