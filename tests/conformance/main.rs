//! What every language does: each scenario of `scenarios.txt` is played with the driver of each language.

use std::process::ExitCode;

#[cfg(target_os = "linux")]
mod drivers {
    pub(crate) mod rust;
}
#[cfg(target_os = "linux")]
mod suite;

fn main() -> ExitCode {
    #[cfg(target_os = "linux")]
    return match drivers::rust::asked_for() {
        Some(file) => drivers::rust::main(&file),
        None => suite::main(),
    };
    #[cfg(not(target_os = "linux"))]
    return ExitCode::SUCCESS;
}
