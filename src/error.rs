//! What went wrong: one value that every layer adds to and none takes from.

use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;

/// A `Result` whose error is [`Error`].
pub type Result<T> = std::result::Result<T, Error>;

/// The cause, as a caller may want to branch on it. Its numbers are the C API's `ossup_status`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(i32)]
pub enum Kind {
    /// An argument is missing, malformed or out of range; the message names it.
    InvalidArgument = 10,
    /// The call does not fit the handle's state.
    InvalidState = 11,
    /// The call would wait for the very thread that it runs on.
    WouldDeadlock = 12,
    /// The time given for waiting is over; nothing else happened.
    TimedOut = 13,
    /// The process is a fork of the one that loaded the library.
    Forked = 14,
    /// The library was shut down.
    ShutDown = 15,

    /// The file to upload is missing, unreadable or no regular file.
    SourceUnreadable = 20,
    /// The file to upload changed while it was uploaded.
    SourceChanged = 21,
    /// The checkpoint cannot be written, read or locked.
    CheckpointUnusable = 22,
    /// Something that is not this upload's record is at the checkpoint's place.
    CheckpointForeign = 23,
    /// The record was written by a newer version.
    CheckpointTooNew = 24,
    /// Another upload holds the record.
    Busy = 25,
    /// The system refused threads, memory or file descriptors.
    NoResources = 26,
    /// No credentials could be had.
    NoCredentials = 27,

    /// No connection: name resolution, routing or a refusal.
    Unreachable = 30,
    /// A connection broke.
    ConnectionLost = 31,
    /// TLS could not be agreed on, or the certificate is not trusted.
    TlsFailed = 32,
    /// Nothing moved for too long.
    NetworkTimeout = 33,
    /// The answer is not what OSS answers.
    BadAnswer = 34,

    /// OSS refused, for a reason without a kind of its own.
    Service = 40,
    /// OSS refused the credentials, the signature or the permission.
    AccessDenied = 41,
    /// The bucket does not exist.
    NoSuchBucket = 42,
    /// The multipart upload does not exist any more.
    NoSuchUpload = 43,
    /// The object exists and must not be overwritten.
    AlreadyExists = 44,
    /// OSS is overloaded or limits the rate.
    Throttled = 45,
    /// What OSS holds is not what was sent.
    ChecksumMismatch = 46,
    /// The object is stored, the callback failed.
    CallbackFailed = 47,
    /// The object may be stored; it cannot be found out.
    Unconfirmed = 48,

    /// Paused, as asked for.
    Paused = 50,
    /// Aborted, as asked for.
    Aborted = 51,
    /// Stopped at its deadline, as asked for.
    DeadlineExceeded = 52,

    /// A defect of this library.
    Internal = 90,
}

/// An error with everything that a support ticket needs.
#[derive(Clone, Debug)]
pub struct Error(Box<Report>);

/// The fields of an [`Error`].
#[derive(Clone, Debug)]
pub struct Report {
    /// The cause.
    pub kind: Kind,
    /// One sentence; names the argument, file or host concerned.
    pub message: String,
    /// Trying again later may help.
    pub temporary: bool,
    /// The request may have been done all the same: one of its tries was sent, and no answer told what became of it.
    pub may_be_done: bool,
    /// What was being done, in OSS's words: `UploadPart`, `CompleteMultipartUpload`, …
    pub operation: Option<&'static str>,
    /// The part concerned; 0 when none.
    pub part_number: u32,
    /// How often it was tried; 0 when it was not tried at all.
    pub attempts: u32,
    /// The answer's HTTP status; 0 when there was no answer.
    pub http_status: u16,
    /// OSS's `Code`.
    pub oss_code: Option<String>,
    /// OSS's `EC`.
    pub ec: Option<String>,
    /// OSS's request id.
    pub request_id: Option<String>,
    /// The host that was spoken to.
    pub host: Option<String>,
    /// The operating system's error number; 0 when none.
    pub os_errno: i32,
    /// The error below this one.
    pub source: Option<Arc<dyn StdError + Send + Sync>>,
}

impl Error {
    /// An error of a kind, with its sentence.
    pub fn new(kind: Kind, message: impl Into<String>) -> Self {
        Self(Box::new(Report {
            kind,
            message: message.into(),
            temporary: false,
            may_be_done: false,
            operation: None,
            part_number: 0,
            attempts: 0,
            http_status: 0,
            oss_code: None,
            ec: None,
            request_id: None,
            host: None,
            os_errno: 0,
            source: None,
        }))
    }

    /// A refused argument.
    pub fn invalid_argument(message: impl Into<String>) -> Self {
        Self::new(Kind::InvalidArgument, message)
    }

    /// A failed call of the operating system.
    pub fn io(kind: Kind, message: impl Into<String>, source: std::io::Error) -> Self {
        let mut error = Self::new(kind, message);
        error.0.os_errno = source.raw_os_error().unwrap_or(0);
        error.with_source(source)
    }

    /// The cause.
    pub fn kind(&self) -> Kind {
        self.0.kind
    }

    /// All that is known.
    pub fn report(&self) -> &Report {
        &self.0
    }

    /// All that is known, for the layer that knows more.
    pub fn report_mut(&mut self) -> &mut Report {
        &mut self.0
    }

    /// What the operating system's refusal was, if it is one.
    pub fn io_kind(&self) -> Option<std::io::ErrorKind> {
        self.0.source.as_ref()?.downcast_ref::<std::io::Error>().map(std::io::Error::kind)
    }

    /// Says that trying again later may help.
    pub fn temporary(mut self) -> Self {
        self.0.temporary = true;
        self
    }

    /// Names the operation, unless a layer below did.
    pub fn during(mut self, operation: &'static str) -> Self {
        self.0.operation.get_or_insert(operation);
        self
    }

    /// Names the part.
    pub fn of_part(mut self, number: u32) -> Self {
        self.0.part_number = number;
        self
    }

    /// Hangs the error below this one.
    pub fn with_source(mut self, source: impl StdError + Send + Sync + 'static) -> Self {
        self.0.source = Some(Arc::new(source));
        self
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let report = self.report();
        if let Some(operation) = report.operation {
            f.write_str(operation)?;
            if report.part_number > 0 {
                write!(f, " of part {}", report.part_number)?;
            }
            f.write_str(": ")?;
        }
        f.write_str(&report.message)?;
        let mut below = self.source();
        while let Some(source) = below {
            write!(f, ": {source}")?;
            below = source.source();
        }
        if let Some(code) = &report.oss_code {
            write!(f, " (OSS code {code}")?;
            if let Some(id) = &report.request_id {
                write!(f, ", request id {id}")?;
            }
            f.write_str(")")?;
        } else if let Some(host) = &report.host {
            write!(f, " (host {host})")?;
        }
        Ok(())
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source.as_deref().map(|source| source as _)
    }
}

/// What a panic said.
pub fn panic_text(payload: &(dyn std::any::Any + Send)) -> String {
    let text = payload.downcast_ref::<&str>().copied().or_else(|| payload.downcast_ref::<String>().map(String::as_str));
    format!("a panic in the library: {}", text.unwrap_or("without a text"))
}
