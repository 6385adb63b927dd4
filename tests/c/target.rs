//! What programs are compiled for: this machine, or another that `OSSUP_TEST_TARGET` names, with
//! `OSSUP_TEST_CC`, `OSSUP_TEST_CXX`, `OSSUP_TEST_LIBRARY` and `OSSUP_TEST_RUNNER` that belong to it.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// As rustc names it, where it is another than this machine's.
pub(crate) fn name() -> Option<String> {
    std::env::var("OSSUP_TEST_TARGET").ok().filter(|name| !name.is_empty())
}

pub(crate) fn is_windows() -> bool {
    name().is_some_and(|name| name.contains("windows"))
}

/// What a program's file is called.
pub(crate) fn program() -> &'static str {
    if is_windows() { "program.exe" } else { "program" }
}

/// The names under which the library is found: by the linker, and by the loader.
pub(crate) fn library_names() -> &'static [&'static str] {
    const SONAME: &str = concat!("libossup.so.", env!("CARGO_PKG_VERSION_MAJOR"), ".", env!("CARGO_PKG_VERSION_MINOR"));
    if is_windows() { &["ossup.dll"] } else { &["libossup.so", SONAME] }
}

/// What links a program with the library, which lies in a folder together with the program.
pub(crate) fn link_arguments(library: &Path, folder: &Path) -> Vec<OsString> {
    if is_windows() {
        let import_library = library.with_file_name("libossup.dll.a");
        return vec![import_library.into(), "-static".into(), "-lws2_32".into()];
    }
    vec!["-L".into(), folder.into(), "-lossup".into(), "-Wl,-rpath,$ORIGIN".into()]
}

/// A path of this machine, by the name that programs have for it: Wine's drive Z is all of this machine.
pub(crate) fn path(path: impl AsRef<Path>) -> PathBuf {
    let path = path.as_ref();
    if !is_windows() {
        return path.to_owned();
    }
    format!("Z:{}", path.display()).replace('/', "\\").into()
}
