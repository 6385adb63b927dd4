//! From the beginning to the first part.

use super::{Confirmed, Ending, Machine, Stage};
use crate::error::{Error, Kind};
use crate::oss::api::head::Head;
use crate::oss::api::list_parts::ListedPart;
use crate::oss::limits::MAX_SMALL_OBJECT;
use crate::upload::event::{Action, Initiated, Listing, Start};
use crate::upload::journal::Record;
use crate::upload::outcome::Reason;
use crate::upload::plan::Plan;
use crate::upload::reconcile::{self, Slot};

impl Machine {
    pub(super) fn begin(&mut self, start: Start) -> Vec<Action> {
        match start {
            Start::Fresh => self.open(),
            Start::Discard { reason, upload_id } => {
                self.outcome.reason = Some(reason);
                self.stale = upload_id.is_some();
                self.discard(upload_id)
            }
            Start::Continue { record, doubtful } => {
                self.durable = self.terms.holds_record;
                // What comes once comes again from its beginning.
                self.doubtful = doubtful || self.terms.verify_reused_parts || self.terms.once;
                self.take_over(*record);
                self.resume()
            }
            Start::Import { record, abandoned } => {
                self.imported = true;
                self.stale = abandoned.is_some();
                self.claimed = true;
                self.doubtful = true;
                self.take_over(*record);
                match abandoned {
                    Some(upload_id) => self.discard(Some(upload_id)),
                    None => self.import(),
                }
            }
        }
    }

    fn take_over(&mut self, record: Record) {
        self.cut_into(record.header.plan);
        self.slots = reconcile::recorded(&self.plan, record.parts);
        if !self.imported {
            // No record of ours has what a token brings: each part is written down when the file has shown it.
            self.recorded = self.slots.iter().filter_map(Slot::part).map(|part| part.number).collect();
        }
        if self.doubtful {
            reconcile::doubt(&mut self.slots);
        }
        self.completing_since = record.completing;
        self.completed_before = record.completing.is_some();
        self.upload_id = Some(record.header.upload_id);
        self.stamp = record.header.stamp;
    }

    pub(super) fn cut_into(&mut self, plan: Plan) {
        self.plan = plan;
        self.outcome.parts_total = plan.parts();
        self.slots = vec![Slot::Missing; plan.parts() as usize];
    }

    /// A record of our own for what a token brought, before anything else can happen to it.
    pub(super) fn import(&mut self) -> Vec<Action> {
        match (self.terms.holds_record, self.stop) {
            (_, Some(stop)) => self.end(Ending::Stopped(stop)),
            (true, None) => self.write_header(Stage::Importing),
            (false, None) => self.resume(),
        }
    }

    pub(super) fn write_header(&mut self, stage: Stage) -> Vec<Action> {
        match self.held_with(Vec::new()) {
            Some(held) => self.go(stage, Action::WriteHeader(Box::new(held))),
            None => self.open(),
        }
    }

    fn resume(&mut self) -> Vec<Action> {
        // What is there after an earlier Complete may be our own.
        if self.terms.forbid_overwrite && !self.completed_before { self.look() } else { self.list() }
    }

    pub(super) fn discard(&mut self, upload_id: Option<String>) -> Vec<Action> {
        match upload_id {
            Some(upload_id) => {
                let thoroughly = std::mem::take(&mut self.cut_off);
                self.go(Stage::Discarding(upload_id.clone()), Action::AbortUpload { upload_id, thoroughly })
            }
            None => self.open(),
        }
    }

    pub(super) fn open(&mut self) -> Vec<Action> {
        if let Some(stop) = self.stop {
            return self.end(Ending::Stopped(stop));
        }
        if self.open { self.await_stream() } else { self.open_plainly() }
    }

    pub(super) fn open_plainly(&mut self) -> Vec<Action> {
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

    pub(super) fn initiate(&mut self) -> Vec<Action> {
        if self.terms.recover && !std::mem::replace(&mut self.searched, true) {
            return self.go(Stage::Finding, Action::FindUploads);
        }
        self.go(Stage::Initiating, Action::Initiate)
    }

    pub(super) fn initiated(&mut self, result: Result<Initiated, Error>) -> Vec<Action> {
        match result {
            Err(error) => self.end(Ending::Failed(error)),
            Ok(Initiated { upload_id, stamp }) => {
                self.stamp = stamp;
                self.begin_to_send(upload_id)
            }
        }
    }

    /// An upload is ours from now on; nothing is sent to it before the record says so.
    pub(super) fn begin_to_send(&mut self, upload_id: String) -> Vec<Action> {
        self.upload_id = Some(upload_id.clone());
        self.outcome.upload_id = Some(upload_id);
        if self.terms.holds_record { self.write_header(Stage::Recording) } else { self.send_from_the_first() }
    }

    pub(super) fn recorded(&mut self, result: Result<(), Error>) -> Vec<Action> {
        match result {
            Ok(()) => (self.durable, self.stale) = (true, false),
            Err(error) => {
                self.warn(format!("the checkpoint could not be written, so this upload cannot be resumed: {error}"));
            }
        }
        if matches!(self.stage, Stage::Importing) { self.resume() } else { self.send_from_the_first() }
    }

    pub(super) fn list(&mut self) -> Vec<Action> {
        if let Some(stop) = self.stop {
            return self.end(Ending::Stopped(stop));
        }
        match self.upload_id.clone() {
            Some(upload_id) => {
                self.outcome.upload_id = Some(upload_id.clone());
                self.go(Stage::Listing, Action::ListParts { upload_id, last: self.plan.parts() })
            }
            None => self.open(),
        }
    }

    pub(super) fn listed(&mut self, result: Result<Listing, Error>) -> Vec<Action> {
        if let Stage::Sifting(candidate) = self.stage.clone() {
            return self.candidate_listed(candidate, result);
        }
        match result {
            Err(error) => return self.end(Ending::Failed(error)),
            Ok(Listing::Gone) => {
                let gone = Error::new(Kind::NoSuchUpload, "OSS does not know the upload any more").during("ListParts");
                // What comes once cannot be read for its checksum and then be sent: it is sent.
                if self.completed_before && !self.terms.once {
                    self.count_proven();
                    self.gone = Some(gone);
                    return self.send_from_the_first();
                }
                return self.end(Ending::Restart(Reason::UploadGone, gone));
            }
            Ok(Listing::Denied) => {
                self.warn("ListParts is denied: the checkpoint alone says which parts are there".to_owned());
            }
            Ok(Listing::Parts(listed)) => self.set_against(&listed),
        }
        // What was let go of has shown in this run what it is.
        if self.doubtful && !self.let_go {
            reconcile::doubt(&mut self.slots);
        }
        self.count_proven();
        self.send_from_the_first()
    }

    fn set_against(&mut self, listed: &[ListedPart]) {
        let slots = reconcile::against_server(&self.plan, &self.slots, listed);
        let part = |slots: &[Slot], number: u32| slots.get(number as usize - 1).and_then(Slot::part).cloned();
        self.recorded.retain(|&number| part(&slots, number) == part(&self.slots, number));
        self.slots = slots;
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
