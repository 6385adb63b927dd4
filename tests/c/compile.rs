//! Compiles a C program, or one in C++, against the header and the library that cargo built for this test.

use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

/// A compiled program, in a folder of its own together with the library.
pub(crate) struct Program {
    folder: TempDir,
}

impl Program {
    /// A command that runs it, under the tool named by `OSSUP_TEST_RUNNER` where there is one.
    pub(crate) fn command(&self) -> Command {
        let program = self.folder.path().join("program");
        let runner = std::env::var("OSSUP_TEST_RUNNER").unwrap_or_default();
        let mut words = runner.split_whitespace();
        match words.next() {
            None => Command::new(program),
            Some(tool) => {
                let mut command = Command::new(tool);
                command.args(words).arg(program);
                command
            }
        }
    }
}

/// Compiles `source`, a path from the root of the repository.
pub(crate) fn compile(source: impl AsRef<Path>) -> Program {
    let source = source.as_ref();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = tempfile::Builder::new().prefix("ossup-c-").tempdir().expect("a temporary folder");
    place_library(folder.path());
    let is_cpp = source.extension().is_some_and(|extension| extension == "cpp");
    let (variable, usual, standard) = if is_cpp { ("CXX", "c++", "-std=c++11") } else { ("CC", "cc", "-std=c99") };
    let output = Command::new(std::env::var_os(variable).unwrap_or(usual.into()))
        .args([standard, "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-g", "-pthread"])
        .arg("-I")
        .arg(root.join("include"))
        .arg("-I")
        .arg(root.join("tests/c"))
        .arg(root.join(source))
        .arg("-o")
        .arg(folder.path().join("program"))
        .arg("-L")
        .arg(folder.path())
        .args(["-lossup", "-Wl,-rpath,$ORIGIN"])
        .output()
        .expect("a compiler");
    assert!(
        output.status.success(),
        "{} does not compile:\n{}",
        source.display(),
        String::from_utf8_lossy(&output.stderr)
    );
    Program { folder }
}

/// The name under which the linker finds the library, and the one under which the loader does.
pub(crate) fn place_library(folder: &Path) {
    let soname = concat!("libossup.so.", env!("CARGO_PKG_VERSION_MAJOR"), ".", env!("CARGO_PKG_VERSION_MINOR"));
    for name in ["libossup.so", soname] {
        symlink(library(), folder.join(name)).expect("a link in the temporary folder");
    }
}

/// The shared library that belongs to this test: cargo puts it beside the test's own executable.
pub(crate) fn library() -> PathBuf {
    let test = std::env::current_exe().expect("the path of this test");
    let library = test.with_file_name("libossup.so");
    assert!(library.is_file(), "{} is missing", library.display());
    library
}
