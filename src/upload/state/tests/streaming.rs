//! What comes once, of a length that is known or not.

use super::*;

fn stream(parts: u64, task_num: u32, holds_record: bool) -> Machine {
    let terms = Terms { once: true, ..terms(task_num, holds_record) };
    Machine::new(plan(parts), Identity::of_bytes(parts * PART), terms)
}

fn open(force_multipart: bool) -> Machine {
    let known = Plan::open(PART);
    let terms = Terms { once: true, open: true, force_multipart, ..terms(2, false) };
    Machine::new(known, Identity::of_bytes(known.size), terms)
}

fn begin() -> Event {
    Event::Begin(Start::Fresh)
}

fn ended(size: u64) -> Event {
    Event::SourceChecked(Ok(Identity::of_bytes(size)))
}

fn finished(actions: &[Action]) -> &Outcome {
    match actions.last() {
        Some(Action::Finish(outcome)) => outcome,
        other => panic!("{other:?}"),
    }
}

#[test]
fn parts_are_let_go_of_as_they_are_confirmed() {
    walk(
        &mut stream(3, 2, true),
        vec![
            (begin(), &["initiate"]),
            (initiated(), &["header"]),
            (Event::Recorded(Ok(())), &["send 1", "send 2"]),
            (Event::PartSent(2, Ok(part(2))), &["journal 2", "let go 2", "send 3"]),
            (Event::PartSent(1, Ok(part(1))), &["journal 1", "let go 1"]),
            (Event::PartSent(3, Ok(part(3))), &["journal 3", "let go 3", "source"]),
            (ended(3 * PART), &["mark"]),
        ],
    );
}

#[test]
fn what_was_let_go_of_cannot_be_sent_again() {
    let gone = || Error::new(Kind::NoSuchUpload, "gone");
    let mut nothing_let_go = stream(2, 1, false);
    walk(
        &mut nothing_let_go,
        vec![
            (begin(), &["initiate"]),
            (initiated(), &["send 1"]),
            (Event::PartSent(1, Err(gone())), &["initiate"]),
            (initiated(), &["send 1"]),
            (Event::PartSent(1, Ok(part(1))), &["let go 1", "send 2"]),
        ],
    );
    assert_eq!(names(&nothing_let_go.step(Event::PartSent(2, Err(gone())))), ["abort new"]);
    let actions = nothing_let_go.step(Event::UploadAborted(Ok(())));
    let error = finished(&actions).error.clone().unwrap();
    assert!(error.kind() == Kind::NoSuchUpload && error.to_string().contains("pushed again"), "{error}");
}

#[test]
fn what_arrives_before_a_new_beginning_is_not_let_go_of() {
    let gone = Error::new(Kind::NoSuchUpload, "gone");
    walk(
        &mut stream(2, 2, false),
        vec![
            (begin(), &["initiate"]),
            (initiated(), &["send 1", "send 2"]),
            (Event::PartSent(1, Err(gone)), &["stop parts"]),
            (Event::PartSent(2, Ok(part(2))), &["initiate"]),
            (initiated(), &["send 1", "send 2"]),
        ],
    );
}

#[test]
fn parts_that_oss_lost_after_all_have_to_be_pushed_again() {
    let mut rejected = Error::new(Kind::Service, "rejected");
    rejected.report_mut().oss_code = Some("InvalidPart".into());
    let listed = |number| ListedPart { number, size: PART, etag: format!("\"{number}\"").into(), crc64: None };
    for (parts, then) in [(vec![listed(1), listed(2)], "source"), (vec![listed(2)], "sync")] {
        let mut machine = stream(2, 2, true);
        walk(
            &mut machine,
            vec![
                (begin(), &["initiate"]),
                (initiated(), &["header"]),
                (Event::Recorded(Ok(())), &["send 1", "send 2"]),
                (Event::PartSent(1, Ok(part(1))), &["journal 1", "let go 1"]),
                (Event::PartSent(2, Ok(part(2))), &["journal 2", "let go 2", "source"]),
                (ended(2 * PART), &["mark"]),
                (Event::Marked(100, Ok(())), &["complete"]),
                (Event::Completed(Err(rejected.clone()), None), &["list"]),
                (Event::Listed(Ok(Listing::Parts(parts))), &[then]),
            ],
        );
    }
}

#[test]
fn what_comes_again_is_compared_and_sent_where_it_differs_before_anything_else() {
    let all = [1, 2].map(|number| ListedPart { number, size: PART, etag: part(number).etag, crc64: None });
    let mut machine = stream(3, 1, true);
    walk(
        &mut machine,
        vec![
            (Event::Begin(Start::Continue { record: record(&[1, 2], None), doubtful: false }), &["list"]),
            (Event::Listed(Ok(Listing::Parts(all.to_vec()))), &["check 1"]),
            (Event::PartChecked(1, Ok(9)), &["send 1"]),
            (Event::PartSent(1, Ok(part(1))), &["journal 1", "let go 1", "check 2"]),
            (Event::PartChecked(2, Ok(2)), &["let go 2", "send 3"]),
        ],
    );
}

#[test]
fn one_that_was_completed_unheard_is_sent_again() {
    walk(
        &mut stream(3, 1, true),
        vec![
            (Event::Begin(Start::Continue { record: record(&[1, 2, 3], Some(100)), doubtful: true }), &["list"]),
            (Event::Listed(Ok(Listing::Gone)), &["initiate"]),
        ],
    );
}

#[test]
fn one_that_ends_within_its_first_part_goes_in_one_piece() {
    for size in [0, 1, PART] {
        let mut machine = open(false);
        walk(&mut machine, vec![(begin(), &["await"]), (Event::StreamSeen(Ok(Some(size))), &["put"])]);
        assert_eq!(machine.progress().bytes_total, size);
    }
    let forced = || Event::StreamSeen(Ok(Some(PART)));
    walk(&mut open(true), vec![(begin(), &["await"]), (forced(), &["initiate"]), (initiated(), &["send 1"])]);
    walk(&mut open(true), vec![(begin(), &["await"]), (Event::StreamSeen(Ok(Some(0))), &["put"])]);
}

#[test]
fn one_that_may_be_short_takes_the_memory_of_a_short_one() {
    let mut machine = open(false);
    machine.step(begin());
    assert_eq!(machine.slots.capacity(), 0);
    machine.step(Event::StreamSeen(Ok(Some(5))));
    assert_eq!(machine.slots, [Slot::Missing]);
}

#[test]
fn the_plan_is_closed_where_the_stream_ends() {
    let last = Part { number: 3, size: 5, etag: "\"3\"".into(), crc64: 3 };
    let mut machine = open(false);
    walk(
        &mut machine,
        vec![
            (begin(), &["await"]),
            (Event::StreamSeen(Ok(None)), &["initiate"]),
            (initiated(), &["send 1", "send 2"]),
            (Event::PartSent(1, Ok(part(1))), &["let go 1", "send 3"]),
            (Event::PartSent(2, Ok(part(2))), &["let go 2", "send 4"]),
        ],
    );
    let now = machine.progress();
    assert_eq!((now.parts_total, now.bytes_total, now.bytes_confirmed), (0, 0, 2 * PART));
    assert!(machine.held().is_none());
    walk(&mut machine, vec![(Event::StreamEnded(4, 2 * PART + 5), &[])]);
    let now = machine.progress();
    assert_eq!((now.parts_total, now.bytes_total, now.bytes_confirmed), (3, 2 * PART + 5, 2 * PART));
    walk(&mut machine, vec![(Event::PartSent(3, Ok(last)), &["let go 3", "source"]), (ended(2 * PART + 5), &["mark"])]);
}

#[test]
fn a_stream_as_long_as_there_can_be_needs_no_end_beyond_its_parts() {
    let mut machine = open(false);
    machine.step(begin());
    machine.step(Event::StreamSeen(Ok(None)));
    machine.step(initiated());
    for number in 1..10_000 {
        machine.step(Event::PartSent(number, Ok(part(number))));
    }
    walk(&mut machine, vec![(Event::PartSent(10_000, Ok(part(10_000))), &["let go 10000", "source"])]);
    walk(&mut machine, vec![(ended(10_000 * PART), &["mark"])]);
    assert_eq!(machine.progress().parts_total, 10_000);
}

#[test]
fn a_pause_leaves_nothing_of_what_nobody_said_the_length_of() {
    for second in [Event::PartSent(2, Err(lost())), Event::StreamEnded(2, PART)] {
        let mut machine = open(true);
        machine.step(begin());
        machine.step(Event::StreamSeen(Ok(None)));
        machine.step(initiated());
        assert!(machine.held().is_none());
        walk(&mut machine, vec![(Event::Stop(Stop::Pause), &["stop parts"]), (second, &[])]);
        walk(&mut machine, vec![(Event::PartSent(1, Err(lost())), &["abort new"])]);
        assert!(machine.held().is_none());
    }
}

#[test]
fn a_stop_that_comes_while_the_first_part_is_awaited_begins_nothing() {
    let mut machine = open(false);
    walk(
        &mut machine,
        vec![
            (begin(), &["await"]),
            (Event::Stop(Stop::Pause), &[]),
            (Event::StreamSeen(Err(Error::new(Kind::Paused, "no"))), &["Paused"]),
        ],
    );
}
