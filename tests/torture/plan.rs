//! What one round does: all of it is drawn from the seed before it begins.

use crate::faults;
use crate::kill::Manner;
use fastrand::Rng;
use oss_server::{Fault, Operation, RepeatedComplete};
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
    pub(crate) bytes_per_s: u64,
    pub(crate) latency_ms: u64,
    pub(crate) repeated_complete: RepeatedComplete,
    /// When nothing moves for so long, a request is tried again.
    pub(crate) timeout_s: u64,
    /// What the bytes, and what a power cut leaves, are drawn from.
    pub(crate) seed: u64,
    pub(crate) runs: Vec<Run>,
    /// After the end the power fails once more.
    pub(crate) power_fails_at_the_end: bool,
}

/// One run that is to be killed.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) manner: Manner,
    pub(crate) faults: Vec<Fault>,
    pub(crate) before: Mischief,
    /// The machine goes down together with the program.
    pub(crate) power_fails: bool,
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
    pub(crate) fn power_can_fail(&self) -> bool {
        self.power_fails_at_the_end || self.runs.iter().any(|run| run.power_fails)
    }

    pub(crate) fn draw(seed: u64, power: bool) -> Self {
        let random = &mut Rng::with_seed(seed);
        let (size, part_size, bytes_per_s) = file(random);
        let silence = random.u32(..12) == 0;
        let faulty = random.bool();
        let task_num = random.u32(1..=16);
        let repeated = [RepeatedComplete::Repeated, RepeatedComplete::NotFound, RepeatedComplete::Conflict];
        let span = Duration::from_secs_f64(0.35 + 1.2 * size as f64 / bytes_per_s as f64);
        let runs = (0..random.u32(2..=9)).map(|_| Run {
            manner: manner(random, span),
            faults: if faulty && random.bool() { faults::some(random, part_size, silence) } else { Vec::new() },
            before: mischief(random, faulty),
            power_fails: power && random.u32(..3) > 0,
        });
        let runs = runs.collect();
        Self {
            size,
            part_size,
            task_num,
            settled: random.u32(..3) == 0,
            bytes_per_s,
            latency_ms: if random.bool() { 0 } else { random.u64(1..10) },
            repeated_complete: repeated[random.usize(..repeated.len())],
            timeout_s: if silence { 4 } else { 30 },
            seed: random.u64(..),
            runs,
            power_fails_at_the_end: power && random.bool(),
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

fn manner(random: &mut Rng, span: Duration) -> Manner {
    match random.u32(..10) {
        0..=3 => Manner::After(span.mul_f64(random.f64())),
        4..=6 => at_a_request(random),
        _ => in_a_call(random),
    }
}

fn at_a_request(random: &mut Rng) -> Manner {
    let (operation, nth) = match random.u32(..10) {
        0 | 1 => (Operation::InitiateMultipartUpload, 1),
        2 => (Operation::UploadPart, 1),
        3 => (Operation::UploadPart, random.u32(2..20)),
        4 => (Operation::ListParts, 1),
        5 => (Operation::HeadObject, 1),
        6 => (Operation::PutObject, 1),
        _ => (Operation::CompleteMultipartUpload, 1),
    };
    let delay = if random.bool() { Duration::ZERO } else { Duration::from_micros(random.u64(..30_000)) };
    Manner::Request { operation, nth, answered: random.bool(), delay }
}

/// In the order of a first run: the record is named, gets its header, its parts, its mark, and is deleted.
fn in_a_call(random: &mut Rng) -> Manner {
    let (call, most) = match random.u32(..10) {
        0..=3 => ("pwrite64", 12),
        4..=6 => ("fdatasync", 3),
        7 => ("fsync", 1),
        8 => ("ftruncate64", 1),
        _ => ("unlink", 1),
    };
    Manner::Call { call, nth: random.u32(1..=most), percent: [0, random.u32(1..100), 100][random.usize(..3)] }
}

fn mischief(random: &mut Rng, faulty: bool) -> Mischief {
    match random.u32(..12) {
        0 if faulty => Mischief::Upload,
        1 | 2 if faulty => Mischief::Parts(random.f64()),
        _ => Mischief::Nothing,
    }
}
