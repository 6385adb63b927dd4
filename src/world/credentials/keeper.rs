//! Keeps credentials for as long as they are good, for any number of requests at once.
//!
//! There is one refresh at a time, and it is a task of its own: who waits for it may go away, and what takes long holds
//! nobody up while the old credentials serve.

use super::{Fetched, Provider};
use crate::error::{Error, Kind, Result};
use crate::oss::sign::Credentials;
use crate::process::panics;
use crate::world::clock::ServerClock;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::watch;
use tokio::task::AbortHandle;
use tokio::time::{Instant, sleep_until};

/// How long before their end credentials are renewed, in seconds; a tenth of their life, if that is shorter.
const AHEAD: i64 = 300;
/// After a failure the source is left alone for this long; twice as long after each further one.
const FIRST_REST: Duration = Duration::from_millis(250);
const LONGEST_REST: Duration = Duration::from_secs(10);

type Arrival = Option<Result<Arc<Credentials>>>;

/// The credentials of one client.
pub struct Keeper(Arc<Room>);

struct Room {
    /// None once it was closed.
    source: Mutex<Option<Arc<dyn Provider>>>,
    clock: Arc<ServerClock>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    kept: Option<Kept>,
    refresh: Option<Refresh>,
    /// Refreshes that failed in a row.
    failures: u32,
    rest_until: Option<Instant>,
}

struct Kept {
    credentials: Arc<Credentials>,
    end: Option<End>,
}

/// Seconds since 1970 on the server.
struct End {
    at: i64,
    /// When to renew them, once the end was seen to be still to come. One that looks past shows that the clocks
    /// disagree: then the server says when it is.
    due: Option<i64>,
}

/// A refresh under way.
struct Refresh {
    task: AbortHandle,
    arrival: watch::Receiver<Arrival>,
}

impl Keeper {
    /// Has nothing yet.
    pub fn new(source: Box<dyn Provider>, clock: Arc<ServerClock>) -> Self {
        Self(Arc::new(Room { source: Mutex::new(Some(source.into())), clock, state: Mutex::default() }))
    }

    /// Credentials that are good now. Waits only when there are none.
    pub async fn get(&self) -> Result<Arc<Credentials>> {
        let mut arrival = {
            let mut state = self.0.state();
            let now = self.0.clock.server_now();
            state.kept.iter_mut().for_each(|kept| kept.look(now));
            let good = state.kept.as_ref().filter(|kept| !kept.is_over(now));
            if let Some((credentials, is_due)) = good.map(|kept| (Arc::clone(&kept.credentials), kept.is_due(now))) {
                if is_due {
                    self.0.refresh(&mut state);
                }
                return Ok(credentials);
            }
            self.0.refresh(&mut state)
        };
        let arrived = arrival.wait_for(Option::is_some).await.ok().and_then(|arrived| arrived.clone());
        arrived.unwrap_or_else(|| Err(Error::new(Kind::ShutDown, "the client was shut down")))
    }

    /// Credentials in place of some that the server refused.
    pub async fn renew(&self, refused: &Arc<Credentials>) -> Result<Arc<Credentials>> {
        {
            let mut state = self.0.state();
            state.kept.take_if(|kept| Arc::ptr_eq(&kept.credentials, refused));
        }
        self.get().await
    }

    /// Lets go of the source, which is never asked again.
    pub fn close(&self) {
        let refresh = self.0.state().refresh.take();
        // Nobody is left to wait for it.
        if let Some(refresh) = refresh {
            refresh.task.abort();
        }
        let source = self.0.source().take();
        drop(source);
    }
}

impl Drop for Keeper {
    fn drop(&mut self) {
        self.close();
    }
}

impl fmt::Debug for Keeper {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Keeper").field("source", &self.0.source()).finish_non_exhaustive()
    }
}

impl Room {
    /// The refresh that is under way, or else a new one.
    fn refresh(self: &Arc<Self>, state: &mut State) -> watch::Receiver<Arrival> {
        if let Some(refresh) = state.refresh.as_ref().filter(|refresh| !refresh.task.is_finished()) {
            return refresh.arrival.clone();
        }
        let (tell, arrival) = watch::channel(None);
        let (room, rest_until) = (Arc::clone(self), state.rest_until);
        let task = tokio::spawn(async move {
            if let Some(rest_until) = rest_until {
                sleep_until(rest_until).await;
            }
            let fetched = panics::caught_in(room.fetch()).await;
            // Those who wait may ask again.
            let fetched = fetched.unwrap_or_else(|panic| Err(panic.temporary()));
            tell.send_replace(Some(room.take_in(fetched)));
        });
        state.refresh = Some(Refresh { task: task.abort_handle(), arrival: arrival.clone() });
        arrival
    }

    async fn fetch(&self) -> Result<Fetched> {
        panics::may_come("refresh");
        let source = self.source().clone();
        let source = source.ok_or_else(|| Error::new(Kind::ShutDown, "the client was shut down"))?;
        source.fetch().await
    }

    fn take_in(&self, fetched: Result<Fetched>) -> Result<Arc<Credentials>> {
        let mut state = self.state();
        state.refresh = None;
        match fetched {
            Ok(fetched) => {
                let kept = Kept::new(fetched, self.clock.server_now());
                let credentials = Arc::clone(&kept.credentials);
                *state = State { kept: Some(kept), ..State::default() };
                Ok(credentials)
            }
            Err(error) => {
                let rest = FIRST_REST.saturating_mul(1 << state.failures.min(16)).min(LONGEST_REST);
                state.failures += 1;
                state.rest_until = Some(Instant::now() + rest);
                Err(error)
            }
        }
    }

    fn source(&self) -> MutexGuard<'_, Option<Arc<dyn Provider>>> {
        self.source.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Kept {
    fn new(fetched: Fetched, now: i64) -> Self {
        let mut kept =
            Self { credentials: Arc::new(fetched.credentials), end: fetched.expires.map(|at| End { at, due: None }) };
        kept.look(now);
        kept
    }

    /// What the time is may have become known only now.
    fn look(&mut self, now: i64) {
        let end = self.end.as_mut().filter(|end| end.due.is_none() && end.at > now);
        if let Some(end) = end {
            end.due = Some(end.at - AHEAD.min(end.at.saturating_sub(now) / 10));
        }
    }

    fn is_due(&self, now: i64) -> bool {
        self.end.as_ref().and_then(|end| end.due).is_some_and(|due| now >= due)
    }

    fn is_over(&self, now: i64) -> bool {
        self.end.as_ref().is_some_and(|end| end.due.is_some() && now >= end.at)
    }
}

#[cfg(test)]
mod tests;
