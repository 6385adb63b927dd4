//! Before the first request: the file is opened, the record found, and the two are compared. Blocks.

use super::order::Order;
use super::origin::Origin;
use crate::error::{Error, Kind, Result};
use crate::process::pool::Lane;
use crate::upload::event::Start;
use crate::upload::identity::{Fit, Identity};
use crate::upload::journal::{Found, Record};
use crate::upload::outcome::Reason;
use crate::upload::plan::{Plan, Range};
use crate::world::body::{Reading, WINDOW};
use crate::world::checkpoint::{self, Checkpoint, is_for_want_of_room};
use crate::world::source::{FileSource, Pushed, Source, StreamSource};
use std::sync::Arc;

/// Threads that read one file.
const READERS: usize = 4;

/// The file, and how it is read.
#[derive(Clone, Debug)]
pub(super) struct Opened {
    pub(super) source: Arc<dyn Source>,
    pub(super) reads: Lane,
    pub(super) identity: Identity,
    /// All of a small file.
    pub(super) first: Option<Arc<Reading>>,
    /// The source, where it comes piece by piece.
    pub(super) stream: Option<Arc<StreamSource>>,
}

impl Opened {
    /// Waits until what the host pushes is there. What is no stream is there.
    pub(super) async fn pushed(&self, range: Range) -> Result<Pushed> {
        match &self.stream {
            Some(stream) => stream.part(range).await,
            None => Ok(Pushed::There(range)),
        }
    }

    /// Waits until the end is known.
    pub(super) async fn ended(&self) -> Result<Self> {
        let Some(stream) = &self.stream else { return Ok(self.clone()) };
        Ok(Self { identity: Identity::of_bytes(stream.end().await?), ..self.clone() })
    }
}

#[derive(Debug)]
pub(super) struct Prepared {
    pub(super) file: Opened,
    pub(super) plan: Plan,
    pub(super) checkpoint: Option<Checkpoint>,
    pub(super) start: Start,
    pub(super) warnings: Vec<String>,
}

/// Why an upload did not begin, and whether a record says that a later run can go on all the same.
#[derive(Debug)]
pub(super) struct Refused {
    pub(super) error: Error,
    pub(super) resumable: bool,
}

impl From<Error> for Refused {
    fn from(error: Error) -> Self {
        Self { error, resumable: false }
    }
}

pub(super) fn prepare(order: &Order) -> std::result::Result<Prepared, Refused> {
    opened(order).map_err(|error| Refused { error, resumable: is_resumable(order) })
}

/// Whether a record says that a later run can go on.
pub(super) fn is_resumable(order: &Order) -> bool {
    order.place.as_ref().is_some_and(|place| checkpoint::is_kept(place, &order.object))
}

/// Whether there is a token, or a file where the record should be: an earlier run may have left something.
pub(super) fn leads_anywhere(order: &Order) -> bool {
    let has_record = |place| checkpoint::is_there(place, &order.object);
    order.token.is_some() || order.place.as_ref().is_some_and(has_record)
}

fn opened(order: &Order) -> Result<Prepared> {
    let (source, identity) = source(&order.origin)?;
    let plan = match order.origin.is_open() {
        true => Plan::open(order.part_size),
        false => Plan::choose(identity.size, order.part_size, order.most_tasks())?,
    };
    let opened = order.place.as_ref().map(|place| checkpoint::open(place, &order.object, source.as_ref()));
    let (checkpoint, found, warning) = match opened {
        None => (None, Found::Empty, None),
        Some(Ok((checkpoint, found))) => (Some(checkpoint), found, None),
        // A full disk is no reason not to save what is on it.
        Some(Err(error)) if is_for_want_of_room(&error) => {
            (None, Found::Empty, Some(format!("no checkpoint is kept, so this upload cannot be resumed: {error}")))
        }
        Some(Err(error)) => return Err(error),
    };
    if let Some(checkpoint) = &checkpoint
        && order.require_lock
        && !checkpoint.is_locked()
    {
        let path = checkpoint.path().display();
        let message = format!("CheckpointFile: {path} cannot be locked here, and a lock is required");
        return Err(Error::new(Kind::CheckpointUnusable, message));
    }
    let mut warnings = Vec::from_iter(warning);
    if matches!(found, Found::Damaged(_)) {
        warnings.push("the checkpoint was damaged: the upload that it spoke of may be left on the server".to_owned());
    }
    let start = compare(found, &identity, &order.options);
    let is_blank = matches!(start, Start::Fresh);
    let imported = match &order.token {
        Some(record) => import(record, start, &identity, &order.options),
        None => Ok(start),
    };
    let start = match imported {
        Ok(start) => start,
        Err(error) => {
            // What was only made to be locked is not left lying about.
            let _error_enough = checkpoint.filter(|_| is_blank).map(Checkpoint::delete);
            return Err(error);
        }
    };
    warnings.extend(order.token.as_ref().and_then(|token| passed_over(token, &start)));
    let unsettled = match (&checkpoint, &start) {
        // A power cut may still take the record that is gone on with.
        (Some(checkpoint), Start::Continue { .. }) => checkpoint.settle().err(),
        (Some(_) | None, _) => None,
    };
    warnings.extend(unsettled.map(|error| format!("the checkpoint could not be written: {error}")));
    let reads = Lane::new(READERS);
    let first = matches!(start, Start::Fresh).then(|| prefetched(order, &source, &reads, identity)).flatten();
    let file = Opened { source, reads, identity, first, stream: order.origin.stream().cloned() };
    Ok(Prepared { file, plan, checkpoint, start, warnings })
}

fn source(origin: &Origin) -> Result<(Arc<dyn Source>, Identity)> {
    Ok(match origin {
        Origin::File(path) => {
            let file = FileSource::open(path)?;
            let identity = file.identity();
            (Arc::new(file), identity)
        }
        Origin::Memory(memory) => (Arc::clone(memory) as _, memory.look()?),
        Origin::Stream(stream) => (Arc::clone(stream) as _, stream.look()?),
    })
}

/// A small file, read and proven while the disk is being asked anyway.
fn prefetched(order: &Order, source: &Arc<dyn Source>, reads: &Lane, identity: Identity) -> Option<Arc<Reading>> {
    let is_there = order.origin.stream().is_none();
    let goes_whole = is_there && !order.force_multipart && (1..=WINDOW as u64).contains(&identity.size);
    goes_whole.then(|| {
        let reading = Reading::whole(Arc::clone(source), reads.clone(), identity);
        reading.prefetch();
        reading
    })
}

/// What the record is worth to this file and these options.
fn compare(found: Found, now: &Identity, options: &str) -> Start {
    let record = match found {
        Found::Empty | Found::Blank(_) | Found::Foreign | Found::TooNew(_) => return Start::Fresh,
        Found::Damaged(_) => return Start::Discard { reason: Reason::RecordDamaged, upload_id: None },
        Found::Record { record, .. } => record,
    };
    let discard = |reason, record: Box<Record>| Start::Discard { reason, upload_id: Some(record.header.upload_id) };
    match record.header.source.fit_of_earlier_run(now) {
        Fit::Changed => discard(Reason::SourceChanged, record),
        Fit::Same | Fit::Doubtful if record.header.options != options => discard(Reason::OptionsChanged, record),
        fit @ (Fit::Same | Fit::Doubtful) => Start::Continue { record, doubtful: fit == Fit::Doubtful },
    }
}

/// A record that fits knows more than the token that it came from. Nothing is lost over a token that does not fit: that
/// is an error.
fn import(token: &Record, start: Start, now: &Identity, options: &str) -> Result<Start> {
    let abandoned = match start {
        Start::Continue { .. } | Start::Import { .. } => return Ok(start),
        Start::Discard { upload_id, .. } => upload_id,
        Start::Fresh => None,
    };
    let record = Box::new(token.clone());
    if record.header.source.fit_of_copy(now) == Fit::Changed {
        let size = record.header.source.size;
        let message = format!("the resume token is of {size} bytes, and the source has {}", now.size);
        return Err(Error::new(Kind::SourceChanged, message));
    }
    if record.header.options != options {
        let message = "the resume token is of an upload with other options of the object, which are fixed";
        return Err(Error::invalid_argument(message));
    }
    let abandoned = abandoned.filter(|upload_id| *upload_id != record.header.upload_id);
    Ok(Start::Import { record, abandoned })
}

/// A token that is not needed may be of another upload than the record, and that one stays where it is.
fn passed_over(token: &Record, start: &Start) -> Option<String> {
    let theirs = &token.header.upload_id;
    match start {
        Start::Continue { record, .. } if record.header.upload_id != *theirs => {
            Some(format!("the checkpoint goes before the resume token, whose upload {theirs} stays on the server"))
        }
        Start::Continue { .. } | Start::Import { .. } | Start::Discard { .. } | Start::Fresh => None,
    }
}
