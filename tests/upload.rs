//! Whole uploads over the real network stack: what arrives, and what is told.

#![allow(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

#[path = "support/application.rs"]
mod application;
mod support;

use oss_server::{Action, Fault, Operation, Options, Throttle, When};
use ossup::{Kind, Phase};
use std::collections::BTreeSet;
use std::time::{Duration, Instant};
use support::{MIB, PART, World, finish, kind, start};

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

/// A new connection costs round trips, and its speed has to grow anew.
#[test]
fn parts_at_a_time_are_as_many_connections_and_the_next_upload_takes_them_over() {
    let world = World::new(4 * MIB);
    let client = world.client();
    let mut request = world.request();
    request.set_task_num(4).unwrap();
    for _ in 0..2 {
        world.assert_done(&finish(&start(&client, &request)));
    }
    let ledger = world.server.ledger();
    let connections: BTreeSet<u64> = ledger.iter().map(|entry| entry.connection).collect();
    // One more is opened where one is asked for just before another is given back.
    assert!(connections.len() < 2 * 4, "{connections:?} for {} requests", ledger.len());
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
fn a_cloud_box_and_more_signed_headers_are_signed_for() {
    let options = Options { region: Some("cb-123".into()), product: "oss-cloudbox".into(), ..Options::default() };
    let world = World::with(MIB, options);
    let mut config = world.config();
    config.set_cloud_box_id("cb-123").unwrap();
    config.add_signed_header("Host").unwrap();
    config.add_signed_header("Cache-Control").unwrap();
    let mut request = world.request();
    request.set_cache_control("no-cache").unwrap();
    world.assert_done(&finish(&start(&ossup::Client::new(&config).unwrap(), &request)));
    let signed = |operation| {
        let authorization = world.requests(operation)[0].header("authorization").unwrap().to_owned();
        authorization.split_once("AdditionalHeaders=").unwrap().1.split(',').next().unwrap().to_owned()
    };
    assert_eq!(signed(Operation::InitiateMultipartUpload), "cache-control;host");
    assert_eq!(signed(Operation::UploadPart), "host");
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

#[test]
fn the_callbacks_answer_is_handed_back() {
    let (url, heard) = application::server("200 OK", r#"{"Status":"OK"}"#);
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
    let (url, _heard) = application::server("500 No", "{}");
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
fn an_object_that_must_not_be_overwritten_is_found_before_anything_is_sent() {
    let world = World::new(MIB);
    let mut request = world.request();
    request.set_forbid_overwrite(true).unwrap();
    world.assert_done(&world.upload(&request));
    world.server.clear_ledger();
    let again = world.upload(&request);
    assert_eq!(kind(&again), Some(Kind::AlreadyExists));
    assert!(world.server.uploads().is_empty() && !world.record().exists());
    let asked: Vec<_> = world.server.ledger().iter().map(|entry| entry.operation).collect();
    assert_eq!(asked, [Operation::HeadObject]);
}

#[test]
fn who_may_not_look_is_told_by_complete() {
    let world = World::new(MIB);
    world.server.put_object("bucket", "key", b"older").unwrap();
    world.server.add_fault(Fault { when: When::operation(Operation::HeadObject), then: Action::Deny });
    let mut request = world.request();
    request.set_forbid_overwrite(true).unwrap();
    let outcome = world.upload(&request);
    assert_eq!(kind(&outcome), Some(Kind::AlreadyExists), "{outcome:?}");
    assert_eq!(world.requests(Operation::CompleteMultipartUpload).len(), 1);
    assert!(world.server.uploads().is_empty() && !world.record().exists());
    assert_eq!(world.server.object("bucket", "key").unwrap().bytes, b"older");
}

#[test]
fn a_file_of_one_part_goes_in_one_piece_unless_parts_are_forced() {
    let world = World::new(PART as usize);
    let operations = || world.server.ledger().iter().map(|entry| entry.operation).collect::<Vec<_>>();
    world.assert_done(&world.upload(&world.request()));
    assert_eq!(operations(), [Operation::PutObject]);
    world.server.clear_ledger();
    let mut request = world.request();
    request.set_force_multipart(true);
    world.assert_done(&world.upload(&request));
    use Operation::{CompleteMultipartUpload, InitiateMultipartUpload, UploadPart};
    assert_eq!(operations(), [InitiateMultipartUpload, UploadPart, CompleteMultipartUpload]);
}

#[test]
fn an_object_in_one_piece_outlives_faults() {
    let unavailable = || Action::Refuse(oss_server::Error { status: 503, ..oss_server::Error::default() });
    // Of the last two the object is there when it is sent again, and then it must not be overwritten.
    for (action, is_stored) in [
        (unavailable(), false),
        (Action::Reset { after: 5000 }, false),
        (Action::NoCrc, false),
        (Action::WrongCrc, true),
        (Action::LoseAnswer, true),
    ] {
        for forbid in [false, true] {
            let world = World::new(PART as usize);
            world.fault(Operation::PutObject, 1, action.clone());
            let mut request = world.request();
            request.set_forbid_overwrite(forbid).unwrap();
            let outcome = world.upload(&request);
            world.assert_done(&outcome);
            assert_eq!(outcome.confirmed_by_probe, is_stored && forbid, "{}", action.name());
        }
    }
}

#[test]
fn our_own_small_object_is_known_by_a_clock_that_is_fast() {
    // The second is refused first, which corrects the clock.
    for (clock_offset_s, skip) in [(-600, 0), (-2 * 24 * 3600, 1)] {
        let world = World::with(PART as usize, Options { clock_offset_s, ..Options::default() });
        let when = When { skip, ..When::operation(Operation::PutObject).times(1) };
        world.server.add_fault(Fault { when, then: Action::LoseAnswer });
        let mut request = world.request();
        request.set_forbid_overwrite(true).unwrap();
        let outcome = world.upload(&request);
        world.assert_done(&outcome);
        assert!(outcome.confirmed_by_probe);
    }
}

#[test]
fn a_small_file_that_is_swallowed_is_sent_again_after_the_idle_timeout() {
    let world = World::new(PART as usize);
    world.fault(Operation::PutObject, 1, Action::Hang);
    let mut config = world.config();
    config.set_idle_timeout(Duration::from_millis(300)).unwrap();
    world.assert_done(&finish(&start(&ossup::Client::new(&config).unwrap(), &world.request())));
}

#[test]
fn a_doubt_is_told_when_the_network_is_gone_and_none_when_nothing_was_sent() {
    for size in [0, PART as usize, MIB] {
        let world = World::new(size);
        for operation in [Operation::PutObject, Operation::CompleteMultipartUpload] {
            world.fault(operation, u32::MAX, Action::LoseAnswer);
        }
        world.fault(Operation::HeadObject, u32::MAX, Action::Reset { after: 0 });
        let mut config = world.config();
        config.set_max_attempts(2).unwrap();
        let outcome = finish(&start(&ossup::Client::new(&config).unwrap(), &world.request()));
        assert_eq!(kind(&outcome), Some(Kind::Unconfirmed), "{size} bytes: {outcome:?}");
        assert!(outcome.error.unwrap().to_string().contains("HeadObject"));

        config.set_endpoint("http://127.0.0.1:1").unwrap();
        let error = finish(&start(&ossup::Client::new(&config).unwrap(), &World::new(size).request())).error.unwrap();
        assert_eq!(error.kind(), Kind::Unreachable, "{size} bytes");
        assert_ne!(error.report().operation, Some("HeadObject"));
    }
}

#[test]
fn an_object_in_one_piece_is_paused_and_aborted_at_once() {
    let world = World::with(20 * MIB, Options { throttle: Some(Throttle::Total(1 << 20)), ..Options::default() });
    let mut request = world.request();
    request.set_part_size(32 << 20).unwrap();
    for (stop, status) in [(true, Kind::Paused), (false, Kind::Aborted)] {
        let upload = start(&world.client(), &request);
        while upload.progress().bytes_in_flight == 0 {
            std::thread::sleep(Duration::from_millis(2));
        }
        let begun = Instant::now();
        if stop { upload.pause() } else { upload.abort() }.unwrap();
        let outcome = finish(&upload);
        assert_eq!(kind(&outcome), Some(status));
        assert!(!outcome.resumable && begun.elapsed() < Duration::from_secs(10));
        assert!(world.server.object("bucket", "key").is_none() && !world.record().exists());
    }
}

#[test]
fn a_small_file_that_changes_while_it_is_sent_makes_no_object() {
    // More than the kernel's buffers take before anybody has looked.
    let world = World::with(12 * MIB, Options { throttle: Some(Throttle::Total(2 << 20)), ..Options::default() });
    let mut request = world.request();
    request.set_part_size(32 << 20).unwrap();
    let upload = start(&world.client(), &request);
    while upload.progress().bytes_in_flight == 0 {
        std::thread::sleep(Duration::from_millis(2));
    }
    std::fs::write(world.file(), &world.bytes).unwrap();
    let outcome = finish(&upload);
    assert_eq!(kind(&outcome), Some(Kind::SourceChanged), "{outcome:?}");
    assert!(world.server.object("bucket", "key").is_none());
}

#[test]
fn a_stop_before_the_start_is_refused() {
    let world = World::new(1);
    let upload = world.client().upload(&world.request()).unwrap();
    assert_eq!(upload.pause().unwrap_err().kind(), Kind::InvalidState);
    assert_eq!(upload.abort().unwrap_err().kind(), Kind::InvalidState);
}
