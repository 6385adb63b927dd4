//! The C API seen from C: each program of `tests/c` runs against a stand-in of its own.

#![cfg(target_os = "linux")]

#[path = "c/compile.rs"]
mod compile;
#[path = "c/left_out.rs"]
mod left_out;
#[path = "c/run.rs"]
mod run;

use oss_server::{Action, Entry, Fault, Moment, Operation, OssServer, When};
use run::start;
use std::collections::BTreeSet;

/// Runs `tests/c/{name}.c`. Where the target has no such program, nothing is run and false said; `scripts/test-cross.sh` counts the line.
fn run(name: &str, server: &OssServer) -> bool {
    let reason = left_out::reason(name);
    match reason {
        Some(reason) => println!("{name} is left out: {reason}"),
        None => drop(run::run(&format!("tests/c/{name}.c"), server)),
    }
    reason.is_none()
}

/// What is left out of a target needs what that does not have; here, it compiles.
#[test]
fn nothing_is_left_out_without_need() {
    for (name, reason) in left_out::ON_WINDOWS {
        let compiles = compile::try_to_compile(format!("tests/c/{name}.c")).is_ok();
        assert_eq!(compiles, left_out::reason(name).is_none(), "{name} is left out on Windows: {reason}");
    }
}

#[test]
fn header() {
    run("header", &start());
}

#[test]
fn library() {
    run("library", &start());
}

#[test]
fn threads() {
    run("threads", &start());
}

#[test]
fn handles() {
    run("handles", &start());
}

#[test]
fn config() {
    run("config", &start());
}

#[test]
fn client() {
    run("client", &start());
}

#[test]
fn request() {
    run("request", &start());
}

/// A stand-in that takes the parts of one key slowly.
fn slow_for(key: &str) -> OssServer {
    let server = start();
    throttle(&server, key);
    server
}

fn throttle(server: &OssServer, key: &str) {
    server.add_fault(Fault {
        when: When { operation: Some(Operation::UploadPart), key: Some(key.to_owned()), ..When::default() },
        then: Action::Throttle { bytes_per_s: 400_000 },
    });
}

#[test]
fn source() {
    let server = start();
    server.add_fault(Fault {
        when: When { operation: Some(Operation::UploadPart), key: Some("source/slow".to_owned()), ..When::default() },
        then: Action::Stall { at: Moment::BeforeAnswer, ms: 1000 },
    });
    run("source", &server);
    let small = server.object("bucket", "source/memory").expect("it was uploaded").bytes;
    assert!(small.len() == 300_000 && small.iter().enumerate().all(|(at, byte)| *byte == (at * 31 / 128) as u8));
    assert!(small == server.object("bucket", "source/stream").expect("it was pushed").bytes);
    assert!(server.object("bucket", "source/left").is_none());
    assert!(server.uploads().is_empty(), "{:?}", server.uploads());
}

#[test]
fn upload() {
    let server = slow_for("upload/slow");
    run("upload", &server);
    assert!(server.uploads().is_empty(), "{:?}", server.uploads());
}

#[test]
fn result() {
    run("result", &start());
}

#[test]
fn resume_token() {
    let server = slow_for("token/slow");
    run("resume_token", &server);
    assert!(server.uploads().is_empty(), "{:?}", server.uploads());
}

#[test]
fn record() {
    let server = slow_for("record/slow");
    run("record", &server);
    assert!(server.uploads().is_empty(), "{:?}", server.uploads());
}

#[test]
fn incomplete() {
    let server = start();
    for key in ["a/one", "b/two"] {
        server.open_upload("bucket", key).expect("the bucket is there");
    }
    run("incomplete", &server);
}

#[test]
fn queue() {
    run("queue", &start());
}

#[test]
fn log() {
    run("log", &start());
}

#[test]
fn options() {
    run("options", &start());
}

#[test]
fn credentials() {
    run("credentials", &start());
}

#[test]
fn error() {
    run("error", &start());
}

#[test]
fn bad_input() {
    run("bad_input", &start());
}

#[test]
fn silent() {
    run("silent", &start());
}

#[test]
fn shutdown() {
    let server = slow_for("shutdown/slow");
    server.add_fault(Fault {
        when: When { operation: Some(Operation::PutObject), key: Some("shutdown/late".to_owned()), ..When::default() },
        then: Action::Hold { applied: true },
    });
    run("shutdown", &server);
    assert!(server.uploads().is_empty(), "{:?}", server.uploads());
}

#[test]
fn cut_off() {
    let server = start();
    server.add_fault(Fault {
        when: When { operation: Some(Operation::PutObject), ..When::default() },
        then: Action::Stall { at: Moment::BeforeAnswer, ms: 600_000 },
    });
    run("cut_off", &server);
}

#[test]
fn client_shutdown() {
    let server = start();
    for key in ["client/slow", "client/slow too", "client/other"] {
        throttle(&server, key);
    }
    server.add_fault(Fault {
        when: When { operation: Some(Operation::PutObject), key: Some("client/late".to_owned()), ..When::default() },
        then: Action::Hold { applied: true },
    });
    run("client_shutdown", &server);
    assert!(server.uploads().is_empty(), "{:?}", server.uploads());
}

#[test]
fn hostile() {
    run("hostile", &slow_for("hostile/slow"));
}

#[test]
fn quick() {
    let server = start();
    run("quick", &server);
    let object = server.object("bucket", "quick").expect("the last one makes it");
    assert!(object.bytes == server.object("bucket", "quick/same").expect("it is compared with this one").bytes);
    assert!(server.uploads().is_empty(), "{:?}", server.uploads());
    let ledger = server.ledger();
    let of = |operation| {
        let those = ledger.iter().filter(move |entry| entry.operation == operation);
        those.filter(|entry| entry.key.as_deref() == Some("quick"))
    };
    let uploads = |operation| of(operation).map(|entry| entry.upload_id.as_deref()).collect::<BTreeSet<_>>();
    // They go on from one another: none is given up that a part was sent of. A fast one may be done before the last one starts.
    let begun = uploads(Operation::UploadPart);
    assert_eq!(begun, uploads(Operation::CompleteMultipartUpload));
    // What is under way at a pause goes out again, and nothing else does.
    let (parts, tasks, pauses) = (30 * begun.len(), 3, 100);
    let sent = of(Operation::UploadPart).count();
    assert!((parts..=parts + tasks * pauses).contains(&sent), "{sent} parts were sent");
}

#[test]
fn stopping() {
    let server = start();
    let ways = ["paused", "aborted", "paused, recorded", "aborted, recorded"];
    for way in ways {
        throttle(&server, &format!("slow/{way}"));
        for (kind, ms) in [("stalled", 60_000), ("late", 2_000)] {
            let key = Some(format!("{kind}/{way}"));
            server.add_fault(Fault {
                when: When { operation: Some(Operation::UploadPart), key, ..When::default() },
                then: Action::Stall { at: Moment::BeforeAnswer, ms },
            });
        }
    }
    run("stopping", &server);
    let ledger = server.ledger();
    let of = |key: &str| ledger.iter().filter(move |entry| entry.key.as_deref() == Some(key)).collect::<Vec<_>>();
    for kind in ["slow", "stalled", "late"] {
        for way in ways {
            let key = format!("{kind}/{way}");
            let over = of(&format!("{key}, over")).first().expect("it was sent").sequence;
            // A part that was sent may be noticed late, but it is sent once.
            let (parts, others): (Vec<&Entry>, Vec<&Entry>) =
                of(&key).into_iter().partition(|entry| entry.operation == Operation::UploadPart);
            let numbers: BTreeSet<_> = parts.iter().map(|entry| entry.part_number).collect();
            assert!(!parts.is_empty() && numbers.len() == parts.len(), "{parts:?}");
            // What a pause leaves without a record goes with the last handle.
            let late = others.iter().filter(|entry| entry.sequence > over).count();
            assert!(late == 0 || way == "paused", "{others:?}");
        }
    }
}

#[test]
fn together() {
    run("together", &slow_for("together/slow"));
}

#[test]
fn network() {
    let server = start();
    server.add_fault(Fault {
        when: When { operation: Some(Operation::UploadPart), key: Some("network/lost".to_owned()), ..When::default() },
        then: Action::Reset { after: 0 },
    });
    run("network", &server);
}

#[test]
fn sigpipe() {
    let server = start();
    for part_number in 1..=50 {
        server.add_fault(Fault {
            when: When { part_number: Some(part_number), ..When::operation(Operation::UploadPart).times(1) },
            then: Action::Reset { after: 65_536 },
        });
    }
    if !run("sigpipe", &server) {
        return;
    }
    let resets = server.ledger().iter().filter(|entry| entry.faults.iter().any(|fault| fault == "reset")).count();
    assert_eq!(resets, 50);
}
