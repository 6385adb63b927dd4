//! What comes piece by piece: how long it is shows at its end.

use super::{Ending, Machine, Stage};
use crate::error::Error;
use crate::upload::event::Action;
use crate::upload::identity::Identity;
use crate::upload::reconcile::Slot;

impl Machine {
    /// What is small goes in one piece, so that has to be known first.
    pub(super) fn await_stream(&mut self) -> Vec<Action> {
        self.go(Stage::Awaiting, Action::AwaitStream)
    }

    pub(super) fn stream_seen(&mut self, result: Result<Option<u64>, Error>) -> Vec<Action> {
        match result {
            Err(error) => return self.end(Ending::Failed(error)),
            Ok(Some(size)) => self.close_plan(size),
            Ok(None) => self.slots = vec![Slot::Missing; self.plan.parts() as usize],
        }
        match self.stop {
            Some(stop) => self.end(Ending::Stopped(stop)),
            None => self.open_plainly(),
        }
    }

    pub(super) fn stream_ended(&mut self, size: u64) -> Vec<Action> {
        self.busy -= 1;
        if self.open {
            self.close_plan(size);
        }
        self.proceed()
    }

    /// It ends here: what the plan says beyond that was never there.
    pub(super) fn close_plan(&mut self, size: u64) {
        self.open = false;
        self.source = Identity::of_bytes(size);
        self.wished.size = size;
        self.plan.size = size;
        let parts = self.plan.parts();
        self.slots.resize(parts as usize, Slot::Missing);
        (self.outcome.parts_total, self.outcome.bytes_total) = (parts, size);
    }
}
