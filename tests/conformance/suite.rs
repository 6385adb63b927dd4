//! The scenarios are data, the checks exist once, and a language has all of them or fails.
mod args;
mod case;
#[path = "../c/compile.rs"]
mod compile;
mod expectation;
mod language;
mod line;
mod page;
mod play;
mod program;
mod scenario;
mod stage;
mod step;

use args::Args;
use case::Case;
use language::Drivers;
use std::collections::VecDeque;
use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

/// Programs mostly wait for the server, but a machine of two cores starts no more than two of them well.
const AT_A_TIME: usize = 2;

pub(crate) fn main() -> ExitCode {
    let args = Args::read();
    if args.lists {
        return ExitCode::SUCCESS;
    }
    match all(&args) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(complaint) => {
            eprintln!("{complaint}");
            ExitCode::FAILURE
        }
    }
}

/// Whether all that is asked for passed; a complaint where it could not be tried.
fn all(args: &Args) -> Result<bool, String> {
    let scenarios = scenario::all()?;
    let languages = language::asked_for()?;
    let mut cases: VecDeque<_> = case::all(&scenarios, &languages).into();
    cases.retain(|case| args.wants(&case.name()));
    let drivers = Drivers::of(&languages)?;
    let (count, began) = (cases.len(), Instant::now());
    println!("\nrunning {count} scenarios");
    let mut failed = play_all(cases, &drivers);
    if args.wants(page::NAME) {
        failed += usize::from(!tell(page::NAME, page::check(&scenarios)));
    }
    let verdict = if failed == 0 { "ok" } else { "FAILED" };
    println!(
        "\ntest result: {verdict}. {count} scenarios, {failed} failed; in {:.1} s\n",
        began.elapsed().as_secs_f64()
    );
    Ok(failed == 0)
}

/// How many of them failed.
fn play_all(cases: VecDeque<Case>, drivers: &Drivers) -> usize {
    let (waiting, failed) = (Mutex::new(cases), AtomicUsize::new(0));
    let next = || waiting.lock().expect("nobody panics with it").pop_front();
    std::thread::scope(|scope| {
        for _ in 0..AT_A_TIME {
            scope.spawn(|| {
                while let Some(case) = next() {
                    failed.fetch_add(usize::from(!told(&case, drivers)), Ordering::Relaxed);
                }
            });
        }
    });
    failed.into_inner()
}

fn told(case: &Case, drivers: &Drivers) -> bool {
    tell(&case.name(), play::play(case, drivers))
}

/// One line for each, as tests have it, and all that is known of one that failed.
fn tell(name: &str, result: Result<(), String>) -> bool {
    match result {
        Ok(()) => println!("test {name} ... ok"),
        Err(ref story) => println!("test {name} ... FAILED\n{story}"),
    }
    result.is_ok()
}
