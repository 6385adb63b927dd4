//! Rounds of one kind, a few at a time.

use super::plan::Plan;
use super::program::Victim;
use super::report::Tally;
use super::{known, round};
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::str::FromStr;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Most of the time a round waits.
const AT_A_TIME: usize = 5;
/// More failures say nothing new.
const MOST_FAILURES: u32 = 5;
const TELL_EVERY: Duration = Duration::from_secs(15);

/// What is taken from the disk by a kill.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Kind {
    /// Nothing.
    Crash,
    /// By some of them, what was not synced.
    Power,
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Crash => "crash",
            Self::Power => "power",
        })
    }
}

impl FromStr for Kind {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        [Self::Crash, Self::Power].into_iter().find(|kind| kind.to_string() == text).ok_or(format!("{text} is no kind"))
    }
}

pub(crate) struct Series {
    kind: Kind,
    seed: u64,
    state: Mutex<State>,
}

struct State {
    next: u64,
    tally: Tally,
    passed: u32,
    failed: u32,
    began: Instant,
    told: Instant,
}

impl Series {
    pub(crate) fn new(kind: Kind, seed: u64) -> Self {
        let now = Instant::now();
        let state = State { next: 0, tally: Tally::default(), passed: 0, failed: 0, began: now, told: now };
        Self { kind, seed, state: Mutex::new(state) }
    }

    /// Rounds until there are enough of them, or too many have failed.
    pub(crate) fn until(&self, enough: impl Fn(&Tally) -> bool + Sync, victim: &Victim) {
        let work = || {
            while let Some(number) = self.next(&enough) {
                self.round(number, victim);
            }
        };
        std::thread::scope(|scope| (0..AT_A_TIME).for_each(|_| drop(scope.spawn(work))));
    }

    /// One round; its plan depends on the seed and on its number alone.
    pub(crate) fn round(&self, number: u64, victim: &Victim) {
        // Neighbours among seeds are not neighbours among plans.
        let seed = self
            .seed
            .wrapping_add((number << 1 | u64::from(self.kind == Kind::Power)).wrapping_mul(0x9E37_79B9_7F4A_7C15));
        let plan = known::plan(self.kind, number).unwrap_or_else(|| Plan::draw(seed, self.kind == Kind::Power));
        let outcome = catch_unwind(AssertUnwindSafe(|| round::carry_out(victim, &plan)));
        let outcome = outcome.unwrap_or_else(|_told_already| Err("the round panicked".to_owned()));
        self.with(|state| match outcome {
            Ok(tally) => {
                state.passed += 1;
                state.tally.add(&tally);
                state.tell(self.kind);
            }
            Err(story) => {
                state.failed += 1;
                let (seed, kind) = (self.seed, self.kind);
                println!("FAILED {kind}-{number}: {story}");
                println!("-- again, as far as the clock allows: make torture SEED={seed} ROUND={kind}-{number}\n");
            }
        });
    }

    /// What all rounds together must show.
    pub(crate) fn demand(&self, shown: impl Fn(&Tally) -> bool, otherwise: &str) {
        self.with(|state| {
            if !shown(&state.tally) {
                state.failed += 1;
                println!("FAILED {}: {otherwise}", self.kind);
            }
        });
    }

    pub(crate) fn add(&self, other: &Self) {
        self.with(|state| {
            other.with(|other| {
                state.tally.add(&other.tally);
                state.passed += other.passed;
                state.failed += other.failed;
            });
        });
    }

    pub(crate) fn failed(&self) -> u32 {
        self.with(|state| state.failed)
    }

    fn next(&self, enough: &impl Fn(&Tally) -> bool) -> Option<u64> {
        self.with(|state| {
            if enough(&state.tally) || state.failed >= MOST_FAILURES {
                return None;
            }
            state.next += 1;
            Some(state.next - 1)
        })
    }

    fn with<T>(&self, act: impl FnOnce(&mut State) -> T) -> T {
        act(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl State {
    fn tell(&mut self, kind: Kind) {
        if self.told.elapsed() < TELL_EVERY {
            return;
        }
        self.told = Instant::now();
        let (kills, losses, uploads) = (self.tally.kills(), self.tally.power_losses(), self.tally.uploads());
        let time = self.began.elapsed().as_secs();
        println!("{kind}: {kills} kills, {losses} power losses, {uploads} uploads, {time} s");
    }
}

impl fmt::Display for Series {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.with(|state| write!(f, "{}{} passed, {} failed", state.tally, state.passed, state.failed))
    }
}
