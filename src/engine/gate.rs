//! Where the parts of all uploads of a client wait, when only so many may be under way at a time.

use crate::upload::turns::{Turns, Who};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::Semaphore;

/// The places of a client.
#[derive(Debug)]
pub(super) struct Gate(Mutex<State>);

#[derive(Debug)]
struct State {
    turns: Turns,
    newest: Who,
    /// Places that were given to those who wait and that they have not taken yet, by upload.
    given: HashMap<Who, Arc<Semaphore>>,
}

/// One upload's way in.
#[derive(Debug)]
pub(super) struct Entrance {
    gate: Arc<Gate>,
    who: Who,
    given: Arc<Semaphore>,
}

/// The right to have one part under way, given back when it is dropped.
pub(super) struct Place<'a>(&'a Entrance);

/// A wait for a place, given up when it is dropped.
struct Wait<'a>(Option<&'a Entrance>);

impl Gate {
    /// A gate of so many places.
    pub(super) fn new(places: u32) -> Arc<Self> {
        Arc::new(Self(Mutex::new(State { turns: Turns::new(places), newest: 0, given: HashMap::new() })))
    }

    /// The way in for another upload.
    pub(super) fn entrance(self: &Arc<Self>) -> Entrance {
        let given = Arc::new(Semaphore::new(0));
        let mut state = self.lock();
        state.newest += 1;
        let who = state.newest;
        state.given.insert(who, Arc::clone(&given));
        Entrance { gate: Arc::clone(self), who, given }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// A place is free for the next.
    fn pass_on(&mut self) {
        if let Some(given) = self.turns.leave().and_then(|who| self.given.get(&who)) {
            given.add_permits(1);
        }
    }
}

impl Entrance {
    /// Waits for a place.
    pub(super) async fn enter(&self) -> Place<'_> {
        if !self.gate.lock().turns.enter(self.who) {
            let mut wait = Wait(Some(self));
            if let Ok(given) = self.given.acquire().await {
                given.forget();
            }
            wait.0 = None;
        }
        Place(self)
    }
}

impl Drop for Entrance {
    fn drop(&mut self) {
        self.gate.lock().given.remove(&self.who);
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.gate.lock().pass_on();
    }
}

impl Drop for Wait<'_> {
    fn drop(&mut self) {
        let Some(entrance) = self.0 else { return };
        let mut state = entrance.gate.lock();
        if state.turns.give_up(entrance.who) {
            return;
        }
        // A place was given to it in this very moment.
        if let Ok(given) = entrance.given.try_acquire() {
            given.forget();
            state.pass_on();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;
    use tokio::task::JoinSet;
    use tokio::time::sleep;

    const MS: Duration = Duration::from_millis(1);

    #[tokio::test(start_paused = true)]
    async fn the_one_part_of_an_upload_does_not_wait_for_the_thousand_of_another() {
        let gate = Gate::new(2);
        let (many, one) = (Arc::new(gate.entrance()), gate.entrance());
        let mut parts = JoinSet::new();
        for _ in 0..1000 {
            let many = Arc::clone(&many);
            parts.spawn(async move {
                let _place = many.enter().await;
                sleep(MS).await;
            });
        }
        sleep(MS / 2).await;
        let begun = tokio::time::Instant::now();
        drop(one.enter().await);
        assert!(begun.elapsed() <= 2 * MS, "{:?}", begun.elapsed());
        while let Some(ended) = parts.join_next().await {
            ended.unwrap();
        }
        assert!(begun.elapsed() >= 490 * MS);
    }

    #[tokio::test(start_paused = true)]
    async fn whatever_is_dropped_no_place_is_lost() {
        for lifetime in 0..40 {
            let gate = Gate::new(2);
            let entrances: Vec<_> = (0..5).map(|_| Arc::new(gate.entrance())).collect();
            let mut parts = JoinSet::new();
            for (number, entrance) in (0u32..).zip(entrances.iter().cycle().take(50)) {
                let entrance = Arc::clone(entrance);
                parts.spawn(async move {
                    let lasts = MS / 4 * (number * 7 % 20);
                    let work = async {
                        let _place = entrance.enter().await;
                        sleep(MS).await;
                    };
                    let _dropped_on_the_way = tokio::time::timeout(lasts, work).await;
                });
            }
            sleep(MS / 4 * lifetime).await;
            parts.shutdown().await;
            let (first, second) = (entrances[0].enter().await, entrances[4].enter().await);
            let third = tokio::time::timeout(MS, entrances[2].enter()).await;
            assert!(third.is_err(), "more places than there are");
            drop((first, second));
        }
    }

    #[tokio::test]
    async fn a_place_that_comes_too_late_goes_to_the_next() {
        let gate = Gate::new(1);
        let (first, second, third) = (gate.entrance(), gate.entrance(), gate.entrance());
        let place = first.enter().await;
        let mut late = Box::pin(second.enter());
        let mut next = Box::pin(third.enter());
        for waiting in [&mut late, &mut next] {
            assert!(is_pending(waiting).await);
        }
        drop(place);
        drop(late);
        drop(next.await);
    }

    /// Polls once.
    async fn is_pending<F: Future + Unpin>(future: &mut F) -> bool {
        std::future::poll_fn(|context| {
            std::task::Poll::Ready(std::pin::Pin::new(&mut *future).poll(context).is_pending())
        })
        .await
    }
}
