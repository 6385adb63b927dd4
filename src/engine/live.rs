//! The state of one upload, which its handles, its task and the list of running uploads look at.

pub use super::ending::{Observer, Settle};

use super::diary::Diary;
use super::ending::{self, Ending};
use super::in_flight::InFlight;
use super::leftover::Leftover;
use super::order::Order;
use super::pushing::Pushing;
use crate::error::{Error, Kind, Result};
use crate::process::{panics, runtime};
use crate::upload::event::Stop;
use crate::upload::journal::Record;
use crate::upload::outcome::Outcome;
use crate::upload::progress::{Phase, Progress};
use crate::upload::token;
use crate::world::bandwidth::Limit;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{SyncSender, sync_channel};
use std::sync::{Arc, Mutex, OnceLock, PoisonError, Weak};
use std::time::Duration;
use tokio::sync::mpsc;

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
    leftover: Option<Arc<Leftover>>,
}

impl Finished {
    /// A token to go on with, here or elsewhere; none when nothing is left to go on from. What it speaks of stays on the
    /// server from now on.
    pub fn resume_token(&self) -> Option<String> {
        self.leftover.as_ref().and_then(|leftover| leftover.token())
    }
}

/// How an upload ended, as its task tells it.
#[derive(Debug, Default)]
pub(super) struct Ended {
    pub(super) outcome: Outcome,
    pub(super) retries: u32,
    pub(super) leftover: Option<Arc<Leftover>>,
}

impl Ended {
    /// An end before anything was begun.
    pub(super) fn failed(error: Error) -> Self {
        Self { outcome: Outcome { error: Some(error), ..Outcome::default() }, ..Self::default() }
    }

    /// The same, with what a shutdown brought about told as that.
    pub(super) fn blamed(mut self) -> Self {
        self.outcome.error = self.outcome.error.map(runtime::blamed);
        self
    }
}

/// What an upload's handles ask of its task.
#[derive(Debug)]
pub(super) enum Wish {
    Stop(Stop),
    /// What a token would say now, if there is anything to go on from.
    Export(SyncSender<Option<Record>>),
}

pub(super) struct Live {
    pub(super) order: Order,
    pub(super) diary: Arc<Diary>,
    pub(super) in_flight: InFlight,
    pub(super) limit: Arc<Limit>,
    progress: Mutex<Progress>,
    checkpoint_file: OnceLock<PathBuf>,
    warnings: Mutex<Vec<String>>,
    wishes: OnceLock<mpsc::UnboundedSender<Wish>>,
    /// What those who may push it share, if it is a stream.
    pushing: OnceLock<Weak<Pushing>>,
    ending: Ending,
}

impl Live {
    pub(super) fn new(order: Order, diary: Diary) -> Self {
        Self {
            limit: Arc::new(Limit::new(order.bandwidth_limit)),
            order,
            diary: Arc::new(diary),
            in_flight: InFlight::default(),
            progress: Mutex::default(),
            checkpoint_file: OnceLock::new(),
            warnings: Mutex::default(),
            wishes: OnceLock::new(),
            pushing: OnceLock::new(),
            ending: Ending::default(),
        }
    }

    /// What another handle shares with those that there are; nothing once nobody is left who could push.
    pub(super) fn pushing(&self) -> Option<Arc<Pushing>> {
        self.pushing.get().and_then(Weak::upgrade)
    }

    pub(super) fn set_pushing(&self, pushing: &Arc<Pushing>) {
        let _set_before = self.pushing.set(Arc::downgrade(pushing));
    }

    /// Its start and its end.
    pub(super) fn ending(&self) -> &Ending {
        &self.ending
    }

    /// Marks the one start that there may be; what is asked of it from then on arrives where this leads.
    pub(super) fn begin(&self) -> Result<mpsc::UnboundedReceiver<Wish>> {
        self.ending.begin()?;
        let (sender, wishes) = mpsc::unbounded_channel();
        let _first_start = self.wishes.set(sender);
        Ok(wishes)
    }

    /// Asks a started upload to stop.
    pub(super) fn stop(&self, stop: Stop) -> Result<()> {
        let wishes = self.wishes.get().ok_or_else(not_started)?;
        self.order.origin.stop(stop);
        let _over_already = wishes.send(Wish::Stop(stop));
        Ok(())
    }

    /// A token of what there is, running or over.
    pub(super) fn resume_token(&self) -> Result<String> {
        let wishes = self.wishes.get().ok_or_else(not_started)?;
        let (sender, answer) = sync_channel(1);
        // Of a task that has ended the answer never comes: what it was to be answered by is gone.
        drop(wishes.send(Wish::Export(sender)));
        let token = match answer.recv() {
            Ok(record) => record.map(|record| token::encode(&record)),
            Err(_ended) => self.ending.wait_for_end().resume_token(),
        };
        token.ok_or_else(|| Error::new(Kind::InvalidState, "there is nothing on the server to go on from"))
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
        self.ending.tell(|observer| observer.progress());
    }

    /// Tells whoever found too little room in a stream, once there is something to tell.
    pub(super) fn tell_room(&self) {
        if self.order.origin.stream().is_some_and(|stream| stream.is_worth_a_try()) {
            self.ending.tell(|observer| observer.writable());
        }
    }

    /// Notes what goes wrong without stopping it.
    pub(super) fn warn(&self, warning: String) {
        self.diary.warns(&warning);
        self.warnings.lock().unwrap_or_else(PoisonError::into_inner).push(warning);
    }

    pub(super) fn take_warnings(&self) -> Vec<String> {
        std::mem::take(&mut *self.warnings.lock().unwrap_or_else(PoisonError::into_inner))
    }

    pub(super) fn set_checkpoint_file(&self, path: &Path) {
        let _set_before = self.checkpoint_file.set(path.to_owned());
    }

    /// Ends it, the first time that this is called, and has everybody told.
    pub(super) fn end(self: &Arc<Self>, ended: Ended) {
        // Without a lock: what is the host's may be given back by a function of its own.
        self.order.origin.close(ended.outcome.error.as_ref());
        // Whoever panics keeps nobody else from hearing of the end.
        let _told = panics::caught(|| self.tell_room());
        let finished = Finished {
            outcome: ended.outcome,
            retries: ended.retries,
            leftover: ended.leftover,
            elapsed: self.ending.started().map(|started| started.elapsed()).unwrap_or_default(),
            checkpoint_file: self.checkpoint_file.get().cloned(),
        };
        ending::end(self, finished);
    }

    /// Before anybody is told.
    pub(super) fn write_down_end(&self, finished: &Finished) {
        panics::may_come("end");
        self.diary.ended(finished);
    }
}

impl fmt::Debug for Live {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Live").field("order", &self.order).finish_non_exhaustive()
    }
}

pub(super) fn not_started() -> Error {
    Error::new(Kind::InvalidState, "the upload was not started")
}
