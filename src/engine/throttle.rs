//! Where the parts of an upload wait until they may be tried.

use super::in_flight::{InFlight, Seen};
use crate::upload::growth::{Growth, Look};
use crate::upload::pace::{Failure, Pace, Ticket};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::Notify;
use tokio::time::{Instant, sleep_until};

/// The pace of one upload, to be waited for.
#[derive(Debug)]
pub(super) struct Throttle {
    begun: Instant,
    state: Mutex<State>,
    room: Notify,
}

#[derive(Debug)]
struct State {
    pace: Pace,
    /// Decides how many there may be, where that is left to the library.
    growth: Option<Growth>,
    /// The service wants to be left alone until then.
    not_before: Option<Instant>,
}

/// The right to one try, given back when it is dropped.
pub(super) struct Permit<'a> {
    throttle: &'a Throttle,
    ticket: Ticket,
}

impl Throttle {
    /// So many at a time.
    pub(super) fn new(task_num: u32) -> Self {
        Self::with(Pace::new(task_num), None)
    }

    /// As many as pay off, so many at most.
    pub(super) fn growing(most: u32) -> Self {
        let growth = Growth::new(most);
        Self::with(Pace::new(growth.wanted()), Some(growth))
    }

    fn with(pace: Pace, growth: Option<Growth>) -> Self {
        let state = State { pace, growth, not_before: None };
        Self { begun: Instant::now(), state: Mutex::new(state), room: Notify::new() }
    }

    /// Waits for its turn.
    pub(super) async fn admit(&self) -> Permit<'_> {
        loop {
            let room = self.room.notified();
            let not_before = {
                let mut state = self.lock();
                match state.not_before.filter(|until| *until > Instant::now()) {
                    Some(until) => Some(until),
                    None => match state.pace.admit() {
                        Some(ticket) => return Permit { throttle: self, ticket },
                        None => None,
                    },
                }
            };
            match not_before {
                Some(until) => sleep_until(until).await,
                None => room.await,
            }
        }
    }

    /// Comes back when it has looked at the line and may have changed how many there may be; never where that is fixed.
    pub(super) async fn steer(&self, in_flight: &InFlight) {
        let next_look = self.lock().growth.as_ref().map(Growth::next_look);
        let Some(next_look) = next_look else { return std::future::pending().await };
        sleep_until(self.begun + next_look).await;
        let seen = in_flight.look();
        if self.lock().look(self.begun.elapsed(), &seen) {
            self.room.notify_waiters();
        }
    }

    /// Whether there was enough of trying in vain.
    pub(super) fn is_spent(&self, attempts: u32) -> bool {
        self.lock().pace.is_spent(attempts)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Takes in what is seen, where the library decides; says whether there may be more now.
    fn look(&mut self, now: Duration, seen: &Seen) -> bool {
        let Some(growth) = &mut self.growth else { return false };
        let before = growth.wanted();
        if self.pace.is_free() {
            let &Seen { arrived, part, connecting, connected } = seen;
            growth.look(Look { now, arrived, part, busy: self.pace.busy(), connecting, connected });
            self.pace.set_most(growth.wanted());
        } else {
            growth.held_back(now, seen.arrived);
        }
        growth.wanted() > before
    }
}

impl Permit<'_> {
    /// The try succeeded.
    pub(super) fn succeeded(self) {
        self.throttle.lock().pace.succeeded(self.ticket);
        // The limit may have grown: one more than the one that takes this place.
        self.throttle.room.notify_one();
    }

    /// The try failed, and another one may not. `pause` says for how long no part is tried, of the number of rounds that have
    /// failed, if this one has.
    pub(super) fn failed(self, failure: Failure, pause: impl FnOnce(Option<u32>) -> Duration) {
        // Before the place is given back: whoever takes it must find the pause.
        let mut state = self.throttle.lock();
        let failed_rounds = state.pace.failed(self.ticket, failure);
        let until = Instant::now() + pause(failed_rounds);
        state.not_before = Some(state.not_before.map_or(until, |other| other.max(until)));
    }
}

impl Drop for Permit<'_> {
    fn drop(&mut self) {
        self.throttle.lock().pace.leave();
        self.throttle.room.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;

    #[tokio::test(start_paused = true)]
    async fn those_who_wait_come_in_as_others_leave() {
        let throttle = Arc::new(Throttle::new(2));
        let (first, second) = (throttle.admit().await, throttle.admit().await);
        let waiting: Vec<_> = (0..5)
            .map(|_| {
                let throttle = Arc::clone(&throttle);
                tokio::spawn(async move { throttle.admit().await.succeeded() })
            })
            .collect();
        tokio::time::sleep(Duration::from_secs(1)).await;
        assert!(waiting.iter().all(|waiting| !waiting.is_finished()));
        first.failed(Failure::Refused, |_| Duration::ZERO);
        second.failed(Failure::Refused, |_| Duration::ZERO);
        for waiting in waiting {
            waiting.await.unwrap();
        }
    }

    #[tokio::test(start_paused = true)]
    async fn one_that_gives_up_waiting_takes_nobodys_place() {
        let throttle = Throttle::new(1);
        let inside = throttle.admit().await;
        let impatient = tokio::time::timeout(Duration::from_millis(1), throttle.admit());
        assert!(impatient.await.is_err());
        drop(inside);
        drop(throttle.admit().await);
    }

    #[tokio::test(start_paused = true)]
    async fn nobody_comes_in_while_the_service_wants_to_be_left_alone() {
        let throttle = Throttle::new(4);
        let begun = Instant::now();
        let (first, second) = (throttle.admit().await, throttle.admit().await);
        first.failed(Failure::Refused, |_| Duration::from_secs(7));
        second.failed(Failure::Refused, |_| Duration::from_secs(3));
        drop(throttle.admit().await);
        assert!(begun.elapsed() >= Duration::from_secs(7));
    }
}
