//! Records: in a folder of their own, waited for, verified, listed and put away.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot be set up has failed")]

mod support;

use oss_server::{Operation, Options};
use ossup::records::{self, State};
use ossup::{Kind, Request};
use std::path::{Path, PathBuf};
use std::time::Duration;
use support::{MIB, World, finish, held_half_way, kind, names_in, parts_held, paused, start};

fn in_a_folder(world: &World) -> (tempfile::TempDir, Request) {
    let folder = tempfile::tempdir().unwrap();
    let mut request = world.request();
    request.set_checkpoint_dir(folder.path()).unwrap();
    (folder, request)
}

fn record_in(folder: &tempfile::TempDir) -> PathBuf {
    let names = names_in(folder.path());
    assert_eq!(names.len(), 1, "{names:?}");
    folder.path().join(&names[0])
}

/// The same folder.
fn by_another_path(folder: &Path) -> PathBuf {
    #[cfg(unix)]
    {
        let link = folder.join("link");
        std::os::unix::fs::symlink(folder, &link).unwrap();
        link
    }
    #[cfg(not(unix))]
    folder.join("..").join(folder.file_name().unwrap())
}

#[test]
fn a_folder_of_records_has_one_for_each_file_and_object() {
    let world = World::new(2 * MIB);
    let (folder, request) = in_a_folder(&world);
    let client = world.client();
    let upload = held_half_way(&world, &request);
    upload.pause().unwrap();
    assert!(finish(&upload).resumable);
    world.server.release();
    let record = record_in(&folder);
    let name = record.file_stem().unwrap().to_str().unwrap();
    assert!(name.len() == 32 && name.bytes().all(|byte| byte.is_ascii_hexdigit()), "{name}");
    assert!(!world.record().exists());

    // The same file by another path is the same file.
    let mut again = request.clone();
    again.set_upload_file(&by_another_path(world.folder.path()).join("file.bin")).unwrap();
    let mut elsewhere = request.clone();
    elsewhere.set_key("other").unwrap();
    let second = finish(&start(&client, &elsewhere));
    assert!(second.error.is_none() && !second.resumed, "{second:?}");
    assert_eq!(record_in(&folder), record);
    let outcome = finish(&start(&client, &again));
    world.assert_done(&outcome);
    assert!(outcome.resumed);
    assert!(names_in(folder.path()).is_empty());
}

#[test]
fn a_folder_that_is_not_there_is_named_and_excludes_a_file() {
    let world = World::new(MIB);
    let mut request = world.request();
    request.set_checkpoint_dir(&world.folder.path().join("missing")).unwrap();
    let outcome = world.upload(&request);
    assert_eq!(kind(&outcome), Some(Kind::CheckpointUnusable));
    assert!(outcome.error.unwrap().to_string().contains("missing"));
    request.set_checkpoint_file(&world.record()).unwrap();
    let error = world.client().upload(&request).unwrap_err();
    assert!(error.to_string().contains("CheckpointFile"), "{error}");
}

#[test]
fn a_record_that_is_held_is_waited_for_as_long_as_one_likes() {
    let world = World::new(2 * MIB);
    let client = world.client();
    let first = held_half_way(&world, &world.request());
    let waiting = |timeout| {
        let mut request = world.request();
        request.set_lock_timeout(timeout);
        start(&client, &request)
    };
    let patient = waiting(None);
    let impatient = waiting(Some(Duration::from_millis(30)));
    assert_eq!(kind(&finish(&impatient)), Some(Kind::Busy));
    let paused = waiting(None);
    paused.pause().unwrap();
    assert_eq!(kind(&finish(&paused)), Some(Kind::Paused));
    world.server.release();
    assert!(finish(&first).error.is_none());
    // Who waited finds no record any more, and uploads.
    world.assert_done(&finish(&patient));
    assert_eq!(world.requests(Operation::CompleteMultipartUpload).len(), 2);
}

#[test]
fn what_is_reused_is_read_again_when_that_is_wanted() {
    let mut world = World::new(2 * MIB);
    paused(&world);
    let held = parts_held(&world);
    // A change that nothing shows: the file system's word on the file is put into the record afterwards.
    world.bytes[10] ^= 1;
    std::fs::write(world.file(), &world.bytes).unwrap();
    world.settle();
    support::pretend_unchanged(&world);
    let mut request = world.request();
    request.set_verify_reused_parts(true);
    let outcome = world.upload(&request);
    world.assert_done(&outcome);
    assert_eq!((outcome.resumed, outcome.parts_reused), (true, held - 1));
}

#[test]
fn records_are_listed_and_looked_into_while_an_upload_runs() {
    let world = World::new(2 * MIB);
    let (folder, request) = in_a_folder(&world);
    std::fs::write(folder.path().join("notes.txt"), b"notes").unwrap();
    std::fs::write(folder.path().join("java.ucp"), b"\xac\xed\x00\x05").unwrap();
    std::fs::write(folder.path().join("newer.ucp"), b"ossup checkpoint 9 x\n").unwrap();
    std::fs::create_dir(folder.path().join("folder.ucp")).unwrap();
    // It comes no further before it was looked at now and then.
    world.hold_parts_after(10);
    let upload = start(&world.client(), &request);
    let (mut seen, mut last) = (0, 0);
    while !upload.is_done() {
        if seen > 2 && last > 0 {
            world.server.release();
        }
        for summary in records::list(folder.path()).unwrap() {
            match summary.state {
                State::TooNew => assert!(summary.path.ends_with("newer.ucp")),
                State::Blank => {}
                State::Uploading { header, parts, bytes, .. } => {
                    assert_eq!((header.bucket.as_str(), header.key.as_str()), ("bucket", "key"));
                    assert!(bytes >= last && u64::from(parts) * header.plan.part_size >= bytes);
                    last = bytes;
                    seen += 1;
                    let refused = records::delete(&summary.path).unwrap_err();
                    // Unless the upload itself has deleted it by now.
                    assert!(refused.kind() == Kind::Busy || !summary.path.exists(), "{refused}");
                }
                State::Damaged => panic!("{:?}", summary.path),
            }
        }
    }
    world.assert_done(&finish(&upload));
    assert_eq!(names_in(folder.path()), ["folder.ucp", "java.ucp", "newer.ucp", "notes.txt"]);
}

#[test]
fn records_are_deleted_and_nothing_else_is() {
    let world = World::new(2 * MIB);
    paused(&world);
    records::delete(&world.record()).unwrap();
    assert!(!world.record().exists());
    let gone = records::delete(&world.record()).unwrap_err();
    assert!(gone.kind() == Kind::CheckpointUnusable && gone.to_string().contains("file.bin.ucp"), "{gone}");
    assert_eq!(records::delete(&world.file()).unwrap_err().kind(), Kind::CheckpointForeign);
    assert_eq!(records::inspect(&world.file()).unwrap_err().kind(), Kind::CheckpointForeign);
    assert_eq!(std::fs::read(world.file()).unwrap(), world.bytes);
}

#[test]
fn incomplete_uploads_are_listed_by_prefix_and_age_and_aborted_by_name() {
    let world = World::new(2 * MIB);
    let first = paused(&world).upload_id.unwrap();
    let client = world.client();
    let list = |prefix: &str, age| client.incomplete_uploads("bucket", prefix, Duration::from_secs(age)).unwrap();
    let found = list("", 0);
    assert_eq!((found.len(), found[0].key.as_str(), found[0].upload_id.as_str()), (1, "key", first.as_str()));
    assert!(list("other", 0).is_empty() && list("", 3600).is_empty());
    client.abort_upload("bucket", "key", &first).unwrap();
    client.abort_upload("bucket", "key", &first).unwrap();
    assert!(list("", 0).is_empty() && world.server.uploads().is_empty());
    for error in [
        client.abort_upload("bucket", "key", "").unwrap_err(),
        client.abort_upload("bucket", "/key", "id").unwrap_err(),
        client.incomplete_uploads("B", "", Duration::ZERO).unwrap_err(),
    ] {
        assert_eq!(error.kind(), Kind::InvalidArgument);
    }
    world.fault(Operation::ListMultipartUploads, 1, oss_server::Action::Deny);
    let denied = client.incomplete_uploads("bucket", "", Duration::ZERO).unwrap_err();
    assert!(denied.kind() == Kind::AccessDenied && denied.report().operation == Some("ListMultipartUploads"));
}

#[test]
fn old_uploads_are_told_from_new_ones_by_the_servers_clock() {
    // Two days ahead of this machine: what was opened just now is not old for that.
    let world = World::with(2 * MIB, Options { clock_offset_s: 2 * 86_400, ..Options::default() });
    paused(&world);
    let client = world.client();
    let older_than = |age| client.incomplete_uploads("bucket", "", Duration::from_secs(age)).unwrap().len();
    assert_eq!((older_than(0), older_than(3600)), (1, 0));
}

#[test]
fn more_uploads_than_a_page_holds_are_all_listed() {
    let world = World::new(MIB);
    for _ in 0..1100 {
        world.server.open_upload("bucket", "many/one").unwrap();
    }
    assert_eq!(world.client().incomplete_uploads("bucket", "many/", Duration::ZERO).unwrap().len(), 1100);
}
