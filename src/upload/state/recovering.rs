//! Without a record: from what the server has of earlier runs to one of them, or to none.

use super::{Ending, Machine, Stage};
use crate::error::Error;
use crate::oss::limits;
use crate::upload::event::{Action, Listing};
use crate::upload::reconcile::{self, Slot};

impl Machine {
    pub(super) fn found(&mut self, result: Result<Vec<String>, Error>) -> Vec<Action> {
        match result {
            Ok(mut newest_first) => {
                newest_first.reverse();
                self.candidates = newest_first;
            }
            // Initiate will tell whether it is more than that.
            Err(error) => {
                self.warn(format!("what an earlier run sent could not be looked for: {error}"));
            }
        }
        self.look_at_next()
    }

    fn look_at_next(&mut self) -> Vec<Action> {
        if let Some(stop) = self.stop {
            return self.end(Ending::Stopped(stop));
        }
        match self.candidates.pop() {
            Some(upload_id) => {
                let stage = Stage::Sifting(upload_id.clone());
                self.go(stage, Action::ListParts { upload_id, last: limits::MAX_PARTS })
            }
            None => self.initiate(),
        }
    }

    /// An upload whose parts are of this size and have checksums may be ours: the first of them decides.
    pub(super) fn candidate_listed(&mut self, candidate: String, result: Result<Listing, Error>) -> Vec<Action> {
        let listed = match result {
            Ok(Listing::Parts(listed)) => listed,
            Ok(Listing::Gone) => return self.look_at_next(),
            Ok(Listing::Denied) => {
                self.warn(format!("ListParts is denied: {candidate} cannot be recognised"));
                self.candidates.clear();
                return self.look_at_next();
            }
            Err(error) => {
                self.warn(format!("{candidate} could not be looked at: {error}"));
                return self.look_at_next();
            }
        };
        let Some(plan) = reconcile::plan_of(&listed, &self.plan) else { return self.look_at_next() };
        let slots = reconcile::against_server(&plan, &[], &listed);
        let first = (1..).zip(&slots).find_map(|(number, slot)| slot.part().map(|_| number));
        let Some((number, range)) = first.and_then(|number| Some((number, plan.range(number)?))) else {
            return self.look_at_next();
        };
        if let Some(stop) = self.stop {
            return self.end(Ending::Stopped(stop));
        }
        self.cut_into(plan);
        self.slots = slots;
        self.busy += 1;
        vec![Action::CheckPart { number, range }]
    }

    pub(super) fn candidate_checked(
        &mut self,
        candidate: String,
        number: u32,
        result: Result<u64, Error>,
    ) -> Vec<Action> {
        let shown = self.slots.get(number as usize - 1).and_then(Slot::part).map(|part| part.crc64);
        match result {
            Err(error) => self.end(Ending::Failed(error)),
            Ok(crc64) if Some(crc64) == shown => {
                self.outcome.resumed = true;
                self.claimed = true;
                self.begin_to_send(candidate)
            }
            Ok(_) => {
                self.cut_into(self.wished);
                self.look_at_next()
            }
        }
    }
}
