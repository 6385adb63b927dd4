//! What was released stays as it is: each version's interface lies in `abi/`, and today's is compared with it.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a file of the repository that cannot be read is a failed test")]

mod comparison;
#[path = "../c/compile.rs"]
#[allow(dead_code, reason = "everything here is compiled against a header of its own")]
mod compile;
#[path = "../c/declarations.rs"]
#[allow(dead_code, reason = "comments are no part of the interface")]
mod declarations;
mod description;
#[path = "../c/examples.rs"]
mod examples;
#[path = "../c/header.rs"]
#[allow(dead_code, reason = "older headers are read, too")]
mod header;
mod made_up;
mod numbers;
mod release;
mod sizes;
mod symbols;

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn repository_file(path: &str) -> String {
    std::fs::read_to_string(repository(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// What the header of today says.
fn today() -> &'static str {
    static TODAY: OnceLock<String> = OnceLock::new();
    TODAY.get_or_init(|| description::of(&repository_file("include/ossup.h")))
}

/// What it says on Windows.
fn today_on_windows() -> &'static str {
    static TODAY: OnceLock<String> = OnceLock::new();
    TODAY.get_or_init(|| description::on(header::System::Windows, &repository_file("include/ossup.h")))
}

/// Whether `make header` asks for generated files to be written.
fn is_update() -> bool {
    std::env::var_os("OSSUP_UPDATE").is_some()
}
