//! Uploads in several processes: each of these tests runs once more in a child, where it holds the record.

use super::*;
use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

/// Where a child finds the folder whose record it is to hold.
const FOLDER: &str = "OSSUP_TEST_FOLDER";

/// Another process that holds a record.
struct Holder {
    process: Child,
    /// Closed, it makes the process end.
    leash: Option<ChildStdin>,
    /// It would fail if nobody listened.
    _output: BufReader<ChildStdout>,
}

impl Holder {
    /// Returns once the child, which is the named test once more, holds the record of `key`.
    fn start(desk: &Desk, test: &str) -> Self {
        let test = format!("world::checkpoint::tests::processes::{test}");
        let mut process = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", &test, "--nocapture"])
            .env(FOLDER, desk.folder.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let leash = process.stdin.take();
        let mut output = BufReader::new(process.stdout.take().unwrap());
        assert!(output.by_ref().lines().any(|line| line.unwrap().contains("held")), "the child ended early");
        Self { process, leash, _output: output }
    }

    fn end(mut self) {
        drop(self.leash.take());
        assert!(self.process.wait().unwrap().success());
    }

    fn kill(mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }
}

/// In a child: holds the record until nobody keeps us any more.
fn hold_if_child() -> bool {
    let Some(folder) = std::env::var_os(FOLDER) else { return false };
    let source = Path::new(&folder).join("source");
    let (mut checkpoint, _) = open_for(&source, &Place::Beside(source.clone()), "key").unwrap();
    checkpoint.begin(&header("key")).unwrap();
    add(&mut checkpoint, 1);
    writeln!(std::io::stdout(), "held").unwrap();
    std::io::stdin().read_line(&mut String::new()).unwrap();
    true
}

#[test]
fn the_other_is_busy_and_other_destinations_are_free() {
    if hold_if_child() {
        return;
    }
    let desk = Desk::new();
    let holder = Holder::start(&desk, "the_other_is_busy_and_other_destinations_are_free");
    let error = desk.open(&desk.beside(), "key").unwrap_err();
    assert_eq!(error.kind(), Kind::Busy, "{error}");
    let error = desk.open(&Place::At(desk.path("source.ucp")), "key").unwrap_err();
    assert_eq!(error.kind(), Kind::Busy, "{error}");
    let (elsewhere, _) = desk.open(&desk.beside(), "other").unwrap();
    assert_ne!(elsewhere.path(), desk.path("source.ucp"));
    holder.end();
    let (_, found) = desk.open(&desk.beside(), "key").unwrap();
    assert_eq!(record(found).parts, [part(1)]);
}

#[test]
fn what_is_held_can_be_read_by_everybody() {
    if hold_if_child() {
        return;
    }
    let desk = Desk::new();
    let holder = Holder::start(&desk, "what_is_held_can_be_read_by_everybody");
    let bytes = std::fs::read(desk.path("source.ucp")).unwrap();
    assert_eq!(record(journal::decode(&bytes)).parts, [part(1)]);
    holder.end();
}

#[test]
fn the_lock_is_gone_with_its_holder() {
    if hold_if_child() {
        return;
    }
    let desk = Desk::new();
    let holder = Holder::start(&desk, "the_lock_is_gone_with_its_holder");
    assert_eq!(desk.open(&desk.beside(), "key").unwrap_err().kind(), Kind::Busy);
    holder.kill();
    let (_, found) = desk.open(&desk.beside(), "key").unwrap();
    assert_eq!(record(found).parts, [part(1)]);
}

#[test]
fn a_lock_on_a_deleted_record_keeps_nobody_away() {
    if hold_if_child() {
        return;
    }
    let desk = Desk::new();
    let holder = Holder::start(&desk, "a_lock_on_a_deleted_record_keeps_nobody_away");
    sys::remove_record(&desk.path("source.ucp")).unwrap();
    let (mut checkpoint, _) = desk.open(&desk.beside(), "key").unwrap();
    checkpoint.begin(&header("key")).unwrap();
    holder.end();
    assert_eq!(desk.open(&desk.beside(), "key").unwrap_err().kind(), Kind::Busy);
}
