//! Resume tokens: taken at any time, used elsewhere, and what becomes of what nobody has one of.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot be set up has failed")]

mod support;

use oss_server::{Action, Operation};
use ossup::records::{self, State};
use ossup::{Kind, Reason, Request, Upload};
use support::{
    MIB, World, finish, held_half_way, kind, parts_held, paused, paused_at_once, start, wait_until, wait_until_left,
};

fn without_a_record(world: &World) -> Request {
    let mut request = world.request();
    request.set_enable_checkpoint(false);
    request
}

/// An upload without a record that some parts have arrived of.
fn half_way(world: &World) -> Upload {
    held_half_way(world, &without_a_record(world))
}

fn token_of_a_paused_upload(world: &World) -> String {
    let upload = half_way(world);
    let token = upload.resume_token().unwrap();
    upload.pause().unwrap();
    finish(&upload);
    drop(upload);
    wait_until_left(world);
    world.server.release();
    token
}

#[test]
fn what_nobody_has_a_token_of_is_aborted_when_the_last_handle_is_freed() {
    let world = World::new(2 * MIB);
    let upload = half_way(&world);
    upload.pause().unwrap();
    let finished = upload.wait(None).unwrap().unwrap();
    assert!(finished.outcome.resumable);
    drop(upload);
    // What it did is a handle, too.
    assert_eq!(world.server.uploads().len(), 1);
    drop(finished);
    wait_until(|| world.server.uploads().is_empty());
}

#[test]
fn a_token_of_a_running_upload_keeps_what_is_there_also_when_it_fails() {
    let world = World::new(2 * MIB);
    let upload = half_way(&world);
    let token = upload.resume_token().unwrap();
    world.fault(Operation::UploadPart, 100, Action::Deny);
    world.server.release();
    let outcome = finish(&upload);
    assert_eq!(kind(&outcome), Some(Kind::AccessDenied));
    assert!(outcome.resumable);
    drop(upload);
    world.server.clear_faults();
    wait_until_left(&world);
    let held = parts_held(&world);
    let mut request = without_a_record(&world);
    request.set_resume_token(&token);
    let second = world.upload(&request);
    world.assert_done(&second);
    assert!(second.resumed && second.reason.is_none());
    assert_eq!((second.parts_reused, second.parts_reused + second.parts_sent), (held, second.parts_total));
    assert!(world.server.uploads().is_empty());
}

#[test]
fn a_failure_that_nobody_has_a_token_of_leaves_nothing() {
    let world = World::new(2 * MIB);
    let upload = half_way(&world);
    world.fault(Operation::UploadPart, 100, Action::Deny);
    world.server.release();
    let outcome = finish(&upload);
    assert!(outcome.error.is_some() && !outcome.resumable);
    assert!(world.server.uploads().is_empty());
    assert_eq!(upload.resume_token().unwrap_err().kind(), Kind::InvalidState);
}

#[test]
fn there_is_no_token_before_anything_was_opened_and_after_all_is_done() {
    let world = World::new(MIB);
    world.fault(Operation::InitiateMultipartUpload, 1, Action::Hold { applied: true });
    let upload = world.client().upload(&without_a_record(&world)).unwrap();
    let refused = |upload: &Upload| assert_eq!(upload.resume_token().unwrap_err().kind(), Kind::InvalidState);
    refused(&upload);
    upload.start().unwrap();
    refused(&upload);
    world.server.release();
    world.assert_done(&finish(&upload));
    refused(&upload);
}

#[test]
fn a_token_of_a_record_goes_on_elsewhere_and_both_places_end_well() {
    let world = World::new(2 * MIB);
    let first = paused(&world);
    let upload = paused_at_once(&world, &world.request());
    let again = finish(&upload);
    assert!(again.resumable, "{again:?}");
    let token = upload.resume_token().unwrap();

    // Another machine: a copy that is younger, and a record of its own.
    let elsewhere = tempfile::tempdir().unwrap();
    let copy = elsewhere.path().join("copy.bin");
    std::fs::copy(world.file(), &copy).unwrap();
    let mut request = world.request();
    request.set_upload_file(&copy).unwrap();
    request.set_resume_token(&token);
    let second = world.upload(&request);
    assert!(second.error.is_none() && second.resumed, "{second:?}");
    assert!(second.parts_reused >= first.parts_sent);
    assert_eq!(world.requests(Operation::InitiateMultipartUpload).len(), 1);
    assert_eq!(support::names_in(elsewhere.path()), ["copy.bin"]);

    // The first place finds its upload gone, and sends the file again.
    let third = world.upload(&world.request());
    world.assert_done(&third);
    assert_eq!(third.reason, Some(Reason::UploadGone));
}

#[test]
fn an_imported_upload_has_a_record_of_its_own_at_once() {
    let world = World::new(2 * MIB);
    paused(&world);
    let token = paused_at_once(&world, &world.request()).resume_token().unwrap();
    std::fs::remove_file(world.record()).unwrap();
    let mut request = world.request();
    request.set_resume_token(&token);
    world.fault(Operation::ListParts, 1, Action::Hold { applied: true });
    let upload = start(&world.client(), &request);
    wait_until(|| {
        let says = records::inspect(&world.record()).map(|summary| summary.state);
        matches!(says, Ok(State::Uploading { .. }))
    });
    upload.pause().unwrap();
    world.server.release();
    let stopped = finish(&upload);
    assert!(kind(&stopped) == Some(Kind::Paused) && stopped.resumable && world.record().exists(), "{stopped:?}");
    // The token may be lost by now.
    let outcome = world.upload(&world.request());
    world.assert_done(&outcome);
    assert!(outcome.resumed);
    assert_eq!(world.requests(Operation::InitiateMultipartUpload).len(), 1);
}

#[test]
fn a_record_that_fits_goes_before_the_token_and_one_that_does_not_is_given_up_for_it() {
    let mut world = World::new(2 * MIB);
    paused(&world);
    let old = world.server.uploads()[0].upload_id.clone();
    // A later version of the file went up as far elsewhere.
    world.bytes[0] ^= 1;
    std::fs::write(world.file(), &world.bytes).unwrap();
    let record = std::fs::read(world.record()).unwrap();
    std::fs::remove_file(world.record()).unwrap();
    let (token, new) = {
        let upload = half_way(&world);
        let token = upload.resume_token().unwrap();
        upload.pause().unwrap();
        (token, finish(&upload).upload_id.unwrap())
    };
    world.server.release();
    std::fs::write(world.record(), record).unwrap();
    let mut request = world.request();
    request.set_resume_token(&token);
    let outcome = world.upload(&request);
    world.assert_done(&outcome);
    assert_eq!((outcome.resumed, outcome.upload_id.as_deref()), (true, Some(new.as_str())));
    assert!(world.server.uploads().is_empty(), "{old} is an orphan");

    // The token is void by now; with it the file is sent again, and what is sent is not forgotten at the next run.
    let upload = held_half_way(&world, &request);
    upload.pause().unwrap();
    let third = finish(&upload);
    assert_eq!((kind(&third), third.reason), (Some(Kind::Paused), Some(Reason::UploadGone)));
    world.server.clear_faults();
    let fourth = world.upload(&request);
    world.assert_done(&fourth);
    assert_eq!((fourth.resumed, fourth.upload_id), (true, third.upload_id));
}

#[test]
fn parts_that_the_copy_does_not_have_are_sent_again() {
    let mut world = World::new(2 * MIB);
    let token = token_of_a_paused_upload(&world);
    let held = parts_held(&world);
    world.bytes[10] ^= 1;
    std::fs::write(world.file(), &world.bytes).unwrap();
    let mut request = without_a_record(&world);
    request.set_resume_token(&token);
    let outcome = world.upload(&request);
    world.assert_done(&outcome);
    assert_eq!((outcome.resumed, outcome.parts_reused), (true, held - 1));
}

#[test]
fn what_was_begun_with_a_token_is_there_for_it_until_it_is_done() {
    let world = World::new(2 * MIB);
    let token = token_of_a_paused_upload(&world);
    let mut request = without_a_record(&world);
    request.set_resume_token(&token);
    world.fault(Operation::UploadPart, 100, Action::Deny);
    let failed = world.upload(&request);
    assert_eq!((kind(&failed), failed.resumable), (Some(Kind::AccessDenied), true));
    wait_until_left(&world);
    world.server.clear_faults();
    let held = parts_held(&world);
    world.hold_parts_after(4);
    let paused = start(&world.client(), &request);
    wait_until(|| paused.progress().parts_confirmed == held + 4);
    paused.pause().unwrap();
    assert_eq!(kind(&finish(&paused)), Some(Kind::Paused));
    drop(paused);
    wait_until_left(&world);
    let held = parts_held(&world);
    world.server.release();
    let outcome = world.upload(&request);
    world.assert_done(&outcome);
    assert_eq!((outcome.reason, outcome.parts_reused), (None, held));
    assert!(world.requests(Operation::AbortMultipartUpload).is_empty());
}

#[test]
fn a_token_that_is_not_needed_is_told_of_where_its_upload_is_another() {
    let world = World::new(2 * MIB);
    let first = paused(&world);
    let of_the_record = paused_at_once(&world, &world.request()).resume_token().unwrap();
    let upload = half_way(&world);
    let of_another = upload.resume_token().unwrap();
    upload.pause().unwrap();
    let theirs = finish(&upload).upload_id.unwrap();
    world.server.release();
    let with = |token: &str| {
        let mut request = world.request();
        request.set_resume_token(token);
        request
    };
    world.fault(Operation::UploadPart, 100, Action::Deny);
    assert_eq!(world.upload(&with(&of_the_record)).warnings, [""; 0]);
    world.server.clear_faults();
    let outcome = world.upload(&with(&of_another));
    world.assert_done(&outcome);
    assert_eq!(outcome.upload_id, first.upload_id);
    assert!(outcome.warnings.iter().any(|warning| warning.contains(&theirs)), "{:?}", outcome.warnings);
}

#[test]
fn a_token_that_does_not_fit_loses_nothing() {
    let world = World::new(2 * MIB);
    let token = token_of_a_paused_upload(&world);
    let mut request = without_a_record(&world);
    request.set_resume_token(&token);

    let mut other_key = request.clone();
    other_key.set_key("other").unwrap();
    let error = world.client().upload(&other_key).unwrap_err();
    assert!(error.kind() == Kind::InvalidArgument && error.to_string().contains("resume token"), "{error}");
    let mut cut = request.clone();
    cut.set_resume_token(&token[..token.len() - 1]);
    assert_eq!(world.client().upload(&cut).unwrap_err().kind(), Kind::InvalidArgument);

    let mut other_options = request.clone();
    other_options.set_content_type("text/plain").unwrap();
    assert_eq!(kind(&world.upload(&other_options)), Some(Kind::InvalidArgument));
    let longer = world.folder.path().join("longer");
    std::fs::write(&longer, [&world.bytes[..], b"!"].concat()).unwrap();
    let mut other_file = request.clone();
    other_file.set_upload_file(&longer).unwrap();
    assert_eq!(kind(&world.upload(&other_file)), Some(Kind::SourceChanged));

    other_file.set_enable_checkpoint(true);
    assert_eq!(kind(&world.upload(&other_file)), Some(Kind::SourceChanged));
    assert_eq!(support::names_in(world.folder.path()), ["file.bin", "longer"]);

    assert_eq!(world.server.uploads().len(), 1);
    world.assert_done(&world.upload(&request));
}

#[test]
fn a_token_holds_no_secret() {
    use base64::Engine;
    let world = World::new(2 * MIB);
    let upload = half_way(&world);
    let token = upload.resume_token().unwrap();
    upload.abort().unwrap();
    finish(&upload);
    let body = token.split('.').nth(1).unwrap();
    let bytes = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(body).unwrap();
    let text = String::from_utf8(bytes).unwrap();
    assert!(text.contains("bucket") && text.contains("\"part\""));
    for secret in ["\"sk\"", "\"ak\"", "signature", "Authorization"] {
        assert!(!text.contains(secret), "{text}");
    }
}
