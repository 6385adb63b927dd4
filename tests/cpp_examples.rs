//! Each example in C++ does what it says, and the README of the binding quotes them.

#![cfg(target_os = "linux")]

#[path = "cpp/build.rs"]
mod build;
#[path = "c/compile.rs"]
#[allow(dead_code, reason = "compilers are chosen by build.rs here")]
mod compile;
#[path = "c/examples.rs"]
#[allow(dead_code, reason = "some are in C alone")]
mod examples;

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::Output;

use compile::Program;
use examples::Scene;
use oss_server::{Action, Fault, Moment, Operation, When};

fn compile(name: &str) -> Program {
    let builds = build::all();
    builds.first().expect("there is one").compile(&format!("examples/cpp/{name}.cpp"), "")
}

fn said(output: &Output) -> String {
    let said = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    said.replace("\r\n", "\n")
}

#[test]
fn blocking() {
    examples::blocking(&compile("blocking"));
}

#[test]
fn progress() {
    let program = compile("progress");
    let scene = Scene::new();
    let output = scene.command(&program, &[]).output().expect("the example starts");
    assert!(output.status.success(), "{}", said(&output));
    let told = said(&output);
    let lines: Vec<_> = told.lines().collect();
    assert_eq!(lines[lines.len() - 2..], ["100 %", "done, 0 bytes of it by an earlier run"], "{told}");
    scene.check_object();
}

#[test]
fn resume_token() {
    let program = compile("resume_token");
    let scene = Scene::new();
    let when = When { part_number: Some(9), ..When::operation(Operation::UploadPart) };
    scene.server.add_fault(Fault { when, then: Action::Stall { at: Moment::BeforeAnswer, ms: 600_000 } });
    let paused = scene.command(&program, &["pause"]).output().expect("the example starts");
    assert!(paused.status.success(), "{}", said(&paused));
    assert!(said(&paused).starts_with("ossup1."), "{}", said(&paused));
    let sent = scene.parts_sent();

    scene.server.clear_faults();
    let token = scene.path("token");
    std::fs::write(&token, &paused.stdout).expect("the folder is ours");
    let token = File::open(token).expect("it was just written");
    let went_on = scene.command(&program, &["go-on"]).stdin(token).output().expect("the example starts");
    assert!(went_on.status.success(), "{}", said(&went_on));
    assert!(scene.parts_sent() <= sent + 29, "{} after {sent}", scene.parts_sent());
    scene.check_object();
}

#[test]
fn credentials() {
    let program = compile("credentials");
    let scene = Scene::new();
    let output = scene.command(&program, &[]).output().expect("the example starts");
    assert!(output.status.success(), "{}", said(&output));
    scene.check_object();

    let none = scene.command(&program, &[]).env_remove("OSS_ACCESS_KEY_ID").output().expect("the example starts");
    assert_eq!(none.status.code(), Some(1));
    assert!(said(&none).contains("nobody lends a key"), "{}", said(&none));
    let wrong = scene.command(&program, &[]).env("OSS_ACCESS_KEY_SECRET", "no").output().expect("the example starts");
    assert_eq!(wrong.status.code(), Some(1));
    assert!(said(&wrong).contains("OSS answered 403 SignatureDoesNotMatch\nrequest id "), "{}", said(&wrong));
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn all() -> Vec<(PathBuf, String)> {
    let folder = std::fs::read_dir(root().join("examples/cpp")).expect("a folder of the repository");
    let paths = folder.map(|entry| entry.expect("it is listed").path());
    paths.map(|path| (path.clone(), std::fs::read_to_string(path).expect("plain text"))).collect()
}

#[test]
fn every_example_is_run_by_a_test() {
    let tests = std::fs::read_to_string(root().join(file!())).expect("this file is there");
    for (path, _) in all() {
        let name = path.file_stem().expect("it has a name").display().to_string();
        assert!(tests.contains(&format!("compile(\"{name}\")")), "{name}");
    }
}

#[test]
fn the_readme_quotes_them() {
    let readme = std::fs::read_to_string(root().join("bindings/cpp/README.md")).expect("plain text");
    let blocks: Vec<_> =
        readme.split("```cpp\n").skip(1).map(|rest| rest.split("```").next().expect("what is before it")).collect();
    assert!(blocks.len() >= 5, "{}", blocks.len());
    for block in blocks {
        assert!(all().iter().any(|(_, example)| example.contains(block)), "no example has\n{block}");
    }
}
