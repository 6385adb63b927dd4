//! To an end, or to another beginning.

use super::{Confirmed, Ending, Machine, Stage};
use crate::error::{Error, Kind};
use crate::upload::event::{Action, Stop};
use crate::upload::outcome::{Outcome, Reason};
use crate::upload::reconcile::Slot;

/// An upload id is lost at most this often before it is an error.
const MAX_RESTARTS: u32 = 2;

impl Machine {
    /// Of two wishes to stop the stronger one counts.
    pub(super) fn stop(&mut self, stop: Stop) -> Vec<Action> {
        if self.stop >= Some(stop) {
            return Vec::new();
        }
        let asked = stop;
        self.stop = Some(asked);
        match &self.stage {
            Stage::Sending => self.end(Ending::Stopped(asked)),
            Stage::Sifting(_) if self.busy > 0 => {
                self.cut_into(self.wished);
                self.end(Ending::Stopped(asked))
            }
            Stage::Putting => vec![Action::StopParts],
            Stage::Draining(Ending::Done) | Stage::Aborting(_) | Stage::Closing(_) | Stage::Over | Stage::Created => {
                Vec::new()
            }
            Stage::Draining(_) => {
                self.stage = Stage::Draining(Ending::Stopped(asked));
                Vec::new()
            }
            // What is under way ends soon, and is looked at then.
            Stage::Awaiting
            | Stage::Discarding(_)
            | Stage::Looking
            | Stage::Listing
            | Stage::Finding
            | Stage::Sifting(_)
            | Stage::Initiating
            | Stage::Recording
            | Stage::Importing
            | Stage::CheckingSource
            | Stage::Marking
            | Stage::Completing
            | Stage::Probing(_) => Vec::new(),
        }
    }

    /// Ends, or begins anew, as soon as nothing is in flight. A wish to stop goes before any failure that
    /// leaves the object unmade.
    pub(super) fn end(&mut self, ending: Ending) -> Vec<Action> {
        if matches!(self.stage, Stage::Draining(_)) {
            return self.proceed();
        }
        let ending = match (self.stop, ending) {
            (_, Ending::Done) => Ending::Done,
            (_, Ending::Failed(error)) if object_is_stored(&error) => Ending::Failed(error),
            (Some(stop), _) => Ending::Stopped(stop),
            (None, ending) => ending,
        };
        self.stage = Stage::Draining(ending.clone());
        if self.busy > 0 {
            self.cut_off = true;
            return vec![Action::StopParts];
        }
        self.drained(ending)
    }

    pub(super) fn drained(&mut self, ending: Ending) -> Vec<Action> {
        if let Ending::Restart(reason, error) = ending {
            return self.restart(reason, error);
        }
        let give_up = match &ending {
            Ending::Done | Ending::Restart(..) => false,
            Ending::Failed(error) if object_is_stored(error) => false,
            Ending::Failed(error) => !self.is_anybodys() || nothing_left_to_resume(error.kind()),
            // Until the upload's last handle is freed a token may be asked for, where there can be one.
            Ending::Stopped(Stop::Deadline | Stop::Pause) => self.terms.open,
            Ending::Stopped(Stop::Leave) => !self.is_anybodys(),
            Ending::Stopped(Stop::Abort) => true,
        };
        self.given_up = give_up;
        match (self.upload_id.clone(), &ending) {
            (Some(upload_id), Ending::Failed(error)) if give_up && error.kind() == Kind::NoCredentials => {
                self.warn(format!("the upload {upload_id} was left behind on the server, for want of credentials"));
                self.close(ending)
            }
            (Some(upload_id), _) if give_up => {
                let thoroughly = std::mem::take(&mut self.cut_off);
                self.go(Stage::Aborting(ending), Action::AbortUpload { upload_id, thoroughly })
            }
            (Some(_) | None, _) => self.close(ending),
        }
    }

    pub(super) fn restart(&mut self, reason: Reason, mut error: Error) -> Vec<Action> {
        if self.let_go {
            error.report_mut().message.push_str("; the stream has to be pushed again");
        }
        if self.restarts == MAX_RESTARTS || self.let_go {
            self.stage = Stage::Draining(Ending::Failed(error.clone()));
            return self.drained(Ending::Failed(error));
        }
        let is_gone = error.kind() == Kind::NoSuchUpload;
        let abandoned = self.upload_id.take().filter(|_| !is_gone);
        self.restarts += 1;
        self.stale = self.durable && abandoned.is_some();
        self.slots.fill(Slot::Missing);
        self.recorded.clear();
        self.confirmed = Confirmed::default();
        self.stamp = None;
        self.imported = false;
        self.durable = false;
        self.claimed = false;
        self.completing_since = None;
        self.completed_before = false;
        self.doubtful = false;
        self.rejected = false;
        self.proving = None;
        self.gone = None;
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

    pub(super) fn upload_aborted(&mut self, result: Result<(), Error>) -> Vec<Action> {
        let discarded = if let Stage::Discarding(upload_id) = &self.stage { Some(upload_id.clone()) } else { None };
        match result {
            Ok(()) => self.stale &= discarded.is_none(),
            Err(error) => {
                let upload_id = discarded.or_else(|| self.upload_id.clone()).unwrap_or_default();
                self.warn(format!("the upload {upload_id} was left behind on the server: {error}"));
            }
        }
        if let Stage::Aborting(ending) = self.stage.clone() {
            return self.close(self.escalated(ending));
        }
        if self.imported { self.import() } else { self.open() }
    }

    /// Whoever has a token counts on what is there.
    pub(super) fn export(&mut self) -> Vec<Action> {
        self.claimed = true;
        Vec::new()
    }

    /// An abort that comes while a pause is being carried out takes over.
    fn escalated(&self, ending: Ending) -> Ending {
        match (ending, self.stop) {
            (Ending::Stopped(_), Some(stop)) => Ending::Stopped(stop),
            (ending, _) => ending,
        }
    }

    pub(super) fn close(&mut self, ending: Ending) -> Vec<Action> {
        let is_left = !matches!(&ending, Ending::Done) && !ends_the_record(&ending);
        let goes_on = self.durable || (!self.given_up && self.upload_id.is_some());
        self.outcome.resumable = is_left && goes_on;
        // A record that is stale leads the next run to what it has to give up.
        let keep = is_left && (self.durable || self.stale);
        if !self.terms.holds_record {
            self.stage = Stage::Closing(ending);
            return self.over();
        }
        let action = if keep { Action::SyncRecord } else { Action::DeleteRecord };
        self.go(Stage::Closing(ending), action)
    }

    pub(super) fn record_closed(&mut self, result: Result<(), Error>) -> Vec<Action> {
        if let Err(error) = result {
            self.warn(format!("the checkpoint could not be put away: {error}"));
        }
        if let (Stage::Closing(Ending::Stopped(done)), Some(asked)) = (&self.stage, self.stop)
            && asked > *done
        {
            return self.drained(Ending::Stopped(asked));
        }
        self.over()
    }

    pub(super) fn over(&mut self) -> Vec<Action> {
        let Stage::Closing(ending) = std::mem::replace(&mut self.stage, Stage::Over) else { return Vec::new() };
        self.outcome.error = match ending {
            Ending::Done => None,
            Ending::Failed(error) | Ending::Restart(_, error) => Some(error),
            Ending::Stopped(stop) => Some(stop.error()),
        };
        vec![Action::Finish(Box::new(self.outcome.clone()))]
    }
}

/// The object was made, though not as asked: the upload id is used up.
fn object_is_stored(error: &Error) -> bool {
    // A part that arrives wrong again and again is no object.
    matches!(error.kind(), Kind::CallbackFailed | Kind::ChecksumMismatch) && error.report().part_number == 0
}

/// What the server has of it is worth nothing to a later run.
fn nothing_left_to_resume(kind: Kind) -> bool {
    matches!(kind, Kind::SourceChanged | Kind::AlreadyExists)
}

fn ends_the_record(ending: &Ending) -> bool {
    match ending {
        Ending::Failed(error) => object_is_stored(error) || nothing_left_to_resume(error.kind()),
        Ending::Stopped(Stop::Abort) => true,
        Ending::Done | Ending::Restart(..) | Ending::Stopped(Stop::Deadline | Stop::Pause | Stop::Leave) => false,
    }
}
