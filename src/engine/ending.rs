//! How an upload begins and ends: once, told to everybody once, and over for those who wait when everybody was told. All that
//! decides this is here, so that a model checker can try it in all orders of threads (`tests/models.rs`).

use super::live::{Finished, Live};
use crate::error::{Error, Kind, Result};
use crate::process::condition::Condition;
use crate::process::panics;
use crate::process::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::iter::repeat_n;
use std::time::Instant;

/// Is told how an upload goes. Calls come from the library's threads and must not block.
pub trait Observer: Send + Sync {
    /// There is something new to read from the upload's progress.
    fn progress(&self);
    /// A stream that had too little room has some again, or takes nothing any more. Of no use to whoever has a thread that waits
    /// for it.
    fn writable(&self) {}
    /// It is over. The upload counts as settled, and waiting ends, when every `settle` has been dropped.
    fn complete(&self, settle: Arc<Settle>);
}

type Observers = Vec<Arc<dyn Observer>>;

/// Held by those who still have to be told of an upload's end.
pub struct Settle(Arc<Live>);

/// Whether an upload has begun, and has ended, and who is told.
#[derive(Default)]
pub(super) struct Ending {
    state: Mutex<State>,
    changed: Condition,
}

#[derive(Default)]
struct State {
    started: Option<Instant>,
    /// From the end on, nobody.
    observers: Observers,
    finished: Option<Arc<Finished>>,
    settled: bool,
}

impl Ending {
    /// Marks the one start that there may be.
    pub(super) fn begin(&self) -> Result<()> {
        let mut state = self.state();
        if state.started.is_some() {
            return Err(started_already());
        }
        state.started = Some(Instant::now());
        Ok(())
    }

    /// Adds somebody who is told. Only before the start.
    pub(super) fn observe(&self, observer: Arc<dyn Observer>) -> Result<()> {
        let mut state = self.state();
        if state.started.is_some() {
            return Err(started_already());
        }
        state.observers.push(observer);
        Ok(())
    }

    pub(super) fn started(&self) -> Option<Instant> {
        self.state().started
    }

    pub(super) fn finished(&self) -> Option<Arc<Finished>> {
        self.state().finished.clone()
    }

    /// Tells how it goes. Only its task does so, which also ends it: nobody hears of that after the end.
    pub(super) fn tell(&self, how: fn(&dyn Observer)) {
        let observers = self.state().observers.clone();
        observers.iter().for_each(|observer| how(&**observer));
    }

    /// Waits for the end of an upload whose task has ended already.
    pub(super) fn wait_for_end(&self) -> Arc<Finished> {
        let mut state = self.state();
        loop {
            match &state.finished {
                Some(finished) => return Arc::clone(finished),
                // Without a deadline it is told, sooner or later.
                None => state = self.changed.wait(state, None).unwrap_or_else(|| self.state()),
            }
        }
    }

    /// Waits until it is over and everybody was told.
    pub(super) fn wait_until(&self, deadline: Option<Instant>) -> Option<Arc<Finished>> {
        let mut state = self.state();
        while !state.settled {
            state = self.changed.wait(state, deadline)?;
        }
        state.finished.clone()
    }

    /// Takes in how it ended and hands out who has to be told; nobody but for the first time.
    fn finish(&self, finished: Finished) -> Option<(Arc<Finished>, Observers)> {
        let mut state = self.state();
        if state.finished.is_some() {
            return None;
        }
        let finished = Arc::clone(state.finished.insert(Arc::new(finished)));
        Some((finished, std::mem::take(&mut state.observers)))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Ends an upload, the first time that this is called, and has everybody told.
pub(super) fn end(upload: &Arc<Live>, finished: Finished) {
    let Some((finished, observers)) = upload.ending().finish(finished) else { return };
    // Whoever panics keeps nobody else from hearing of it.
    let _written = panics::caught(|| upload.write_down_end(&finished));
    upload.ending().changed.notify_all();
    let settle = Arc::new(Settle(Arc::clone(upload)));
    // The last of those who are told has the last of it.
    for (settle, observer) in repeat_n(settle, observers.len()).zip(observers) {
        let _told = panics::caught(|| observer.progress());
        let _told = panics::caught(|| observer.complete(settle));
    }
}

impl Drop for Settle {
    fn drop(&mut self) {
        let ending = self.0.ending();
        ending.state().settled = true;
        ending.changed.notify_all();
    }
}

fn started_already() -> Error {
    Error::new(Kind::InvalidState, "the upload was started already")
}
