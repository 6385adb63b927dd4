//! With which compilers, in which versions of the language and under which sanitizers the C++ programs are compiled.

use std::ffi::OsString;
use std::path::Path;
use std::process::Command;

use crate::compile::{self, Program};

/// Both ends of what the header is for. Sanitizers are the slower half of the time that this takes.
const BUILDS: [(&str, &str, &str); 2] =
    [("g++", "-std=c++17", ""), ("clang++", "-std=c++2b", "-fsanitize=address,undefined -fno-sanitize-recover=all")];

/// The same for another target. GCC 12 for Windows links its own library with nothing newer.
const STANDARDS: [&str; 2] = ["-std=c++17", "-std=c++20"];

/// One way to compile.
pub(crate) struct Build {
    compiler: OsString,
    standard: &'static str,
    sanitizers: String,
}

impl Build {
    /// Compiles `source`, a path from the root of the repository.
    pub(crate) fn compile(&self, source: &str, flags: &str) -> Program {
        let flags = format!("-Wconversion -Wshadow -Ibindings/cpp -Itests/cpp {} {flags}", self.sanitizers);
        compile::compile_by(&self.compiler, self.standard, "include", &flags, Path::new(source))
    }
}

/// Those that this machine has; the one that `CXX` names where it does, under the sanitizers of the whole run. For another
/// target its compiler, in both versions of the language.
pub(crate) fn all() -> Vec<Build> {
    let build = |compiler: OsString, standard, sanitizers: &str| {
        let given = compile::sanitizers();
        Build { compiler, standard, sanitizers: if given.is_empty() { sanitizers.to_owned() } else { given } }
    };
    if compile::target::name().is_some() {
        let compiler = std::env::var_os("OSSUP_TEST_CXX").expect("OSSUP_TEST_CXX is the target's compiler");
        return STANDARDS.map(|standard| build(compiler.clone(), standard, "")).into();
    }
    if let Some(compiler) = std::env::var_os("CXX") {
        return vec![build(compiler, "-std=c++2b", "")];
    }
    let there: Vec<_> = BUILDS
        .into_iter()
        .filter(|(compiler, ..)| Command::new(compiler).arg("--version").output().is_ok())
        .map(|(compiler, standard, sanitizers)| build(compiler.into(), standard, sanitizers))
        .collect();
    assert!(!there.is_empty(), "there is neither g++ nor clang++");
    there
}
