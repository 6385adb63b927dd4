//! The header needs nothing before it, may be included twice, speaks every C and C++ in use, and takes no name that is not
//! its own.

#![cfg(target_os = "linux")]

#[path = "c/compile.rs"]
#[allow(dead_code, reason = "these programs are compiled in their own way")]
mod compile;
#[path = "c/declarations.rs"]
#[allow(dead_code, reason = "only names are looked at")]
mod declarations;
#[path = "c/header.rs"]
#[allow(dead_code, reason = "all systems are looked at")]
mod header;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use declarations::What;
use header::System;

/// A compiler, the language that it takes a file for, and the standards of it that it knows.
struct Compiler {
    name: &'static str,
    language: &'static str,
    standards: &'static [&'static str],
    /// Beyond what every program is compiled with.
    warnings: &'static [&'static str],
}

const COMPILERS: [Compiler; 4] = [
    Compiler { name: "gcc", language: "c", standards: &["c99", "c11", "c17", "c2x"], warnings: &["-Wcast-qual"] },
    Compiler {
        name: "g++",
        language: "c++",
        standards: &["c++11", "c++14", "c++17", "c++20", "c++23"],
        warnings: &["-Wold-style-cast", "-Wzero-as-null-pointer-constant"],
    },
    Compiler {
        name: "clang",
        language: "c",
        standards: &["c99", "c11", "c17", "c2x"],
        warnings: &["-Wdocumentation", "-Wdocumentation-pedantic"],
    },
    Compiler {
        name: "clang++",
        language: "c++",
        standards: &["c++11", "c++14", "c++17", "c++20", "c++2b"],
        warnings: &["-Wdocumentation", "-Wdocumentation-pedantic", "-Wc++98-compat-extra-semi"],
    },
];

/// Those that are there: all of them where everything is tested.
fn compilers() -> Vec<&'static Compiler> {
    let is_there =
        |compiler: &&Compiler| Command::new(compiler.name).arg("--version").stdout(Stdio::null()).status().is_ok();
    let there: Vec<_> = COMPILERS.iter().filter(is_there).collect();
    let needed = if std::env::var("CI").as_deref() == Ok("true") { COMPILERS.len() } else { 2 };
    assert!(there.len() >= needed, "gcc and g++ are needed, with CI=true clang and clang++, too");
    there
}

fn include() -> String {
    format!("-I{}/include", env!("CARGO_MANIFEST_DIR"))
}

/// Runs a compiler that must have nothing to say.
#[track_caller]
fn compile(command: &mut Command) {
    let output = command
        .args(["-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Wshadow", "-Wundef", "-Werror"])
        .arg(include())
        .output()
        .expect("it is there");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && said.is_empty(), "{command:?}\n{said}");
}

#[test]
fn every_compiler_takes_it_alone_and_twice_in_every_standard() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("twice.txt");
    std::fs::write(&file, "#include <ossup.h>\n#include <ossup.h>\nint main(void) { return OSSUP_OK; }\n")
        .expect("the folder is ours");
    for compiler in compilers() {
        for standard in compiler.standards {
            let mut command = Command::new(compiler.name);
            command.args(["-x", compiler.language]).arg(format!("-std={standard}")).args(compiler.warnings);
            compile(command.arg("-fsyntax-only").arg(&file));
        }
    }
}

/// A C++ program of two files, whose second is C or C++.
#[test]
fn files_of_either_language_link_into_one_program() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = |name: &str| folder.path().join(name);
    let first = "#include <ossup.h>\nextern \"C\" ossup_status other(ossup_error *error);\n\
                 int main() { return other(nullptr) == OSSUP_INVALID_ARGUMENT ? 0 : 1; }\n";
    let second = "#include <ossup.h>\n#ifdef __cplusplus\nextern \"C\"\n#endif\nossup_status other(ossup_error *error);\n\
                  ossup_status other(ossup_error *error) { return ossup_error_status(error); }\n";
    std::fs::write(path("first.cpp"), first).expect("the folder is ours");
    std::fs::write(path("second.txt"), second).expect("the folder is ours");
    let library = library_in(folder.path());
    for one in compilers().iter().filter(|compiler| compiler.language == "c++") {
        for other in compilers() {
            let object = path("second.o");
            let mut command = Command::new(other.name);
            compile(command.args(["-x", other.language, "-c"]).arg(path("second.txt")).arg("-o").arg(&object));
            compile(
                Command::new(one.name).arg(path("first.cpp")).args([&object, &library]).arg("-o").arg(path("program")),
            );
            let status = Command::new(path("program")).env("LD_LIBRARY_PATH", folder.path()).status();
            assert!(status.expect("the program starts").success(), "{} and {}", one.name, other.name);
        }
    }
}

/// The library in a folder, by the name that the loader looks for.
fn library_in(folder: &Path) -> PathBuf {
    let soname = concat!("libossup.so.", env!("CARGO_PKG_VERSION_MAJOR"), ".", env!("CARGO_PKG_VERSION_MINOR"));
    let path = folder.join(soname);
    std::os::unix::fs::symlink(compile::library(), &path).expect("a link in the temporary folder");
    path
}

/// The names of macros that a file leaves behind.
fn macros(of: &str) -> BTreeSet<String> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("macros.c");
    std::fs::write(&file, of).expect("the folder is ours");
    let output = Command::new("cc").args(["-dM", "-E"]).arg(include()).arg(file).output().expect("a C compiler");
    let text = String::from_utf8(output.stdout).expect("plain text");
    text.lines().filter_map(|line| line.split([' ', '(']).nth(1)).map(str::to_owned).collect()
}

#[test]
fn every_name_bears_the_prefix() {
    let standard = macros("#include <stdbool.h>\n#include <stddef.h>\n#include <stdint.h>\n");
    let ours: Vec<_> = macros("#include <ossup.h>\n").difference(&standard).cloned().collect();
    assert!(ours.len() > 5, "{ours:?}");
    assert_eq!(ours.iter().find(|name| !name.starts_with("OSSUP_")), None);

    let declared = [System::Unix, System::Windows].map(|system| declarations::read(&header::text_on(system)));
    assert!(declared[0].len() > 180 && declared[1].len() > 190);
    for declaration in declared.iter().flatten() {
        let in_capitals = matches!(declaration.what, What::Constant);
        let prefix = if in_capitals { "OSSUP_" } else { "ossup_" };
        assert!(declaration.name.starts_with(prefix), "{}", declaration.name);
        if let What::Enum(values) = &declaration.what {
            assert_eq!(values.iter().map(|value| &value.name).find(|name| !name.starts_with("OSSUP_")), None);
        }
    }
}
