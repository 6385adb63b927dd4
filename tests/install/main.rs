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
use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

use program::source;
use tree::succeeded;

const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The installation that tests look at and do not touch.
static INSTALLED: LazyLock<PathBuf> = LazyLock::new(|| {
    let prefix = tree::empty("shared").join("prefix");
    tree::make("install", &[("PREFIX", &prefix)]);
    prefix
});

fn installed() -> &'static Path {
    &INSTALLED
}

/// Another one, which was moved after it was made.
static MOVED: LazyLock<PathBuf> = LazyLock::new(|| {
    let folder = tree::empty("moved");
    let (first, then) = (folder.join("first"), folder.join("then"));
    tree::make("install", &[("PREFIX", &first), ("RELOCATABLE", Path::new("1"))]);
    fs::rename(&first, &then).expect("the folder is ours");
    then
});

/// Those of the compilers that this machine has.
fn compilers() -> Vec<&'static str> {
    let there = |compiler: &&str| Command::new(compiler).arg("--version").output().is_ok();
    let found: Vec<_> = ["gcc", "clang"].into_iter().filter(there).collect();
    assert!(!found.is_empty(), "there is neither gcc nor clang");
    found
}

const C: &str = "-std=c99 -Wall -Wextra -Wpedantic -Werror";

/// The first block of a language below a heading of the page about it all.
fn shown(language: &str, heading: &str) -> String {
    let page = fs::read_to_string(source("docs/INSTALL.md")).expect("a file of the repository");
    let (_, below) = page.split_once(&format!("\n{heading}\n")).expect("there is such a heading");
    let (_, from) = below.split_once(&format!("```{language}\n")).expect("there is such a block");
    from.split("```").next().expect("it has an end").to_owned()
}

/// A line of the page's list, for all that differ in what the star stands for.
fn line_for(path: &Path) -> PathBuf {
    let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
    let is_one_of_many = path.starts_with("include/ossup") || ["pc", "cmake"].contains(&ending);
    if is_one_of_many { path.with_file_name(format!("*.{ending}")) } else { path.to_owned() }
}

#[test]
fn the_files_that_the_page_lists_are_installed() {
    let list = shown("text", "## What is installed");
    let listed: BTreeSet<_> = list.lines().filter_map(|line| Some(PathBuf::from(line.split(' ').next()?))).collect();
    let found = tree::contents(installed());
    let files: Vec<_> = found.iter().filter(|(path, _)| !installed().join(path).is_dir()).collect();
    assert_eq!(files.iter().map(|(path, _)| line_for(path)).collect::<BTreeSet<_>>(), listed);
    for (path, (mode, _)) in files {
        let is_library = path.to_string_lossy().contains(".so") && path.extension().is_none_or(|end| end != "debug");
        let is_link = installed().join(path).is_symlink();
        let right = if is_link {
            0o777
        } else if is_library {
            0o755
        } else {
            0o644
        };
        assert_eq!(*mode, right, "{path:?}: {mode:o}");
    }
}

#[test]
fn every_header_is_installed() {
    for (folder, there) in
        [("include", "include"), ("bindings/cpp", "include"), ("bindings/cpp/ossup", "include/ossup")]
    {
        let files = fs::read_dir(source(folder)).expect("a folder of the repository");
        let paths = files.map(|file| file.expect("it is listed").path());
        let is_header = |path: &PathBuf| path.extension().is_some_and(|ending| ending == "h" || ending == "hpp");
        let mut headers = 0;
        for header in paths.filter(is_header) {
            let put = installed().join(there).join(header.file_name().expect("a file"));
            assert!(fs::read(&put).ok() == fs::read(&header).ok(), "{put:?}");
            headers += 1;
        }
        assert!(headers > 0, "{folder}");
    }
}

#[test]
fn a_package_is_the_same_tree_elsewhere() {
    let package = tree::empty("package");
    tree::make("install", &[("PREFIX", installed()), ("DESTDIR", &package)]);
    let inside = package.join(installed().strip_prefix("/").expect("an absolute path"));
    assert!(tree::contents(&inside) == tree::contents(installed()));
    tree::make("uninstall", &[("PREFIX", installed()), ("DESTDIR", &package)]);
    assert_eq!(tree::contents(&package).into_keys().collect::<Vec<_>>(), Vec::<PathBuf>::new());
    tree::remove(&package);
}

#[test]
fn what_was_installed_is_taken_away_and_nothing_else() {
    let root = tree::empty("taken away");
    let prefix = root.join("prefix");
    let folders = [("PREFIX", &*prefix), ("LIBDIR", &prefix.join("lib64")), ("INCLUDEDIR", &prefix.join("headers"))];
    fs::create_dir_all(prefix.join("lib64/pkgconfig")).expect("the folder is ours");
    fs::write(prefix.join("lib64/pkgconfig/other.pc"), "somebody else's").expect("the folder is ours");
    let before = tree::contents(&root);
    tree::make("install", &folders);
    assert!(prefix.join("headers/ossup/client.hpp").exists() && prefix.join("lib64/libossup.so").exists());
    tree::make("uninstall", &folders);
    assert!(tree::contents(&root) == before);
}

#[test]
fn folders_that_lie_apart_stay_and_are_empty() {
    let root = tree::empty("taken away, apart");
    let (libraries, headers) = (root.join("libraries"), root.join("headers"));
    let folders = [("PREFIX", &*root.join("prefix")), ("LIBDIR", &libraries), ("INCLUDEDIR", &headers)];
    tree::make("install", &folders);
    assert!(libraries.join("cmake/ossup").exists() && libraries.join("pkgconfig").exists());
    tree::make("uninstall", &folders);
    assert_eq!(tree::contents(&root).into_keys().collect::<Vec<_>>(), [Path::new("headers"), Path::new("libraries")]);
    tree::remove(&root);
}

/// With characters that make, sed, pkg-config or a shell might take for their own.
#[test]
fn folders_have_odd_names_and_lie_apart() {
    let root = tree::empty("a & b # c's ünï");
    let (headers, elsewhere) = (root.join("headers"), root.join("elsewhere"));
    let libraries = elsewhere.join("lib");
    let folders = [("PREFIX", &*root.join("prefix")), ("LIBDIR", &*libraries), ("INCLUDEDIR", &*headers)];
    tree::make("install", &folders);
    let (upload, program) = (source("examples/c/upload.c"), root.join("program"));
    let sources = [upload.as_os_str()];
    pkg_config::build(&elsewhere, &format!("cc {C}"), &sources, "--cflags --libs ossup", &program);
    program::uploads(&program, &libraries);
    let built = build_by_cmake(&elsewhere, "by CMake, apart", "-DASKED=0.1", &["upload_shared"]);
    program::uploads(&built.join("upload_shared"), &root);
}

#[test]
fn a_system_with_musl_is_told_what_it_needs() {
    let folder = tree::empty("musl");
    let ldd = folder.join("ldd");
    std::fs::write(&ldd, "#!/bin/sh\necho 'musl libc (x86_64)' >&2\nexit 1\n")
        .expect("cargo's folder can be written to");
    std::fs::set_permissions(&ldd, Permissions::from_mode(0o755)).expect("the file is ours");
    let path = format!("{}:{}", folder.display(), std::env::var("PATH").expect("there is one"));
    let output = Command::new(source("scripts/install.sh")).arg("install").env("PATH", path).output();
    let output = output.expect("the script starts");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success() && said.contains("musl wants what a release has"), "{said}");
}

#[test]
fn a_folder_that_nobody_could_be_told_of_is_refused() {
    for (folder, why) in [("lib/x86_64", "not an absolute path"), ("/a (b)", "has one of"), ("/$a", "has one of")] {
        let package = tree::empty("refused");
        let output = Command::new(source("scripts/install.sh"))
            .arg("install")
            .env("BUILT", tree::built())
            .env("DESTDIR", &package)
            .env("LIBDIR", folder)
            .output()
            .expect("the script starts");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(!output.status.success() && said.contains(folder) && said.contains(why), "{said}");
        assert!(tree::contents(&package).is_empty());
    }
}

#[test]
fn programs_are_linked_by_what_pkg_config_says() {
    let programs = tree::empty("by pkg-config");
    let libraries = installed().join("lib");
    let upload = source("examples/c/upload.c");
    assert_eq!(pkg_config::ask(installed(), "--modversion ossup"), VERSION);
    for compiler in compilers() {
        for (how, is_shared) in [("ossup", true), ("ossup-static", false)] {
            let program = programs.join(format!("{compiler} {how}"));
            let question = format!("--cflags --libs {how}");
            pkg_config::build(installed(), &format!("{compiler} {C}"), &[upload.as_os_str()], &question, &program);
            assert_eq!(program::is_shared(&program), is_shared, "{compiler} {how}");
            program::uploads(&program, &libraries);
        }
    }
    let program = programs.join("c++");
    let blocking = source("examples/cpp/blocking.cpp");
    let question = "--cflags --libs ossup-static";
    pkg_config::build(installed(), "c++ -std=c++17 -Wall -Werror", &[blocking.as_os_str()], question, &program);
    program::uploads_in_cpp(&program, &libraries);
    tree::remove(&programs);
}

/// Builds programs of the project, in a folder of theirs.
fn build_by_cmake(installed: &Path, name: &str, option: &str, programs: &[&str]) -> PathBuf {
    let built = tree::empty(name);
    cmake(installed, "project", option, &built);
    let output = Command::new("cmake").arg("--build").arg(&built).arg("--target").args(programs).output();
    succeeded(&output.expect("CMake is installed"));
    built
}

/// What CMake says of a project that is to use an installation.
fn cmake(installed: &Path, project: &str, option: &str, built: &Path) -> String {
    let output = Command::new("cmake")
        .arg("-S")
        .arg(source("tests/install").join(project))
        .arg("-B")
        .arg(built)
        .arg(format!("-DCMAKE_PREFIX_PATH={}", installed.display()))
        .arg(format!("-DEXAMPLES={}", source("examples").display()))
        .args(option.split(' '))
        .output();
    succeeded(&output.expect("CMake is installed"))
}

#[test]
fn programs_are_linked_by_cmake() {
    let targets = ["upload_ossup", "upload_shared", "upload_static", "blocking"];
    let built = build_by_cmake(installed(), "by CMake", "-DASKED=0.1", &targets);
    // CMake's programs know where it is.
    let nowhere = tree::empty("nowhere");
    for (name, is_shared) in [("upload_ossup", true), ("upload_shared", true), ("upload_static", false)] {
        assert_eq!(program::is_shared(&built.join(name)), is_shared, "{name}");
        program::uploads(&built.join(name), &nowhere);
    }
    program::uploads_in_cpp(&built.join("blocking"), &nowhere);
    tree::remove(&built);
}

#[test]
fn cmake_gives_no_other_interface() {
    let (up_to, below) = (format!("0.1...{VERSION}"), format!("0.1...<{VERSION}"));
    let asked = ["0.1", VERSION, "0.1.0", "0.1...0.2", "0.0...<1", &up_to]
        .into_iter()
        .chain(["0", "0.0", "0.1.99", "0.2", "1", "0.2...0.3", &below])
        .collect::<Vec<_>>();
    let said = cmake(installed(), "versions", &format!("-DASKED={}", asked.join(";")), &tree::empty("versions"));
    let found = |asked: &str| said.contains(&format!("ossup {asked}: 1\n"));
    let refused = |asked: &str| said.contains(&format!("ossup {asked}: 0\n"));
    assert!(asked[..6].iter().all(|asked| found(asked)), "{said}");
    assert!(asked[6..].iter().all(|asked| refused(asked)), "{said}");
}

#[test]
fn cmake_gives_nothing_to_another_system_or_processor() {
    for other in ["-DCMAKE_SYSTEM_NAME=Windows", "-DCMAKE_SYSTEM_NAME=Linux -DCMAKE_SYSTEM_PROCESSOR=riscv64"] {
        let option = format!("-DASKED=0.1 {other}");
        let said = cmake(installed(), "versions", &option, &tree::empty("another system"));
        assert!(said.contains("ossup 0.1: 0\n"), "{other}: {said}");
    }
}

#[test]
fn it_may_be_moved() {
    let folder = tree::empty("for what was moved");
    let upload = source("examples/c/upload.c");
    for (how, question) in [("shared", "--cflags --libs ossup"), ("static", "--cflags --libs ossup-static")] {
        let program = folder.join(how);
        pkg_config::build(&MOVED, &format!("cc {C}"), &[upload.as_os_str()], question, &program);
        program::uploads(&program, &MOVED.join("lib"));
    }
    let targets = ["upload_ossup", "upload_shared"];
    let built = build_by_cmake(&MOVED, "by CMake, moved", "-DOSSUP_USE_STATIC=ON", &targets);
    for (name, is_shared) in targets.into_iter().zip([false, true]) {
        assert_eq!(program::is_shared(&built.join(name)), is_shared, "{name}");
        program::uploads(&built.join(name), &folder);
    }
    tree::remove(&built);
    tree::remove(&folder);
}

#[test]
fn programs_are_built_as_the_page_says() {
    // Its commands are for a path without spaces.
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (prefix, program) = (folder.path().join("prefix"), folder.path().join("program"));
    std::os::unix::fs::symlink(&*MOVED, &prefix).expect("the folder is ours");
    fs::copy(source("examples/c/upload.c"), folder.path().join("program.c")).expect("the folder is ours");
    let commands = shown("sh", "## pkg-config");
    for (command, is_shared) in commands.lines().zip([true, false]) {
        let output = Command::new("sh")
            .args(["-ec", command])
            .current_dir(&folder)
            .env("PKG_CONFIG_PATH", prefix.join("lib/pkgconfig"))
            .output();
        succeeded(&output.expect("there is a shell"));
        assert_eq!(program::is_shared(&program), is_shared, "{command}");
        program::uploads(&program, &prefix.join("lib"));
    }
    fs::write(folder.path().join("CMakeLists.txt"), shown("cmake", "## CMake")).expect("the folder is ours");
    for arguments in [[".", "-B", "built", "-DCMAKE_PREFIX_PATH=prefix"], ["--build", "built", "--target", "program"]] {
        succeeded(&Command::new("cmake").args(arguments).current_dir(&folder).output().expect("CMake is installed"));
    }
    program::uploads(&folder.path().join("built/program"), folder.path());
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
fn the_page_has_the_flags_of_all_targets() {
    let page = fs::read_to_string(source("docs/INSTALL.md")).expect("a file of the repository");
    let list = fs::read_to_string(source("packaging/static-libs.txt")).expect("a file of the repository");
    assert!(list.lines().count() > 3);
    for (target, flags) in list.lines().map(|line| line.split_once(' ').expect("a target and flags")) {
        let is_row =
            |line: &str| line.starts_with('|') && line.contains(target) && line.ends_with(&format!("| `{flags}` |"));
        assert!(page.lines().any(is_row), "{target}");
    }
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
    tree::remove(&folder);
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
