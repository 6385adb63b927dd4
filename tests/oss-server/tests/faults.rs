//! Every fault, seen from the client's side.

#![allow(clippy::unwrap_used, reason = "a test ends at the first surprise")]

mod support;

use std::io::{ErrorKind, Read, Write};
use std::time::{Duration, Instant};

use oss_server::{Action, Error, Fault, Moment, Operation, Options, OssServer, Throttle, When};
use support::{BUCKET, call, complete, initiate, part, send_part, start, until};

fn with_fault(server: &OssServer, operation: Operation, then: Action) {
    server.add_fault(Fault { when: When::operation(operation).times(1), then });
}

fn started() -> (OssServer, String) {
    let server = start(Options::default());
    let id = initiate(&server, "k");
    (server, id)
}

#[test]
fn a_refusal_is_what_it_was_told_to_be() {
    let (server, id) = started();
    let error = Error { retry_after_s: Some(3), ..Error::default() };
    with_fault(&server, Operation::UploadPart, Action::Refuse(error));
    let answer = part("k", &id, 1, "x").send(&server);
    answer.assert_error(503, "ServiceUnavailable");
    assert_eq!(answer.header("retry-after"), Some("3"));
    assert_eq!(server.uploads()[0].parts, []);
    let error =
        Error { status: 418, code: "Teapot".to_owned(), ec: Some("0001-00000001".to_owned()), ..Error::default() };
    with_fault(&server, Operation::UploadPart, Action::Refuse(error));
    part("k", &id, 1, "x").send(&server).assert_error(418, "Teapot");
    with_fault(&server, Operation::ListParts, Action::Deny);
    let list = call("GET", "k").query("uploadId", &id);
    list.clone().send(&server).assert_error(403, "AccessDenied");
    list.send(&server).assert_ok();
    assert_eq!(server.ledger().iter().filter(|entry| !entry.faults.is_empty()).count(), 3);
}

#[test]
fn an_early_refusal_does_not_read_the_body() {
    let (server, id) = started();
    with_fault(&server, Operation::UploadPart, Action::RefuseEarly(Error::default()));
    // Whether the answer or the reset wins is the network's choice, as with the real service.
    if let Ok(answer) = part("k", &id, 1, vec![0; 32 << 20]).try_send(&server) {
        answer.assert_error(503, "ServiceUnavailable");
    }
    let entry = server.ledger().pop().unwrap();
    assert_eq!((entry.status, entry.body_bytes), (Some(503), 0));
}

#[test]
fn only_so_many_requests_are_served_at_a_time() {
    let (server, id) = started();
    let when = When { beyond: Some(1), ..When::operation(Operation::UploadPart) };
    server.add_fault(Fault { when, then: Action::RefuseEarly(Error::default()) });
    let second = part("k", &id, 2, "x");
    // The server has the head of the first one and waits for its body.
    let mut first = part("k", &id, 1, "y").open(&server);
    until(|| server.ledger().len() == 2);
    second.clone().send(&server).assert_error(503, "ServiceUnavailable");
    first.write_all(b"y").unwrap();
    first.read_to_end(&mut Vec::new()).unwrap();
    second.send(&server).assert_ok();
    let hit: Vec<usize> = server.ledger().iter().map(|entry| entry.faults.len()).collect();
    assert_eq!(hit, [0, 0, 1, 0]);
}

#[test]
fn a_request_is_kept_waiting_until_its_fault_is_ended() {
    let ends: [fn(&OssServer); 2] = [OssServer::release, OssServer::clear_faults];
    for (applied, end) in [true, false].into_iter().flat_map(|applied| ends.map(|end| (applied, end))) {
        let (server, id) = started();
        with_fault(&server, Operation::UploadPart, Action::Hold { applied });
        std::thread::scope(|scope| {
            let sending = scope.spawn(|| part("k", &id, 1, "x").send(&server));
            until(|| server.ledger().last().is_some_and(|entry| entry.faults == ["hold"]));
            until(|| server.uploads()[0].parts.len() == usize::from(applied));
            assert!(!sending.is_finished() && server.ledger().last().unwrap().ended_ms.is_none());
            end(&server);
            sending.join().unwrap().assert_ok();
        });
        assert_eq!(server.uploads()[0].parts.len(), 1);
    }
}

#[test]
fn who_releases_the_waiting_spares_the_other_faults() {
    let (server, id) = started();
    for then in [Action::Hold { applied: true }, Action::Deny] {
        with_fault(&server, Operation::ListParts, then);
    }
    server.release();
    call("GET", "k").query("uploadId", &id).send(&server).assert_error(403, "AccessDenied");
}

#[test]
fn who_is_held_may_go_away() {
    let (server, id) = started();
    with_fault(&server, Operation::UploadPart, Action::Hold { applied: true });
    let mut connection = part("k", &id, 1, "x").open(&server);
    connection.write_all(b"x").unwrap();
    until(|| server.uploads()[0].parts.len() == 1);
    drop(connection);
    until(|| server.ledger().last().is_some_and(|entry| entry.ended_ms.is_some()));
}

#[test]
fn a_connection_is_cut_in_the_middle_of_a_body() {
    let (server, id) = started();
    for (action, kinds) in [
        (Action::Reset { after: 1 << 20 }, [ErrorKind::ConnectionReset, ErrorKind::BrokenPipe]),
        (Action::Close { after: 1 << 20 }, [ErrorKind::UnexpectedEof, ErrorKind::BrokenPipe]),
    ] {
        with_fault(&server, Operation::UploadPart, action);
        let error = part("k", &id, 1, vec![0; 8 << 20]).try_send(&server).unwrap_err();
        assert!(kinds.contains(&error.kind()), "{error:?}");
        let entry = server.ledger().pop().unwrap();
        assert_eq!((entry.status, entry.answered), (None, false));
        assert!((1 << 20..8 << 20).contains(&entry.body_bytes), "{}", entry.body_bytes);
    }
    assert_eq!(server.uploads()[0].parts, []);
}

#[test]
fn a_cut_hits_requests_without_a_body_before_they_are_applied() {
    let (server, id) = started();
    let abort = call("DELETE", "k").query("uploadId", &id);
    with_fault(&server, Operation::AbortMultipartUpload, Action::Reset { after: 100 });
    let error = abort.clone().try_send(&server).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ConnectionReset);
    with_fault(&server, Operation::AbortMultipartUpload, Action::Close { after: 0 });
    let error = abort.try_send(&server).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::UnexpectedEof);
    assert_eq!(server.uploads().len(), 1);
}

#[test]
fn a_lost_answer_is_one_to_an_applied_request() {
    let (server, id) = started();
    let etag = send_part(&server, "k", &id, 1, b"text");
    with_fault(&server, Operation::CompleteMultipartUpload, Action::LoseAnswer);
    complete("k", &id, &[(1, &etag)]).try_send(&server).unwrap_err();
    assert_eq!(server.object(BUCKET, "k").unwrap().bytes, b"text");
    let entry = server.ledger().pop().unwrap();
    assert_eq!((entry.status, entry.answered), (None, false));
    complete("k", &id, &[(1, &etag)]).send(&server).assert_error(404, "NoSuchUpload");
}

#[test]
fn an_error_may_hide_in_a_good_status() {
    let (server, id) = started();
    let etag = send_part(&server, "k", &id, 1, b"text");
    for applied in [false, true] {
        let code = "InternalError".to_owned();
        let action = Action::ErrorInBody { applied, code };
        with_fault(&server, Operation::CompleteMultipartUpload, action);
        let answer = complete("k", &id, &[(1, &etag)]).send(&server);
        answer.assert_error(200, "InternalError");
        assert_eq!(server.object(BUCKET, "k").is_some(), applied);
    }
}

#[test]
fn sums_and_tags_can_be_wrong_or_missing() {
    let (server, id) = started();
    let sent = |action| {
        with_fault(&server, Operation::UploadPart, action);
        let answer = part("k", &id, 1, "123456789").send(&server);
        let header = |name| answer.header(name).map(str::to_owned);
        (header("x-oss-hash-crc64ecma"), header("etag"))
    };
    let crc = Some("11051210869376104954".to_owned());
    let etag = Some("\"25F9E794323B453885F5181F1B624D0B\"".to_owned());
    assert_eq!(sent(Action::WrongCrc), (Some("11051210869376104955".to_owned()), etag.clone()));
    assert_eq!(sent(Action::NoCrc), (None, etag));
    assert_eq!(sent(Action::WrongEtag), (crc, Some(format!("\"{}\"", "0".repeat(32)))));
    assert_eq!(server.uploads()[0].parts[0].crc64, 11_051_210_869_376_104_954);
}

#[test]
fn uploads_and_parts_can_vanish() {
    let (server, id) = started();
    for number in 1..=3 {
        send_part(&server, "k", &id, number, b"part");
    }
    let numbers = vec![1, 3];
    with_fault(&server, Operation::ListParts, Action::LoseParts { numbers });
    let list = call("GET", "k").query("uploadId", &id).send(&server);
    assert_eq!(list.elements("PartNumber"), ["2"]);
    assert!(server.drop_part(&id, 2));
    assert!(!server.drop_part(&id, 2));
    with_fault(&server, Operation::UploadPart, Action::LoseUpload);
    part("k", &id, 1, "x").send(&server).assert_error(404, "NoSuchUpload");
    assert_eq!(server.uploads(), []);
    assert!(server.drop_upload(&initiate(&server, "k")));
}

#[test]
fn a_stall_takes_its_time() {
    let (server, id) = started();
    for at in [Moment::BeforeBody, Moment::InBody(1), Moment::BeforeAnswer] {
        with_fault(&server, Operation::UploadPart, Action::Stall { at, ms: 300 });
        let begin = Instant::now();
        part("k", &id, 1, "xyz").send(&server).assert_ok();
        assert!(begin.elapsed() >= Duration::from_millis(300), "{at:?}");
    }
}

#[test]
fn a_hanging_request_is_never_answered() {
    let (server, id) = started();
    with_fault(&server, Operation::UploadPart, Action::Hang);
    let (endpoint, hanging) = (server.endpoint(), part("k", &id, 1, "x"));
    let client = std::thread::spawn(move || hanging.send_to(&endpoint));
    std::thread::sleep(Duration::from_millis(500));
    assert!(!client.is_finished());
    assert_eq!(server.ledger().pop().unwrap().status, None);
    drop(server);
    assert!(client.join().unwrap().is_err());
}

#[test]
fn bodies_can_be_read_slowly() {
    const BODY: usize = 100_000;
    let paced = [
        (Some(Throttle::Total(200_000)), None, None),
        (Some(Throttle::PerConnection(200_000)), None, None),
        (None, Some(Action::Throttle { bytes_per_s: 200_000 }), None),
        (None, None, Some("1600000")),
    ];
    for (throttle, action, limit) in paced {
        let server = start(Options { throttle, ..Options::default() });
        let id = initiate(&server, "k");
        if let Some(action) = action {
            with_fault(&server, Operation::UploadPart, action);
        }
        let mut send = part("k", &id, 1, vec![0; BODY]);
        if let Some(limit) = limit {
            send = send.header("x-oss-traffic-limit", limit);
        }
        let begin = Instant::now();
        send.send(&server).assert_ok();
        let took = begin.elapsed().as_secs_f64();
        assert!((0.45..2.0).contains(&took), "{took} {throttle:?} {limit:?}");
    }
}

#[test]
fn a_fault_counts_what_it_sees() {
    let hits = |when: When| -> Vec<u32> {
        let (server, id) = started();
        server.add_fault(Fault { when, then: Action::Deny });
        (1..=8).filter(|number| part("k", &id, *number, "x").send(&server).status == 403).collect()
    };
    let parts = || When::operation(Operation::UploadPart);
    assert_eq!(hits(When { skip: 2, ..parts() }), [3, 4, 5, 6, 7, 8]);
    assert_eq!(hits(When { skip: 2, ..parts().times(2) }), [3, 4]);
    assert_eq!(hits(When { every: Some(3), ..parts() }), [3, 6]);
    assert_eq!(hits(When { part_number: Some(4), ..parts() }), [4]);
    assert_eq!(hits(When { key: Some("other".to_owned()), ..parts() }), [0; 0]);
    let by_chance = |seed| hits(When { probability: Some(0.5), seed, ..parts() });
    assert_eq!(by_chance(7), by_chance(7));
    assert!((0..20).any(|seed| by_chance(seed) != by_chance(7)));
}
