//! Files of this machine on their way to a place.

use super::Place;
use ossup::{Client, Kind, Outcome, Request, Upload};
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

pub(crate) const PART: usize = 102_400;
/// Bits per second: a part takes a tenth of a second.
const SLOW: &str = "8388608";
const LONGEST_WAIT: Duration = Duration::from_secs(300);

/// What one scenario uploads with: a folder of its own here, a prefix of its own there.
pub(crate) struct Courier<'a> {
    pub(crate) place: &'a Place,
    folder: tempfile::TempDir,
    prefix: String,
}

impl<'a> Courier<'a> {
    pub(crate) fn new(place: &'a Place, name: &str) -> Self {
        let prefix = format!("{}{name}/", place.prefix);
        Self { place, folder: tempfile::tempdir().unwrap(), prefix }
    }

    pub(crate) fn key(&self, name: &str) -> String {
        format!("{}{name}", self.prefix)
    }

    pub(crate) fn client(&self) -> Client {
        Client::new(&self.place.config()).unwrap()
    }

    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// A file of random bytes that looks old enough for its times to be trusted.
    pub(crate) fn write(&self, name: &str, size: usize) -> Vec<u8> {
        let mut bytes = vec![0; size];
        fastrand::fill(&mut bytes);
        std::fs::write(self.file(name), &bytes).unwrap();
        let file = std::fs::File::options().write(true).open(self.file(name)).unwrap();
        file.set_modified(SystemTime::now() - Duration::from_secs(3600)).unwrap();
        bytes
    }

    /// The file of a name to the key of that name, four parts at a time, with a record.
    pub(crate) fn request(&self, name: &str) -> Request {
        let mut request = Request::default();
        request.set_bucket_name(&self.place.bucket).unwrap();
        request.set_key(&self.key(name)).unwrap();
        request.set_upload_file(&self.file(name)).unwrap();
        request.set_task_num(4).unwrap();
        request.set_enable_checkpoint(true);
        request
    }

    pub(crate) fn upload(&self, request: &Request) -> Outcome {
        finish(&start(&self.client(), request))
    }

    /// Begins the upload so slowly that it can be stopped when two parts have arrived.
    pub(crate) fn half_way(&self, client: &Client, request: &Request) -> Upload {
        let mut slow = request.clone();
        slow.set_task_num(2).unwrap();
        slow.set_header("x-oss-traffic-limit", SLOW).unwrap();
        let upload = start(client, &slow);
        while upload.progress().parts_confirmed < 2 {
            assert!(!upload.is_done(), "{:?}", upload.finished());
            std::thread::sleep(Duration::from_millis(2));
        }
        upload
    }

    pub(crate) fn pause_half_way(&self, client: &Client, request: &Request) -> Outcome {
        let upload = self.half_way(client, request);
        upload.pause().unwrap();
        let outcome = finish(&upload);
        assert_eq!(outcome.error.as_ref().map(ossup::Error::kind), Some(Kind::Paused), "{outcome:?}");
        outcome
    }

    /// The object of this name is these bytes, as the outcome says, and nothing is left behind.
    pub(crate) fn assert_arrived(&self, name: &str, bytes: &[u8], outcome: &Outcome) {
        assert!(outcome.error.is_none(), "{name}: {outcome:?}");
        let object = self.place.read(&self.key(name)).unwrap_or_else(|| panic!("{name} is not there"));
        assert!(object.body == bytes, "{name}: the object is not the file");
        assert_eq!(outcome.crc64, Some(ossup::oss::crc64::checksum(bytes)), "{name}");
        assert_eq!(outcome.etag.as_deref(), object.etag(), "{name}");
        assert_eq!(outcome.version_id.as_deref(), object.version_id(), "{name}");
        assert_eq!(outcome.parts_reused + outcome.parts_sent, outcome.parts_total, "{name}");
        let harmless = |warning: &String| warning.contains("OSS gave no CRC-64");
        assert!(outcome.warnings.iter().all(harmless), "{name}: {:?}", outcome.warnings);
        self.assert_nothing_is_left(name);
    }

    pub(crate) fn assert_nothing_is_left(&self, name: &str) {
        assert_eq!(self.place.uploads(&self.key(name)), [], "{name}: an incomplete upload is left behind");
        assert!(!self.file(&format!("{name}.ucp")).exists(), "{name}: the record is left behind");
    }
}

pub(crate) fn start(client: &Client, request: &Request) -> Upload {
    let upload = client.upload(request).unwrap();
    upload.start().unwrap();
    upload
}

pub(crate) fn finish(upload: &Upload) -> Outcome {
    upload.wait(Some(LONGEST_WAIT)).unwrap().expect("the upload ends").outcome.clone()
}
