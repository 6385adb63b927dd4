//! Whole uploads under caps. How fast they are at most is seen here, whatever the machine; how slow is a benchmark's to say.

#![allow(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

mod support;

use oss_server::{Action, Operation};
use ossup::{Client, Kind, Request, Upload};
use std::thread::sleep;
use std::time::{Duration, Instant};
use support::{MIB, World, finish, kind, start};

const SOON: Duration = Duration::from_secs(60);
const PART: usize = support::PART as usize;

fn capped(world: &World, bytes_per_second: u64) -> Client {
    let mut config = world.config();
    config.set_bandwidth_limit(bytes_per_second).unwrap();
    Client::new(&config).unwrap()
}

fn slow(world: &World, task_num: u32, bytes_per_second: u64) -> Request {
    let mut request = world.request();
    request.set_task_num(task_num).unwrap();
    request.set_bandwidth_limit(bytes_per_second).unwrap();
    request
}

/// What has arrived of an upload or is on its way.
fn sent(upload: &Upload) -> u64 {
    let progress = upload.progress();
    progress.bytes_confirmed + progress.bytes_in_flight
}

fn wait_until(upload: &Upload, enough: u64) {
    let begun = Instant::now();
    while sent(upload) < enough {
        assert!(begun.elapsed() < SOON && !upload.is_done());
        sleep(Duration::from_millis(1));
    }
}

/// A rate's worth of bytes and a window for each part, at most, goes out from now on.
fn assert_held(upload: &Upload, rate: u64, time: Duration) {
    let (before, begun) = (sent(upload), Instant::now());
    sleep(time);
    let went = (sent(upload) - before) as f64;
    assert!(went <= (begun.elapsed().as_secs_f64() + 4.0) * rate as f64, "{went}");
}

/// Waits until what was granted under an earlier cap is out.
fn wait_for_calm(upload: &Upload, little: u64) {
    loop {
        let before = sent(upload);
        sleep(Duration::from_millis(100));
        assert!(!upload.is_done());
        if sent(upload) - before <= little {
            return;
        }
    }
}

/// A rate's worth of bytes takes its time, but for a burst at the beginning.
fn assert_capped(bytes: usize, rate: u64, took: Duration) {
    let least = bytes as f64 / rate as f64 * 0.9 - 0.15;
    assert!(took.as_secs_f64() >= least, "{bytes} bytes in {took:?}");
}

#[test]
fn a_capped_upload_takes_its_time() {
    for (size, task_num, tls) in [(MIB, 1, false), (MIB, 8, false), (MIB, 8, true), (PART, 1, false)] {
        let world = World::with(size, oss_server::Options { tls, ..Default::default() });
        let mut config = world.config();
        if tls {
            config.set_endpoint(&world.server.https_endpoint().unwrap()).unwrap();
            config.set_ca_pem(world.server.ca_pem().unwrap()).unwrap();
        }
        for of_client in [false, true] {
            let rate = size as u64;
            let mut request = slow(&world, task_num, rate);
            if of_client {
                request.set_bandwidth_limit(0).unwrap();
                config.set_bandwidth_limit(rate).unwrap();
            }
            let begun = Instant::now();
            world.assert_done(&finish(&start(&Client::new(&config).unwrap(), &request)));
            assert_capped(size, rate, begun.elapsed());
        }
    }
}

#[test]
fn uploads_of_one_client_share_its_cap() {
    let world = World::new(MIB / 4);
    let client = capped(&world, MIB as u64);
    let begun = Instant::now();
    let uploads: Vec<_> = (0..4)
        .map(|number| {
            let mut request = world.request();
            request.set_key(&format!("key {number}")).unwrap();
            request.set_task_num(1 + number).unwrap();
            start(&client, &request)
        })
        .collect();
    for upload in &uploads {
        assert!(finish(upload).error.is_none());
    }
    assert_capped(MIB, MIB as u64, begun.elapsed());
}

#[test]
fn a_cap_that_is_lifted_lets_the_upload_go() {
    for of_client in [false, true] {
        let world = World::new(2 * MIB);
        let client = capped(&world, if of_client { 1024 } else { 0 });
        let upload = client.upload(&slow(&world, 4, 0)).unwrap();
        // Before the start, too.
        upload.set_bandwidth_limit(1024).unwrap();
        upload.start().unwrap();
        wait_until(&upload, 1);
        assert_held(&upload, 1024, Duration::from_millis(500));
        client.set_bandwidth_limit(0).unwrap();
        upload.set_bandwidth_limit(0).unwrap();
        world.assert_done(&finish(&upload));
    }
}

#[test]
fn a_cap_that_is_lowered_holds_at_once() {
    for of_client in [false, true] {
        let world = World::new(8 * MIB);
        let client = capped(&world, 0);
        let upload = start(&client, &slow(&world, 4, MIB as u64));
        wait_until(&upload, MIB as u64 / 4);
        if of_client { client.set_bandwidth_limit(1024) } else { upload.set_bandwidth_limit(1024) }.unwrap();
        wait_for_calm(&upload, 4096);
        assert_held(&upload, 1024, Duration::from_secs(1));
        upload.abort().unwrap();
        assert_eq!(kind(&finish(&upload)), Some(Kind::Aborted));
        assert!(world.server.uploads().is_empty());
    }
}

#[test]
fn a_pause_does_not_wait_for_a_cap() {
    for (size, task_num) in [(PART, 1), (2 * MIB, 1), (2 * MIB, 8)] {
        let world = World::new(size);
        let client = world.client();
        let upload = start(&client, &slow(&world, task_num, 1024));
        wait_until(&upload, 1);
        let begun = Instant::now();
        upload.pause().unwrap();
        assert_eq!(kind(&finish(&upload)), Some(Kind::Paused));
        assert!(begun.elapsed() < Duration::from_secs(30), "{:?}", begun.elapsed());
        // What was given up holds up nobody: the same client goes on at once.
        client.set_bandwidth_limit(MIB as u64 * 10).unwrap();
        world.assert_done(&finish(&start(&client, &world.request())));
    }
}

#[test]
fn a_body_that_waits_for_its_cap_is_no_stall() {
    let world = World::new(20 * PART);
    let mut config = world.config();
    config.set_idle_timeout(Duration::from_secs(2)).unwrap();
    config.set_max_attempts(1).unwrap();
    let client = Client::new(&config).unwrap();
    // They are all under way when the cap comes, and far from their end.
    let upload = start(&client, &slow(&world, 10, MIB as u64 / 4));
    wait_until(&upload, PART as u64);
    upload.set_bandwidth_limit(1024).unwrap();
    sleep(Duration::from_secs(5));
    assert!(!upload.is_done());
    upload.set_bandwidth_limit(0).unwrap();
    let outcome = finish(&upload);
    world.assert_done(&outcome);
    assert_eq!(world.requests(Operation::UploadPart).len(), 20);
}

#[test]
fn what_is_sent_again_counts_again() {
    let world = World::new(PART);
    let before_its_end = Action::Reset { after: 80_000 };
    world.fault(Operation::PutObject, 1, before_its_end);
    let begun = Instant::now();
    world.assert_done(&world.upload(&slow(&world, 1, PART as u64)));
    assert_capped(PART + 80_000, PART as u64, begun.elapsed());
}

#[test]
fn a_server_that_has_gone_silent_is_noticed_under_a_cap_too() {
    let world = World::new(2 * PART);
    world.fault(Operation::UploadPart, u32::MAX, Action::Hang);
    let mut config = world.config();
    config.set_idle_timeout(Duration::from_millis(500)).unwrap();
    config.set_max_attempts(1).unwrap();
    let outcome = finish(&start(&Client::new(&config).unwrap(), &slow(&world, 2, 256 << 10)));
    assert_eq!(kind(&outcome), Some(Kind::NetworkTimeout), "{outcome:?}");
}
