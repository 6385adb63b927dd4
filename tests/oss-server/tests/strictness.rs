//! What the server refuses, with which status, code and EC.

#![allow(clippy::unwrap_used, reason = "a test ends at the first surprise")]

mod support;

use oss_server::{AccessKey, Options};
use support::{call, complete, initiate, part, send_part, start};
use time::{Duration, OffsetDateTime};

const SMALLEST_PART: usize = 102_400;

#[test]
fn signatures_are_verified() {
    let server = start(Options {
        access_keys: vec![
            AccessKey::new("ak", "sk"),
            AccessKey::temporary("STS.now", "sk", "token", None),
            AccessKey::temporary("STS.old", "sk", "token", Some(1)),
        ],
        ..Options::default()
    });
    let head = || call("GET", "absent");
    head().send(&server).assert_error(404, "NoSuchKey");

    let mut wrong_secret = head();
    wrong_secret.secret = "other".to_owned();
    let answer = wrong_secret.send(&server);
    answer.assert_error(403, "SignatureDoesNotMatch");
    assert!(answer.element("CanonicalRequest").unwrap().starts_with("GET\n/bucket/absent\n"));
    assert_eq!(answer.element("SignatureProvided").unwrap().len(), 64);

    let mut unknown = head();
    unknown.id = "nobody".to_owned();
    unknown.send(&server).assert_error(403, "InvalidAccessKeyId");

    let mut elsewhere = head();
    elsewhere.region = "us-west-1".to_owned();
    let answer = elsewhere.send(&server);
    answer.assert_error(400, "InvalidArgument");
    assert_eq!(answer.header("x-oss-ec"), Some("0002-00000226"));

    let temporary = |id: &str, token: &str| {
        let mut call = head().header("x-oss-security-token", token);
        call.id = id.to_owned();
        call.send(&server)
    };
    temporary("STS.now", "token").assert_error(404, "NoSuchKey");
    temporary("STS.now", "other").assert_error(403, "InvalidSecurityToken");
    temporary("STS.old", "token").assert_error(403, "SecurityTokenExpired");
    temporary("ak", "token").assert_error(403, "InvalidSecurityToken");
    let mut tokenless = head();
    tokenless.id = "STS.now".to_owned();
    tokenless.send(&server).assert_error(403, "InvalidAccessKeyId");
}

#[test]
fn access_keys_come_and_go() {
    let server = start(Options::default());
    call("GET", "absent").send(&server).assert_error(404, "NoSuchKey");
    server.set_access_keys(Vec::new());
    call("GET", "absent").send(&server).assert_error(403, "InvalidAccessKeyId");
    server.set_access_keys(vec![AccessKey::new("ak", "sk")]);
    call("GET", "absent").send(&server).assert_error(404, "NoSuchKey");
}

#[test]
fn clocks_may_differ_by_fifteen_minutes() {
    let server = start(Options::default());
    let at = |seconds| {
        let mut call = call("GET", "absent");
        call.at = OffsetDateTime::now_utc() + Duration::seconds(seconds);
        call.send(&server)
    };
    at(880).assert_error(404, "NoSuchKey");
    at(-880).assert_error(404, "NoSuchKey");
    at(920).assert_error(403, "RequestTimeTooSkewed");
    let late = at(-920);
    late.assert_error(403, "RequestTimeTooSkewed");
    assert_eq!(late.element("MaxAllowedSkewMilliseconds").as_deref(), Some("900000"));
    assert!(late.element("ServerTime") > late.element("RequestTime"));
    server.set_clock_offset(-920);
    at(-920).assert_error(404, "NoSuchKey");
}

#[test]
fn without_a_signature_only_public_objects_are_read() {
    let server = start(Options::default());
    for (key, acl) in [("open", "public-read"), ("closed", "private")] {
        call("PUT", key).header("x-oss-object-acl", acl).body("text").send(&server).assert_ok();
    }
    let endpoint = server.endpoint();
    let address = endpoint.trim_start_matches("http://");
    let anonymous = |method: &str, key: &str| {
        support::exchange(address, address, method, &format!("/bucket/{key}"), &[], b"").unwrap()
    };
    assert_eq!(anonymous("GET", "open").text(), "text");
    anonymous("GET", "closed").assert_error(403, "AccessDenied");
    anonymous("PUT", "open").assert_error(403, "AccessDenied");
}

#[test]
fn names_have_rules() {
    let server = start(Options::default());
    for bucket in ["ab", "-ab", "ab-", "A-b", "a_b", &"a".repeat(64)] {
        let mut put = call("PUT", "");
        put.bucket = bucket.to_owned();
        put.send(&server).assert_error(400, "InvalidBucketName");
    }
    for key in ["/x", "\\x", &"k".repeat(1024)] {
        call("PUT", key).body("x").send(&server).assert_error(400, "InvalidObjectName");
        let begin = call("POST", key).query("uploads", "");
        begin.send(&server).assert_error(400, "InvalidObjectName");
    }
    call("PUT", &"k".repeat(1023)).body("x").send(&server).assert_ok();
    let mut elsewhere = call("PUT", "k").body("x");
    elsewhere.bucket = "absent-bucket".to_owned();
    elsewhere.send(&server).assert_error(404, "NoSuchBucket");
}

#[test]
fn parts_have_rules() {
    let server = start(Options::default());
    let id = initiate(&server, "k");
    for number in ["0", "10001", "-1", "x", ""] {
        let answer = call("PUT", "k").query("uploadId", &id).query("partNumber", number).body("x").send(&server);
        answer.assert_error(400, "InvalidArgument");
        assert_eq!(answer.header("x-oss-ec"), Some("0017-00000220"));
    }
    part("k", &id, 10_000, "x").send(&server).assert_ok();
    part("k", "absent", 1, "x").send(&server).assert_error(404, "NoSuchUpload");
    part("other", &id, 1, "x").send(&server).assert_error(404, "NoSuchUpload");
    part("k", &id, 1, "x")
        .header("x-oss-server-side-encryption", "AES256")
        .send(&server)
        .assert_error(400, "InvalidArgument");
    part("k", &id, 1, "x")
        .header("content-md5", "1B2M2Y8AsgTpgAmY7PhCfg==")
        .send(&server)
        .assert_error(400, "InvalidDigest");
    assert_eq!(server.uploads()[0].parts.len(), 1);
    part("k", &id, 1, "123456789").header("content-md5", "JfnnlDI7RTiF9RgfG2JNCw==").send(&server).assert_ok();
    let chunked = part("k", &id, 1, "1\r\nx\r\n0\r\n\r\n").header("transfer-encoding", "chunked");
    chunked.send(&server).assert_error(411, "MissingContentLength");
    let chunked = call("PUT", "chunked").body("1\r\nx\r\n0\r\n\r\n").header("transfer-encoding", "chunked");
    chunked.send(&server).assert_ok();
    assert_eq!(server.object(support::BUCKET, "chunked").unwrap().bytes, b"x");
    for limit in ["819199", "838860801", "x"] {
        let answer = part("k", &id, 1, "x").header("x-oss-traffic-limit", limit);
        answer.send(&server).assert_error(400, "InvalidArgument");
    }
}

#[test]
fn completing_has_rules() {
    let server = start(Options::default());
    let id = initiate(&server, "k");
    let small = send_part(&server, "k", &id, 1, &vec![0; SMALLEST_PART - 1]);
    let large = send_part(&server, "k", &id, 2, &vec![0; SMALLEST_PART]);
    let refused = |parts: &[(u32, &str)], code: &str, ec: Option<&str>| {
        let answer = complete("k", &id, parts).send(&server);
        answer.assert_error(400, code);
        assert_eq!(answer.header("x-oss-ec"), ec);
    };
    refused(&[(2, &large), (1, &small)], "InvalidPartOrder", Some("0042-00000209"));
    refused(&[(2, &large), (2, &large)], "InvalidPartOrder", Some("0042-00000209"));
    refused(&[(1, &large)], "InvalidPart", None);
    refused(&[(3, &large)], "InvalidPart", None);
    refused(&[(1, &small), (2, &large)], "EntityTooSmall", Some("0042-00000213"));
    refused(&[], "MalformedXML", None);
    let nonsense = call("POST", "k").query("uploadId", &id).body("nonsense");
    nonsense.send(&server).assert_error(400, "MalformedXML");
    complete("k", "absent", &[(1, &small)]).send(&server).assert_error(404, "NoSuchUpload");
    complete("k", &id, &[(2, &large)]).send(&server).assert_ok();
}

#[test]
fn overwriting_can_be_forbidden() {
    let server = start(Options::default());
    server.put_object(support::BUCKET, "k", b"old").unwrap();
    let forbid = "x-oss-forbid-overwrite";
    let put = call("PUT", "k").header(forbid, "true").body("new").send(&server);
    put.assert_error(409, "FileAlreadyExists");
    assert_eq!(put.header("x-oss-ec"), Some("0042-00000214"));
    let id = call("POST", "k").query("uploads", "").header(forbid, "true").send(&server);
    let id = id.assert_ok().element("UploadId").unwrap();
    let etag = send_part(&server, "k", &id, 1, b"new");
    let end = complete("k", &id, &[(1, &etag)]);
    end.clone().header(forbid, "true").send(&server).assert_error(409, "FileAlreadyExists");
    assert_eq!(server.object(support::BUCKET, "k").unwrap().bytes, b"old");
    end.send(&server).assert_ok();
    assert_eq!(server.object(support::BUCKET, "k").unwrap().bytes, b"new");
}

#[test]
fn the_public_service_wants_each_bucket_in_front_of_its_own_regions_host() {
    let server = start(Options::default());
    let endpoint = server.endpoint();
    let address = endpoint.trim_start_matches("http://");
    let at = |host: &str, target: &str| support::exchange(address, host, "GET", target, &[], b"").unwrap();
    at("bucket.oss-cn-hangzhou.aliyuncs.com", "/k").assert_error(403, "AccessDenied");
    at("bucket.oss-cn-hangzhou-internal.aliyuncs.com", "/k").assert_error(403, "AccessDenied");
    at("oss-cn-hangzhou.aliyuncs.com", "/bucket/k").assert_error(403, "SecondLevelDomainForbidden");
    let elsewhere = at("bucket.oss-us-west-1.aliyuncs.com", "/k");
    elsewhere.assert_error(403, "AccessDenied");
    assert_eq!(elsewhere.element("Endpoint").as_deref(), Some("oss-cn-hangzhou.aliyuncs.com"));
    assert_eq!(at("bucket.oss-cn-hangzhou.aliyuncs.com", "/k").element("Endpoint"), None);
}

#[test]
fn metadata_has_less_than_8_kib() {
    let server = start(Options::default());
    let with = |size: usize| {
        let value = "v".repeat(size - "x-oss-meta-a".len());
        [call("PUT", "k").body("x"), call("POST", "k").query("uploads", "")]
            .map(|call| call.header("x-oss-meta-a", &value).send(&server))
    };
    for answer in with(8191) {
        answer.assert_ok();
    }
    for answer in with(8192) {
        answer.assert_error(400, "InvalidArgument");
        assert_eq!(answer.header("x-oss-ec"), Some("0011-00000002"));
    }
}

#[test]
fn a_head_that_fails_carries_its_error_in_a_header() {
    use base64::Engine;
    let server = start(Options::default());
    let answer = call("HEAD", "absent").send(&server);
    assert_eq!((answer.status, answer.body.as_slice()), (404, b"".as_slice()));
    let error = base64::engine::general_purpose::STANDARD.decode(answer.header("x-oss-err").unwrap()).unwrap();
    assert!(String::from_utf8(error).unwrap().contains("<Code>NoSuchKey</Code>"));
}

#[test]
fn what_is_not_offered_is_said() {
    let server = start(Options::default());
    for answer in [
        call("PUT", "k").query("tagging", "").body("x").send(&server),
        call("DELETE", "").send(&server),
        call("POST", "k").query("append", "").send(&server),
    ] {
        answer.assert_error(501, "NotImplemented");
    }
}
