//! Whether and when a failed request is tried again.

use crate::error::Error;
use std::time::Duration;

/// A service that asks for a longer delay is not believed.
const LONGEST_ASKED: Duration = Duration::from_secs(600);
/// What is left for the last try.
const SHORTEST: Duration = Duration::from_millis(1);

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

/// What was tried so far.
#[derive(Clone, Copy, Debug)]
pub struct Tried {
    /// This request, from 1.
    pub attempt: u32,
    /// The parts together have had their share.
    pub is_spent: bool,
    /// Since the upload's start.
    pub elapsed: Duration,
}

impl Policy {
    /// Decides on an error. `asked` is the delay that the service asked for; `dice` is uniform in 0..1.
    pub fn decide(&self, error: &Error, tried: Tried, asked: Option<Duration>, dice: f64) -> Verdict {
        if !error.report().temporary {
            return Verdict::GiveUp;
        }
        let delay = self.backoff(tried.attempt, tried.elapsed, dice).max(believed(asked));
        let allowed = match self.max_elapsed {
            Some(limit) => tried.elapsed.saturating_add(delay.max(SHORTEST)) < limit,
            None => tried.attempt < self.attempts && !tried.is_spent,
        };
        if allowed { Verdict::Again(delay) } else { Verdict::GiveUp }
    }

    /// The pause after so many failures: anything up to a bound that doubles (full jitter), but none that would be longer than
    /// the time that is left.
    pub fn backoff(&self, failures: u32, elapsed: Duration, dice: f64) -> Duration {
        let doublings = failures.saturating_sub(1).min(16);
        let backoff = self.base.saturating_mul(1 << doublings).min(self.cap).mul_f64(dice.clamp(0.0, 1.0));
        let left = self.max_elapsed.map_or(Duration::MAX, |limit| limit.saturating_sub(elapsed));
        backoff.min(left.saturating_sub(SHORTEST))
    }
}

/// The delay that a service asked for, as far as it is obeyed.
pub fn believed(asked: Option<Duration>) -> Duration {
    asked.unwrap_or_default().min(LONGEST_ASKED)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Kind;

    fn tried(attempt: u32) -> Tried {
        Tried { attempt, is_spent: false, elapsed: Duration::from_secs(1) }
    }

    fn lost() -> Error {
        Error::new(Kind::ConnectionLost, "reset").temporary()
    }

    #[test]
    fn a_final_error_stays() {
        let error = Error::new(Kind::AccessDenied, "no");
        assert_eq!(Policy::default().decide(&error, tried(1), None, 0.5), Verdict::GiveUp);
    }

    #[test]
    fn the_bound_doubles_up_to_the_cap() {
        let policy = Policy { attempts: 100, ..Policy::default() };
        let bounds: Vec<_> = (1..=9).map(|attempt| policy.decide(&lost(), tried(attempt), None, 1.0)).collect();
        let expected = [300, 600, 1200, 2400, 4800, 9600, 19_200, 30_000, 30_000];
        assert_eq!(bounds, expected.map(|ms| Verdict::Again(Duration::from_millis(ms))));
    }

    #[test]
    fn attempts_are_counted_unless_a_time_is_given() {
        let policy = Policy::default();
        assert_eq!(policy.decide(&lost(), tried(8), None, 0.0), Verdict::GiveUp);
        let patient = Policy { max_elapsed: Some(Duration::from_secs(60)), ..policy };
        assert_eq!(patient.decide(&lost(), tried(800), None, 0.0), Verdict::Again(Duration::ZERO));
        assert_eq!(
            patient.decide(&lost(), Tried { elapsed: Duration::from_secs(60), ..tried(1) }, None, 0.0),
            Verdict::GiveUp
        );
    }

    #[test]
    fn what_the_other_parts_met_counts() {
        let policy = Policy::default();
        let spent = Tried { is_spent: true, ..tried(1) };
        assert_eq!(policy.decide(&lost(), spent, None, 0.0), Verdict::GiveUp);
        let patient = Policy { max_elapsed: Some(Duration::from_secs(60)), ..policy };
        assert_eq!(patient.decide(&lost(), spent, None, 0.0), Verdict::Again(Duration::ZERO));
    }

    #[test]
    fn no_pause_passes_the_time_that_is_left() {
        let policy = Policy { max_elapsed: Some(Duration::from_secs(10)), ..Policy::default() };
        let at = |seconds| Tried { elapsed: Duration::from_secs(seconds), ..tried(100) };
        assert_eq!(policy.decide(&lost(), at(7), None, 1.0), Verdict::Again(Duration::from_millis(2999)));
        assert_eq!(policy.decide(&lost(), at(10), None, 1.0), Verdict::GiveUp);
        assert_eq!(policy.decide(&lost(), at(7), Some(Duration::from_secs(4)), 1.0), Verdict::GiveUp);
    }

    #[test]
    fn the_services_wish_is_obeyed() {
        let asked = Duration::from_secs(45);
        assert_eq!(Policy::default().decide(&lost(), tried(1), Some(asked), 0.1), Verdict::Again(asked));
    }

    #[test]
    fn an_absurd_wish_is_not() {
        let patient = Policy { max_elapsed: Some(Duration::MAX), ..Policy::default() };
        for policy in [Policy::default(), patient] {
            let verdict = policy.decide(&lost(), tried(1), Some(Duration::MAX), 0.1);
            assert_eq!(verdict, Verdict::Again(LONGEST_ASKED));
        }
    }
}
