//! What a call returns.

use crate::error::Kind;

/// The version of the binary interface. Compare it with ossup_abi_version() before the first other call.
pub const OSSUP_ABI_VERSION: u32 = 1;

/// What a call, or an upload, came to. 0 is success; the tens say where the cause lies: the caller, this
/// machine, the network, the service, the caller's wish, a defect. Values are never reused; take those that
/// you do not know for failures.
#[repr(i32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ossup_status {
    /// Success.
    OSSUP_OK = 0,

    /// An argument is NULL, malformed or out of range; the message names it.
    OSSUP_INVALID_ARGUMENT = 10,
    /// The call does not fit the handle's state.
    OSSUP_INVALID_STATE = 11,
    /// The call would wait for the very thread that it runs on.
    OSSUP_WOULD_DEADLOCK = 12,
    /// The time given for waiting is over; nothing else happened.
    OSSUP_TIMED_OUT = 13,
    /// The process is a fork of the one that uses the library.
    OSSUP_FORKED = 14,
    /// The library was shut down.
    OSSUP_SHUT_DOWN = 15,

    /// The file to upload is missing, unreadable or no regular file.
    OSSUP_SOURCE_UNREADABLE = 20,
    /// The file to upload changed while it was uploaded; no object was made of it.
    OSSUP_SOURCE_CHANGED = 21,
    /// The checkpoint cannot be read, written or locked.
    OSSUP_CHECKPOINT_UNUSABLE = 22,
    /// Something else than this upload's record is at the checkpoint's place; it was left as it is.
    OSSUP_CHECKPOINT_FOREIGN = 23,
    /// The record was written by a newer version; it was left as it is.
    OSSUP_CHECKPOINT_TOO_NEW = 24,
    /// Another upload holds the record.
    OSSUP_BUSY = 25,
    /// The system refused threads, memory or file descriptors.
    OSSUP_NO_RESOURCES = 26,
    /// No credentials could be had; the message says what each source answered.
    OSSUP_NO_CREDENTIALS = 27,

    /// No connection: name resolution, routing or a refusal.
    OSSUP_UNREACHABLE = 30,
    /// A connection broke.
    OSSUP_CONNECTION_LOST = 31,
    /// TLS could not be agreed on, or the certificate is not trusted.
    OSSUP_TLS_FAILED = 32,
    /// Nothing moved for too long.
    OSSUP_NETWORK_TIMEOUT = 33,
    /// The answer is not what OSS answers.
    OSSUP_BAD_ANSWER = 34,

    /// OSS refused, for a reason without a status of its own: see the error's OSS code.
    OSSUP_SERVICE_ERROR = 40,
    /// OSS refused the credentials, the signature or the permission.
    OSSUP_ACCESS_DENIED = 41,
    /// The bucket does not exist.
    OSSUP_NO_SUCH_BUCKET = 42,
    /// OSS keeps losing the multipart upload.
    OSSUP_NO_SUCH_UPLOAD = 43,
    /// The object exists and must not be overwritten.
    OSSUP_ALREADY_EXISTS = 44,
    /// OSS is overloaded or limits the rate.
    OSSUP_THROTTLED = 45,
    /// What OSS holds is not what was sent.
    OSSUP_CHECKSUM_MISMATCH = 46,
    /// The object is stored, but the callback to the application server failed.
    OSSUP_CALLBACK_FAILED = 47,
    /// The answer to the last request was lost, and whether the object is stored cannot be found out.
    OSSUP_UNCONFIRMED = 48,

    /// Paused, as asked for.
    OSSUP_PAUSED = 50,
    /// Aborted, as asked for.
    OSSUP_ABORTED = 51,
    /// Stopped at its deadline, as asked for; what there is was kept, as by a pause.
    OSSUP_DEADLINE_EXCEEDED = 52,

    /// A defect of the library.
    OSSUP_INTERNAL = 90,
}

use ossup_status::*;

/// Every status with its name.
const NAMES: [(ossup_status, &std::ffi::CStr); 33] = [
    (OSSUP_OK, c"OK"),
    (OSSUP_INVALID_ARGUMENT, c"INVALID_ARGUMENT"),
    (OSSUP_INVALID_STATE, c"INVALID_STATE"),
    (OSSUP_WOULD_DEADLOCK, c"WOULD_DEADLOCK"),
    (OSSUP_TIMED_OUT, c"TIMED_OUT"),
    (OSSUP_FORKED, c"FORKED"),
    (OSSUP_SHUT_DOWN, c"SHUT_DOWN"),
    (OSSUP_SOURCE_UNREADABLE, c"SOURCE_UNREADABLE"),
    (OSSUP_SOURCE_CHANGED, c"SOURCE_CHANGED"),
    (OSSUP_CHECKPOINT_UNUSABLE, c"CHECKPOINT_UNUSABLE"),
    (OSSUP_CHECKPOINT_FOREIGN, c"CHECKPOINT_FOREIGN"),
    (OSSUP_CHECKPOINT_TOO_NEW, c"CHECKPOINT_TOO_NEW"),
    (OSSUP_BUSY, c"BUSY"),
    (OSSUP_NO_RESOURCES, c"NO_RESOURCES"),
    (OSSUP_NO_CREDENTIALS, c"NO_CREDENTIALS"),
    (OSSUP_UNREACHABLE, c"UNREACHABLE"),
    (OSSUP_CONNECTION_LOST, c"CONNECTION_LOST"),
    (OSSUP_TLS_FAILED, c"TLS_FAILED"),
    (OSSUP_NETWORK_TIMEOUT, c"NETWORK_TIMEOUT"),
    (OSSUP_BAD_ANSWER, c"BAD_ANSWER"),
    (OSSUP_SERVICE_ERROR, c"SERVICE_ERROR"),
    (OSSUP_ACCESS_DENIED, c"ACCESS_DENIED"),
    (OSSUP_NO_SUCH_BUCKET, c"NO_SUCH_BUCKET"),
    (OSSUP_NO_SUCH_UPLOAD, c"NO_SUCH_UPLOAD"),
    (OSSUP_ALREADY_EXISTS, c"ALREADY_EXISTS"),
    (OSSUP_THROTTLED, c"THROTTLED"),
    (OSSUP_CHECKSUM_MISMATCH, c"CHECKSUM_MISMATCH"),
    (OSSUP_CALLBACK_FAILED, c"CALLBACK_FAILED"),
    (OSSUP_UNCONFIRMED, c"UNCONFIRMED"),
    (OSSUP_PAUSED, c"PAUSED"),
    (OSSUP_ABORTED, c"ABORTED"),
    (OSSUP_DEADLINE_EXCEEDED, c"DEADLINE_EXCEEDED"),
    (OSSUP_INTERNAL, c"INTERNAL"),
];

/// The name of a number that C calls a status.
pub(super) fn name(status: i32) -> &'static std::ffi::CStr {
    let known = NAMES.iter().find(|(known, _)| *known as i32 == status);
    known.map_or(c"UNKNOWN", |(_, name)| name)
}

impl From<Kind> for ossup_status {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::InvalidArgument => OSSUP_INVALID_ARGUMENT,
            Kind::InvalidState => OSSUP_INVALID_STATE,
            Kind::WouldDeadlock => OSSUP_WOULD_DEADLOCK,
            Kind::TimedOut => OSSUP_TIMED_OUT,
            Kind::Forked => OSSUP_FORKED,
            Kind::ShutDown => OSSUP_SHUT_DOWN,
            Kind::SourceUnreadable => OSSUP_SOURCE_UNREADABLE,
            Kind::SourceChanged => OSSUP_SOURCE_CHANGED,
            Kind::CheckpointUnusable => OSSUP_CHECKPOINT_UNUSABLE,
            Kind::CheckpointForeign => OSSUP_CHECKPOINT_FOREIGN,
            Kind::CheckpointTooNew => OSSUP_CHECKPOINT_TOO_NEW,
            Kind::Busy => OSSUP_BUSY,
            Kind::NoResources => OSSUP_NO_RESOURCES,
            Kind::NoCredentials => OSSUP_NO_CREDENTIALS,
            Kind::Unreachable => OSSUP_UNREACHABLE,
            Kind::ConnectionLost => OSSUP_CONNECTION_LOST,
            Kind::TlsFailed => OSSUP_TLS_FAILED,
            Kind::NetworkTimeout => OSSUP_NETWORK_TIMEOUT,
            Kind::BadAnswer => OSSUP_BAD_ANSWER,
            Kind::Service => OSSUP_SERVICE_ERROR,
            Kind::AccessDenied => OSSUP_ACCESS_DENIED,
            Kind::NoSuchBucket => OSSUP_NO_SUCH_BUCKET,
            Kind::NoSuchUpload => OSSUP_NO_SUCH_UPLOAD,
            Kind::AlreadyExists => OSSUP_ALREADY_EXISTS,
            Kind::Throttled => OSSUP_THROTTLED,
            Kind::ChecksumMismatch => OSSUP_CHECKSUM_MISMATCH,
            Kind::CallbackFailed => OSSUP_CALLBACK_FAILED,
            Kind::Unconfirmed => OSSUP_UNCONFIRMED,
            Kind::Paused => OSSUP_PAUSED,
            Kind::Aborted => OSSUP_ABORTED,
            Kind::DeadlineExceeded => OSSUP_DEADLINE_EXCEEDED,
            Kind::Internal => OSSUP_INTERNAL,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_numbers_are_the_rust_apis() {
        for kind in
            [Kind::InvalidArgument, Kind::Busy, Kind::BadAnswer, Kind::Unconfirmed, Kind::Paused, Kind::Internal]
        {
            assert_eq!(ossup_status::from(kind) as i32, kind as i32);
        }
    }

    #[test]
    fn unknown_numbers_have_a_name_too() {
        assert_eq!(name(0), c"OK");
        assert_eq!(name(90), c"INTERNAL");
        assert_eq!(name(-1), c"UNKNOWN");
    }
}
