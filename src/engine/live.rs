//! The state of one upload, which its handles, its task and the list of running uploads look at.

use super::in_flight::InFlight;
use super::order::Order;
use crate::error::{Error, Kind, Result};
use crate::upload::event::Stop;
use crate::upload::outcome::Outcome;
use crate::upload::progress::{Phase, Progress};
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::mpsc;

/// Is told how an upload goes. Calls come from the library's threads and must not block.
pub trait Observer: Send + Sync {
    /// There is something new to read from the upload's progress.
    fn progress(&self);
    /// It is over. The upload counts as settled, and waiting ends, when every `settle` has been dropped.
    fn complete(&self, settle: Arc<Settle>);
}

/// What a finished upload did, and how long it took.
#[derive(Debug)]
pub struct Finished {
    /// What became of it.
    pub outcome: Outcome,
    /// Requests that were tried again.
    pub retries: u32,
    /// From the start to the end.
    pub elapsed: Duration,
    /// Where the record is, or was.
    pub checkpoint_file: Option<PathBuf>,
}

/// Held by those who still have to be told of an upload's end.
pub struct Settle(Arc<Live>);

pub(super) struct Live {
    pub(super) order: Order,
    pub(super) in_flight: InFlight,
    pub(super) retries: AtomicU32,
    progress: Mutex<Progress>,
    observers: Mutex<Vec<Arc<dyn Observer>>>,
    checkpoint_file: OnceLock<PathBuf>,
    warnings: Mutex<Vec<String>>,
    stops: OnceLock<mpsc::UnboundedSender<Stop>>,
    stopping: AtomicBool,
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    started: Option<Instant>,
    finished: Option<Arc<Finished>>,
    settled: bool,
}

impl Live {
    pub(super) fn new(order: Order) -> Self {
        Self {
            order,
            in_flight: InFlight::default(),
            retries: AtomicU32::new(0),
            progress: Mutex::default(),
            observers: Mutex::default(),
            checkpoint_file: OnceLock::new(),
            warnings: Mutex::default(),
            stops: OnceLock::new(),
            stopping: AtomicBool::new(false),
            state: Mutex::default(),
            changed: Condvar::new(),
        }
    }

    /// Marks the one start that there may be; what is asked to stop it from then on arrives where this leads.
    pub(super) fn begin(&self) -> Result<mpsc::UnboundedReceiver<Stop>> {
        let mut state = self.state();
        if state.started.is_some() {
            return Err(started_already());
        }
        state.started = Some(Instant::now());
        let (sender, stops) = mpsc::unbounded_channel();
        let _first_start = self.stops.set(sender);
        Ok(stops)
    }

    /// Adds somebody who is told. Only before the start.
    pub(super) fn observe(&self, observer: Arc<dyn Observer>) -> Result<()> {
        if self.is_started() {
            return Err(started_already());
        }
        self.observers().push(observer);
        Ok(())
    }

    pub(super) fn is_started(&self) -> bool {
        self.state().started.is_some()
    }

    /// Asks a started upload to stop.
    pub(super) fn stop(&self, stop: Stop) -> Result<()> {
        let not_started = || Error::new(Kind::InvalidState, "the upload was not started");
        let stops = self.stops.get().ok_or_else(not_started)?;
        self.stopping.store(true, Ordering::Release);
        let _over_already = stops.send(stop);
        Ok(())
    }

    pub(super) fn is_stopping(&self) -> bool {
        self.stopping.load(Ordering::Acquire)
    }

    pub(super) fn finished(&self) -> Option<Arc<Finished>> {
        self.state().finished.clone()
    }

    /// Waits until it is over and everybody was told.
    pub(super) fn wait_until(&self, deadline: Option<Instant>) -> Option<Arc<Finished>> {
        let mut state = self.state();
        while !state.settled {
            state = match deadline {
                None => self.changed.wait(state).unwrap_or_else(PoisonError::into_inner),
                Some(deadline) => {
                    let left = deadline.checked_duration_since(Instant::now())?;
                    self.changed.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0
                }
            };
        }
        state.finished.clone()
    }

    /// Takes in what the state machine counts.
    pub(super) fn advance(&self, now: Progress) {
        let now = Progress { bytes_in_flight: self.in_flight.bytes(), ..now };
        self.progress.lock().unwrap_or_else(PoisonError::into_inner).advance(now);
    }

    /// How far it is.
    pub(super) fn progress(&self) -> Progress {
        let mut progress = self.progress.lock().unwrap_or_else(PoisonError::into_inner);
        let in_flight = if progress.phase == Phase::Uploading { self.in_flight.bytes() } else { 0 };
        let now = Progress { bytes_in_flight: in_flight, ..*progress };
        progress.advance(now);
        *progress
    }

    pub(super) fn tell_progress(&self) {
        for observer in self.observers().iter() {
            observer.progress();
        }
    }

    /// Notes what goes wrong without stopping it.
    pub(super) fn warn(&self, warning: String) {
        self.warnings.lock().unwrap_or_else(PoisonError::into_inner).push(warning);
    }

    pub(super) fn take_warnings(&self) -> Vec<String> {
        std::mem::take(&mut *self.warnings.lock().unwrap_or_else(PoisonError::into_inner))
    }

    pub(super) fn set_checkpoint_file(&self, path: &Path) {
        let _set_before = self.checkpoint_file.set(path.to_owned());
    }

    /// Ends it, the first time that this is called, and has everybody told.
    pub(super) fn end(self: &Arc<Self>, outcome: Outcome) {
        {
            let mut state = self.state();
            if state.finished.is_some() {
                return;
            }
            let finished = Finished {
                outcome,
                retries: self.retries.load(Ordering::Relaxed),
                elapsed: state.started.map(|started| started.elapsed()).unwrap_or_default(),
                checkpoint_file: self.checkpoint_file.get().cloned(),
            };
            state.finished = Some(Arc::new(finished));
        }
        let settle = Arc::new(Settle(Arc::clone(self)));
        for observer in std::mem::take(&mut *self.observers()) {
            observer.progress();
            observer.complete(Arc::clone(&settle));
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn observers(&self) -> MutexGuard<'_, Vec<Arc<dyn Observer>>> {
        self.observers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Settle {
    fn drop(&mut self) {
        self.0.state().settled = true;
        self.0.changed.notify_all();
    }
}

impl fmt::Debug for Live {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Live").field("order", &self.order).finish_non_exhaustive()
    }
}

fn started_already() -> Error {
    Error::new(Kind::InvalidState, "the upload was started already")
}
