//! Compiles a C program, or one in C++, against the header and the library that cargo built for this test, or those of
//! another target.

#[allow(dead_code, reason = "few hand paths to programs")]
pub(crate) mod target;

use std::ffi::{OsStr, OsString};
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
        self.folder.path().join(target::program())
    }

    /// A command that runs it.
    pub(crate) fn command(&self) -> Command {
        command(&self.path())
    }
}

/// A command that runs a program, under the tool named by `OSSUP_TEST_RUNNER` where there is one.
pub(crate) fn command(program: &Path) -> Command {
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
    let (compiler, standard) = usual(source);
    compile_by(&compiler, standard, include, flags, source)
}

/// The same, by some compiler and in some version of its language.
#[allow(clippy::panic, reason = "a program that does not compile has failed its test")]
pub(crate) fn compile_by(
    compiler: &OsStr,
    standard: &str,
    include: impl AsRef<Path>,
    flags: &str,
    source: &Path,
) -> Program {
    let compiled = try_by(compiler, standard, include.as_ref(), flags, source);
    compiled.unwrap_or_else(|complaints| panic!("{} does not compile:\n{complaints}", source.display()))
}

/// Compiles it, or says what the compiler has against it.
#[allow(dead_code, reason = "most programs compile for every target")]
pub(crate) fn try_to_compile(source: impl AsRef<Path>) -> Result<Program, String> {
    let source = source.as_ref();
    let (compiler, standard) = usual(source);
    try_by(&compiler, standard, Path::new("include"), &sanitizers(), source)
}

/// The compiler for it, and the version of its language.
pub(crate) fn usual(source: &Path) -> (OsString, &'static str) {
    let is_cpp = source.extension().is_some_and(|extension| extension == "cpp");
    let (variable, usual, standard) = if is_cpp { ("CXX", "c++", "-std=c++11") } else { ("CC", "cc", "-std=c99") };
    // Cargo compiles with CC, too, and for this machine: another target's compiler has a name of its own.
    let of_target = std::env::var_os(format!("OSSUP_TEST_{variable}"));
    (of_target.or_else(|| std::env::var_os(variable)).unwrap_or(usual.into()), standard)
}

fn try_by(compiler: &OsStr, standard: &str, include: &Path, flags: &str, source: &Path) -> Result<Program, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = tempfile::Builder::new().prefix("ossup-c-").tempdir().expect("a temporary folder");
    place_library(folder.path());
    let program = Program { folder };
    let output = Command::new(compiler)
        .args([standard, "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-g", "-pthread"])
        .arg("-I")
        .arg(root.join(include))
        .arg("-I")
        .arg(root.join("tests/c"))
        .arg(root.join(source))
        .arg("-o")
        .arg(program.path())
        .args(flags.split_whitespace())
        .args(target::link_arguments(&library(), program.folder.path()))
        .output()
        .expect("a compiler");
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned());
    }
    check_sanitizers(flags, &program.path());
    Ok(program)
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

/// Puts the library where the linker and the loader find it.
pub(crate) fn place_library(folder: &Path) {
    for name in target::library_names() {
        symlink(library(), folder.join(name)).expect("a link in the temporary folder");
    }
}

/// The shared library that belongs to this test: cargo puts it beside the test's own executable. One that has sanitizers in
/// it, or is another target's, is built apart, and named by `OSSUP_TEST_LIBRARY`.
pub(crate) fn library() -> PathBuf {
    if let Some(library) = std::env::var_os("OSSUP_TEST_LIBRARY") {
        return std::fs::canonicalize(library).expect("OSSUP_TEST_LIBRARY is the path of a library");
    }
    let test = std::env::current_exe().expect("the path of this test");
    let library = test.with_file_name("libossup.so");
    assert!(library.is_file(), "{} is missing", library.display());
    library
}
