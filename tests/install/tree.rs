//! An installation in a folder of its own.

use std::collections::BTreeMap;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A folder that is empty, whatever an earlier run left in it. Its path has a space.
pub(crate) fn empty(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("install here").join(name);
    if folder.exists() {
        remove(&folder);
    }
    std::fs::create_dir_all(&folder).expect("cargo's folder can be written to");
    folder
}

/// Programs are large; those of a test that fails stay to be looked at.
pub(crate) fn remove(folder: &Path) {
    std::fs::remove_dir_all(folder).expect("the folder is ours");
}

/// Where cargo put the libraries that belong to this test.
pub(crate) fn built() -> PathBuf {
    let test = std::env::current_exe().expect("the path of this test");
    test.parent().expect("it lies in a folder").to_owned()
}

/// `make install` or `make uninstall`, as variables say.
pub(crate) fn make(what: &str, variables: &[(&str, &Path)]) {
    let mut command = Command::new("make");
    for variable in ["PREFIX", "LIBDIR", "INCLUDEDIR", "BINDIR", "DESTDIR", "RELOCATABLE", "TARGET", "MAKEFLAGS"] {
        command.env_remove(variable);
    }
    command.arg("-C").arg(env!("CARGO_MANIFEST_DIR")).arg(what).arg(format!("BUILT={}", built().display()));
    command.args(variables.iter().map(|(name, value)| format!("{name}={}", value.display())));
    succeeded(&command.output().expect("make is installed"));
}

/// What a command that must not fail printed.
pub(crate) fn succeeded(output: &Output) -> String {
    let stdout = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{stdout}{}", String::from_utf8_lossy(&output.stderr));
    stdout
}

/// Each file by its path, with its mode and what is in it, each link with where it leads, each folder.
pub(crate) fn contents(folder: &Path) -> BTreeMap<PathBuf, (u32, Vec<u8>)> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(next).expect("the folder can be read") {
            let path = entry.expect("it is listed").path();
            let metadata = path.symlink_metadata().expect("it is there");
            let bytes = if metadata.is_dir() {
                folders.push(path.clone());
                Vec::new()
            } else if metadata.is_symlink() {
                std::fs::read_link(&path).expect("it is a link").into_os_string().into_encoded_bytes()
            } else {
                std::fs::read(&path).expect("it is a file")
            };
            let name = path.strip_prefix(folder).expect("it lies in there").to_owned();
            found.insert(name, (metadata.permissions().mode() & 0o777, bytes));
        }
    }
    found
}
