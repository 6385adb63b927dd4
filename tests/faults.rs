//! Whole uploads to a service that misbehaves.

#![allow(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

mod support;

use oss_server::{Action, Error as Refusal, Fault, Moment, Operation, Options, RepeatedComplete, When};
use ossup::{Kind, Reason};
use std::time::Duration;
use support::{MIB, World, finish, kind, names_in, paused, start, wait_until};

#[test]
fn temporary_faults_are_outlived() {
    let unavailable = || Action::Refuse(Refusal { status: 503, ..Refusal::default() });
    let faults: Vec<(&str, Operation, Action)> = vec![
        ("503 on Initiate", Operation::InitiateMultipartUpload, unavailable()),
        ("503 on a part", Operation::UploadPart, unavailable()),
        ("a reset in a part", Operation::UploadPart, Action::Reset { after: 5000 }),
        ("a close in a part", Operation::UploadPart, Action::Close { after: 0 }),
        ("a wrong CRC", Operation::UploadPart, Action::WrongCrc),
        ("a lost answer to a part", Operation::UploadPart, Action::LoseAnswer),
        ("a lost answer to Initiate", Operation::InitiateMultipartUpload, Action::LoseAnswer),
        ("503 on Complete", Operation::CompleteMultipartUpload, unavailable()),
    ];
    for (name, operation, action) in faults {
        let world = World::new(MIB);
        world.fault(operation, 2, action);
        let upload = start(&world.client(), &world.request());
        let outcome = finish(&upload);
        assert!(outcome.error.is_none(), "{name}: {outcome:?}");
        world.assert_done(&outcome);
        assert!(upload.finished().unwrap().retries >= 2, "{name}");
    }
}

#[test]
fn a_lost_answer_to_complete_is_settled_by_a_look_at_the_object() {
    for repeated_complete in [RepeatedComplete::NotFound, RepeatedComplete::Repeated, RepeatedComplete::Conflict] {
        let mut options = Options::default();
        options.faces.repeated_complete = repeated_complete;
        let world = World::with(MIB, options);
        world.fault(Operation::CompleteMultipartUpload, 1, Action::LoseAnswer);
        let outcome = world.upload(&world.request());
        world.assert_done(&outcome);
        assert_eq!(
            outcome.confirmed_by_probe,
            repeated_complete != RepeatedComplete::Repeated,
            "{repeated_complete:?}"
        );
        assert_eq!(world.requests(Operation::InitiateMultipartUpload).len(), 1);
    }
}

#[test]
fn an_error_in_the_body_of_completes_answer_is_no_success() {
    for applied in [true, false] {
        let world = World::new(MIB);
        let action = Action::ErrorInBody { applied, code: "InternalError".to_owned() };
        world.fault(Operation::CompleteMultipartUpload, 1, action);
        let outcome = world.upload(&world.request());
        world.assert_done(&outcome);
        assert_eq!(outcome.confirmed_by_probe, applied);
    }
}

#[test]
fn a_lost_upload_begins_anew_in_the_same_call() {
    let world = World::new(MIB);
    let second_part = When { skip: 5, ..When::operation(Operation::UploadPart).times(1) };
    world.server.add_fault(Fault { when: second_part, then: Action::LoseUpload });
    let outcome = world.upload(&world.request());
    world.assert_done(&outcome);
    assert_eq!(outcome.reason, Some(Reason::UploadGone));
    assert_eq!(world.requests(Operation::InitiateMultipartUpload).len(), 2);
}

#[test]
fn nobody_listening_is_unreachable() {
    let world = World::new(MIB);
    let mut config = world.config();
    config.set_endpoint("http://127.0.0.1:1").unwrap();
    config.set_max_attempts(2).unwrap();
    let outcome = finish(&start(&ossup::Client::new(&config).unwrap(), &world.request()));
    let error = outcome.error.unwrap();
    assert_eq!((error.kind(), error.report().attempts), (Kind::Unreachable, 2));
    assert_ne!(error.report().os_errno, 0);
}

#[test]
fn a_server_that_takes_nothing_times_out() {
    let world = World::new(MIB);
    world.server.add_fault(Fault { when: When::operation(Operation::UploadPart), then: Action::Hang });
    let mut config = world.config();
    // All that is answered is answered in this time, on a busy machine too.
    config.set_idle_timeout(Duration::from_secs(2)).unwrap();
    config.set_max_attempts(1).unwrap();
    let mut request = world.request();
    request.set_task_num(1).unwrap();
    let outcome = finish(&start(&ossup::Client::new(&config).unwrap(), &request));
    assert_eq!(kind(&outcome), Some(Kind::NetworkTimeout));
    assert!(outcome.resumable);
}

/// A server of our own that answers each request by its first line, for what no stand-in would say.
fn hostile_server(answer: impl Fn(&str, &mut std::net::TcpStream) + Send + 'static) -> String {
    use std::io::{BufRead, BufReader};
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for mut connection in listener.incoming().flatten() {
            let head: Vec<_> =
                BufReader::new(&connection).lines().map_while(Result::ok).take_while(|line| !line.is_empty()).collect();
            answer(head.first().map_or("", String::as_str), &mut connection);
        }
    });
    endpoint
}

#[test]
fn a_list_without_end_is_not_followed() {
    use std::io::Write;
    let world = World::new(2 * MIB);
    let plan = paused(&world).parts_total as usize;
    let (asked, lists) = std::sync::mpsc::channel();
    let endpoint = hostile_server(move |line, connection| {
        let marker = line.split("part-number-marker=").nth(1).and_then(|rest| rest.split(['&', ' ']).next());
        let (status, body) = match marker.and_then(|marker| marker.parse::<u64>().ok()) {
            None => ("403 No", "<Error><Code>AccessDenied</Code></Error>".to_owned()),
            Some(marker) => {
                asked.send(marker).unwrap();
                let next = marker + 1;
                let more =
                    format!("<IsTruncated>true</IsTruncated><NextPartNumberMarker>{next}</NextPartNumberMarker>");
                ("200 OK", format!("<ListPartsResult>{more}</ListPartsResult>"))
            }
        };
        let length = body.len();
        write!(connection, "HTTP/1.1 {status}\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n{body}").unwrap();
    });
    let mut config = world.config();
    config.set_endpoint(&endpoint).unwrap();
    config.set_max_attempts(1).unwrap();
    let outcome = finish(&start(&ossup::Client::new(&config).unwrap(), &world.request()));
    assert!(outcome.error.is_some());
    assert_eq!(lists.try_iter().count(), plan);
}

#[test]
fn an_answer_that_trickles_in_is_none() {
    use std::io::Write;
    let endpoint = hostile_server(|_, connection| {
        let mut alive = connection.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n").is_ok();
        while alive {
            std::thread::sleep(Duration::from_millis(50));
            alive = connection.write_all(b" ").is_ok();
        }
    });
    let world = World::new(MIB);
    let mut config = world.config();
    config.set_endpoint(&endpoint).unwrap();
    config.set_idle_timeout(Duration::from_millis(300)).unwrap();
    config.set_max_attempts(1).unwrap();
    let outcome = finish(&start(&ossup::Client::new(&config).unwrap(), &world.request()));
    assert_eq!(kind(&outcome), Some(Kind::NetworkTimeout));
}

#[test]
fn the_first_final_error_stops_the_other_parts() {
    let world = World::new(10 * MIB);
    world.fault(Operation::UploadPart, 1, Action::Deny);
    // The others are not waited for.
    world.hold_parts_after(1);
    let outcome = world.upload(&world.request());
    assert_eq!(kind(&outcome), Some(Kind::AccessDenied));
    assert!(outcome.resumable);
    assert!(world.requests(Operation::UploadPart).len() <= 4);
}

#[test]
fn a_403_on_the_first_of_100_parts_is_followed_by_fewer_than_task_num_and_one() {
    let world = World::new(100 * 102_400);
    let on_part = |number| When { part_number: Some(number), ..When::default() };
    world.server.add_fault(Fault { when: on_part(1), then: Action::Deny });
    // The refusal is heard before those that are under way with it are over.
    for number in 2..=4 {
        let late = Action::Stall { at: Moment::BeforeAnswer, ms: 2_000 };
        world.server.add_fault(Fault { when: on_part(number), then: late });
    }
    let outcome = world.upload(&world.request());
    assert_eq!(kind(&outcome), Some(Kind::AccessDenied));
    let parts = world.requests(Operation::UploadPart);
    let first = parts.iter().find(|entry| entry.part_number == Some(1)).unwrap();
    let further = parts.iter().filter(|entry| entry.started_ms > first.ended_ms.unwrap()).count();
    assert!(further < 4 + 1, "{further} parts were sent after the refusal");
}

#[test]
fn a_wrong_clock_is_corrected_by_one_retry() {
    let two_days = 2 * 24 * 3600;
    for clock_offset_s in [two_days, -two_days] {
        let world = World::with(2 * MIB, Options { clock_offset_s, ..Options::default() });
        let outcome = world.upload(&world.request());
        world.assert_done(&outcome);
        let skewed = world.server.ledger().iter().filter(|entry| entry.code.is_some()).count();
        assert_eq!(skewed, 1, "{:?}", world.server.ledger());
    }
}

fn throttled(times: u32, retry_after_s: Option<u64>) -> Fault {
    let refusal = Refusal { status: 503, code: "QpsLimitExceeded".into(), retry_after_s, ..Refusal::default() };
    let when = When { skip: 20, ..When::operation(Operation::UploadPart).times(times) };
    Fault { when, then: Action::Refuse(refusal) }
}

/// How many of these requests were under way at a time, at most.
fn at_a_time(entries: &[oss_server::Entry]) -> usize {
    let under_way = |at: u64| entries.iter().filter(|e| e.started_ms <= at && at < e.ended_ms.unwrap()).count();
    entries.iter().map(|entry| under_way(entry.started_ms)).max().unwrap_or(0)
}

#[test]
fn a_service_that_asks_for_less_gets_less_and_then_more_again() {
    let world = World::with(200 * 102_400, Options { latency_ms: 40, ..Options::default() });
    world.server.add_fault(throttled(16, None));
    world.hold_parts_after(0);
    let mut request = world.request();
    request.set_task_num(16).unwrap();
    let upload = start(&world.client(), &request);
    wait_until(|| world.requests(Operation::UploadPart).len() == 16);
    world.server.release();
    world.assert_done(&finish(&upload));
    let parts = world.requests(Operation::UploadPart);
    let last_refused = parts.iter().rposition(|entry| entry.code.is_some()).unwrap();
    let before = at_a_time(&parts[..20]);
    let after = at_a_time(&parts[last_refused + 1..][..8]);
    let at_last = at_a_time(&parts[parts.len() - 40..]);
    assert!(before >= 16 && after <= 8 && at_last > after, "{before}, {after}, {at_last}");
}

#[test]
fn a_wish_to_be_left_alone_holds_every_part() {
    let world = World::with(60 * 102_400, Options { latency_ms: 5, ..Options::default() });
    world.server.add_fault(throttled(1, Some(6)));
    world.assert_done(&world.upload(&world.request()));
    let parts = world.requests(Operation::UploadPart);
    let refused = parts.iter().find(|entry| entry.code.is_some()).unwrap().ended_ms.unwrap();
    // What was under way already may come on; the pause begins when the answer has arrived, on a busy machine later.
    let soon = parts.iter().filter(|entry| (refused + 3000..refused + 5900).contains(&entry.started_ms)).count();
    assert_eq!(soon, 0);
}

#[test]
fn many_parts_outlive_an_outage_as_well_as_one() {
    let ill = || Action::Refuse(Refusal { status: 500, code: "InternalError".into(), ..Refusal::default() });
    let outages: [fn() -> Action; 2] = [|| Action::Reset { after: 0 }, ill];
    std::thread::scope(|scope| {
        for (task_num, outage) in [1, 4, 16, 64].into_iter().flat_map(|tasks| outages.map(|outage| (tasks, outage))) {
            scope.spawn(move || {
                let world = World::new(100 * 102_400);
                // As many failures as a single part would meet in five tries of its eight: fewer are let in each time.
                let failures = (0..5).map(|tries| (task_num >> tries).max(1)).sum();
                world.fault(Operation::UploadPart, failures, outage());
                let mut request = world.request();
                request.set_task_num(task_num).unwrap();
                world.assert_done(&world.upload(&request));
                let hit = world.server.count(|entry| !entry.faults.is_empty());
                assert_eq!(hit, failures as usize, "{task_num} tasks");
            });
        }
    });
}

#[test]
fn an_outage_is_outlived_for_as_long_as_one_says() {
    let world = World::new(100 * 102_400);
    world.server.add_fault(throttled(u32::MAX, None));
    let mut config = world.config();
    config.set_max_elapsed(Some(Duration::from_secs(3600)));
    config.set_max_attempts(2).unwrap();
    let mut request = world.request();
    request.set_task_num(16).unwrap();
    let upload = start(&ossup::Client::new(&config).unwrap(), &request);
    // More tries of one part than it would have had otherwise.
    let tries = |part| world.server.count(|entry| entry.part_number == Some(part));
    wait_until(|| (1..=100).any(|part| tries(part) > 2));
    assert!(!upload.is_done(), "it gave up before its time");
    world.server.clear_faults();
    world.assert_done(&finish(&upload));
}

#[test]
fn parts_that_all_fail_share_their_tries() {
    let world = World::new(200 * 102_400);
    let unavailable = Action::Refuse(Refusal { status: 500, code: "InternalError".into(), ..Refusal::default() });
    world.server.add_fault(Fault { when: When::operation(Operation::UploadPart), then: unavailable });
    let mut config = world.config();
    config.set_max_attempts(4).unwrap();
    let mut request = world.request();
    request.set_task_num(64).unwrap();
    // Each has been tried once before the first one is tried again.
    world.hold_parts_after(0);
    let upload = start(&ossup::Client::new(&config).unwrap(), &request);
    wait_until(|| world.requests(Operation::UploadPart).len() == 64);
    world.server.release();
    let outcome = finish(&upload);
    assert_eq!(kind(&outcome), Some(Kind::Service));
    assert!(outcome.resumable);
    let tried = world.requests(Operation::UploadPart).len();
    assert!((64..=4 + 3 * 64).contains(&tried), "{tried} requests, 256 if each part tried for itself");
}

#[test]
fn a_wrong_secret_is_told_with_oss_code_and_request_id() {
    let world = World::new(MIB);
    let mut config = world.config();
    config.set_credentials("ak", "wrong", None).unwrap();
    let outcome = finish(&start(&ossup::Client::new(&config).unwrap(), &world.request()));
    let error = outcome.error.unwrap();
    assert_eq!(error.kind(), Kind::AccessDenied);
    assert_eq!(error.report().oss_code.as_deref(), Some("SignatureDoesNotMatch"));
    assert!(error.report().request_id.is_some() && error.report().host.is_some());
    assert_eq!(error.report().attempts, 1);
    assert!(!world.record().exists(), "a record of nothing");
}

#[test]
fn a_part_that_always_arrives_wrong_can_be_sent_another_day() {
    let world = World::new(MIB);
    let wrong = When { part_number: Some(9), ..When::operation(Operation::UploadPart) };
    world.server.add_fault(Fault { when: wrong, then: Action::WrongCrc });
    let mut config = world.config();
    config.set_max_attempts(2).unwrap();
    let upload = start(&ossup::Client::new(&config).unwrap(), &world.request());
    let outcome = finish(&upload);
    assert_eq!(kind(&outcome), Some(Kind::ChecksumMismatch));
    assert!(outcome.resumable && world.record().exists() && world.server.uploads().len() == 1);
    assert_eq!(upload.progress().phase, ossup::Phase::Uploading, "not every part is there");
    world.server.clear_faults();
    let again = world.upload(&world.request());
    world.assert_done(&again);
    assert!(again.resumed && again.parts_reused > 0);
}

#[test]
fn without_a_record_a_failure_leaves_no_orphan() {
    let world = World::new(MIB);
    let mut request = world.request();
    request.set_enable_checkpoint(false);
    world.fault(Operation::UploadPart, 1, Action::Deny);
    let outcome = world.upload(&request);
    assert_eq!(kind(&outcome), Some(Kind::AccessDenied));
    assert!(!outcome.resumable && world.server.uploads().is_empty());
    assert_eq!(names_in(world.folder.path()), ["file.bin"]);
}

#[test]
fn an_abort_ends_though_the_network_is_dead() {
    let world = World::new(2 * MIB);
    let mut config = world.config();
    config.set_max_elapsed(Some(Duration::from_secs(24 * 3600)));
    world.hold_parts_after(1);
    let upload = start(&ossup::Client::new(&config).unwrap(), &world.request());
    wait_until(|| upload.progress().parts_confirmed == 1);
    let unavailable = Action::Refuse(Refusal { status: 503, ..Refusal::default() });
    world.server.add_fault(Fault { when: When::default(), then: unavailable });
    upload.abort().unwrap();
    let outcome = finish(&upload);
    assert_eq!(kind(&outcome), Some(Kind::Aborted));
    assert!(outcome.warnings.iter().any(|warning| warning.contains("left behind")), "{:?}", outcome.warnings);
}

#[test]
fn an_upload_that_completed_unheard_is_found_by_the_next_run() {
    let world = World::new(MIB);
    world.fault(Operation::CompleteMultipartUpload, 1, Action::LoseAnswer);
    world.server.add_fault(Fault { when: When::operation(Operation::HeadObject).times(1), then: Action::Deny });
    let first = world.upload(&world.request());
    assert_eq!(kind(&first), Some(Kind::Unconfirmed));
    assert!(first.resumable && world.record().exists());
    let second = world.upload(&world.request());
    world.assert_done(&second);
    assert!(second.resumed && second.confirmed_by_probe);
    assert_eq!((second.parts_reused, second.parts_sent), (second.parts_total, 0));
}

#[test]
fn an_unheard_completion_of_another_file_is_not_taken_for_ours() {
    let mut world = World::new(MIB);
    world.fault(Operation::CompleteMultipartUpload, 1, Action::LoseAnswer);
    world.server.add_fault(Fault { when: When::operation(Operation::HeadObject).times(1), then: Action::Deny });
    assert_eq!(kind(&world.upload(&world.request())), Some(Kind::Unconfirmed));
    // The same size and time, other bytes: the object that is there is not this file.
    let modified = std::fs::metadata(world.file()).unwrap().modified().unwrap();
    world.bytes[MIB / 2] ^= 1;
    std::fs::write(world.file(), &world.bytes).unwrap();
    std::fs::File::options().write(true).open(world.file()).unwrap().set_modified(modified).unwrap();
    let outcome = world.upload(&world.request());
    world.assert_done(&outcome);
    assert_eq!((outcome.resumed, outcome.reason), (false, Some(Reason::SourceChanged)));
}
