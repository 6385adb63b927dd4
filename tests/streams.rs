//! Uploads of what is no file: memory, and what is pushed while it is uploaded.

#![allow(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

#[path = "support/again.rs"]
mod again;
mod support;

use oss_server::{Action, Fault, Moment, Operation, Options, Throttle, When};
use ossup::{Client, Error, Kind, Level, Line, Log, Observer, Outcome, Reason, Request, Result, Settle, Upload};
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::{Duration, Instant};
use support::{MIB, PART, World, finish, kind, parts_held, random_bytes, start, wait_for_quiet, wait_until};

const NOW: Option<Duration> = Some(Duration::ZERO);

fn without_a_record(world: &World) -> Request {
    let mut request = world.request();
    request.set_enable_checkpoint(false);
    request
}

/// The world's bytes as a stream of a known size, with a record.
fn sized(world: &World) -> Request {
    let mut request = world.request();
    request.set_upload_stream(Some(world.bytes.len() as u64)).unwrap();
    request.set_checkpoint_file(&world.record()).unwrap();
    request
}

/// The same, and nobody says how long it is.
fn unsized_stream(world: &World) -> Request {
    let mut request = without_a_record(world);
    request.set_upload_stream(None).unwrap();
    request.set_part_size(PART).unwrap();
    request
}

fn memory(world: &World) -> Request {
    let mut request = world.request();
    request.set_upload_memory(world.bytes.clone());
    request.set_checkpoint_file(&world.record()).unwrap();
    request
}

/// Pushes all of it in pieces that are no parts, and says that it is all.
fn push(upload: &Upload, bytes: &[u8]) -> Result<()> {
    for piece in bytes.chunks(30_011) {
        let (written, result) = upload.write(piece, None);
        result?;
        assert_eq!(written, piece.len());
    }
    upload.finish()
}

fn pushed(world: &World, request: &Request) -> Outcome {
    let upload = start(&world.client(), request);
    push(&upload, &world.bytes).unwrap();
    finish(&upload)
}

/// A stream of which nothing arrives before the faults are cleared, so that all its room is taken.
fn stuffed(world: &World, request: &Request) -> (Upload, usize) {
    world.fault(Operation::UploadPart, u32::MAX, Action::Stall { at: Moment::BeforeBody, ms: 600_000 });
    let upload = start(&world.client(), request);
    let room = 5 * PART as usize;
    let (written, result) = upload.write(&world.bytes[..room], None);
    assert!(written == room && result.is_ok());
    let (written, result) = upload.write(&world.bytes[room..], NOW);
    assert_eq!((written, result.unwrap_err().kind()), (0, Kind::TimedOut));
    (upload, room)
}

fn operations(world: &World) -> Vec<Operation> {
    world.server.ledger().iter().map(|entry| entry.operation).collect()
}

#[test]
fn memory_arrives_whatever_its_size() {
    for size in [0, 1, PART as usize, PART as usize + 1, MIB] {
        let world = World::new(size);
        let outcome = world.upload(&memory(&world));
        world.assert_done(&outcome);
        assert_eq!(outcome.parts_sent as usize, size.div_ceil(PART as usize));
    }
}

#[test]
fn memory_goes_on_where_it_was_stopped_and_what_differs_is_sent_again() {
    for changed in [false, true] {
        let mut world = World::new(2 * MIB);
        world
            .server
            .add_fault(Fault { when: When { skip: 5, ..When::operation(Operation::UploadPart) }, then: Action::Deny });
        let mut request = memory(&world);
        request.set_task_num(1).unwrap();
        assert_eq!(kind(&world.upload(&request)), Some(Kind::AccessDenied));
        world.server.clear_faults();
        assert_eq!(parts_held(&world), 5);
        world.bytes[10] ^= u8::from(changed);
        let outcome = world.upload(&memory(&world));
        world.assert_done(&outcome);
        assert_eq!((outcome.resumed, outcome.reason), (true, None));
        assert_eq!(outcome.parts_reused, 5 - u32::from(changed));
    }
}

#[test]
fn memory_and_streams_have_a_place_in_a_folder_of_records_and_go_on_from_each_other() {
    let world = World::new(MIB);
    let records = world.folder.path().join("records");
    std::fs::create_dir(&records).unwrap();
    let in_folder = |mut request: Request| {
        request.set_checkpoint_dir(&records).unwrap();
        request.set_task_num(1).unwrap();
        request
    };
    let mut memory = world.request();
    memory.set_upload_memory(world.bytes.clone());
    world
        .server
        .add_fault(Fault { when: When { skip: 4, ..When::operation(Operation::UploadPart) }, then: Action::Deny });
    assert_eq!(kind(&world.upload(&in_folder(memory))), Some(Kind::AccessDenied));
    support::wait_until_left(&world);
    world.server.clear_faults();
    let mut stream = world.request();
    stream.set_upload_stream(Some(MIB as u64)).unwrap();
    let outcome = pushed(&world, &in_folder(stream));
    world.assert_done(&outcome);
    assert_eq!((outcome.resumed, outcome.parts_reused), (true, 4));
    assert_eq!(support::names_in(&records), [""; 0]);
}

/// Memory that counts how many uploads and requests still need it.
struct Counted(Vec<u8>, Arc<AtomicUsize>);

impl AsRef<[u8]> for Counted {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.1.fetch_add(1, Ordering::Relaxed);
    }
}

#[test]
fn memory_is_let_go_of_once_when_the_upload_is_over_though_its_handle_is_kept() {
    let world = World::new(2 * MIB);
    world.hold_parts_after(0);
    for stop in [Upload::pause, Upload::abort] {
        let dropped = Arc::new(AtomicUsize::new(0));
        let mut request = without_a_record(&world);
        request.set_upload_memory(Counted(world.bytes.clone(), Arc::clone(&dropped)));
        let upload = start(&world.client(), &request);
        let never_started = world.client().upload(&request).unwrap();
        drop(request);
        wait_until(|| upload.progress().bytes_in_flight > 0);
        stop(&upload).unwrap();
        finish(&upload);
        assert_eq!(dropped.load(Ordering::Relaxed), 0, "another upload needs it");
        drop(never_started);
        assert_eq!(dropped.load(Ordering::Relaxed), 1);
        drop(upload);
        assert_eq!(dropped.load(Ordering::Relaxed), 1);
    }
}

#[test]
fn streams_arrive_whatever_their_size_and_whoever_knows_it() {
    for size in [0, 1, PART as usize - 1, PART as usize, PART as usize + 1, 3 * PART as usize, MIB] {
        let world = World::new(size);
        for request in [sized(&world), unsized_stream(&world)] {
            world.server.clear_ledger();
            let outcome = pushed(&world, &request);
            world.assert_done(&outcome);
            let parts = size.div_ceil(PART as usize);
            assert_eq!((outcome.parts_total as usize, outcome.parts_sent as usize), (parts, parts), "{size} bytes");
            assert_eq!(operations(&world).contains(&Operation::PutObject), parts < 2, "{size} bytes");
            assert!(world.server.uploads().is_empty());
        }
    }
}

#[test]
fn what_broke_on_its_way_is_sent_again_byte_for_byte() {
    for make in [sized, unsized_stream] {
        let world = World::new(2 * MIB);
        for (every, then) in [(3, Action::Reset { after: 50_000 }), (4, Action::LoseAnswer), (5, Action::WrongCrc)] {
            world.server.add_fault(Fault {
                when: When { every: Some(every), ..When::operation(Operation::UploadPart).times(3) },
                then,
            });
        }
        let outcome = pushed(&world, &make(&world));
        world.assert_done(&outcome);
        let sent = world.requests(Operation::UploadPart).len();
        assert!(sent > outcome.parts_total as usize, "{sent} requests for {} parts", outcome.parts_total);
    }
}

#[test]
fn a_small_stream_outlives_faults_too() {
    for make in [sized, unsized_stream] {
        let world = World::new(PART as usize);
        world.fault(Operation::PutObject, 2, Action::Reset { after: 50_000 });
        world.assert_done(&pushed(&world, &make(&world)));
        assert_eq!(operations(&world), [Operation::PutObject; 3]);
    }
}

#[test]
fn nothing_is_made_of_a_stream_before_it_is_finished() {
    for size in [0, PART as usize, 3 * PART as usize] {
        let world = World::new(size);
        let upload = start(&world.client(), &sized(&world));
        let (written, result) = upload.write(&world.bytes, None);
        assert!(written == size && result.is_ok());
        if size > PART as usize {
            wait_until(|| upload.progress().parts_confirmed == 3);
        }
        assert!(upload.wait(Some(Duration::from_millis(50))).unwrap().is_none());
        assert!(world.server.object("bucket", "key").is_none());
        upload.finish().unwrap();
        world.assert_done(&finish(&upload));
    }
}

#[test]
fn a_writer_is_held_back_until_parts_have_arrived() {
    for make in [sized, unsized_stream] {
        let world = World::new(MIB);
        let (upload, room) = stuffed(&world, &make(&world));
        let begun = Instant::now();
        let (written, result) = upload.write(&world.bytes[room..], Some(Duration::from_millis(50)));
        assert_eq!((written, result.unwrap_err().kind()), (0, Kind::TimedOut));
        assert!(begun.elapsed() >= Duration::from_millis(50));
        upload.abort().unwrap();
        assert_eq!(kind(&finish(&upload)), Some(Kind::Aborted));
        assert!(world.server.uploads().is_empty());
    }
}

/// How long a blocked writer needs to learn of it, by another name for each way to stop.
fn learns_of(world: &World, request: &Request, stop: impl FnOnce(&Upload) + Send) -> Error {
    let (upload, room) = stuffed(world, request);
    let rest = &world.bytes[room..];
    let (written, result) = std::thread::scope(|scope| {
        let writing = scope.spawn(|| upload.write(rest, None));
        // Another's turn is refused for as long as the writer waits.
        wait_until(|| upload.write(&[], NOW).1.is_err());
        stop(&upload);
        writing.join().unwrap()
    });
    assert_eq!(written, 0);
    finish(&upload);
    let error = result.unwrap_err();
    assert_eq!(upload.write(rest, None).1.unwrap_err().kind(), error.kind());
    assert_eq!(upload.finish().unwrap_err().kind(), error.kind());
    error
}

#[test]
fn a_blocked_writer_learns_of_every_way_to_stop_at_once() {
    for make in [sized, unsized_stream] {
        let world = World::new(MIB);
        let paused = learns_of(&world, &make(&world), |upload| upload.pause().unwrap());
        assert_eq!(paused.kind(), Kind::Paused);
        world.server.clear_faults();
        let aborted = learns_of(&world, &make(&world), |upload| upload.abort().unwrap());
        assert_eq!(aborted.kind(), Kind::Aborted);
        wait_until(|| world.server.uploads().is_empty());
    }
}

#[test]
fn a_writer_learns_of_a_stop_though_its_upload_waits_for_an_answer() {
    for (stop, learned) in [(Upload::pause as fn(&Upload) -> _, Kind::Paused), (Upload::abort, Kind::Aborted)] {
        let world = World::new(MIB);
        world.fault(Operation::InitiateMultipartUpload, 1, Action::Hold { applied: true });
        let upload = start(&world.client(), &sized(&world));
        let (_, result) = upload.write(&world.bytes[..10], None);
        result.unwrap();
        wait_until(|| !world.requests(Operation::InitiateMultipartUpload).is_empty());
        stop(&upload).unwrap();
        let (written, result) = upload.write(&world.bytes[10..20], NOW);
        assert_eq!((written, result.unwrap_err().kind()), (0, learned));
        world.server.release();
        assert_eq!(kind(&finish(&upload)), Some(learned));
    }
}

#[test]
fn a_writer_learns_why_an_upload_failed() {
    for make in [sized, unsized_stream] {
        let world = World::new(MIB);
        world.fault(Operation::UploadPart, u32::MAX, Action::Deny);
        let upload = start(&world.client(), &make(&world));
        let error = push(&upload, &world.bytes).unwrap_err();
        assert!(error.kind() == Kind::AccessDenied && error.to_string().contains("UploadPart"), "{error}");
        assert_eq!(kind(&finish(&upload)), Some(Kind::AccessDenied));
    }
}

/// What an observer was told, in order.
#[derive(Debug, Default)]
struct Told(Mutex<Vec<&'static str>>);

impl Told {
    fn now(&self) -> Vec<&'static str> {
        self.0.lock().unwrap().clone()
    }
}

impl Observer for Told {
    fn progress(&self) {}

    fn writable(&self) {
        self.0.lock().unwrap().push("room");
    }

    fn complete(&self, _: Arc<Settle>) {
        self.0.lock().unwrap().push("end");
    }
}

fn observed(client: &Client, request: &Request) -> (Upload, Arc<Told>) {
    let (upload, told) = (client.upload(request).unwrap(), Arc::<Told>::default());
    upload.observe(Arc::clone(&told) as Arc<dyn Observer>).unwrap();
    upload.start().unwrap();
    (upload, told)
}

#[test]
fn room_is_told_once_for_each_write_that_found_too_little_and_never_after_the_end() {
    for (make, denied) in
        [(sized as fn(&World) -> _, false), (unsized_stream, false), (sized, true), (unsized_stream, true)]
    {
        let world = World::new(2 * MIB);
        if denied {
            world.fault(Operation::UploadPart, u32::MAX, Action::Deny);
        }
        let (upload, told) = observed(&world.client(), &make(&world));
        let (mut at, mut full) = (0, 0);
        let result = loop {
            let (written, result) = upload.write(&world.bytes[at..], NOW);
            at += written;
            match result {
                Err(error) if error.kind() == Kind::TimedOut => full += 1,
                result => break result,
            }
            wait_until(|| told.now().len() >= full);
            assert!(told.now().starts_with(&vec!["room"; full]));
        };
        assert_eq!(
            result.and_then(|()| upload.finish()).map_err(|error| error.kind()).err(),
            denied.then_some(Kind::AccessDenied)
        );
        finish(&upload);
        assert!(full > 0);
        assert_eq!(told.now(), [vec!["room"; full], vec!["end"]].concat());
    }
}

#[test]
fn a_stop_is_told_to_whoever_waits_for_room_before_the_uploads_turn() {
    let world = World::new(MIB);
    let mut config = world.config();
    config.set_max_uploads(1);
    let client = Client::new(&config).unwrap();
    world.fault(Operation::UploadPart, u32::MAX, Action::Stall { at: Moment::BeforeAnswer, ms: 600_000 });
    let first = start(&client, &world.request());
    wait_until(|| first.progress().bytes_in_flight > 0);
    let (upload, told) = observed(&client, &unsized_stream(&world));
    let (written, result) = upload.write(&world.bytes, NOW);
    assert_eq!((written, result.unwrap_err().kind()), (0, Kind::TimedOut));
    upload.pause().unwrap();
    assert_eq!(kind(&finish(&upload)), Some(Kind::Paused));
    assert_eq!(told.now(), ["room", "end"]);
    first.abort().unwrap();
    finish(&first);
}

#[test]
fn after_a_success_nothing_more_is_taken() {
    let world = World::new(1000);
    let upload = start(&world.client(), &unsized_stream(&world));
    push(&upload, &world.bytes).unwrap();
    assert_eq!(upload.write(b"more", None).1.unwrap_err().kind(), Kind::InvalidState);
    world.assert_done(&finish(&upload));
    assert_eq!(upload.write(b"more", None).1.unwrap_err().kind(), Kind::InvalidState);
    upload.finish().unwrap();
}

#[test]
fn wrong_turns_are_told() {
    let world = World::new(1000);
    let refused = |upload: &Upload| {
        assert_eq!(upload.write(b"a", None).1.unwrap_err().kind(), Kind::InvalidState);
        assert_eq!(upload.finish().unwrap_err().kind(), Kind::InvalidState);
    };
    let client = world.client();
    refused(&client.upload(&sized(&world)).unwrap());
    refused(&start(&client, &world.request()));
    let mut nameless = sized(&world);
    nameless.set_upload_stream(None).unwrap();
    assert!(client.upload(&nameless).unwrap_err().to_string().contains("EnableCheckpoint"));
}

#[test]
fn another_length_than_was_said_is_no_object() {
    for (said, pushed, named) in [(900, 1000, "1000 more came"), (1100, 1000, "finished after 1000")] {
        let world = World::new(1000);
        let mut request = sized(&world);
        request.set_upload_stream(Some(said)).unwrap();
        let upload = start(&world.client(), &request);
        let error = push(&upload, &world.bytes[..pushed]).unwrap_err();
        for error in [error, finish(&upload).error.unwrap()] {
            let message = error.to_string();
            assert_eq!(error.kind(), Kind::InvalidArgument);
            assert!(message.contains(named) && message.contains(&said.to_string()), "{message}");
        }
        assert!(world.server.object("bucket", "key").is_none());
    }
}

#[test]
fn many_writers_at_a_time_take_turns_or_are_refused_and_no_piece_is_torn() {
    const PIECE: usize = 25_013;
    let world = World::new(0);
    let upload = start(&world.client(), &unsized_stream(&world));
    let refused = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for writer in 0..64 {
            let (upload, refused) = (&upload, &refused);
            scope.spawn(move || {
                loop {
                    let (written, result) = upload.write(&[writer; PIECE], None);
                    let Err(error) = result else { break assert_eq!(written, PIECE) };
                    assert_eq!((written, error.kind()), (0, Kind::InvalidState));
                    refused.fetch_add(1, Ordering::Relaxed);
                    std::thread::yield_now();
                }
            });
        }
    });
    upload.finish().unwrap();
    let outcome = finish(&upload);
    assert!(outcome.error.is_none(), "{outcome:?}");
    let object = world.server.object("bucket", "key").unwrap().bytes;
    let mut writers: Vec<_> = object.chunks(PIECE).map(|piece| (piece.len(), piece[0])).collect();
    assert!(object.chunks(PIECE).all(|piece| piece.iter().all(|byte| *byte == piece[0])), "a piece is torn");
    writers.sort_unstable();
    assert_eq!(writers, (0..64).map(|writer| (PIECE, writer)).collect::<Vec<_>>());
}

#[test]
fn progress_begins_to_know_the_total_at_the_end() {
    let world = World::new(MIB);
    let upload = start(&world.client(), &unsized_stream(&world));
    let (head, tail) = world.bytes.split_at(MIB / 2);
    let (_, result) = upload.write(head, None);
    result.unwrap();
    wait_until(|| upload.progress().parts_confirmed == 5);
    let now = upload.progress();
    assert_eq!((now.parts_total, now.bytes_total, now.bytes_confirmed), (0, 0, 5 * PART));
    push(&upload, tail).unwrap();
    let mut last = now;
    while !upload.is_done() {
        let now = upload.progress();
        assert!(now.bytes_confirmed >= last.bytes_confirmed && now.phase >= last.phase);
        assert!([0, MIB as u64].contains(&now.bytes_total) && now.bytes_total >= last.bytes_total);
        last = now;
    }
    world.assert_done(&finish(&upload));
    let end = upload.progress();
    assert_eq!((end.bytes_total, end.bytes_confirmed, end.parts_total), (MIB as u64, MIB as u64, 11));
}

#[test]
fn the_same_bytes_again_are_compared_and_only_what_is_missing_or_differs_is_sent() {
    for changed in [false, true] {
        let mut world = World::new(2 * MIB);
        let request = sized(&world);
        let upload = start(&world.client(), &request);
        let (_, result) = upload.write(&world.bytes[..MIB], None);
        result.unwrap();
        wait_until(|| upload.progress().parts_confirmed == 10);
        upload.pause().unwrap();
        let first = finish(&upload);
        assert!(first.resumable && kind(&first) == Some(Kind::Paused), "{first:?}");
        wait_for_quiet(&world);
        assert_eq!(parts_held(&world), 10);
        world.bytes[10] ^= u8::from(changed);
        let outcome = pushed(&world, &request);
        world.assert_done(&outcome);
        assert_eq!((outcome.resumed, outcome.reason), (true, None));
        assert_eq!(outcome.parts_reused, 10 - u32::from(changed));
        assert_eq!(outcome.parts_reused + outcome.parts_sent, outcome.parts_total);
    }
}

/// The half of a stream, pushed by a process that waits to be killed.
fn push_half_as_told() {
    let told = |name: &str| std::env::var(name).unwrap();
    let mut config = ossup::Config::default();
    config.set_endpoint(&told("OSSUP_TEST_ENDPOINT")).unwrap();
    config.set_region("cn-hangzhou").unwrap();
    config.set_credentials("ak", "sk", None).unwrap();
    let bytes = std::fs::read(told("OSSUP_TEST_FILE")).unwrap();
    let mut request = Request::default();
    request.set_bucket_name("bucket").unwrap();
    request.set_key("key").unwrap();
    request.set_upload_stream(Some(bytes.len() as u64)).unwrap();
    request.set_enable_checkpoint(true);
    request.set_checkpoint_file(Path::new(&told("OSSUP_TEST_RECORD"))).unwrap();
    let upload = start(&ossup::Client::new(&config).unwrap(), &request);
    upload.write(&bytes[..MIB], None).1.unwrap();
    upload.wait(None).unwrap();
}

#[test]
fn a_process_that_was_killed_while_it_pushed_has_its_parts_compared() {
    if again::role().is_some() {
        return push_half_as_told();
    }
    let world = World::new(2 * MIB);
    let test = "a_process_that_was_killed_while_it_pushed_has_its_parts_compared";
    let mut child = again::again(test, "host")
        .env("OSSUP_TEST_ENDPOINT", world.server.endpoint())
        .env("OSSUP_TEST_FILE", world.file())
        .env("OSSUP_TEST_RECORD", world.record())
        .spawn()
        .unwrap();
    wait_until(|| world.server.uploads().first().is_some_and(|upload| upload.parts.len() == 10));
    child.kill().unwrap();
    child.wait().unwrap();
    wait_for_quiet(&world);
    let outcome = pushed(&world, &sized(&world));
    world.assert_done(&outcome);
    assert_eq!((outcome.resumed, outcome.parts_reused), (true, 10));
    assert_eq!(world.requests(Operation::InitiateMultipartUpload).len(), 1);
}

#[test]
fn everything_may_differ_and_nothing_waits_for_ever() {
    let mut world = World::new(2 * MIB);
    let upload = start(&world.client(), &sized(&world));
    let (_, result) = upload.write(&world.bytes[..MIB], None);
    result.unwrap();
    wait_until(|| upload.progress().parts_confirmed == 10);
    upload.pause().unwrap();
    finish(&upload);
    world.bytes = random_bytes(2 * MIB);
    let mut narrow = sized(&world);
    narrow.set_task_num(1).unwrap();
    let outcome = pushed(&world, &narrow);
    world.assert_done(&outcome);
    assert_eq!((outcome.resumed, outcome.parts_reused), (true, 0));
}

#[test]
fn a_record_keeps_its_cut_and_another_size_begins_anew() {
    let world = World::new(2 * MIB);
    let upload = start(&world.client(), &sized(&world));
    let (_, result) = upload.write(&world.bytes[..MIB], None);
    result.unwrap();
    wait_until(|| upload.progress().parts_confirmed == 10);
    upload.pause().unwrap();
    finish(&upload);
    let record = std::fs::read(world.record()).unwrap();
    let mut other_cut = sized(&world);
    other_cut.set_part_size(300_000).unwrap();
    let upload = start(&world.client(), &other_cut);
    push(&upload, &world.bytes).unwrap();
    let outcome = finish(&upload);
    world.assert_done(&outcome);
    assert_eq!(outcome.parts_total, 21);

    std::fs::write(world.record(), record).unwrap();
    let mut world = world;
    world.bytes.push(7);
    let outcome = pushed(&world, &sized(&world));
    world.assert_done(&outcome);
    assert_eq!((outcome.resumed, outcome.reason), (false, Some(Reason::SourceChanged)));
}

#[test]
fn a_token_of_a_stream_goes_on_without_a_record() {
    let world = World::new(2 * MIB);
    let mut request = sized(&world);
    request.set_enable_checkpoint(false);
    let upload = start(&world.client(), &request);
    let (_, result) = upload.write(&world.bytes[..MIB], None);
    result.unwrap();
    wait_until(|| upload.progress().parts_confirmed == 10);
    upload.pause().unwrap();
    finish(&upload);
    request.set_resume_token(&upload.resume_token().unwrap());
    drop(upload);
    let outcome = pushed(&world, &request);
    world.assert_done(&outcome);
    assert_eq!(outcome.parts_reused, 10);
    request.set_upload_stream(None).unwrap();
    assert!(world.client().upload(&request).unwrap_err().to_string().contains("resume token"));
}

#[test]
fn an_upload_that_is_gone_begins_anew_when_it_is_found_out_in_time() {
    let world = World::new(MIB);
    let upload = start(&world.client(), &sized(&world));
    let (_, result) = upload.write(&world.bytes[..MIB / 2], None);
    result.unwrap();
    wait_until(|| upload.progress().parts_confirmed == 5);
    upload.pause().unwrap();
    let upload_id = finish(&upload).upload_id.unwrap();
    world.client().abort_upload("bucket", "key", &upload_id).unwrap();
    let outcome = pushed(&world, &sized(&world));
    world.assert_done(&outcome);
    assert_eq!((outcome.resumed, outcome.reason), (false, Some(Reason::UploadGone)));
}

#[test]
fn an_upload_that_is_lost_while_it_runs_has_to_be_pushed_again() {
    let world = World::new(MIB);
    let upload = start(&world.client(), &sized(&world));
    let (_, result) = upload.write(&world.bytes[..MIB / 2], None);
    result.unwrap();
    wait_until(|| upload.progress().parts_confirmed == 5);
    let upload_id = &world.server.uploads()[0].upload_id;
    world.client().abort_upload("bucket", "key", upload_id).unwrap();
    let error = push(&upload, &world.bytes[MIB / 2..]).err();
    let outcome = finish(&upload);
    assert_eq!(kind(&outcome), Some(Kind::NoSuchUpload));
    assert!(outcome.error.unwrap().to_string().contains("pushed again"));
    // All of it may have found room before that was known.
    assert!(error.is_none_or(|error| error.kind() == Kind::NoSuchUpload));
    let outcome = pushed(&world, &sized(&world));
    world.assert_done(&outcome);
    assert_eq!(outcome.reason, Some(Reason::UploadGone));
}

#[test]
fn what_a_file_began_is_gone_on_with_from_memory_with_a_record_a_token_or_none() {
    let begun = |world: &World| {
        let paused = support::paused(world);
        let upload = support::paused_at_once(world, &world.request());
        (paused.parts_sent, upload.resume_token().unwrap())
    };
    for way in 0..3 {
        let world = World::new(2 * MIB);
        let (sent, token) = begun(&world);
        let mut request = memory(&world);
        if way > 0 {
            request.set_enable_checkpoint(false);
            std::fs::remove_file(world.record()).unwrap();
        }
        match way {
            0 => {}
            1 => request.set_resume_token(&token),
            _ => request.set_recover(true),
        }
        let outcome = world.upload(&request);
        world.assert_done(&outcome);
        assert!(outcome.resumed && outcome.parts_reused >= sent, "{way}: {outcome:?}");
    }
}

#[test]
fn a_stream_that_nobody_can_finish_stops_by_itself() {
    for make in [sized, unsized_stream] {
        let world = World::new(MIB);
        let upload = start(&world.client(), &make(&world));
        let other = upload.clone();
        let (_, result) = upload.write(&world.bytes[..MIB / 2], None);
        result.unwrap();
        wait_until(|| upload.progress().parts_confirmed == 5);
        let seen = upload.downgrade();
        drop(upload);
        assert!(other.wait(Some(Duration::from_millis(50))).unwrap().is_none());
        drop(other);
        wait_until(|| seen.get().is_none_or(|upload| upload.is_done()));
        // What a record leads to stays.
        let is_kept = world.record().exists();
        wait_until(|| world.server.uploads().len() == usize::from(is_kept));
        assert!(world.server.object("bucket", "key").is_none());
    }
}

#[test]
fn whoever_has_a_handle_from_the_log_may_push_it_too() {
    let world = World::new(MIB);
    let (mut config, from_log) = (world.config(), Arc::<OnceLock<Upload>>::default());
    let keeping = Arc::clone(&from_log);
    config.set_log(Log::new(Level::Info, move |line: Line<_>| {
        let upload = line.about().and_then(|upload| upload.get());
        let _the_first = upload.map(|upload| keeping.set(upload));
    }));
    let upload = start(&Client::new(&config).unwrap(), &sized(&world));
    let (_, result) = upload.write(&world.bytes[..MIB / 2], None);
    result.unwrap();
    let last = from_log.get().unwrap();
    drop(upload);
    push(last, &world.bytes[MIB / 2..]).unwrap();
    assert_eq!(kind(&finish(last)), None);
    assert!(world.server.object("bucket", "key").unwrap().bytes == world.bytes);
}

#[test]
fn a_finished_stream_needs_nobody() {
    let world = World::with(MIB, Options { throttle: Some(Throttle::Total(4 * MIB as u64)), ..Options::default() });
    let upload = start(&world.client(), &unsized_stream(&world));
    push(&upload, &world.bytes).unwrap();
    drop(upload);
    wait_until(|| world.server.object("bucket", "key").is_some_and(|object| object.bytes == world.bytes));
}

#[test]
fn a_pause_before_the_end_is_known_leaves_nothing() {
    let world = World::new(MIB);
    let upload = start(&world.client(), &unsized_stream(&world));
    let (_, result) = upload.write(&world.bytes[..MIB / 2], None);
    result.unwrap();
    wait_until(|| upload.progress().parts_confirmed == 5);
    assert_eq!(upload.resume_token().unwrap_err().kind(), Kind::InvalidState);
    upload.pause().unwrap();
    let outcome = finish(&upload);
    assert!(kind(&outcome) == Some(Kind::Paused) && !outcome.resumable);
    assert!(world.server.uploads().is_empty());
}

#[test]
fn a_stop_while_nothing_is_pushed_ends_it() {
    for make in [sized, unsized_stream] {
        for size in [PART as usize, MIB] {
            let world = World::new(size);
            let upload = start(&world.client(), &make(&world));
            upload.abort().unwrap();
            assert_eq!(kind(&finish(&upload)), Some(Kind::Aborted));
            assert!(world.server.uploads().is_empty());
        }
    }
}

#[test]
fn an_adaptive_number_of_parts_serves_streams_too() {
    let world = World::new(4 * MIB);
    for make in [sized, unsized_stream] {
        let mut request = make(&world);
        request.set_task_num(0).unwrap();
        world.assert_done(&pushed(&world, &request));
    }
}
