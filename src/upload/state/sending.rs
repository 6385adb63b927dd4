//! From the first part to the last.

use super::{Doubt, Ending, Machine, Stage};
use crate::error::{Error, Kind};
use crate::oss::etag::ETag;
use crate::upload::event::Action;
use crate::upload::identity::source_changed;
use crate::upload::journal::Part;
use crate::upload::outcome::Reason;
use crate::upload::reconcile::Slot;

impl Machine {
    pub(super) fn send_from_the_first(&mut self) -> Vec<Action> {
        let wanting = |(number, slot): (u32, &Slot)| slot.proven().is_none().then_some(number);
        self.queue = (1..).zip(&self.slots).filter_map(wanting).collect();
        if self.let_go && !self.queue.is_empty() {
            return self.end(Ending::Failed(lost_again()));
        }
        self.stage = Stage::Sending;
        self.send()
    }

    pub(super) fn send(&mut self) -> Vec<Action> {
        if let Some(stop) = self.stop {
            return self.end(Ending::Stopped(stop));
        }
        let mut actions = Vec::new();
        while self.busy < self.terms.task_num.max(1) {
            let Some(number) = self.queue.pop_front() else { break };
            let Some(range) = self.plan.range(number) else { continue };
            actions.push(match (self.slots.get(number as usize - 1), &self.upload_id) {
                // The upload is gone: all that is left to know of a part is its checksum.
                (Some(Slot::Missing), _) if self.gone.is_some() => Action::CheckPart { number, range },
                (Some(Slot::Missing), Some(upload_id)) => {
                    Action::SendPart { number, range, upload_id: upload_id.clone() }
                }
                (Some(Slot::Unproven(_)), _) => Action::CheckPart { number, range },
                (Some(Slot::Missing | Slot::Proven(_)) | None, _) => continue,
            });
            self.busy += 1;
        }
        if self.busy > 0 {
            return actions;
        }
        match self.gone.take() {
            Some(gone) => self.probe(Doubt::GoneBefore(gone)),
            None => self.go(Stage::CheckingSource, Action::CheckSource),
        }
    }

    pub(super) fn part_sent(&mut self, number: u32, result: Result<Part, Error>) -> Vec<Action> {
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

    pub(super) fn part_checked(&mut self, number: u32, result: Result<u64, Error>) -> Vec<Action> {
        self.busy -= 1;
        if let Stage::Sifting(candidate) = self.stage.clone() {
            return self.candidate_checked(candidate, number, result);
        }
        let slot = self.slots.get(number as usize - 1).cloned();
        let (crc64, part) = match (result, slot) {
            (Err(error), _) => return self.end(Ending::Failed(error)),
            (Ok(crc64), Some(Slot::Unproven(part))) => (crc64, part),
            (Ok(crc64), Some(Slot::Missing)) if self.gone.is_some() => {
                let size = self.plan.range(number).map_or(0, |range| range.length);
                self.reuse(size);
                return self.settle(number, Part { number, size, etag: ETag::none(), crc64 });
            }
            (Ok(_), Some(Slot::Missing | Slot::Proven(_)) | None) => return self.proceed(),
        };
        if crc64 == part.crc64 {
            match (self.proving.is_some(), self.rejected) {
                (true, _) => {}
                (false, true) => self.confirm(part.size),
                (false, false) => self.reuse(part.size),
            }
            return self.settle(number, part);
        }
        if self.proving.is_some() {
            return self.end(Ending::Failed(source_changed()));
        }
        if self.gone.is_some() {
            return self.end(Ending::Restart(Reason::SourceChanged, source_changed()));
        }
        if let Some(slot) = self.slots.get_mut(number as usize - 1) {
            *slot = Slot::Missing;
        }
        // Before all others: what comes once is held until it was sent.
        self.queue.push_front(number);
        self.proceed()
    }

    /// A part counts from now on.
    pub(super) fn settle(&mut self, number: u32, part: Part) -> Vec<Action> {
        let mut actions = Vec::new();
        if let Some(slot) = self.slots.get_mut(number as usize - 1) {
            let is_recorded = slot.part() == Some(&part) && self.recorded.contains(&number);
            if self.durable && self.gone.is_none() && !is_recorded {
                actions.push(Action::JournalPart(part.clone()));
                self.recorded.insert(number);
            }
            *slot = Slot::Proven(part);
        }
        // Whoever is about to begin anew needs it again.
        if self.terms.once && matches!(self.stage, Stage::Sending) {
            self.let_go = true;
            actions.push(Action::LetGo(number));
        }
        actions.extend(self.proceed());
        actions
    }

    /// Goes on after a part has ended, whichever way.
    pub(super) fn proceed(&mut self) -> Vec<Action> {
        match &self.stage {
            Stage::Sending => self.send(),
            Stage::Draining(ending) if self.busy == 0 => {
                let ending = ending.clone();
                self.drained(ending)
            }
            Stage::Draining(_)
            | Stage::Created
            | Stage::Awaiting
            | Stage::Discarding(_)
            | Stage::Looking
            | Stage::Putting
            | Stage::Listing
            | Stage::Finding
            | Stage::Sifting(_)
            | Stage::Initiating
            | Stage::Recording
            | Stage::Importing
            | Stage::CheckingSource
            | Stage::Marking
            | Stage::Completing
            | Stage::Probing(_)
            | Stage::Aborting(_)
            | Stage::Closing(_)
            | Stage::Over => Vec::new(),
        }
    }

    pub(super) fn confirm(&mut self, bytes: u64) {
        self.confirmed.parts += 1;
        self.confirmed.bytes += bytes;
    }

    pub(super) fn reuse(&mut self, bytes: u64) {
        self.confirm(bytes);
        self.outcome.parts_reused += 1;
        self.outcome.bytes_reused += bytes;
    }
}

fn lost_again() -> Error {
    Error::new(Kind::Service, "OSS lacks parts of the stream that it had confirmed: it has to be pushed again")
}
