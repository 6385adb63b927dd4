//! The link of the benchmarks, as far as it goes without root: what its lines do to packets.

#![cfg(target_os = "linux")]

use std::path::Path;
use std::process::Command;

#[test]
fn lines_delay_lose_and_hold_up_packets_as_they_are_told() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = tempfile::tempdir().expect("a temporary folder");
    let program = folder.path().join("lines");
    let compiled = Command::new(std::env::var_os("CC").unwrap_or("cc".into()))
        .current_dir(root)
        .args(["-std=c99", "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-g", "-o"])
        .arg(&program)
        .args(["tests/link/lines.c", "benches/link/line.c", "benches/link/settings.c", "benches/link/stop.c"])
        .output()
        .expect("a C compiler");
    assert!(compiled.status.success(), "{}", String::from_utf8_lossy(&compiled.stderr));
    let output = Command::new(program).output().expect("the program starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}
