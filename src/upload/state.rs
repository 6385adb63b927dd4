//! The state machine of one upload: an event in, actions out.
//!
//! It performs nothing and waits for nothing. Whoever runs it performs each action and feeds back the event
//! that the action's comment names.

use super::event::{Action, Event, Listing, Start, Stop};
use super::identity::Fit;
use super::journal::Part;
use super::outcome::{Outcome, Reason};
use super::plan::Plan;
use super::progress::{Phase, Progress};
use super::reconcile::{self, Slot};
use crate::error::{Error, Kind};
use crate::oss::api::complete::Completed;
use crate::oss::api::head::Head;
use crate::oss::crc64;
use std::collections::{BTreeMap, VecDeque};

/// An upload id is lost at most this often before it is an error.
const MAX_RESTARTS: u32 = 2;
/// `Last-Modified` and the answers' `Date` may come from different hosts of the service.
const CLOCK_SLACK_S: i64 = 2;

/// Why the object is asked for.
#[derive(Clone, Debug)]
enum Doubt {
    /// Complete succeeded without telling a CRC-64.
    Checksum,
    /// Complete's answer was lost.
    Lost(Error),
    /// The upload is gone, perhaps because Complete was done.
    Gone(Error),
    /// The object exists, perhaps because it is ours.
    Exists(Error),
}

/// How it will end, once nothing is in flight.
#[derive(Clone, Debug)]
enum Ending {
    Done,
    Failed(Error),
    Stopped(Stop),
    Restart(Reason, Error),
}

#[derive(Clone, Debug)]
enum Stage {
    Created,
    Discarding,
    Listing,
    Initiating,
    Recording,
    Sending,
    CheckingSource,
    Marking,
    Completing,
    Probing(Doubt),
    Draining(Ending),
    Aborting(Ending),
    Closing(Ending),
    Over,
}

/// One upload.
#[derive(Debug)]
pub struct Machine {
    plan: Plan,
    task_num: u32,
    /// A record's place is held and has to be let go of at the end.
    holds_record: bool,
    /// The record names the upload: a later run can go on.
    durable: bool,
    stage: Stage,
    stop: Option<Stop>,
    upload_id: Option<String>,
    known: BTreeMap<u32, Part>,
    slots: Vec<Slot>,
    queue: VecDeque<u32>,
    busy: u32,
    confirmed: Confirmed,
    completing_since: Option<i64>,
    /// An earlier Complete may have been done unheard.
    completed_before: bool,
    doubtful: bool,
    rejected: bool,
    restarts: u32,
    /// The file was touched while it was sent: every part is read once more.
    proving: bool,
    outcome: Outcome,
}

#[derive(Clone, Copy, Debug, Default)]
struct Confirmed {
    parts: u32,
    bytes: u64,
}

impl Machine {
    /// An upload that has not begun. `holds_record` says that there is a place to keep a record.
    pub fn new(plan: Plan, task_num: u32, holds_record: bool) -> Self {
        let outcome = Outcome { parts_total: plan.parts(), bytes_total: plan.size, ..Outcome::default() };
        Self {
            plan,
            task_num: task_num.max(1),
            holds_record,
            durable: false,
            stage: Stage::Created,
            stop: None,
            upload_id: None,
            known: BTreeMap::new(),
            slots: vec![Slot::Missing; plan.parts() as usize],
            queue: VecDeque::new(),
            busy: 0,
            confirmed: Confirmed::default(),
            completing_since: None,
            completed_before: false,
            doubtful: false,
            rejected: false,
            restarts: 0,
            proving: false,
            outcome,
        }
    }

    /// How the file is cut: the record's word on it counts more than the request's.
    pub fn plan(&self) -> Plan {
        self.plan
    }

    /// How far it is; what is in flight is for the engine to add.
    pub fn progress(&self) -> Progress {
        let phase = match &self.stage {
            Stage::Created | Stage::Discarding | Stage::Listing | Stage::Initiating | Stage::Recording => {
                Phase::Preparing
            }
            Stage::Sending | Stage::Draining(_) | Stage::Aborting(_) => Phase::Uploading,
            Stage::CheckingSource | Stage::Marking | Stage::Completing | Stage::Probing(_) | Stage::Closing(_) => {
                Phase::Completing
            }
            Stage::Over if self.outcome.error.is_none() => Phase::Done,
            Stage::Over => Phase::Preparing,
        };
        Progress {
            phase,
            parts_total: self.outcome.parts_total,
            parts_confirmed: self.confirmed.parts,
            bytes_total: self.outcome.bytes_total,
            bytes_confirmed: self.confirmed.bytes,
            bytes_in_flight: 0,
            bytes_reused: self.outcome.bytes_reused,
        }
    }

    /// Takes an event in and says what is to be done now.
    pub fn step(&mut self, event: Event) -> Vec<Action> {
        match event {
            Event::Begin(start) => self.begin(start),
            Event::Stop(stop) => self.stop(stop),
            Event::Listed(result) => self.listed(result),
            Event::Initiated(result) => self.initiated(result),
            Event::Recorded(result) => self.recorded(result),
            Event::PartSent(number, result) => self.part_sent(number, result),
            Event::PartChecked(number, result) => self.part_checked(number, result),
            Event::RecordFailed(error) => self.warn(format!("the checkpoint could not be written: {error}")),
            Event::SourceChecked(result) => self.source_checked(result),
            Event::Marked(server_time, result) => self.marked(server_time, result),
            Event::Completed(result, request_id) => self.completed(result, request_id),
            Event::Probed(result) => self.probed(result),
            Event::UploadAborted(result) => self.upload_aborted(result),
            Event::RecordClosed(result) => self.record_closed(result),
        }
    }

    // ---- from the beginning to the first part

    fn begin(&mut self, start: Start) -> Vec<Action> {
        match start {
            Start::Fresh => self.open(),
            Start::Discard { reason, upload_id } => {
                self.outcome.reason = Some(reason);
                self.discard(upload_id)
            }
            Start::Continue { record, doubtful } => {
                self.plan = record.header.plan;
                self.outcome.parts_total = self.plan.parts();
                self.slots = vec![Slot::Missing; self.plan.parts() as usize];
                self.known = reconcile::fitting(&self.plan, record.parts);
                self.completing_since = record.completing;
                self.completed_before = record.completing.is_some();
                self.upload_id = Some(record.header.upload_id);
                self.durable = self.holds_record;
                self.doubtful = doubtful;
                self.list()
            }
        }
    }

    fn discard(&mut self, upload_id: Option<String>) -> Vec<Action> {
        match upload_id {
            Some(upload_id) => self.go(Stage::Discarding, Action::AbortUpload { upload_id }),
            None => self.open(),
        }
    }

    fn open(&mut self) -> Vec<Action> {
        if let Some(stop) = self.stop {
            return self.end(Ending::Stopped(stop));
        }
        if self.plan.size == 0 {
            return self.go(Stage::Completing, Action::PutObject);
        }
        self.go(Stage::Initiating, Action::Initiate)
    }

    fn initiated(&mut self, result: Result<String, Error>) -> Vec<Action> {
        match result {
            Err(error) => self.end(Ending::Failed(error)),
            Ok(upload_id) => {
                self.upload_id = Some(upload_id.clone());
                self.outcome.upload_id = Some(upload_id.clone());
                if self.holds_record {
                    return self.go(Stage::Recording, Action::WriteHeader { upload_id });
                }
                self.send_from_the_first()
            }
        }
    }

    fn recorded(&mut self, result: Result<(), Error>) -> Vec<Action> {
        match result {
            Ok(()) => self.durable = true,
            Err(error) => {
                self.warn(format!("the checkpoint could not be written, so this upload cannot be resumed: {error}"));
            }
        }
        self.send_from_the_first()
    }

    fn list(&mut self) -> Vec<Action> {
        if let Some(stop) = self.stop {
            return self.end(Ending::Stopped(stop));
        }
        match self.upload_id.clone() {
            Some(upload_id) => {
                self.outcome.upload_id = Some(upload_id.clone());
                self.go(Stage::Listing, Action::ListParts { upload_id })
            }
            None => self.open(),
        }
    }

    fn listed(&mut self, result: Result<Listing, Error>) -> Vec<Action> {
        match result {
            Err(error) => return self.end(Ending::Failed(error)),
            Ok(Listing::Gone) => {
                let gone = Error::new(Kind::NoSuchUpload, "OSS does not know the upload any more").during("ListParts");
                if self.completed_before && self.known.len() == self.slots.len() {
                    self.slots = reconcile::alone(&self.plan, &self.known);
                    self.count_proven();
                    return self.probe(Doubt::Gone(gone));
                }
                return self.end(Ending::Restart(Reason::UploadGone, gone));
            }
            Ok(Listing::Denied) => {
                self.warn("ListParts is denied: the checkpoint alone says which parts are there".to_owned());
                self.slots = reconcile::alone(&self.plan, &self.known);
            }
            Ok(Listing::Parts(listed)) => self.slots = reconcile::against_server(&self.plan, &self.known, &listed),
        }
        if self.doubtful {
            reconcile::doubt(&mut self.slots);
        }
        self.count_proven();
        self.send_from_the_first()
    }

    /// After a listing: what counts was sent by an earlier run, unless Complete was rejected in this one.
    fn count_proven(&mut self) {
        self.confirmed = Confirmed::default();
        let proven: Vec<u64> = self.slots.iter().filter_map(Slot::proven).map(|part| part.size).collect();
        for size in proven {
            if self.rejected {
                self.confirm(size);
            } else {
                self.reuse(size);
            }
        }
        self.outcome.resumed |= !self.rejected;
    }

    // ---- parts

    fn send_from_the_first(&mut self) -> Vec<Action> {
        let wanting = |(number, slot): (u32, &Slot)| slot.proven().is_none().then_some(number);
        self.queue = (1..).zip(&self.slots).filter_map(wanting).collect();
        self.stage = Stage::Sending;
        self.send()
    }

    fn send(&mut self) -> Vec<Action> {
        if let Some(stop) = self.stop {
            return self.end(Ending::Stopped(stop));
        }
        let mut actions = Vec::new();
        while self.busy < self.task_num {
            let Some(number) = self.queue.pop_front() else { break };
            actions.push(match (self.slots.get(number as usize - 1), &self.upload_id) {
                (Some(Slot::Missing), Some(upload_id)) => Action::SendPart { number, upload_id: upload_id.clone() },
                (Some(Slot::Unproven(_)), _) => Action::CheckPart { number },
                (Some(Slot::Missing | Slot::Proven(_)) | None, _) => continue,
            });
            self.busy += 1;
        }
        if self.busy == 0 {
            return self.go(Stage::CheckingSource, Action::CheckSource);
        }
        actions
    }

    fn part_sent(&mut self, number: u32, result: Result<Part, Error>) -> Vec<Action> {
        self.busy -= 1;
        match result {
            Ok(part) => {
                self.confirm(part.size);
                self.outcome.parts_sent += 1;
                self.outcome.bytes_sent += part.size;
                self.settle(number, part)
            }
            Err(error) if error.kind() == Kind::NoSuchUpload => self.end(Ending::Restart(Reason::UploadGone, error)),
            Err(error) => self.end(Ending::Failed(error)),
        }
    }

    fn part_checked(&mut self, number: u32, result: Result<u64, Error>) -> Vec<Action> {
        self.busy -= 1;
        let slot = self.slots.get(number as usize - 1).cloned();
        let (crc64, part) = match (result, slot) {
            (Err(error), _) => return self.end(Ending::Failed(error)),
            (Ok(crc64), Some(Slot::Unproven(part))) => (crc64, part),
            (Ok(_), Some(Slot::Missing | Slot::Proven(_)) | None) => return self.proceed(),
        };
        if crc64 == part.crc64 {
            if !self.proving {
                self.reuse(part.size);
            }
            return self.settle(number, part);
        }
        if self.proving {
            return self.end(Ending::Failed(source_changed()));
        }
        if let Some(slot) = self.slots.get_mut(number as usize - 1) {
            *slot = Slot::Missing;
        }
        self.queue.push_back(number);
        self.proceed()
    }

    /// A part counts from now on.
    fn settle(&mut self, number: u32, part: Part) -> Vec<Action> {
        let mut actions = Vec::new();
        if self.durable && self.known.get(&number) != Some(&part) {
            actions.push(Action::JournalPart(part.clone()));
        }
        self.known.insert(number, part.clone());
        if let Some(slot) = self.slots.get_mut(number as usize - 1) {
            *slot = Slot::Proven(part);
        }
        actions.extend(self.proceed());
        actions
    }

    /// Goes on after a part has ended, whichever way.
    fn proceed(&mut self) -> Vec<Action> {
        match &self.stage {
            Stage::Sending => self.send(),
            Stage::Draining(ending) if self.busy == 0 => {
                let ending = ending.clone();
                self.drained(ending)
            }
            Stage::Draining(_)
            | Stage::Created
            | Stage::Discarding
            | Stage::Listing
            | Stage::Initiating
            | Stage::Recording
            | Stage::CheckingSource
            | Stage::Marking
            | Stage::Completing
            | Stage::Probing(_)
            | Stage::Aborting(_)
            | Stage::Closing(_)
            | Stage::Over => Vec::new(),
        }
    }

    fn confirm(&mut self, bytes: u64) {
        self.confirmed.parts += 1;
        self.confirmed.bytes += bytes;
    }

    fn reuse(&mut self, bytes: u64) {
        self.confirm(bytes);
        self.outcome.parts_reused += 1;
        self.outcome.bytes_reused += bytes;
    }

    // ---- from the last part to the object

    fn source_checked(&mut self, result: Result<Fit, Error>) -> Vec<Action> {
        match result {
            Err(error) => self.end(Ending::Failed(error)),
            Ok(Fit::Changed) => self.end(Ending::Failed(source_changed())),
            Ok(Fit::Doubtful) if !self.proving => {
                self.proving = true;
                reconcile::doubt(&mut self.slots);
                self.send_from_the_first()
            }
            Ok(Fit::Same | Fit::Doubtful) => match self.stop {
                Some(stop) => self.end(Ending::Stopped(stop)),
                None => self.go(Stage::Marking, Action::MarkCompleting),
            },
        }
    }

    fn marked(&mut self, server_time: i64, result: Result<(), Error>) -> Vec<Action> {
        if let Err(error) = result {
            self.warn(format!("the checkpoint could not be written: {error}"));
        }
        self.completing_since.get_or_insert(server_time);
        if let Some(stop) = self.stop {
            return self.end(Ending::Stopped(stop));
        }
        let parts: Option<Vec<_>> =
            self.slots.iter().map(|slot| slot.proven().map(|part| (part.number, part.etag.clone()))).collect();
        match (self.upload_id.clone(), parts) {
            (Some(upload_id), Some(parts)) => self.go(Stage::Completing, Action::Complete { upload_id, parts }),
            _ => self.end(Ending::Failed(Error::new(Kind::Internal, "about to complete an upload that lacks a part"))),
        }
    }

    fn completed(&mut self, result: Result<Completed, Error>, request_id: Option<String>) -> Vec<Action> {
        self.outcome.request_id = request_id;
        match result {
            Ok(completed) => {
                self.outcome.etag = completed.etag;
                self.outcome.version_id = completed.version_id;
                self.outcome.callback_body = completed.callback_body;
                match completed.crc64 {
                    Some(crc64) => self.compare(crc64),
                    None => self.probe(Doubt::Checksum),
                }
            }
            Err(error) => self.not_completed(error),
        }
    }

    fn not_completed(&mut self, error: Error) -> Vec<Action> {
        let report = error.report();
        let rejected = matches!(
            report.oss_code.as_deref(),
            Some("InvalidPart" | "FilePartNotExist" | "FilePartStale" | "FilePartInterity")
        );
        let retried = report.attempts > 1 || self.completed_before;
        if error.kind() == Kind::NoSuchUpload {
            self.probe(Doubt::Gone(error))
        } else if error.kind() == Kind::AlreadyExists && retried {
            self.probe(Doubt::Exists(error))
        } else if rejected && self.rejected {
            self.end(Ending::Restart(Reason::PartsRejected, error))
        } else if rejected {
            self.rejected = true;
            self.list()
        } else if report.temporary {
            self.probe(Doubt::Lost(error))
        } else {
            self.end(Ending::Failed(error))
        }
    }

    fn probe(&mut self, doubt: Doubt) -> Vec<Action> {
        self.go(Stage::Probing(doubt), Action::Probe)
    }

    fn probed(&mut self, result: Result<Option<Head>, Error>) -> Vec<Action> {
        let Stage::Probing(doubt) = self.stage.clone() else { return Vec::new() };
        let lost = match doubt {
            Doubt::Checksum => return self.checksum_probed(result),
            Doubt::Lost(error) | Doubt::Gone(error) | Doubt::Exists(error) if self.is_ours(&result) => {
                let head = result.ok().flatten();
                self.warn(format!("the answer to Complete was lost, HeadObject shows the object: {error}"));
                self.outcome.confirmed_by_probe = true;
                self.outcome.etag = head.map(|head| head.etag);
                self.outcome.crc64 = Some(self.whole_crc64());
                return self.end(Ending::Done);
            }
            Doubt::Lost(error) => Ending::Failed(error),
            Doubt::Gone(error) => Ending::Restart(Reason::UploadGone, error),
            Doubt::Exists(error) => Ending::Failed(error),
        };
        match result {
            Ok(None) => self.end(lost),
            Ok(Some(head)) if head.crc64.is_some() => self.end(lost),
            Ok(Some(_)) => self.end(Ending::Failed(unconfirmed("HeadObject gives no CRC-64"))),
            Err(probe) if probe.kind() == Kind::AccessDenied => {
                self.end(Ending::Failed(unconfirmed("HeadObject is denied").with_source(probe)))
            }
            Err(probe) => self.end(Ending::Failed(probe)),
        }
    }

    fn checksum_probed(&mut self, result: Result<Option<Head>, Error>) -> Vec<Action> {
        match result.ok().flatten().and_then(|head| head.crc64) {
            Some(crc64) => self.compare(crc64),
            None => {
                self.warn("OSS gave no CRC-64 of the object: it could not be compared with the file's".to_owned());
                self.outcome.crc64 = Some(self.whole_crc64());
                self.end(Ending::Done)
            }
        }
    }

    fn compare(&mut self, theirs: u64) -> Vec<Action> {
        let ours = self.whole_crc64();
        self.outcome.crc64 = Some(theirs);
        if ours == theirs {
            return self.end(Ending::Done);
        }
        let message = format!("the object exists and is bad: its CRC-64 is {theirs}, the file's is {ours}");
        self.end(Ending::Failed(Error::new(Kind::ChecksumMismatch, message)))
    }

    fn is_ours(&self, result: &Result<Option<Head>, Error>) -> bool {
        let Ok(Some(head)) = result else { return false };
        let recent = match (head.last_modified, self.completing_since) {
            (Some(modified), Some(since)) => modified + CLOCK_SLACK_S >= since,
            (None, _) | (_, None) => true,
        };
        head.size == self.plan.size && head.crc64 == Some(self.whole_crc64()) && recent
    }

    fn whole_crc64(&self) -> u64 {
        let parts = self.slots.iter().filter_map(Slot::proven);
        parts.fold(0, |whole, part| crc64::combine(whole, part.crc64, part.size))
    }

    // ---- to an end

    fn stop(&mut self, stop: Stop) -> Vec<Action> {
        let asked = match (self.stop, stop) {
            (Some(Stop::Abort), _) => return Vec::new(),
            (None | Some(Stop::Pause), stop) => stop,
        };
        self.stop = Some(asked);
        match &self.stage {
            Stage::Sending => self.end(Ending::Stopped(asked)),
            Stage::Draining(Ending::Done) | Stage::Aborting(_) | Stage::Closing(_) | Stage::Over | Stage::Created => {
                Vec::new()
            }
            Stage::Draining(_) => {
                self.stage = Stage::Draining(Ending::Stopped(asked));
                Vec::new()
            }
            Stage::Discarding
            | Stage::Listing
            | Stage::Initiating
            | Stage::Recording
            | Stage::CheckingSource
            | Stage::Marking
            | Stage::Completing
            | Stage::Probing(_) => vec![Action::Hurry],
        }
    }

    /// Ends, or begins anew, as soon as nothing is in flight. A wish to stop goes before any failure that
    /// leaves the object unmade.
    fn end(&mut self, ending: Ending) -> Vec<Action> {
        if matches!(self.stage, Stage::Draining(_)) {
            return self.proceed();
        }
        let ending = match (self.stop, ending) {
            (_, Ending::Done) => Ending::Done,
            (_, Ending::Failed(error)) if object_is_stored(error.kind()) => Ending::Failed(error),
            (Some(stop), _) => Ending::Stopped(stop),
            (None, ending) => ending,
        };
        self.stage = Stage::Draining(ending.clone());
        if self.busy > 0 {
            return vec![Action::StopParts];
        }
        self.drained(ending)
    }

    fn drained(&mut self, ending: Ending) -> Vec<Action> {
        if let Ending::Restart(reason, error) = ending {
            return self.restart(reason, error);
        }
        let give_up = match &ending {
            Ending::Done | Ending::Restart(..) => false,
            Ending::Failed(error) if object_is_stored(error.kind()) => false,
            Ending::Failed(error) => !self.durable || nothing_left_to_resume(error.kind()),
            Ending::Stopped(Stop::Pause) => !self.durable,
            Ending::Stopped(Stop::Abort) => true,
        };
        match self.upload_id.clone() {
            Some(upload_id) if give_up => self.go(Stage::Aborting(ending), Action::AbortUpload { upload_id }),
            _ => self.close(ending),
        }
    }

    fn restart(&mut self, reason: Reason, error: Error) -> Vec<Action> {
        if self.restarts == MAX_RESTARTS {
            self.stage = Stage::Draining(Ending::Failed(error.clone()));
            return self.drained(Ending::Failed(error));
        }
        let abandoned = match reason {
            Reason::UploadGone => None,
            Reason::SourceChanged | Reason::OptionsChanged | Reason::RecordDamaged | Reason::PartsRejected => {
                self.upload_id.clone()
            }
        };
        self.restarts += 1;
        self.known.clear();
        self.slots.fill(Slot::Missing);
        self.confirmed = Confirmed::default();
        self.upload_id = None;
        self.durable = false;
        self.completing_since = None;
        self.completed_before = false;
        self.doubtful = false;
        self.rejected = false;
        self.proving = false;
        self.outcome = Outcome {
            reason: Some(reason),
            warnings: std::mem::take(&mut self.outcome.warnings),
            parts_total: self.outcome.parts_total,
            parts_sent: self.outcome.parts_sent,
            bytes_total: self.outcome.bytes_total,
            bytes_sent: self.outcome.bytes_sent,
            ..Outcome::default()
        };
        self.discard(abandoned)
    }

    fn upload_aborted(&mut self, result: Result<(), Error>) -> Vec<Action> {
        if let Err(error) = result {
            self.warn(format!("an upload was left behind on the server: {error}"));
        }
        if let Stage::Aborting(ending) = self.stage.clone() {
            return self.close(ending);
        }
        self.open()
    }

    fn close(&mut self, ending: Ending) -> Vec<Action> {
        let keep = self.durable && !matches!(&ending, Ending::Done) && !ends_the_record(&ending);
        self.outcome.resumable = keep;
        if !self.holds_record {
            self.stage = Stage::Closing(ending);
            return self.over();
        }
        let action = if keep { Action::SyncRecord } else { Action::DeleteRecord };
        self.go(Stage::Closing(ending), action)
    }

    fn record_closed(&mut self, result: Result<(), Error>) -> Vec<Action> {
        if let Err(error) = result {
            self.warn(format!("the checkpoint could not be put away: {error}"));
        }
        self.over()
    }

    fn over(&mut self) -> Vec<Action> {
        let Stage::Closing(ending) = std::mem::replace(&mut self.stage, Stage::Over) else { return Vec::new() };
        self.outcome.error = match ending {
            Ending::Done => None,
            Ending::Failed(error) | Ending::Restart(_, error) => Some(error),
            Ending::Stopped(Stop::Pause) => Some(Error::new(Kind::Paused, "the upload was paused")),
            Ending::Stopped(Stop::Abort) => Some(Error::new(Kind::Aborted, "the upload was aborted")),
        };
        vec![Action::Finish(Box::new(self.outcome.clone()))]
    }

    fn go(&mut self, stage: Stage, action: Action) -> Vec<Action> {
        self.stage = stage;
        vec![action]
    }

    fn warn(&mut self, warning: String) -> Vec<Action> {
        if !self.outcome.warnings.contains(&warning) {
            self.outcome.warnings.push(warning);
        }
        Vec::new()
    }
}

/// The object was made, though not as asked: the upload id is used up.
fn object_is_stored(kind: Kind) -> bool {
    matches!(kind, Kind::CallbackFailed | Kind::ChecksumMismatch)
}

/// What the server has of it is worth nothing to a later run.
fn nothing_left_to_resume(kind: Kind) -> bool {
    matches!(kind, Kind::SourceChanged | Kind::AlreadyExists)
}

fn ends_the_record(ending: &Ending) -> bool {
    match ending {
        Ending::Failed(error) => object_is_stored(error.kind()) || nothing_left_to_resume(error.kind()),
        Ending::Stopped(Stop::Abort) => true,
        Ending::Done | Ending::Restart(..) | Ending::Stopped(Stop::Pause) => false,
    }
}

fn source_changed() -> Error {
    Error::new(Kind::SourceChanged, "UploadFile changed while it was being uploaded")
}

fn unconfirmed(why: &str) -> Error {
    Error::new(Kind::Unconfirmed, format!("the answer to Complete was lost and {why}: the object may be there or not"))
}

#[cfg(test)]
mod tests;
