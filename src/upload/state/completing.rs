//! From the last part to the object.

use super::{Doubt, Ending, Machine, Stage};
use crate::error::{Error, Kind};
use crate::oss::api::complete::Completed;
use crate::oss::api::head::Head;
use crate::oss::crc64;
use crate::upload::event::{Action, Put};
use crate::upload::identity::{Fit, Identity, source_changed};
use crate::upload::outcome::Reason;
use crate::upload::reconcile::{self, Slot};

/// `Last-Modified` and the answers' `Date` may come from different hosts of the service.
const CLOCK_SLACK_S: i64 = 2;

/// How often a file that keeps being touched is read again before it is given up.
const MAX_PROOFS: u32 = 3;

/// Who made the object that is there, if there is one.
enum Owner {
    Us(Box<Head>),
    SomebodyElse,
    /// It cannot be found out.
    Unknown(Error),
    /// Nobody answered; it may be found out later.
    Unheard(Error),
}

impl Machine {
    pub(super) fn source_checked(&mut self, result: Result<Identity, Error>) -> Vec<Action> {
        let now = match result {
            Ok(now) => now,
            Err(error) => return self.end(Ending::Failed(error)),
        };
        let is_proven = self.proving.as_ref().is_some_and(|then| now.is_as_it_was(then));
        if self.open {
            self.close_plan(now.size);
        }
        match self.source.fit(&now) {
            Fit::Changed => self.end(Ending::Failed(source_changed())),
            Fit::Doubtful if !is_proven => self.prove(now),
            Fit::Same | Fit::Doubtful => match self.stop {
                Some(stop) => self.end(Ending::Stopped(stop)),
                None => self.go(Stage::Marking, Action::MarkCompleting),
            },
        }
    }

    /// Has every part read once more. A file that does not come to rest is no file to make an object of.
    fn prove(&mut self, now: Identity) -> Vec<Action> {
        if self.proofs == MAX_PROOFS {
            return self.end(Ending::Failed(source_changed()));
        }
        self.proofs += 1;
        self.proving = Some(now);
        reconcile::doubt(&mut self.slots);
        self.send_from_the_first()
    }

    pub(super) fn marked(&mut self, server_time: i64, result: Result<(), Error>) -> Vec<Action> {
        if let Err(error) = result {
            self.warn(format!("the checkpoint could not be written: {error}"));
        }
        self.completing_since.get_or_insert(server_time);
        if let Some(stop) = self.stop {
            return self.end(Ending::Stopped(stop));
        }
        let mut parts = Vec::with_capacity(self.slots.len());
        parts.extend(self.slots.iter().filter_map(Slot::proven).map(|part| (part.number, part.etag.clone())));
        match self.upload_id.clone() {
            Some(upload_id) if parts.len() == self.slots.len() => {
                self.go(Stage::Completing, Action::Complete { upload_id, parts })
            }
            _ => self.end(Ending::Failed(Error::new(Kind::Internal, "about to complete an upload that lacks a part"))),
        }
    }

    pub(super) fn completed(&mut self, result: Result<Completed, Error>, request_id: Option<String>) -> Vec<Action> {
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

    /// The whole file as one part, then as after Complete.
    pub(super) fn put(&mut self, put: Put) -> Vec<Action> {
        self.completing_since = put.since;
        self.stamp = put.stamp;
        let read_whole = put.part.is_some();
        if let (Some(part), Some(slot)) = (put.part, self.slots.first_mut()) {
            *slot = Slot::Proven(part);
        }
        match put.result {
            Ok(completed) => {
                self.count_piece();
                self.completed(Ok(completed), put.request_id)
            }
            Err(error) if error.kind() == Kind::CallbackFailed => {
                self.count_piece();
                self.completed(Err(error), put.request_id)
            }
            // Bytes that never went out made no object.
            Err(error) if !read_whole => {
                self.outcome.request_id = put.request_id;
                self.end(Ending::Failed(error))
            }
            Err(error) => self.completed(Err(error), put.request_id),
        }
    }

    fn count_piece(&mut self) {
        if self.plan.size > 0 {
            self.confirm(self.plan.size);
            self.outcome.parts_sent = 1;
            self.outcome.bytes_sent = self.plan.size;
        }
    }

    pub(super) fn not_completed(&mut self, error: Error) -> Vec<Action> {
        let report = error.report();
        let code = report.oss_code.as_deref();
        let rejected = matches!(code, Some("InvalidPart" | "FilePartNotExist" | "FilePartStale" | "FilePartInterity"));
        let retried = report.attempts > 1 || self.completed_before;
        if error.kind() == Kind::NoSuchUpload && !retried {
            // Nobody sent a Complete that could have been done unheard.
            self.end(Ending::Restart(Reason::UploadGone, error))
        } else if error.kind() == Kind::NoSuchUpload {
            self.probe(Doubt::Gone(error))
        } else if error.kind() == Kind::AlreadyExists && retried {
            self.probe(Doubt::Exists(error))
        } else if (rejected && self.rejected) || code == Some("EntityTooSmall") {
            self.end(Ending::Restart(Reason::PartsRejected, error))
        } else if rejected {
            self.rejected = true;
            self.list()
        } else if report.may_be_done || error.kind() == Kind::ChecksumMismatch {
            self.probe(Doubt::Lost(error))
        } else {
            self.end(Ending::Failed(error))
        }
    }

    pub(super) fn probe(&mut self, doubt: Doubt) -> Vec<Action> {
        self.go(Stage::Probing(doubt), Action::Probe)
    }

    pub(super) fn probed(&mut self, result: Result<Option<Head>, Error>) -> Vec<Action> {
        if matches!(self.stage, Stage::Looking) {
            return self.looked(result);
        }
        let Stage::Probing(doubt) = self.stage.clone() else { return Vec::new() };
        if matches!(doubt, Doubt::Checksum) {
            return self.checksum_probed(result);
        }
        let owner = self.whose(result);
        if let (Owner::Unknown(unknown) | Owner::Unheard(unknown), Some(_)) = (&owner, self.stop) {
            // Stopping says nothing of it.
            let warning = unknown.to_string();
            self.warn(warning);
        }
        match (doubt, owner) {
            (Doubt::Checksum, _) => Vec::new(),
            (
                Doubt::Lost(lost) | Doubt::Gone(lost) | Doubt::GoneBefore(lost) | Doubt::Exists(lost),
                Owner::Us(head),
            ) => {
                if self.upload_id.is_none() {
                    self.count_piece();
                }
                self.warn(format!("the answer was lost, HeadObject shows the object: {lost}"));
                self.outcome.confirmed_by_probe = true;
                self.outcome.etag = Some(head.etag);
                self.outcome.version_id = head.version_id;
                // A stamp says whose it is, not that it is good.
                let ours = self.whole_crc64();
                self.compare(head.crc64.unwrap_or(ours))
            }
            (Doubt::Lost(error) | Doubt::Exists(error), Owner::SomebodyElse) => self.end(Ending::Failed(error)),
            (Doubt::Gone(error) | Doubt::GoneBefore(error), Owner::SomebodyElse) => {
                self.end(Ending::Restart(Reason::UploadGone, error))
            }
            // An earlier run has said that it cannot be found out; to say so for ever would help nobody.
            (Doubt::GoneBefore(error) | Doubt::Gone(error) | Doubt::Exists(error), Owner::Unknown(unknown))
                if self.completed_before =>
            {
                self.warn(unknown.to_string());
                self.end(Ending::Restart(Reason::UploadGone, error))
            }
            (
                Doubt::Lost(lost) | Doubt::Gone(lost) | Doubt::GoneBefore(lost) | Doubt::Exists(lost),
                Owner::Unknown(mut unknown) | Owner::Unheard(mut unknown),
            ) => {
                unknown.report_mut().message.push_str(&format!(" ({lost})"));
                self.end(Ending::Failed(unknown))
            }
        }
    }

    fn whose(&self, result: Result<Option<Head>, Error>) -> Owner {
        let head = match result {
            Ok(None) => return Owner::SomebodyElse,
            Ok(Some(head)) => head,
            Err(denied) if denied.kind() == Kind::AccessDenied => {
                return Owner::Unknown(unconfirmed("HeadObject is denied").with_source(denied));
            }
            Err(error) => return Owner::Unheard(unconfirmed("HeadObject failed, too").temporary().with_source(error)),
        };
        if let Some(stamp) = &self.stamp {
            // The object says itself whose it is.
            return if head.stamp() == Some(stamp) { Owner::Us(Box::new(head)) } else { Owner::SomebodyElse };
        }
        let recent = match (head.last_modified, self.completing_since) {
            (Some(modified), Some(since)) => modified + CLOCK_SLACK_S >= since,
            (None, _) | (_, None) => true,
        };
        match head.crc64 {
            _ if head.size != self.plan.size || !recent => Owner::SomebodyElse,
            Some(crc64) if crc64 == self.whole_crc64() => Owner::Us(Box::new(head)),
            Some(_) => Owner::SomebodyElse,
            None => Owner::Unknown(unconfirmed("HeadObject gives no CRC-64")),
        }
    }

    pub(super) fn checksum_probed(&mut self, result: Result<Option<Head>, Error>) -> Vec<Action> {
        match result.ok().flatten().and_then(|head| head.crc64) {
            Some(crc64) => self.compare(crc64),
            None => {
                self.warn("OSS gave no CRC-64 of the object: it could not be compared with the file's".to_owned());
                self.outcome.crc64 = Some(self.whole_crc64());
                self.end(Ending::Done)
            }
        }
    }

    pub(super) fn compare(&mut self, theirs: u64) -> Vec<Action> {
        let ours = self.whole_crc64();
        self.outcome.crc64 = Some(theirs);
        if ours == theirs {
            return self.end(Ending::Done);
        }
        let message = format!("the object exists and is bad: its CRC-64 is {theirs}, the file's is {ours}");
        self.end(Ending::Failed(Error::new(Kind::ChecksumMismatch, message)))
    }

    pub(super) fn whole_crc64(&self) -> u64 {
        let parts = self.slots.iter().filter_map(Slot::proven);
        parts.fold(0, |whole, part| crc64::combine(whole, part.crc64, part.size))
    }
}

fn unconfirmed(why: &str) -> Error {
    Error::new(Kind::Unconfirmed, format!("the answer was lost and {why}: the object may be there or not"))
}
