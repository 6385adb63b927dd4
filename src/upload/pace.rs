//! How many parts may be tried at a time, and how often in vain: shared by all parts of an upload, so that a service in
//! trouble meets fewer requests and not as many as there are parts.

/// A try that was let in; it counts for the round that it began in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ticket {
    round: u32,
}

/// The limit falls to a half when the service asks for less or when a whole round of tries failed, and grows back by one
/// with each round of successes.
#[derive(Debug)]
pub struct Pace {
    most: u32,
    limit: u32,
    busy: u32,
    round: u32,
    successes: u32,
    /// Failures in this round, since the last success.
    in_this_round: u32,
    /// Rounds that failed since the last success.
    failed_rounds: u32,
}

impl Pace {
    /// Begins with as many at a time as there may ever be.
    pub fn new(most: u32) -> Self {
        let most = most.max(1);
        Self { most, limit: most, busy: 0, round: 0, successes: 0, in_this_round: 0, failed_rounds: 0 }
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
    pub fn succeeded(&mut self) {
        self.in_this_round = 0;
        self.failed_rounds = 0;
        self.successes += 1;
        if self.successes >= self.limit && self.limit < self.most {
            self.limit += 1;
            self.successes = 0;
        }
    }

    /// A try failed in a way that another one may not; `throttled` says that the service asked for less. When a whole round
    /// has failed, the number of such rounds since the last success comes back: all should pause for as long as one would
    /// that has failed so often.
    pub fn failed(&mut self, ticket: Ticket, throttled: bool) -> Option<u32> {
        // What began before the limit fell says nothing about the new one.
        if ticket.round != self.round {
            return None;
        }
        self.in_this_round += 1;
        let whole_round = self.in_this_round >= self.limit;
        if !throttled && !whole_round {
            return None;
        }
        self.failed_rounds += u32::from(whole_round);
        self.limit = (self.limit / 2).max(1);
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
        pace.failed(ticket, false);
    }

    fn is_throttled(pace: &mut Pace, ticket: Ticket) {
        pace.failed(ticket, true);
    }

    #[test]
    fn rounds_that_fail_halve_the_limit_and_successes_bring_it_back() {
        let mut pace = Pace::new(16);
        let failed: Vec<u32> = (0..6).map(|_| round(&mut pace, fails)).collect();
        assert_eq!(failed, [16, 8, 4, 2, 1, 1]);
        assert!(pace.is_spent(6) && !pace.is_spent(7));
        let grown: Vec<u32> = (0..4).map(|_| round(&mut pace, |pace, _| pace.succeeded())).collect();
        assert_eq!(grown, [1, 2, 3, 4]);
        assert!(!pace.is_spent(1));
    }

    #[test]
    fn one_wish_for_less_halves_the_limit_once() {
        let mut pace = Pace::new(16);
        assert_eq!(round(&mut pace, is_throttled), 16);
        assert_eq!(round(&mut pace, fails), 8);
    }

    #[test]
    fn failures_among_successes_change_nothing() {
        let mut pace = Pace::new(4);
        for _ in 0..100 {
            let (lucky, unlucky) = (pace.admit().unwrap(), pace.admit().unwrap());
            pace.leave();
            pace.leave();
            assert_eq!(lucky, unlucky);
            pace.failed(unlucky, false);
            pace.succeeded();
        }
        assert_eq!(round(&mut pace, fails), 4);
        assert!(!pace.is_spent(8));
    }

    #[test]
    fn an_outage_costs_a_few_tries_per_part_and_lasts_as_many_rounds_as_one_part_would_try() {
        for (tasks, end) in [1, 4, 16, 1000]
            .into_iter()
            .flat_map(|tasks| [(tasks, fails as fn(&mut Pace, Ticket)), (tasks, is_throttled)])
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
        let told: Vec<_> = tickets.into_iter().map(|ticket| pace.failed(ticket, false)).collect();
        assert_eq!(told, [None, None, None, Some(1)]);
    }

    proptest! {
        #[test]
        fn the_limit_stays_within_its_bounds(
            most in 0u32..50,
            steps in proptest::collection::vec((0u8..4, any::<bool>()), 0..300),
        ) {
            let mut pace = Pace::new(most);
            let mut inside = Vec::new();
            for (step, throttled) in steps {
                match (step, inside.pop()) {
                    (0 | 1, ticket) => inside.extend(ticket.into_iter().chain(pace.admit())),
                    (2, Some(ticket)) => { pace.leave(); pace.failed(ticket, throttled); }
                    (_, Some(_)) => { pace.leave(); pace.succeeded(); }
                    (_, None) => {}
                }
                prop_assert!(inside.len() as u32 <= most.max(1));
                prop_assert!((1..=most.max(1)).contains(&pace.limit));
            }
            // Nobody inside: somebody is always let in.
            for _ in inside { pace.leave(); }
            prop_assert!(pace.admit().is_some());
        }
    }
}
