//! The binary and its admin port, as a script uses them.

#![allow(clippy::unwrap_used, reason = "a test ends at the first surprise")]

mod support;

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Output, Stdio};

use serde_json::Value;

const PROGRAM: &str = env!("CARGO_BIN_EXE_oss-server");

struct Running {
    child: Child,
    ready: Value,
}

impl Running {
    fn start(arguments: &[&str]) -> Self {
        let mut child = Command::new(PROGRAM)
            .args(arguments)
            .arg("--until-stdin-closes")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
        let ready = serde_json::from_str(&line).unwrap();
        Self { child, ready }
    }

    fn endpoint(&self) -> &str {
        self.ready["endpoint"].as_str().unwrap()
    }

    fn ask(&self, path: &str, rest: &[&str]) -> Output {
        let url = format!("{}{path}", self.ready["admin"].as_str().unwrap());
        Command::new(PROGRAM).arg("ask").arg(url).args(rest).output().unwrap()
    }

    fn answer(&self, path: &str, rest: &[&str]) -> String {
        let output = self.ask(path, rest);
        assert!(output.status.success(), "{path}: {output:?}");
        String::from_utf8(output.stdout).unwrap()
    }

    fn json(&self, path: &str) -> Value {
        serde_json::from_str(&self.answer(path, &[])).unwrap()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        assert!(self.child.wait().unwrap().success());
    }
}

#[test]
fn a_script_can_drive_it() {
    let server = Running::start(&["--bucket", "bucket", "--access-key", "ak:sk"]);
    let begun = support::call("POST", "a b").query("uploads", "");
    let id = begun.send_to(server.endpoint()).unwrap().element("UploadId").unwrap();
    for number in [1, 1, 2] {
        let part = support::part("a b", &id, number, vec![7; 102_400]);
        part.send_to(server.endpoint()).unwrap().assert_ok();
    }
    assert_eq!(server.answer("/-/count?operation=UploadPart&answered=true", &[]), "3");
    assert_eq!(server.answer("/-/count?part_number=2&status=200", &[]), "1");
    assert_eq!(server.json("/-/parts?bucket=bucket&key=a%20b"), serde_json::json!({"1": 2, "2": 1}));
    assert_eq!(server.json("/-/uploads")[0]["parts"].as_array().unwrap().len(), 2);
    assert_eq!(server.json("/-/ledger")[3]["operation"], "UploadPart");

    let fault =
        r#"{"when":{"operation":"ListParts","times":1},"then":{"kind":"refuse","status":500,"code":"InternalError"}}"#;
    server.answer("/-/faults", &["POST", fault]);
    assert_eq!(server.json("/-/faults").as_array().unwrap().len(), 1);
    let list = support::call("GET", "a b").query("uploadId", &id);
    let answer = list.clone().send_to(server.endpoint()).unwrap();
    answer.assert_error(500, "InternalError");
    let listed = list.send_to(server.endpoint()).unwrap();
    let etags = listed.elements("ETag");

    let end = support::complete("a b", &id, &[(1, &etags[0]), (2, &etags[1])]);
    end.send_to(server.endpoint()).unwrap().assert_ok();
    let object = server.ask("/-/object?bucket=bucket&key=a%20b", &[]);
    assert_eq!(object.stdout, vec![7; 204_800]);

    server.answer("/-/ledger", &["DELETE"]);
    assert_eq!(server.answer("/-/count", &[]), "0");
    server.answer("/-/bucket?bucket=second", &["PUT"]);
    let mut put = support::call("PUT", "k").body("text");
    put.bucket = "second".to_owned();
    let stored = put.send_to(server.endpoint()).unwrap();
    assert_eq!(server.answer("/-/object?bucket=second&key=k", &[]), "text");
    let objects = server.json("/-/objects");
    assert_eq!((objects[0]["key"].as_str(), objects[0]["size"].as_u64()), (Some("a b"), Some(204_800)));
    let crc64 = objects[1]["crc64"].as_u64().unwrap().to_string();
    assert_eq!(stored.assert_ok().header("x-oss-hash-crc64ecma"), Some(crc64.as_str()));
    server.answer("/-/objects", &["DELETE"]);
    assert_eq!(server.json("/-/objects"), serde_json::json!([]));
}

#[test]
fn a_question_without_a_good_answer_fails() {
    let server = Running::start(&["--bucket", "bucket"]);
    for (path, rest) in [
        ("/-/object?bucket=bucket&key=absent", [].as_slice()),
        ("/-/nothing", &[]),
        ("/-/count?operation=Nonsense", &[]),
        ("/-/count?colour=red", &[]),
        ("/-/upload?id=absent", &["DELETE"]),
        ("/-/faults", &["POST", r#"{"then":{"kind":"refuse","statux":1}}"#]),
        ("/-/faults", &["POST", "[{}]"]),
    ] {
        let output = server.ask(path, rest);
        assert_eq!(output.status.code(), Some(1), "{path}");
        assert!(!output.stdout.is_empty(), "{path}: says why");
    }
    let nobody = Command::new(PROGRAM).args(["ask", "http://127.0.0.1:1/"]).output().unwrap();
    assert_eq!(nobody.status.code(), Some(1));
}

#[test]
fn its_options_reach_the_server() {
    let folder = tempfile::tempdir().unwrap();
    let ca = folder.path().join("ca.pem");
    let server = Running::start(&[
        "--bucket=bucket",
        "--https",
        "--ca-out",
        ca.to_str().unwrap(),
        "--region=us-west-1",
        "--access-key=id:secret:token",
        "--access-key=old:secret:token:1",
        "--latency-ms=200",
        "--faces",
        r#"{"etag_in_quotes":false,"date":"missing"}"#,
        "--fault",
        r#"{"when":{"operation":"GetObject"},"then":{"kind":"deny"}}"#,
    ]);
    assert!(std::fs::read_to_string(&ca).unwrap().starts_with("-----BEGIN CERTIFICATE-----"));
    assert_eq!(server.ready["ca"], ca.to_str().unwrap());
    assert!(server.ready["https_endpoint"].as_str().unwrap().starts_with("https://localhost:"));
    let begin = std::time::Instant::now();
    let mut put = support::call("PUT", "k").header("x-oss-security-token", "token").body("x");
    put.region = "us-west-1".to_owned();
    put.id = "id".to_owned();
    put.secret = "secret".to_owned();
    let answer = put.clone().send_to(server.endpoint()).unwrap();
    assert_eq!(answer.assert_ok().header("etag"), Some("9DD4E461268C8034F5C8564E155C67A6"));
    assert_eq!(answer.header("date"), None);
    assert!(begin.elapsed() >= std::time::Duration::from_millis(200));
    let old = support::Call { id: "old".to_owned(), ..put.clone() };
    old.send_to(server.endpoint()).unwrap().assert_error(403, "SecurityTokenExpired");
    put.method = "GET";
    put.body.clear();
    put.send_to(server.endpoint()).unwrap().assert_error(403, "AccessDenied");
}

#[test]
fn it_listens_where_it_is_told_to() {
    let server = Running::start(&["--bucket=bucket", "--https", "--listen=127.0.0.2"]);
    assert!(server.endpoint().starts_with("http://127.0.0.2:"));
    assert!(server.ready["https_endpoint"].as_str().unwrap().starts_with("https://127.0.0.2:"));
    support::call("PUT", "k").body("text").send_to(server.endpoint()).unwrap().assert_ok();
    assert_eq!(server.answer("/-/object?bucket=bucket&key=k", &[]), "text");
    let elsewhere = server.endpoint().replace("127.0.0.2", "127.0.0.1");
    assert!(support::call("PUT", "k").send_to(&elsewhere).is_err());
}

#[test]
fn bad_usage_is_told() {
    for arguments in [
        ["--port", "many"].as_slice(),
        &["--listen", "somewhere"],
        &["--nonsense"],
        &["--fault", "{}"],
        &["--faces", r#"{"crc_on_compleat":false}"#],
        &["--access-key", "alone"],
        &["--access-key", "id:secret:token:soon"],
        &["ask"],
        &["ask", "http://127.0.0.1:1/", "GET", "body", "more"],
    ] {
        let output = Command::new(PROGRAM).args(arguments).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(String::from_utf8(output.stderr).unwrap().contains("usage:"), "{arguments:?}");
    }
    let help = Command::new(PROGRAM).arg("--help").output().unwrap();
    assert!(help.status.success() && help.stdout.starts_with(b"usage:"));
}
