//! What one round does: all of it is drawn from the seed before it begins.

use super::faults::{self, Liberty};
use super::kill::Manner;
use super::moments::{self, Outlook};
use super::power::Fate;
use fastrand::Rng;
use oss_server::{Fault, RepeatedComplete};
use std::time::Duration;

const KIB: u64 = 1 << 10;
const MIB: u64 = 1 << 20;
const SMALLEST_PART: u64 = 100 * KIB;

/// One file on its way to the server, over several runs.
#[derive(Debug)]
pub(crate) struct Plan {
    pub(crate) size: u64,
    pub(crate) part_size: u64,
    pub(crate) task_num: u32,
    /// The file is left alone for a while first: one that has just changed is trusted less.
    pub(crate) settled: bool,
    /// Somebody else's file is at the record's usual place.
    pub(crate) foreign: bool,
    pub(crate) forbid_overwrite: bool,
    pub(crate) bytes_per_s: u64,
    pub(crate) latency_ms: u64,
    pub(crate) repeated_complete: RepeatedComplete,
    /// When nothing moves for so long, a request is tried again.
    pub(crate) timeout_s: u64,
    /// What the bytes, and what a power cut leaves, are drawn from.
    pub(crate) seed: u64,
    pub(crate) runs: Vec<Run>,
    /// After the end the power fails once more.
    pub(crate) power_fails_at_the_end: Option<Fate>,
}

/// One run that is to be killed.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) manner: Manner,
    pub(crate) faults: Vec<Fault>,
    pub(crate) before: Mischief,
    /// From now on the object is wanted with other options: what is there of it has to be given up.
    pub(crate) options_change: bool,
    /// The machine goes down together with the program.
    pub(crate) power_fails: Option<Fate>,
}

/// What the server forgets between two runs.
#[derive(Debug)]
pub(crate) enum Mischief {
    Nothing,
    Upload,
    /// Each part with this probability.
    Parts(f64),
}

impl Plan {
    pub(crate) fn parts(&self) -> u32 {
        self.size.div_ceil(self.part_size) as u32
    }

    /// Parts that may be on their way at the same time.
    pub(crate) fn most_under_way(&self) -> u32 {
        self.task_num.min(self.parts())
    }

    pub(crate) fn power_can_fail(&self) -> bool {
        self.power_fails_at_the_end.is_some() || self.runs.iter().any(|run| run.power_fails.is_some())
    }

    pub(crate) fn draw(seed: u64, power: bool) -> Self {
        let random = &mut Rng::with_seed(seed);
        let (size, part_size, bytes_per_s) = file(random);
        let one_piece = size <= part_size;
        let forbid_overwrite = !one_piece && random.u32(..4) == 0;
        let faulty = random.u32(..3) > 0;
        let silence = faulty && random.u32(..10) == 0;
        let changes_at = (random.u32(..4) == 0).then(|| random.u32(1..5));
        let repeated = [RepeatedComplete::Repeated, RepeatedComplete::NotFound, RepeatedComplete::Conflict];
        let span = Duration::from_secs_f64(0.3 + size as f64 / bytes_per_s as f64);
        let most = random.u32(2..=12);
        let run = |number| {
            let options_change = !one_piece && !forbid_overwrite && changes_at == Some(number);
            let late = random.u32(..most) < number;
            let outlook = Outlook { span, one_piece, first: number == 0, aborts: options_change, late };
            let liberty = Liberty { part_size, silence, blindness: !forbid_overwrite, aborts: options_change };
            Run {
                manner: moments::draw(random, outlook),
                faults: if faulty && random.bool() { faults::some(random, liberty) } else { Vec::new() },
                before: mischief(random, faulty),
                options_change,
                power_fails: (power && random.u32(..3) > 0).then(|| Fate::draw(random)),
            }
        };
        let runs = (0..most).map(run).collect();
        Self {
            size,
            part_size,
            task_num: random.u32(1..=16),
            settled: random.u32(..3) == 0,
            foreign: random.u32(..4) == 0,
            forbid_overwrite,
            bytes_per_s,
            latency_ms: if random.bool() { 0 } else { random.u64(1..10) },
            repeated_complete: repeated[random.usize(..repeated.len())],
            timeout_s: if silence { 4 } else { 30 },
            seed: random.u64(..),
            runs,
            power_fails_at_the_end: (power && random.bool()).then(|| Fate::draw(random)),
        }
    }
}

/// A file's size, the size of its parts, and how fast the server reads them.
fn file(random: &mut Rng) -> (u64, u64, u64) {
    let part = if random.bool() { SMALLEST_PART } else { random.u64(SMALLEST_PART..=MIB) };
    let slow = random.u64(2 * MIB..16 * MIB);
    match random.u32(..40) {
        0 => (0, part, slow),
        1 => (1, part, slow),
        2 => (part - 1, part, slow),
        3 => (part, part, slow),
        4 | 5 => (part + 1, part, slow),
        6 => (part * random.u64(2..8), part, slow),
        7..=14 => (random.u64(2..600 * KIB), part, MIB),
        15..=37 => (random.u64(600 * KIB..8 * MIB), part, slow),
        _ => (random.u64(10 * MIB..40 * MIB), random.u64(MIB..6 * MIB), 64 * MIB),
    }
}

fn mischief(random: &mut Rng, faulty: bool) -> Mischief {
    match random.u32(..12) {
        0 if faulty => Mischief::Upload,
        1 | 2 if faulty => Mischief::Parts(random.f64()),
        _ => Mischief::Nothing,
    }
}
