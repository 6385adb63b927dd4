//! No record, but the server may know: uploads that are recovered from what it has.

#![allow(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

mod support;

use oss_server::{Action, Fault, Moment, Operation, When};
use ossup::{Client, Outcome, Reason, Request};
use std::sync::atomic::{AtomicU32, Ordering};
use support::service::{Service, page};
use support::{MIB, PART, World, finish, parts_held, paused, start};

fn recovering(world: &World) -> Request {
    let mut request = world.request();
    request.set_recover(true);
    request
}

/// Half an upload, and no record of it.
fn lost_record(world: &World) -> Outcome {
    let outcome = paused(world);
    std::fs::remove_file(world.record()).unwrap();
    outcome
}

#[test]
fn a_lost_record_costs_no_part_that_is_there() {
    let world = World::new(2 * MIB);
    let first = lost_record(&world);
    let held = parts_held(&world);
    let second = world.upload(&recovering(&world));
    world.assert_done(&second);
    assert_eq!((second.resumed, second.parts_reused, second.upload_id), (true, held, first.upload_id));
    assert_eq!(world.requests(Operation::InitiateMultipartUpload).len(), 1);
}

#[test]
fn nobody_is_asked_unless_it_is_wanted_or_a_record_fits() {
    let world = World::new(2 * MIB);
    lost_record(&world);
    world.assert_done(&world.upload(&world.request()));
    assert_eq!(world.server.uploads().len(), 1);
    let other = World::new(2 * MIB);
    paused(&other);
    other.assert_done(&other.upload(&recovering(&other)));
    for world in [world, other] {
        assert!(world.requests(Operation::ListMultipartUploads).is_empty());
    }
}

#[test]
fn a_damaged_record_is_made_up_for() {
    let world = World::new(2 * MIB);
    paused(&world);
    let held = parts_held(&world);
    let mut record = std::fs::read(world.record()).unwrap();
    record[60] ^= 1;
    std::fs::write(world.record(), record).unwrap();
    let outcome = world.upload(&recovering(&world));
    world.assert_done(&outcome);
    assert_eq!((outcome.reason, outcome.parts_reused), (Some(Reason::RecordDamaged), held));
    assert!(world.server.uploads().is_empty());
}

#[test]
fn the_way_that_the_file_was_cut_is_the_servers() {
    let world = World::new(2 * MIB);
    lost_record(&world);
    let held = parts_held(&world);
    let mut request = recovering(&world);
    request.set_part_size(3 * PART).unwrap();
    let outcome = world.upload(&request);
    world.assert_done(&outcome);
    assert_eq!((outcome.resumed, outcome.parts_reused), (true, held));
    assert_eq!(outcome.parts_total, (2 * MIB as u32).div_ceil(PART as u32));
}

#[test]
fn an_upload_of_another_file_is_left_alone() {
    let mut world = World::new(2 * MIB);
    let strangers = lost_record(&world).upload_id.unwrap();
    world.bytes = support::random_bytes(2 * MIB);
    std::fs::write(world.file(), &world.bytes).unwrap();
    world.settle();
    let ours = lost_record(&world).upload_id.unwrap();
    // The newer one is somebody else's this time.
    world.bytes = support::random_bytes(2 * MIB);
    std::fs::write(world.file(), &world.bytes).unwrap();
    world.settle();
    let outcome = world.upload(&recovering(&world));
    world.assert_done(&outcome);
    assert!(!outcome.resumed && outcome.reason.is_none());
    let mut left: Vec<_> = world.server.uploads().into_iter().map(|upload| upload.upload_id).collect();
    let mut expected = vec![strangers, ours];
    left.sort();
    expected.sort();
    assert_eq!(left, expected);
}

#[test]
fn of_several_the_one_that_is_ours_is_found() {
    let mut world = World::new(2 * MIB);
    let bytes = world.bytes.clone();
    let ours = lost_record(&world);
    world.bytes = support::random_bytes(2 * MIB);
    std::fs::write(world.file(), &world.bytes).unwrap();
    world.settle();
    lost_record(&world);
    world.bytes = bytes;
    std::fs::write(world.file(), &world.bytes).unwrap();
    world.settle();
    let outcome = world.upload(&recovering(&world));
    world.assert_done(&outcome);
    assert_eq!((outcome.resumed, outcome.upload_id), (true, ours.upload_id));
    assert_eq!(world.server.uploads().len(), 1);
}

#[test]
fn without_the_right_to_look_it_begins_anew_with_a_warning() {
    for denied in [Operation::ListMultipartUploads, Operation::ListParts] {
        let world = World::new(2 * MIB);
        lost_record(&world);
        world.fault(denied, 9, Action::Deny);
        let outcome = world.upload(&recovering(&world));
        world.assert_done(&outcome);
        assert!(!outcome.resumed && outcome.warnings.len() == 1, "{:?}", outcome.warnings);
        assert_eq!(world.server.uploads().len(), 1);
    }
}

#[test]
fn a_changed_part_is_sent_again() {
    let mut world = World::new(2 * MIB);
    lost_record(&world);
    let held = parts_held(&world);
    // Not the first part that is there: that one says whose it is.
    let second = world.server.uploads()[0].parts[1].number as usize;
    world.bytes[(second - 1) * PART as usize] ^= 1;
    std::fs::write(world.file(), &world.bytes).unwrap();
    world.settle();
    let outcome = world.upload(&recovering(&world));
    world.assert_done(&outcome);
    assert_eq!((outcome.resumed, outcome.parts_reused), (true, held - 1));
}

#[test]
fn what_was_recovered_has_a_record_again() {
    let world = World::new(2 * MIB);
    lost_record(&world);
    world.fault(Operation::UploadPart, 100, Action::Deny);
    let failed = world.upload(&recovering(&world));
    assert!(failed.error.is_some() && failed.resumable, "{failed:?}");
    world.server.clear_faults();
    let outcome = world.upload(&world.request());
    world.assert_done(&outcome);
    assert!(outcome.resumed && outcome.parts_reused >= failed.parts_reused);
}

#[test]
fn an_abort_while_looking_touches_nothing() {
    let world = World::new(2 * MIB);
    lost_record(&world);
    world.fault(Operation::ListMultipartUploads, 1, Action::Hold { applied: true });
    let upload = start(&world.client(), &recovering(&world));
    while world.requests(Operation::ListMultipartUploads).is_empty() {
        std::thread::sleep(std::time::Duration::from_millis(1));
    }
    upload.abort().unwrap();
    assert_eq!(support::kind(&finish(&upload)), Some(ossup::Kind::Aborted));
    assert_eq!(world.server.uploads().len(), 1);
    assert!(world.requests(Operation::AbortMultipartUpload).is_empty());
}

#[test]
fn an_upload_that_is_lost_half_way_is_made_up_for_by_an_older_one() {
    let world = World::new(2 * MIB);
    let older = lost_record(&world);
    let newer = paused(&world);
    assert_ne!(older.upload_id, newer.upload_id);
    let parts = When::operation(Operation::UploadPart);
    world.server.add_fault(Fault { when: parts.clone().times(1), then: Action::LoseUpload });
    world.server.add_fault(Fault { when: parts, then: Action::Stall { at: Moment::BeforeAnswer, ms: 100 } });
    let outcome = world.upload(&recovering(&world));
    world.assert_done(&outcome);
    assert_eq!((outcome.reason, outcome.upload_id), (Some(Reason::UploadGone), older.upload_id));
    assert!(outcome.resumed && world.server.uploads().is_empty());
}

#[test]
fn a_list_of_uploads_without_an_end_can_be_stopped() {
    let world = World::new(2 * MIB);
    let next = AtomicU32::new(0);
    let service = Service::start(move |_| {
        let id = next.fetch_add(1, Ordering::Relaxed);
        let upload = format!("<Upload><Key>key</Key><UploadId>{id}</UploadId></Upload>");
        let marker = format!("<NextKeyMarker>key</NextKeyMarker><NextUploadIdMarker>{id}</NextUploadIdMarker>");
        let fields = format!("<IsTruncated>true</IsTruncated>{marker}{upload}");
        page(200, format!("<ListMultipartUploadsResult>{fields}</ListMultipartUploadsResult>"))
    });
    let mut config = world.config();
    config.set_endpoint(&service.origin).unwrap();
    let upload = start(&Client::new(&config).unwrap(), &recovering(&world));
    while service.asked().len() < 5 {
        std::thread::sleep(std::time::Duration::from_millis(1));
    }
    upload.abort().unwrap();
    assert_eq!(support::kind(&finish(&upload)), Some(ossup::Kind::Aborted));
    assert!(!service.lines().iter().any(|line| !line.starts_with("GET")));
}
