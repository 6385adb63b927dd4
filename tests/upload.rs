//! Whole uploads over the real network stack, to the stand-in.

#![allow(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

mod support;

use oss_server::{Action, Error as Refusal, Fault, Operation, Options, RepeatedComplete, Throttle, When};
use ossup::{Kind, Phase, Reason};
use std::time::{Duration, Instant};
use support::{PART, World, finish, kind, names_in, start};

const MIB: usize = 1 << 20;

/// An upload that was stopped about half-way, its record kept.
fn paused(world: &World) -> ossup::Outcome {
    let slow = When::operation(Operation::UploadPart);
    world.server.add_fault(Fault { when: slow, then: Action::Stall { at: oss_server::Moment::BeforeAnswer, ms: 30 } });
    let upload = start(&world.client(), &world.request());
    while upload.progress().parts_confirmed < 4 {
        assert!(!upload.is_done());
        std::thread::sleep(Duration::from_millis(2));
    }
    upload.pause().unwrap();
    let outcome = finish(&upload);
    world.server.clear_faults();
    // What was on its way is applied or dropped before anybody counts.
    std::thread::sleep(Duration::from_millis(100));
    outcome
}

/// Parts that the server has of the one upload that was not completed: those that were confirmed to us, and perhaps
/// some whose answer the pause cut off.
fn parts_held(world: &World) -> u32 {
    world.server.uploads()[0].parts.len() as u32
}

#[test]
fn sizes_around_the_part_size_arrive() {
    for size in [0, 1, PART as usize - 1, PART as usize, PART as usize + 1, 3 * PART as usize, MIB] {
        let world = World::new(size);
        let outcome = world.upload(&world.request());
        world.assert_done(&outcome);
        let parts = size.div_ceil(PART as usize);
        assert_eq!((outcome.parts_total as usize, outcome.parts_sent as usize), (parts, parts), "{size} bytes");
        assert!(!outcome.resumed);
        assert!(world.server.uploads().is_empty());
    }
}

#[test]
fn every_body_has_an_exact_length() {
    let world = World::new(MIB);
    world.assert_done(&world.upload(&world.request()));
    for entry in world.server.ledger() {
        assert_eq!(entry.header("transfer-encoding"), None);
        assert_eq!(entry.header("expect"), None);
        if entry.method != "GET" && entry.method != "HEAD" {
            assert_eq!(entry.declared_length, Some(entry.body_bytes), "{:?}", entry.operation);
        }
    }
}

#[test]
fn https_with_a_ca_of_the_callers() {
    let world = World::with(MIB, Options { tls: true, ..Options::default() });
    let ca = world.folder.path().join("ca.pem");
    std::fs::write(&ca, world.server.ca_pem().unwrap()).unwrap();
    let mut config = world.config();
    config.set_endpoint(&world.server.https_endpoint().unwrap()).unwrap();
    let untrusting = ossup::Client::new(&config).unwrap();
    let refused = finish(&start(&untrusting, &world.request()));
    assert_eq!(kind(&refused), Some(Kind::TlsFailed), "{refused:?}");
    config.set_ca_file(&ca).unwrap();
    let trusting = ossup::Client::new(&config).unwrap();
    world.assert_done(&finish(&start(&trusting, &world.request())));
}

#[test]
fn both_signatures_and_a_security_token_are_accepted() {
    let keys = vec![oss_server::AccessKey::temporary("ak", "sk", "tok/en+==", None)];
    let world = World::with(MIB, Options { access_keys: keys, ..Options::default() });
    for version in [1, 4] {
        let mut config = world.config();
        config.set_signature_version(version).unwrap();
        config.set_credentials("ak", "sk", Some("tok/en+==")).unwrap();
        world.assert_done(&finish(&start(&ossup::Client::new(&config).unwrap(), &world.request())));
    }
}

#[test]
fn keys_arrive_as_they_are() {
    let world = World::new(PART as usize + 1);
    for key in ["a b", "a+b", "a%20b", "a//b/", "文件 1.bin", "🎉/&=?#[]@!$'()*,;:", "~-._", r"x\y", "…/..."] {
        for version in [1, 4] {
            let mut config = world.config();
            config.set_signature_version(version).unwrap();
            let mut request = world.request();
            request.set_key(key).unwrap();
            let outcome = finish(&start(&ossup::Client::new(&config).unwrap(), &request));
            assert!(outcome.error.is_none(), "{key}: {outcome:?}");
            assert!(world.server.object("bucket", key).is_some_and(|object| object.bytes == world.bytes), "{key}");
        }
    }
}

#[test]
fn whatever_face_the_service_shows_the_upload_goes_on_and_is_checked() {
    type Change = fn(&mut oss_server::Faces);
    let faces: [(&str, Change); 5] = [
        ("no CRC on Complete", |faces| faces.crc_on_complete = false),
        ("no CRC on ListParts", |faces| faces.crc_on_list_parts = false),
        ("ETags that are no MD5", |faces| faces.etag_is_md5 = false),
        ("forbid-overwrite at Initiate", |faces| faces.forbid_overwrite_at_initiate = true),
        ("a space as plus", |faces| faces.space_in_url_encoding = oss_server::Space::Plus),
    ];
    for (name, change) in faces {
        let mut options = Options::default();
        change(&mut options.faces);
        let world = World::with(2 * MIB, options);
        let first = paused(&world);
        let second = world.upload(&world.request());
        world.assert_done(&second);
        assert!(second.resumed && second.parts_reused >= first.parts_sent, "{name}: {second:?}");
        assert!(second.warnings.is_empty(), "{name}: {:?}", second.warnings);
    }
}

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
    for _ in 0..10 {
        let upload = start(&client, &world.request());
        std::thread::sleep(Duration::from_millis(20));
        upload.pause().unwrap();
    }
    let last = finish(&start(&client, &world.request()));
    world.assert_done(&last);
    assert_eq!(world.requests(Operation::CompleteMultipartUpload).len(), 1);
}

#[test]
fn a_second_upload_of_the_same_file_is_busy() {
    let world = World::with(2 * MIB, Options { throttle: Some(Throttle::Total(1 << 20)), ..Options::default() });
    let client = world.client();
    let first = start(&client, &world.request());
    while !world.record().exists() {
        std::thread::sleep(Duration::from_millis(1));
    }
    assert_eq!(kind(&finish(&start(&client, &world.request()))), Some(Kind::Busy));
    let mut elsewhere = world.request();
    elsewhere.set_key("other").unwrap();
    let second = finish(&start(&client, &elsewhere));
    assert!(second.error.is_none(), "{second:?}");
    world.assert_done(&finish(&first));
    assert_eq!(world.server.object("bucket", "other").unwrap().bytes, world.bytes);
    assert_eq!(names_in(world.folder.path()), ["file.bin"]);
}

#[test]
fn an_abort_leaves_nothing() {
    let world = World::with(2 * MIB, Options { throttle: Some(Throttle::Total(1 << 20)), ..Options::default() });
    let upload = start(&world.client(), &world.request());
    while upload.progress().parts_confirmed == 0 {
        std::thread::sleep(Duration::from_millis(2));
    }
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
fn without_a_record_a_failure_and_a_pause_leave_no_orphan() {
    let world = World::new(MIB);
    let mut request = world.request();
    request.set_enable_checkpoint(false);
    world.fault(Operation::UploadPart, 1, Action::Deny);
    let outcome = world.upload(&request);
    assert_eq!(kind(&outcome), Some(Kind::AccessDenied));
    assert!(!outcome.resumable && world.server.uploads().is_empty());
    assert_eq!(names_in(world.folder.path()), ["file.bin"]);
}

#[test]
fn temporary_faults_are_outlived() {
    let unavailable = || Action::Refuse(Refusal { status: 503, ..Refusal::default() });
    let faults: Vec<(&str, Operation, Action)> = vec![
        ("503 on Initiate", Operation::InitiateMultipartUpload, unavailable()),
        ("503 on a part", Operation::UploadPart, unavailable()),
        ("a reset in a part", Operation::UploadPart, Action::Reset { after: 5000 }),
        ("a close in a part", Operation::UploadPart, Action::Close { after: 0 }),
        ("a wrong CRC", Operation::UploadPart, Action::WrongCrc),
        ("a lost answer to a part", Operation::UploadPart, Action::LoseAnswer),
        ("a lost answer to Initiate", Operation::InitiateMultipartUpload, Action::LoseAnswer),
        ("503 on Complete", Operation::CompleteMultipartUpload, unavailable()),
    ];
    for (name, operation, action) in faults {
        let world = World::new(MIB);
        world.fault(operation, 2, action);
        let upload = start(&world.client(), &world.request());
        let outcome = finish(&upload);
        assert!(outcome.error.is_none(), "{name}: {outcome:?}");
        world.assert_done(&outcome);
        assert!(upload.finished().unwrap().retries >= 2, "{name}");
    }
}

#[test]
fn a_lost_answer_to_complete_is_settled_by_a_look_at_the_object() {
    for repeated_complete in [RepeatedComplete::NotFound, RepeatedComplete::Repeated, RepeatedComplete::Conflict] {
        let mut options = Options::default();
        options.faces.repeated_complete = repeated_complete;
        let world = World::with(MIB, options);
        world.fault(Operation::CompleteMultipartUpload, 1, Action::LoseAnswer);
        let outcome = world.upload(&world.request());
        world.assert_done(&outcome);
        assert_eq!(
            outcome.confirmed_by_probe,
            repeated_complete != RepeatedComplete::Repeated,
            "{repeated_complete:?}"
        );
        assert_eq!(world.requests(Operation::InitiateMultipartUpload).len(), 1);
    }
}

#[test]
fn an_error_in_the_body_of_completes_answer_is_no_success() {
    for applied in [true, false] {
        let world = World::new(MIB);
        let action = Action::ErrorInBody { applied, code: "InternalError".to_owned() };
        world.fault(Operation::CompleteMultipartUpload, 1, action);
        let outcome = world.upload(&world.request());
        world.assert_done(&outcome);
        assert_eq!(outcome.confirmed_by_probe, applied);
    }
}

#[test]
fn a_lost_upload_begins_anew_in_the_same_call() {
    let world = World::new(MIB);
    let second_part = When { skip: 5, ..When::operation(Operation::UploadPart).times(1) };
    world.server.add_fault(Fault { when: second_part, then: Action::LoseUpload });
    let outcome = world.upload(&world.request());
    world.assert_done(&outcome);
    assert_eq!(outcome.reason, Some(Reason::UploadGone));
    assert_eq!(world.requests(Operation::InitiateMultipartUpload).len(), 2);
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
fn an_upload_that_completed_unheard_is_found_by_the_next_run() {
    let world = World::new(MIB);
    world.fault(Operation::CompleteMultipartUpload, 1, Action::LoseAnswer);
    world.server.add_fault(Fault { when: When::operation(Operation::HeadObject).times(1), then: Action::Deny });
    let first = world.upload(&world.request());
    assert_eq!(kind(&first), Some(Kind::Unconfirmed));
    assert!(first.resumable && world.record().exists());
    let second = world.upload(&world.request());
    world.assert_done(&second);
    assert!(second.resumed && second.confirmed_by_probe);
    assert_eq!((second.parts_reused, second.parts_sent), (second.parts_total, 0));
}

#[test]
fn an_unheard_completion_of_another_file_is_not_taken_for_ours() {
    let mut world = World::new(MIB);
    world.fault(Operation::CompleteMultipartUpload, 1, Action::LoseAnswer);
    world.server.add_fault(Fault { when: When::operation(Operation::HeadObject).times(1), then: Action::Deny });
    assert_eq!(kind(&world.upload(&world.request())), Some(Kind::Unconfirmed));
    // The same size and time, other bytes: the object that is there is not this file.
    let modified = std::fs::metadata(world.file()).unwrap().modified().unwrap();
    world.bytes[MIB / 2] ^= 1;
    std::fs::write(world.file(), &world.bytes).unwrap();
    std::fs::File::options().write(true).open(world.file()).unwrap().set_modified(modified).unwrap();
    let outcome = world.upload(&world.request());
    world.assert_done(&outcome);
    assert_eq!((outcome.resumed, outcome.reason), (false, Some(Reason::SourceChanged)));
}

#[test]
fn an_abort_ends_though_the_network_is_dead() {
    let world = World::with(2 * MIB, Options { throttle: Some(Throttle::Total(1 << 20)), ..Options::default() });
    let mut config = world.config();
    config.set_max_elapsed(Some(Duration::from_secs(24 * 3600)));
    let upload = start(&ossup::Client::new(&config).unwrap(), &world.request());
    while upload.progress().parts_confirmed == 0 {
        std::thread::sleep(Duration::from_millis(2));
    }
    let unavailable = Action::Refuse(Refusal { status: 503, ..Refusal::default() });
    world.server.add_fault(Fault { when: When::default(), then: unavailable });
    upload.abort().unwrap();
    let outcome = finish(&upload);
    assert_eq!(kind(&outcome), Some(Kind::Aborted));
    assert!(outcome.warnings.iter().any(|warning| warning.contains("left behind")), "{:?}", outcome.warnings);
}

#[test]
fn a_stop_before_the_start_is_refused() {
    let world = World::new(1);
    let upload = world.client().upload(&world.request()).unwrap();
    assert_eq!(upload.pause().unwrap_err().kind(), Kind::InvalidState);
    assert_eq!(upload.abort().unwrap_err().kind(), Kind::InvalidState);
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
}

#[test]
fn a_change_during_the_upload_makes_no_object() {
    let world = World::with(MIB, Options { throttle: Some(Throttle::Total(2 << 20)), ..Options::default() });
    let upload = start(&world.client(), &world.request());
    while upload.progress().parts_confirmed == 0 {
        std::thread::sleep(Duration::from_millis(2));
    }
    let mut other = world.bytes.clone();
    other[MIB - 1] ^= 1;
    std::fs::write(world.file(), &other).unwrap();
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
fn a_wrong_secret_is_told_with_oss_code_and_request_id() {
    let world = World::new(MIB);
    let mut config = world.config();
    config.set_credentials("ak", "wrong", None).unwrap();
    let outcome = finish(&start(&ossup::Client::new(&config).unwrap(), &world.request()));
    let error = outcome.error.unwrap();
    assert_eq!(error.kind(), Kind::AccessDenied);
    assert_eq!(error.report().oss_code.as_deref(), Some("SignatureDoesNotMatch"));
    assert!(error.report().request_id.is_some() && error.report().host.is_some());
    assert_eq!(error.report().attempts, 1);
    assert!(!world.record().exists(), "a record of nothing");
}

#[test]
fn nobody_listening_is_unreachable() {
    let world = World::new(MIB);
    let mut config = world.config();
    config.set_endpoint("http://127.0.0.1:1").unwrap();
    config.set_max_attempts(2).unwrap();
    let outcome = finish(&start(&ossup::Client::new(&config).unwrap(), &world.request()));
    let error = outcome.error.unwrap();
    assert_eq!((error.kind(), error.report().attempts), (Kind::Unreachable, 2));
    assert_ne!(error.report().os_errno, 0);
}

#[test]
fn a_server_that_takes_nothing_times_out() {
    let world = World::new(MIB);
    world.server.add_fault(Fault { when: When::operation(Operation::UploadPart), then: Action::Hang });
    let mut config = world.config();
    config.set_idle_timeout(Duration::from_millis(300)).unwrap();
    config.set_max_attempts(1).unwrap();
    let mut request = world.request();
    request.set_task_num(1).unwrap();
    let outcome = finish(&start(&ossup::Client::new(&config).unwrap(), &request));
    assert_eq!(kind(&outcome), Some(Kind::NetworkTimeout));
    assert!(outcome.resumable);
}

#[test]
fn the_first_final_error_stops_the_other_parts() {
    let world = World::new(10 * MIB);
    world.fault(Operation::UploadPart, 1, Action::Deny);
    let outcome = world.upload(&world.request());
    assert_eq!(kind(&outcome), Some(Kind::AccessDenied));
    assert!(outcome.resumable);
    assert!(world.requests(Operation::UploadPart).len() < 10);
}

#[test]
fn a_wrong_clock_is_corrected() {
    let world = World::with(MIB, Options { clock_offset_s: 2 * 24 * 3600, ..Options::default() });
    let outcome = world.upload(&world.request());
    world.assert_done(&outcome);
}

#[test]
fn progress_is_monotone_and_done_comes_last() {
    let world = World::with(2 * MIB, Options { throttle: Some(Throttle::Total(4 << 20)), ..Options::default() });
    world.server.add_fault(Fault {
        when: When { every: Some(3), ..When::operation(Operation::UploadPart) },
        then: Action::Reset { after: 50_000 },
    });
    let upload = start(&world.client(), &world.request());
    let mut last = upload.progress();
    let begun = Instant::now();
    while !upload.is_done() {
        let now = upload.progress();
        assert!(now.bytes_confirmed >= last.bytes_confirmed && now.phase >= last.phase);
        assert!(now.bytes_confirmed + now.bytes_in_flight <= now.bytes_total);
        last = now;
        assert!(begun.elapsed() < Duration::from_secs(60));
        std::thread::sleep(Duration::from_millis(1));
    }
    world.assert_done(&finish(&upload));
    let end = upload.progress();
    assert_eq!((end.phase, end.bytes_confirmed, end.bytes_in_flight), (Phase::Done, end.bytes_total, 0));
}

/// An application server that answers every call alike, and hands on what it was sent.
fn application_server(status: &str, answer: &'static str) -> (String, std::sync::mpsc::Receiver<String>) {
    use std::io::{Read, Write};
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/stored", listener.local_addr().unwrap());
    let head =
        format!("HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n", answer.len());
    let (calls, heard) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        for connection in listener.incoming() {
            let mut connection = connection.unwrap();
            let mut call = String::new();
            let mut buffer = [0; 4096];
            while !call.contains("size=") {
                let count = connection.read(&mut buffer).unwrap();
                call.push_str(std::str::from_utf8(&buffer[..count]).unwrap());
            }
            connection.write_all(format!("{head}{answer}").as_bytes()).unwrap();
            if calls.send(call).is_err() {
                return;
            }
        }
    });
    (url, heard)
}

#[test]
fn the_callbacks_answer_is_handed_back() {
    let (url, heard) = application_server("200 OK", r#"{"Status":"OK"}"#);
    for size in [0, MIB] {
        let world = World::new(size);
        let mut request = world.request();
        request.set_callback(&url, "tag=${x:tag}&object=${object}&size=${size}").unwrap();
        request.add_callback_var("x:tag", "blue").unwrap();
        let outcome = world.upload(&request);
        world.assert_done(&outcome);
        assert_eq!(outcome.callback_body.as_deref(), Some(&br#"{"Status":"OK"}"#[..]), "{size} bytes");
        let call = heard.recv_timeout(Duration::from_secs(10)).unwrap();
        assert!(call.contains(&format!("tag=blue&object=key&size={size}")), "{call}");
    }
}

#[test]
fn a_failed_callback_is_told_and_nothing_is_sent_again() {
    let (url, _heard) = application_server("500 No", "{}");
    let world = World::new(MIB);
    let mut request = world.request();
    request.set_callback(&url, "size=${size}").unwrap();
    let outcome = world.upload(&request);
    assert_eq!(kind(&outcome), Some(Kind::CallbackFailed));
    assert!(!outcome.resumable && !world.record().exists());
    assert!(world.server.object("bucket", "key").is_some_and(|object| object.bytes == world.bytes));
    assert_eq!(world.requests(Operation::CompleteMultipartUpload).len(), 1);
}

#[test]
fn headers_go_to_the_calls_that_carry_them() {
    let world = World::new(MIB);
    let mut request = world.request();
    request.set_content_type("text/plain").unwrap();
    request.set_object_acl("public-read").unwrap();
    request.add_user_metadata("author", "alice").unwrap();
    request.set_forbid_overwrite(true).unwrap();
    request.set_header("x-oss-traffic-limit", "8388608").unwrap();
    request.set_header("x-oss-request-payer", "requester").unwrap();
    world.assert_done(&world.upload(&request));
    let carriers = |name: &str| {
        let mut operations: Vec<_> = world
            .server
            .ledger()
            .iter()
            .filter(|entry| entry.header(name).is_some())
            .map(|entry| entry.operation)
            .collect();
        operations.dedup();
        operations
    };
    use Operation::{CompleteMultipartUpload as Complete, InitiateMultipartUpload as Initiate, UploadPart};
    assert_eq!(carriers("x-oss-meta-author"), [Initiate]);
    assert_eq!(carriers("x-oss-object-acl"), [Complete]);
    assert_eq!(carriers("x-oss-forbid-overwrite"), [Initiate, Complete]);
    assert_eq!(carriers("x-oss-traffic-limit"), [UploadPart]);
    assert_eq!(carriers("x-oss-request-payer"), [Initiate, UploadPart, Complete]);
    let again = world.upload(&request);
    assert_eq!(kind(&again), Some(Kind::AlreadyExists));
    assert!(world.server.uploads().is_empty() && !world.record().exists());
}
