//! What OSS allows, in one table.

/// Parts of one upload; also the highest part number.
pub const MAX_PARTS: u32 = 10_000;
/// Bytes of every part but the last.
pub const MIN_PART_SIZE: u64 = 100 * 1024;
/// Bytes of one part.
pub const MAX_PART_SIZE: u64 = 5 * 1024 * 1024 * 1024;
/// Bytes of an object sent in one piece.
pub const MAX_PUT_SIZE: u64 = 5 * 1024 * 1024 * 1024;
/// Bytes of an object that we send in one piece: what a failure costs, and what is read twice when the file was just
/// written, stays small.
pub const MAX_SMALL_OBJECT: u64 = 100 * 1024 * 1024;
/// Bytes of an object sent in parts.
pub const MAX_OBJECT_SIZE: u64 = MAX_PARTS as u64 * MAX_PART_SIZE;

/// Characters of a bucket's name, at least.
pub const MIN_BUCKET_NAME: usize = 3;
/// Characters of a bucket's name, at most.
pub const MAX_BUCKET_NAME: usize = 63;
/// Bytes of an object's key.
pub const MAX_KEY: usize = 1023;
/// Bytes of all user metadata of an object, names with their prefix and values: 8 KiB are too many.
pub const MAX_METADATA: usize = 8 * 1024 - 1;
/// Tags of an object.
pub const MAX_TAGS: usize = 10;
/// Characters of a tag's key.
pub const MAX_TAG_KEY: usize = 128;
/// Characters of a tag's value.
pub const MAX_TAG_VALUE: usize = 256;

/// Entries of one page of a listing.
pub const LIST_PAGE: u32 = 1000;

/// Addresses of one callback, tried in order.
pub const MAX_CALLBACK_URLS: usize = 5;

/// Seconds that a request's date may differ from the server's.
pub const MAX_CLOCK_SKEW: i64 = 15 * 60;
/// Seconds that an address presigned with V4 may live.
pub const MAX_PRESIGN_LIFETIME: u32 = 7 * 24 * 60 * 60;
