//! The names of what a request may ask for.

use serde::{Deserialize, Serialize};

/// An operation of the service, under the name that the service gives it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Operation {
    /// Makes a bucket.
    PutBucket,
    /// Tells about a bucket.
    GetBucketInfo,
    /// Lists the objects of a bucket.
    ListObjects,
    /// Stores an object in one request.
    PutObject,
    /// Reads an object or a range of it.
    GetObject,
    /// Reads the headers of an object.
    HeadObject,
    /// Reads the ACL of an object.
    GetObjectAcl,
    /// Deletes an object.
    DeleteObject,
    /// Begins a multipart upload.
    InitiateMultipartUpload,
    /// Stores one part.
    UploadPart,
    /// Lists the parts of an upload.
    ListParts,
    /// Lists the incomplete uploads of a bucket.
    ListMultipartUploads,
    /// Makes the object of its parts.
    CompleteMultipartUpload,
    /// Throws an upload and its parts away.
    AbortMultipartUpload,
    /// Something that this server does not offer.
    Other,
}
