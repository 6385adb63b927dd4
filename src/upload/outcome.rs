//! What a finished upload did.

use super::identity::Identity;
use super::journal::Part;
use super::plan::Plan;
use crate::error::Error;

/// Why an upload began anew although there was something to resume.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// The file is not the one that the record speaks of.
    SourceChanged,
    /// An option that Initiate fixed has another value now.
    OptionsChanged,
    /// The record could not be read.
    RecordDamaged,
    /// OSS no longer knows the upload.
    UploadGone,
    /// OSS would not complete the parts that it had.
    PartsRejected,
}

impl Reason {
    /// A stable name.
    pub fn name(self) -> &'static str {
        match self {
            Self::SourceChanged => "SOURCE_CHANGED",
            Self::OptionsChanged => "OPTIONS_CHANGED",
            Self::RecordDamaged => "RECORD_DAMAGED",
            Self::UploadGone => "UPLOAD_GONE",
            Self::PartsRejected => "PARTS_REJECTED",
        }
    }
}

/// What the server has of an upload, as far as we know: enough to go on from, here or elsewhere.
#[derive(Clone, Debug)]
pub struct Held {
    /// OSS's name for the upload.
    pub upload_id: String,
    /// How the file is cut.
    pub plan: Plan,
    /// Which file it is.
    pub source: Identity,
    /// What the object will bear.
    pub stamp: Option<String>,
    /// The parts that are there.
    pub parts: Vec<Part>,
    /// OSS's time just before Complete was first sent.
    pub completing: Option<i64>,
}

/// What became of an upload, success or not.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    /// Why it is not a success.
    pub error: Option<Error>,
    /// Something of an earlier run was used.
    pub resumed: bool,
    /// Why it began anew.
    pub reason: Option<Reason>,
    /// It can go on: by the same request where a record was kept, else by a resume token.
    pub resumable: bool,
    /// Complete's answer was lost and the object was found to be ours.
    pub confirmed_by_probe: bool,
    /// What went wrong without stopping the upload.
    pub warnings: Vec<String>,
    /// Parts in the plan.
    pub parts_total: u32,
    /// Parts that an earlier run sent.
    pub parts_reused: u32,
    /// Parts that this run sent.
    pub parts_sent: u32,
    /// The file's size.
    pub bytes_total: u64,
    /// Bytes of reused parts.
    pub bytes_reused: u64,
    /// Bytes of sent parts.
    pub bytes_sent: u64,
    /// OSS's name for the multipart upload.
    pub upload_id: Option<String>,
    /// The object's ETag.
    pub etag: Option<String>,
    /// The object's CRC-64.
    pub crc64: Option<u64>,
    /// The object's version.
    pub version_id: Option<String>,
    /// The request that made the object.
    pub request_id: Option<String>,
    /// What the app server answered to OSS's callback.
    pub callback_body: Option<Vec<u8>>,
}
