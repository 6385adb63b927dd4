//! Uploads whose time is over.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot be set up has failed")]

mod support;

use oss_server::{Options, Throttle};
use ossup::{Kind, Request};
use std::time::Duration;
use support::{World, finish, kind, paused, start};

const MIB: usize = 1 << 20;

fn hurried(request: &Request, ms: u64) -> Request {
    let mut request = request.clone();
    request.set_deadline(Some(Duration::from_millis(ms)));
    request
}

#[test]
fn an_upload_stops_at_its_deadline_and_the_same_request_goes_on() {
    let world = World::with(4 * MIB, Options { throttle: Some(Throttle::Total(1 << 20)), ..Options::default() });
    let request = hurried(&world.request(), 1500);
    let (mut runs, mut sent) = (1, 0);
    let last = loop {
        let outcome = world.upload(&request);
        sent += outcome.parts_sent;
        if outcome.error.is_none() {
            break outcome;
        }
        assert_eq!(kind(&outcome), Some(Kind::DeadlineExceeded), "{outcome:?}");
        assert!(outcome.resumable && world.record().exists());
        runs += 1;
        assert!(runs < 100, "it does not come forward");
    };
    world.assert_done(&last);
    assert!(runs > 2 && last.resumed, "{runs} runs");
    // A part whose answer a deadline cut off is there all the same, and not sent again.
    assert!(sent <= last.parts_total, "{sent} parts of {}", last.parts_total);
}

#[test]
fn the_deadline_counts_while_a_turn_or_a_record_is_waited_for() {
    let world = World::new(2 * MIB);
    let mut config = world.config();
    config.set_max_uploads(1);
    let client = ossup::Client::new(&config).unwrap();
    world.hold_parts_after(0);
    let first = start(&client, &world.request());
    support::wait_until(|| first.progress().bytes_in_flight > 0);
    let queued = start(&client, &hurried(&world.request(), 50));
    assert_eq!(kind(&finish(&queued)), Some(Kind::DeadlineExceeded));
    let mut locked_out = hurried(&world.request(), 50);
    locked_out.set_lock_timeout(None);
    assert_eq!(kind(&world.upload(&locked_out)), Some(Kind::DeadlineExceeded));
    first.abort().unwrap();
    finish(&first);
}

#[test]
fn the_deadline_counts_while_a_stream_is_waited_for() {
    let world = World::new(2 * MIB);
    let mut stream = hurried(&world.request(), 50);
    stream.set_enable_checkpoint(false);
    stream.set_upload_stream(None).unwrap();
    let upload = start(&world.client(), &stream);
    assert_eq!(kind(&finish(&upload)), Some(Kind::DeadlineExceeded));
    assert!(world.server.uploads().is_empty());
    let (_, result) = upload.write(&world.bytes, None);
    assert_eq!(result.unwrap_err().kind(), Kind::DeadlineExceeded);
}

#[test]
fn a_deadline_that_is_kept_is_not_noticed() {
    let world = World::new(2 * MIB);
    paused(&world);
    world.assert_done(&world.upload(&hurried(&world.request(), 3_600_000)));
    let without_end = world.upload(&hurried(&world.request(), u64::MAX));
    assert!(without_end.error.is_none(), "{without_end:?}");
}
