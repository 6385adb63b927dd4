//! What the ledger says, and that it says so in time.

#![allow(clippy::unwrap_used, reason = "a test ends at the first surprise")]

mod support;

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use oss_server::{Action, Fault, Moment, Operation, Options, OssServer, When};
use support::{BUCKET, initiate, part, start};

fn connect(server: &OssServer) -> TcpStream {
    TcpStream::connect(server.endpoint().strip_prefix("http://").unwrap()).unwrap()
}

#[test]
fn the_ledger_tells_what_happened() {
    let server = start(Options::default());
    let id = initiate(&server, "k");
    part("k", &id, 4, "12345").send(&server).assert_ok();
    let entries = server.ledger();
    assert_eq!(entries.len(), 2);
    let (first, last) = (&entries[0], &entries[1]);
    assert_eq!((first.sequence, last.sequence), (1, 2));
    assert_ne!(first.connection, last.connection);
    assert_eq!(first.operation, Operation::InitiateMultipartUpload);
    assert_eq!(first.upload_id.as_deref(), Some(id.as_str()));
    assert_eq!(last.operation, Operation::UploadPart);
    assert_eq!((last.bucket.as_deref(), last.key.as_deref()), (Some(BUCKET), Some("k")));
    assert_eq!((last.part_number, last.upload_id.as_deref()), (Some(4), Some(id.as_str())));
    assert_eq!((last.declared_length, last.body_bytes), (Some(5), 5));
    assert_eq!((last.status, last.answered), (Some(200), true));
    assert!(last.ended_ms.is_some_and(|end| end >= last.started_ms));
    assert_eq!(last.header("connection"), Some("close"));
    server.clear_ledger();
    assert!(server.ledger().is_empty());
}

#[test]
fn whoever_has_read_an_answer_finds_it_in_the_ledger() {
    let server = start(Options::default());
    let mut stream = connect(&server);
    for count in 1..=2000 {
        stream.write_all(b"GET /bucket/k HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n").unwrap();
        let mut answer = Vec::new();
        while !answer.ends_with(b"</Error>") {
            let mut buffer = [0; 4096];
            let read = stream.read(&mut buffer).unwrap();
            answer.extend_from_slice(&buffer[..read]);
        }
        let entries = server.ledger();
        assert_eq!(entries.len(), count);
        let last = &entries[count - 1];
        assert!(last.answered && last.ended_ms.is_some() && last.connection == 1, "{last:?}");
        if count % 500 == 0 {
            assert!(entries.iter().all(|entry| entry.answered));
        }
    }
}

#[test]
fn a_client_that_leaves_gets_no_answer() {
    let server = start(Options::default());
    let when = When::operation(Operation::GetObject);
    let then = Action::Stall { at: Moment::BeforeAnswer, ms: 60_000 };
    server.add_fault(Fault { when, then });
    let mut stream = connect(&server);
    stream.write_all(b"GET /bucket/k HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n").unwrap();
    let begin = Instant::now();
    while server.ledger().is_empty() {
        assert!(begin.elapsed() < Duration::from_secs(10));
        std::thread::sleep(Duration::from_millis(5));
    }
    drop(stream);
    let entry = loop {
        let entry = server.ledger().pop().unwrap();
        if entry.ended_ms.is_some() {
            break entry;
        }
        assert!(begin.elapsed() < Duration::from_secs(10));
        std::thread::sleep(Duration::from_millis(5));
    };
    assert_eq!((entry.status, entry.answered, entry.faults), (None, false, vec!["stall".to_owned()]));
}

#[test]
fn an_answer_that_does_not_fit_the_socket_is_not_answered_before_it_is_read() {
    let server = start(Options::default());
    server.put_object(BUCKET, "large", &vec![1; 64 << 20]).unwrap();
    let signed = support::call("GET", "large").open(&server);
    let begin = Instant::now();
    while server.ledger().last().is_none_or(|entry| entry.status.is_none()) {
        assert!(begin.elapsed() < Duration::from_secs(10));
        std::thread::sleep(Duration::from_millis(5));
    }
    std::thread::sleep(Duration::from_millis(200));
    assert!(!server.ledger().pop().unwrap().answered);
    let mut signed = signed;
    let mut all = Vec::new();
    signed.read_to_end(&mut all).unwrap();
    assert!(all.len() > 64 << 20);
    assert!(server.ledger().pop().unwrap().answered);
}
