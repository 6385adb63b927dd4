//! Each switch of the faces has its effect, and nothing but that.

#![allow(clippy::unwrap_used, reason = "a test ends at the first surprise")]

mod support;

use std::io::Read;

use oss_server::{AccessKey, Date, Faces, Options, OssServer, RepeatedComplete, Space};
use support::{Answer, BUCKET, call, complete, initiate, part, send_part};

const CRC: &str = "x-oss-hash-crc64ecma";

fn with(change: impl FnOnce(&mut Faces)) -> OssServer {
    let mut options = Options::default();
    change(&mut options.faces);
    support::start(options)
}

/// An upload of one part, up to the answer to its Complete.
fn completed(server: &OssServer, key: &str) -> (String, String, Answer) {
    let id = initiate(server, key);
    let etag = send_part(server, key, &id, 1, b"123456789");
    let answer = complete(key, &id, &[(1, &etag)]).send(server);
    (id, etag, answer)
}

/// All that comes on the wire in answer to a call.
fn raw(server: &OssServer, call: support::Call) -> String {
    let mut text = String::new();
    call.open(server).read_to_string(&mut text).unwrap();
    text
}

#[test]
fn a_crc_may_be_missing_from_each_answer_alone() {
    type Change = fn(&mut Faces);
    let faces: [(&str, Change); 6] = [
        ("none", |_| {}),
        ("put", |faces| faces.crc_on_put = false),
        ("part", |faces| faces.crc_on_upload_part = false),
        ("list", |faces| faces.crc_on_list_parts = false),
        ("complete", |faces| faces.crc_on_complete = false),
        ("head", |faces| faces.crc_on_head = false),
    ];
    for (missing, change) in faces {
        let server = with(change);
        let put = call("PUT", "k").body("x").send(&server);
        let id = initiate(&server, "k");
        let sent = part("k", &id, 1, "x").send(&server);
        let listed = call("GET", "k").query("uploadId", &id).send(&server);
        let end = complete("k", &id, &[(1, sent.header("etag").unwrap())]).send(&server);
        let head = call("HEAD", "k").send(&server);
        let told = [
            ("put", put.header(CRC).is_some()),
            ("part", sent.header(CRC).is_some()),
            ("list", listed.element("HashCrc64ecma").is_some()),
            ("complete", end.header(CRC).is_some()),
            ("head", head.header(CRC).is_some()),
        ];
        for (name, is_told) in told {
            assert_eq!(is_told, name != missing, "{name} without {missing}");
        }
    }
}

#[test]
fn etags_may_be_no_md5_and_bare() {
    let server = with(|faces| faces.etag_is_md5 = false);
    let put = call("PUT", "k").body("123456789").send(&server);
    assert_eq!(put.header("etag"), Some("\"995DC9BBDF1939FA995DC9BBDF1939FA\""));

    let server = with(|faces| faces.etag_in_quotes = false);
    let (_, etag, end) = completed(&server, "k");
    assert_eq!(etag, "25F9E794323B453885F5181F1B624D0B");
    assert_eq!(end.element("ETag").as_deref(), end.header("etag"));
    assert!(!end.header("etag").unwrap().contains('"'));
    assert!(!call("HEAD", "k").send(&server).header("etag").unwrap().contains('"'));
}

#[test]
fn complete_may_insist_on_quotes() {
    for takes_bare in [true, false] {
        let server = with(|faces| faces.bare_etags_in_complete = takes_bare);
        let id = initiate(&server, "k");
        let etag = send_part(&server, "k", &id, 1, b"x");
        let answer = complete("k", &id, &[(1, etag.trim_matches('"'))]).send(&server);
        match takes_bare {
            true => assert_eq!(answer.status, 200),
            false => answer.assert_error(400, "InvalidPart"),
        }
        assert_eq!(complete("k", &id, &[(1, &etag)]).send(&server).status, if takes_bare { 404 } else { 200 });
    }
}

#[test]
fn an_empty_list_of_parts_may_be_an_empty_object() {
    let server = with(|faces| faces.empty_part_list = true);
    complete("k", &initiate(&server, "k"), &[]).send(&server).assert_ok();
    let object = server.object(BUCKET, "k").unwrap();
    assert_eq!((object.size, object.crc64), (0, 0));
}

#[test]
fn a_repeated_complete_has_three_answers() {
    for (face, status) in
        [(RepeatedComplete::Repeated, 200), (RepeatedComplete::NotFound, 404), (RepeatedComplete::Conflict, 409)]
    {
        let server = with(|faces| faces.repeated_complete = face);
        let (id, etag, first) = completed(&server, "k");
        first.assert_ok();
        assert_eq!(complete("k", &id, &[(1, &etag)]).send(&server).status, status);
    }
}

#[test]
fn a_completed_upload_may_still_be_listed() {
    for listed in [false, true] {
        let server = with(|faces| faces.completed_uploads_are_listed = listed);
        let (id, etag, _) = completed(&server, "k");
        let list = call("GET", "k").query("uploadId", &id).send(&server);
        match listed {
            false => list.assert_error(404, "NoSuchUpload"),
            true => assert_eq!(list.element("ETag"), Some(etag)),
        }
    }
}

#[test]
fn overwriting_may_be_forbidden_at_initiate_or_be_no_matter() {
    let forbid = |method, key| call(method, key).header("x-oss-forbid-overwrite", "true");
    let server = with(|faces| faces.forbid_overwrite_at_initiate = true);
    server.put_object(BUCKET, "k", b"old").unwrap();
    forbid("POST", "k").query("uploads", "").send(&server).assert_error(409, "FileAlreadyExists");

    let server = with(|faces| faces.versioned = true);
    let version = |answer: &Answer| answer.assert_ok().header("x-oss-version-id").unwrap().to_owned();
    let first = version(&forbid("PUT", "k").body("one").send(&server));
    let second = version(&forbid("PUT", "k").body("two").send(&server));
    assert_ne!(first, second);
    assert_eq!(version(&call("HEAD", "k").send(&server)), second);
    assert_ne!(version(&completed(&server, "k").2), second);
}

#[test]
fn a_traffic_limit_may_be_lower() {
    let server = with(|faces| faces.slowest_traffic_limit = 245_760);
    let limited = |limit: &str| call("PUT", "k").header("x-oss-traffic-limit", limit).body("x").send(&server);
    limited("245760").assert_ok();
    limited("245759").assert_error(400, "InvalidArgument");
}

#[test]
fn names_may_come_in_another_encoding_or_in_none() {
    let key_in_answer = |server: &OssServer| {
        let answer = call("POST", "a b").query("uploads", "").query("encoding-type", "url").send(server);
        (answer.element("EncodingType"), answer.element("Key").unwrap())
    };
    let url = || Some("url".to_owned());
    assert_eq!(key_in_answer(&with(|_| {})), (url(), "a%20b".to_owned()));
    assert_eq!(key_in_answer(&with(|faces| faces.space_in_url_encoding = Space::Plus)), (url(), "a+b".to_owned()));
    assert_eq!(key_in_answer(&with(|faces| faces.encodes_names = false)), (None, "a b".to_owned()));
}

#[test]
fn documents_may_be_dressed_up() {
    let server = with(|faces| {
        faces.xml_namespace = true;
        faces.xml_bom = true;
        faces.xml_unknown_elements = true;
    });
    let id = initiate(&server, "k");
    send_part(&server, "k", &id, 1, b"x");
    let list = call("GET", "k").query("uploadId", &id).send(&server).text();
    assert!(list.starts_with("\u{feff}<?xml"), "{list}");
    assert!(list.contains("<ListPartsResult xmlns=\"http://"), "{list}");
    assert_eq!(list.matches("<OfTomorrow").count(), 2, "one for the root, one for its part: {list}");
    assert!(list.ends_with("</Part></ListPartsResult>"), "{list}");
}

#[test]
fn errors_may_be_json_and_heads_may_be_silent() {
    let server = with(|faces| faces.errors_as_json = true);
    let answer = call("GET", "absent").send(&server);
    let error: serde_json::Value = serde_json::from_slice(&answer.body).unwrap();
    assert_eq!((answer.status, &error["Error"]["Code"]), (404, &"NoSuchKey".into()));
    assert_eq!(answer.header("content-type"), Some("application/json"));

    let server = with(|faces| faces.error_in_header = false);
    let answer = call("HEAD", "absent").send(&server);
    assert_eq!((answer.status, answer.header("x-oss-err")), (404, None));
}

#[test]
fn headers_may_look_otherwise() {
    let server = with(|faces| faces.request_id_in_header = false);
    let answer = call("GET", "absent").send(&server);
    assert_eq!(answer.header("x-oss-request-id"), None);
    assert!(answer.element("RequestId").is_some());

    let server = with(|faces| faces.title_case_headers = true);
    assert!(raw(&server, call("PUT", "k")).contains("\r\nX-Oss-Hash-Crc64ecma: "));

    for (face, date) in [(Date::Epoch, Some("Thu, 01 Jan 1970 00:00:00 GMT")), (Date::Missing, None)] {
        let server = with(|faces| faces.date = face);
        assert_eq!(call("GET", "absent").send(&server).header("date"), date);
    }
}

#[test]
fn connections_may_end_with_each_answer() {
    for keep_alive in [true, false] {
        let server = with(|faces| faces.keep_alive = keep_alive);
        let closes = support::head_of(&server, "GET /bucket/absent HTTP/1.1\r\nHost: localhost\r\n\r\n");
        assert_eq!(closes.to_ascii_lowercase().contains("connection: close"), !keep_alive, "{closes}");
    }
}

#[test]
fn an_answer_may_be_chunked_or_come_after_a_continue_that_nobody_asked_for() {
    let server = with(|faces| faces.chunked = true);
    let text = raw(&server, call("GET", "absent"));
    assert!(text.contains("transfer-encoding: chunked") && text.ends_with("\r\n0\r\n\r\n"), "{text}");

    let server = with(|faces| faces.unasked_continue = true);
    let text = raw(&server, call("PUT", "k"));
    assert!(text.starts_with("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n"), "{text}");
    assert_eq!(text.matches("100 Continue").count(), 1);
}

#[test]
fn signatures_may_be_looked_at_more_strictly() {
    let send = |server: &OssServer, authorization: &str| {
        let endpoint = server.endpoint();
        let address = endpoint.trim_start_matches("http://");
        let payload = ("x-oss-content-sha256".to_owned(), "UNSIGNED-PAYLOAD".to_owned());
        let headers = [("authorization".to_owned(), authorization.to_owned()), payload];
        support::exchange(address, address, "GET", "/bucket/k", &headers, b"").unwrap()
    };
    let server = with(|faces| faces.signature_v1 = false);
    let answer = send(&server, "OSS ak:signature");
    assert_eq!((answer.status, answer.header("x-oss-ec")), (403, Some("0002-00000080")));
    call("PUT", "k").body("x").send(&server).assert_ok();

    let server = with(|faces| faces.loose_authorization = false);
    call("PUT", "k").body("x").send(&server).assert_ok();
    let fields = |authorization: &str| send(&server, authorization).element("ArgumentName");
    for odd in [
        "OSS4-HMAC-SHA256 Credential=ak/x, Signature=y",
        "OSS4-HMAC-SHA256  Credential=ak/x,Signature=y",
        "OSS4-HMAC-SHA256 Signature=y,Credential=ak/x",
    ] {
        assert_eq!(fields(odd).as_deref(), Some("Authorization"), "{odd}");
    }
    assert_eq!(fields("OSS4-HMAC-SHA256 Credential=ak/x,Signature=y").as_deref(), Some("Credential"));
}

#[test]
fn an_expired_token_may_be_a_400() {
    let mut options =
        Options { access_keys: vec![AccessKey::temporary("STS.old", "sk", "token", Some(1))], ..Options::default() };
    options.faces.expired_token_status = 400;
    let server = support::start(options);
    let mut late = call("GET", "k").header("x-oss-security-token", "token");
    late.id = "STS.old".to_owned();
    late.send(&server).assert_error(400, "SecurityTokenExpired");
}
