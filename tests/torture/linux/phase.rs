//! How far an upload had come when it was killed.

use super::disk::Files;
use super::record;
use oss_server::{Entry, Operation};

/// Told by the requests of the run that was killed and by what it left.
pub(crate) fn of(requests: &[Entry], files: &Files, parts: u32) -> &'static str {
    use Operation::{
        AbortMultipartUpload, CompleteMultipartUpload, DeleteObject, GetBucketInfo, GetObject, GetObjectAcl,
        HeadObject, InitiateMultipartUpload, ListMultipartUploads, ListObjects, ListParts, Other, PutBucket, PutObject,
        UploadPart,
    };
    let Some(last) = requests.last() else { return "before the first request" };
    let has_all = record::of(files).is_some_and(|record| record::numbers(&record).len() == parts as usize);
    match last.operation {
        InitiateMultipartUpload if !last.answered => "at Initiate",
        InitiateMultipartUpload => "at the header",
        CompleteMultipartUpload if !last.answered => "at Complete",
        PutObject if !last.answered => "at PutObject",
        CompleteMultipartUpload | PutObject | HeadObject if files.is_empty() => "after the end",
        CompleteMultipartUpload | PutObject => "at the record's end",
        UploadPart | ListParts if has_all => "at the mark",
        UploadPart => "among parts",
        AbortMultipartUpload => "at Abort",
        ListParts | HeadObject => "at a look at the server",
        PutBucket | GetBucketInfo | ListObjects | GetObject | GetObjectAcl | DeleteObject | ListMultipartUploads
        | Other => "elsewhere",
    }
}
