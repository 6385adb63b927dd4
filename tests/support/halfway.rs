//! An upload that was left half-way: a record here and parts there, laid anew as often as a test wants.

#![allow(clippy::panic, reason = "a broken fixture is a failed test")]

use super::{World, finish, names_in, start};
use oss_server::{Action, Fault, Operation, Options, UploadInfo, When};
use ossup::oss::crc64::checksum;
use ossup::upload::journal::{Found, Record, decode};
use ossup::{Client, Outcome, Request};
use std::path::PathBuf;

const PART: usize = super::PART as usize;

/// What the caller calls the record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Name {
    /// Nothing: it stands beside the file.
    Usual,
    /// A name of its own.
    Given,
}

pub(crate) struct Halfway {
    pub(crate) world: World,
    pub(crate) client: Client,
    /// The record as the library left it.
    pub(crate) bytes: Vec<u8>,
    /// What it says.
    pub(crate) record: Record,
    /// The parts that the server has.
    pub(crate) held: u32,
}

impl Halfway {
    /// Two whole parts, and half a part that was refused.
    pub(crate) fn new() -> Self {
        let third = When { part_number: Some(3), ..When::operation(Operation::UploadPart) };
        Self::with(2 * PART + PART / 2, 2, third, Options::default())
    }

    /// As little as can be half-done, with a server that keeps only checksums: there are thousands of them.
    pub(crate) fn small() -> Self {
        let complete = When::operation(Operation::CompleteMultipartUpload);
        Self::with(1000, 1, complete, Options { counting: true, ..Options::default() })
    }

    fn with(size: usize, held: u32, refused: When, options: Options) -> Self {
        let world = World::with(size, options);
        world.rest();
        world.server.add_fault(Fault { when: refused, then: Action::Deny });
        let client = world.client();
        let outcome = finish(&start(&client, &request(&world)));
        assert!(outcome.resumable && outcome.parts_sent == held, "{outcome:?}");
        world.server.clear_faults();
        let bytes = std::fs::read(world.record()).unwrap();
        let record = read(&bytes);
        Self { world, client, bytes, record, held }
    }

    fn request(&self) -> Request {
        request(&self.world)
    }

    /// Where the record is under this name for it.
    pub(crate) fn place(&self, name: Name) -> PathBuf {
        match name {
            Name::Usual => self.world.record(),
            Name::Given => self.world.folder.path().join("record"),
        }
    }

    pub(crate) fn upload(&self, name: Name) -> Outcome {
        let mut request = self.request();
        match name {
            Name::Usual => {}
            Name::Given => request.set_checkpoint_file(&self.place(name)).unwrap(),
        }
        finish(&start(&self.client, &request))
    }

    /// The upload's id.
    pub(crate) fn id(&self) -> &str {
        &self.record.header.upload_id
    }

    /// The server as the upload left it, whatever became of it since; no record.
    pub(crate) fn lay(&self) {
        let World { server, bytes, .. } = &self.world;
        for upload in server.uploads() {
            server.drop_upload(&upload.upload_id);
        }
        server.drop_object("bucket", "key");
        let held: Vec<_> = (1..=self.held).zip(bytes.chunks(PART)).collect();
        server.put_upload("bucket", "key", self.id(), &held).unwrap();
        server.clear_ledger();
    }

    /// Files beside the one that is uploaded.
    pub(crate) fn others(&self) -> Vec<String> {
        let mut names = names_in(self.world.folder.path());
        names.retain(|name| name != "file.bin");
        names
    }

    /// The object is the file.
    pub(crate) fn assert_arrived(&self, case: &str) {
        let object = self.world.server.object("bucket", "key").unwrap_or_else(|| panic!("{case}: no object"));
        let expected = (self.world.bytes.len() as u64, checksum(&self.world.bytes));
        assert_eq!((object.size, object.crc64), expected, "{case}: the object is not the file");
    }

    /// Nothing was sent, and what the earlier upload left is still there.
    pub(crate) fn assert_untouched(&self, case: &str) {
        let server = &self.world.server;
        assert!(server.object("bucket", "key").is_none(), "{case}: an object");
        assert_eq!(server.ledger().len(), 0, "{case}: {:?}", server.ledger());
        assert_eq!(self.uploads().len(), 1, "{case}");
    }

    pub(crate) fn uploads(&self) -> Vec<UploadInfo> {
        self.world.server.uploads()
    }
}

fn request(world: &World) -> Request {
    let mut request = world.request();
    request.set_task_num(1).unwrap();
    request.set_force_multipart(true);
    request
}

/// What a good record says.
pub(crate) fn read(bytes: &[u8]) -> Record {
    let Found::Record { record, .. } = decode(bytes) else { panic!("no record: {bytes:?}") };
    *record
}
