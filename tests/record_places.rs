//! What else may stand at the record's place, and places where no record can stand: somebody else's file stays as it is,
//! byte for byte, and the upload ends well or with a name.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot be set up has failed")]

#[path = "support/again.rs"]
mod again;
mod support;

use oss_server::{Action, Error, Fault, Operation, Options, When};
use ossup::{Kind, Outcome};
use std::fs::{self, Permissions};
use std::os::unix::fs::{FileExt, PermissionsExt, symlink};
use std::os::unix::process::CommandExt;
use std::path::Path;
use support::halfway::{Halfway, Name, read};
use support::{World, finish, kind, start};

const NAMES: [Name; 2] = [Name::Usual, Name::Given];
const GIB: u64 = 1 << 30;
/// A user with no rights of its own.
const NOBODY: u32 = 65_534;

/// Everything about a file that somebody could have changed.
fn picture(path: &Path) -> String {
    let metadata = fs::symlink_metadata(path).unwrap();
    let kind = metadata.file_type();
    let contents = match () {
        () if kind.is_symlink() => format!("{:?} {:?}", fs::read_link(path).unwrap(), fs::read(path).ok()),
        () if kind.is_dir() => format!("{:?}", support::names_in(path)),
        () if kind.is_file() => format!("{:?}", fs::read(path).unwrap()),
        () => String::new(),
    };
    format!("{kind:?} {:o} {:?} {contents}", metadata.permissions().mode(), metadata.modified().unwrap())
}

/// Under the usual name the upload goes around what is there; a file that the caller named is refused.
fn assert_left_alone(halfway: &Halfway, case: &str, make: impl Fn(&Path)) {
    for name in NAMES {
        let place = halfway.place(name);
        halfway.lay();
        make(&place);
        let before = picture(&place);
        let outcome = halfway.upload(name);
        match name {
            Name::Usual => {
                assert!(outcome.error.is_none(), "{case}: {outcome:?}");
                halfway.assert_arrived(case);
            }
            Name::Given => {
                assert_eq!(kind(&outcome), Some(Kind::CheckpointForeign), "{case}: {outcome:?}");
                halfway.assert_untouched(case);
            }
        }
        assert_eq!(picture(&place), before, "{case}");
        match fs::symlink_metadata(&place).unwrap().is_dir() {
            true => fs::remove_dir_all(&place).unwrap(),
            false => fs::remove_file(&place).unwrap(),
        }
    }
}

#[test]
fn what_is_no_record_is_left_as_it_is() {
    let halfway = Halfway::new();
    let source = halfway.world.file();
    let target = halfway.world.folder.path().join("target");
    assert_left_alone(&halfway, "a serialized Java object", |place| {
        fs::write(
            place,
            [&[0xac, 0xed, 0x00, 0x05][..], b"sr\x00\x2fcom.aliyun.oss.internal.UploadCheckPoint"].concat(),
        )
        .unwrap();
    });
    assert_left_alone(&halfway, "a copy of the source", |place| fs::write(place, &halfway.world.bytes).unwrap());
    assert_left_alone(&halfway, "the source under a second name", |place| fs::hard_link(&source, place).unwrap());
    assert_left_alone(&halfway, "a folder", |place| fs::create_dir(place).unwrap());
    assert_left_alone(&halfway, "a folder with something in it", |place| {
        fs::create_dir(place).unwrap();
        fs::write(place.join("something"), b"x").unwrap();
    });
    assert_left_alone(&halfway, "a FIFO", |place| {
        rustix::fs::mknodat(rustix::fs::CWD, place, rustix::fs::FileType::Fifo, 0o600.into(), 0).unwrap();
    });
    assert_left_alone(&halfway, "a link to nothing", |place| symlink("nothing", place).unwrap());
    assert_left_alone(&halfway, "a link to itself", |place| symlink(place, place).unwrap());
    assert_left_alone(&halfway, "a link to the source", |place| symlink(&source, place).unwrap());
    assert_left_alone(&halfway, "a link to a record", |place| {
        fs::write(&target, &halfway.bytes).unwrap();
        symlink(&target, place).unwrap();
    });
    assert!(fs::read(&target).unwrap() == halfway.bytes, "a record was written through a link");
    fs::remove_file(&target).unwrap();
    assert_left_alone(&halfway, "a mebibyte of zeros", |place| {
        fs::File::create(place).unwrap().set_len(1 << 20).unwrap();
    });
    assert_eq!(fs::read(&source).unwrap(), halfway.world.bytes);
    assert_eq!(halfway.others(), [""; 0]);
}

#[test]
fn the_source_itself_is_no_place_for_its_record() {
    let halfway = Halfway::new();
    halfway.lay();
    let source = halfway.world.file();
    let mut request = halfway.world.request();
    request.set_checkpoint_file(&source).unwrap();
    // Also where it could be taken for a record.
    for (case, bytes) in
        [("a file", &halfway.world.bytes[..]), ("an empty file", &[]), ("a record that is uploaded", &halfway.bytes)]
    {
        fs::write(&source, bytes).unwrap();
        let before = picture(&source);
        let outcome = finish(&start(&halfway.client, &request));
        assert_eq!(kind(&outcome), Some(Kind::CheckpointForeign), "{case}: {outcome:?}");
        assert_eq!(picture(&source), before, "{case}");
        halfway.assert_untouched(case);
    }
}

#[test]
fn a_file_of_a_gibibyte_is_read_no_further_than_a_record_can_be() {
    let halfway = Halfway::new();
    let first_line = halfway.bytes.iter().position(|&byte| byte == b'\n').unwrap() + 1;
    for (case, bytes, reused, left) in [
        ("nothing of ours", &b"\0"[..], 0, 1),
        ("our first line", &halfway.bytes[..first_line], 0, 1),
        ("a whole record", &halfway.bytes[..], halfway.held, 0),
    ] {
        for name in NAMES {
            let place = halfway.place(name);
            halfway.lay();
            let file = fs::File::create(&place).unwrap();
            file.write_all_at(bytes, 0).unwrap();
            file.set_len(GIB).unwrap();
            let outcome = halfway.upload(name);
            if bytes[0] == 0 && name == Name::Given {
                assert_eq!(kind(&outcome), Some(Kind::CheckpointForeign), "{case}: {outcome:?}");
                halfway.assert_untouched(case);
            } else {
                assert!(outcome.error.is_none(), "{case}: {outcome:?}");
                halfway.assert_arrived(case);
                assert_eq!((outcome.parts_reused, halfway.uploads().len()), (reused, left), "{case}");
            }
            let is_there = fs::metadata(&place).is_ok_and(|metadata| metadata.len() == GIB);
            assert_eq!(is_there, bytes[0] == 0, "{case}");
            if is_there {
                fs::remove_file(&place).unwrap();
            }
        }
    }
}

#[test]
fn an_empty_file_is_taken_for_the_record() {
    let halfway = Halfway::new();
    for name in NAMES {
        halfway.lay();
        fs::write(halfway.place(name), b"").unwrap();
        let outcome = halfway.upload(name);
        assert!(outcome.error.is_none() && outcome.reason.is_none(), "{outcome:?}");
        halfway.assert_arrived("an empty file");
        assert_eq!(halfway.others(), [""; 0]);
    }
}

/// A name may have 255 bytes, which is 85 of many a script's letters; the destination's own name takes 21 more.
#[test]
fn a_long_name_of_the_file_needs_room_for_the_usual_ending_alone() {
    let world = World::new(2 * support::PART as usize);
    let long = |length: usize| world.folder.path().join("n".repeat(length));
    let mut request = world.request();
    for length in [234, 235, 251] {
        fs::write(long(length), &world.bytes).unwrap();
        request.set_upload_file(&long(length)).unwrap();
        world.assert_done(&world.upload(&request));
    }
    fs::write(long(255), &world.bytes).unwrap();
    request.set_upload_file(&long(255)).unwrap();
    let outcome = world.upload(&request);
    assert_eq!(kind(&outcome), Some(Kind::CheckpointUnusable), "{outcome:?}");
    request.set_checkpoint_file(&world.record()).unwrap();
    world.assert_done(&world.upload(&request));
}

#[test]
fn a_record_is_private_and_holds_no_secret() {
    let keys = vec![oss_server::AccessKey::temporary("the-key-id", "the-secret", "the-token", None)];
    let world = World::with(6 << 20, Options { access_keys: keys, ..Options::default() });
    let mut config = world.config();
    config.set_credentials("the-key-id", "the-secret", Some("the-token")).unwrap();
    let mut request = world.request();
    request.set_header("x-oss-meta-note", "the-note").unwrap();
    let last = When { part_number: Some(60), ..When::default() };
    world.server.add_fault(Fault { when: last, then: Action::Deny });
    let outcome = finish(&start(&ossup::Client::new(&config).unwrap(), &request));
    assert!(outcome.resumable, "{outcome:?}");
    let bytes = fs::read(world.record()).unwrap();
    assert!(read(&bytes).parts.len() > 50);
    let text = String::from_utf8(bytes).unwrap();
    for secret in ["the-key-id", "the-secret", "the-token", "the-note", "Signature", "Credential"] {
        assert!(!text.contains(secret), "{secret} is in the record");
    }
    assert_eq!(fs::metadata(world.record()).unwrap().permissions().mode() & 0o7777, 0o600);
}

/// Daemons do so once they have begun. It concerns the whole process, so it is one of its own.
#[test]
fn a_host_that_goes_to_another_folder_meanwhile_changes_nothing() {
    if again::role().is_some() {
        return go_elsewhere();
    }
    let mut child =
        again::again("a_host_that_goes_to_another_folder_meanwhile_changes_nothing", "a host that goes away");
    assert!(child.status().unwrap().success());
}

fn go_elsewhere() {
    let world = World::new(8 * support::PART as usize);
    let elsewhere = tempfile::tempdir().unwrap();
    let last = When { part_number: Some(8), ..When::default() };
    for record in [None, Some("record")] {
        std::env::set_current_dir(world.folder.path()).unwrap();
        let mut request = world.request();
        request.set_upload_file(Path::new("file.bin")).unwrap();
        if let Some(record) = record {
            request.set_checkpoint_file(Path::new(record)).unwrap();
        }
        let then = Action::Refuse(Error::default());
        world.server.add_fault(Fault { when: last.clone(), then });
        let upload = start(&world.client(), &request);
        while upload.progress().parts_confirmed == 0 {
            assert!(!upload.is_done(), "{:?}", upload.finished());
            std::thread::yield_now();
        }
        std::env::set_current_dir(elsewhere.path()).unwrap();
        world.server.clear_faults();
        world.assert_done(&finish(&upload));
        assert_eq!(support::names_in(world.folder.path()), ["file.bin"]);
    }
}

/// Rights mean nothing to root, so this is done by somebody else.
#[test]
fn without_the_right_to_write_it_fails_at_once_or_ends_well() {
    if again::role().is_some() {
        return without_rights();
    }
    let folder = tempfile::tempdir().unwrap();
    fs::set_permissions(folder.path(), Permissions::from_mode(0o777)).unwrap();
    let mut child = again::again_from(
        folder.path(),
        "without_the_right_to_write_it_fails_at_once_or_ends_well",
        "somebody without rights",
    );
    child.env("TMPDIR", folder.path()).current_dir(folder.path());
    if rustix::process::geteuid().is_root() {
        child.uid(NOBODY).gid(NOBODY);
    }
    assert!(child.status().unwrap().success());
}

fn without_rights() {
    assert!(!rustix::process::geteuid().is_root());
    let halfway = Halfway::new();
    let folder = halfway.world.folder.path();
    let with_folder = |mode, name| {
        fs::set_permissions(folder, Permissions::from_mode(mode)).unwrap();
        let outcome = halfway.upload(name);
        fs::set_permissions(folder, Permissions::from_mode(0o700)).unwrap();
        outcome
    };
    for name in NAMES {
        for mode in [0o000, 0o200, 0o400] {
            halfway.lay();
            fs::write(halfway.place(name), &halfway.bytes).unwrap();
            fs::set_permissions(halfway.place(name), Permissions::from_mode(mode)).unwrap();
            assert_unusable(&halfway, &halfway.upload(name), name);
            fs::remove_file(halfway.place(name)).unwrap();
        }
        // No place for a new record.
        halfway.lay();
        assert_unusable(&halfway, &with_folder(0o555, name), name);
    }

    // A folder that can be written to and not read: it cannot be synced, and is a good place all the same.
    halfway.lay();
    halfway.world.fault(Operation::CompleteMultipartUpload, 1, Action::Deny);
    let outcome = with_folder(0o300, Name::Usual);
    assert_eq!((kind(&outcome), outcome.resumable), (Some(Kind::AccessDenied), true), "{outcome:?}");
    assert_eq!(outcome.warnings, [""; 0]);
    let outcome = with_folder(0o300, Name::Usual);
    assert!(outcome.error.is_none() && outcome.resumed && halfway.others().is_empty(), "{outcome:?}");

    // A record that can be written and not deleted: the object is made, and the next run sees that it is.
    halfway.lay();
    fs::write(halfway.world.record(), &halfway.bytes).unwrap();
    for run in ["the first", "the second"] {
        let outcome = with_folder(0o555, Name::Usual);
        assert!(outcome.error.is_none(), "{run}: {outcome:?}");
        assert!(outcome.warnings.iter().any(|warning| warning.contains("cannot be deleted")), "{run}: {outcome:?}");
        halfway.assert_arrived(run);
        assert_eq!(halfway.uploads().len(), 0, "{run}");
    }
    let outcome = halfway.upload(Name::Usual);
    assert!(outcome.error.is_none() && halfway.others().is_empty(), "{outcome:?}");
}

fn assert_unusable(halfway: &Halfway, outcome: &Outcome, name: Name) {
    assert_eq!(kind(outcome), Some(Kind::CheckpointUnusable), "{outcome:?}");
    let error = outcome.error.as_ref().unwrap();
    assert!(error.to_string().contains(halfway.place(name).to_str().unwrap()), "{error}");
    assert_eq!(error.report().os_errno, rustix::io::Errno::ACCESS.raw_os_error(), "{error:?}");
    halfway.assert_untouched("no right to write");
}
