//! Whether and when a failed request is tried again.

use crate::error::Error;
use std::time::Duration;

/// A service that asks for a longer delay is not believed.
const LONGEST_ASKED: Duration = Duration::from_secs(600);

/// How much trying there is.
#[derive(Clone, Copy, Debug)]
pub struct Policy {
    /// Tries per request, the first included; without bound while `max_elapsed` is set.
    pub attempts: u32,
    /// The first delay's bound; it doubles with each try.
    pub base: Duration,
    /// No delay is longer, unless the service asks for it.
    pub cap: Duration,
    /// Temporary errors are retried until the upload has taken this long.
    pub max_elapsed: Option<Duration>,
}

impl Default for Policy {
    fn default() -> Self {
        Self { attempts: 8, base: Duration::from_millis(300), cap: Duration::from_secs(30), max_elapsed: None }
    }
}

/// The decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Once more, after this long.
    Again(Duration),
    /// It stays an error.
    GiveUp,
}

impl Policy {
    /// Decides on try number `attempt` (from 1) of a request, `elapsed` after the upload's start.
    /// `asked` is the delay that the service asked for; `dice` is uniform in 0..1.
    pub fn decide(
        &self,
        error: &Error,
        attempt: u32,
        elapsed: Duration,
        asked: Option<Duration>,
        dice: f64,
    ) -> Verdict {
        if !error.report().temporary {
            return Verdict::GiveUp;
        }
        let delay = self.backoff(attempt, dice).max(asked.unwrap_or_default().min(LONGEST_ASKED));
        let allowed = match self.max_elapsed {
            Some(limit) => elapsed.saturating_add(delay) < limit,
            None => attempt < self.attempts,
        };
        if allowed { Verdict::Again(delay) } else { Verdict::GiveUp }
    }

    /// Full jitter: anything up to a bound that doubles.
    fn backoff(&self, attempt: u32, dice: f64) -> Duration {
        let doublings = attempt.saturating_sub(1).min(16);
        self.base.saturating_mul(1 << doublings).min(self.cap).mul_f64(dice.clamp(0.0, 1.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Kind;

    const ELAPSED: Duration = Duration::from_secs(1);

    fn lost() -> Error {
        Error::new(Kind::ConnectionLost, "reset").temporary()
    }

    #[test]
    fn a_final_error_stays() {
        let error = Error::new(Kind::AccessDenied, "no");
        assert_eq!(Policy::default().decide(&error, 1, ELAPSED, None, 0.5), Verdict::GiveUp);
    }

    #[test]
    fn the_bound_doubles_up_to_the_cap() {
        let policy = Policy { attempts: 100, ..Policy::default() };
        let bounds: Vec<_> = (1..=9).map(|attempt| policy.decide(&lost(), attempt, ELAPSED, None, 1.0)).collect();
        let expected = [300, 600, 1200, 2400, 4800, 9600, 19_200, 30_000, 30_000];
        assert_eq!(bounds, expected.map(|ms| Verdict::Again(Duration::from_millis(ms))));
    }

    #[test]
    fn attempts_are_counted_unless_a_time_is_given() {
        let policy = Policy::default();
        assert_eq!(policy.decide(&lost(), 8, ELAPSED, None, 0.0), Verdict::GiveUp);
        let patient = Policy { max_elapsed: Some(Duration::from_secs(60)), ..policy };
        assert_eq!(patient.decide(&lost(), 800, ELAPSED, None, 0.0), Verdict::Again(Duration::ZERO));
        assert_eq!(patient.decide(&lost(), 1, Duration::from_secs(60), None, 0.0), Verdict::GiveUp);
    }

    #[test]
    fn the_services_wish_is_obeyed() {
        let asked = Duration::from_secs(45);
        assert_eq!(Policy::default().decide(&lost(), 1, ELAPSED, Some(asked), 0.1), Verdict::Again(asked));
    }

    #[test]
    fn an_absurd_wish_is_not() {
        let patient = Policy { max_elapsed: Some(Duration::MAX), ..Policy::default() };
        for policy in [Policy::default(), patient] {
            let verdict = policy.decide(&lost(), 1, ELAPSED, Some(Duration::MAX), 0.1);
            assert_eq!(verdict, Verdict::Again(LONGEST_ASKED));
        }
    }
}
