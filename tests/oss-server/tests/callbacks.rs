//! The callback: what the application server gets, and what the client then gets.

#![allow(clippy::unwrap_used, reason = "a test ends at the first surprise")]

mod support;

use std::io::{Read, Write};
use std::net::TcpListener;
use std::thread::JoinHandle;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use oss_server::{Options, OssServer};
use support::{BUCKET, Call, call, complete, initiate, send_part, start};

/// An application server for one request: answers as told and gives back what it read.
fn application(status: &str, body: &str) -> (String, JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/called?now=1", listener.local_addr().unwrap());
    let answer = format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\n\r\n{body}", body.len());
    let thread = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut read = Vec::new();
        let mut buffer = [0; 4096];
        while !is_whole(&read) {
            let count = stream.read(&mut buffer).unwrap();
            read.extend_from_slice(&buffer[..count]);
        }
        stream.write_all(answer.as_bytes()).unwrap();
        String::from_utf8(read).unwrap()
    });
    (url, thread)
}

fn is_whole(request: &[u8]) -> bool {
    let text = String::from_utf8_lossy(request);
    let Some((head, body)) = text.split_once("\r\n\r\n") else {
        return false;
    };
    let length =
        head.lines().find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length: ").map(str::to_owned));
    length.is_some_and(|length| body.len() == length.parse::<usize>().unwrap())
}

fn with_callback(call: Call, url: &str, body: &str, body_type: &str) -> Call {
    let callback = serde_json::json!({
        "callbackUrl": url,
        "callbackBody": body,
        "callbackBodyType": body_type,
    });
    let variables = serde_json::json!({"x:who": "a \"b\" & c"});
    call.header("x-oss-callback", STANDARD.encode(callback.to_string()))
        .header("x-oss-callback-var", STANDARD.encode(variables.to_string()))
}

fn finished(server: &OssServer) -> Call {
    let id = initiate(server, "dir/k");
    let etag = send_part(server, "dir/k", &id, 1, b"123456789");
    complete("dir/k", &id, &[(1, &etag)])
}

#[test]
fn the_answer_of_the_application_is_relayed() {
    let server = start(Options::default());
    let (url, application) = application("200 OK", r#"{"ok":1}"#);
    let body = "b=${bucket}&o=${object}&s=${size}&c=${crc64}&m=${mimeType}&w=${x:who}&n=${x:none}";
    let call = with_callback(finished(&server), &url, body, "application/x-www-form-urlencoded");
    let answer = call.send(&server);
    assert_eq!((answer.status, answer.text().as_str()), (200, r#"{"ok":1}"#));
    assert_eq!(answer.header("x-oss-hash-crc64ecma"), Some("11051210869376104954"));
    let request = application.join().unwrap();
    assert!(request.starts_with("POST /called?now=1 HTTP/1.1\r\n"), "{request}");
    let expected = "b=bucket&o=dir%2Fk&s=9&c=11051210869376104954&m=&w=a%20%22b%22%20%26%20c&n=";
    assert!(request.ends_with(&format!("\r\n\r\n{expected}")), "{request}");
}

#[test]
fn a_json_body_is_filled_with_json_values() {
    let server = start(Options::default());
    let (url, application) = application("200 OK", "{}");
    let put = call("PUT", "k").header("content-type", "text/plain").body("123456789");
    let body = r#"{"etag":${etag},"size":${size},"type":${mimeType},"who":${x:who}}"#;
    with_callback(put, &url, body, "application/json").send(&server).assert_ok();
    let request = application.join().unwrap();
    let body = request.split_once("\r\n\r\n").unwrap().1;
    let expected = serde_json::json!({
        "etag": "25F9E794323B453885F5181F1B624D0B",
        "size": 9,
        "type": "text/plain",
        "who": "a \"b\" & c",
    });
    assert_eq!(serde_json::from_str::<serde_json::Value>(body).unwrap(), expected);
}

#[test]
fn a_failed_callback_leaves_the_object_stored() {
    let server = start(Options::default());
    for (status, body) in [("500 Oops", "{}"), ("200 OK", "not json")] {
        let (url, application) = application(status, body);
        let call = with_callback(finished(&server), &url, "b", "application/json");
        call.send(&server).assert_error(203, "CallbackFailed");
        application.join().unwrap();
        assert_eq!(server.object(BUCKET, "dir/k").unwrap().bytes, b"123456789");
        assert_eq!(server.uploads(), []);
    }
    let nobody = with_callback(finished(&server), "http://127.0.0.1:1/", "b", "application/json");
    nobody.send(&server).assert_error(203, "CallbackFailed");
}

#[test]
fn a_relayed_answer_may_come_without_a_crc() {
    let mut options = Options::default();
    options.faces.crc_with_callback = false;
    let server = start(options);
    let (url, application) = application("200 OK", "{}");
    let answer = with_callback(finished(&server), &url, "b", "application/json").send(&server);
    assert_eq!(answer.assert_ok().header("x-oss-hash-crc64ecma"), None);
    application.join().unwrap();
    let plain = call("PUT", "k").body("x").send(&server);
    assert!(plain.header("x-oss-hash-crc64ecma").is_some());
}

#[test]
fn a_broken_callback_is_refused_and_nothing_is_stored() {
    let server = start(Options::default());
    for callback in ["%%%", "bm90IGpzb24=", "e30="] {
        call("PUT", "k")
            .header("x-oss-callback", callback)
            .body("x")
            .send(&server)
            .assert_error(400, "InvalidArgument");
    }
    assert_eq!(server.object(BUCKET, "k"), None);
}
