//! The same whole uploads under every face that the service may show.

#![allow(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

#[path = "support/application.rs"]
mod application;
mod scenarios;
mod support;

use oss_server::{AccessKey, Action, Date, Error, Faces, Operation, Options, OssServer, RepeatedComplete, Space};
use ossup::Kind;
use scenarios::{Place, every_scenario_passes_at};
use std::time::Duration;
use support::{PART, World, finish, kind, start};

type Change = fn(&mut Faces);

fn every_scenario_passes_under(change: Change) {
    let mut options = Options::default();
    change(&mut options.faces);
    let server = OssServer::start(options).unwrap();
    server.create_bucket("bucket");
    every_scenario_passes_at(&Place::in_stand_in(&server.endpoint()));
    assert_eq!(server.uploads(), []);
}

/// A test for each face, and the list of them.
macro_rules! faces {
    ($($name:ident: $change:expr;)*) => {
        const FACES: &[(&str, Change)] = &[$((stringify!($name), $change)),*];
        $(
            #[test]
            fn $name() {
                every_scenario_passes_under($change);
            }
        )*
    };
}

faces! {
    plain: |_| {};
    no_crc_on_put: |faces| faces.crc_on_put = false;
    no_crc_on_upload_part: |faces| faces.crc_on_upload_part = false;
    no_crc_on_list_parts: |faces| faces.crc_on_list_parts = false;
    no_crc_on_complete: |faces| faces.crc_on_complete = false;
    no_crc_with_a_callback: |faces| faces.crc_with_callback = false;
    no_crc_on_head: |faces| faces.crc_on_head = false;
    no_crc_at_all: |faces| {
        faces.crc_on_put = false;
        faces.crc_on_upload_part = false;
        faces.crc_on_list_parts = false;
        faces.crc_on_complete = false;
        faces.crc_on_head = false;
    };
    etags_that_are_no_md5: |faces| faces.etag_is_md5 = false;
    etags_without_quotes: |faces| faces.etag_in_quotes = false;
    complete_insists_on_quotes: |faces| faces.bare_etags_in_complete = false;
    complete_takes_an_empty_list: |faces| faces.empty_part_list = true;
    a_repeated_complete_succeeds: |faces| faces.repeated_complete = RepeatedComplete::Repeated;
    a_repeated_complete_conflicts: |faces| faces.repeated_complete = RepeatedComplete::Conflict;
    completed_uploads_are_listed: |faces| faces.completed_uploads_are_listed = true;
    overwriting_is_forbidden_at_initiate: |faces| faces.forbid_overwrite_at_initiate = true;
    versions_are_kept: |faces| faces.versioned = true;
    a_lower_traffic_limit: |faces| faces.slowest_traffic_limit = 245_760;
    names_are_never_encoded: |faces| faces.encodes_names = false;
    a_space_is_a_plus: |faces| faces.space_in_url_encoding = Space::Plus;
    documents_in_a_namespace: |faces| faces.xml_namespace = true;
    documents_with_a_byte_order_mark: |faces| faces.xml_bom = true;
    documents_with_unknown_elements: |faces| faces.xml_unknown_elements = true;
    errors_as_json: |faces| faces.errors_as_json = true;
    head_errors_without_a_reason: |faces| faces.error_in_header = false;
    request_ids_in_bodies_alone: |faces| faces.request_id_in_header = false;
    headers_in_title_case: |faces| faces.title_case_headers = true;
    a_date_of_1970: |faces| faces.date = Date::Epoch;
    no_date: |faces| faces.date = Date::Missing;
    connections_for_one_answer: |faces| faces.keep_alive = false;
    a_continue_that_nobody_asked_for: |faces| faces.unasked_continue = true;
    chunked_answers: |faces| faces.chunked = true;
    signature_v1_is_refused: |faces| faces.signature_v1 = false;
    authorizations_in_strict_form: |faces| faces.loose_authorization = false;
    all_that_can_be_otherwise_at_once: |faces| {
        *faces = Faces {
            crc_on_put: false,
            crc_on_upload_part: false,
            crc_on_list_parts: false,
            crc_on_complete: false,
            crc_with_callback: false,
            crc_on_head: false,
            etag_is_md5: false,
            etag_in_quotes: false,
            bare_etags_in_complete: true,
            empty_part_list: true,
            repeated_complete: RepeatedComplete::Conflict,
            completed_uploads_are_listed: true,
            forbid_overwrite_at_initiate: true,
            versioned: true,
            slowest_traffic_limit: 245_760,
            encodes_names: true,
            space_in_url_encoding: Space::Plus,
            xml_namespace: true,
            xml_bom: true,
            xml_unknown_elements: true,
            errors_as_json: true,
            error_in_header: false,
            request_id_in_header: false,
            title_case_headers: true,
            date: Date::Epoch,
            keep_alive: false,
            unasked_continue: true,
            chunked: true,
            signature_v1: false,
            loose_authorization: false,
            expired_token_status: 400,
        };
    };
    an_expired_token_is_a_bad_request: |faces| faces.expired_token_status = 400;
}

#[test]
fn every_switch_is_turned_by_some_face() {
    let plain = serde_json::to_value(Faces::default()).unwrap();
    let turned: Vec<_> = FACES
        .iter()
        .map(|(_, change)| {
            let mut faces = Faces::default();
            change(&mut faces);
            serde_json::to_value(faces).unwrap()
        })
        .collect();
    for (switch, setting) in plain.as_object().unwrap() {
        assert!(turned.iter().any(|faces| faces[switch] != *setting), "no face turns {switch}");
    }
}

/// A service under each face, all at the same time.
fn under_every_face(options: &Options, act: impl Fn(World) + Sync) {
    let act = &act;
    let failed: Vec<&str> = std::thread::scope(|scope| {
        let running = FACES.iter().map(|(name, change)| {
            let mut options = options.clone();
            change(&mut options.faces);
            (*name, scope.spawn(move || act(World::with(3 * PART as usize + 1, options))))
        });
        let running: Vec<_> = running.collect();
        running.into_iter().filter_map(|(name, thread)| thread.join().is_err().then_some(name)).collect()
    });
    assert!(failed.is_empty(), "failed under: {}", failed.join(", "));
}

#[test]
fn temporary_faults_are_outlived_under_every_face() {
    under_every_face(&Options::default(), |world| {
        let unavailable = || Action::Refuse(Error { status: 503, ..Error::default() });
        world.fault(Operation::InitiateMultipartUpload, 1, unavailable());
        world.fault(Operation::UploadPart, 1, unavailable());
        world.fault(Operation::UploadPart, 1, Action::Reset { after: 5000 });
        world.fault(Operation::UploadPart, 1, Action::LoseAnswer);
        world.fault(Operation::CompleteMultipartUpload, 1, unavailable());
        world.assert_done(&world.upload(&world.request()));
        assert_eq!(world.server.uploads(), []);
    });
}

#[test]
fn a_wrong_clock_is_corrected_under_every_face() {
    for clock_offset_s in [-2 * 86_400, 2 * 86_400] {
        under_every_face(&Options { clock_offset_s, ..Options::default() }, |world| {
            world.assert_done(&world.upload(&world.request()));
            let refused = world.server.ledger().iter().filter(|entry| entry.status == Some(403)).count();
            assert_eq!(refused, 1, "only the first request was dated by the wrong clock");
        });
    }
}

#[test]
fn refusals_are_told_alike_under_every_face() {
    let keys = vec![AccessKey::temporary("old", "sk", "token", Some(1)), AccessKey::new("ak", "sk")];
    under_every_face(&Options { access_keys: keys, ..Options::default() }, |world| {
        let refused = |id: &str, secret: &str, token: Option<&str>| {
            let mut config = world.config();
            config.set_credentials(id, secret, token).unwrap();
            let outcome = finish(&start(&ossup::Client::new(&config).unwrap(), &world.request()));
            assert_eq!(kind(&outcome), Some(Kind::AccessDenied), "{outcome:?}");
            let error = outcome.error.unwrap();
            assert!(error.report().request_id.is_some(), "{error:?}");
            (error.report().oss_code.clone().unwrap(), error.to_string())
        };
        for (id, secret, token, code, advice) in [
            ("old", "sk", Some("token"), "SecurityTokenExpired", "fresh temporary credentials"),
            ("ak", "wrong", None, "SignatureDoesNotMatch", "secret"),
            ("nobody", "sk", None, "InvalidAccessKeyId", "id"),
        ] {
            let (told, message) = refused(id, secret, token);
            assert_eq!(told, code);
            assert!(message.contains(advice), "{message}");
        }
    });
}

#[test]
fn a_callback_is_told_alike_under_every_face() {
    for (status, answer, failed) in
        [("200 OK", r#"{"Status":"OK"}"#, None), ("500 No", "{}", Some(Kind::CallbackFailed))]
    {
        let (url, calls) = application::server(status, answer);
        under_every_face(&Options::default(), |world| {
            let mut request = world.request();
            request.set_callback(&url, "size=${size}").unwrap();
            let outcome = world.upload(&request);
            assert_eq!(kind(&outcome), failed, "{outcome:?}");
            assert!(world.server.object("bucket", "key").is_some_and(|object| object.bytes == world.bytes));
            match failed {
                None => {
                    world.assert_done(&outcome);
                    assert_eq!(outcome.callback_body.as_deref(), Some(answer.as_bytes()));
                }
                Some(_) => assert!(!outcome.resumable && !world.record().exists(), "{outcome:?}"),
            }
        });
        for _ in FACES {
            calls.recv_timeout(Duration::from_secs(10)).unwrap();
        }
    }
}

#[test]
fn the_service_decides_how_slow_a_traffic_limit_may_be() {
    for (slowest_traffic_limit, is_taken) in [(819_200, false), (245_760, true)] {
        let faces = Faces { slowest_traffic_limit, ..Faces::default() };
        let world = World::with(1, Options { faces, ..Options::default() });
        let mut request = world.request();
        request.set_header("x-oss-traffic-limit", "245760").unwrap();
        let outcome = world.upload(&request);
        if is_taken {
            world.assert_done(&outcome);
        } else {
            let error = outcome.error.unwrap();
            assert_eq!(error.report().ec.as_deref(), Some("0004-00000502"), "{error:?}");
            assert_eq!(error.report().attempts, 1);
        }
    }
}
