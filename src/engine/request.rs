//! What is to be uploaded, and how.

mod object;

use super::origin::Named;
use crate::error::{Error, Result};
use crate::oss::callback::Callback;
use crate::oss::limits;
use crate::oss::names::{check_bucket_name, check_key};
use crate::oss::options::Tags;
use crate::upload::cap::check_limit;
use crate::upload::plan::check_part_size;
use bytes::Bytes;
use std::path::{Path, PathBuf};
use std::time::Duration;

const MAX_TASK_NUM: u32 = 1000;

/// The parameters of one upload: a value, to be used as often as one likes. Starting the same request again
/// is how an upload is resumed.
#[derive(Clone, Debug)]
pub struct Request {
    pub(super) bucket_name: Option<String>,
    pub(super) key: Option<String>,
    pub(super) source: Option<Named>,
    pub(super) task_num: u32,
    /// None until it is set.
    pub(super) part_size: Option<u64>,
    pub(super) bandwidth_limit: u64,
    pub(super) deadline: Option<Duration>,
    pub(super) force_multipart: bool,
    pub(super) enable_checkpoint: bool,
    pub(super) checkpoint_file: Option<PathBuf>,
    pub(super) checkpoint_dir: Option<PathBuf>,
    pub(super) lock_timeout: Option<Duration>,
    pub(super) require_lock: bool,
    pub(super) verify_reused_parts: bool,
    pub(super) recover: bool,
    pub(super) stamp_object: bool,
    pub(super) resume_token: Option<String>,
    pub(super) headers: Vec<(String, String)>,
    pub(super) callback: Callback,
    tags: Tags,
}

impl Default for Request {
    fn default() -> Self {
        Self {
            bucket_name: None,
            key: None,
            source: None,
            task_num: 1,
            part_size: None,
            bandwidth_limit: 0,
            deadline: None,
            force_multipart: false,
            enable_checkpoint: false,
            checkpoint_file: None,
            checkpoint_dir: None,
            lock_timeout: Some(Duration::ZERO),
            require_lock: false,
            verify_reused_parts: false,
            recover: false,
            stamp_object: false,
            resume_token: None,
            headers: Vec::new(),
            callback: Callback::default(),
            tags: Tags::default(),
        }
    }
}

impl Request {
    /// The bucket. Required.
    pub fn set_bucket_name(&mut self, name: &str) -> Result<()> {
        check_bucket_name(name)?;
        self.bucket_name = Some(name.to_owned());
        Ok(())
    }

    /// The object's name. Required.
    pub fn set_key(&mut self, key: &str) -> Result<()> {
        check_key(key)?;
        self.key = Some(key.to_owned());
        Ok(())
    }

    /// The file to upload. Required, unless there is another source; the one that was set last counts.
    pub fn set_upload_file(&mut self, path: &Path) -> Result<()> {
        self.source = Some(Named::File(not_empty("UploadFile", path)?));
        Ok(())
    }

    /// Uploads these bytes instead of a file. They stay where they are, and are dropped when neither the request nor an upload
    /// that is not over needs them.
    pub fn set_upload_memory(&mut self, bytes: impl AsRef<[u8]> + Send + Sync + 'static) {
        self.source = Some(Named::Memory(Bytes::from_owner(bytes)));
    }

    /// Uploads what is pushed by [`Upload::write`](super::handle::Upload::write) instead of a file: so many bytes, or as many
    /// as there will be.
    pub fn set_upload_stream(&mut self, size: Option<u64>) -> Result<()> {
        if let Some(size) = size.filter(|size| *size > limits::MAX_OBJECT_SIZE) {
            let most = limits::MAX_OBJECT_SIZE;
            return Err(Error::invalid_argument(format!(
                "stream size: an object of {size} bytes has more than {most}"
            )));
        }
        self.source = Some(Named::Stream(size));
        Ok(())
    }

    /// Parts in flight at a time, 1 to 1000; 0 leaves the number to the library.
    pub fn set_task_num(&mut self, count: u32) -> Result<()> {
        if count > MAX_TASK_NUM {
            return Err(Error::invalid_argument(format!("TaskNum: {count} is not within 0..={MAX_TASK_NUM}")));
        }
        self.task_num = count;
        Ok(())
    }

    /// The size of a part in bytes, 100 KiB to 5 GiB; 0 has it chosen for the file.
    pub fn set_part_size(&mut self, bytes: u64) -> Result<()> {
        if bytes != 0 {
            check_part_size(bytes)?;
        }
        self.part_size = Some(bytes);
        Ok(())
    }

    /// The bytes per second that may be sent; 0 is no cap.
    pub fn set_bandwidth_limit(&mut self, bytes_per_second: u64) -> Result<()> {
        check_limit(bytes_per_second)?;
        self.bandwidth_limit = bytes_per_second;
        Ok(())
    }

    /// How long the upload may take from its start; then it stops as if it were paused. None is for ever.
    pub fn set_deadline(&mut self, after: Option<Duration>) {
        self.deadline = after;
    }

    /// Keeps a record, so that the same request can go on later.
    pub fn set_enable_checkpoint(&mut self, enable: bool) {
        self.enable_checkpoint = enable;
    }

    /// Where the record is kept; beside the file unless it is set.
    pub fn set_checkpoint_file(&mut self, path: &Path) -> Result<()> {
        self.checkpoint_file = Some(not_empty("CheckpointFile", path)?);
        Ok(())
    }

    /// The folder in which the record is kept, under a name of its own for each file and object.
    pub fn set_checkpoint_dir(&mut self, folder: &Path) -> Result<()> {
        self.checkpoint_dir = Some(not_empty("checkpoint directory", folder)?);
        Ok(())
    }

    /// How long a record is waited for that another upload holds: not at all unless it is set; `None` is for ever.
    pub fn set_lock_timeout(&mut self, timeout: Option<Duration>) {
        self.lock_timeout = timeout;
    }

    /// Refuses to go on where the record cannot be locked.
    pub fn set_require_lock(&mut self, require: bool) {
        self.require_lock = require;
    }

    /// Reads what an earlier run sent once more, and sends again what is not what it was.
    pub fn set_verify_reused_parts(&mut self, verify: bool) {
        self.verify_reused_parts = verify;
    }

    /// Asks the server, where there is no record, for what an earlier run sent.
    pub fn set_recover(&mut self, recover: bool) {
        self.recover = recover;
    }

    /// Has the object bear a stamp in its metadata, by which it is known to be this upload's when the last answer is lost.
    pub fn set_stamp_object(&mut self, stamp: bool) {
        self.stamp_object = stamp;
    }

    /// What an upload that began elsewhere, or without a record, goes on from; an empty text is none.
    pub fn set_resume_token(&mut self, token: &str) {
        self.resume_token = Some(token.to_owned()).filter(|token| !token.is_empty());
    }

    /// Sends even a small file in parts.
    pub fn set_force_multipart(&mut self, force: bool) {
        self.force_multipart = force;
    }
}

fn not_empty(name: &str, path: &Path) -> Result<PathBuf> {
    if path.as_os_str().is_empty() {
        return Err(Error::invalid_argument(format!("{name} is empty")));
    }
    Ok(path.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bad_values_are_refused_by_name() {
        let mut request = Request::default();
        for (name, result) in [
            ("BucketName", request.set_bucket_name("Bad_Bucket")),
            ("Key", request.set_key("/leading")),
            ("UploadFile", request.set_upload_file(Path::new(""))),
            ("stream size", request.set_upload_stream(Some(u64::MAX - 1))),
            ("TaskNum", request.set_task_num(1001)),
            ("PartSize", request.set_part_size(102_399)),
            ("bandwidth limit", request.set_bandwidth_limit(1)),
            ("CheckpointFile", request.set_checkpoint_file(Path::new(""))),
            ("checkpoint directory", request.set_checkpoint_dir(Path::new(""))),
        ] {
            assert!(result.unwrap_err().to_string().contains(name), "{name}");
        }
    }
}
