//! The example in Rust as its users meet it: what it says, its exit codes, and that it goes on.

#![allow(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

mod support;

use oss_server::{Action, Operation};
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};
use support::{MIB, World, wait_until};

/// Built as the tests are, where that was not done with them.
fn program() -> PathBuf {
    let mut cargo = Command::new(env!("CARGO"));
    // Which package a test is of, it is told in variables; a build that finds them begins anew.
    let told = std::env::vars_os().filter_map(|(name, _)| name.into_string().ok());
    let of_the_package = ["CARGO_PKG_", "CARGO_MANIFEST_", "OUT_DIR"];
    for name in told.filter(|name| of_the_package.iter().any(|start| name.starts_with(start))) {
        cargo.env_remove(name);
    }
    let built = cargo.args(["build", "--quiet", "--locked", "--example", "upload"]).status().unwrap();
    assert!(built.success(), "it cannot be built");
    let tests = std::env::current_exe().unwrap();
    tests.ancestors().nth(2).unwrap().join("examples/upload")
}

fn command(world: &World) -> Command {
    let mut command = Command::new(program());
    command
        .args([&world.server.endpoint(), "cn-hangzhou", "bucket", "key"])
        .arg(world.file())
        .env("OSS_ACCESS_KEY_ID", "ak")
        .env("OSS_ACCESS_KEY_SECRET", "sk")
        .env_remove("OSS_SESSION_TOKEN");
    command
}

fn run(world: &World) -> Output {
    command(world).output().unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

#[test]
fn it_goes_on_after_a_kill() {
    let world = World::new(16 * MIB);
    world.hold_parts_after(2);
    let mut killed = command(&world).stderr(Stdio::null()).spawn().unwrap();
    wait_until(|| world.requests(Operation::UploadPart).len() == 2 + 4);
    killed.kill().unwrap();
    killed.wait().unwrap();
    world.server.clear_faults();

    let output = run(&world);
    assert!(output.status.success(), "{}", said(&output));
    let told = said(&output);
    assert!(told.contains("done: ") && !told.contains(" 0 by an earlier run"), "{told}");
    assert!(world.server.object("bucket", "key").unwrap().bytes == world.bytes);
    assert_eq!(world.requests(Operation::InitiateMultipartUpload).len(), 1);
}

#[test]
fn its_exit_code_says_whether_it_can_go_on() {
    let world = World::new(16 * MIB);
    world.fault(Operation::UploadPart, 1, Action::Deny);
    let refused = run(&world);
    assert_eq!(refused.status.code(), Some(4), "{}", said(&refused));
    assert!(said(&refused).contains("AccessDenied"), "{}", said(&refused));
    let world = World::new(MIB);
    std::fs::remove_file(world.file()).unwrap();
    let missing = run(&world);
    assert_eq!(missing.status.code(), Some(1), "{}", said(&missing));
    let usage = Command::new(program()).output().unwrap();
    assert_eq!(
        (usage.status.code(), said(&usage)),
        (Some(2), "usage: upload ENDPOINT REGION BUCKET KEY FILE\n".into())
    );
}
