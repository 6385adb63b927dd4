//! Thousands of uploads that are started at once, in a process of few descriptors.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot be set up has failed")]

mod support;

use oss_server::{Action, Operation};
use ossup::{Client, Kind, Request, Upload};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use std::fs::read_dir;
use std::time::{Duration, Instant};
use support::{World, finish, kind, start};

const UPLOADS: usize = 3000;
const DESCRIPTORS: u64 = 1024;
const PATIENCE: Duration = Duration::from_secs(240);

fn request(world: &World, number: usize) -> Request {
    let file = world.folder.path().join(number.to_string());
    std::fs::write(&file, number.to_string()).unwrap();
    let mut request = world.request();
    request.set_upload_file(&file).unwrap();
    request.set_key(&format!("key {number}")).unwrap();
    request
}

fn entries(folder: &str) -> usize {
    read_dir(folder).unwrap().count()
}

fn wait(upload: &Upload) -> bool {
    upload.wait(Some(PATIENCE)).unwrap().is_some_and(|finished| finished.outcome.error.is_none())
}

#[test]
fn thousands_of_files_need_neither_a_thread_nor_a_descriptor_each() {
    let limit = getrlimit(Resource::Nofile);
    setrlimit(Resource::Nofile, Rlimit { current: Some(DESCRIPTORS), ..limit }).unwrap();
    let world = World::new(0);
    let client = world.client();
    let requests: Vec<_> = (0..UPLOADS).map(|number| request(&world, number)).collect();
    let uploads: Vec<_> = requests.iter().map(|request| start(&client, request)).collect();
    let (mut threads, mut descriptors) = (0, 0);
    while !uploads.iter().all(Upload::is_done) {
        threads = threads.max(entries("/proc/self/task"));
        descriptors = descriptors.max(entries("/proc/self/fd"));
        std::thread::sleep(Duration::from_millis(10));
    }
    assert!(uploads.iter().all(wait));
    assert_eq!(world.requests(Operation::PutObject).len(), UPLOADS);
    // The stand-in, too, has a thread and a descriptor for each of the client's connections.
    assert!(threads < 300 && descriptors < 400, "{threads} threads, {descriptors} descriptors");
}

/// One upload at a time, and the first one gets no answer.
fn one_at_a_time() -> (World, Client, Upload) {
    let world = World::new(100);
    let mut config = world.config();
    config.set_max_uploads(1);
    let client = Client::new(&config).unwrap();
    world.fault(Operation::UploadPart, 1, Action::Hang);
    let mut request = world.request();
    request.set_force_multipart(true);
    let first = start(&client, &request);
    let began = Instant::now();
    while world.requests(Operation::UploadPart).is_empty() {
        assert!(began.elapsed() < PATIENCE);
        std::thread::yield_now();
    }
    (world, client, first)
}

#[test]
fn who_waits_for_its_turn_can_be_stopped_and_the_next_one_goes_on() {
    let (world, client, first) = one_at_a_time();
    let [paused, second] = [1, 2].map(|number| start(&client, &request(&world, number)));
    paused.pause().unwrap();
    let outcome = finish(&paused);
    assert_eq!((kind(&outcome), outcome.resumable), (Some(Kind::Paused), false));
    assert!(!second.is_done() && !first.is_done());
    first.abort().unwrap();
    assert_eq!(kind(&finish(&first)), Some(Kind::Aborted));
    assert!(wait(&second));
    assert_eq!(world.requests(Operation::PutObject).len(), 1);
}

#[test]
fn an_abort_in_the_queue_waits_for_nobody_when_no_earlier_run_left_anything() {
    let (world, client, first) = one_at_a_time();
    for keeps_record in [false, true] {
        let mut request = request(&world, 1);
        request.set_enable_checkpoint(keeps_record);
        let waiting = start(&client, &request);
        waiting.abort().unwrap();
        assert_eq!(kind(&finish(&waiting)), Some(Kind::Aborted));
        assert!(!first.is_done());
    }
}

#[test]
fn an_abort_in_the_queue_takes_away_what_an_earlier_run_left() {
    let (world, client, first) = one_at_a_time();
    let mut request = request(&world, 1);
    request.set_force_multipart(true);
    world.fault(Operation::UploadPart, 1, Action::Deny);
    assert!(finish(&start(&world.client(), &request)).resumable);
    assert_eq!(world.server.uploads().len(), 2);
    let again = start(&client, &request);
    again.pause().unwrap();
    assert!(finish(&again).resumable);
    let again = start(&client, &request);
    again.abort().unwrap();
    first.abort().unwrap();
    assert_eq!(kind(&finish(&again)), Some(Kind::Aborted));
    assert!(world.server.uploads().is_empty());
}
