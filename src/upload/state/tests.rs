//! The machine against a world of plain values, step by step; `chaos` has everything go wrong at random.

mod chaos;
mod resuming;
mod streaming;

use super::*;
use crate::error::Kind;
use crate::oss::api::complete::Completed;
use crate::oss::api::head::Head;
use crate::oss::api::list_parts::ListedPart;
use crate::oss::crc64;
use crate::upload::event::{Initiated, Listing, Put, Start};
use crate::upload::identity::Identity;
use crate::upload::journal::{Header, Record};

const PART: u64 = 102_400;

fn plan(parts: u64) -> Plan {
    Plan { size: parts * PART, part_size: PART }
}

fn terms(task_num: u32, holds_record: bool) -> Terms {
    Terms {
        task_num,
        holds_record,
        force_multipart: true,
        forbid_overwrite: false,
        verify_reused_parts: false,
        recover: false,
        once: false,
        open: false,
    }
}

/// A file that came to rest long before it was looked at.
const FILE: Identity =
    Identity { size: 3 * PART, modified: 0, changed: 0, device: 0, index: 0, observed: 9_000_000_000 };

fn same() -> Event {
    Event::SourceChecked(Ok(FILE))
}

fn touched(times: i64) -> Event {
    Event::SourceChecked(Ok(Identity { changed: times, ..FILE }))
}

fn initiated() -> Event {
    Event::Initiated(Ok(Initiated { upload_id: "new".into(), stamp: None }))
}

/// One that sends even a small file in parts.
fn machine(plan: Plan, task_num: u32, holds_record: bool) -> Machine {
    Machine::new(plan, FILE, terms(task_num, holds_record))
}

fn part(number: u32) -> Part {
    Part { number, size: PART, etag: format!("\"{number}\"").into(), crc64: u64::from(number) }
}

fn record(parts: &[u32], completing: Option<i64>) -> Box<Record> {
    let header = Header {
        bucket: "b".into(),
        key: "k".into(),
        upload_id: "old".into(),
        plan: plan(3),
        source: FILE,
        options: String::new(),
        stamp: None,
    };
    Box::new(Record { header, parts: parts.iter().map(|number| part(*number)).collect(), completing })
}

fn lost() -> Error {
    let mut error = Error::new(Kind::ConnectionLost, "reset").temporary();
    error.report_mut().may_be_done = true;
    error
}

fn whole_crc64(plan: Plan) -> u64 {
    (1..=plan.parts()).fold(0, |whole, number| crc64::combine(whole, part(number).crc64, PART))
}

fn object(plan: Plan, last_modified: i64) -> Head {
    Head {
        size: plan.size,
        etag: "\"E\"".into(),
        crc64: Some(whole_crc64(plan)),
        last_modified: Some(last_modified),
        ..Head::default()
    }
}

fn names(actions: &[Action]) -> Vec<String> {
    let name = |action: &Action| match action {
        Action::AwaitStream => "await".into(),
        Action::LetGo(number) => format!("let go {number}"),
        Action::ListParts { .. } => "list".into(),
        Action::FindUploads => "find".into(),
        Action::Initiate => "initiate".into(),
        Action::WriteHeader(_) => "header".into(),
        Action::SendPart { number, .. } => format!("send {number}"),
        Action::CheckPart { number, .. } => format!("check {number}"),
        Action::JournalPart(part) => format!("journal {}", part.number),
        Action::CheckSource => "source".into(),
        Action::MarkCompleting => "mark".into(),
        Action::Complete { .. } => "complete".into(),
        Action::PutObject => "put".into(),
        Action::Probe => "probe".into(),
        Action::StopParts => "stop parts".into(),
        Action::AbortUpload { upload_id, .. } => format!("abort {upload_id}"),
        Action::SyncRecord => "sync".into(),
        Action::DeleteRecord => "delete".into(),
        Action::Finish(outcome) => match &outcome.error {
            None => "done".into(),
            Some(error) => format!("{:?}", error.kind()),
        },
    };
    actions.iter().map(name).collect()
}

/// Feeds events and compares what is said to each.
fn walk(machine: &mut Machine, steps: Vec<(Event, &[&str])>) {
    for (event, expected) in steps {
        let shown = format!("{event:?}");
        assert_eq!(names(&machine.step(event)), expected, "after {shown}");
    }
}

fn completed(plan: Plan) -> Event {
    let completed = Completed { crc64: Some(whole_crc64(plan)), etag: Some("\"E\"".into()), ..Completed::default() };
    Event::Completed(Ok(completed), None)
}

#[test]
fn a_fresh_upload() {
    let mut machine = machine(plan(3), 2, true);
    walk(
        &mut machine,
        vec![
            (Event::Begin(Start::Fresh), &["initiate"]),
            (initiated(), &["header"]),
            (Event::Recorded(Ok(())), &["send 1", "send 2"]),
            (Event::PartSent(2, Ok(part(2))), &["journal 2", "send 3"]),
            (Event::PartSent(1, Ok(part(1))), &["journal 1"]),
            (Event::PartSent(3, Ok(part(3))), &["journal 3", "source"]),
            (same(), &["mark"]),
            (Event::Marked(100, Ok(())), &["complete"]),
            (completed(plan(3)), &["delete"]),
            (Event::RecordClosed(Ok(())), &["done"]),
        ],
    );
}

fn put(part: Option<Part>, result: Result<Completed, Error>) -> Event {
    Event::Put(Put { since: Some(100), part, result, request_id: None, stamp: None })
}

fn in_one_piece() -> Machine {
    Machine::new(plan(1), FILE, Terms { force_multipart: false, ..terms(1, true) })
}

#[test]
fn a_file_of_one_part_goes_in_one_piece() {
    let stored = Completed { crc64: Some(1), ..Completed::default() };
    walk(
        &mut in_one_piece(),
        vec![
            (Event::Begin(Start::Fresh), &["put"]),
            (put(Some(part(1)), Ok(stored)), &["delete"]),
            (Event::RecordClosed(Ok(())), &["done"]),
        ],
    );
    let large = Plan { size: 101 << 20, part_size: 5 << 30 };
    let mut machine = Machine::new(large, FILE, Terms { force_multipart: false, ..terms(1, true) });
    walk(&mut machine, vec![(Event::Begin(Start::Fresh), &["initiate"])]);
}

#[test]
fn an_object_in_one_piece_whose_answer_was_lost_is_looked_for() {
    let begin = || Event::Begin(Start::Fresh);
    let ours = Event::Probed(Ok(Some(object(plan(1), 100))));
    let sent = put(Some(part(1)), Err(lost()));
    walk(&mut in_one_piece(), vec![(begin(), &["put"]), (sent, &["probe"]), (ours, &["delete"])]);
    // Bytes that never went out made no object.
    walk(&mut in_one_piece(), vec![(begin(), &["put"]), (put(None, Err(lost())), &["delete"])]);
}

#[test]
fn an_object_in_one_piece_that_is_stopped_is_not_looked_for_unless_all_of_it_went_out() {
    for (read, then) in [(None, "delete"), (Some(part(1)), "probe")] {
        let mut machine = in_one_piece();
        walk(
            &mut machine,
            vec![
                (Event::Begin(Start::Fresh), &["put"]),
                (Event::Stop(Stop::Pause), &["stop parts"]),
                (put(read, Err(lost())), &[then]),
            ],
        );
    }
}

#[test]
fn an_object_in_one_piece_that_arrived_wrong_is_looked_at() {
    let wrong = || put(Some(part(1)), Err(Error::new(Kind::ChecksumMismatch, "wrong")));
    let other = Head { crc64: Some(9), ..object(plan(1), 100) };
    for (found, status) in [(object(plan(1), 100), "done"), (other, "ChecksumMismatch")] {
        let status = [status];
        walk(
            &mut in_one_piece(),
            vec![
                (Event::Begin(Start::Fresh), &["put"]),
                (wrong(), &["probe"]),
                (Event::Probed(Ok(Some(found))), &["delete"]),
                (Event::RecordClosed(Ok(())), &status),
            ],
        );
    }
}

#[test]
fn stopping_does_not_hide_that_the_object_may_be_there() {
    for denied in [Error::new(Kind::AccessDenied, "no"), lost()] {
        let mut machine = in_one_piece();
        machine.step(Event::Begin(Start::Fresh));
        machine.step(Event::Stop(Stop::Abort));
        machine.step(put(Some(part(1)), Err(lost())));
        machine.step(Event::Probed(Err(denied)));
        let actions = machine.step(Event::RecordClosed(Ok(())));
        let Some(Action::Finish(outcome)) = actions.first() else { panic!("{actions:?}") };
        assert_eq!(outcome.error.as_ref().map(Error::kind), Some(Kind::Aborted));
        assert!(outcome.warnings.iter().any(|warning| warning.contains("may be there")), "{:?}", outcome.warnings);
    }
}

#[test]
fn an_object_that_must_not_be_overwritten_is_looked_for_first() {
    let forbidding = || Machine::new(plan(3), FILE, Terms { forbid_overwrite: true, ..terms(4, true) });
    let begin = || Event::Begin(Start::Fresh);
    let versioned = Head { version_id: Some("v1".into()), ..object(plan(3), 1) };
    for (found, then) in [
        (Ok(None), "initiate"),
        (Ok(Some(object(plan(3), 1))), "delete"),
        (Ok(Some(versioned)), "initiate"),
        (Err(Error::new(Kind::AccessDenied, "no")), "initiate"),
        (Err(lost()), "delete"),
    ] {
        walk(&mut forbidding(), vec![(begin(), &["probe"]), (Event::Probed(found), &[then])]);
    }
    let resumed = || Event::Begin(Start::Continue { record: record(&[1], None), doubtful: false });
    walk(&mut forbidding(), vec![(resumed(), &["probe"]), (Event::Probed(Ok(None)), &["list"])]);
    // What is there now may be what an earlier Complete made.
    let completed = Event::Begin(Start::Continue { record: record(&[1], Some(100)), doubtful: false });
    walk(&mut forbidding(), vec![(completed, &["list"])]);
}

#[test]
fn a_hole_is_filled_and_nothing_else_is_sent() {
    let mut machine = machine(plan(3), 4, true);
    let listed =
        [1, 3].map(|number| ListedPart { number, size: PART, etag: format!("\"{number}\"").into(), crc64: None });
    walk(
        &mut machine,
        vec![
            (Event::Begin(Start::Continue { record: record(&[1, 3], None), doubtful: false }), &["list"]),
            (Event::Listed(Ok(Listing::Parts(listed.to_vec()))), &["send 2"]),
            (Event::PartSent(2, Ok(part(2))), &["journal 2", "source"]),
        ],
    );
    assert_eq!(machine.progress().bytes_reused, 2 * PART);
}

#[test]
fn an_upload_that_is_gone_after_complete_is_looked_for() {
    let gone = || Event::Listed(Ok(Listing::Gone));
    let begin = || Event::Begin(Start::Continue { record: record(&[1, 2, 3], Some(100)), doubtful: false });
    // Its time may be told by another host, whose clock is a little behind.
    for modified in [100, 98] {
        let mut ours = machine(plan(3), 4, true);
        let found = Event::Probed(Ok(Some(object(plan(3), modified))));
        walk(&mut ours, vec![(begin(), &["list"]), (gone(), &["probe"]), (found, &["delete"])]);
    }

    let mut somebody_elses = machine(plan(3), 4, true);
    let older = Event::Probed(Ok(Some(object(plan(3), 90))));
    walk(&mut somebody_elses, vec![(begin(), &["list"]), (gone(), &["probe"]), (older, &["initiate"])]);

    // That it cannot be found out was said by the run that sent Complete.
    let mut denied = machine(plan(3), 4, true);
    let refusal = Event::Probed(Err(Error::new(Kind::AccessDenied, "no")));
    walk(&mut denied, vec![(begin(), &["list"]), (gone(), &["probe"]), (refusal, &["initiate"])]);
}

#[test]
fn what_cannot_be_found_out_is_said_once() {
    let all =
        [1, 2, 3].map(|number| ListedPart { number, size: PART, etag: format!("\"{number}\"").into(), crc64: None });
    let silent = || Event::Probed(Ok(Some(Head { crc64: None, ..object(plan(3), 100) })));
    for kind in [Kind::NoSuchUpload, Kind::AlreadyExists] {
        let refused = || Event::Completed(Err(Error::new(kind, "no")), None);
        let resumed = |completing| {
            let mut machine = machine(plan(3), 4, true);
            machine.step(Event::Begin(Start::Continue { record: record(&[1, 2, 3], completing), doubtful: false }));
            machine.step(Event::Listed(Ok(Listing::Parts(all.to_vec()))));
            machine.step(same());
            machine
        };
        let marked = || Event::Marked(100, Ok(()));
        let again = if kind == Kind::NoSuchUpload { "initiate" } else { "abort old" };
        walk(&mut resumed(Some(100)), vec![(marked(), &["complete"]), (refused(), &["probe"]), (silent(), &[again])]);
        walk(&mut resumed(None), vec![(marked(), &["complete"]), (refused(), &[again])]);
    }
}

#[test]
fn a_doubtful_file_is_read_again_before_its_object_is_looked_for() {
    let begin = || Event::Begin(Start::Continue { record: record(&[1, 2, 3], Some(100)), doubtful: true });
    let gone = || Event::Listed(Ok(Listing::Gone));
    for (crc64, then) in [(3, "probe"), (4, "abort old")] {
        let mut machine = machine(plan(3), 4, true);
        walk(
            &mut machine,
            vec![
                (begin(), &["list"]),
                (gone(), &["check 1", "check 2", "check 3"]),
                (Event::PartChecked(1, Ok(1)), &[]),
                (Event::PartChecked(2, Ok(2)), &[]),
                (Event::PartChecked(3, Ok(crc64)), &[then]),
            ],
        );
        if crc64 != 3 {
            walk(&mut machine, vec![(Event::UploadAborted(Ok(())), &["initiate"])]);
        }
    }
}

#[test]
fn the_first_complete_counts_however_often_it_is_sent() {
    let all =
        [1, 2, 3].map(|number| ListedPart { number, size: PART, etag: format!("\"{number}\"").into(), crc64: None });
    let mut machine = machine(plan(3), 4, true);
    walk(
        &mut machine,
        vec![
            (Event::Begin(Start::Continue { record: record(&[1, 2, 3], Some(100)), doubtful: false }), &["list"]),
            (Event::Listed(Ok(Listing::Parts(all.to_vec()))), &["source"]),
            (same(), &["mark"]),
            (Event::Marked(200, Ok(())), &["complete"]),
            (Event::Completed(Err(lost()), None), &["probe"]),
            (Event::Probed(Ok(Some(object(plan(3), 150)))), &["delete"]),
        ],
    );
}

#[test]
fn a_record_that_lost_a_part_still_finds_its_object() {
    let begin = Event::Begin(Start::Continue { record: record(&[1, 3], Some(100)), doubtful: false });
    let mut machine = machine(plan(3), 4, true);
    walk(
        &mut machine,
        vec![
            (begin, &["list"]),
            (Event::Listed(Ok(Listing::Gone)), &["check 2"]),
            (Event::PartChecked(2, Ok(2)), &["probe"]),
            (Event::Probed(Ok(Some(object(plan(3), 100)))), &["delete"]),
        ],
    );
}

#[test]
fn a_complete_that_was_never_sent_before_cannot_have_been_done() {
    let gone = |attempts| {
        let mut error = Error::new(Kind::NoSuchUpload, "gone");
        error.report_mut().attempts = attempts;
        Event::Completed(Err(error), None)
    };
    for (attempts, then) in [(1, "initiate"), (2, "probe")] {
        let mut machine = machine(plan(1), 1, false);
        walk(
            &mut machine,
            vec![
                (Event::Begin(Start::Fresh), &["initiate"]),
                (initiated(), &["send 1"]),
                (Event::PartSent(1, Ok(part(1))), &["source"]),
                (same(), &["mark"]),
                (Event::Marked(100, Ok(())), &["complete"]),
                (gone(attempts), &[then]),
            ],
        );
    }
}

#[test]
fn an_abort_takes_over_a_pause() {
    let mut machine = machine(plan(3), 1, true);
    walk(
        &mut machine,
        vec![
            (Event::Begin(Start::Fresh), &["initiate"]),
            (initiated(), &["header"]),
            (Event::Recorded(Ok(())), &["send 1"]),
            (Event::Stop(Stop::Pause), &["stop parts"]),
            (Event::PartSent(1, Err(lost())), &["sync"]),
            (Event::Stop(Stop::Abort), &[]),
            (Event::RecordClosed(Ok(())), &["abort new"]),
            (Event::UploadAborted(Ok(())), &["delete"]),
            (Event::RecordClosed(Ok(())), &["Aborted"]),
        ],
    );
}

#[test]
fn rejected_parts_are_listed_once_and_then_begun_anew() {
    let mut machine = machine(plan(1), 1, true);
    let rejected = || {
        let mut error = Error::new(Kind::Service, "rejected");
        error.report_mut().oss_code = Some("InvalidPart".into());
        Event::Completed(Err(error), None)
    };
    let listed = ListedPart { number: 1, size: PART, etag: "\"1\"".into(), crc64: Some(1) };
    walk(
        &mut machine,
        vec![
            (Event::Begin(Start::Fresh), &["initiate"]),
            (initiated(), &["header"]),
            (Event::Recorded(Ok(())), &["send 1"]),
            (Event::PartSent(1, Ok(part(1))), &["journal 1", "source"]),
            (same(), &["mark"]),
            (Event::Marked(100, Ok(())), &["complete"]),
            (rejected(), &["list"]),
            (Event::Listed(Ok(Listing::Parts(vec![listed]))), &["source"]),
            (same(), &["mark"]),
            (Event::Marked(100, Ok(())), &["complete"]),
            (rejected(), &["abort new"]),
            (Event::UploadAborted(Ok(())), &["initiate"]),
        ],
    );
}

#[test]
fn a_pause_ends_when_the_last_part_has_ended() {
    let mut machine = machine(plan(3), 2, true);
    walk(
        &mut machine,
        vec![
            (Event::Begin(Start::Fresh), &["initiate"]),
            (initiated(), &["header"]),
            (Event::Recorded(Ok(())), &["send 1", "send 2"]),
            (Event::Stop(Stop::Pause), &["stop parts"]),
            (Event::PartSent(1, Ok(part(1))), &["journal 1"]),
            (Event::PartSent(2, Err(lost())), &["sync"]),
            (Event::RecordClosed(Ok(())), &["Paused"]),
        ],
    );
}

#[test]
fn a_stop_loses_against_a_completion() {
    for stop in [Stop::Pause, Stop::Abort] {
        let mut machine = machine(plan(1), 1, false);
        walk(
            &mut machine,
            vec![
                (Event::Begin(Start::Fresh), &["initiate"]),
                (initiated(), &["send 1"]),
                (Event::PartSent(1, Ok(part(1))), &["source"]),
                (same(), &["mark"]),
                (Event::Marked(100, Ok(())), &["complete"]),
                (Event::Stop(stop), &[]),
                (completed(plan(1)), &["done"]),
            ],
        );
    }
}

#[test]
fn a_touched_source_is_read_once_more_before_complete() {
    for (crc64, then) in [(1, "source"), (2, "stop")] {
        let mut machine = machine(plan(1), 1, false);
        walk(
            &mut machine,
            vec![
                (Event::Begin(Start::Fresh), &["initiate"]),
                (initiated(), &["send 1"]),
                (Event::PartSent(1, Ok(part(1))), &["source"]),
                (touched(1), &["check 1"]),
            ],
        );
        let actions = names(&machine.step(Event::PartChecked(1, Ok(crc64))));
        assert_eq!(actions, [if then == "source" { "source" } else { "abort new" }]);
    }
}

#[test]
fn a_part_that_keeps_arriving_wrong_is_no_object() {
    let mut machine = machine(plan(1), 1, false);
    let wrong = Error::new(Kind::ChecksumMismatch, "wrong").of_part(1);
    walk(
        &mut machine,
        vec![
            (Event::Begin(Start::Fresh), &["initiate"]),
            (initiated(), &["send 1"]),
            (Event::PartSent(1, Err(wrong)), &["abort new"]),
        ],
    );
}

#[test]
fn a_stop_does_not_hide_that_the_object_is_stored() {
    let mut machine = machine(plan(1), 1, true);
    let failed = Event::Completed(Err(Error::new(Kind::CallbackFailed, "no")), None);
    walk(
        &mut machine,
        vec![
            (Event::Begin(Start::Fresh), &["initiate"]),
            (initiated(), &["header"]),
            (Event::Recorded(Ok(())), &["send 1"]),
            (Event::PartSent(1, Ok(part(1))), &["journal 1", "source"]),
            (same(), &["mark"]),
            (Event::Marked(100, Ok(())), &["complete"]),
            (Event::Stop(Stop::Abort), &[]),
            (failed, &["delete"]),
            (Event::RecordClosed(Ok(())), &["CallbackFailed"]),
        ],
    );
}

#[test]
fn an_upload_that_is_lost_again_and_again_is_an_error() {
    let mut machine = machine(plan(1), 1, false);
    let gone = || Event::PartSent(1, Err(Error::new(Kind::NoSuchUpload, "gone")));
    walk(&mut machine, vec![(Event::Begin(Start::Fresh), &["initiate"])]);
    for then in ["initiate", "initiate", "abort new"] {
        walk(&mut machine, vec![(initiated(), &["send 1"]), (gone(), &[then])]);
    }
}

#[test]
fn an_upload_whose_parts_were_cut_off_is_given_up_thoroughly() {
    for (in_flight, expected) in [(1, false), (2, true)] {
        let mut machine = machine(plan(3), in_flight, false);
        machine.step(Event::Begin(Start::Fresh));
        machine.step(initiated());
        let mut actions = machine.step(Event::PartSent(1, Err(lost())));
        if in_flight == 2 {
            actions = machine.step(Event::PartSent(2, Err(lost())));
        }
        let thoroughly = |action: &Action| matches!(action, Action::AbortUpload { thoroughly: true, .. });
        assert_eq!(actions.iter().any(thoroughly), expected, "{actions:?}");
    }
}
