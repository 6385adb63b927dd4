//! What is said in a client's log: every line there is, in one place. Neither credentials nor anything else that a request's
//! headers hold is ever handed to it.

use super::handle::Mention;
use super::live::Finished;
use super::order::Order;
use super::prepare::Prepared;
use super::shared::Shared;
use crate::error::{Error, Kind};
use crate::oss::request::Response;
use crate::process::log::{self, Level};
use crate::upload::event::{Event, Listing, Start, Stop};
use crate::upload::outcome::Outcome;
use crate::world::credentials::Witness;
use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// A client's log; a line may be about an upload.
pub type Log = log::Log<Mention>;

/// The log as seen from one upload, or from what belongs to none.
#[derive(Debug)]
pub(super) struct Diary {
    log: Log,
    upload: Option<(Mention, u64)>,
    /// What no line may repeat, though the server may say it.
    private: Vec<String>,
}

/// A request that was tried: `UploadPart of part 7, attempt 2`.
#[derive(Clone, Copy)]
pub(super) struct Attempt {
    pub(super) operation: &'static str,
    /// 0 when none is concerned.
    pub(super) part: u32,
    pub(super) number: u32,
}

/// When a request is tried again, and what was done about its failure.
#[derive(Clone, Copy)]
pub(super) enum Again {
    After(Duration),
    ByTheServersClock,
    WithNewerCredentials,
}

impl Diary {
    /// Of work that is no upload's.
    pub(super) fn of_client(log: Log) -> Self {
        Self { log, upload: None, private: Vec::new() }
    }

    /// The same, of an upload, which gets a number of its own.
    pub(super) fn of_upload(&self, upload: Mention, order: &Order) -> Self {
        static UPLOADS: AtomicU64 = AtomicU64::new(1);
        let log = self.log.clone();
        let private = if log.is_on(Level::Error) { order.private() } else { Vec::new() };
        Self { log, upload: Some((upload, UPLOADS.fetch_add(1, Ordering::Relaxed))), private }
    }

    pub(super) fn is_on(&self, level: Level) -> bool {
        self.log.is_on(level)
    }

    fn say(&self, level: Level, what: fmt::Arguments<'_>) {
        if !self.is_on(level) {
            return;
        }
        match &self.upload {
            Some((upload, number)) => {
                let what = format!("upload {number}: {what}");
                let what = self.private.iter().fold(what, |what, private| what.replace(private, "***"));
                self.log.say(level, Some(upload.clone()), what);
            }
            None => self.log.say(level, None, what),
        }
    }

    fn warn(&self, what: fmt::Arguments<'_>) {
        self.say(Level::Warn, what);
    }

    fn info(&self, what: fmt::Arguments<'_>) {
        self.say(Level::Info, what);
    }

    fn debug(&self, what: fmt::Arguments<'_>) {
        self.say(Level::Debug, what);
    }

    fn trace(&self, what: fmt::Arguments<'_>) {
        self.say(Level::Trace, what);
    }

    pub(super) fn begins(&self, order: &Order, shared: &Shared) {
        if !self.is_on(Level::Info) {
            return;
        }
        let host = shared.transport.host_for(&order.object.bucket);
        let (origin, key) = (&order.origin, &order.object.key);
        let version = env!("CARGO_PKG_VERSION");
        self.info(format_args!("begins, by ossup {version}: {origin} to {key} at {host}"));
    }

    /// What there is to go on from, and whether that is done.
    pub(super) fn prepared(&self, prepared: &Prepared) {
        let size = prepared.file.identity.size;
        match &prepared.start {
            Start::Fresh if prepared.file.stream.is_some() => {
                self.info(format_args!("there is nothing to go on from"));
            }
            Start::Fresh => self.info(format_args!("there is nothing to go on from; the file has {size} bytes")),
            Start::Discard { reason, upload_id } => {
                let (reason, id) = (reason.name(), upload_id.as_deref().unwrap_or("unknown"));
                self.info(format_args!("begins anew, {reason}: the multipart upload {id} is given up"));
            }
            Start::Continue { record, doubtful } => {
                let (parts, id) = (record.parts.len(), &record.header.upload_id);
                let but = if *doubtful { ", to be read again" } else { "" };
                self.info(format_args!("goes on by its record: {parts} parts of multipart upload {id}{but}"));
            }
            Start::Import { record, .. } => {
                let (parts, id) = (record.parts.len(), &record.header.upload_id);
                self.info(format_args!("goes on by a resume token: {parts} parts of multipart upload {id}"));
            }
        }
    }

    /// What happened, where no other line tells it.
    pub(super) fn happened(&self, event: &Event) {
        if !self.is_on(Level::Info) {
            return;
        }
        match event {
            Event::Begin(_) => {}
            Event::Stop(stop) => self.info(format_args!("is to {}", wish(*stop))),
            Event::Exported => self.info(format_args!("a resume token was given out")),
            Event::StreamSeen(Ok(Some(size))) => {
                self.info(format_args!("the stream ended with its first part, after {size} bytes"));
            }
            Event::StreamEnded(_, size) => self.debug(format_args!("the stream ended after {size} bytes")),
            Event::Found(Ok(ids)) => self.info(format_args!("OSS has {} incomplete uploads of the key", ids.len())),
            Event::Listed(Ok(Listing::Parts(parts))) => {
                self.info(format_args!("OSS has {} parts of it", parts.len()));
            }
            Event::Listed(Ok(Listing::Gone)) => {
                self.info(format_args!("OSS does not know the multipart upload any more"));
            }
            Event::Listed(Ok(Listing::Denied)) => self.info(format_args!("OSS may not be asked for its parts")),
            Event::Initiated(Ok(made)) => self.info(format_args!("multipart upload {} was opened", made.upload_id)),
            Event::Recorded(Ok(())) => self.debug(format_args!("the record was begun")),
            Event::PartSent(number, Ok(part)) => {
                self.trace(format_args!("part {number} is confirmed, {} bytes", part.size));
            }
            Event::PartSent(number, Err(error)) => self.debug(format_args!("part {number} ended: {error}")),
            Event::PartChecked(number, Ok(_)) => self.trace(format_args!("part {number} was read again")),
            Event::SourceChecked(Ok(_)) => self.debug(format_args!("the file was looked at again")),
            Event::Marked(_, Ok(())) => self.debug(format_args!("the record says that the object may be made")),
            Event::Completed(Ok(_), _) => self.debug(format_args!("OSS made the object of its parts")),
            Event::Put(put) if put.result.is_ok() => self.debug(format_args!("OSS made the object")),
            Event::Probed(Ok(Some(_))) => self.info(format_args!("the answer was lost: there is an object")),
            Event::Probed(Ok(None)) => self.info(format_args!("the answer was lost: there is no object")),
            Event::UploadAborted(Ok(())) => self.info(format_args!("the multipart upload was aborted")),
            Event::RecordClosed(Ok(())) => self.debug(format_args!("the record was closed")),
            // Of these a warning tells, or the end does.
            Event::Put(_)
            | Event::RecordFailed(_)
            | Event::StreamSeen(Ok(None) | Err(_))
            | Event::Found(Err(_))
            | Event::Listed(Err(_))
            | Event::Initiated(Err(_))
            | Event::Recorded(Err(_))
            | Event::PartChecked(_, Err(_))
            | Event::SourceChecked(Err(_))
            | Event::Marked(_, Err(_))
            | Event::Completed(Err(_), _)
            | Event::Probed(Err(_))
            | Event::UploadAborted(Err(_))
            | Event::RecordClosed(Err(_)) => {}
        }
    }

    /// Its turn has not come, as another upload has its record.
    pub(super) fn waits(&self, busy: &Error) {
        self.info(format_args!("waits for its record: {busy}"));
    }

    pub(super) fn tried(&self, attempt: Attempt, answer: Result<&Response, &Error>, took: Duration) {
        let took = took.as_millis();
        match answer {
            Ok(answer) => {
                let (status, id) = (answer.status, answer.request_id().unwrap_or("none"));
                self.debug(format_args!("{attempt}: status {status} after {took} ms, request id {id}"));
            }
            Err(error) => self.debug(format_args!("{attempt}: no answer after {took} ms: {error}")),
        }
    }

    pub(super) fn tries_again(&self, attempt: Attempt, error: &Error, again: Again) {
        self.warn(format_args!("{attempt} failed and is tried again {again}: {error}"));
    }

    pub(super) fn warns(&self, warning: &str) {
        self.warn(format_args!("{warning}"));
    }

    /// What nobody could have gone on from is gone, or is not.
    pub(super) fn gave_up(&self, upload_id: &str, gone: &Result<(), Error>) {
        match gone {
            Ok(()) => self.info(format_args!("multipart upload {upload_id} was aborted: nobody can go on from it")),
            Err(error) => self.warn(format_args!("multipart upload {upload_id} was left behind: {error}")),
        }
    }

    pub(super) fn ended(&self, finished: &Finished) {
        let Finished { outcome, retries, elapsed, .. } = finished;
        let level = match outcome.error.as_ref().map(Error::kind) {
            None | Some(Kind::Paused | Kind::Aborted) => Level::Info,
            Some(_) => Level::Error,
        };
        let (sum, ms) = (Sum(outcome), elapsed.as_millis());
        let id = outcome.request_id.as_deref().unwrap_or("none");
        match &outcome.error {
            None => self.say(level, format_args!("is done: {sum}, {retries} retries, {ms} ms, request id {id}")),
            Some(error) => {
                let (kind, status) = (error.kind(), error.kind() as i32);
                let and = if outcome.resumable { "can go on" } else { "cannot go on" };
                let end = format_args!("status {status} ({kind:?}), {and}");
                self.say(level, format_args!("ended with {end}: {sum}, {retries} retries, {ms} ms: {error}"));
            }
        }
    }
}

/// How many bytes there were, and what became of them.
struct Sum<'a>(&'a Outcome);

impl fmt::Display for Sum<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Outcome { bytes_total, bytes_reused, bytes_sent, parts_sent, reason, .. } = self.0;
        write!(f, "{bytes_total} bytes, {bytes_reused} of them reused and {bytes_sent} sent in {parts_sent} parts")?;
        reason.map_or(Ok(()), |reason| write!(f, ", begun anew for {}", reason.name()))
    }
}

impl fmt::Display for Attempt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.operation)?;
        if self.part > 0 {
            write!(f, " of part {}", self.part)?;
        }
        write!(f, ", attempt {}", self.number)
    }
}

impl fmt::Display for Again {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::After(pause) => write!(f, "after {} ms", pause.as_millis()),
            Self::ByTheServersClock => f.write_str("at once, by the server's clock"),
            Self::WithNewerCredentials => f.write_str("at once, with newer credentials"),
        }
    }
}

fn wish(stop: Stop) -> &'static str {
    match stop {
        Stop::Deadline => "pause, as its time is over",
        Stop::Pause => "pause",
        Stop::Leave => "pause, as the library is shut down",
        Stop::Abort => "abort",
    }
}

/// Tells of credentials: where they came from, never what they are.
impl Witness for Diary {
    fn fetched(&self, source: &str, expires: Option<i64>) {
        match expires {
            None => self.info(format_args!("credentials from {source}, without an end")),
            Some(end) => self.info(format_args!("credentials from {source}, until second {end} since 1970")),
        }
    }

    fn refused(&self, refusal: &Error, is_last: bool) {
        self.say(if is_last { Level::Warn } else { Level::Info }, format_args!("{refusal}"));
    }
}
