//! What is to be uploaded, and how.

use crate::error::{Error, Result};
use crate::oss::callback::Callback;
use crate::oss::headers::{Stage, check_header, check_headers, headers_for};
use crate::oss::names::{check_bucket_name, check_key};
use crate::oss::request::Object;
use crate::upload::plan::check_part_size;
use crate::world::checkpoint::Place;
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};

const MAX_TASK_NUM: u32 = 1000;
const DEFAULT_PART_SIZE: u64 = 102_400;
/// What `task_num` 0 stands for.
const CHOSEN_TASK_NUM: u32 = 4;
const UNKNOWN_TYPE: &str = "application/octet-stream";
const ACLS: [&str; 4] = ["default", "private", "public-read", "public-read-write"];

/// The parameters of one upload: a value, to be used as often as one likes. Starting the same request again
/// is how an upload is resumed.
#[derive(Clone, Debug)]
pub struct Request {
    bucket_name: Option<String>,
    key: Option<String>,
    upload_file: Option<PathBuf>,
    task_num: u32,
    part_size: u64,
    enable_checkpoint: bool,
    checkpoint_file: Option<PathBuf>,
    headers: Vec<(String, String)>,
    callback: Callback,
}

impl Default for Request {
    fn default() -> Self {
        Self {
            bucket_name: None,
            key: None,
            upload_file: None,
            task_num: 1,
            part_size: DEFAULT_PART_SIZE,
            enable_checkpoint: false,
            checkpoint_file: None,
            headers: Vec::new(),
            callback: Callback::default(),
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

    /// The file to upload. Required.
    pub fn set_upload_file(&mut self, path: &Path) -> Result<()> {
        self.upload_file = Some(not_empty("UploadFile", path)?);
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
        self.part_size = bytes;
        Ok(())
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

    /// The object's media type.
    pub fn set_content_type(&mut self, content_type: &str) -> Result<()> {
        if content_type.is_empty() {
            return Err(Error::invalid_argument("ContentType is empty"));
        }
        self.set_header("Content-Type", content_type)
    }

    /// Who may read and write the object.
    pub fn set_object_acl(&mut self, acl: &str) -> Result<()> {
        if !ACLS.contains(&acl) {
            return Err(Error::invalid_argument(format!("ObjectAcl: {acl:?} is none of {}", ACLS.join(", "))));
        }
        self.set_header("x-oss-object-acl", acl)
    }

    /// Adds `x-oss-meta-{name}`.
    pub fn add_user_metadata(&mut self, name: &str, value: &str) -> Result<()> {
        if name.is_empty() || !name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-') {
            return Err(Error::invalid_argument(format!(
                "user metadata: the name {name:?} must be of letters, digits and hyphens"
            )));
        }
        self.set_header(&format!("x-oss-meta-{}", name.to_ascii_lowercase()), value)
    }

    /// Fails the upload when the object exists already.
    pub fn set_forbid_overwrite(&mut self, forbid: bool) -> Result<()> {
        self.set_header("x-oss-forbid-overwrite", if forbid { "true" } else { "false" })
    }

    /// Any other header; it goes to the calls that carry it.
    pub fn set_header(&mut self, name: &str, value: &str) -> Result<()> {
        check_header(name, value)?;
        self.headers.retain(|(other, _)| !other.eq_ignore_ascii_case(name));
        self.headers.push((name.to_owned(), value.to_owned()));
        Ok(())
    }

    /// Has OSS post `body` to `url` once the object is stored.
    pub fn set_callback(&mut self, url: &str, body: &str) -> Result<()> {
        if url.is_empty() || body.is_empty() {
            return Err(Error::invalid_argument("Callback: neither its URL nor its body may be empty"));
        }
        self.callback.url = url.to_owned();
        self.callback.body = body.to_owned();
        Ok(())
    }

    /// The Host header of the callback's request.
    pub fn set_callback_host(&mut self, host: &str) -> Result<()> {
        if host.is_empty() {
            return Err(Error::invalid_argument("CallbackHost is empty"));
        }
        self.callback.host = Some(host.to_owned());
        Ok(())
    }

    /// The callback body's media type.
    pub fn set_callback_body_type(&mut self, body_type: &str) -> Result<()> {
        if body_type.is_empty() {
            return Err(Error::invalid_argument("CallbackBodyType is empty"));
        }
        self.callback.body_type = Some(body_type.to_owned());
        Ok(())
    }

    /// A variable that the callback's body may use as `${x:name}`.
    pub fn add_callback_var(&mut self, name: &str, value: &str) -> Result<()> {
        let vars = vec![(name.to_owned(), value.to_owned())];
        Callback { url: "http://checked".to_owned(), body: "checked".to_owned(), vars, ..Callback::default() }
            .headers()?;
        self.callback.vars.retain(|(other, _)| other != name);
        self.callback.vars.push((name.to_owned(), value.to_owned()));
        Ok(())
    }

    /// The request, complete and in order.
    pub(super) fn check(&self) -> Result<Order> {
        let missing = |name: &str| Error::invalid_argument(format!("{name} is not set"));
        let upload_file = self.upload_file.clone().ok_or_else(|| missing("UploadFile"))?;
        let object = Object {
            bucket: self.bucket_name.clone().ok_or_else(|| missing("BucketName"))?,
            key: self.key.clone().ok_or_else(|| missing("Key"))?,
        };
        let place = match &self.checkpoint_file {
            _ if !self.enable_checkpoint => None,
            Some(path) => Some(Place::At(path.clone())),
            None => Some(Place::Beside(upload_file.clone())),
        };
        check_headers(&self.headers)?;
        let mut headers = self.headers.clone();
        if !headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("Content-Type")) {
            let guessed = guess_content_type(&upload_file, &object.key);
            headers.push(("Content-Type".to_owned(), guessed.to_owned()));
        }
        let has_callback = !self.callback.url.is_empty();
        if has_callback {
            headers.extend(self.callback.headers()?);
        }
        let task_num = if self.task_num == 0 { CHOSEN_TASK_NUM } else { self.task_num };
        let options = fingerprint(&headers_for(Stage::Initiate, &self.headers));
        Ok(Order { object, upload_file, task_num, part_size: self.part_size, place, headers, has_callback, options })
    }
}

/// A request that was found in order.
#[derive(Clone, Debug)]
pub(super) struct Order {
    pub(super) object: Object,
    pub(super) upload_file: PathBuf,
    pub(super) task_num: u32,
    pub(super) part_size: u64,
    pub(super) place: Option<Place>,
    headers: Vec<(String, String)>,
    pub(super) has_callback: bool,
    /// A hash of the options that Initiate fixes.
    pub(super) options: String,
}

impl Order {
    /// The caller's headers that a call carries.
    pub(super) fn headers_for(&self, stage: Stage) -> Vec<(String, String)> {
        headers_for(stage, &self.headers)
    }
}

/// The media type by the ending of the file's name, or else of the key.
fn guess_content_type(file: &Path, key: &str) -> &'static str {
    let guess = |path: &Path| mime_guess::from_path(path).first_raw();
    guess(file).or_else(|| guess(Path::new(key))).unwrap_or(UNKNOWN_TYPE)
}

fn not_empty(name: &str, path: &Path) -> Result<PathBuf> {
    if path.as_os_str().is_empty() {
        return Err(Error::invalid_argument(format!("{name} is empty")));
    }
    Ok(path.to_owned())
}

fn fingerprint(headers: &[(String, String)]) -> String {
    let mut lines: Vec<String> =
        headers.iter().map(|(name, value)| format!("{}:{value}\n", name.to_ascii_lowercase())).collect();
    lines.sort_unstable();
    let digest = Sha256::digest(lines.concat());
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request() -> Request {
        let mut request = Request::default();
        request.set_bucket_name("bucket").unwrap();
        request.set_key("key").unwrap();
        request.set_upload_file(Path::new("/file")).unwrap();
        request
    }

    #[test]
    fn the_seeds_defaults() {
        let order = request().check().unwrap();
        assert_eq!((order.task_num, order.part_size, order.place), (1, 102_400, None));
    }

    #[test]
    fn the_content_type_is_guessed_from_the_file_then_the_key_unless_it_is_set() {
        let content_type = |file: &str, key: &str, set: Option<&str>| {
            let mut request = request();
            request.set_upload_file(Path::new(file)).unwrap();
            request.set_key(key).unwrap();
            set.into_iter().for_each(|value| request.set_content_type(value).unwrap());
            let headers = request.check().unwrap().headers_for(Stage::Initiate);
            headers.into_iter().find(|(name, _)| name == "Content-Type").unwrap().1
        };
        assert_eq!(content_type("/a/photo.JPG", "x.txt", None), "image/jpeg");
        assert_eq!(content_type("/a/data", "x.txt", None), "text/plain");
        assert_eq!(content_type("/a/data", "x", None), "application/octet-stream");
        assert_eq!(content_type("/a/photo.jpg", "x", Some("a/b")), "a/b");
    }

    #[test]
    fn the_record_is_beside_the_file_unless_said_otherwise() {
        let mut request = request();
        request.set_enable_checkpoint(true);
        assert_eq!(request.check().unwrap().place, Some(Place::Beside("/file".into())));
        request.set_checkpoint_file(Path::new("/record")).unwrap();
        assert_eq!(request.check().unwrap().place, Some(Place::At("/record".into())));
    }

    #[test]
    fn what_initiate_fixes_is_in_the_fingerprint_and_nothing_else() {
        let options = |change: &dyn Fn(&mut Request)| {
            let mut request = request();
            change(&mut request);
            request.check().unwrap().options
        };
        let plain = options(&|_| {});
        assert_ne!(plain, options(&|request| request.set_content_type("text/plain").unwrap()));
        assert_eq!(plain, options(&|request| request.set_task_num(9).unwrap()));
        assert_eq!(plain, options(&|request| request.set_object_acl("private").unwrap()));
        let one_way = options(&|request| {
            request.add_user_metadata("a", "1").unwrap();
            request.add_user_metadata("b", "2").unwrap();
        });
        let the_other = options(&|request| {
            request.add_user_metadata("B", "2").unwrap();
            request.add_user_metadata("A", "1").unwrap();
        });
        assert_eq!(one_way, the_other);
    }

    #[test]
    fn bad_values_are_refused_by_name() {
        let mut request = request();
        for (name, result) in [
            ("BucketName", request.set_bucket_name("Bad_Bucket")),
            ("Key", request.set_key("/leading")),
            ("UploadFile", request.set_upload_file(Path::new(""))),
            ("TaskNum", request.set_task_num(1001)),
            ("PartSize", request.set_part_size(102_399)),
            ("CheckpointFile", request.set_checkpoint_file(Path::new(""))),
            ("ObjectAcl", request.set_object_acl("everyone")),
            ("user metadata", request.add_user_metadata("a b", "1")),
            ("Authorization", request.set_header("Authorization", "me")),
            ("Callback", request.set_callback("", "body")),
        ] {
            assert!(result.unwrap_err().to_string().contains(name), "{name}");
        }
        assert!(Request::default().check().unwrap_err().to_string().contains("UploadFile"));
    }
}
