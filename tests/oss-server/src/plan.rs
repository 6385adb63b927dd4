//! What the faults that fired mean for one request.

use std::time::Duration;

use crate::connection::Cut;
use crate::fault::{Action, Error, Moment};
use crate::refusal::Refusal;

/// The sum of all actions that hit one request.
#[derive(Default)]
pub(crate) struct Plan {
    pub(crate) bytes_per_s: Option<u64>,
    pub(crate) refusal: Option<Refusal>,
    pub(crate) early_refusal: Option<Refusal>,
    /// After how many bytes of the body the connection is cut, and how.
    pub(crate) cut: Option<(u64, Cut)>,
    pub(crate) stall_before_body: Duration,
    pub(crate) stall_in_body: Option<(u64, Duration)>,
    pub(crate) stall_before_answer: Duration,
    pub(crate) hang: bool,
    pub(crate) crc: Option<CrcFault>,
    pub(crate) wrong_etag: bool,
    pub(crate) lose_answer: bool,
    pub(crate) error_in_body: Option<ErrorInBody>,
    pub(crate) lose_upload: bool,
    pub(crate) lose_parts: Vec<u32>,
}

#[derive(Clone, Copy)]
pub(crate) enum CrcFault {
    Wrong,
    Missing,
}

pub(crate) struct ErrorInBody {
    pub(crate) applied: bool,
    pub(crate) refusal: Refusal,
}

impl Plan {
    pub(crate) fn of(actions: &[Action]) -> Self {
        let mut plan = Self::default();
        for action in actions {
            plan.add(action);
        }
        plan
    }

    fn add(&mut self, action: &Action) {
        match action {
            Action::Throttle { bytes_per_s } => self.bytes_per_s = Some(*bytes_per_s),
            Action::Refuse(error) => self.refusal = Some(refusal(error)),
            Action::RefuseEarly(error) => self.early_refusal = Some(refusal(error)),
            Action::Deny => {
                self.refusal =
                    Some(Refusal::access_denied("You have no right to access this object.").ec("0003-00000001"));
            }
            Action::Reset { after } => self.cut = Some((*after, Cut::Reset)),
            Action::Close { after } => self.cut = Some((*after, Cut::Close)),
            Action::Stall { at, ms } => self.stall(*at, Duration::from_millis(*ms)),
            // Whoever drew it knows when it ends.
            Action::Hold { .. } => {}
            Action::Hang => self.hang = true,
            Action::WrongCrc => self.crc = Some(CrcFault::Wrong),
            Action::NoCrc => self.crc = Some(CrcFault::Missing),
            Action::WrongEtag => self.wrong_etag = true,
            Action::LoseAnswer => self.lose_answer = true,
            Action::ErrorInBody { applied, code } => {
                self.error_in_body = Some(ErrorInBody {
                    applied: *applied,
                    refusal: Refusal::new(200, code, "The request could not be finished."),
                });
            }
            Action::LoseUpload => self.lose_upload = true,
            Action::LoseParts { numbers } => self.lose_parts.extend(numbers),
        }
    }

    fn stall(&mut self, at: Moment, time: Duration) {
        match at {
            Moment::BeforeBody => self.stall_before_body += time,
            Moment::InBody(after) => self.stall_in_body = Some((after, time)),
            Moment::BeforeAnswer => self.stall_before_answer += time,
        }
    }
}

fn refusal(error: &Error) -> Refusal {
    let status = match error.status {
        0 => 503,
        status => status,
    };
    let code = match error.code.as_str() {
        "" => "ServiceUnavailable",
        code => code,
    };
    let mut refusal = Refusal::new(status, code, &error.message);
    refusal.ec = error.ec.clone();
    refusal.retry_after_s = error.retry_after_s;
    refusal
}
