//! Uploads are killed over and over, at any moment and at chosen ones, while the server does its worst; some kills take
//! along what was not synced to the disk. Nothing is lost, nothing is sent in vain, nobody is needed.

use std::process::ExitCode;

#[cfg(target_os = "linux")]
mod linux;

fn main() -> ExitCode {
    #[cfg(target_os = "linux")]
    return linux::main();
    #[cfg(not(target_os = "linux"))]
    return ExitCode::SUCCESS;
}
