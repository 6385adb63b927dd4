//! What the file system says of a file.

/// A file as it was when it was asked for. Times are nanoseconds since 1970, UTC.
#[derive(Clone, Copy, Debug)]
pub struct Facts {
    /// Size in bytes.
    pub size: u64,
    /// Last change of the contents.
    pub modified: i64,
    /// Last change of contents or metadata.
    pub changed: i64,
    /// The device or volume that holds it; 0 when the file system does not say.
    pub device: u64,
    /// Its number there.
    pub index: u64,
    /// It is a regular file.
    pub is_file: bool,
    /// It is a directory.
    pub is_folder: bool,
}

impl Facts {
    /// Whether both are of one file.
    pub fn is_same_file(&self, other: &Self) -> bool {
        let is_same_device = self.device == other.device || self.device == 0 || other.device == 0;
        is_same_device && self.index == other.index
    }
}
