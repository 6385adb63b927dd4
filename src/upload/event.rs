//! What a state machine is told and what it says: events in, actions out.

use super::identity::Identity;
use super::journal::{Part, Record};
use super::outcome::{Held, Outcome, Reason};
use super::plan::Range;
use crate::error::{Error, Kind};
use crate::oss::api::complete::Completed;
use crate::oss::api::head::Head;
use crate::oss::api::list_parts::ListedPart;
use crate::oss::etag::ETag;

/// What there is to begin with.
#[derive(Clone, Debug)]
pub enum Start {
    /// No record.
    Fresh,
    /// A record that does not fit; its upload, if known, is given up.
    Discard {
        /// Why.
        reason: Reason,
        /// The upload to abort.
        upload_id: Option<String>,
    },
    /// A record that fits.
    Continue {
        /// The record.
        record: Box<Record>,
        /// The file may have changed unseen: what is reused must be read again.
        doubtful: bool,
    },
    /// What a resume token says of an upload, wherever that began; all that is reused must be read again.
    Import {
        /// The token's record.
        record: Box<Record>,
        /// The upload of a record that does not fit, to be aborted.
        abandoned: Option<String>,
    },
}

/// What the caller asks of a running upload.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stop {
    /// Its time is over: stop; keep what there is.
    Deadline,
    /// Stop; keep what there is.
    Pause,
    /// Stop for good; keep only what a record or a token can lead back to.
    Leave,
    /// Stop; leave nothing.
    Abort,
}

impl Stop {
    /// What the upload's error says of it.
    pub fn error(self) -> Error {
        match self {
            Self::Deadline => Error::new(Kind::DeadlineExceeded, "the upload was stopped at its deadline"),
            Self::Pause | Self::Leave => Error::new(Kind::Paused, "the upload was paused"),
            Self::Abort => Error::new(Kind::Aborted, "the upload was aborted"),
        }
    }
}

/// The server's parts, or why they are not to be had.
#[derive(Clone, Debug)]
pub enum Listing {
    /// What it has.
    Parts(Vec<ListedPart>),
    /// It does not know the upload.
    Gone,
    /// It may not be asked.
    Denied,
}

/// A multipart upload that was opened.
#[derive(Clone, Debug)]
pub struct Initiated {
    /// OSS's name for it.
    pub upload_id: String,
    /// What its object will bear, by which it is known again.
    pub stamp: Option<String>,
}

/// What happened.
#[derive(Clone, Debug)]
pub enum Event {
    /// The beginning.
    Begin(Start),
    /// The caller wants it to stop: what is under way should end soon, and nothing be tried again.
    Stop(Stop),
    /// A resume token was given out: from now on what the server has is somebody's.
    Exported,
    /// `AwaitStream` ended: the stream's length, if it is no longer than a part.
    StreamSeen(Result<Option<u64>, Error>),
    /// `SendPart` ended, as the stream had ended before this part, after so many bytes: there are no further parts.
    StreamEnded(u32, u64),
    /// `FindUploads` ended.
    Found(Result<Vec<String>, Error>),
    /// `ListParts` ended.
    Listed(Result<Listing, Error>),
    /// `Initiate` ended.
    Initiated(Result<Initiated, Error>),
    /// `WriteHeader` ended.
    Recorded(Result<(), Error>),
    /// `SendPart` ended.
    PartSent(u32, Result<Part, Error>),
    /// `CheckPart` ended with the CRC-64 of the file's bytes.
    PartChecked(u32, Result<u64, Error>),
    /// `JournalPart` failed.
    RecordFailed(Error),
    /// `CheckSource` ended.
    SourceChecked(Result<Identity, Error>),
    /// `MarkCompleting` ended, at this time of the server.
    Marked(i64, Result<(), Error>),
    /// `Complete` ended; the request id comes with it.
    Completed(Result<Completed, Error>, Option<String>),
    /// `PutObject` ended.
    Put(Put),
    /// `Probe` ended.
    Probed(Result<Option<Head>, Error>),
    /// `AbortUpload` ended.
    UploadAborted(Result<(), Error>),
    /// `SyncRecord` or `DeleteRecord` ended.
    RecordClosed(Result<(), Error>),
}

/// How an object went that was sent in one piece.
#[derive(Clone, Debug)]
pub struct Put {
    /// The server's time when it began, if the server has told the time.
    pub since: Option<i64>,
    /// The whole file as one part, if it was read to its end: else the object cannot be there.
    pub part: Option<Part>,
    /// The answer, or why there is none.
    pub result: Result<Completed, Error>,
    /// The answer's request id.
    pub request_id: Option<String>,
    /// What the object bears, if it is there.
    pub stamp: Option<String>,
}

impl Put {
    /// One that ended before anything was sent.
    pub fn never_sent(error: Error) -> Self {
        Self { since: None, part: None, result: Err(error), request_id: None, stamp: None }
    }
}

/// What is to be done.
#[derive(Clone, Debug)]
pub enum Action {
    /// Wait until it is known whether the stream ends within the first part. → `StreamSeen`
    AwaitStream,
    /// Ask for the open uploads of this object, the newest first. → `Found`
    FindUploads,
    /// Ask for all parts that the server has. → `Listed`
    ListParts {
        /// Of this upload.
        upload_id: String,
        /// None beyond this one is of interest.
        last: u32,
    },
    /// Open a multipart upload. → `Initiated`
    Initiate,
    /// Begin the record anew, synced. → `Recorded`
    WriteHeader(Box<Held>),
    /// Send one part, once it is there. → `PartSent`, or `StreamEnded` where the plan is open
    SendPart {
        /// From 1.
        number: u32,
        /// Its place in the file.
        range: Range,
        /// To this upload.
        upload_id: String,
    },
    /// Read one part of the file again, once it is there. → `PartChecked`
    CheckPart {
        /// From 1.
        number: u32,
        /// Its place in the file.
        range: Range,
    },
    /// Write down a part. → `RecordFailed`, if it fails
    JournalPart(Part),
    /// A part need not be read again: what comes once may forget it.
    LetGo(u32),
    /// Look at the file's identity again; wait until a stream was finished. → `SourceChecked`
    CheckSource,
    /// Write down, synced, that Complete is about to be sent. → `Marked`
    MarkCompleting,
    /// Make the object of the parts. → `Completed`
    Complete {
        /// Of this upload.
        upload_id: String,
        /// Number and ETag of every part of the plan.
        parts: Vec<(u32, ETag)>,
    },
    /// Send the whole file in one request, a stream once it was finished. → `Put`
    PutObject,
    /// Ask for the object. → `Probed`
    Probe,
    /// End every `SendPart`, `CheckPart` and `PutObject` at once; each still answers.
    StopParts,
    /// Give an upload up. → `UploadAborted`
    AbortUpload {
        /// This one.
        upload_id: String,
        /// Parts of it were cut off, which may arrive late: it is looked at afterwards.
        thoroughly: bool,
    },
    /// Make the record durable and let go of it. → `RecordClosed`
    SyncRecord,
    /// Delete the record and let go of it. → `RecordClosed`
    DeleteRecord,
    /// It is over.
    Finish(Box<Outcome>),
}
