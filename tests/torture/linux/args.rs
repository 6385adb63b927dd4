//! How much is asked for, on the command line.

use super::series::Kind;
use fastrand::Rng;
use std::fmt::Debug;
use std::str::FromStr;

/// What `cargo test` does; `make torture` asks for more.
const KILLS: u32 = 60;
const POWER_LOSSES: u32 = 20;

pub(crate) struct Args {
    /// At least so many kills.
    pub(crate) kills: u32,
    /// At least so many power losses, each of them a kill more.
    pub(crate) power_losses: u32,
    /// All choices come from it. Timing does not, so a failure need not come again at the first attempt.
    pub(crate) seed: u64,
    /// Only this round, such as `power-17`.
    pub(crate) round: Option<(Kind, u64)>,
    /// Somebody wants other tests.
    pub(crate) not_meant: bool,
}

impl Args {
    /// Empty values, as of make variables that nobody set, leave the defaults.
    pub(crate) fn read() -> Self {
        let mut args =
            Self { kills: KILLS, power_losses: POWER_LOSSES, seed: Rng::new().u64(..), round: None, not_meant: false };
        for word in std::env::args().skip(1).filter(|word| !word.ends_with('=')) {
            match word.split_once('=') {
                Some(("kills", value)) => args.kills = parsed(value),
                Some(("power", value)) => args.power_losses = parsed(value),
                Some(("seed", value)) => args.seed = parsed(value),
                Some(("round", value)) => {
                    let (kind, number) = value.split_once('-').expect("a kind of round and its number");
                    args.round = Some((parsed(kind), parsed(number)));
                }
                Some(_) => {}
                // What cargo hands to every test: an option, or a word that the names of tests are to contain.
                None if word.starts_with('-') => args.not_meant |= word == "--list",
                None => args.not_meant |= !"torture".contains(&word),
            }
        }
        args
    }
}

fn parsed<T: FromStr<Err: Debug>>(text: &str) -> T {
    text.parse().expect("a value that can be read")
}
