//! Rounds that went wrong once. They come before those that are drawn.

use super::kill::Manner;
use super::plan::{Mischief, Plan, Run};
use super::power::Fate;
use super::series::Kind;
use oss_server::{Operation, RepeatedComplete};
use std::time::Duration;

const PART: u64 = 100 << 10;

pub(crate) fn plan(kind: Kind, number: u64) -> Option<Plan> {
    match (kind, number) {
        (Kind::Power, 0) => Some(a_header_that_nobody_synced()),
        (Kind::Power | Kind::Crash, _) => None,
    }
}

/// A run was killed between writing the header and syncing it; the next one sent parts; then the power failed.
fn a_header_that_nobody_synced() -> Plan {
    let second_part =
        Manner::Request { operation: Operation::UploadPart, nth: 2, answered: true, delay: Duration::ZERO };
    let written = Manner::Call { call: "pwrite64", nth: 2, percent: 100 };
    let runs = [(written, None), (second_part, Some(Fate::Lost))];
    let run = |(manner, power_fails)| Run {
        manner,
        faults: Vec::new(),
        before: Mischief::Nothing,
        options_change: false,
        power_fails,
    };
    Plan {
        size: 5 * PART,
        part_size: PART,
        task_num: 1,
        settled: false,
        foreign: false,
        forbid_overwrite: false,
        bytes_per_s: 2 << 20,
        latency_ms: 0,
        repeated_complete: RepeatedComplete::NotFound,
        timeout_s: 30,
        seed: 0,
        runs: runs.map(run).into(),
        power_fails_at_the_end: None,
    }
}
