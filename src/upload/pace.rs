//! How many parts may be tried at a time, and how often in vain: shared by all parts of an upload, so that a service in
//! trouble meets fewer requests and not as many as there are parts.

/// Rounds of successes at most before a number that was refused is tried again.
const MOST_PATIENCE: u32 = 64;

/// A try that was let in; it counts for the round that it began in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ticket {
    round: u32,
}

/// In which way a try failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// The service asked for less.
    Refused,
    /// Nothing moved.
    TimedOut,
    /// Any other that may pass.
    Other,
}

/// The limit falls when the service asks for less, when nothing moves, and when a whole round of tries failed: to what was
/// good before, if it was raised since, or else to a half. It grows back by one with each success up to what was good
/// before; beyond that by one with each round of successes, and ever more rarely when it is refused there.
#[derive(Debug)]
pub struct Pace {
    most: u32,
    limit: u32,
    /// As many as are known to be good, or were not yet refused.
    good: u32,
    /// Rounds of successes before more than that are tried.
    patience: u32,
    busy: u32,
    round: u32,
    successes: u32,
    /// Failures in this round, since the last success.
    in_this_round: u32,
    /// Rounds that failed since the last success.
    failed_rounds: u32,
}

impl Pace {
    /// Begins with as many at a time as there may be.
    pub fn new(most: u32) -> Self {
        let most = most.max(1);
        Self {
            most,
            limit: most,
            good: most,
            patience: 1,
            busy: 0,
            round: 0,
            successes: 0,
            in_this_round: 0,
            failed_rounds: 0,
        }
    }

    /// Changes how many there may be. More are let in at once where none was ever refused; else one by one.
    pub fn set_most(&mut self, most: u32) {
        let most = most.max(1);
        if self.limit == self.most && self.patience == 1 {
            self.limit = most;
        }
        self.most = most;
        self.limit = self.limit.min(most);
        self.good = self.good.min(most);
        self.successes = 0;
    }

    /// Whether it is at its most: nothing that went wrong holds it back.
    pub fn is_free(&self) -> bool {
        self.limit == self.most
    }

    /// Tries under way.
    pub fn busy(&self) -> u32 {
        self.busy
    }

    /// Lets a try in, if there is room.
    pub fn admit(&mut self) -> Option<Ticket> {
        if self.busy >= self.limit {
            return None;
        }
        self.busy += 1;
        Some(Ticket { round: self.round })
    }

    /// A try is over, whichever way.
    pub fn leave(&mut self) {
        self.busy = self.busy.saturating_sub(1);
    }

    /// A try succeeded.
    pub fn succeeded(&mut self, ticket: Ticket) {
        self.in_this_round = 0;
        self.failed_rounds = 0;
        // What began before the limit fell says nothing about the new one.
        if ticket.round != self.round {
            return;
        }
        self.successes += 1;
        if self.limit < self.good {
            self.raise();
        } else if self.limit > self.good && self.successes >= self.limit {
            self.good = self.limit;
            self.patience = 1;
            self.raise();
        } else if self.limit == self.good && self.successes >= self.limit.saturating_mul(self.patience) {
            self.raise();
        }
    }

    fn raise(&mut self) {
        self.limit = (self.limit + 1).min(self.most);
        self.successes = 0;
    }

    /// A try failed in a way that another one may not. When a whole round has failed, the number of such rounds since the
    /// last success comes back: all should pause for as long as one would that has failed so often.
    pub fn failed(&mut self, ticket: Ticket, failure: Failure) -> Option<u32> {
        if ticket.round != self.round {
            return None;
        }
        self.in_this_round += 1;
        let whole_round = self.in_this_round >= self.limit;
        let half = (self.limit / 2).max(1);
        match failure {
            Failure::Refused | Failure::TimedOut if self.limit > self.good => {
                self.limit = half.max(self.good);
                self.patience = (self.patience * 2).min(MOST_PATIENCE);
            }
            Failure::Refused => {
                self.limit = half;
                self.good = half;
                self.patience = 1;
            }
            Failure::TimedOut => self.limit = half,
            Failure::Other if whole_round => self.limit = half,
            Failure::Other => return None,
        }
        self.failed_rounds += u32::from(whole_round);
        self.round = self.round.wrapping_add(1);
        self.in_this_round = 0;
        self.successes = 0;
        whole_round.then_some(self.failed_rounds)
    }

    /// Whether as many rounds have failed, without a single success between, as one request has attempts.
    pub fn is_spent(&self, attempts: u32) -> bool {
        self.failed_rounds >= attempts
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Lets in all that may, and has them end alike; returns how many there were.
    fn round(pace: &mut Pace, end: impl Fn(&mut Pace, Ticket)) -> u32 {
        let tickets: Vec<Ticket> = std::iter::from_fn(|| pace.admit()).collect();
        for ticket in &tickets {
            pace.leave();
            end(pace, *ticket);
        }
        tickets.len() as u32
    }

    fn fails(pace: &mut Pace, ticket: Ticket) {
        pace.failed(ticket, Failure::Other);
    }

    fn is_refused(pace: &mut Pace, ticket: Ticket) {
        pace.failed(ticket, Failure::Refused);
    }

    fn succeeds(pace: &mut Pace, ticket: Ticket) {
        pace.succeeded(ticket);
    }

    /// As many rounds, at a service that serves so many at a time and refuses what comes beyond: how many were let in each time.
    fn rounds_at(pace: &mut Pace, served: usize, rounds: usize) -> Vec<u32> {
        let mut one_round = || {
            let tickets: Vec<Ticket> = std::iter::from_fn(|| pace.admit()).collect();
            for (place, ticket) in tickets.iter().enumerate().rev() {
                pace.leave();
                if place < served { pace.succeeded(*ticket) } else { is_refused(pace, *ticket) }
            }
            tickets.len() as u32
        };
        (0..rounds).map(|_| one_round()).collect()
    }

    #[test]
    fn rounds_that_fail_halve_the_limit_and_successes_bring_it_back() {
        let mut pace = Pace::new(16);
        let failed: Vec<u32> = (0..6).map(|_| round(&mut pace, fails)).collect();
        assert_eq!(failed, [16, 8, 4, 2, 1, 1]);
        assert!(pace.is_spent(6) && !pace.is_spent(7));
        let grown: Vec<u32> = (0..6).map(|_| round(&mut pace, succeeds)).collect();
        assert_eq!(grown, [1, 2, 4, 8, 16, 16]);
        assert!(!pace.is_spent(1));
    }

    #[test]
    fn one_wish_for_less_halves_the_limit_once() {
        let mut pace = Pace::new(16);
        assert_eq!(round(&mut pace, is_refused), 16);
        assert_eq!(round(&mut pace, fails), 8);
    }

    #[test]
    fn what_was_refused_is_tried_again_ever_more_rarely() {
        let mut pace = Pace::new(16);
        assert_eq!(rounds_at(&mut pace, 4, 4), [16, 8, 4, 5]);
        let rounds = rounds_at(&mut pace, 4, 2000);
        assert!(rounds.iter().all(|&count| count == 4 || count == 5), "{rounds:?}");
        let vain = |rounds: &[u32]| rounds.iter().filter(|&&count| count == 5).count();
        assert_eq!((vain(&rounds[..100]), vain(&rounds[1000..])), (5, 1000 / MOST_PATIENCE as usize));
    }

    #[test]
    fn a_service_that_allows_more_again_gets_more_again() {
        let mut pace = Pace::new(16);
        rounds_at(&mut pace, 4, 2000);
        let rounds = rounds_at(&mut pace, 100, MOST_PATIENCE as usize + 13);
        assert_eq!(rounds.last(), Some(&16), "{rounds:?}");
    }

    #[test]
    fn what_was_good_before_it_was_raised_is_gone_back_to() {
        let mut pace = Pace::new(5);
        round(&mut pace, succeeds);
        pace.set_most(8);
        assert_eq!(round(&mut pace, is_refused), 8);
        assert!(!pace.is_free());
        assert_eq!(rounds_at(&mut pace, 6, 8), [5, 5, 6, 7, 6, 6, 7, 6]);
    }

    #[test]
    fn when_nothing_moves_half_as_many_are_tried_but_not_for_long() {
        let mut pace = Pace::new(16);
        round(&mut pace, |pace, ticket| {
            pace.failed(ticket, Failure::TimedOut);
        });
        let grown: Vec<u32> = (0..2).map(|_| round(&mut pace, succeeds)).collect();
        assert_eq!(grown, [8, 16]);
    }

    #[test]
    fn failures_among_successes_change_nothing() {
        let mut pace = Pace::new(4);
        for _ in 0..100 {
            let (lucky, unlucky) = (pace.admit().unwrap(), pace.admit().unwrap());
            pace.leave();
            pace.leave();
            assert_eq!(lucky, unlucky);
            pace.failed(unlucky, Failure::Other);
            pace.succeeded(lucky);
        }
        assert_eq!(round(&mut pace, fails), 4);
        assert!(!pace.is_spent(8));
    }

    #[test]
    fn an_outage_costs_a_few_tries_per_part_and_lasts_as_many_rounds_as_one_part_would_try() {
        for (tasks, end) in [1, 4, 16, 1000]
            .into_iter()
            .flat_map(|tasks| [(tasks, fails as fn(&mut Pace, Ticket)), (tasks, is_refused)])
        {
            let mut pace = Pace::new(tasks);
            let (mut rounds, mut tries) = (0, 0);
            while !pace.is_spent(8) {
                rounds += 1;
                tries += round(&mut pace, end);
            }
            assert!(rounds >= 8 && tries <= 20 + 2 * tasks, "{tasks} tasks: {rounds} rounds, {tries} tries");
        }
    }

    #[test]
    fn each_failed_round_is_told_once() {
        let mut pace = Pace::new(4);
        let tickets: Vec<Ticket> = std::iter::from_fn(|| pace.admit()).collect();
        let told: Vec<_> = tickets.into_iter().map(|ticket| pace.failed(ticket, Failure::Other)).collect();
        assert_eq!(told, [None, None, None, Some(1)]);
    }

    proptest! {
        #[test]
        fn the_limit_stays_within_its_bounds(
            most in 0u32..50,
            steps in proptest::collection::vec((0u8..6, 0u32..60), 0..300),
        ) {
            let (mut pace, mut bound) = (Pace::new(most), most.max(1));
            let mut inside = Vec::new();
            for (step, most) in steps {
                match (step, inside.pop()) {
                    (0 | 1, ticket) => inside.extend(ticket.into_iter().chain(pace.admit())),
                    (2, Some(ticket)) => {
                        pace.leave();
                        let failure = [Failure::Refused, Failure::TimedOut, Failure::Other][most as usize % 3];
                        pace.failed(ticket, failure);
                    }
                    (3, ticket) => {
                        inside.extend(ticket);
                        pace.set_most(most);
                        bound = most.max(1);
                    }
                    (_, Some(ticket)) => { pace.leave(); pace.succeeded(ticket); }
                    (_, None) => {}
                }
                prop_assert!((1..=bound).contains(&pace.limit) && (1..=bound).contains(&pace.good));
                prop_assert_eq!(inside.len() as u32, pace.busy);
            }
            // Nobody inside: somebody is always let in.
            for _ in inside { pace.leave(); }
            prop_assert!(pace.admit().is_some());
        }
    }
}
