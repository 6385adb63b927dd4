//! What `make install` lays down: found by pkg-config and by CMake, linked in each way, moved, and taken away again.

#![cfg(target_os = "linux")]

#[path = "../c/declarations.rs"]
#[allow(dead_code, reason = "only the functions' names are compared")]
mod declarations;
#[path = "../c/header.rs"]
mod header;
mod pkg_config;
mod program;
mod tree;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

use program::source;
use tree::succeeded;

const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The installation that tests look at and do not touch.
static INSTALLED: LazyLock<PathBuf> = LazyLock::new(|| {
    let prefix = tree::empty("shared").join("prefix");
    tree::run("install", &[("PREFIX", &prefix)]);
    prefix
});

fn installed() -> &'static Path {
    &INSTALLED
}

/// Those of the compilers that this machine has.
fn compilers() -> Vec<&'static str> {
    let there = |compiler: &&str| Command::new(compiler).arg("--version").output().is_ok();
    let found: Vec<_> = ["gcc", "clang"].into_iter().filter(there).collect();
    assert!(!found.is_empty(), "there is neither gcc nor clang");
    found
}

const C: &str = "-std=c99 -Wall -Wextra -Wpedantic -Werror";

#[test]
fn these_files_are_installed() {
    let headers = |folder: &str| {
        let listed = fs::read_dir(source(folder)).expect("a folder of the repository");
        let names = listed.map(|entry| entry.expect("it is listed").file_name().into_string().expect("plain names"));
        names.filter(|name| name.ends_with(".h") || name.ends_with(".hpp")).collect::<Vec<_>>()
    };
    let mut expected: BTreeSet<PathBuf> = [
        "lib/libossup.a",
        "lib/libossup.so",
        &format!("lib/libossup.so.{VERSION}"),
        &format!("lib/libossup.so.{VERSION}.debug"),
        &format!("lib/libossup.so.{}", VERSION.rsplit_once('.').expect("three numbers").0),
        "lib/pkgconfig/ossup.pc",
        "lib/pkgconfig/ossup-static.pc",
        "lib/cmake/ossup/ossup-config.cmake",
        "lib/cmake/ossup/ossup-config-version.cmake",
    ]
    .map(PathBuf::from)
    .into();
    expected.extend(headers("include").iter().map(|name| Path::new("include").join(name)));
    expected.extend(headers("bindings/cpp").iter().map(|name| Path::new("include").join(name)));
    expected.extend(headers("bindings/cpp/ossup").iter().map(|name| Path::new("include/ossup").join(name)));

    let found = tree::contents(installed());
    let files: BTreeSet<_> = found.keys().filter(|path| !installed().join(path).is_dir()).cloned().collect();
    assert_eq!(files, expected);
    for (path, (mode, _)) in found {
        let may_be_run = installed().join(&path).is_dir() || path.to_string_lossy().contains(".so");
        let is_debug = path.extension().is_some_and(|extension| extension == "debug");
        assert!([0o777, if may_be_run && !is_debug { 0o755 } else { 0o644 }].contains(&mode), "{path:?}: {mode:o}");
    }
}

#[test]
fn a_package_is_the_same_tree_elsewhere() {
    let package = tree::empty("package");
    tree::run("install", &[("PREFIX", installed()), ("DESTDIR", &package)]);
    let inside = package.join(installed().strip_prefix("/").expect("an absolute path"));
    assert!(tree::contents(&inside) == tree::contents(installed()));
}

#[test]
fn what_was_installed_is_taken_away_and_nothing_else() {
    let root = tree::empty("taken away");
    let prefix = root.join("prefix");
    let folders = [("PREFIX", &*prefix), ("LIBDIR", &prefix.join("lib64")), ("INCLUDEDIR", &prefix.join("headers"))];
    fs::create_dir_all(prefix.join("lib64/pkgconfig")).expect("the folder is ours");
    fs::write(prefix.join("lib64/pkgconfig/other.pc"), "somebody else's").expect("the folder is ours");
    let before = tree::contents(&root);
    tree::run("install", &folders);
    assert!(prefix.join("headers/ossup/client.hpp").exists() && prefix.join("lib64/libossup.so").exists());
    tree::run("uninstall", &folders);
    assert!(tree::contents(&root) == before);
}

#[test]
fn programs_are_linked_by_what_pkg_config_says() {
    let programs = tree::empty("by pkg-config");
    let libraries = installed().join("lib");
    let upload = source("examples/c/upload.c");
    let blocking = source("examples/cpp/blocking.cpp");
    assert_eq!(pkg_config::ask(installed(), "--modversion ossup"), VERSION);
    for (how, is_shared) in [("ossup", true), ("--static ossup", true), ("ossup-static", false)] {
        for compiler in compilers() {
            let program = programs.join(format!("{compiler} {how}"));
            let question = format!("--cflags --libs {how}");
            pkg_config::build(installed(), &format!("{compiler} {C}"), &[upload.as_os_str()], &question, &program);
            assert_eq!(program::is_shared(&program), is_shared, "{compiler} {how}");
            program::uploads(&program, &libraries);
        }
        let program = programs.join(format!("c++ {how}"));
        let question = format!("--cflags --libs {how}");
        pkg_config::build(installed(), "c++ -std=c++17 -Wall -Werror", &[blocking.as_os_str()], &question, &program);
        program::uploads_in_cpp(&program, &libraries);
    }
}

/// The libraries of CMake and the programs that are built with them.
fn build_by_cmake(installed: &Path, name: &str, asked: &str) -> PathBuf {
    let built = tree::empty(name);
    let configured = cmake(installed, "project", asked, &built);
    assert!(configured.contains("Generating done"), "{configured}");
    succeeded(&Command::new("cmake").arg("--build").arg(&built).output().expect("CMake is installed"));
    built
}

fn cmake(installed: &Path, project: &str, asked: &str, built: &Path) -> String {
    let output = Command::new("cmake")
        .arg("-S")
        .arg(source("tests/install").join(project))
        .arg("-B")
        .arg(built)
        .arg(format!("-DCMAKE_PREFIX_PATH={}", installed.display()))
        .arg(format!("-DEXAMPLES={}", source("examples").display()))
        .arg(format!("-DASKED={asked}"))
        .output();
    succeeded(&output.expect("CMake is installed"))
}

fn check_programs_of_cmake(built: &Path, libraries: &Path) {
    for (library, is_shared) in [("ossup", true), ("shared", true), ("static", false)] {
        let program = built.join(format!("upload_{library}"));
        assert_eq!(program::is_shared(&program), is_shared, "{library}");
        program::uploads(&program, libraries);
        program::uploads_in_cpp(&built.join(format!("blocking_{library}")), libraries);
    }
}

#[test]
fn programs_are_linked_by_cmake() {
    // They find the library by themselves.
    let nowhere = tree::empty("nowhere");
    check_programs_of_cmake(&build_by_cmake(installed(), "by CMake", "0.1"), &nowhere);
}

#[test]
fn cmake_gives_no_other_interface() {
    let asked = ["", "0.1", VERSION, "0.1.0", "0.1...0.2", "0.0...<1", "0", "0.0", "0.1.99", "0.2", "1", "0.2...0.3"];
    let said = cmake(installed(), "versions", &asked[1..].join(";"), &tree::empty("versions"));
    let found = |asked: &str| said.contains(&format!("ossup {asked}: 1\n"));
    let refused = |asked: &str| said.contains(&format!("ossup {asked}: 0\n"));
    assert!(asked[1..6].iter().all(|asked| found(asked)), "{said}");
    assert!(asked[6..].iter().all(|asked| refused(asked)), "{said}");
}

#[test]
fn it_may_be_moved() {
    let folder = tree::empty("moved");
    let (first, then) = (folder.join("first"), folder.join("then here"));
    tree::run("install", &[("PREFIX", &first), ("RELOCATABLE", Path::new("1"))]);
    fs::rename(&first, &then).expect("the folder is ours");
    let libraries = then.join("lib");
    let upload = source("examples/c/upload.c");
    for (how, question) in [("shared", "--cflags --libs ossup"), ("static", "--cflags --libs ossup-static")] {
        let program = folder.join(how);
        pkg_config::build(&then, &format!("cc {C}"), &[upload.as_os_str()], question, &program);
        program::uploads(&program, &libraries);
    }
    check_programs_of_cmake(&build_by_cmake(&then, "by CMake, moved", ""), &libraries);
}

#[test]
fn pkg_config_may_be_told_of_another_prefix() {
    let moved = tree::empty("told of").join("other prefix");
    let packages = moved.join("lib/pkgconfig");
    fs::create_dir_all(&packages).expect("the folder is ours");
    for name in ["ossup.pc", "ossup-static.pc"] {
        fs::copy(installed().join("lib/pkgconfig").join(name), packages.join(name)).expect("it is installed");
    }
    let escaped = moved.display().to_string().replace(' ', "\\ ");
    let said = pkg_config::ask(&moved, "--define-prefix --cflags --libs ossup");
    assert_eq!(said, format!("-I{escaped}/include -L{escaped}/lib -lossup"));
    let said = pkg_config::ask(&moved, "--define-prefix --libs ossup-static");
    assert!(said.starts_with(&format!("{escaped}/lib/libossup.a ")), "{said}");
}

#[test]
fn the_static_library_is_linked_with_what_rustc_says() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let empty = folder.path().join("lib.rs");
    fs::write(&empty, "pub use ossup;\n").expect("a file in the temporary folder");
    let output = Command::new(std::env::var_os("RUSTC").unwrap_or("rustc".into()))
        .args(["--edition=2024", "--crate-type=staticlib", "--print=native-static-libs", "--extern"])
        .arg(format!("ossup={}", tree::built().join("libossup.rlib").display()))
        .arg("-L")
        .arg(format!("dependency={}", tree::built().display()))
        .arg("-o")
        .arg(folder.path().join("all.a"))
        .arg(empty)
        .output()
        .expect("there is a rustc");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{said}");
    let flags = said.lines().find_map(|line| line.strip_prefix("note: native-static-libs: ")).expect("it says them");
    let libraries = pkg_config::ask(installed(), "--libs ossup-static");
    assert!(libraries.ends_with(&format!("/libossup.a {flags}")), "{libraries}\nrustc: {flags}");
    assert!(pkg_config::ask(installed(), "--static --libs ossup").ends_with(&format!("-lossup {flags}")));
}

#[test]
fn the_static_library_shows_the_functions_of_the_header_and_no_others() {
    let listed =
        Command::new("nm").args(["--extern-only", "--defined-only"]).arg(installed().join("lib/libossup.a")).output();
    let listed = succeeded(&listed.expect("binutils are installed"));
    let shown: BTreeSet<_> = listed.lines().filter_map(|line| Some(line.split_once(" T ")?.1.to_owned())).collect();
    let declared: BTreeSet<_> = declarations::functions(&header::text()).into_iter().map(|(name, _)| name).collect();
    assert_eq!(shown, declared);
    assert_eq!(listed.lines().filter(|line| line.contains(' ')).count(), declared.len(), "{listed}");
}

/// Both have the whole of Rust's own library in them.
#[test]
fn a_program_may_hold_a_second_static_library_in_rust() {
    let folder = tree::empty("with a neighbour");
    let neighbour = folder.join("libneighbour.a");
    let output = Command::new(std::env::var_os("RUSTC").unwrap_or("rustc".into()))
        .args(["--edition=2024", "--crate-type=staticlib", "-o"])
        .args([&neighbour, &source("tests/c/neighbour.rs")])
        .output();
    succeeded(&output.expect("there is a rustc"));
    let (upload, beside) = (source("examples/c/upload.c"), source("tests/install/beside.c"));
    let sources = [upload.as_os_str(), beside.as_os_str(), neighbour.as_os_str()];
    let program = folder.join("program");
    pkg_config::build(installed(), &format!("cc {C}"), &sources, "--cflags --libs ossup-static", &program);
    program::uploads(&program, &folder);
}

#[test]
fn symbols_that_were_split_off_are_found() {
    let library = installed().join(format!("lib/libossup.so.{VERSION}"));
    let read = |flag: &str| {
        let output = Command::new("readelf").args([flag, "--wide"]).arg(&library).env("LC_ALL", "C").output();
        succeeded(&output.expect("binutils are installed"))
    };
    let sections = read("--sections");
    assert!(!sections.contains(".debug_info") && !sections.contains(".symtab"), "{sections}");
    let found = read("--debug-dump=follow-links,links");
    assert!(found.contains(&format!("lib/libossup.so.{VERSION}.debug")), "{found}");
}
