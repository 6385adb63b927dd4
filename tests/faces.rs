//! The same whole uploads under every face that the service may show.

#![allow(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

mod scenarios;

use oss_server::{Date, Faces, Options, OssServer, RepeatedComplete, Space};
use scenarios::{Place, every_scenario_passes_at};

type Change = fn(&mut Faces);

fn every_scenario_passes_under(change: Change) {
    let mut options = Options::default();
    change(&mut options.faces);
    let server = OssServer::start(options).unwrap();
    server.create_bucket("bucket");
    every_scenario_passes_at(&Place {
        endpoint: server.endpoint(),
        region: "cn-hangzhou".to_owned(),
        bucket: "bucket".to_owned(),
        access_key_id: "ak".to_owned(),
        access_key_secret: "sk".to_owned(),
        security_token: None,
        prefix: String::new(),
    });
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
