//! Compiles what is loaded before a program (`LD_PRELOAD`) and stands between it and the system.

use std::path::{Path, PathBuf};
use std::process::Command;

/// Compiles `source`, a path from the root of the repository, into a folder.
pub(crate) fn compile(source: &str, folder: &Path) -> PathBuf {
    let shim = folder.join("shim.so");
    let output = Command::new(std::env::var_os("CC").unwrap_or("cc".into()))
        .args(["-std=c99", "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-g", "-pthread", "-shared", "-fPIC"])
        .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join(source))
        .arg("-o")
        .arg(&shim)
        .arg("-ldl")
        .output()
        .expect("a C compiler");
    assert!(output.status.success(), "{source} does not compile:\n{}", String::from_utf8_lossy(&output.stderr));
    shim
}
