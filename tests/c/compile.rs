//! Compiles a C program, or one in C++, against the header and the library that cargo built for this test.

use std::ffi::OsStr;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

/// A compiled program, in a folder of its own together with the library.
pub(crate) struct Program {
    folder: TempDir,
}

impl Program {
    /// Where it is; what flags make of it may be no program.
    #[allow(dead_code, reason = "few link it into another")]
    pub(crate) fn path(&self) -> PathBuf {
        self.folder.path().join("program")
    }

    /// A command that runs it, under the tool named by `OSSUP_TEST_RUNNER` where there is one.
    pub(crate) fn command(&self) -> Command {
        let program = self.path();
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
    compile_in("include", &sanitizers(), source)
}

/// The flags of the sanitizers under which all programs are to run, if they are.
pub(crate) fn sanitizers() -> String {
    std::env::var("OSSUP_TEST_SANITIZERS").unwrap_or_default()
}

/// The same, with the header in some folder and further flags.
pub(crate) fn compile_in(include: impl AsRef<Path>, flags: &str, source: impl AsRef<Path>) -> Program {
    let source = source.as_ref();
    let is_cpp = source.extension().is_some_and(|extension| extension == "cpp");
    let (variable, usual, standard) = if is_cpp { ("CXX", "c++", "-std=c++11") } else { ("CC", "cc", "-std=c99") };
    compile_by(&std::env::var_os(variable).unwrap_or(usual.into()), standard, include, flags, source)
}

/// The same, by some compiler and in some version of its language.
pub(crate) fn compile_by(
    compiler: &OsStr,
    standard: &str,
    include: impl AsRef<Path>,
    flags: &str,
    source: &Path,
) -> Program {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = tempfile::Builder::new().prefix("ossup-c-").tempdir().expect("a temporary folder");
    place_library(folder.path());
    let output = Command::new(compiler)
        .args([standard, "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-g", "-pthread"])
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
        .args(flags.split_whitespace())
        .output()
        .expect("a compiler");
    assert!(
        output.status.success(),
        "{} does not compile:\n{}",
        source.display(),
        String::from_utf8_lossy(&output.stderr)
    );
    check_sanitizers(flags, &folder.path().join("program"));
    Program { folder }
}

/// A sanitizer that was asked for is in the program.
fn check_sanitizers(flags: &str, program: &Path) {
    for (flag, symbol) in [("=address", "__asan_init"), ("=thread", "__tsan_init")] {
        if flags.contains(flag) {
            let output = Command::new("nm").arg(program).output().expect("binutils are installed");
            assert!(String::from_utf8_lossy(&output.stdout).contains(symbol), "{flags}: no {symbol}");
        }
    }
}

/// The name under which the linker finds the library, and the one under which the loader does.
pub(crate) fn place_library(folder: &Path) {
    let soname = concat!("libossup.so.", env!("CARGO_PKG_VERSION_MAJOR"), ".", env!("CARGO_PKG_VERSION_MINOR"));
    for name in ["libossup.so", soname] {
        symlink(library(), folder.join(name)).expect("a link in the temporary folder");
    }
}

/// The shared library that belongs to this test: cargo puts it beside the test's own executable. One that has sanitizers in
/// it is built apart, and named by `OSSUP_TEST_LIBRARY`.
pub(crate) fn library() -> PathBuf {
    if let Some(library) = std::env::var_os("OSSUP_TEST_LIBRARY") {
        return std::fs::canonicalize(library).expect("OSSUP_TEST_LIBRARY is the path of a library");
    }
    let test = std::env::current_exe().expect("the path of this test");
    let library = test.with_file_name("libossup.so");
    assert!(library.is_file(), "{} is missing", library.display());
    library
}
