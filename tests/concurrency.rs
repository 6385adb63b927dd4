//! How many parts are under way at a time, of one upload and of all uploads of a client.

#![allow(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

mod support;

use oss_server::{Action, Error as Refusal, Fault, Moment, Operation, Options, Throttle, When};
use ossup::{Client, Config, Kind, Request, Upload};
use support::{MIB, PART, World, finish, kind, start};

/// The memory that one part may take.
const PART_MEMORY: u64 = 786_432;

/// From now on so many are served at a time, and what comes beyond is refused.
fn serve_at_a_time(world: &World, operation: Operation, most: u32) {
    let when = When { beyond: Some(most), ..When::operation(operation) };
    let refusal = Refusal { status: 503, code: "TooManyParts".into(), ..Refusal::default() };
    world.server.add_fault(Fault { when, then: Action::Refuse(refusal) });
}

fn refused(world: &World, operation: Operation) -> usize {
    world.requests(operation).iter().filter(|entry| entry.status != Some(200)).count()
}

fn client_with(world: &World, set: impl FnOnce(&mut Config)) -> Client {
    let mut config = world.config();
    set(&mut config);
    Client::new(&config).unwrap()
}

fn to_key(world: &World, key: &str, task_num: u32) -> Request {
    let mut request = world.request();
    request.set_key(key).unwrap();
    request.set_enable_checkpoint(false);
    request.set_task_num(task_num).unwrap();
    request
}

fn assert_all_done(world: &World, uploads: &[(String, Upload)]) {
    for (key, upload) in uploads {
        let outcome = finish(upload);
        assert!(outcome.error.is_none(), "{key}: {:?}", outcome.error);
        assert!(world.server.object("bucket", key).unwrap().bytes == world.bytes, "{key}");
    }
}

#[test]
fn where_each_connection_is_slow_more_of_them_are_taken() {
    let slow = Options { throttle: Some(Throttle::PerConnection(200_000)), ..Options::default() };
    let world = World::with(8 * MIB, slow);
    let mut request = world.request();
    request.set_task_num(0).unwrap();
    world.assert_done(&world.upload(&request));
    let parts = world.requests(Operation::UploadPart);
    let connections: std::collections::HashSet<_> = parts.iter().map(|entry| entry.connection).collect();
    assert!((9..=64 + 1).contains(&connections.len()), "{} connections", connections.len());
}

#[test]
fn a_service_that_takes_four_at_a_time_is_not_asked_in_vain_for_long() {
    for task_num in [0, 16] {
        let world = World::with(400 * PART as usize, Options { latency_ms: 10, ..Options::default() });
        serve_at_a_time(&world, Operation::UploadPart, 4);
        let mut request = world.request();
        request.set_task_num(task_num).unwrap();
        world.assert_done(&world.upload(&request));
        let refused = refused(&world, Operation::UploadPart);
        assert!((1..=60).contains(&refused), "TaskNum {task_num}: {refused} refused");
    }
}

#[test]
fn all_uploads_of_a_client_stay_within_its_caps() {
    let caps: [fn(&mut Config); 2] =
        [|config| config.set_max_parts_in_flight(3), |config| config.set_max_memory(4 * PART_MEMORY - 1).unwrap()];
    for (cap, task_num) in caps.into_iter().flat_map(|cap| [(cap, 0), (cap, 1000)]) {
        let world = World::with(20 * PART as usize, Options { latency_ms: 2, ..Options::default() });
        serve_at_a_time(&world, Operation::UploadPart, 3);
        let client = client_with(&world, cap);
        let keys = (0..5).map(|number| format!("key-{number}"));
        let uploads: Vec<_> = keys.map(|key| (key.clone(), start(&client, &to_key(&world, &key, task_num)))).collect();
        assert_all_done(&world, &uploads);
        assert_eq!(refused(&world, Operation::UploadPart), 0);
    }
}

#[test]
fn a_small_file_is_a_part_too() {
    let world = World::with(1000, Options { latency_ms: 2, ..Options::default() });
    serve_at_a_time(&world, Operation::PutObject, 2);
    let client = client_with(&world, |config| config.set_max_parts_in_flight(2));
    let keys = (0..50).map(|number| format!("key-{number}"));
    let uploads: Vec<_> = keys.map(|key| (key.clone(), start(&client, &to_key(&world, &key, 4)))).collect();
    assert_all_done(&world, &uploads);
    assert_eq!(refused(&world, Operation::PutObject), 0);
}

#[test]
fn the_only_part_of_an_upload_does_not_wait_for_the_hundred_of_another() {
    let world = World::new(100 * PART as usize);
    // Half a minute of parts, unless they are hurried up.
    let slowly = Action::Stall { at: Moment::BeforeAnswer, ms: 500 };
    world.server.add_fault(Fault { when: When::operation(Operation::UploadPart), then: slowly });
    let client = client_with(&world, |config| config.set_max_parts_in_flight(2));
    let many = start(&client, &to_key(&world, "many", 1000));
    support::wait_until(|| world.requests(Operation::UploadPart).len() >= 4);
    let small = world.folder.path().join("small");
    std::fs::write(&small, b"small").unwrap();
    let mut request = to_key(&world, "one", 1);
    request.set_upload_file(&small).unwrap();
    assert!(finish(&start(&client, &request)).error.is_none());
    let sent_before = world.requests(Operation::UploadPart).len();
    assert!(sent_before < 50, "{sent_before} parts of the other one came first");
    world.server.clear_faults();
    assert_all_done(&world, &[("many".to_owned(), many)]);
}

#[test]
fn uploads_that_are_stopped_leave_their_places_to_the_others() {
    let world = World::new(30 * PART as usize);
    world.hold_parts_after(10);
    let client = client_with(&world, |config| config.set_max_parts_in_flight(2));
    let keys: Vec<_> = (0..6).map(|number| format!("key-{number}")).collect();
    let mut uploads: Vec<_> =
        keys.into_iter().map(|key| (key.clone(), start(&client, &to_key(&world, &key, 16)))).collect();
    support::wait_until(|| world.requests(Operation::UploadPart).len() == 12);
    let (_, paused) = uploads.remove(1);
    let (_, aborted) = uploads.remove(2);
    paused.pause().unwrap();
    aborted.abort().unwrap();
    assert_eq!(kind(&finish(&paused)), Some(Kind::Paused));
    assert_eq!(kind(&finish(&aborted)), Some(Kind::Aborted));
    world.server.release();
    assert_all_done(&world, &uploads);
}

#[test]
fn too_little_memory_is_refused_by_name() {
    let mut config = Config::default();
    let error = config.set_max_memory(PART_MEMORY - 1).unwrap_err();
    assert!(error.to_string().contains("max memory") && error.to_string().contains("786432"), "{error}");
    config.set_max_memory(PART_MEMORY).unwrap();
}
