//! Compiles a C program against the header and the library that cargo built for this test.

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
    compile_against("include", source)
}

/// The same, with the header in another folder than the one of today.
pub(crate) fn compile_against(include: impl AsRef<Path>, source: impl AsRef<Path>) -> Program {
    let source = source.as_ref();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = tempfile::Builder::new().prefix("ossup-c-").tempdir().expect("a temporary folder");
    place_library(folder.path());
    let output = Command::new(std::env::var_os("CC").unwrap_or("cc".into()))
        .args(["-std=c99", "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-g", "-pthread"])
        .arg("-I")
        .arg(root.join(include))
        .arg("-I")
        .arg(root.join("tests/c"))
        .arg(root.join(source))
        .arg("-o")
        .arg(folder.path().join("program"))
        .arg("-L")
        .arg(folder.path())
        .args(["-lossup", "-Wl,-rpath,$ORIGIN"])
        // What sanitizers ask for.
        .args(std::env::var("OSSUP_TEST_CFLAGS").unwrap_or_default().split_whitespace())
        .output()
        .expect("a C compiler");
    assert!(
        output.status.success(),
        "{} does not compile:\n{}",
        source.display(),
        String::from_utf8_lossy(&output.stderr)
    );
    Program { folder }
}

/// The name under which the linker finds the library, and the one under which the loader does.
fn place_library(folder: &Path) {
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
