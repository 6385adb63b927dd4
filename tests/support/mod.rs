//! What the tests of whole uploads share: a stand-in, a file, a client.

#![allow(
    dead_code,
    clippy::unwrap_used,
    clippy::panic,
    reason = "each test uses some of it, and a broken fixture is a failed test"
)]

pub(crate) mod halfway;
pub(crate) mod service;

use oss_server::{Action, Entry, Fault, Operation, Options, OssServer, When};
use ossup::upload::identity::Identity;
use ossup::upload::journal::{self, Encoder, Found};
use ossup::world::source::{FileSource, Source};
use ossup::{Client, Config, Outcome, Request, Upload};
use std::io::Read;
use std::net::{Shutdown, TcpStream};
use std::path::{Path, PathBuf};
use std::time::Duration;

pub(crate) const PART: u64 = 102_400;
pub(crate) const MIB: usize = 1 << 20;
/// Guards against waiting for ever, however slow the machine is.
pub(crate) const LONGEST_WAIT: Duration = Duration::from_secs(120);

pub(crate) struct World {
    pub(crate) server: OssServer,
    pub(crate) folder: tempfile::TempDir,
    pub(crate) bytes: Vec<u8>,
}

impl World {
    /// A strict server and a file of so many bytes.
    pub(crate) fn new(size: usize) -> Self {
        Self::with(size, Options::default())
    }

    pub(crate) fn with(size: usize, options: Options) -> Self {
        let server = OssServer::start(options).unwrap();
        server.create_bucket("bucket");
        let world = Self { server, folder: tempfile::tempdir().unwrap(), bytes: random_bytes(size) };
        std::fs::write(world.file(), &world.bytes).unwrap();
        world.settle();
        world
    }

    pub(crate) fn file(&self) -> PathBuf {
        self.folder.path().join("file.bin")
    }

    pub(crate) fn record(&self) -> PathBuf {
        self.folder.path().join("file.bin.ucp")
    }

    /// Makes the file look old enough for its times to be trusted.
    pub(crate) fn settle(&self) {
        let file = std::fs::File::options().write(true).open(self.file()).unwrap();
        file.set_modified(std::time::SystemTime::now() - Duration::from_secs(3600)).unwrap();
    }

    /// Waits until a change of the file would be bound to show in its times: from then on it need not be read twice.
    pub(crate) fn rest(&self) {
        let source = FileSource::open(&self.file()).unwrap();
        let quiet_for = |now: Identity| now.observed - now.changed.max(now.modified);
        while quiet_for(source.look().unwrap()) < 2_100_000_000 {
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    pub(crate) fn config(&self) -> Config {
        let mut config = Config::default();
        config.set_endpoint(&self.server.endpoint()).unwrap();
        config.set_region("cn-hangzhou").unwrap();
        config.set_credentials("ak", "sk", None).unwrap();
        config
    }

    pub(crate) fn client(&self) -> Client {
        Client::new(&self.config()).unwrap()
    }

    /// The file to bucket/key, four parts at a time, with a record.
    pub(crate) fn request(&self) -> Request {
        let mut request = Request::default();
        request.set_bucket_name("bucket").unwrap();
        request.set_key("key").unwrap();
        request.set_upload_file(&self.file()).unwrap();
        request.set_task_num(4).unwrap();
        request.set_enable_checkpoint(true);
        request
    }

    pub(crate) fn upload(&self, request: &Request) -> Outcome {
        finish(&start(&self.client(), request))
    }

    pub(crate) fn fault(&self, operation: Operation, times: u32, then: oss_server::Action) {
        self.server.add_fault(Fault { when: When::operation(operation).times(times), then });
    }

    /// Keeps back the answers to all parts but the next so many, until the server releases them.
    pub(crate) fn hold_parts_after(&self, parts: u32) {
        let when = When { skip: parts, ..When::operation(Operation::UploadPart) };
        self.server.add_fault(Fault { when, then: Action::Hold { applied: true } });
    }

    pub(crate) fn requests(&self, operation: Operation) -> Vec<Entry> {
        self.server.ledger().into_iter().filter(|entry| entry.operation == operation).collect()
    }

    /// The object is the file, and nothing is left behind.
    pub(crate) fn assert_done(&self, outcome: &Outcome) {
        assert!(outcome.error.is_none(), "{:?}", outcome.error);
        let object = self.server.object("bucket", "key").expect("the object is there");
        assert!(object.bytes == self.bytes, "the object is not the file");
        assert_eq!(outcome.crc64, Some(object.crc64));
        assert!(!self.record().exists(), "the record is still there");
        assert_eq!(outcome.bytes_total, self.bytes.len() as u64);
        assert!(!outcome.resumable);
    }
}

pub(crate) fn start(client: &Client, request: &Request) -> Upload {
    let upload = client.upload(request).unwrap();
    upload.start().unwrap();
    upload
}

pub(crate) fn finish(upload: &Upload) -> Outcome {
    let finished = upload.wait(Some(LONGEST_WAIT)).unwrap().expect("the upload ends");
    finished.outcome.clone()
}

pub(crate) fn kind(outcome: &Outcome) -> Option<ossup::Kind> {
    outcome.error.as_ref().map(ossup::Error::kind)
}

pub(crate) fn random_bytes(size: usize) -> Vec<u8> {
    let mut bytes = vec![0; size];
    fastrand::fill(&mut bytes);
    bytes
}

pub(crate) fn names_in(folder: &Path) -> Vec<String> {
    let mut names: Vec<_> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// Waits until something has happened.
pub(crate) fn wait_until(happened: impl Fn() -> bool) {
    let begun = std::time::Instant::now();
    while !happened() {
        assert!(begun.elapsed() < LONGEST_WAIT, "it does not happen");
        std::thread::sleep(Duration::from_millis(2));
    }
}

/// Waits until nobody is connected any more: what was on its way has arrived, or never will.
pub(crate) fn wait_until_left(world: &World) {
    wait_until_at_most(world, 0);
}

/// Connections are accepted in their order. When this one, which asks for nothing, has been ended, none before it is still waiting to
/// be counted.
fn wait_until_at_most(world: &World, connections: usize) {
    let endpoint = world.server.endpoint();
    let mut last = TcpStream::connect(endpoint.trim_start_matches("http://")).unwrap();
    last.shutdown(Shutdown::Write).unwrap();
    last.read_to_end(&mut Vec::new()).unwrap();
    wait_until(|| world.server.open_connections() <= connections);
}

/// Waits until the server has applied or dropped all that was on its way.
pub(crate) fn wait_for_quiet(world: &World) {
    while world.server.ledger().iter().any(|entry| entry.ended_ms.is_none()) {
        std::thread::sleep(Duration::from_millis(2));
    }
}

/// An upload that was stopped about half-way, its record kept.
pub(crate) fn paused(world: &World) -> Outcome {
    let connections = world.server.open_connections();
    let upload = held_half_way(world, &world.request());
    upload.pause().unwrap();
    let outcome = finish(&upload);
    world.server.clear_faults();
    drop(upload);
    // What was on its way when it was paused may still arrive.
    wait_until_at_most(world, connections);
    outcome
}

/// An upload that the first four parts have arrived of, and that comes no further until the server releases the others.
pub(crate) fn held_half_way(world: &World, request: &Request) -> Upload {
    // By their numbers: in which order parts arrive is anybody's guess.
    for number in 5..=100 {
        let when = When { part_number: Some(number), ..When::operation(Operation::UploadPart) };
        world.server.add_fault(Fault { when, then: Action::Hold { applied: true } });
    }
    let upload = start(&world.client(), request);
    wait_until(|| upload.progress().parts_confirmed >= 4);
    upload
}

/// An upload that is paused at once, before any part of it is confirmed.
pub(crate) fn paused_at_once(world: &World, request: &Request) -> Upload {
    world.hold_parts_after(0);
    let upload = start(&world.client(), request);
    upload.pause().unwrap();
    finish(&upload);
    world.server.release();
    upload
}

/// Puts the file system's word on the file as it is now into the record, as if nothing showed that it changed.
pub(crate) fn pretend_unchanged(world: &World) {
    let Found::Record { mut record, .. } = journal::decode(&std::fs::read(world.record()).unwrap()) else {
        panic!("there is no record");
    };
    let now = FileSource::open(&world.file()).unwrap().look().unwrap();
    // Looked at long after its last change, so that its times are trusted.
    record.header.source = Identity { observed: now.modified.max(now.changed) + 10_000_000_000, ..now };
    let mut bytes = journal::first_line(record.destination());
    let (encoder, header) = Encoder::header(&record.header);
    bytes.extend(header);
    bytes.extend(record.parts.iter().flat_map(|part| encoder.part(part)));
    std::fs::write(world.record(), bytes).unwrap();
}

/// Parts that the server has of the one upload that was not completed: those that were confirmed to us, and perhaps
/// some whose answer the pause cut off.
pub(crate) fn parts_held(world: &World) -> u32 {
    world.server.uploads()[0].parts.len() as u32
}
