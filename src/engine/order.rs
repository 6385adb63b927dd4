//! A request that was found in order: all that one upload is told, complete and consistent.

use super::origin::{Named, Origin, fixed};
use super::request::Request;
use crate::error::{Error, Result};
use crate::oss::api::head::{STAMP_HEADER, stamp_header};
use crate::oss::callback::Callback;
use crate::oss::encode::hex;
use crate::oss::headers::{Stage, check_headers, describes_object, headers_for, is_private};
use crate::oss::options::check_together;
use crate::oss::request::{Object, value_of};
use crate::upload::growth;
use crate::upload::journal::{Header, Record};
use crate::upload::outcome::Held;
use crate::upload::state::Terms;
use crate::upload::token;
use crate::world::checkpoint::Place;
use sha2::{Digest, Sha256};
use std::path::Path;
use std::time::Duration;

/// Bytes of what is kept from the log at least.
const SHORTEST_SECRET: usize = 4;
/// Of what has a known end, unless it is set.
pub(super) const DEFAULT_PART_SIZE: u64 = 102_400;
const UNKNOWN_TYPE: &str = "application/octet-stream";

#[derive(Clone, Debug)]
pub(super) struct Order {
    pub(super) object: Object,
    pub(super) origin: Origin,
    /// Parts at a time; None leaves it to the library.
    pub(super) task_num: Option<u32>,
    pub(super) part_size: u64,
    pub(super) bandwidth_limit: u64,
    pub(super) deadline: Option<Duration>,
    pub(super) place: Option<Place>,
    pub(super) require_lock: bool,
    /// What a resume token says of an upload that began elsewhere.
    pub(super) token: Option<Record>,
    /// How long the record is waited for; for ever when there is no end to it.
    lock_timeout: Option<Duration>,
    verify_reused_parts: bool,
    recover: bool,
    stamp_object: bool,
    pub(super) force_multipart: bool,
    pub(super) has_callback: bool,
    /// A hash of the options that Initiate fixes.
    pub(super) options: String,
    headers: Vec<(String, String)>,
}

impl Order {
    /// Takes a request that lacks nothing and does not contradict itself.
    pub(super) fn of(request: &Request) -> Result<Self> {
        let missing = |name: &str| Error::invalid_argument(format!("{name} is not set"));
        let named = request.source.as_ref().ok_or_else(|| missing("UploadFile"))?;
        let origin = Origin::of(named);
        let upload_file = origin.file().map(Path::to_owned);
        let object = Object {
            bucket: request.bucket_name.clone().ok_or_else(|| missing("BucketName"))?,
            key: request.key.clone().ok_or_else(|| missing("Key"))?,
        };
        let place = match (&request.checkpoint_file, &request.checkpoint_dir) {
            (Some(_), Some(_)) => {
                let message = "CheckpointFile and checkpoint directory: only one of them can be set";
                return Err(Error::invalid_argument(message));
            }
            _ if !request.enable_checkpoint => None,
            (Some(path), None) => Some(Place::At(fixed(path))),
            (None, Some(folder)) => Some(Place::In { folder: fixed(folder), upload_file }),
            (None, None) => Some(Place::Beside(upload_file.ok_or_else(nameless)?)),
        };
        if let Named::Stream(size) = named {
            check_stream(request, *size)?;
        }
        let token = request.resume_token.as_deref().map(|text| token::decode(text, &object)).transpose()?;
        if request.stamp_object && value_of(STAMP_HEADER, &request.headers).is_some() {
            let message = format!("{STAMP_HEADER}: the object is to bear a stamp of its own");
            return Err(Error::invalid_argument(message));
        }
        check_headers(&request.headers)?;
        check_together(&request.headers)?;
        let options = fingerprint(&request.headers);
        let mut headers = request.headers.clone();
        if value_of("Content-Type", &headers).is_none() {
            let guessed = guess_content_type(origin.file(), &object.key);
            headers.push(("Content-Type".to_owned(), guessed.to_owned()));
        }
        let has_callback = request.callback != Callback::default();
        if has_callback {
            headers.extend(request.callback.headers()?);
        }
        Ok(Self {
            object,
            origin,
            task_num: (request.task_num > 0).then_some(request.task_num),
            part_size: request.part_size.unwrap_or(match named {
                Named::Stream(None) => 0,
                Named::File(_) | Named::Memory(_) | Named::Stream(Some(_)) => DEFAULT_PART_SIZE,
            }),
            bandwidth_limit: request.bandwidth_limit,
            deadline: request.deadline,
            place,
            require_lock: request.require_lock,
            token,
            lock_timeout: request.lock_timeout,
            verify_reused_parts: request.verify_reused_parts,
            recover: request.recover,
            stamp_object: request.stamp_object,
            force_multipart: request.force_multipart,
            has_callback,
            options,
            headers,
        })
    }

    /// The caller's headers that a call carries.
    pub(super) fn headers_for(&self, stage: Stage) -> Vec<(String, String)> {
        headers_for(stage, &self.headers)
    }

    /// Parts at a time, at most.
    pub(super) fn most_tasks(&self) -> u32 {
        self.task_num.unwrap_or(growth::MOST)
    }

    /// What the state machine has to know of it.
    pub(super) fn terms(&self, holds_record: bool) -> Terms {
        Terms {
            task_num: self.most_tasks(),
            holds_record,
            force_multipart: self.force_multipart,
            forbid_overwrite: self.forbids_overwrite(),
            verify_reused_parts: self.verify_reused_parts,
            recover: self.recover,
            once: self.origin.stream().is_some(),
            open: self.origin.is_open(),
        }
    }

    /// What an object can bear to be known again; another one each time.
    pub(super) fn new_stamp(&self) -> Option<String> {
        self.stamp_object.then(|| format!("{:016x}{:016x}", fastrand::u64(..), fastrand::u64(..)))
    }

    /// The headers of a call that makes the object, which is to bear the stamp.
    pub(super) fn stamped_headers(&self, stage: Stage, stamp: Option<&str>) -> Vec<(String, String)> {
        let mut headers = self.headers_for(stage);
        headers.extend(stamp.map(stamp_header));
        headers
    }

    /// What the server has, as a record says it.
    pub(super) fn record_of(&self, held: Held) -> Record {
        let header = Header {
            bucket: self.object.bucket.clone(),
            key: self.object.key.clone(),
            upload_id: held.upload_id,
            plan: held.plan,
            source: held.source,
            options: self.options.clone(),
            stamp: held.stamp,
        };
        Record { header, parts: held.parts, completing: held.completing }
    }

    /// What the caller says of the object to nobody but OSS and its application.
    pub(super) fn private(&self) -> Vec<String> {
        let values = self.headers.iter().filter(|(name, _)| is_private(name)).map(|(_, value)| value);
        // What is shorter stands in every other word.
        values.filter(|value| value.len() >= SHORTEST_SECRET).cloned().collect()
    }

    /// Whether a record that another upload has held for so long may still be waited for.
    pub(super) fn waits_for_lock(&self, waited: Duration) -> bool {
        self.lock_timeout.is_none_or(|timeout| waited < timeout)
    }

    pub(super) fn forbids_overwrite(&self) -> bool {
        value_of("x-oss-forbid-overwrite", &self.headers).is_some_and(|value| value.eq_ignore_ascii_case("true"))
    }
}

/// A stream comes once and from its beginning, and nobody knows of one that may end anywhere whether it fits a record.
fn check_stream(request: &Request, size: Option<u64>) -> Result<()> {
    let cannot = |option: &str, why: &str| Err(Error::invalid_argument(format!("{option}: {why}")));
    if request.recover {
        return cannot("recover", "what the server has cannot be compared with a stream before it is pushed");
    }
    if size.is_none() && request.enable_checkpoint {
        return cannot("EnableCheckpoint", "a stream whose size is not known cannot be gone on with");
    }
    if size.is_none() && request.resume_token.is_some() {
        return cannot("resume token", "a stream whose size is not known cannot be gone on with");
    }
    Ok(())
}

fn nameless() -> Error {
    let message = "CheckpointFile: what is no file has none of its own: set it, or a checkpoint directory";
    Error::invalid_argument(message)
}

/// The media type by the ending of the file's name, or else of the key.
fn guess_content_type(file: Option<&Path>, key: &str) -> &'static str {
    let guess = |path: &Path| mime_guess::from_path(path).first_raw();
    file.and_then(guess).or_else(|| guess(Path::new(key))).unwrap_or(UNKNOWN_TYPE)
}

/// What is guessed is not in it: a newer table of types must not begin an upload anew.
fn fingerprint(headers: &[(String, String)]) -> String {
    let fixed = headers.iter().filter(|(name, _)| describes_object(name));
    let mut lines: Vec<String> =
        fixed.map(|(name, value)| format!("{}:{value}\n", name.to_ascii_lowercase())).collect();
    lines.sort_unstable();
    hex(&Sha256::digest(lines.concat()))
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

    fn order(change: impl FnOnce(&mut Request)) -> Order {
        let mut request = request();
        change(&mut request);
        Order::of(&request).unwrap()
    }

    #[test]
    fn the_seeds_defaults() {
        let order = order(|_| {});
        assert_eq!((order.task_num, order.part_size, order.place), (Some(1), 102_400, None));
    }

    #[test]
    fn the_source_that_was_set_last_counts() {
        let set_both = |request: &mut Request| {
            request.set_upload_memory(b"bytes".to_vec());
            request.set_upload_file(Path::new("/other")).unwrap();
        };
        assert!(matches!(order(set_both).origin, Origin::File(_)));
        let stream = order(|request| request.set_upload_stream(Some(7)).unwrap());
        assert_eq!(stream.origin.stream().map(|stream| stream.size()), Some(Some(7)));
    }

    #[test]
    fn what_is_no_file_has_a_record_only_where_it_is_told() {
        let refused = |change: &dyn Fn(&mut Request)| {
            let mut request = request();
            change(&mut request);
            Order::of(&request).unwrap_err().to_string()
        };
        let checkpoint = |request: &mut Request| {
            request.set_upload_memory(b"bytes".to_vec());
            request.set_enable_checkpoint(true);
        };
        assert!(refused(&checkpoint).contains("CheckpointFile"));
        let dir = order(|request| {
            checkpoint(request);
            request.set_checkpoint_dir(Path::new("/records")).unwrap();
        });
        assert!(matches!(dir.place, Some(Place::In { upload_file: None, .. })));
        let unknown = |request: &mut Request| request.set_upload_stream(None).unwrap();
        for (name, change) in [
            ("recover", &(|request: &mut Request| request.set_recover(true)) as &dyn Fn(&mut Request)),
            ("EnableCheckpoint", &|request| {
                request.set_enable_checkpoint(true);
                request.set_checkpoint_file(Path::new("/record")).unwrap();
            }),
        ] {
            let message = refused(&|request| {
                unknown(request);
                change(request);
            });
            assert!(message.contains(name), "{message}");
        }
    }

    #[test]
    fn parts_of_what_may_end_anywhere_are_larger_unless_their_size_is_set() {
        let part_size = |size, wished: Option<u64>| {
            let order = order(|request| {
                request.set_upload_stream(size).unwrap();
                wished.into_iter().for_each(|bytes| request.set_part_size(bytes).unwrap());
            });
            order.part_size
        };
        assert_eq!(part_size(Some(1), None), 102_400);
        assert_eq!(part_size(None, None), 0);
        assert_eq!(part_size(None, Some(102_400)), 102_400);
    }

    #[test]
    fn what_is_missing_is_named() {
        assert!(Order::of(&Request::default()).unwrap_err().to_string().contains("UploadFile"));
    }

    #[test]
    fn the_content_type_is_guessed_from_the_file_then_the_key_unless_it_is_set() {
        let content_type = |file: &str, key: &str, set: Option<&str>| {
            let order = order(|request| {
                request.set_upload_file(Path::new(file)).unwrap();
                request.set_key(key).unwrap();
                set.into_iter().for_each(|value| request.set_content_type(value).unwrap());
            });
            value_of("content-type", &order.headers_for(Stage::Initiate)).unwrap().to_owned()
        };
        assert_eq!(content_type("/a/photo.JPG", "x.txt", None), "image/jpeg");
        assert_eq!(content_type("/a/data", "x.txt", None), "text/plain");
        assert_eq!(content_type("/a/data", "x", None), "application/octet-stream");
        assert_eq!(content_type("/a/photo.jpg", "x", Some("a/b")), "a/b");
    }

    #[test]
    fn the_record_is_beside_the_file_unless_said_otherwise() {
        // Elsewhere an absolute path has a drive.
        let from_root = |path: &str| std::path::absolute(path).unwrap();
        let beside = order(|request| request.set_enable_checkpoint(true));
        assert_eq!(beside.place, Some(Place::Beside(from_root("/file"))));
        let elsewhere = order(|request| {
            request.set_enable_checkpoint(true);
            request.set_checkpoint_file(Path::new("/record")).unwrap();
        });
        assert_eq!(elsewhere.place, Some(Place::At(from_root("/record"))));
    }

    #[test]
    fn what_initiate_fixes_is_in_the_fingerprint_and_nothing_else() {
        let options = |change: &dyn Fn(&mut Request)| order(change).options;
        let plain = options(&|_| {});
        assert_ne!(plain, options(&|request| request.set_content_type("text/plain").unwrap()));
        assert_ne!(plain, options(&|request| request.add_tag("a", "1").unwrap()));
        for same in [
            options(&|request| request.set_task_num(9).unwrap()),
            options(&|request| request.set_object_acl("private").unwrap()),
            options(&|request| request.set_forbid_overwrite(true).unwrap()),
            options(&|request| request.set_request_payer("requester").unwrap()),
            options(&|request| request.set_traffic_limit(819_200).unwrap()),
        ] {
            assert_eq!(plain, same);
        }
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
    fn a_callback_without_an_address_is_refused() {
        let mut request = request();
        request.add_callback_var("x:tag", "blue").unwrap();
        assert!(Order::of(&request).unwrap_err().to_string().contains("callback url"));
    }

    #[test]
    fn a_request_that_contradicts_itself_is_refused() {
        let mut request = request();
        request.set_server_side_encryption("AES256").unwrap();
        request.set_server_side_encryption_key_id("key").unwrap();
        assert!(Order::of(&request).unwrap_err().to_string().contains("ServerSideEncryptionKeyId"));
    }
}
