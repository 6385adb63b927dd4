//! What a refusal means and what helps against it: the one table that decides. docs/ERRORS.md shows it.

use crate::error::{Error, Kind};

/// What helps against an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Remedy {
    /// The same again, after a pause.
    Retry,
    /// The same again, dated by the server's clock.
    CorrectClock,
    /// The same again, signed with newer credentials.
    RenewCredentials,
    /// Nothing that we could do: the error is final.
    Nothing,
}

use Kind::{AccessDenied, AlreadyExists, BadAnswer, CallbackFailed, NoSuchBucket, NoSuchUpload, Service, Throttled};
use Remedy::{CorrectClock, Nothing, RenewCredentials, Retry};

/// By OSS's code, whatever the status.
pub const BY_CODE: [(&str, Kind, Remedy); 16] = [
    ("CallbackFailed", CallbackFailed, Nothing),
    ("NoSuchBucket", NoSuchBucket, Nothing),
    ("NoSuchUpload", NoSuchUpload, Nothing),
    ("FileAlreadyExists", AlreadyExists, Nothing),
    ("RequestTimeTooSkewed", AccessDenied, CorrectClock),
    ("SecurityTokenExpired", AccessDenied, RenewCredentials),
    ("InvalidSecurityToken", AccessDenied, RenewCredentials),
    ("InvalidAccessKeyId", AccessDenied, RenewCredentials),
    ("SecondLevelDomainForbidden", Service, Nothing),
    ("RequestTimeout", Service, Retry),
    ("QpsLimitExceeded", Throttled, Retry),
    ("TotalQpsLimitExceeded", Throttled, Retry),
    ("ActiveRequestLimitExceeded", Throttled, Retry),
    ("UploadTrafficRateLimitExceeded", Throttled, Retry),
    ("DownloadTrafficRateLimitExceeded", Throttled, Retry),
    ("ServiceUnavailable", Throttled, Retry),
];

/// By the status, for codes that are not in the table and for answers without one.
pub const BY_STATUS: [(u16, u16, Kind, Remedy); 8] = [
    (203, 203, CallbackFailed, Nothing),
    // A portal that wants a login; it lets traffic pass some time.
    (200, 399, BadAnswer, Retry),
    (401, 401, AccessDenied, Nothing),
    (403, 403, AccessDenied, Nothing),
    (408, 408, Service, Retry),
    (429, 429, Throttled, Retry),
    (503, 503, Throttled, Retry),
    (500, 599, Service, Retry),
];

/// What an answer comes to. `foreign` says that a box on the way gave it: what that refuses is no answer of OSS's.
pub fn of_answer(status: u16, code: &str, foreign: bool) -> (Kind, Remedy) {
    if let Some((_, kind, remedy)) = BY_CODE.iter().find(|(known, ..)| *known == code) {
        return (*kind, *remedy);
    }
    let row = BY_STATUS.iter().find(|(first, last, ..)| (*first..=*last).contains(&status));
    let (kind, remedy) = row.map_or((Service, Nothing), |(_, _, kind, remedy)| (*kind, *remedy));
    if foreign && status >= 400 && remedy == Nothing { (BadAnswer, Nothing) } else { (kind, remedy) }
}

/// What helps against any error.
pub fn of(error: &Error) -> Remedy {
    let report = error.report();
    let row = BY_CODE.iter().find(|(code, ..)| Some(*code) == report.oss_code.as_deref());
    match row {
        // What stands in place of a refusal bears its code, and another kind.
        Some((_, kind, remedy @ (CorrectClock | RenewCredentials))) if report.kind == *kind => *remedy,
        Some(_) | None if report.temporary => Retry,
        Some(_) | None => Nothing,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_goes_before_a_status() {
        assert_eq!(of_answer(500, "NoSuchUpload", false), (NoSuchUpload, Nothing));
        assert_eq!(of_answer(403, "QpsLimitExceeded", false), (Throttled, Retry));
        assert_eq!(of_answer(503, "Unheard", false), (Throttled, Retry));
        assert_eq!(of_answer(504, "", false), (Service, Retry));
        assert_eq!(of_answer(418, "", false), (Service, Nothing));
    }

    #[test]
    fn what_a_box_on_the_way_refuses_is_no_answer_of_osss() {
        assert_eq!(of_answer(403, "", true), (BadAnswer, Nothing));
        assert_eq!(of_answer(502, "", true), (Service, Retry));
        assert_eq!(of_answer(302, "", true), (BadAnswer, Retry));
    }

    #[test]
    fn an_error_in_place_of_a_refusal_is_no_refusal() {
        let mut refused = Error::new(AccessDenied, "no");
        refused.report_mut().oss_code = Some("SecurityTokenExpired".into());
        assert_eq!(of(&refused), RenewCredentials);
        refused.report_mut().kind = Kind::NoCredentials;
        assert_eq!(of(&refused), Nothing);
        assert_eq!(of(&refused.temporary()), Retry);
    }
}
