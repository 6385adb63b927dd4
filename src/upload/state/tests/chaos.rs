//! Random orders of events, with everything going wrong that can: what must hold whatever happens.

use super::*;
use proptest::prelude::*;
use std::collections::BTreeSet;

fn listed(number: u32) -> ListedPart {
    // Every other part as the record has it, the rest to be proven by the file.
    let etag = if number.is_multiple_of(2) { "\"other\"".into() } else { part(number).etag };
    ListedPart { number, size: PART, etag, crc64: Some(number.into()) }
}

/// Where the bytes come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Bytes {
    File,
    /// They come once, so many.
    Stream,
    /// They come once, and nobody says how many.
    Open,
}

/// Plays the world: answers each action with success or with one of the ways in which it can fail.
struct Chaos {
    /// What is there in the end, whatever the machine knows of it.
    plan: Plan,
    task_num: u32,
    bytes: Bytes,
    /// Parts that were let go of.
    let_go: BTreeSet<u32>,
    pending: Vec<Event>,
    outstanding_parts: u32,
    opened: u32,
    /// Uploads of ours that the server still has.
    open: BTreeSet<String>,
    /// Those whose Complete was sent.
    completing: BTreeSet<String>,
    /// The record has a header, and these parts were written behind it.
    recorded: Option<BTreeSet<u32>>,
}

impl Chaos {
    fn error(&mut self, dice: u8, upload_id: Option<&str>) -> Error {
        match dice / 4 % 7 {
            0 => lost(),
            1 => Error::new(Kind::AccessDenied, "no"),
            2 => {
                self.open.retain(|open| Some(open.as_str()) != upload_id);
                Error::new(Kind::NoSuchUpload, "gone")
            }
            3 => Error::new(Kind::AlreadyExists, "there"),
            4 => Error::new(Kind::NoCredentials, "none"),
            5 => Error::new(Kind::ChecksumMismatch, "spoilt").of_part(1),
            _ => Error::new(Kind::Service, "no").temporary(),
        }
    }

    fn or_fail<T>(&mut self, dice: u8, upload_id: Option<&str>, value: T) -> Result<T, Error> {
        if dice.is_multiple_of(4) { Err(self.error(dice, upload_id)) } else { Ok(value) }
    }

    /// What comes once can be had while it is held, and there is room for the parts under way and one more.
    fn ask(&self, number: u32) {
        if self.bytes != Bytes::File {
            assert!(!self.let_go.contains(&number), "part {number} was let go of");
            let held = (1..number).filter(|number| !self.let_go.contains(number)).count();
            assert!(held <= self.task_num as usize, "part {number} would have to wait for ever");
        }
    }

    fn answer(&mut self, action: Action, dice: u8) {
        let fails = dice.is_multiple_of(4);
        let event = match action {
            Action::AwaitStream => {
                let length = (self.plan.parts() < 2).then_some(self.plan.size);
                Event::StreamSeen(self.or_fail(dice, None, length))
            }
            Action::LetGo(number) => {
                assert!(self.bytes != Bytes::File && self.let_go.insert(number));
                return;
            }
            Action::ListParts { upload_id, .. } => Event::Listed(match (fails, dice % 3) {
                (true, 0) => {
                    self.open.remove(&upload_id);
                    Ok(Listing::Gone)
                }
                (true, 1) => Ok(Listing::Denied),
                (true, _) => Err(self.error(dice, Some(&upload_id))),
                (false, few) => Ok(Listing::Parts((1..=u32::from(few) + 1).map(listed).collect())),
            }),
            Action::FindUploads => {
                let found = (0..dice % 3).map(|number| format!("old {number}")).collect();
                Event::Found(self.or_fail(dice, None, found))
            }
            Action::Initiate => {
                self.opened += 1;
                let upload_id = format!("new {}", self.opened);
                let made = self.or_fail(dice, None, Initiated { upload_id: upload_id.clone(), stamp: None });
                if made.is_ok() {
                    self.open.insert(upload_id);
                }
                Event::Initiated(made)
            }
            Action::WriteHeader(_) => {
                self.recorded = (!fails).then(BTreeSet::new);
                Event::Recorded(self.or_fail(dice, None, ()))
            }
            Action::SendPart { number, .. } if number > self.plan.parts() => {
                assert_eq!(self.bytes, Bytes::Open);
                self.outstanding_parts += 1;
                match fails {
                    true => Event::PartSent(number, Err(self.error(0, None))),
                    false => Event::StreamEnded(number, self.plan.size),
                }
            }
            Action::SendPart { number, upload_id, .. } => {
                self.ask(number);
                self.outstanding_parts += 1;
                Event::PartSent(number, self.or_fail(dice, Some(&upload_id), part(number)))
            }
            Action::CheckPart { number, .. } => {
                self.ask(number);
                self.outstanding_parts += 1;
                let spoilt = if dice.is_multiple_of(8) { Err(self.error(0, None)) } else { Ok(0) };
                Event::PartChecked(number, if fails { spoilt } else { Ok(number.into()) })
            }
            Action::CheckSource if self.bytes != Bytes::File => {
                let whole = Identity::of_bytes(self.plan.size);
                Event::SourceChecked(self.or_fail(dice, None, whole))
            }
            Action::CheckSource => match dice % 8 {
                0 => Event::SourceChecked(Ok(Identity { size: 1, ..FILE })),
                1..=3 => touched((dice / 8).into()),
                _ => same(),
            },
            Action::MarkCompleting => Event::Marked(100, self.or_fail(dice, None, ())),
            Action::Complete { upload_id, parts } => {
                assert_eq!(parts.len(), self.plan.parts() as usize, "Complete lacks a part");
                assert!(parts.is_sorted_by_key(|(number, _)| *number));
                self.completing.insert(upload_id.clone());
                if fails {
                    Event::Completed(Err(self.error(dice, Some(&upload_id))), None)
                } else {
                    self.open.remove(&upload_id);
                    completed(self.plan)
                }
            }
            Action::Probe => Event::Probed(match (fails, dice % 2) {
                (true, 0) => Err(self.error(dice, None)),
                (true, _) => Ok(None),
                (false, 0) => Ok(Some(object(self.plan, 100))),
                (false, _) => Ok(Some(object(self.plan, 50))),
            }),
            Action::AbortUpload { upload_id, .. } => {
                let aborted = self.or_fail(dice, Some(&upload_id), ());
                if aborted.is_ok() {
                    self.open.remove(&upload_id);
                }
                Event::UploadAborted(aborted)
            }
            Action::SyncRecord | Action::DeleteRecord => Event::RecordClosed(self.or_fail(dice, None, ())),
            Action::JournalPart(part) => {
                let recorded = self.recorded.as_mut().expect("a part is written down behind a header");
                recorded.insert(part.number);
                if !fails {
                    return;
                }
                Event::RecordFailed(self.error(dice, None))
            }
            Action::PutObject => {
                let sent = (self.plan.size > 0 && !(fails && dice.is_multiple_of(8))).then(|| part(1));
                let stored = Completed { crc64: Some(whole_crc64(self.plan)), ..Completed::default() };
                put(sent, self.or_fail(dice, None, stored))
            }
            Action::StopParts | Action::Finish(_) => return,
        };
        self.pending.push(event);
    }

    fn next(&mut self, dice: u8) -> Event {
        let next = usize::from(dice) % self.pending.len();
        let event = self.pending.swap_remove(next);
        if matches!(event, Event::PartSent(..) | Event::StreamEnded(..) | Event::PartChecked(..)) {
            self.outstanding_parts -= 1;
        }
        event
    }
}

fn start(kind: u8, doubtful: bool) -> Start {
    match kind {
        0 => Start::Continue { record: record(&[1, 2], None), doubtful },
        1 => Start::Continue { record: record(&[1, 2, 3], Some(100)), doubtful },
        2 => Start::Import { record: record(&[1, 3], None), abandoned: doubtful.then(|| "unfit".into()) },
        3 => Start::Discard { reason: Reason::SourceChanged, upload_id: doubtful.then(|| "unfit".into()) },
        _ => Start::Fresh,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4000))]

    #[test]
    fn every_upload_ends_once_whatever_happens(
        (parts, task_num, kind) in (0u64..6, 1u32..4, 0u8..6),
        (holds_record, force_multipart, forbid_overwrite) in (any::<bool>(), any::<bool>(), any::<bool>()),
        (verify_reused_parts, recover) in (any::<bool>(), any::<bool>()),
        bytes in prop_oneof![Just(Bytes::File), Just(Bytes::Stream), Just(Bytes::Open)],
        dice in proptest::collection::vec(any::<u8>(), 400),
        stop_at in proptest::option::of((0usize..30, 0u8..4)),
        export_at in proptest::option::of(0usize..30),
    ) {
        let (once, open) = (bytes != Bytes::File, bytes == Bytes::Open);
        // What may end anywhere goes on from nothing and has no record.
        let (kind, recover) = (if open { 4 } else { kind }, recover && !once);
        // A record can only go on where its place is held.
        let holds_record = (holds_record || kind < 2) && !open;
        let plan = if kind < 3 { plan(3) } else { plan(parts) };
        let common = terms(task_num, holds_record);
        let terms = Terms { force_multipart, forbid_overwrite, verify_reused_parts, recover, once, open, ..common };
        let known = if open { Plan::open(PART) } else { plan };
        let source = if once { Identity::of_bytes(known.size) } else { FILE };
        let mut machine = Machine::new(known, source, terms);
        let start = start(kind, dice[0].is_multiple_of(2));
        let open = match &start {
            Start::Continue { record, .. } => BTreeSet::from([record.header.upload_id.clone()]),
            Start::Import { record, abandoned } => {
                abandoned.iter().chain([&record.header.upload_id]).cloned().collect()
            }
            Start::Discard { upload_id, .. } => upload_id.iter().cloned().collect(),
            Start::Fresh => BTreeSet::new(),
        };
        let recorded = match &start {
            Start::Continue { record, .. } => Some(record.parts.iter().map(|part| part.number).collect()),
            Start::Fresh | Start::Discard { .. } | Start::Import { .. } => None,
        };
        let mut chaos = Chaos {
            plan,
            task_num,
            bytes,
            let_go: BTreeSet::new(),
            pending: Vec::new(),
            outstanding_parts: 0,
            opened: 0,
            open,
            completing: BTreeSet::new(),
            recorded,
        };
        let mut dice = dice.into_iter().cycle();
        let mut throw = || dice.next().unwrap_or(1);
        let (mut seen, mut last, mut restarts) = (Progress::default(), 0, 0);
        let mut actions = machine.step(Event::Begin(start));
        let mut ended = None;
        let mut exported = None;
        let mut asked = None;
        for step in 0..2000 {
            for action in actions.drain(..) {
                if let Action::Finish(outcome) = action {
                    prop_assert!(ended.is_none(), "a second end");
                    prop_assert_eq!(chaos.outstanding_parts, 0, "ended with parts in flight");
                    ended = Some(outcome);
                } else {
                    prop_assert!(ended.is_none(), "an action after the end");
                    // The first dice decide freely; then the world is kind, so that every upload can end.
                    let free = throw();
                    chaos.answer(action, if step < 300 { free } else { 1 });
                }
            }
            prop_assert!(chaos.outstanding_parts <= task_num);
            // A part counts once and for all, unless the upload begins anew or OSS will not have what it said it had.
            let now = machine.progress();
            let falls_back = machine.restarts > restarts || machine.rejected;
            prop_assert!(now.bytes_confirmed >= last || falls_back, "{last} bytes, then {now:?}");
            prop_assert!(now.bytes_confirmed <= plan.size);
            (last, restarts) = (now.bytes_confirmed, machine.restarts);
            seen.advance(now);
            if let Some((at, strength)) = stop_at && at == step {
                let stop = [Stop::Deadline, Stop::Pause, Stop::Leave, Stop::Abort][usize::from(strength)];
                asked = Some(stop);
                actions = machine.step(Event::Stop(stop));
            } else if export_at == Some(step) && machine.held().is_some() {
                exported = machine.held().map(|held| held.upload_id);
                actions = machine.step(Event::Exported);
            } else if chaos.pending.is_empty() {
                break;
            } else {
                let event = chaos.next(throw());
                actions = machine.step(event);
            }
        }
        let outcome = ended.expect("the upload ends");
        if outcome.error.is_none() {
            prop_assert_eq!(seen.phase, Phase::Done);
            prop_assert_eq!(seen.bytes_confirmed, plan.size);
            prop_assert!(!outcome.resumable);
        }
        let internal = outcome.error.as_ref().is_some_and(|error| error.kind() == Kind::Internal);
        prop_assert!(!internal, "{:?}", outcome.error);
        prop_assert!(outcome.parts_reused <= outcome.parts_total, "{} of {}", outcome.parts_reused, outcome.parts_total);

        // Nothing is left behind to which nothing leads.
        let held = if outcome.resumable { machine.held().map(|held| held.upload_id) } else { None };
        prop_assert_eq!(held.is_some(), outcome.resumable);
        let is_anybodys = |upload_id: &String| {
            Some(upload_id) == held.as_ref() || outcome.error.is_none() && chaos.completing.contains(upload_id)
        };
        let is_told = |upload_id: &String| {
            let told = format!("the upload {upload_id} was left");
            outcome.warnings.iter().any(|warning| warning.starts_with(&told))
        };
        let is_orphan = |upload_id: &&String| !is_anybodys(upload_id) && !is_told(upload_id);
        let orphans: Vec<_> = chaos.open.iter().filter(is_orphan).collect();
        prop_assert!(orphans.is_empty(), "{orphans:?} after {outcome:?}");
        if machine.durable && outcome.resumable {
            let recorded = chaos.recorded.unwrap_or_default();
            let mut proven = machine.slots.iter().filter_map(Slot::proven).map(|part| part.number);
            prop_assert!(proven.all(|number| recorded.contains(&number)), "a part that the record lacks");
        }
        if asked == Some(Stop::Leave) && !machine.is_anybodys() {
            prop_assert!(!outcome.resumable, "left behind for good");
        }
        if held.is_some() && held == exported {
            prop_assert!(machine.is_anybodys());
        }
    }
}
