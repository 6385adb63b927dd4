//! Ten thousand parts, a few parts with holes between them, and sizes at the edges of what a plan can hold.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot be set up has failed")]

mod support;

use oss_server::{Action, Fault, Operation, Options, When};
use ossup::oss::limits::{MAX_OBJECT_SIZE, MAX_PARTS, MAX_PART_SIZE, MIN_PART_SIZE};
use ossup::upload::plan::Plan;
use ossup::{Client, Kind, Outcome, Request};
use std::fs::File;
use std::sync::mpsc;
use std::time::{Duration, SystemTime};
use support::{PART, World, kind, start};

/// Ten thousand parts take their time where the processor is slow.
const PATIENCE: Duration = Duration::from_secs(300);

/// A file of nothing, and a server that only counts.
fn sparse(size: u64) -> World {
    let world = World::with(0, Options { counting: true, ..Options::default() });
    let file = File::create(world.file()).unwrap();
    file.set_len(size).unwrap();
    file.set_modified(SystemTime::now() - Duration::from_secs(3600)).unwrap();
    world.rest();
    world
}

fn upload(client: &Client, request: &Request) -> Outcome {
    start(client, request).wait(Some(PATIENCE)).unwrap().expect("the upload ends").outcome.clone()
}

fn parts_asked(world: &World) -> Vec<u32> {
    let mut asked: Vec<_> =
        world.requests(Operation::UploadPart).iter().filter_map(|entry| entry.part_number).collect();
    asked.sort_unstable();
    asked
}

#[test]
fn ten_thousand_parts_take_two_mebibytes_of_record_and_the_last_one_alone_is_sent_again() {
    let world = sparse(u64::from(MAX_PARTS) * PART);
    let client = world.client();
    let mut request = world.request();
    request.set_task_num(16).unwrap();
    let missing = When { part_number: Some(MAX_PARTS), ..When::operation(Operation::UploadPart) };
    world.server.add_fault(Fault { when: missing, then: Action::Deny });
    let first = upload(&client, &request);
    assert_eq!(kind(&first), Some(Kind::AccessDenied), "{first:?}");
    assert_eq!((first.resumable, first.parts_total), (true, MAX_PARTS));
    // Lines are only ever added: what was written is what is there.
    let written = std::fs::metadata(world.record()).unwrap().len();
    println!("{written} bytes of record");
    assert!(written < 2 << 20, "{written}");

    world.server.clear_faults();
    world.server.clear_ledger();
    let held = world.server.uploads()[0].parts.len() as u32;
    let second = upload(&client, &request);
    assert!(second.error.is_none(), "{second:?}");
    assert_eq!((second.parts_reused, second.parts_sent), (held, MAX_PARTS - held));
    assert_eq!(held, MAX_PARTS - 1, "parts on their way when the last was refused are confirmed all the same");
    assert_eq!(parts_asked(&world), [MAX_PARTS]);
    assert!(world.requests(Operation::ListParts).len() <= 11);
    assert_eq!(world.requests(Operation::CompleteMultipartUpload).len(), 1);
    assert_eq!(Some(world.server.object("bucket", "key").unwrap().crc64), second.crc64);
    assert!(!world.record().exists() && world.server.uploads().is_empty());
}
