//! A walk through every operation, with a bare HTTP client.

#![allow(clippy::unwrap_used, reason = "a test ends at the first surprise")]

mod support;

use oss_server::Options;
use support::{BUCKET, call, complete, initiate, part, send_part, start};

/// CRC-64 of 100 KiB and of 200 KiB of zeros, from the protocol's own vectors.
const CRC_100K: &str = "15337097285471591505";
const CRC_200K: &str = "2302632071414214053";
const SMALLEST_PART: usize = 102_400;

#[test]
fn a_bucket_is_made() {
    let server = start(Options::default());
    let mut make = call("PUT", "");
    make.bucket = "another-one".to_owned();
    make.send(&server).assert_ok();
    let mut info = call("GET", "").query("bucketInfo", "");
    info.bucket = "another-one".to_owned();
    assert_eq!(info.send(&server).element("Name").as_deref(), Some("another-one"));
}

#[test]
fn an_object_is_put_read_and_deleted() {
    let server = start(Options::default());
    let key = "dir/a b+c%//中文 😀.bin";
    let put = call("PUT", key)
        .header("content-type", "text/plain")
        .header("cache-control", "no-cache")
        .header("x-oss-meta-author", "alice")
        .header("x-oss-storage-class", "IA")
        .header("x-oss-tagging", "a=1&b=2")
        .header("x-oss-object-acl", "private")
        .body("123456789")
        .send(&server);
    put.assert_ok();
    assert_eq!(put.header("etag"), Some("\"25F9E794323B453885F5181F1B624D0B\""));
    assert_eq!(put.header("x-oss-hash-crc64ecma"), Some("11051210869376104954"));

    for method in ["HEAD", "GET"] {
        let answer = call(method, key).send(&server);
        assert_eq!(answer.status, 200);
        for (name, value) in [
            ("content-length", "9"),
            ("content-type", "text/plain"),
            ("cache-control", "no-cache"),
            ("etag", "\"25F9E794323B453885F5181F1B624D0B\""),
            ("x-oss-meta-author", "alice"),
            ("x-oss-storage-class", "IA"),
            ("x-oss-tagging-count", "2"),
            ("x-oss-object-type", "Normal"),
            ("x-oss-hash-crc64ecma", "11051210869376104954"),
        ] {
            assert_eq!(answer.header(name), Some(value), "{method} {name}");
        }
        assert_eq!(answer.body, if method == "GET" { b"123456789".as_slice() } else { b"" });
    }
    call("PUT", "empty").send(&server).assert_ok();
    assert_eq!(call("HEAD", "empty").send(&server).header("content-length"), Some("0"));
    let range = call("GET", key).header("range", "bytes=2-4").send(&server);
    assert_eq!((range.status, range.text().as_str()), (206, "345"));
    assert_eq!(range.header("content-range"), Some("bytes 2-4/9"));
    let acl = call("GET", key).query("acl", "").send(&server);
    assert_eq!(acl.element("Grant").as_deref(), Some("private"));
    assert_eq!(server.object(BUCKET, key).unwrap().bytes, b"123456789");

    assert_eq!(call("DELETE", key).send(&server).status, 204);
    call("GET", key).send(&server).assert_error(404, "NoSuchKey");
}

#[test]
fn parts_become_an_object() {
    let server = start(Options::default());
    let begun = call("POST", "k").query("uploads", "").header("x-oss-meta-a", "b").send(&server);
    let id = begun.assert_ok().element("UploadId").unwrap();
    let zeros = vec![0; SMALLEST_PART];
    let first = part("k", &id, 1, zeros.clone()).send(&server);
    assert_eq!(first.header("x-oss-hash-crc64ecma"), Some(CRC_100K));
    let etag = first.header("etag").unwrap();
    send_part(&server, "k", &id, 3, &zeros);
    let answer = complete("k", &id, &[(1, etag), (3, etag)]).header("x-oss-object-acl", "public-read").send(&server);
    answer.assert_ok();
    assert_eq!(answer.header("x-oss-hash-crc64ecma"), Some(CRC_200K));
    assert!(answer.element("ETag").unwrap().ends_with("-2\""));
    let object = server.object(BUCKET, "k").unwrap();
    assert_eq!(object.bytes, vec![0; 2 * SMALLEST_PART]);
    assert_eq!((object.crc64.to_string().as_str(), object.acl.as_str()), (CRC_200K, "public-read"));
    let head = call("HEAD", "k").send(&server);
    assert_eq!(head.header("x-oss-object-type"), Some("Multipart"));
    assert_eq!(head.header("x-oss-meta-a"), Some("b"));
    assert_eq!(server.uploads(), []);
    complete("k", &id, &[(1, etag)]).send(&server).assert_error(404, "NoSuchUpload");
}

#[test]
fn a_range_may_lie_across_parts() {
    let server = start(Options::default());
    let id = initiate(&server, "k");
    let one = send_part(&server, "k", &id, 1, &vec![b'1'; SMALLEST_PART]);
    let two = send_part(&server, "k", &id, 2, &vec![b'2'; SMALLEST_PART]);
    let three = send_part(&server, "k", &id, 3, b"333");
    complete("k", &id, &[(1, &one), (2, &two), (3, &three)]).send(&server).assert_ok();
    let range = |range: &str| call("GET", "k").header("range", range).send(&server).text();
    assert_eq!(range("bytes=102398-102401"), "1122");
    assert_eq!(range("bytes=204798-"), "22333");
    assert_eq!(range("bytes=-2"), "33");
}

#[test]
fn all_parts_are_taken_when_the_client_says_so() {
    let server = start(Options::default());
    let id = initiate(&server, "k");
    send_part(&server, "k", &id, 2, b"tail");
    send_part(&server, "k", &id, 1, &vec![b'h'; SMALLEST_PART]);
    let all = |body: &str| {
        call("POST", "k").query("uploadId", &id).header("x-oss-complete-all", "yes").body(body).send(&server)
    };
    all("<CompleteMultipartUpload/>").assert_error(400, "InvalidArgument");
    all("").assert_ok();
    assert!(server.object(BUCKET, "k").unwrap().bytes.ends_with(b"hhtail"));
}

#[test]
fn a_part_sent_again_replaces_the_first() {
    let server = start(Options::default());
    let id = initiate(&server, "k");
    let old = send_part(&server, "k", &id, 1, b"old");
    let new = send_part(&server, "k", &id, 1, b"new");
    complete("k", &id, &[(1, &old)]).send(&server).assert_error(400, "InvalidPart");
    complete("k", &id, &[(1, &new)]).send(&server).assert_ok();
    assert_eq!(server.object(BUCKET, "k").unwrap().bytes, b"new");
}

#[test]
fn parts_are_listed_page_by_page() {
    let server = start(Options::default());
    let id = initiate(&server, "dir/a b");
    for number in [1, 2, 5, 7, 9] {
        send_part(&server, "dir/a b", &id, number, &vec![0; number as usize]);
    }
    let page = |marker: &str| {
        call("GET", "dir/a b")
            .query("uploadId", &id)
            .query("max-parts", 2)
            .query("part-number-marker", marker)
            .query("encoding-type", "url")
            .send(&server)
    };
    let mut seen = Vec::new();
    let mut marker = "0".to_owned();
    for turn in 0.. {
        assert!(turn < 3, "the pages do not end: {seen:?}");
        let answer = page(&marker);
        assert_eq!(answer.element("Key").as_deref(), Some("dir%2Fa%20b"));
        assert_eq!(answer.elements("HashCrc64ecma").len(), answer.elements("Part").len());
        seen.extend(answer.elements("PartNumber").into_iter().zip(answer.elements("Size")));
        marker = answer.element("NextPartNumberMarker").unwrap();
        if answer.element("IsTruncated").as_deref() == Some("false") {
            break;
        }
    }
    let expected = ["1", "2", "5", "7", "9"].map(|n| (n.to_owned(), n.to_owned()));
    assert_eq!(seen, expected);
    for bad in ["0", "1001", "x"] {
        let answer = call("GET", "dir/a b").query("uploadId", &id).query("max-parts", bad);
        answer.send(&server).assert_error(400, "InvalidArgument");
    }
}

#[test]
fn uploads_are_listed_page_by_page() {
    let server = start(Options::default());
    for key in ["a/1", "a/1", "a/2", "b", "c/x/1", "c/y"] {
        initiate(&server, key);
    }
    let list = |prefix: &str, delimiter: &str, most: u32| {
        let mut keys = Vec::new();
        let (mut key_marker, mut id_marker) = (String::new(), String::new());
        loop {
            assert!(keys.len() <= 6, "the pages do not end: {keys:?}");
            let answer = call("GET", "")
                .query("uploads", "")
                .query("prefix", prefix)
                .query("delimiter", delimiter)
                .query("max-uploads", most)
                .query("key-marker", &key_marker)
                .query("upload-id-marker", &id_marker)
                .send(&server);
            let of = |node: &str, name: &str| -> Vec<String> {
                let nodes = answer.elements(node).into_iter();
                nodes
                    .map(|inside| {
                        inside.split(&format!("<{name}>")).nth(1).unwrap().split('<').next().unwrap().to_owned()
                    })
                    .collect()
            };
            keys.extend(of("Upload", "Key"));
            keys.extend(of("CommonPrefixes", "Prefix"));
            if answer.element("IsTruncated").as_deref() == Some("false") {
                return keys;
            }
            key_marker = answer.element("NextKeyMarker").unwrap();
            id_marker = answer.element("NextUploadIdMarker").unwrap();
        }
    };
    assert_eq!(list("", "", 1), ["a/1", "a/1", "a/2", "b", "c/x/1", "c/y"]);
    assert_eq!(list("a/", "", 2), ["a/1", "a/1", "a/2"]);
    assert_eq!(list("", "/", 1), ["a/", "b", "c/"]);
    assert_eq!(list("c/", "/", 1000), ["c/y", "c/x/"]);
}

#[test]
fn an_aborted_upload_is_gone() {
    let server = start(Options::default());
    let id = initiate(&server, "k");
    send_part(&server, "k", &id, 1, b"part");
    let abort = call("DELETE", "k").query("uploadId", &id);
    assert_eq!(abort.clone().send(&server).status, 204);
    abort.send(&server).assert_error(404, "NoSuchUpload");
    part("k", &id, 2, "x").send(&server).assert_error(404, "NoSuchUpload");
    call("GET", "k").query("uploadId", &id).send(&server).assert_error(404, "NoSuchUpload");
}

#[test]
fn counting_keeps_sizes_and_sums_but_no_bytes() {
    let server = start(Options { counting: true, ..Options::default() });
    let id = initiate(&server, "k");
    let zeros = vec![0; SMALLEST_PART];
    let etag = send_part(&server, "k", &id, 1, &zeros);
    assert_eq!(etag, send_part(&server, "k", &id, 2, &zeros));
    let answer = complete("k", &id, &[(1, &etag), (2, &etag)]).send(&server);
    assert_eq!(answer.assert_ok().header("x-oss-hash-crc64ecma"), Some(CRC_200K));
    let head = call("HEAD", "k").send(&server);
    assert_eq!(head.header("content-length"), Some("204800"));
    call("GET", "k").send(&server).assert_error(501, "NotImplemented");
    part("k", &initiate(&server, "k"), 1, "x")
        .header("content-md5", "1B2M2Y8AsgTpgAmY7PhCfg==")
        .send(&server)
        .assert_error(400, "InvalidDigest");
}

#[test]
fn the_folder_is_empty_afterwards() {
    let folder = tempfile::tempdir().unwrap();
    let server = start(Options { dir: Some(folder.path().to_owned()), ..Options::default() });
    let files = || std::fs::read_dir(folder.path()).unwrap().count();
    let id = initiate(&server, "k");
    send_part(&server, "k", &id, 1, b"one");
    assert_eq!(files(), 1);
    send_part(&server, "k", &id, 1, b"one again");
    assert_eq!(files(), 1);
    drop(server);
    assert_eq!(files(), 0);
}
