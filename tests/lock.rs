//! One upload at a time holds a record, over processes that meet, die and fork.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot be set up has failed")]

#[path = "support/again.rs"]
mod again;
#[path = "c/compile.rs"]
mod compile;
#[path = "c/shim.rs"]
mod shim;
mod support;

use again::again;
use oss_server::{Action, Fault, Operation, When};
use ossup::oss::request::Object;
use ossup::world::checkpoint::{self, Place};
use ossup::world::source::FileSource;
use ossup::{Kind, Request};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use support::{PART, World, finish, names_in, start};

const PARTS: usize = 10;
const PATIENCE: Duration = Duration::from_secs(60);

/// What a process of these tests is told.
fn told(name: &str) -> String {
    std::env::var(name).unwrap()
}

/// The role of a process that waits for the record; others find it busy.
const PATIENT: &str = "patient uploader";

/// The world's file to these keys in a process of its own, all at once. It says how each ended.
fn uploader(world: &World, test: &str, keys: &str) -> Child {
    spawn(again(test, "uploader"), world, keys)
}

fn spawn(mut process: Command, world: &World, keys: &str) -> Child {
    process
        .env("OSSUP_TEST_ENDPOINT", world.server.endpoint())
        .env("OSSUP_TEST_FILE", world.file())
        .env("OSSUP_TEST_KEYS", keys)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap()
}

fn upload_as_told() {
    let mut config = ossup::Config::default();
    config.set_endpoint(&told("OSSUP_TEST_ENDPOINT")).unwrap();
    config.set_region("cn-hangzhou").unwrap();
    config.set_credentials("ak", "sk", None).unwrap();
    let client = ossup::Client::new(&config).unwrap();
    let keys = told("OSSUP_TEST_KEYS");
    let request = |key| {
        let mut request = request(key, told("OSSUP_TEST_FILE"));
        if again::role().as_deref() == Some(PATIENT) {
            request.set_lock_timeout(Some(PATIENCE));
        }
        request
    };
    let uploads: Vec<_> = keys.split(' ').map(|key| start(&client, &request(key))).collect();
    for upload in &uploads {
        let outcome = finish(upload);
        println!("ended {:?} reused {}", support::kind(&outcome), outcome.parts_reused);
    }
}

fn request(key: &str, file: impl AsRef<Path>) -> Request {
    let mut request = Request::default();
    request.set_bucket_name("bucket").unwrap();
    request.set_key(key).unwrap();
    request.set_upload_file(file.as_ref()).unwrap();
    request.set_task_num(1).unwrap();
    request.set_enable_checkpoint(true);
    request
}

/// How a process said that its uploads ended.
fn endings(child: Child) -> Vec<String> {
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    let text = String::from_utf8(output.stdout).unwrap();
    // On one core the harness names the test in the same line first.
    text.lines().filter_map(|line| line.split_once("ended ")).map(|(_, ending)| ending.to_owned()).collect()
}

/// A server that takes this many parts and then answers nothing more.
fn stuck_behind(held: u32) -> World {
    let world = World::new(PARTS * PART as usize);
    let next = When { part_number: Some(held + 1), ..When::operation(Operation::UploadPart) };
    world.server.add_fault(Fault { when: next, then: Action::Hang });
    world
}

fn wait_until(what: &str, mut is_so: impl FnMut() -> bool) {
    let began = Instant::now();
    while !is_so() {
        assert!(began.elapsed() < PATIENCE, "{what}: not in time");
        std::thread::sleep(Duration::from_millis(2));
    }
}

fn wait_for_part(world: &World, number: u32) {
    wait_until("the part", || world.server.ledger().iter().any(|entry| entry.part_number == Some(number)));
}

#[test]
fn a_second_process_is_busy_at_once_and_goes_on_when_the_first_is_killed() {
    if again::role().is_some() {
        return upload_as_told();
    }
    let this = "a_second_process_is_busy_at_once_and_goes_on_when_the_first_is_killed";
    let world = stuck_behind(4);
    let mut holder = uploader(&world, this, "key");
    wait_for_part(&world, 5);
    for _ in 0..3 {
        assert_eq!(endings(uploader(&world, this, "key")), ["Some(Busy) reused 0"]);
    }
    assert!(holder.try_wait().unwrap().is_none(), "the holder is not there any more");
    assert_eq!(world.requests(Operation::InitiateMultipartUpload).len(), 1);
    world.server.clear_faults();
    holder.kill().unwrap();
    holder.wait().unwrap();
    assert_eq!(endings(uploader(&world, this, "key")), ["None reused 4"]);
    assert!(world.server.object("bucket", "key").unwrap().bytes == world.bytes);
    assert_eq!(world.requests(Operation::InitiateMultipartUpload).len(), 1);
    assert_eq!(names_in(world.folder.path()), ["file.bin"]);
}

#[test]
fn one_file_goes_to_many_keys_from_many_processes_at_once() {
    if again::role().is_some() {
        return upload_as_told();
    }
    let this = "one_file_goes_to_many_keys_from_many_processes_at_once";
    let world = World::new(3 * PART as usize);
    let processes: Vec<_> =
        ["a b c d", "e f g h", "i j k l"].map(|keys| uploader(&world, this, keys)).into_iter().collect();
    for process in processes {
        assert_eq!(endings(process), ["None reused 0"; 4]);
    }
    for key in 'a'..='l' {
        assert!(world.server.object("bucket", &key.to_string()).unwrap().bytes == world.bytes, "{key}");
    }
    assert!(world.server.uploads().is_empty());
    assert_eq!(names_in(world.folder.path()), ["file.bin"]);
}

#[test]
fn many_processes_on_one_key_make_one_upload_of_it() {
    if again::role().is_some() {
        return upload_as_told();
    }
    let this = "many_processes_on_one_key_make_one_upload_of_it";
    let world = stuck_behind(PARTS as u32 - 1);
    let mut processes: Vec<_> = (0..4).map(|_| uploader(&world, this, "key")).collect();
    wait_for_part(&world, PARTS as u32);
    wait_until("all but one", || processes.iter_mut().filter_map(|it| it.try_wait().unwrap()).count() == 3);
    world.server.clear_faults();
    for process in &mut processes {
        if process.try_wait().unwrap().is_none() {
            process.kill().unwrap();
        }
    }
    let ended: Vec<_> = processes.into_iter().map(|process| process.wait_with_output().unwrap()).collect();
    let busy = ended.iter().filter(|output| String::from_utf8_lossy(&output.stdout).contains("ended Some(Busy)"));
    assert_eq!(busy.count(), 3);
    assert_eq!(world.requests(Operation::InitiateMultipartUpload).len(), 1);
    assert_eq!(endings(uploader(&world, this, "key")), [format!("None reused {}", PARTS - 1)]);
}

#[test]
fn processes_that_wait_for_the_record_go_one_after_the_other() {
    if again::role().is_some() {
        return upload_as_told();
    }
    let this = "processes_that_wait_for_the_record_go_one_after_the_other";
    let world = World::new(3 * PART as usize);
    let processes: Vec<_> = (0..4).map(|_| spawn(again(this, PATIENT), &world, "key")).collect();
    for process in processes {
        assert_eq!(endings(process), ["None reused 0"]);
    }
    let mut uploads: Vec<_> = world.server.ledger().into_iter().filter_map(|entry| entry.upload_id).collect();
    uploads.dedup();
    assert_eq!(uploads.len(), 4, "two were on the way at once");
    assert!(world.server.object("bucket", "key").unwrap().bytes == world.bytes);
    assert_eq!(names_in(world.folder.path()), ["file.bin"]);
}

/// Enough for every order of open, lock, delete and look of three processes.
const ROUNDS: u32 = 350;
const RACERS: usize = 3;

#[test]
fn a_record_that_is_deleted_all_the_time_is_held_by_one_process_at_a_time() {
    if again::role().is_some() {
        return race();
    }
    let this = "a_record_that_is_deleted_all_the_time_is_held_by_one_process_at_a_time";
    for place in ["given", "usual"] {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("file.bin"), b"source").unwrap();
        let racers: Vec<_> = (0..RACERS)
            .map(|_| again(this, place).env("OSSUP_TEST_DIR", folder.path()).stdout(Stdio::null()).spawn().unwrap())
            .collect();
        for mut racer in racers {
            assert!(racer.wait().unwrap().success(), "{place}: two were inside, or one was stuck");
        }
        assert_eq!(names_in(folder.path()), ["file.bin"], "{place}");
    }
}

fn race() {
    let folder = PathBuf::from(told("OSSUP_TEST_DIR"));
    let file = folder.join("file.bin");
    let place = match again::role().as_deref() {
        Some("given") => Place::At(folder.join("record")),
        _ => Place::Beside(file.clone()),
    };
    let source = FileSource::open(&file).unwrap();
    let object = Object { bucket: "bucket".into(), key: "key".into() };
    let inside = folder.join("inside");
    for round in 0..ROUNDS {
        let began = Instant::now();
        let checkpoint = loop {
            match checkpoint::open(&place, &object, &source) {
                Ok((checkpoint, _)) => break checkpoint,
                Err(error) => assert_eq!(error.kind(), Kind::Busy, "{error}"),
            }
            assert!(began.elapsed() < PATIENCE, "stuck in round {round}");
            std::thread::yield_now();
        };
        assert!(checkpoint.is_locked());
        std::fs::File::create_new(&inside).expect("nobody else is inside");
        std::thread::yield_now();
        std::fs::remove_file(&inside).unwrap();
        // Now and then it stays, as that of an upload that was paused.
        match fastrand::u8(..4) {
            0 if round + 1 < ROUNDS => drop(checkpoint),
            _ => checkpoint.delete().unwrap(),
        }
    }
}

#[test]
fn where_there_are_no_locks_the_upload_says_so_or_is_refused() {
    if again::role().is_some() {
        return upload_without_locks();
    }
    let folder = tempfile::tempdir().unwrap();
    let shim = shim::compile("tests/c/no_locks.c", folder.path());
    let mut child = again("where_there_are_no_locks_the_upload_says_so_or_is_refused", "uploader without locks");
    assert!(child.env("LD_PRELOAD", shim).status().unwrap().success());
}

fn upload_without_locks() {
    let world = World::new(PARTS * PART as usize);
    let mut request = request("key", world.file());
    request.set_require_lock(true);
    let refused = world.upload(&request);
    assert_eq!(support::kind(&refused), Some(Kind::CheckpointUnusable), "{refused:?}");
    let message = refused.error.unwrap().to_string();
    assert!(message.contains("file.bin.ucp cannot be locked"), "{message}");
    assert!(world.server.ledger().is_empty());
    request.set_require_lock(false);
    let outcome = world.upload(&request);
    assert!(outcome.warnings.iter().any(|warning| warning.contains("cannot be locked here")), "{outcome:?}");
    world.assert_done(&outcome);
}

/// What the header says of fork: the lock is the operating system's, and a child has it too.
#[test]
fn a_forked_child_of_the_host_keeps_the_lock_until_it_ends() {
    let world = stuck_behind(4);
    let program = compile::compile("tests/c/forking.c");
    let mut host = program
        .command()
        .env("OSSUP_TEST_ENDPOINT", world.server.endpoint())
        .env("OSSUP_TEST_FILE", world.file())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    wait_for_part(&world, 2);
    let mut input = host.stdin.take().unwrap();
    input.write_all(b"\n").unwrap();
    let mut word = String::new();
    BufReader::new(host.stdout.take().unwrap()).read_line(&mut word).unwrap();
    assert_eq!(word, "forked\n");
    host.kill().unwrap();
    host.wait().unwrap();
    world.server.clear_faults();
    let again = || world.upload(&request("key", world.file()));
    assert_eq!(support::kind(&again()), Some(Kind::Busy), "the child does not hold it");
    drop(input);
    wait_until("the end of the child", || support::kind(&again()) != Some(Kind::Busy));
    assert!(world.server.object("bucket", "key").unwrap().bytes == world.bytes);
    assert_eq!(names_in(world.folder.path()), ["file.bin"]);
}
