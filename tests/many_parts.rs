//! Ten thousand parts, a few parts with holes between them, and sizes at the edges of what a plan can hold.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot be set up has failed")]

mod support;

use oss_server::{Action, Operation, Options};
use ossup::oss::limits::{MAX_OBJECT_SIZE, MAX_PART_SIZE, MAX_PARTS, MIN_PART_SIZE};
use ossup::upload::plan::Plan;
use ossup::{Client, Kind, Outcome, Request};
use std::fs::File;
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

/// All parts arrive, and then the object is refused: everything is there to go on with.
fn refused_at_the_end(world: &World, client: &Client, request: &Request) {
    world.fault(Operation::CompleteMultipartUpload, 1, Action::Deny);
    let first = upload(client, request);
    assert_eq!(kind(&first), Some(Kind::AccessDenied), "{first:?}");
    assert!(first.resumable && first.parts_sent == first.parts_total, "{first:?}");
    world.server.clear_ledger();
}

fn lose_parts(world: &World, numbers: &[u32]) {
    let upload = world.server.uploads().remove(0);
    for number in numbers {
        assert!(world.server.drop_part(&upload.upload_id, *number));
    }
}

#[test]
fn ten_thousand_parts_take_two_mebibytes_of_record_and_one_that_is_lost_is_sent_alone() {
    let world = sparse(u64::from(MAX_PARTS) * PART);
    let client = world.client();
    let mut request = world.request();
    request.set_task_num(16).unwrap();
    refused_at_the_end(&world, &client, &request);
    // Lines are only ever added: what was written is what is there.
    let written = std::fs::metadata(world.record()).unwrap().len();
    println!("{written} bytes of record");
    assert!(written < 2 << 20, "{written}");

    lose_parts(&world, &[4_321]);
    let second = upload(&client, &request);
    assert!(second.error.is_none(), "{second:?}");
    assert_eq!((second.parts_total, second.parts_reused, second.parts_sent), (MAX_PARTS, MAX_PARTS - 1, 1));
    assert_eq!(parts_asked(&world), [4_321]);
    let lists = world.requests(Operation::ListParts).len();
    assert!(lists <= 11, "{lists}");
    let object = world.server.object("bucket", "key").unwrap();
    assert_eq!((object.size, Some(object.crc64)), (u64::from(MAX_PARTS) * PART, second.crc64));
    assert!(!world.record().exists() && world.server.uploads().is_empty());
}

#[test]
fn a_byte_more_than_ten_thousand_parts_makes_larger_ones() {
    let world = sparse(u64::from(MAX_PARTS) * PART + 1);
    world.fault(Operation::UploadPart, 1, Action::Deny);
    let outcome = upload(&world.client(), &world.request());
    assert_eq!(kind(&outcome), Some(Kind::AccessDenied), "{outcome:?}");
    assert!((MAX_PARTS / 2..=MAX_PARTS).contains(&outcome.parts_total), "{}", outcome.parts_total);
    let sent = world.requests(Operation::UploadPart)[0].declared_length.unwrap();
    assert!(sent > PART && sent.is_multiple_of(1 << 16), "{sent}");
}

#[test]
fn the_largest_object_is_ten_thousand_of_the_largest_parts() {
    assert_eq!(MAX_OBJECT_SIZE, u64::from(MAX_PARTS) * MAX_PART_SIZE);
    for wished in [0, MIN_PART_SIZE, MAX_PART_SIZE - 1, MAX_PART_SIZE] {
        let plan = Plan::choose(MAX_OBJECT_SIZE, wished, 4).unwrap();
        assert_eq!((plan.part_size, plan.parts()), (MAX_PART_SIZE, MAX_PARTS), "{wished}");
        let last = plan.range(MAX_PARTS).unwrap();
        assert_eq!(last.offset + last.length, MAX_OBJECT_SIZE);
    }
    for size in [MAX_OBJECT_SIZE - 1, MAX_OBJECT_SIZE / 2 + 1, u64::from(MAX_PARTS) * PART + 1] {
        let plan = Plan::choose(size, MIN_PART_SIZE, 4).unwrap();
        assert!(plan.is_sound() && plan.part_size >= size.div_ceil(u64::from(MAX_PARTS)), "{plan:?}");
    }
}

#[test]
fn where_all_parts_are_there_only_complete_is_sent() {
    for size in [6 * PART as usize, 6 * PART as usize - 7] {
        let world = World::new(size);
        let client = world.client();
        refused_at_the_end(&world, &client, &world.request());
        let outcome = upload(&client, &world.request());
        world.assert_done(&outcome);
        assert!(parts_asked(&world).is_empty(), "{outcome:?}");
        assert_eq!((outcome.parts_reused, outcome.parts_sent), (6, 0));
        assert_eq!(world.requests(Operation::CompleteMultipartUpload).len(), 1);
    }
}

#[test]
fn holes_are_filled_and_nothing_else_is_sent() {
    for without_part_lines in [false, true] {
        let world = World::new(6 * PART as usize - 7);
        let client = world.client();
        refused_at_the_end(&world, &client, &world.request());
        if without_part_lines {
            let record = std::fs::read_to_string(world.record()).unwrap();
            std::fs::write(world.record(), record.split_inclusive('\n').take(2).collect::<String>()).unwrap();
        }
        lose_parts(&world, &[3, 6]);
        let outcome = upload(&client, &world.request());
        world.assert_done(&outcome);
        assert_eq!(parts_asked(&world), [3, 6]);
        assert_eq!((outcome.parts_reused, outcome.parts_sent), (4, 2));
    }
}

#[test]
fn what_the_server_has_that_does_not_fit_is_never_in_the_object() {
    let world = World::new(6 * PART as usize - 7);
    let client = world.client();
    refused_at_the_end(&world, &client, &world.request());
    let id = world.server.uploads().remove(0).upload_id;
    let [good, short, other] = [&world.bytes[..PART as usize], &world.bytes[..9], &world.bytes[7..][..PART as usize]];
    // A good part, one of another size, one of other bytes, and one behind the last.
    world.server.put_upload("bucket", "key", &id, &[(1, good), (2, short), (3, other), (7, good)]).unwrap();
    let outcome = upload(&client, &world.request());
    world.assert_done(&outcome);
    assert_eq!(parts_asked(&world), [2, 3, 4, 5, 6]);
    assert_eq!(outcome.parts_reused, 1);
}
