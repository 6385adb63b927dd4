//! What there is on Windows alone: files that are not shared, and what its paths are like.

use super::*;
use std::fs::OpenOptions;
use std::os::windows::fs::OpenOptionsExt;
use windows_sys::Win32::Storage::FileSystem::{FILE_SHARE_READ, FILE_SHARE_WRITE};

#[test]
fn a_record_that_is_held_can_be_read_by_programs_that_share_no_deletion() {
    let desk = Desk::new();
    let (mut checkpoint, _) = desk.open(&desk.beside(), "key").unwrap();
    checkpoint.begin(&header("key")).unwrap();
    // So do those that are written in C.
    let shared = FILE_SHARE_READ | FILE_SHARE_WRITE;
    let mut reader = OpenOptions::new().read(true).share_mode(shared).open(checkpoint.path()).unwrap();
    let mut bytes = Vec::new();
    std::io::Read::read_to_end(&mut reader, &mut bytes).unwrap();
    assert_eq!(record(journal::decode(&bytes)).header, header("key"));
}

#[test]
fn a_record_that_another_program_keeps_to_itself_is_told_with_the_cause() {
    let desk = Desk::new();
    let place = Place::At(desk.path("record"));
    drop(desk.open(&place, "key").unwrap());
    let kept = OpenOptions::new().read(true).share_mode(0).open(desk.path("record")).unwrap();
    let error = desk.open(&place, "key").unwrap_err();
    assert_eq!(error.kind(), Kind::CheckpointUnusable);
    let text = error.to_string();
    assert!(text.contains("record is in use by a program that does not share it"), "{text}");
    drop(kept);
    desk.open(&place, "key").unwrap();
}

#[test]
fn a_record_in_a_stream_of_another_file_is_refused_with_the_cause() {
    let desk = Desk::new();
    let before = std::fs::metadata(desk.path("source")).unwrap().modified().unwrap();
    for place in [Place::At(desk.path("source:record")), Place::Beside(desk.path("source:stream"))] {
        let error = desk.open(&place, "key").unwrap_err();
        assert_eq!(error.kind(), Kind::CheckpointUnusable);
        assert!(error.to_string().contains("no stream of another"), "{error}");
    }
    assert_eq!(std::fs::metadata(desk.path("source")).unwrap().modified().unwrap(), before);
    assert_eq!(std::fs::read_dir(desk.folder.path()).unwrap().count(), 1, "something was made");
}

#[test]
fn what_the_system_has_in_place_of_a_file_is_no_record() {
    let desk = Desk::new();
    for name in ["NUL", "nul.ucp", "CON"] {
        let error = desk.open(&Place::At(desk.path(name)), "key").unwrap_err();
        assert!([Kind::CheckpointForeign, Kind::CheckpointUnusable].contains(&error.kind()), "{name}: {error}");
        assert!(error.to_string().contains(name), "{error}");
    }
}

#[test]
fn a_folder_with_a_long_name_holds_records_too() {
    let desk = Desk::new();
    let mut long = desk.path("long");
    while long.as_os_str().len() < 400 {
        long.push("ein Ordner 文件夹 🎉 of a long path");
    }
    std::fs::create_dir_all(&long).unwrap();
    let place = Place::At(long.join("record"));
    let (mut checkpoint, _) = desk.open(&place, "key").unwrap();
    checkpoint.begin(&header("key")).unwrap();
    assert_eq!(desk.open(&place, "key").unwrap_err().kind(), Kind::Busy);
    drop(checkpoint);
    let (checkpoint, found) = desk.open(&place, "key").unwrap();
    assert_eq!(record(found).header, header("key"));
    checkpoint.delete().unwrap();
    assert_eq!(std::fs::read_dir(&long).unwrap().count(), 0);
}
