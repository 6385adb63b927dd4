//! What there is on Unix alone: modes, links, FIFOs.

use super::*;
use rustix::fs::{CWD, FileType, mknodat};
use std::os::unix::fs::PermissionsExt;

pub(super) const STRANGERS: [Stranger; 2] = [
    ("link", |path| std::os::unix::fs::symlink(path.with_file_name("source"), path).unwrap()),
    ("fifo", |path| mknodat(CWD, path, FileType::Fifo, 0o600.into(), 0).unwrap()),
];

#[test]
fn what_cannot_be_opened_for_now_is_not_taken_for_a_strangers() {
    // A program that runs is not opened to be written, whoever asks.
    let error = records::delete(&std::env::current_exe().unwrap()).unwrap_err();
    assert_eq!(error.kind(), Kind::CheckpointUnusable, "{error}");
    // A socket is not opened at all, and is no record.
    let desk = Desk::new();
    let _socket = std::os::unix::net::UnixListener::bind(desk.path("socket")).unwrap();
    assert_eq!(records::inspect(&desk.path("socket")).unwrap_err().kind(), Kind::CheckpointForeign);
}

#[test]
fn a_record_is_its_owners_alone() {
    let desk = Desk::new();
    let (checkpoint, _) = desk.open(&desk.beside(), "key").unwrap();
    let mode = std::fs::metadata(checkpoint.path()).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn a_record_that_nobody_may_write_can_be_looked_into() {
    let desk = Desk::new();
    let (mut checkpoint, _) = desk.open(&desk.beside(), "key").unwrap();
    checkpoint.begin(&header("key")).unwrap();
    let record = checkpoint.path().to_owned();
    drop(checkpoint);
    std::fs::set_permissions(&record, std::fs::Permissions::from_mode(0o400)).unwrap();
    assert!(matches!(records::inspect(&record).unwrap().state, records::State::Uploading { .. }));
}
