//! The driver that speaks Rust, on nothing but what the crate offers to its callers. It is the harness's own program, started
//! once more.

mod acts;
mod listener;
mod options;
mod order;
mod provider;
mod tell;

use order::Order;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

pub(crate) const ASKED_FOR: &str = "--driver";

/// The file that says what to do, where this is a driver and not the harness.
pub(crate) fn asked_for() -> Option<PathBuf> {
    let mut words = std::env::args_os().skip(1);
    (words.next()? == ASKED_FOR).then(|| words.next()).flatten().map(PathBuf::from)
}

pub(crate) fn main(file: &Path) -> ExitCode {
    match Order::read(file).and_then(|order| acts::act(&order)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(complaint) => {
            eprintln!("{complaint}");
            ExitCode::from(2)
        }
    }
}
