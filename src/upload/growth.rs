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
/// The first connections are given the time of so many round trips to show what they can.
const SLOW_START: u32 = 5;
/// From then on the number doubles in the time in which so many connections could be made one after another, but no sooner than this.
const CONNECTIONS: u32 = 2;
const SHORTEST: Duration = Duration::from_millis(100);
/// But not for more than so many round trips.
const SLOW: u32 = 6;
/// No more than this many are tried while no new connection tells anything.
const UNKNOWN: f64 = 16.0;
/// When this fraction of a round has arrived, and at least as many parts, the rest is worth waiting for: it tells more than a
/// guess.
const FRACTION: u32 = 4;
const ENOUGH: u64 = 2;
/// New connections wait in the queue that has built up when they take so much longer than usual, in parts of that and at
/// least.
const QUEUE: u32 = 2;
const JITTER: Duration = Duration::from_millis(10);
/// What stands at once was there before, and says nothing of the line.
pub const AT_ONCE: Duration = Duration::from_millis(2);
/// Twice as many must bring this much more, and half as many must not bring less.
const WORTH_MORE: f64 = 1.15;
const AS_GOOD: f64 = 0.92;
/// Goodput is measured over whole rounds of parts, or over this long where those take longer.
const LONG: Duration = Duration::from_secs(2);
/// A trial in vain is followed by a rest of so many times as long, which doubles each time.
const RESTS: u32 = 2;
const SHORTEST_REST: Duration = Duration::from_millis(500);
const MOST_DOUBLINGS: u32 = 6;

/// What is seen when it is looked.
#[derive(Clone, Copy, Debug)]
pub struct Look {
    /// Since the upload's start.
    pub now: Duration,
    /// Bytes that arrived so far: those of confirmed parts, and what was sent of the others beyond what was swallowed.
    pub arrived: u64,
    /// The size of a part, once one was confirmed.
    pub part: Option<u64>,
    /// Parts under way.
    pub busy: u32,
    /// Parts whose connections do not stand yet.
    pub connecting: u32,
    /// How long the newest connections took to stand.
    pub connected: Option<Duration>,
}

/// What had arrived at a time.
#[derive(Clone, Copy, Debug)]
struct Mark {
    at: Duration,
    arrived: u64,
}

#[derive(Clone, Copy, Debug)]
enum Stage {
    /// Nothing has arrived that could tell: the number grows until new connections find a queue.
    Guessing,
    /// The number stays as it is.
    Resting,
    /// Another number is being tried in place of one whose goodput is known.
    Trying { instead_of: u32, goodput: f64 },
}

/// The number, and what is known of it.
#[derive(Debug)]
pub struct Growth {
    most: u32,
    wanted: f64,
    stage: Stage,
    /// The last look.
    seen: Duration,
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
        let most = most.clamp(1, MOST);
        Self {
            most,
            wanted: f64::from(LEAST.min(most)),
            stage: Stage::Guessing,
            seen: Duration::ZERO,
            since: Mark { at: Duration::ZERO, arrived: 0 },
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
        self.wanted as u32
    }

    /// When to look.
    pub fn next_look(&self) -> Duration {
        self.next_look
    }

    /// Takes in what is seen, and decides on the number.
    pub fn look(&mut self, look: Look) {
        let passed = look.now.saturating_sub(std::mem::replace(&mut self.seen, look.now));
        self.next_look = (look.now + EVERY).max(self.rested.min(look.now + RARELY));
        if look.busy < self.wanted() {
            return;
        }
        let mark = Mark { at: look.now, arrived: look.arrived };
        if let Stage::Guessing = self.stage {
            return self.guess(&look, passed, mark);
        }
        if look.busy > self.wanted() || look.connecting * 4 > self.wanted() {
            // Those that are too many go on to their ends, and new ones have to come to stand first.
            return self.begin(self.stage, mark);
        }
        self.measure(mark, look.part);
        match (self.stage, self.goodput) {
            (Stage::Trying { instead_of, goodput: before }, Some(now)) => self.judge(instead_of, before, now, mark),
            (Stage::Resting, Some(goodput)) if look.now >= self.rested => self.try_another(goodput, mark),
            (Stage::Resting, None) if self.is_slow(mark, look.part) => self.begin(Stage::Guessing, mark),
            (Stage::Guessing | Stage::Resting | Stage::Trying { .. }, _) => {}
        }
    }

    /// Fewer than wanted may be tried: nothing is to be learnt meanwhile.
    pub fn held_back(&mut self, now: Duration, arrived: u64) {
        self.seen = now;
        self.next_look = now + EVERY;
        self.begin(Stage::Resting, Mark { at: now, arrived });
    }

    /// What arrives comes too slowly to be waited for: not half a round in some round trips.
    fn is_slow(&self, mark: Mark, part: Option<u64>) -> bool {
        let waited = mark.at.saturating_sub(self.since.at);
        let is_long = self.usual.is_some_and(|usual| waited > (usual * SLOW).max(SHORTEST_REST));
        let arrived = mark.arrived.saturating_sub(self.since.arrived);
        let is_little = arrived < part.unwrap_or(SWALLOWED).min(SWALLOWED) * u64::from(self.wanted() / 2);
        is_long && is_little && self.settled.is_none() && mark.at >= self.rested && self.wanted() < self.most
    }

    fn begin(&mut self, stage: Stage, mark: Mark) {
        self.stage = stage;
        self.since = mark;
        self.settled = None;
        self.goodput = None;
    }

    fn guess(&mut self, look: &Look, passed: Duration, mark: Mark) {
        let number = self.wanted();
        let part = look.part.map_or(SWALLOWED, |part| part.min(SWALLOWED));
        let arrived = look.arrived.saturating_sub(self.since.arrived);
        if arrived >= part * u64::from(number / FRACTION).max(ENOUGH) || number >= self.most {
            return self.begin(Stage::Resting, mark);
        }
        if look.connecting * 2 > number {
            return;
        }
        if let (None, Some(connected)) = (self.usual, look.connected) {
            self.usual = Some(connected);
            self.rested = look.now + connected * SLOW_START;
        }
        let usual = self.usual.unwrap_or_default();
        if look.now < self.rested {
            return;
        }
        let doubling = SHORTEST.max(usual * CONNECTIONS);
        let doublings = |time: Duration| time.as_secs_f64() / doubling.as_secs_f64();
        match look.connected {
            Some(connected) if connected > usual + (usual / QUEUE).max(JITTER) => {
                // As many as there were when the newest began to connect have filled the line.
                self.set(self.wanted / doublings(connected).exp2());
                self.rest(mark);
                self.begin(Stage::Resting, mark);
            }
            Some(_) => self.set(self.wanted * doublings(passed.min(doubling)).exp2()),
            // One by one, until one needs a new connection.
            None if self.wanted < UNKNOWN => self.set(self.wanted + doublings(passed.min(doubling))),
            None => {}
        }
    }

    fn measure(&mut self, mark: Mark, part: Option<u64>) {
        let from = self.settled.unwrap_or(self.since);
        let (arrived, time) = (mark.arrived.saturating_sub(from.arrived), mark.at.saturating_sub(from.at));
        let rounds = |part: u64| arrived as f64 / (part as f64 * f64::from(self.wanted()));
        // Of parts that take for ever it does not matter where in them they are.
        let rounds = match part {
            Some(part) if time < LONG => rounds(part),
            Some(part) => rounds(part.min(SWALLOWED)),
            None => rounds(SWALLOWED),
        };
        if self.settled.is_none() && rounds >= 1.0 {
            self.settled = Some(mark);
        } else if self.settled.is_some() && rounds >= 2.0 && time >= SHORTEST {
            self.goodput = Some(arrived as f64 / time.as_secs_f64());
            self.settled = Some(mark);
        }
    }

    /// What is tried has shown what it does.
    fn judge(&mut self, instead_of: u32, before: f64, now: f64, mark: Mark) {
        let is_worth_it = now >= before * if self.upwards { WORTH_MORE } else { AS_GOOD };
        if is_worth_it {
            self.stage = Stage::Resting;
            return self.try_another(now, mark);
        }
        self.set(f64::from(instead_of));
        self.upwards = !self.upwards;
        self.rest(mark);
        self.begin(Stage::Resting, mark);
    }

    fn try_another(&mut self, goodput: f64, mark: Mark) {
        let number = self.wanted();
        if (self.upwards && number >= self.most) || (!self.upwards && number <= LEAST) {
            self.upwards = !self.upwards;
        }
        self.set(f64::from(number) * if self.upwards { 2.0 } else { 0.5 });
        if self.wanted() != number {
            self.begin(Stage::Trying { instead_of: number, goodput }, mark);
        }
    }

    fn set(&mut self, number: f64) {
        self.wanted = number.clamp(f64::from(LEAST.min(self.most)), f64::from(self.most));
    }

    /// Lets it be for as long as a few trials would take, and twice as long each time.
    fn rest(&mut self, mark: Mark) {
        let trial = mark.at.saturating_sub(self.since.at).max(SHORTEST_REST);
        self.rested = mark.at + trial * (RESTS << self.vain.min(MOST_DOUBLINGS));
        self.vain += 1;
    }
}

#[cfg(test)]
mod tests;
