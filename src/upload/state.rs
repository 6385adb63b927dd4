//! The state machine of one upload: an event in, actions out.
//!
//! It performs nothing and waits for nothing. Whoever runs it performs each action and feeds back the event
//! that the action's comment names.

mod completing;
mod ending;
mod opening;
mod recovering;
mod sending;
mod streaming;

use super::event::{Action, Event, Stop};
use super::identity::Identity;
use super::journal::Part;
use super::outcome::{Held, Outcome, Reason};
use super::plan::Plan;
use super::progress::{Phase, Progress};
use super::reconcile::Slot;
use crate::error::Error;
use std::collections::{BTreeSet, VecDeque};

/// Why the object is asked for.
#[derive(Clone, Debug)]
enum Doubt {
    /// Complete succeeded without telling a CRC-64.
    Checksum,
    /// Complete's answer was lost.
    Lost(Error),
    /// The upload is gone, perhaps because Complete was done.
    Gone(Error),
    /// It was gone when this run began, perhaps because an earlier run's Complete was done.
    GoneBefore(Error),
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
    /// Does the stream end within its first part?
    Awaiting,
    /// This one is given up first.
    Discarding(String),
    /// Is the object there, which must not be overwritten?
    Looking,
    Listing,
    /// Are there uploads of an earlier run that left no record?
    Finding,
    /// Is this one of them?
    Sifting(String),
    Initiating,
    Recording,
    /// The record begins with what a token says.
    Importing,
    Sending,
    /// The whole file in one request.
    Putting,
    CheckingSource,
    Marking,
    Completing,
    Probing(Doubt),
    Draining(Ending),
    Aborting(Ending),
    Closing(Ending),
    Over,
}

/// What the caller wants of an upload, as far as the machine is concerned.
#[derive(Clone, Copy, Debug)]
pub struct Terms {
    /// Parts in flight at a time.
    pub task_num: u32,
    /// A record's place is held and has to be let go of at the end.
    pub holds_record: bool,
    /// Even a small file is sent in parts.
    pub force_multipart: bool,
    /// An object that is there must not be overwritten.
    pub forbid_overwrite: bool,
    /// What an earlier run sent is read again before it counts.
    pub verify_reused_parts: bool,
    /// Without a record, the server is asked for what an earlier run sent.
    pub recover: bool,
    /// The bytes come once: a part that counts is let go of and cannot be read again.
    pub once: bool,
    /// Nobody knows yet where the bytes end: the plan is as large as it can get, and closed later.
    pub open: bool,
}

/// One upload.
#[derive(Debug)]
pub struct Machine {
    /// How the file would be cut if there were nothing to go on from.
    wished: Plan,
    /// Where it ends is not known yet.
    open: bool,
    plan: Plan,
    /// The file, as it was when this run began.
    source: Identity,
    terms: Terms,
    /// The record names the upload: a later run can go on.
    durable: bool,
    /// The record names an upload that was to be given up and may still be there.
    stale: bool,
    /// Somebody else may count on the upload: he has a token of it, or it was there before this run.
    claimed: bool,
    stage: Stage,
    stop: Option<Stop>,
    upload_id: Option<String>,
    /// What its object will bear.
    stamp: Option<String>,
    /// It began in another run's hands, which know its parts; no record of ours does.
    imported: bool,
    /// The server was asked once for uploads without a record, and these are left to be looked at.
    searched: bool,
    candidates: Vec<String>,
    /// What is known of each part: by the record, until the server was asked.
    slots: Vec<Slot>,
    /// Parts that the record has as their slot says.
    recorded: BTreeSet<u32>,
    queue: VecDeque<u32>,
    busy: u32,
    confirmed: Confirmed,
    completing_since: Option<i64>,
    /// An earlier Complete may have been done unheard.
    completed_before: bool,
    doubtful: bool,
    /// The upload was gone when this run began; its object is looked for once the file was read again.
    gone: Option<Error>,
    rejected: bool,
    restarts: u32,
    /// The file was touched while it was sent: every part is read once more, of the file as it is now.
    proving: Option<Identity>,
    proofs: u32,
    /// Parts were stopped on their way.
    cut_off: bool,
    /// Parts were let go of: there is no beginning anew.
    let_go: bool,
    /// What the server had was taken away, or was meant to be.
    given_up: bool,
    outcome: Outcome,
}

#[derive(Clone, Copy, Debug, Default)]
struct Confirmed {
    parts: u32,
    bytes: u64,
}

impl Machine {
    /// An upload that has not begun.
    pub fn new(plan: Plan, source: Identity, terms: Terms) -> Self {
        let mut outcome = Outcome::default();
        if !terms.open {
            (outcome.parts_total, outcome.bytes_total) = (plan.parts(), plan.size);
        }
        // What may end within its first part needs no room for ten thousand.
        let known = if terms.open { 0 } else { plan.parts() };
        Self {
            wished: plan,
            open: terms.open,
            plan,
            source,
            terms,
            durable: false,
            stale: false,
            claimed: false,
            stage: Stage::Created,
            stop: None,
            upload_id: None,
            stamp: None,
            imported: false,
            searched: false,
            candidates: Vec::new(),
            slots: vec![Slot::Missing; known as usize],
            recorded: BTreeSet::new(),
            queue: VecDeque::new(),
            busy: 0,
            confirmed: Confirmed::default(),
            completing_since: None,
            completed_before: false,
            doubtful: false,
            gone: None,
            rejected: false,
            restarts: 0,
            proving: None,
            proofs: 0,
            cut_off: false,
            let_go: false,
            given_up: false,
            outcome,
        }
    }

    /// The size of all parts but the last.
    pub fn part_size(&self) -> u64 {
        self.plan.part_size
    }

    /// What a later run could go on from. None while nothing was opened, when nothing is left, and where nobody said how long a
    /// stream would be: nor would anybody at the next run.
    pub fn held(&self) -> Option<Held> {
        if self.given_up || self.terms.open {
            return None;
        }
        // Where the upload is gone some have a checksum alone.
        let sent = |part: &&Part| !part.etag.is_none();
        self.held_with(self.slots.iter().filter_map(Slot::part).filter(sent).cloned().collect())
    }

    fn held_with(&self, parts: Vec<Part>) -> Option<Held> {
        Some(Held {
            upload_id: self.upload_id.clone()?,
            plan: self.plan,
            source: self.source,
            stamp: self.stamp.clone(),
            parts,
            completing: self.completing_since,
        })
    }

    /// A record or a token leads back to it, or what led here.
    pub fn is_anybodys(&self) -> bool {
        self.durable || self.claimed
    }

    /// How far it is; what is in flight is for the engine to add.
    pub fn progress(&self) -> Progress {
        let phase = match &self.stage {
            Stage::Created
            | Stage::Awaiting
            | Stage::Discarding(_)
            | Stage::Looking
            | Stage::Listing
            | Stage::Finding
            | Stage::Sifting(_)
            | Stage::Initiating
            | Stage::Recording
            | Stage::Importing => Phase::Preparing,
            Stage::Sending | Stage::Putting | Stage::Draining(_) | Stage::Aborting(_) => Phase::Uploading,
            Stage::CheckingSource
            | Stage::Marking
            | Stage::Completing
            | Stage::Probing(_)
            | Stage::Closing(Ending::Done) => Phase::Completing,
            Stage::Over if self.outcome.error.is_none() => Phase::Done,
            // No phase of its own: who looks keeps the last.
            Stage::Closing(_) | Stage::Over => Phase::Preparing,
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
            Event::Exported => self.export(),
            Event::StreamSeen(result) => self.stream_seen(result),
            Event::StreamEnded(_, size) => self.stream_ended(size),
            Event::Found(result) => self.found(result),
            Event::Listed(result) => self.listed(result),
            Event::Initiated(result) => self.initiated(result),
            Event::Recorded(result) => self.recorded(result),
            Event::PartSent(number, result) => self.part_sent(number, result),
            Event::PartChecked(number, result) => self.part_checked(number, result),
            Event::RecordFailed(error) => self.warn(format!("the checkpoint could not be written: {error}")),
            Event::SourceChecked(result) => self.source_checked(result),
            Event::Marked(server_time, result) => self.marked(server_time, result),
            Event::Completed(result, request_id) => self.completed(result, request_id),
            Event::Put(put) => self.put(put),
            Event::Probed(result) => self.probed(result),
            Event::UploadAborted(result) => self.upload_aborted(result),
            Event::RecordClosed(result) => self.record_closed(result),
        }
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

#[cfg(test)]
mod tests;
