//! The answer that makes the object is lost, under every face that a service may then show.

#![allow(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

mod support;

use oss_server::{Action, Faces, Operation, Options, RepeatedComplete};
use ossup::{Kind, Reason};
use support::{MIB, World, kind};

const REPEATED: [RepeatedComplete; 3] =
    [RepeatedComplete::NotFound, RepeatedComplete::Repeated, RepeatedComplete::Conflict];
const EITHER: [bool; 2] = [false, true];

/// A service of some faces that loses its first answer to this operation, after it did what was asked.
fn loses_an_answer(size: usize, operation: Operation, faces: &Faces) -> World {
    let world = World::with(size, Options { faces: faces.clone(), ..Options::default() });
    world.fault(operation, 1, Action::LoseAnswer);
    world
}

fn request(world: &World, forbid_overwrite: bool) -> ossup::Request {
    let mut request = world.request();
    if forbid_overwrite {
        request.set_forbid_overwrite(true).unwrap();
    }
    request
}

#[test]
fn the_object_is_found_to_be_ours() {
    for repeated_complete in REPEATED {
        for completed_uploads_are_listed in EITHER {
            for crc_on_complete in EITHER {
                for forbid_overwrite in EITHER {
                    let faces = Faces {
                        repeated_complete,
                        completed_uploads_are_listed,
                        crc_on_complete,
                        etag_in_quotes: crc_on_complete,
                        ..Faces::default()
                    };
                    let world = loses_an_answer(MIB, Operation::CompleteMultipartUpload, &faces);
                    let outcome = world.upload(&request(&world, forbid_overwrite));
                    world.assert_done(&outcome);
                    let repeats = repeated_complete == RepeatedComplete::Repeated;
                    assert_eq!(outcome.confirmed_by_probe, !repeats, "{faces:?} {forbid_overwrite}");
                    assert_eq!(outcome.etag, world.server.object("bucket", "key").map(|object| object.etag));
                    assert_eq!(world.requests(Operation::InitiateMultipartUpload).len(), 1);
                }
            }
        }
    }
}

#[test]
fn an_object_that_keeps_its_crc_to_itself_is_not_called_ours() {
    for repeated_complete in [RepeatedComplete::NotFound, RepeatedComplete::Conflict] {
        for forbid_overwrite in EITHER {
            let faces = Faces { repeated_complete, crc_on_head: false, ..Faces::default() };
            let world = loses_an_answer(MIB, Operation::CompleteMultipartUpload, &faces);
            let request = request(&world, forbid_overwrite);
            let first = world.upload(&request);
            assert_eq!(kind(&first), Some(Kind::Unconfirmed), "{first:?}");
            assert!(first.resumable && world.record().exists());
            assert!(world.server.object("bucket", "key").is_some_and(|object| object.bytes == world.bytes));
            // The next run does not ask for ever: it uploads once more, unless that is forbidden.
            let second = world.upload(&request);
            assert_eq!(second.reason, Some(Reason::UploadGone), "{second:?}");
            match forbid_overwrite {
                true => assert_eq!(kind(&second), Some(Kind::AlreadyExists), "{second:?}"),
                false => world.assert_done(&second),
            }
            assert!(world.server.uploads().is_empty() && !world.record().exists());
        }
    }
}

#[test]
fn an_empty_object_is_found_to_be_ours_where_it_cannot_be_put_again() {
    for forbid_overwrite in EITHER {
        for crc_on_put in EITHER {
            let world = loses_an_answer(0, Operation::PutObject, &Faces { crc_on_put, ..Faces::default() });
            let outcome = world.upload(&request(&world, forbid_overwrite));
            world.assert_done(&outcome);
            assert_eq!(outcome.confirmed_by_probe, forbid_overwrite, "{outcome:?}");
        }
    }
    let world = loses_an_answer(0, Operation::PutObject, &Faces { crc_on_head: false, ..Faces::default() });
    let outcome = world.upload(&request(&world, true));
    assert_eq!((kind(&outcome), outcome.resumable), (Some(Kind::Unconfirmed), false), "{outcome:?}");
}

#[test]
fn somebody_elses_object_is_not_taken_for_ours() {
    for (repeated_complete, size) in [(RepeatedComplete::NotFound, MIB), (RepeatedComplete::Conflict, 0)] {
        let faces = Faces { repeated_complete, ..Faces::default() };
        let world = World::with(size, Options { faces, ..Options::default() });
        let theirs = vec![1; size.max(1)];
        world.server.put_object("bucket", "key", &theirs).unwrap();
        // The first request is cut off before it is looked at, the second one is refused.
        for operation in [Operation::CompleteMultipartUpload, Operation::PutObject] {
            world.fault(operation, 1, Action::Reset { after: 0 });
        }
        let outcome = world.upload(&request(&world, true));
        assert_eq!(kind(&outcome), Some(Kind::AlreadyExists), "{outcome:?}");
        assert!(world.server.object("bucket", "key").is_some_and(|object| object.bytes == theirs));
        assert!(world.server.uploads().is_empty() && !world.record().exists());
    }
}

#[test]
fn without_any_crc_the_doubt_is_told() {
    for size in [MIB, 0] {
        let faces = Faces { crc_on_put: false, crc_on_complete: false, crc_on_head: false, ..Faces::default() };
        let world = World::with(size, Options { faces, ..Options::default() });
        let outcome = world.upload(&world.request());
        world.assert_done(&outcome);
        assert!(outcome.warnings.iter().any(|warning| warning.contains("CRC-64")), "{:?}", outcome.warnings);
    }
}

#[test]
fn a_stamped_object_is_known_without_a_crc_and_somebody_elses_is_known_with_one() {
    for repeated_complete in [RepeatedComplete::NotFound, RepeatedComplete::Conflict] {
        let faces = Faces { repeated_complete, crc_on_head: false, ..Faces::default() };
        let world = loses_an_answer(MIB, Operation::CompleteMultipartUpload, &faces);
        let mut request = request(&world, false);
        request.set_stamp_object(true);
        let outcome = world.upload(&request);
        world.assert_done(&outcome);
        assert!(outcome.confirmed_by_probe);
        let object = world.server.object("bucket", "key").unwrap();
        let stamp = object.headers.iter().find(|(name, _)| name == "x-oss-meta-ossup-stamp").map(|(_, value)| value);
        assert_eq!(stamp.map(String::len), Some(32));
    }

    // The same bytes, written by somebody else while our answer is lost: without a stamp they would pass for ours.
    let world = World::new(MIB);
    world.fault(Operation::CompleteMultipartUpload, 1, Action::Reset { after: 0 });
    world.fault(Operation::CompleteMultipartUpload, 1, Action::LoseUpload);
    world.server.put_object("bucket", "key", &world.bytes).unwrap();
    let mut request = request(&world, false);
    request.set_stamp_object(true);
    let outcome = world.upload(&request);
    world.assert_done(&outcome);
    assert_eq!((outcome.confirmed_by_probe, outcome.reason), (false, Some(Reason::UploadGone)), "{outcome:?}");
}

#[test]
fn a_small_object_bears_a_stamp_as_well() {
    let faces = Faces { crc_on_head: false, ..Faces::default() };
    let world = loses_an_answer(1000, Operation::PutObject, &faces);
    let mut request = request(&world, true);
    request.set_stamp_object(true);
    let outcome = world.upload(&request);
    world.assert_done(&outcome);
    assert!(outcome.confirmed_by_probe, "{outcome:?}");
}

#[test]
fn a_stamp_outlives_a_kill_in_the_record() {
    let faces = Faces { crc_on_head: false, ..Faces::default() };
    let world = loses_an_answer(MIB, Operation::CompleteMultipartUpload, &faces);
    let mut request = request(&world, false);
    request.set_stamp_object(true);
    world.fault(Operation::HeadObject, 1, Action::Deny);
    let first = world.upload(&request);
    assert_eq!(kind(&first), Some(Kind::Unconfirmed), "{first:?}");
    world.server.clear_faults();
    let second = world.upload(&request);
    world.assert_done(&second);
    assert!(second.confirmed_by_probe);
    assert_eq!(world.requests(Operation::InitiateMultipartUpload).len(), 1);
}
