//! Uploads that are stopped and go on, or begin anew, or leave nothing.

#![allow(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

mod support;

use oss_server::{Action, Fault, Operation, Options, Throttle, When};
use ossup::{Kind, Reason};
use std::time::Duration;
use support::{MIB, PART, World, finish, held_half_way, kind, names_in, parts_held, paused, start, wait_until};

#[test]
fn a_pause_is_resumed_by_the_same_request() {
    let world = World::new(2 * MIB);
    let first = paused(&world);
    assert_eq!(kind(&first), Some(Kind::Paused));
    assert!(first.resumable && world.record().exists());
    let held = parts_held(&world);
    assert!(held >= first.parts_sent);
    let second = world.upload(&world.request());
    world.assert_done(&second);
    assert!(second.resumed && second.reason.is_none());
    assert_eq!(second.parts_reused, held);
    assert_eq!(second.parts_reused + second.parts_sent, second.parts_total);
    assert_eq!(world.requests(Operation::InitiateMultipartUpload).len(), 1);
}

#[test]
fn a_start_right_after_a_pause_waits_for_it() {
    let world = World::with(2 * MIB, Options { throttle: Some(Throttle::Total(4 << 20)), ..Options::default() });
    let client = world.client();
    // None is done before its pause.
    let last_part = When { part_number: Some(21), ..When::default() };
    world.server.add_fault(Fault { when: last_part, then: Action::Hold { applied: false } });
    for _ in 0..10 {
        let upload = start(&client, &world.request());
        std::thread::sleep(Duration::from_millis(20));
        upload.pause().unwrap();
    }
    world.server.clear_faults();
    let last = finish(&start(&client, &world.request()));
    world.assert_done(&last);
    assert_eq!(world.requests(Operation::CompleteMultipartUpload).len(), 1);
}

#[test]
fn a_second_upload_of_the_same_file_is_busy() {
    let world = World::new(2 * MIB);
    let client = world.client();
    let first = held_half_way(&world, &world.request());
    assert_eq!(kind(&finish(&start(&client, &world.request()))), Some(Kind::Busy));
    let mut elsewhere = world.request();
    elsewhere.set_key("other").unwrap();
    let second = start(&client, &elsewhere);
    wait_until(|| second.progress().bytes_in_flight > 0);
    world.server.release();
    let second = finish(&second);
    assert!(second.error.is_none(), "{second:?}");
    world.assert_done(&finish(&first));
    assert_eq!(world.server.object("bucket", "other").unwrap().bytes, world.bytes);
    assert_eq!(names_in(world.folder.path()), ["file.bin"]);
}

#[test]
fn a_stop_before_the_start_is_no_stop() {
    let world = World::new(2 * MIB);
    world.hold_parts_after(0);
    let client = world.client();
    let first = client.upload(&world.request()).unwrap();
    assert_eq!(first.pause().unwrap_err().kind(), Kind::InvalidState);
    assert_eq!(first.abort().unwrap_err().kind(), Kind::InvalidState);
    first.start().unwrap();
    wait_until(|| world.record().exists());
    // Nobody waits for it as for one that is letting go.
    assert_eq!(kind(&finish(&start(&client, &world.request()))), Some(Kind::Busy));
    world.server.release();
    world.assert_done(&finish(&first));
}

#[test]
fn an_abort_leaves_nothing() {
    let world = World::new(2 * MIB);
    let upload = held_half_way(&world, &world.request());
    // Four have arrived, and four more are under way: nothing is on its way to the server.
    wait_until(|| world.requests(Operation::UploadPart).len() == 8);
    upload.abort().unwrap();
    let outcome = finish(&upload);
    assert_eq!(kind(&outcome), Some(Kind::Aborted));
    assert!(!outcome.resumable && !world.record().exists());
    assert!(world.server.uploads().is_empty());
    let ended = world.server.ledger().len();
    std::thread::sleep(Duration::from_millis(200));
    assert_eq!(world.server.ledger().len(), ended, "a request after the end");
}

#[test]
fn an_abort_right_after_the_start_leaves_nothing_of_an_earlier_run() {
    let world = World::new(2 * MIB);
    paused(&world);
    world.hold_parts_after(0);
    let upload = start(&world.client(), &world.request());
    upload.abort().unwrap();
    assert_eq!(kind(&finish(&upload)), Some(Kind::Aborted));
    assert!(world.server.uploads().is_empty() && !world.record().exists());
}

#[test]
fn a_pause_right_after_the_start_keeps_what_there_was() {
    let world = World::new(2 * MIB);
    paused(&world);
    let upload = start(&world.client(), &world.request());
    upload.pause().unwrap();
    let outcome = finish(&upload);
    assert!(outcome.error.is_none() || (kind(&outcome) == Some(Kind::Paused) && outcome.resumable), "{outcome:?}");
    if outcome.resumable {
        world.assert_done(&world.upload(&world.request()));
    }
}

#[test]
fn an_upload_that_is_gone_between_two_runs_begins_anew() {
    let world = World::new(2 * MIB);
    paused(&world);
    for upload in world.server.uploads() {
        world.server.drop_upload(&upload.upload_id);
    }
    let outcome = world.upload(&world.request());
    world.assert_done(&outcome);
    assert_eq!((outcome.resumed, outcome.reason), (false, Some(Reason::UploadGone)));
}

#[test]
fn parts_that_the_server_lost_are_sent_again_and_no_others() {
    let world = World::new(2 * MIB);
    paused(&world);
    let held = parts_held(&world);
    let upload = world.server.uploads().remove(0);
    assert!(world.server.drop_part(&upload.upload_id, 2));
    world.server.clear_ledger();
    let outcome = world.upload(&world.request());
    world.assert_done(&outcome);
    assert_eq!(outcome.parts_reused, held - 1);
    let sent: Vec<_> = world.requests(Operation::UploadPart).iter().filter_map(|entry| entry.part_number).collect();
    assert!(sent.contains(&2) && !sent.contains(&1), "{sent:?}");
}

#[test]
fn parts_that_only_the_server_knows_are_proven_by_their_crc() {
    let world = World::new(2 * MIB);
    paused(&world);
    let held = parts_held(&world);
    // The record loses its parts: the header line and the first line stay.
    let record = std::fs::read_to_string(world.record()).unwrap();
    let kept: String = record.split_inclusive('\n').take(2).collect();
    std::fs::write(world.record(), kept).unwrap();
    let outcome = world.upload(&world.request());
    world.assert_done(&outcome);
    assert_eq!(outcome.parts_reused, held);
}

#[test]
fn without_list_parts_the_record_alone_decides() {
    let world = World::new(2 * MIB);
    let first = paused(&world);
    world.fault(Operation::ListParts, 1, Action::Deny);
    let outcome = world.upload(&world.request());
    world.assert_done(&outcome);
    assert_eq!(outcome.parts_reused, first.parts_sent);
    assert!(outcome.warnings.iter().any(|warning| warning.contains("ListParts")), "{:?}", outcome.warnings);
}

#[test]
fn another_file_or_other_options_begin_anew_and_abort_the_old_upload() {
    let mut world = World::new(2 * MIB);
    paused(&world);
    world.bytes[0] ^= 1;
    std::fs::write(world.file(), &world.bytes).unwrap();
    let outcome = world.upload(&world.request());
    world.assert_done(&outcome);
    assert_eq!((outcome.resumed, outcome.reason), (false, Some(Reason::SourceChanged)));
    assert!(world.server.uploads().is_empty(), "the old upload is an orphan");

    let world = World::new(2 * MIB);
    paused(&world);
    let mut request = world.request();
    request.set_content_type("text/plain").unwrap();
    let outcome = world.upload(&request);
    world.assert_done(&outcome);
    assert_eq!((outcome.resumed, outcome.reason), (false, Some(Reason::OptionsChanged)));
    assert!(world.server.uploads().is_empty(), "the old upload is an orphan");
}

#[test]
fn another_part_size_and_task_num_do_not_begin_anew() {
    let world = World::new(2 * MIB);
    let first = paused(&world);
    let mut request = world.request();
    request.set_part_size(5 * PART).unwrap();
    request.set_task_num(1).unwrap();
    let outcome = world.upload(&request);
    world.assert_done(&outcome);
    assert_eq!((outcome.resumed, outcome.parts_total), (true, first.parts_total));
}

#[test]
fn a_touched_file_is_read_again_and_goes_on() {
    let world = World::new(2 * MIB);
    paused(&world);
    let held = parts_held(&world);
    // The same contents under another inode, times kept.
    let copy = world.folder.path().join("copy");
    std::fs::copy(world.file(), &copy).unwrap();
    let modified = std::fs::metadata(world.file()).unwrap().modified().unwrap();
    std::fs::File::options().write(true).open(&copy).unwrap().set_modified(modified).unwrap();
    std::fs::rename(&copy, world.file()).unwrap();
    let outcome = world.upload(&world.request());
    world.assert_done(&outcome);
    assert_eq!((outcome.resumed, outcome.parts_reused), (true, held));
}

#[test]
fn a_same_size_change_with_its_time_put_back_is_found() {
    let mut world = World::new(2 * MIB);
    paused(&world);
    let held = parts_held(&world);
    let modified = std::fs::metadata(world.file()).unwrap().modified().unwrap();
    world.bytes[10] ^= 1;
    std::fs::write(world.file(), &world.bytes).unwrap();
    std::fs::File::options().write(true).open(world.file()).unwrap().set_modified(modified).unwrap();
    let outcome = world.upload(&world.request());
    world.assert_done(&outcome);
    assert_eq!((outcome.resumed, outcome.parts_reused), (true, held - 1));
    let sent = world.server.count(|entry| entry.operation == Operation::UploadPart && entry.part_number == Some(1));
    assert_eq!(sent, 2, "the changed part is sent again");
}

#[test]
fn a_change_during_the_upload_makes_no_object() {
    let world = World::new(MIB);
    let upload = held_half_way(&world, &world.request());
    let mut other = world.bytes.clone();
    other[MIB - 1] ^= 1;
    std::fs::write(world.file(), &other).unwrap();
    world.server.release();
    let outcome = finish(&upload);
    assert_eq!(kind(&outcome), Some(Kind::SourceChanged));
    assert!(world.server.object("bucket", "key").is_none());
    assert!(world.server.uploads().is_empty() && !world.record().exists());
}

#[test]
fn a_foreign_file_at_the_records_place_is_left_alone() {
    let world = World::new(MIB);
    std::fs::write(world.record(), b"dear diary\n").unwrap();
    let outcome = world.upload(&world.request());
    assert!(outcome.error.is_none(), "{outcome:?}");
    assert_eq!(std::fs::read(world.record()).unwrap(), b"dear diary\n");

    for place in [world.record(), world.file()] {
        let before = std::fs::read(&place).unwrap();
        let mut explicit = world.request();
        explicit.set_checkpoint_file(&place).unwrap();
        let outcome = world.upload(&explicit);
        assert_eq!(kind(&outcome), Some(Kind::CheckpointForeign));
        assert!(outcome.error.unwrap().to_string().contains("CheckpointFile"));
        assert_eq!(std::fs::read(&place).unwrap(), before);
    }
}

#[test]
fn damaged_and_newer_records_are_told_apart() {
    let world = World::new(2 * MIB);
    paused(&world);
    let mut record = std::fs::read(world.record()).unwrap();
    record[60] ^= 1;
    std::fs::write(world.record(), &record).unwrap();
    let outcome = world.upload(&world.request());
    world.assert_done(&outcome);
    assert_eq!((outcome.resumed, outcome.reason), (false, Some(Reason::RecordDamaged)));

    std::fs::write(world.record(), b"ossup checkpoint 2 0000000000000000\n").unwrap();
    assert_eq!(kind(&world.upload(&world.request())), Some(Kind::CheckpointTooNew));
    assert!(world.record().exists());
}

#[test]
fn a_run_that_does_not_begin_says_whether_there_is_something_to_go_on_from() {
    let world = World::new(2 * MIB);
    let aside = world.folder.path().join("aside");
    std::fs::rename(world.file(), &aside).unwrap();
    let nothing = world.upload(&world.request());
    assert_eq!((kind(&nothing), nothing.resumable), (Some(Kind::SourceUnreadable), false));
    std::fs::rename(&aside, world.file()).unwrap();
    paused(&world);
    std::fs::rename(world.file(), &aside).unwrap();
    let away = world.upload(&world.request());
    assert_eq!((kind(&away), away.resumable), (Some(Kind::SourceUnreadable), true));
    let mut elsewhere = world.request();
    elsewhere.set_key("other").unwrap();
    assert!(!world.upload(&elsewhere).resumable);
    std::fs::rename(&aside, world.file()).unwrap();
    world.assert_done(&world.upload(&world.request()));
}

#[test]
fn an_upload_that_is_over_has_let_go_of_its_record() {
    let world = World::with(2 * MIB, Options { throttle: Some(Throttle::Total(64 << 20)), ..Options::default() });
    let client = world.client();
    let mut request = world.request();
    request.set_task_num(16).unwrap();
    let mut paused = 0;
    let mut round = 0;
    // A slow machine may have no time for a pause before the end.
    while round < 200 || paused <= 10 {
        round += 1;
        let upload = start(&client, &request);
        while upload.progress().parts_confirmed == 0 && !upload.is_done() {
            std::thread::yield_now();
        }
        upload.pause().unwrap();
        finish(&upload);
        if let Ok(record) = std::fs::File::open(world.record()) {
            assert!(record.try_lock().is_ok(), "held in round {round}");
            paused += 1;
        }
    }
}
