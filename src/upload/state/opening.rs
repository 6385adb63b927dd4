//! From the beginning to the first part.

use super::{Confirmed, Ending, Machine, Stage};
use crate::error::{Error, Kind};
use crate::oss::api::head::Head;
use crate::oss::limits::MAX_SMALL_OBJECT;
use crate::upload::event::{Action, Listing, Start};
use crate::upload::outcome::Reason;
use crate::upload::reconcile::{self, Slot};

impl Machine {
    pub(super) fn begin(&mut self, start: Start) -> Vec<Action> {
        match start {
            Start::Fresh => self.open(),
            Start::Discard { reason, upload_id } => {
                self.outcome.reason = Some(reason);
                if upload_id.is_none() {
                    self.warn(
                        "the checkpoint was damaged: the upload that it spoke of may be left on the server".to_owned(),
                    );
                }
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
                self.durable = self.terms.holds_record;
                self.doubtful = doubtful;
                // What is there after an earlier Complete may be our own.
                if self.terms.forbid_overwrite && !self.completed_before { self.look() } else { self.list() }
            }
        }
    }

    pub(super) fn discard(&mut self, upload_id: Option<String>) -> Vec<Action> {
        match upload_id {
            Some(upload_id) => self.go(Stage::Discarding, Action::AbortUpload { upload_id }),
            None => self.open(),
        }
    }

    pub(super) fn open(&mut self) -> Vec<Action> {
        if let Some(stop) = self.stop {
            return self.end(Ending::Stopped(stop));
        }
        if self.goes_in_one_piece() {
            return self.go(Stage::Putting, Action::PutObject);
        }
        if self.terms.forbid_overwrite { self.look() } else { self.initiate() }
    }

    /// OSS makes no multipart object of nothing; beyond that the caller has the last word.
    fn goes_in_one_piece(&self) -> bool {
        let is_small = self.plan.parts() == 1 && self.plan.size <= MAX_SMALL_OBJECT;
        self.plan.size == 0 || (is_small && !self.terms.force_multipart)
    }

    /// Finds out before anything is sent what OSS would say at the very end.
    fn look(&mut self) -> Vec<Action> {
        self.go(Stage::Looking, Action::Probe)
    }

    pub(super) fn looked(&mut self, result: Result<Option<Head>, Error>) -> Vec<Action> {
        match result {
            // Buckets that keep versions overwrite nothing, and OSS takes no notice of the wish there.
            Ok(Some(head)) if head.version_id.is_none() => {
                let message = match self.upload_id {
                    None => "the object exists and must not be overwritten; nothing was sent",
                    Some(_) => "the object exists by now and must not be overwritten; what was sent is given up",
                };
                self.end(Ending::Failed(Error::new(Kind::AlreadyExists, message).during("HeadObject")))
            }
            // Who may write need not be one who may read: OSS itself will tell at the end.
            Err(error) if error.kind() != Kind::AccessDenied => self.end(Ending::Failed(error)),
            Ok(_) | Err(_) => match (self.stop, &self.upload_id) {
                (Some(stop), _) => self.end(Ending::Stopped(stop)),
                (None, Some(_)) => self.list(),
                (None, None) => self.initiate(),
            },
        }
    }

    fn initiate(&mut self) -> Vec<Action> {
        self.go(Stage::Initiating, Action::Initiate)
    }

    pub(super) fn initiated(&mut self, result: Result<String, Error>) -> Vec<Action> {
        match result {
            Err(error) => self.end(Ending::Failed(error)),
            Ok(upload_id) => {
                self.upload_id = Some(upload_id.clone());
                self.outcome.upload_id = Some(upload_id.clone());
                if self.terms.holds_record {
                    return self.go(Stage::Recording, Action::WriteHeader { upload_id });
                }
                self.send_from_the_first()
            }
        }
    }

    pub(super) fn recorded(&mut self, result: Result<(), Error>) -> Vec<Action> {
        match result {
            Ok(()) => self.durable = true,
            Err(error) => {
                self.warn(format!("the checkpoint could not be written, so this upload cannot be resumed: {error}"));
            }
        }
        self.send_from_the_first()
    }

    pub(super) fn list(&mut self) -> Vec<Action> {
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

    pub(super) fn listed(&mut self, result: Result<Listing, Error>) -> Vec<Action> {
        match result {
            Err(error) => return self.end(Ending::Failed(error)),
            Ok(Listing::Gone) => {
                let gone = Error::new(Kind::NoSuchUpload, "OSS does not know the upload any more").during("ListParts");
                if self.completed_before {
                    self.slots = reconcile::alone(&self.plan, &self.known);
                    if self.doubtful {
                        reconcile::doubt(&mut self.slots);
                    }
                    self.count_proven();
                    self.gone = Some(gone);
                    return self.send_from_the_first();
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
    pub(super) fn count_proven(&mut self) {
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
}
