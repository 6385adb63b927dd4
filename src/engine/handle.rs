//! One upload, as its caller sees it.

use super::exchange::Line;
use super::live::{Ended, Finished, Live, Observer, not_started};
use super::order::Order;
use super::pushing::Pushing;
use super::shared::Shared;
use super::{run, running};
use crate::error::{Error, Kind, Result};
use crate::process::{callbacks, orphan, panics, runtime};
use crate::upload::cap::check_limit;
use crate::upload::event::Stop;
use crate::upload::progress::Progress;
use crate::world::source::StreamSource;
use std::sync::{Arc, Weak};
use std::time::{Duration, Instant};
use tokio::sync::watch;

/// One upload: running, to be run, or over.
#[derive(Clone, Debug)]
pub struct Upload {
    shared: Arc<Shared>,
    live: Arc<Live>,
    /// Counts as one who may push it.
    _pushing: Option<Arc<Pushing>>,
}

/// An upload that is not kept alive.
#[derive(Clone, Debug)]
pub struct WeakUpload {
    shared: Arc<Shared>,
    live: Weak<Live>,
}

/// An upload of which somebody speaks. Nothing is kept alive by that, not even its client.
#[derive(Clone, Debug)]
pub struct Mention {
    shared: Weak<Shared>,
    live: Weak<Live>,
}

impl Upload {
    pub(super) fn new(shared: Arc<Shared>, order: Order) -> Self {
        let live = Arc::new_cyclic(|live| {
            let mention = Mention { shared: Arc::downgrade(&shared), live: live.clone() };
            let diary = shared.diary.of_upload(mention, &order);
            Live::new(order, diary)
        });
        Self { shared, _pushing: Pushing::new(&live), live }
    }

    /// Another handle.
    fn of(shared: Arc<Shared>, live: Arc<Live>) -> Self {
        Self { shared, _pushing: live.pushing(), live }
    }

    /// Adds somebody who is told. Only before the start.
    pub fn observe(&self, observer: Arc<dyn Observer>) -> Result<()> {
        self.live.ending().observe(observer)
    }

    /// Begins, or goes on where an earlier upload of the same request stopped. Returns at once.
    pub fn start(&self) -> Result<()> {
        let runtime = runtime::handle()?;
        let wishes = running::begin(&self.live, &self.shared)?;
        let (hurry, hurried) = watch::channel(false);
        let line = Line::new(Arc::clone(&self.shared), self.live.order.task_num, hurried);
        let line = line.capped_by(Arc::clone(&self.live.limit)).told_in(Arc::clone(&self.live.diary));
        self.live.diary.begins(&self.live.order, &self.shared);
        let work = run::run(line, Arc::clone(&self.live), hurry, wishes);
        let unfinished = Unfinished(Arc::clone(&self.live));
        runtime.spawn(async move {
            let ended = panics::caught_in(work).await.unwrap_or_else(Ended::failed);
            unfinished.0.end(ended.blamed());
        });
        Ok(())
    }

    /// Stops; what was sent and the record stay, so that the same request can go on. Returns at once, and does
    /// nothing to an upload that is over.
    pub fn pause(&self) -> Result<()> {
        running::stop(&self.live, Stop::Pause)
    }

    /// Stops; nothing stays, neither on the server nor here. Returns at once, and does nothing to an upload that
    /// is over.
    pub fn abort(&self) -> Result<()> {
        running::stop(&self.live, Stop::Abort)
    }

    /// The bytes per second that may be sent from now on, before the start or later; 0 is no cap.
    pub fn set_bandwidth_limit(&self, bytes_per_second: u64) -> Result<()> {
        check_limit(bytes_per_second)?;
        self.live.limit.set(bytes_per_second);
        Ok(())
    }

    /// Whether its bytes have to be pushed.
    pub fn is_stream(&self) -> bool {
        self.live.order.origin.stream().is_some()
    }

    /// Pushes bytes of a stream, waiting for room; returns how many were taken, whatever stopped it. Without a timeout it
    /// waits for as long as the upload goes on.
    pub fn write(&self, bytes: &[u8], timeout: Option<Duration>) -> (usize, Result<()>) {
        let stream = match self.pushed() {
            Ok(stream) => stream,
            Err(error) => return (0, Err(error)),
        };
        if callbacks::is_this_thread() && timeout != Some(Duration::ZERO) {
            let (written, result) = stream.write(bytes, Some(Instant::now()));
            return (written, result.map_err(no_waiting_here));
        }
        stream.write(bytes, timeout.and_then(|timeout| Instant::now().checked_add(timeout)))
    }

    /// Says that the stream is complete: only then its object is made.
    pub fn finish(&self) -> Result<()> {
        self.pushed()?.finish()
    }

    fn pushed(&self) -> Result<&StreamSource> {
        orphan::refuse()?;
        if self.live.ending().started().is_none() {
            return Err(not_started());
        }
        let no_stream = || Error::new(Kind::InvalidState, "what the upload sends is no stream");
        self.live.order.origin.stream().map(Arc::as_ref).ok_or_else(no_stream)
    }

    /// Waits until the upload is over and everybody was told; `None` when the time is over first.
    pub fn wait(&self, timeout: Option<Duration>) -> Result<Option<Arc<Finished>>> {
        orphan::refuse()?;
        if callbacks::is_this_thread() {
            let message = "the upload's end is told on this very thread: waiting here would be for ever";
            return Err(Error::new(Kind::WouldDeadlock, message));
        }
        if self.live.ending().started().is_none() {
            return Err(not_started());
        }
        Ok(self.live.ending().wait_until(timeout.and_then(|timeout| Instant::now().checked_add(timeout))))
    }

    /// A token of what the server has by now, to go on with elsewhere or without a record: at any time between the
    /// opening of the multipart upload and its end, and afterwards when it was paused or failed and can go on. Whoever
    /// asks answers for what is on the server: it is kept when the upload is paused or fails. Waits for the upload's task
    /// for a moment, so no [`Observer`] may ask.
    pub fn resume_token(&self) -> Result<String> {
        orphan::refuse()?;
        self.live.resume_token()
    }

    /// How far it is.
    pub fn progress(&self) -> Progress {
        self.live.progress()
    }

    /// Whether it is over.
    pub fn is_done(&self) -> bool {
        self.finished().is_some()
    }

    /// What it did, once it is over.
    pub fn finished(&self) -> Option<Arc<Finished>> {
        self.live.ending().finished()
    }

    /// The same upload, not kept alive.
    pub fn downgrade(&self) -> WeakUpload {
        WeakUpload { shared: Arc::clone(&self.shared), live: Arc::downgrade(&self.live) }
    }
}

impl WeakUpload {
    /// The upload, if it is still there.
    pub fn get(&self) -> Option<Upload> {
        Some(Upload::of(Arc::clone(&self.shared), self.live.upgrade()?))
    }

    /// The same, of which nothing is kept alive.
    pub fn mention(&self) -> Mention {
        Mention { shared: Arc::downgrade(&self.shared), live: self.live.clone() }
    }
}

impl Mention {
    /// The upload, if it is still there.
    pub fn get(&self) -> Option<Upload> {
        Some(Upload::of(self.shared.upgrade()?, self.live.upgrade()?))
    }
}

/// Where the host's functions run, nothing is waited for that these might have to bring about.
fn no_waiting_here(error: Error) -> Error {
    if error.kind() != Kind::TimedOut {
        return error;
    }
    Error::new(Kind::WouldDeadlock, "there is no room for the rest of the bytes, and a callback cannot wait for it")
}

/// Sees to it that a started upload ends, whatever happens to its tasks.
struct Unfinished(Arc<Live>);

impl Drop for Unfinished {
    fn drop(&mut self) {
        self.0.end(Ended::failed(runtime::shut_down()));
    }
}
