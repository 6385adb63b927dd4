//! All of it, as far as it leans on Linux: `disk.c` is loaded in front of the C library.

mod args;
mod check;
#[path = "../c/compile.rs"]
mod compile;
mod disk;
mod faults;
mod kill;
mod known;
mod moments;
mod phase;
mod plan;
mod power;
mod program;
mod record;
mod report;
mod round;
mod series;
#[path = "../c/shim.rs"]
mod shim;

use args::Args;
use program::Victim;
use report::Tally;
use series::{Kind, Series};
use std::process::ExitCode;

pub(crate) fn main() -> ExitCode {
    let args = Args::read();
    if args.not_meant {
        println!("torture: not asked for");
        return ExitCode::SUCCESS;
    }
    println!("seed={}: the same choices come again with it; what the clock decides does not", args.seed);
    let victim = Victim::build();
    let mut all = Series::new(Kind::Crash, args.seed);
    match args.round {
        Some((kind, number)) => {
            all = Series::new(kind, args.seed);
            all.round(number, &victim);
        }
        None => {
            all.until(|tally| tally.kills() >= args.kills, &victim);
            let power = Series::new(Kind::Power, args.seed);
            power.until(|tally| tally.power_losses() >= args.power_losses, &victim);
            if args.power_losses > 0 {
                power.demand(Tally::tells_of_the_disk, "disk.c is not heard");
            }
            all.add(&power);
        }
    }
    println!("{all}");
    if all.failed() == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
