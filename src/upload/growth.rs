//! How many parts at a time pay off, where that is left to the library: more for as long as more arrives, and not more than
//! that. The line tells it by what arrived in a time; before anything has, by how long new connections take to stand.

use std::time::Duration;

/// Parts at a time at the beginning, and at least.
pub const LEAST: u32 = 4;
/// Parts at a time at most.
pub const MOST: u32 = 64;
/// What the kernels on the way take in of a part without having sent it.
pub const SWALLOWED: u64 = 1 << 20;

/// How often is looked, and how often while there is nothing to decide.
const EVERY: Duration = Duration::from_millis(50);
const RARELY: Duration = Duration::from_millis(500);
/// How long a number is given to show what it does, and how often new connections could be made in that time.
const SHORTEST: Duration = Duration::from_millis(100);
const CONNECTIONS: u32 = 3;
/// Twice as many must bring this much more, and half as many must not bring less.
const WORTH_MORE: f64 = 1.2;
const AS_GOOD: f64 = 0.9;
/// A trial in vain is followed by a rest of so many times as long, which doubles each time.
const RESTS: u32 = 2;
const REST: Duration = Duration::from_millis(500);
const MOST_DOUBLINGS: u32 = 8;
/// What stands at once was there before, and says nothing about the line.
const AT_ONCE: Duration = Duration::from_millis(2);

/// What is seen when it is looked.
#[derive(Clone, Copy, Debug)]
pub struct Look {
    /// Since the upload's start.
    pub now: Duration,
    /// Bytes that arrived so far: those of confirmed parts, and what was sent of the others beyond what was swallowed.
    pub arrived: u64,
    /// The most that arrives at once: a part, or what was swallowed of it.
    pub grain: u64,
    /// As many parts are under way as may be.
    pub is_full: bool,
    /// How long it took the connections to stand of most parts that began since the number was changed; None while most of
    /// them do not stand.
    pub connecting: Option<Duration>,
}

/// Bytes in a time.
#[derive(Clone, Copy, Debug)]
struct Mark {
    at: Duration,
    arrived: u64,
}

/// Another number is being tried.
#[derive(Clone, Copy, Debug)]
struct Trial {
    instead_of: u32,
    /// The goodput of that, where it was known.
    goodput: Option<f64>,
}

/// The number, and what is known of it.
#[derive(Debug)]
pub struct Growth {
    most: u32,
    wanted: u32,
    trial: Option<Trial>,
    /// The number was changed then.
    since: Mark,
    /// One round has arrived by then: what comes from now on is due to this number.
    settled: Option<Mark>,
    /// The last that was measured of this number.
    goodput: Option<f64>,
    /// How long a connection takes to stand on the idle line.
    usual: Option<Duration>,
    /// Whether the next trial is one of more.
    upwards: bool,
    vain: u32,
    rested: Duration,
    next_look: Duration,
}

impl Growth {
    /// Begins with few; there will be `most` at most.
    pub fn new(most: u32) -> Self {
        let nothing = Mark { at: Duration::ZERO, arrived: 0 };
        let most = most.clamp(1, MOST);
        Self {
            most,
            wanted: LEAST.min(most),
            trial: None,
            since: nothing,
            settled: None,
            goodput: None,
            usual: None,
            upwards: true,
            vain: 0,
            rested: Duration::ZERO,
            next_look: EVERY,
        }
    }

    /// Parts at a time.
    pub fn wanted(&self) -> u32 {
        self.wanted
    }

    /// When to look.
    pub fn next_look(&self) -> Duration {
        self.next_look
    }

    /// The number was changed then.
    pub fn since(&self) -> Duration {
        self.since.at
    }

    /// Fewer than wanted are let in: nothing is to be learnt meanwhile.
    pub fn held_back(&mut self, now: Duration, arrived: u64) {
        self.next_look = now + EVERY;
        self.trial = None;
        self.begin(Mark { at: now, arrived });
    }

    /// Takes in what is seen, and decides on the number.
    pub fn look(&mut self, look: Look) {
        self.next_look = (look.now + EVERY).max(self.rested.min(look.now + RARELY));
        let mark = Mark { at: look.now, arrived: look.arrived };
        if !look.is_full {
            return;
        }
        self.measure(mark, look.grain);
        match (self.trial, self.goodput) {
            (Some(trial), Some(goodput)) => self.judge(trial, goodput, mark),
            (Some(Trial { goodput: None, .. }), None) | (None, None) if self.vain == 0 => self.guess(&look, mark),
            (Some(_), None) | (None, None) => {}
            (None, Some(_)) if look.now >= self.rested => self.try_another(mark),
            (None, Some(_)) => {}
        }
    }

    fn begin(&mut self, mark: Mark) {
        self.since = mark;
        self.settled = None;
        self.goodput = None;
    }

    fn measure(&mut self, mark: Mark, grain: u64) {
        let round = grain * u64::from(self.wanted);
        let Some(settled) = self.settled else {
            if mark.arrived.saturating_sub(self.since.arrived) >= round {
                self.settled = Some(mark);
            }
            return;
        };
        let (arrived, time) = (mark.arrived.saturating_sub(settled.arrived), mark.at.saturating_sub(settled.at));
        if arrived >= 2 * round && time >= SHORTEST {
            self.goodput = Some(arrived as f64 / time.as_secs_f64());
            self.settled = Some(mark);
        }
    }

    /// What is tried has shown what it does.
    fn judge(&mut self, trial: Trial, goodput: f64, mark: Mark) {
        let upwards = self.wanted > trial.instead_of;
        let Some(before) = trial.goodput else {
            // It was reached by guesses: some time it is to be seen whether fewer would do.
            self.trial = None;
            self.upwards = false;
            return self.rest(mark);
        };
        if goodput >= before * if upwards { WORTH_MORE } else { AS_GOOD } {
            self.trial = None;
            self.vain = 0;
            self.try_another(mark);
        } else {
            self.give_up(trial, mark);
        }
    }

    /// Nothing has arrived yet that could tell. Where a queue has built up, new connections wait in it, and more of them would
    /// only make it longer.
    fn guess(&mut self, look: &Look, mark: Mark) {
        let Some(connecting) = look.connecting else { return };
        if connecting > AT_ONCE {
            self.usual.get_or_insert(connecting);
        }
        let usual = self.usual.unwrap_or(connecting);
        let step = SHORTEST.max(usual * CONNECTIONS);
        if self.settled.is_some() || look.now.saturating_sub(self.since.at) < step {
            return;
        }
        match self.trial {
            Some(trial) if connecting > usual + (usual / 2).max(SHORTEST / 10) => self.give_up(trial, mark),
            Some(_) | None => self.try_number(self.wanted.saturating_mul(2), None, mark),
        }
    }

    fn give_up(&mut self, trial: Trial, mark: Mark) {
        self.rest(mark);
        self.wanted = trial.instead_of;
        self.trial = None;
        self.upwards = !self.upwards;
        self.begin(mark);
    }

    /// Lets it be for as long as a few trials would take, and twice as long each time.
    fn rest(&mut self, mark: Mark) {
        let trial = mark.at.saturating_sub(self.since.at).max(REST);
        self.rested = mark.at + trial * (RESTS << self.vain.min(MOST_DOUBLINGS));
        self.vain += 1;
    }

    fn try_another(&mut self, mark: Mark) {
        if (self.upwards && self.wanted >= self.most) || (!self.upwards && self.wanted <= LEAST) {
            self.upwards = !self.upwards;
        }
        let number = if self.upwards { self.wanted.saturating_mul(2) } else { self.wanted / 2 };
        self.try_number(number, self.goodput, mark);
    }

    fn try_number(&mut self, number: u32, goodput: Option<f64>, mark: Mark) {
        let number = number.clamp(LEAST.min(self.most), self.most);
        if number == self.wanted {
            return;
        }
        self.trial = Some(Trial { instead_of: self.wanted, goodput });
        self.wanted = number;
        self.begin(mark);
    }
}
