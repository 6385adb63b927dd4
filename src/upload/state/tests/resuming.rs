//! From a token, from what the server alone knows, and what is kept for whom.

use super::*;

fn import(abandoned: Option<&str>) -> Event {
    Event::Begin(Start::Import { record: record(&[1, 3], None), abandoned: abandoned.map(str::to_owned) })
}

fn listed(numbers: &[u32]) -> Event {
    let part = |number: &u32| {
        let Part { number, size, etag, crc64 } = part(*number);
        ListedPart { number, size, etag, crc64: Some(crc64) }
    };
    Event::Listed(Ok(Listing::Parts(numbers.iter().map(part).collect())))
}

fn recovering(holds_record: bool) -> Machine {
    Machine::new(plan(3), FILE, Terms { recover: true, ..terms(4, holds_record) })
}

fn found(ids: &[&str]) -> Event {
    Event::Found(Ok(ids.iter().map(|id| (*id).to_owned()).collect()))
}

#[test]
fn an_import_has_a_record_first_and_each_part_is_in_it_once_the_file_has_shown_it() {
    let mut machine = machine(plan(3), 4, true);
    walk(
        &mut machine,
        vec![
            (import(Some("unfit")), &["abort unfit"]),
            (Event::UploadAborted(Ok(())), &["header"]),
            (Event::Recorded(Ok(())), &["list"]),
            (listed(&[1, 3]), &["check 1", "send 2", "check 3"]),
            (Event::PartChecked(1, Ok(1)), &["journal 1"]),
            (Event::PartChecked(3, Ok(99)), &["send 3"]),
            (Event::PartSent(2, Ok(part(2))), &["journal 2"]),
            (Event::PartSent(3, Ok(part(3))), &["journal 3", "source"]),
        ],
    );
    assert_eq!((machine.outcome.resumed, machine.outcome.parts_reused), (true, 1));
}

#[test]
fn what_an_import_has_written_down_is_not_written_again_when_complete_is_rejected() {
    let mut machine = machine(plan(3), 4, true);
    let mut rejected = Error::new(Kind::Service, "rejected");
    rejected.report_mut().oss_code = Some("InvalidPart".into());
    walk(
        &mut machine,
        vec![
            (import(None), &["header"]),
            (Event::Recorded(Ok(())), &["list"]),
            (listed(&[1, 3]), &["check 1", "send 2", "check 3"]),
            (Event::PartChecked(1, Ok(1)), &["journal 1"]),
            (Event::PartSent(2, Ok(part(2))), &["journal 2"]),
            (Event::PartChecked(3, Ok(3)), &["journal 3", "source"]),
            (same(), &["mark"]),
            (Event::Marked(100, Ok(())), &["complete"]),
            (Event::Completed(Err(rejected), None), &["list"]),
            (listed(&[1, 2]), &["check 1", "check 2", "send 3"]),
            (Event::PartChecked(1, Ok(1)), &[]),
            (Event::PartChecked(2, Ok(2)), &[]),
            (Event::PartSent(3, Ok(part(3))), &["journal 3", "source"]),
        ],
    );
}

#[test]
fn an_import_without_a_record_goes_on_at_once() {
    let mut machine = machine(plan(3), 4, false);
    walk(&mut machine, vec![(import(None), &["list"]), (listed(&[1]), &["check 1", "send 2", "send 3"])]);
}

#[test]
fn the_newest_upload_whose_first_part_is_ours_is_gone_on_with() {
    let mut machine = recovering(true);
    walk(
        &mut machine,
        vec![
            (Event::Begin(Start::Fresh), &["find"]),
            (found(&["a", "b", "c"]), &["list"]),
            (Event::Listed(Ok(Listing::Gone)), &["list"]),
            (listed(&[2]), &["check 2"]),
            (Event::PartChecked(2, Ok(77)), &["list"]),
            (listed(&[1, 2]), &["check 1"]),
            (Event::PartChecked(1, Ok(1)), &["header"]),
            (Event::Recorded(Ok(())), &["check 1", "check 2", "send 3"]),
        ],
    );
    assert_eq!((machine.outcome.resumed, machine.outcome.upload_id.as_deref()), (true, Some("c")));
}

#[test]
fn the_server_is_asked_once_and_what_is_not_ours_is_never_given_up() {
    let mut machine = recovering(false);
    walk(
        &mut machine,
        vec![
            (Event::Begin(Start::Fresh), &["find"]),
            (found(&["a"]), &["list"]),
            (listed(&[2]), &["check 2"]),
            (Event::Stop(Stop::Abort), &["stop parts"]),
            (Event::PartChecked(2, Ok(2)), &["Aborted"]),
        ],
    );
    assert_eq!(machine.outcome.parts_reused, 0);
    let mut denied = recovering(false);
    let refusal = Event::Found(Err(Error::new(Kind::AccessDenied, "no")));
    let gone = Event::PartSent(1, Err(Error::new(Kind::NoSuchUpload, "gone")));
    walk(
        &mut denied,
        vec![
            (Event::Begin(Start::Fresh), &["find"]),
            (refusal, &["initiate"]),
            (initiated(), &["send 1", "send 2", "send 3"]),
            (gone, &["stop parts"]),
            (Event::PartSent(2, Err(lost())), &[]),
            (Event::PartSent(3, Err(lost())), &["initiate"]),
        ],
    );
}

#[test]
fn what_was_sent_without_a_record_is_kept_for_a_token_as_long_as_there_is_somebody_to_take_it() {
    let stops = [
        (Stop::Deadline, "DeadlineExceeded"),
        (Stop::Pause, "Paused"),
        (Stop::Leave, "abort new"),
        (Stop::Abort, "abort new"),
    ];
    for (stop, then) in stops {
        for (exported, then) in [(false, then), (true, if stop == Stop::Leave { "Paused" } else { then })] {
            let mut machine = machine(plan(3), 1, false);
            walk(&mut machine, vec![(Event::Begin(Start::Fresh), &["initiate"]), (initiated(), &["send 1"])]);
            assert!(machine.held().is_some_and(|held| held.upload_id == "new" && held.parts.is_empty()));
            if exported {
                walk(&mut machine, vec![(Event::Exported, &[])]);
            }
            walk(&mut machine, vec![(Event::Stop(stop), &["stop parts"]), (Event::PartSent(1, Ok(part(1))), &[then])]);
            let kept = machine.held().map(|held| held.parts);
            assert_eq!(kept, (then != "abort new").then(|| vec![part(1)]));
        }
    }
}

#[test]
fn a_failure_takes_away_what_nobody_has_a_token_of() {
    for (exported, then) in [(false, "abort new"), (true, "ConnectionLost")] {
        let mut machine = machine(plan(3), 1, false);
        walk(&mut machine, vec![(Event::Begin(Start::Fresh), &["initiate"]), (initiated(), &["send 1"])]);
        if exported {
            walk(&mut machine, vec![(Event::Exported, &[])]);
        }
        walk(&mut machine, vec![(Event::PartSent(1, Err(lost())), &[then])]);
        assert_eq!(machine.outcome.resumable, exported);
    }
}

#[test]
fn reused_parts_are_read_again_when_that_is_wanted() {
    let begin = || Event::Begin(Start::Continue { record: record(&[1, 3], None), doubtful: false });
    for (verify_reused_parts, then) in [(false, &["send 2"][..]), (true, &["check 1", "send 2", "check 3"])] {
        let mut machine = Machine::new(plan(3), FILE, Terms { verify_reused_parts, ..terms(4, true) });
        walk(&mut machine, vec![(begin(), &["list"]), (listed(&[1, 3]), then)]);
    }
}

#[test]
fn a_file_that_is_touched_while_it_is_read_again_is_read_once_more_but_not_for_ever() {
    let mut machine = machine(plan(1), 1, false);
    walk(
        &mut machine,
        vec![
            (Event::Begin(Start::Fresh), &["initiate"]),
            (initiated(), &["send 1"]),
            (Event::PartSent(1, Ok(part(1))), &["source"]),
            (touched(1), &["check 1"]),
            (Event::PartChecked(1, Ok(1)), &["source"]),
            (touched(2), &["check 1"]),
            (Event::PartChecked(1, Ok(1)), &["source"]),
        ],
    );
    let mut calm = machine;
    walk(&mut calm, vec![(touched(2), &["mark"])]);

    let mut restless = super::machine(plan(1), 1, false);
    walk(
        &mut restless,
        vec![
            (Event::Begin(Start::Fresh), &["initiate"]),
            (initiated(), &["send 1"]),
            (Event::PartSent(1, Ok(part(1))), &["source"]),
        ],
    );
    for times in 1..=3 {
        walk(&mut restless, vec![(touched(times), &["check 1"]), (Event::PartChecked(1, Ok(1)), &["source"])]);
    }
    walk(&mut restless, vec![(touched(4), &["abort new"]), (Event::UploadAborted(Ok(())), &["SourceChanged"])]);
}

#[test]
fn an_object_that_bears_our_stamp_is_ours_and_no_other() {
    let stamped =
        |stamp: &str| Head { crc64: None, metadata: vec![("ossup-stamp".into(), stamp.into())], ..object(plan(1), 50) };
    for (stamp, then) in [("ours", "done"), ("theirs", "abort new")] {
        let mut machine = machine(plan(1), 1, false);
        let initiated = Initiated { upload_id: "new".into(), stamp: Some("ours".into()) };
        walk(
            &mut machine,
            vec![
                (Event::Begin(Start::Fresh), &["initiate"]),
                (Event::Initiated(Ok(initiated)), &["send 1"]),
                (Event::PartSent(1, Ok(part(1))), &["source"]),
                (same(), &["mark"]),
                (Event::Marked(100, Ok(())), &["complete"]),
                (Event::Completed(Err(lost()), None), &["probe"]),
                (Event::Probed(Ok(Some(stamped(stamp)))), &[then]),
            ],
        );
    }
}

#[test]
fn an_object_that_bears_our_stamp_and_other_bytes_is_bad() {
    let stamped =
        || Head { crc64: Some(99), metadata: vec![("ossup-stamp".into(), "ours".into())], ..object(plan(1), 100) };
    let mut machine = machine(plan(1), 1, false);
    let initiated = Initiated { upload_id: "new".into(), stamp: Some("ours".into()) };
    walk(
        &mut machine,
        vec![
            (Event::Begin(Start::Fresh), &["initiate"]),
            (Event::Initiated(Ok(initiated)), &["send 1"]),
            (Event::PartSent(1, Ok(part(1))), &["source"]),
            (same(), &["mark"]),
            (Event::Marked(100, Ok(())), &["complete"]),
            (Event::Completed(Err(lost()), None), &["probe"]),
            (Event::Probed(Ok(Some(stamped()))), &["ChecksumMismatch"]),
        ],
    );
    // Sent in one piece, it arrived wrong for certain.
    let wrong = Put {
        since: Some(100),
        part: Some(part(1)),
        result: Err(Error::new(Kind::ChecksumMismatch, "wrong")),
        request_id: None,
        stamp: Some("ours".into()),
    };
    walk(
        &mut in_one_piece(),
        vec![
            (Event::Begin(Start::Fresh), &["put"]),
            (Event::Put(wrong), &["probe"]),
            (Event::Probed(Ok(Some(stamped()))), &["delete"]),
            (Event::RecordClosed(Ok(())), &["ChecksumMismatch"]),
        ],
    );
}

#[test]
fn what_was_there_before_this_run_stays_unless_it_is_to_be_aborted() {
    let imported = || {
        let mut machine = machine(plan(3), 1, false);
        walk(&mut machine, vec![(import(None), &["list"]), (listed(&[]), &["send 1"])]);
        machine
    };
    let recovered = || {
        let mut machine = Machine::new(plan(3), FILE, Terms { recover: true, ..terms(1, false) });
        walk(
            &mut machine,
            vec![
                (Event::Begin(Start::Fresh), &["find"]),
                (found(&["old"]), &["list"]),
                (listed(&[2]), &["check 2"]),
                (Event::PartChecked(2, Ok(2)), &["send 1"]),
            ],
        );
        machine
    };
    for begun in [imported, recovered as fn() -> Machine] {
        for (stop, then) in [(Stop::Pause, "Paused"), (Stop::Leave, "Paused"), (Stop::Abort, "abort old")] {
            let mut machine = begun();
            walk(&mut machine, vec![(Event::Stop(stop), &["stop parts"]), (Event::PartSent(1, Err(lost())), &[then])]);
            assert_eq!((machine.is_anybodys(), machine.outcome.resumable), (true, stop != Stop::Abort));
        }
        let mut machine = begun();
        walk(&mut machine, vec![(Event::PartSent(1, Err(lost())), &["ConnectionLost"])]);
        assert!(machine.is_anybodys() && machine.outcome.resumable);
        // What is opened in its place is nobody's yet.
        let gone = Event::PartSent(1, Err(Error::new(Kind::NoSuchUpload, "gone")));
        let mut machine = begun();
        machine.terms.recover = false;
        walk(
            &mut machine,
            vec![(gone, &["initiate"]), (initiated(), &["send 1"]), (Event::PartSent(1, Err(lost())), &["abort new"])],
        );
    }
}

#[test]
fn a_record_whose_upload_could_not_be_given_up_stays_until_another_is_in_it() {
    let begin = || {
        let start = Start::Discard { reason: Reason::SourceChanged, upload_id: Some("unfit".into()) };
        Event::Begin(start)
    };
    for (aborted, then) in [(Err(lost()), "sync"), (Ok(()), "delete")] {
        let told = usize::from(aborted.is_err());
        let mut machine = machine(plan(3), 1, true);
        walk(
            &mut machine,
            vec![
                (begin(), &["abort unfit"]),
                (Event::UploadAborted(aborted), &["initiate"]),
                (Event::Initiated(Err(Error::new(Kind::Unreachable, "no way"))), &[then]),
            ],
        );
        assert!(!machine.outcome.resumable);
        let names_it = |warning: &&String| warning.contains("unfit");
        assert_eq!(machine.outcome.warnings.iter().filter(names_it).count(), told);
    }
    let mut rejected = Error::new(Kind::Service, "rejected");
    rejected.report_mut().oss_code = Some("EntityTooSmall".into());
    let mut given_up_later = machine(plan(3), 1, true);
    walk(
        &mut given_up_later,
        vec![
            (Event::Begin(Start::Continue { record: record(&[1, 2, 3], None), doubtful: false }), &["list"]),
            (listed(&[1, 2, 3]), &["source"]),
            (same(), &["mark"]),
            (Event::Marked(100, Ok(())), &["complete"]),
            (Event::Completed(Err(rejected), None), &["abort old"]),
            (Event::UploadAborted(Err(lost())), &["initiate"]),
            (Event::Initiated(Err(Error::new(Kind::Unreachable, "no way"))), &["sync"]),
        ],
    );
    let mut machine = machine(plan(3), 1, true);
    walk(
        &mut machine,
        vec![
            (begin(), &["abort unfit"]),
            (Event::UploadAborted(Err(lost())), &["initiate"]),
            (initiated(), &["header"]),
            (Event::Recorded(Ok(())), &["send 1"]),
            (Event::Stop(Stop::Abort), &["stop parts"]),
            (Event::PartSent(1, Err(lost())), &["abort new"]),
            (Event::UploadAborted(Ok(())), &["delete"]),
        ],
    );
}

#[test]
fn how_a_strangers_file_was_cut_is_forgotten() {
    let larger = ListedPart { number: 1, size: 2 * PART, etag: "\"1\"".into(), crc64: Some(1) };
    let mut machine = recovering(false);
    walk(
        &mut machine,
        vec![
            (Event::Begin(Start::Fresh), &["find"]),
            (found(&["a"]), &["list"]),
            (Event::Listed(Ok(Listing::Parts(vec![larger]))), &["check 1"]),
            (Event::PartChecked(1, Ok(2)), &["initiate"]),
            (initiated(), &["send 1", "send 2", "send 3"]),
        ],
    );
}

#[test]
fn a_token_says_what_the_record_knew_until_the_server_has_said_more() {
    let numbers = |machine: &Machine| -> Vec<u32> {
        machine.held().map(|held| held.parts.iter().map(|part| part.number).collect()).unwrap_or_default()
    };
    let mut machine = machine(plan(3), 4, true);
    machine.step(Event::Begin(Start::Continue { record: record(&[1, 3], Some(100)), doubtful: false }));
    assert_eq!(numbers(&machine), [1, 3]);
    // Of an upload that is gone, what was only read here is no part.
    walk(&mut machine, vec![(Event::Listed(Ok(Listing::Gone)), &["check 2"])]);
    machine.step(Event::PartChecked(2, Ok(2)));
    assert_eq!(numbers(&machine), [1, 3]);
}
