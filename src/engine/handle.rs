//! One upload, as its caller sees it.

use super::client::Shared;
use super::exchange::Line;
use super::parts::InFlight;
use super::request::Order;
use super::{run, running};
use crate::error::{Error, Kind, Result};
use crate::process::{callbacks, fork, runtime};
use crate::upload::event::Stop;
use crate::upload::outcome::Outcome;
use crate::upload::progress::{Phase, Progress};
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, OnceLock, PoisonError, Weak};
use std::time::{Duration, Instant};
use tokio::sync::{mpsc, watch};

/// Is told how an upload goes. Calls come from the library's threads and must not block.
pub trait Observer: Send + Sync {
    /// There is something new to read from [`Upload::progress`].
    fn progress(&self);
    /// It is over. The upload counts as settled, and waiting ends, when every `settle` has been dropped.
    fn complete(&self, settle: Arc<Settle>);
}

/// One upload: running, to be run, or over.
#[derive(Clone)]
pub struct Upload {
    inner: Arc<Inner>,
}

/// An upload that is not kept alive.
#[derive(Clone)]
pub struct WeakUpload(Weak<Inner>);

struct Inner {
    shared: Arc<Shared>,
    order: Arc<Order>,
    live: Arc<Live>,
    state: Mutex<State>,
    changed: Condvar,
    stops: OnceLock<mpsc::UnboundedSender<Stop>>,
    stopping: AtomicBool,
}

#[derive(Default)]
struct State {
    started: bool,
    finished: Option<Arc<Finished>>,
    settled: bool,
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

/// What changes while an upload runs.
#[derive(Default)]
pub(super) struct Live {
    progress: Mutex<Progress>,
    pub(super) in_flight: InFlight,
    observers: Mutex<Vec<Arc<dyn Observer>>>,
    checkpoint_file: OnceLock<PathBuf>,
}

/// Held by those who still have to be told of an upload's end.
pub struct Settle(Arc<Inner>);

impl Upload {
    pub(super) fn new(shared: Arc<Shared>, order: Order) -> Self {
        let inner = Inner {
            shared,
            order: Arc::new(order),
            live: Arc::default(),
            state: Mutex::default(),
            changed: Condvar::new(),
            stops: OnceLock::new(),
            stopping: AtomicBool::new(false),
        };
        Self { inner: Arc::new(inner) }
    }

    /// Adds somebody who is told. Only before the start.
    pub fn observe(&self, observer: Arc<dyn Observer>) -> Result<()> {
        if self.inner.lock().started {
            return Err(Error::new(Kind::InvalidState, "the upload was started already"));
        }
        self.inner.live.observers().push(observer);
        Ok(())
    }

    /// Begins, or goes on where an earlier upload of the same request stopped. Returns at once.
    pub fn start(&self) -> Result<()> {
        let runtime = runtime::handle()?;
        let inner = &self.inner;
        if std::mem::replace(&mut inner.lock().started, true) {
            return Err(Error::new(Kind::InvalidState, "the upload was started already"));
        }
        let (sender, stops) = mpsc::unbounded_channel();
        let _first_start = inner.stops.set(sender);
        running::enter(self);

        let (hurry, hurried) = watch::channel(false);
        let started = tokio::time::Instant::now();
        let line = Line { shared: Arc::clone(&inner.shared), started, hurry: hurried, retries: Arc::default() };
        let retries = Arc::clone(&line.retries);
        let work = run::run(line, hurry, Arc::clone(&inner.order), Arc::clone(&inner.live), stops);
        let inner = Arc::clone(inner);
        let unfinished = Unfinished { inner, retries, started: started.into_std() };
        runtime.spawn(async move {
            let outcome = match tokio::spawn(work).await {
                Ok(outcome) => outcome,
                Err(lost) => Outcome { error: Some(run::panicked(lost)), ..Outcome::default() },
            };
            unfinished.finish(outcome);
        });
        Ok(())
    }

    /// Stops; what was sent and the record stay, so that the same request can go on. Returns at once, and does
    /// nothing to an upload that is over.
    pub fn pause(&self) {
        self.stop(Stop::Pause);
    }

    /// Stops; nothing stays, neither on the server nor here. Returns at once, and does nothing to an upload that
    /// is over.
    pub fn abort(&self) {
        self.stop(Stop::Abort);
    }

    /// Waits until the upload is over and everybody was told; `None` when the time is over first.
    pub fn wait(&self, timeout: Option<Duration>) -> Result<Option<Arc<Finished>>> {
        fork::refuse_child()?;
        if callbacks::is_this_thread() {
            let message = "the upload's end is told on this very thread: waiting here would be for ever";
            return Err(Error::new(Kind::WouldDeadlock, message));
        }
        if !self.inner.lock().started {
            return Err(Error::new(Kind::InvalidState, "the upload was not started"));
        }
        Ok(self.wait_until(timeout.and_then(|timeout| Instant::now().checked_add(timeout))))
    }

    /// How far it is.
    pub fn progress(&self) -> Progress {
        self.inner.live.progress()
    }

    /// Whether it is over.
    pub fn is_done(&self) -> bool {
        self.inner.lock().finished.is_some()
    }

    /// What it did, once it is over.
    pub fn finished(&self) -> Option<Arc<Finished>> {
        self.inner.lock().finished.clone()
    }

    /// The same upload, not kept alive.
    pub fn downgrade(&self) -> WeakUpload {
        WeakUpload(Arc::downgrade(&self.inner))
    }

    pub(super) fn is_stopping(&self) -> bool {
        self.inner.stopping.load(Ordering::Acquire)
    }

    pub(super) fn is_same_work(&self, order: &Order) -> bool {
        self.inner.order.object == order.object && self.inner.order.place == order.place
    }

    pub(super) fn is(&self, live: &Live) -> bool {
        std::ptr::eq(Arc::as_ptr(&self.inner.live), live)
    }

    pub(super) fn wait_until(&self, deadline: Option<Instant>) -> Option<Arc<Finished>> {
        let mut state = self.inner.lock();
        while !state.settled {
            state = match deadline {
                None => self.inner.changed.wait(state).unwrap_or_else(PoisonError::into_inner),
                Some(deadline) => {
                    let left = deadline.checked_duration_since(Instant::now())?;
                    self.inner.changed.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0
                }
            };
        }
        state.finished.clone()
    }

    fn stop(&self, stop: Stop) {
        let Some(stops) = self.inner.stops.get() else { return };
        self.inner.stopping.store(true, Ordering::Release);
        let _over_already = stops.send(stop);
    }
}

impl fmt::Debug for Upload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Upload").field("order", &self.inner.order).finish_non_exhaustive()
    }
}

impl WeakUpload {
    /// The upload, if it is still there.
    pub fn get(&self) -> Option<Upload> {
        self.0.upgrade().map(|inner| Upload { inner })
    }
}

impl Inner {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Live {
    /// Takes in what the state machine counts.
    pub(super) fn advance(&self, now: Progress) {
        let mut now = now;
        now.bytes_in_flight = self.in_flight.bytes();
        self.progress.lock().unwrap_or_else(PoisonError::into_inner).advance(now);
    }

    pub(super) fn tell_progress(&self) {
        for observer in self.observers().iter() {
            observer.progress();
        }
    }

    pub(super) fn set_checkpoint_file(&self, path: &Path) {
        let _set_before = self.checkpoint_file.set(path.to_owned());
    }

    fn progress(&self) -> Progress {
        let mut progress = self.progress.lock().unwrap_or_else(PoisonError::into_inner);
        let in_flight = if progress.phase == Phase::Uploading { self.in_flight.bytes() } else { 0 };
        let now = Progress { bytes_in_flight: in_flight, ..*progress };
        progress.advance(now);
        *progress
    }

    fn observers(&self) -> MutexGuard<'_, Vec<Arc<dyn Observer>>> {
        self.observers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Sees to it that a started upload ends, whatever happens to its tasks.
struct Unfinished {
    inner: Arc<Inner>,
    retries: Arc<AtomicU32>,
    started: Instant,
}

impl Unfinished {
    fn finish(self, outcome: Outcome) {
        self.end(outcome);
    }

    fn end(&self, outcome: Outcome) {
        let finished = Finished {
            outcome,
            retries: self.retries.load(Ordering::Relaxed),
            elapsed: self.started.elapsed(),
            checkpoint_file: self.inner.live.checkpoint_file.get().cloned(),
        };
        {
            let mut state = self.inner.lock();
            if state.finished.is_some() {
                return;
            }
            state.finished = Some(Arc::new(finished));
        }
        let settle = Arc::new(Settle(Arc::clone(&self.inner)));
        let observers = std::mem::take(&mut *self.inner.live.observers());
        for observer in observers {
            observer.progress();
            observer.complete(Arc::clone(&settle));
        }
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        let lost = Error::new(Kind::ShutDown, "the library was shut down while the upload ran");
        self.end(Outcome { error: Some(lost), ..Outcome::default() });
    }
}

impl Drop for Settle {
    fn drop(&mut self) {
        self.0.lock().settled = true;
        self.0.changed.notify_all();
    }
}
