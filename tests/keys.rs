//! Keys of all kinds are uploaded, listed and read back as they are, or refused by name before anything is sent.

#![allow(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

#[path = "support/proxied.rs"]
mod proxied;
mod scenarios;

use oss_server::{Action, Fault, Operation, Options, OssServer, When};
use scenarios::{Courier, Place, courier};
use std::time::{Duration, Instant};

const PUBLIC: &str = "http://oss-cn-hangzhou.aliyuncs.com";
const SIZE: usize = 102_401;
const LONGEST_WAIT: Duration = Duration::from_secs(120);

fn good_keys() -> Vec<String> {
    let mut keys: Vec<String> = [
        // Spaces, and what some take for one.
        "a b",
        " leading",
        "trailing ",
        "  ",
        "a+b",
        "+",
        "a\u{a0}b",
        "a\u{3000}b",
        // What looks encoded, or ends an encoding too early.
        "%",
        "%%",
        "a%20b",
        "a%2Fb",
        "%2e%2e",
        "%00",
        "%zz",
        "100%",
        "a%2",
        // Slashes and dots that are no segments to be folded.
        "a//b",
        "a///b",
        "folder/",
        "folder//",
        "...",
        ".hidden",
        "a/.hidden",
        "a/...",
        "..a/b",
        "a/b..",
        "trailing.",
        // What means something in a URL.
        "a?b",
        "?",
        "a?b=c&d=e",
        "a#b",
        "#",
        "a;b",
        "a=b",
        "a&b",
        "a:b",
        "http://host/a",
        "a@b",
        "a,b",
        "a!b",
        "a$b",
        // What means something in XML, a shell, a header or a query of OSS.
        "a<b>c",
        "a&amp;b",
        "]]>",
        "<!--",
        "\"quoted\"",
        "it's",
        "`a`",
        "a|b",
        "a*b",
        "a~b",
        "a^b",
        "{a}",
        "[a]",
        "(a)",
        r"a\b",
        r"a\..\b",
        "uploads",
        "?uploads",
        "a?uploadId=1&partNumber=2",
        "a\u{feff}",
        // Control characters.
        "\u{1}",
        "a\u{7}b",
        "a\tb",
        "a\nb",
        "a\r\nb",
        "a\u{1b}[31mb",
        "a\u{1f}b",
        "a\u{7f}b",
        "a\u{85}b",
        // Other scripts, directions and ways to write the same.
        "文件/数据 1.bin",
        "ファイル",
        "파일",
        "файл",
        "αρχείο",
        "עברית",
        "عربى",
        "a\u{202e}gpj.exe",
        "नमस्ते",
        "é (composed)",
        "e\u{301} (decomposed)",
        "ﬁ",
        "ß",
        "İ",
        "a\u{200b}b",
        "a\u{200d}b",
        "🎉",
        "👩‍👩‍👧‍👦",
        "🏴\u{e0067}\u{e0062}\u{e007f}",
        "\u{10ffff}",
        "\u{fffd}",
    ]
    .map(str::to_owned)
    .to_vec();
    keys.extend(["k".repeat(1023), "中".repeat(341), " ".repeat(1023), "/a".repeat(511).split_off(1)]);
    keys.sort();
    keys
}

#[test]
fn there_are_enough_of_them_and_none_twice() {
    let keys = good_keys();
    assert!(keys.len() >= 60, "only {}", keys.len());
    assert!(keys.is_sorted_by(|one, next| one < next));
}

#[test]
fn keys_that_would_not_arrive_are_refused_by_name() {
    let mut request = ossup::Request::default();
    let too_long = ["k".repeat(1024), "中".repeat(342)];
    let refused =
        ["", "/", "/a", "//a", "\\", r"\a", ".", "..", "./a", "../a", "a/.", "a/..", "a/./b", "a/../b", "\0", "a\0b"];
    for key in refused.into_iter().chain(too_long.iter().map(String::as_str)) {
        let refusal = request.set_key(key).expect_err(key);
        assert_eq!(refusal.kind(), ossup::Kind::InvalidArgument, "{key:?}");
        assert!(refusal.to_string().starts_with("Key "), "{key:?}: {refusal}");
    }
}

/// Uploads a file of its own to each key, all at once.
fn send(endpoint: &str, version: u32) {
    let place = Place::in_stand_in(endpoint);
    let mut config = place.config();
    config.set_signature_version(version).unwrap();
    // The server completes none before it has seen them all.
    config.set_max_uploads(0);
    let client = ossup::Client::new(&config).unwrap();
    let courier = Courier::new(&place, "keys");
    let keys = good_keys();
    let uploads: Vec<_> = keys
        .iter()
        .enumerate()
        .map(|(index, key)| {
            let name = index.to_string();
            std::fs::write(courier.file(&name), contents(key)).unwrap();
            let mut request = courier.request(&name);
            request.set_key(key).unwrap();
            request.set_enable_checkpoint(false);
            courier::start(&client, &request)
        })
        .collect();
    for (key, upload) in keys.iter().zip(&uploads) {
        let outcome = courier::finish(upload);
        assert!(outcome.error.is_none(), "{key:?}: {outcome:?}");
    }
}

/// Two parts that no other key's file has.
fn contents(key: &str) -> Vec<u8> {
    key.bytes().chain([b'\n']).cycle().take(SIZE).collect()
}

/// A stand-in that completes nothing for now.
fn patient_server() -> OssServer {
    let server = OssServer::start(Options::default()).unwrap();
    server.create_bucket("bucket");
    let not_now = Action::Hold { applied: false };
    server.add_fault(Fault { when: When::operation(Operation::CompleteMultipartUpload), then: not_now });
    server
}

/// Sees each key among the uploads on their way, and later among the objects, each with its own bytes.
fn watch(server: &OssServer, sent: impl FnOnce()) {
    let place = Place::in_stand_in(&server.endpoint());
    let keys = good_keys();
    let begun = Instant::now();
    let mut listed = Vec::new();
    while listed.len() < keys.len() && begun.elapsed() < LONGEST_WAIT {
        std::thread::sleep(Duration::from_millis(10));
        listed = place.uploads("").into_iter().map(|(key, _)| key).collect();
    }
    listed.sort();
    server.clear_faults();
    sent();
    assert_eq!(listed, keys);
    assert_eq!(place.keys(""), keys);
    for key in &keys {
        let object = server.object("bucket", key).unwrap();
        assert!(object.bytes == contents(key), "{key:?}");
        assert!(place.read(key).is_some_and(|read| read.body == object.bytes), "{key:?}");
    }
}

fn arrive_by_path_style(version: u32) {
    let server = patient_server();
    let endpoint = server.endpoint();
    let sender = std::thread::spawn(move || send(&endpoint, version));
    watch(&server, || sender.join().unwrap());
}

fn arrive_by_virtual_hosts(test: &str, version: u32) {
    if proxied::is_client() {
        return send(PUBLIC, version);
    }
    let server = patient_server();
    let mut sender = proxied::client_of(&server, test);
    watch(&server, || assert!(sender.wait().unwrap().success(), "the client failed"));
    let complete = server.ledger().into_iter().find(|entry| entry.operation == Operation::CompleteMultipartUpload);
    assert_eq!(complete.unwrap().header("host"), Some("bucket.oss-cn-hangzhou.aliyuncs.com"));
}

#[test]
fn keys_arrive_by_path_style_signed_by_v1() {
    arrive_by_path_style(1);
}

#[test]
fn keys_arrive_by_path_style_signed_by_v4() {
    arrive_by_path_style(4);
}

#[test]
fn keys_arrive_by_virtual_hosts_signed_by_v1() {
    arrive_by_virtual_hosts("keys_arrive_by_virtual_hosts_signed_by_v1", 1);
}

#[test]
fn keys_arrive_by_virtual_hosts_signed_by_v4() {
    arrive_by_virtual_hosts("keys_arrive_by_virtual_hosts_signed_by_v4", 4);
}
