//! The manual, `docs/C-API.md`, and the README's program: what they show compiles, and each chapter begins with its rule.

#![cfg(target_os = "linux")]

use std::fs;
use std::path::Path;
use std::process::Command;

const MANUAL: &str = "docs/C-API.md";

fn read(name: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).expect("a file of the repository")
}

/// The blocks of a language.
fn blocks<'a>(text: &'a str, language: &str) -> Vec<&'a str> {
    let start = format!("```{language}\n");
    text.split(&start).skip(1).filter_map(|rest| rest.split_once("\n```")).map(|(block, _)| block).collect()
}

/// Compiles a block; functions that it does not use itself are what it is there to show.
#[track_caller]
fn compile(compiler: &str, standard: &str, block: &str, name: &str) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join(name);
    fs::write(&file, format!("{block}\n")).expect("the folder is ours");
    let output = Command::new(compiler)
        .args([standard, "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-Wno-unused-function", "-fsyntax-only"])
        .arg(format!("-I{}/include", env!("CARGO_MANIFEST_DIR")))
        .arg(file)
        .output()
        .expect("a compiler");
    assert!(output.status.success(), "{}\n{block}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn what_is_shown_compiles() {
    let manual = read(MANUAL);
    let (in_c, in_cpp) = (blocks(&manual, "c"), blocks(&manual, "cpp"));
    assert!(in_c.len() >= 4 && !in_cpp.is_empty());
    for block in in_c {
        compile("cc", "-std=c99", block, "shown.c");
    }
    for block in in_cpp {
        compile("c++", "-std=c++11", block, "shown.cpp");
    }
}

#[test]
fn each_chapter_begins_with_its_rule() {
    let manual = read(MANUAL);
    let chapters: Vec<_> = manual.split("\n## ").skip(1).collect();
    assert!(chapters.len() > 10);
    for chapter in chapters {
        let rule = chapter.lines().nth(2).unwrap_or_default();
        let paragraph = chapter.split("\n\n").nth(1).unwrap_or_default();
        assert!(rule.starts_with("**") && paragraph.ends_with("**"), "{rule}");
    }
}

/// What stops an upload is said in one place, and shown in two. `make header` renews the second.
#[test]
fn the_table_of_stops_is_the_headers() {
    let header = read("include/ossup.h").replace("\n * ", "\n");
    let (mut manual, tables) = (read(MANUAL), blocks(&header, "text"));
    if std::env::var_os("OSSUP_UPDATE").is_some() {
        manual = manual.replace(blocks(&manual, "text")[0], tables[0]);
        fs::write(Path::new(env!("CARGO_MANIFEST_DIR")).join(MANUAL), &manual)
            .expect("the repository can be written to");
    }
    assert_eq!(blocks(&manual, "text"), tables);
}

#[test]
fn the_manual_names_each_handle_and_the_ends_of_a_process() {
    let manual = read(MANUAL);
    for word in ["config", "client", "request", "upload", "result", "queue", "event", "error", "token", "record"] {
        assert!(manual.contains(word), "{word}");
    }
    for word in ["fork", "exec", "dlclose", "exit", "Signals", "environment"] {
        assert!(manual.contains(word), "{word}");
    }
}

#[test]
fn the_readmes_program_is_the_example() {
    let readme = read("README.md");
    assert_eq!(blocks(&readme, "c"), [read("examples/c/blocking.c").trim_end()]);
}
