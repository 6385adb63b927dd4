//! The example program as its users meet it: exit codes, the line of JSON, what it says, and Ctrl-C.

#![cfg(target_os = "linux")]

#[path = "c/compile.rs"]
mod compile;

use std::path::PathBuf;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use compile::Program;
use oss_server::{Action, Fault, Operation, Options, OssServer, When};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;

const SIZE: usize = 1_000_000;
const PARTS: u64 = 10;

const FIELDS: [&str; 15] = [
    "status",
    "etag",
    "crc64",
    "upload_id",
    "request_id",
    "resumed",
    "reason",
    "parts_total",
    "parts_reused",
    "parts_sent",
    "bytes_total",
    "bytes_reused",
    "bytes_sent",
    "retries",
    "elapsed_s",
];

/// The program, a server with a bucket, and a file to put into it.
struct Scene {
    program: Program,
    server: OssServer,
    folder: tempfile::TempDir,
}

impl Scene {
    fn new() -> Self {
        let program = compile::compile("examples/c/upload.c");
        let server = OssServer::start(Options::default()).expect("a free port");
        server.create_bucket("bucket");
        let folder = tempfile::tempdir().expect("a temporary folder");
        let bytes: Vec<u8> = (0..SIZE).map(|at| (at * 31 / 128) as u8).collect();
        std::fs::write(folder.path().join("file.bin"), bytes).expect("a file in the temporary folder");
        Self { program, server, folder }
    }

    fn file(&self) -> PathBuf {
        self.folder.path().join("file.bin")
    }

    /// The whole command line; `--task-num 1` makes the order of the parts certain.
    fn command(&self, options: &[&str]) -> Command {
        let mut command = self.program.command();
        command
            .args(["--endpoint", &self.server.endpoint(), "--region", "cn-hangzhou", "--path-style"])
            .args(["--part-size", "102400", "--task-num", "1"])
            .args(options)
            .arg(self.file())
            .arg("oss://bucket/dir/file.bin")
            .env("OSS_ACCESS_KEY_ID", "ak")
            .env("OSS_ACCESS_KEY_SECRET", "sk")
            .env_remove("OSS_SESSION_TOKEN")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    fn run(&self, options: &[&str]) -> Output {
        self.command(options).output().expect("the example starts")
    }

    fn fault_in_parts(&self, part_number: Option<u32>, then: Action) {
        let when = When { operation: Some(Operation::UploadPart), part_number, ..When::default() };
        self.server.add_fault(Fault { when, then });
    }

    fn object_is_the_file(&self) -> bool {
        let object = self.server.object("bucket", "dir/file.bin").expect("the object is there");
        object.bytes == std::fs::read(self.file()).expect("the file is there")
    }
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn json(output: &Output) -> Value {
    let text = std::str::from_utf8(&output.stdout).expect("JSON is UTF-8");
    assert_eq!(text.matches('\n').count(), 1, "{text}");
    serde_json::from_str(text).expect("a line of JSON")
}

#[test]
fn a_success_is_told_as_json() {
    let scene = Scene::new();
    let output = scene.run(&["--json", "--quiet"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert_eq!(stderr(&output), "");

    let result = json(&output);
    let names: Vec<_> = result.as_object().expect("an object").keys().collect();
    let mut expected = FIELDS;
    expected.sort_unstable();
    assert_eq!(names, expected);
    let object = scene.server.object("bucket", "dir/file.bin").expect("the object is there");
    assert_eq!(result["crc64"], object.crc64.to_string());
    assert_eq!(result["etag"].as_str().map(|etag| etag.trim_matches('"')), Some(object.etag.trim_matches('"')));
    assert_eq!((&result["resumed"], &result["reason"]), (&false.into(), &"".into()));
    assert_eq!((&result["parts_total"], &result["parts_sent"]), (&PARTS.into(), &PARTS.into()));
    assert_eq!((&result["bytes_total"], &result["bytes_sent"]), (&SIZE.into(), &SIZE.into()));
    assert!(result["elapsed_s"].is_f64());
    assert!(scene.object_is_the_file());
}

#[test]
fn what_the_object_gets_arrives() {
    let scene = Scene::new();
    let output = scene.run(&[
        "--content-type",
        "text/x-demo",
        "--header",
        "Cache-Control: no-cache",
        "--meta",
        "author=me",
        "--acl",
        "public-read",
        "--signature",
        "v1",
    ]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert!(output.stdout.is_empty());
    let object = scene.server.object("bucket", "dir/file.bin").expect("the object is there");
    assert_eq!(object.acl, "public-read");
    for (name, value) in [("content-type", "text/x-demo"), ("cache-control", "no-cache"), ("x-oss-meta-author", "me")] {
        assert!(object.headers.contains(&(name.to_owned(), value.to_owned())), "{name}: {:?}", object.headers);
    }
    assert_eq!(scene.run(&["--forbid-overwrite"]).status.code(), Some(1));
}

/// What a run says that is interrupted by Ctrl-C when two parts have arrived.
fn interrupted(scene: &Scene, options: &[&str]) -> Output {
    scene.fault_in_parts(Some(3), Action::Hold { applied: true });
    let child = scene.command(options).spawn().expect("the example starts");
    let began = Instant::now();
    while !scene.server.ledger().iter().any(|entry| entry.part_number == Some(3)) {
        assert!(began.elapsed() < Duration::from_secs(120), "no part arrives");
        std::thread::sleep(Duration::from_millis(5));
    }
    kill_process(Pid::from_child(&child), Signal::INT).expect("a child can be signalled");
    child.wait_with_output().expect("a child can be waited for")
}

#[test]
fn an_interrupt_without_a_checkpoint_leaves_nothing() {
    let scene = Scene::new();
    let output = interrupted(&scene, &["--no-checkpoint"]);
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
    assert!(stderr(&output).contains("the next run starts anew"), "{}", stderr(&output));
    assert!(scene.server.uploads().is_empty());
}

#[test]
fn an_interrupt_pauses_and_the_same_command_goes_on() {
    let scene = Scene::new();
    let output = interrupted(&scene, &["--json"]);
    assert_eq!(output.status.code(), Some(3), "{}", stderr(&output));
    assert!(stderr(&output).contains("Run the same command again"), "{}", stderr(&output));
    assert_eq!(json(&output)["status"], "PAUSED");

    scene.server.clear_faults();
    let output = scene.run(&["--json"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let result = json(&output);
    assert_eq!(result["resumed"], true);
    let reused = result["parts_reused"].as_u64().expect("a number");
    assert!(reused >= 2);
    assert_eq!(result["parts_sent"], PARTS - reused);
    assert!(scene.object_is_the_file());
}

#[test]
fn a_failure_that_can_go_on_says_so() {
    let scene = Scene::new();
    scene.fault_in_parts(Some(4), Action::Deny);
    let output = scene.run(&["--json"]);
    assert_eq!(output.status.code(), Some(4), "{}", stderr(&output));
    assert_eq!(json(&output)["status"], "ACCESS_DENIED");
    for word in ["part: 4", "HTTP status: 403", "OSS code: AccessDenied", "request id: ", "Run the same command again"]
    {
        assert!(stderr(&output).contains(word), "no '{word}' in: {}", stderr(&output));
    }
    scene.server.clear_faults();
    let result = json(&scene.run(&["--json"]));
    assert_eq!((&result["status"], &result["parts_reused"]), (&"OK".into(), &3.into()));
    assert!(scene.object_is_the_file());
}

#[test]
fn a_folder_of_records_and_what_the_server_knows_go_on_as_well() {
    let scene = Scene::new();
    let records = scene.folder.path().join("records");
    std::fs::create_dir(&records).expect("a folder in the temporary folder");
    let in_folder = ["--json", "--checkpoint-dir", records.to_str().expect("its path is text")];
    scene.fault_in_parts(Some(4), Action::Deny);
    assert_eq!(scene.run(&in_folder).status.code(), Some(4));
    scene.server.clear_faults();
    let lost = std::fs::read_dir(&records).expect("the folder is there").next().expect("a record").expect("its name");
    std::fs::remove_file(lost.path()).expect("the record is ours");
    let result = json(&scene.run(&[&in_folder[..], &["--recover", "--verify-reused-parts"]].concat()));
    assert_eq!((&result["status"], &result["parts_reused"]), (&"OK".into(), &3.into()));
    assert!(scene.object_is_the_file());
}

#[test]
fn a_wrong_secret_fails_with_the_answer_of_the_service() {
    let scene = Scene::new();
    let output = scene.command(&["--no-checkpoint"]).env("OSS_ACCESS_KEY_SECRET", "wrong").output().expect("it starts");
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
    assert!(stderr(&output).contains("OSS code: SignatureDoesNotMatch"), "{}", stderr(&output));
    assert!(stderr(&output).contains("request id: "), "{}", stderr(&output));
}

/// Where stderr is no terminal there are whole lines, at most one a second.
#[test]
fn a_host_short_of_descriptors_still_completes() {
    let scene = Scene::new();
    std::fs::write(scene.file(), vec![7; 60 * 102_400]).expect("a file in the temporary folder");
    let upload = scene.command(&["--task-num", "60", "--quiet", "--json"]);
    let mut limited = Command::new("sh");
    limited.args(["-c", "ulimit -n 24; exec \"$0\" \"$@\""]).arg(upload.get_program()).args(upload.get_args());
    for (name, value) in upload.get_envs() {
        match value {
            Some(value) => limited.env(name, value),
            None => limited.env_remove(name),
        };
    }
    let output = limited.output().expect("a shell");
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert_eq!(json(&output)["parts_sent"], 60);
}

#[test]
fn a_log_gets_plain_lines() {
    let scene = Scene::new();
    scene.fault_in_parts(None, Action::Throttle { bytes_per_s: 400_000 });
    let began = Instant::now();
    let output = scene.run(&[]);
    let most = began.elapsed().as_secs() as usize + 1;
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let text = stderr(&output);
    assert!(!text.contains(['\r', '\x1b']), "{text}");
    let told = text.lines().filter(|line| line.contains(" % ")).count();
    assert!((1..=most).contains(&told), "{text}");
    assert!(text.lines().last().is_some_and(|line| line.starts_with("Done: ")), "{text}");
}

#[test]
fn bad_usage_is_told_apart() {
    let scene = Scene::new();
    let bad: [(&[&str], &str); 10] = [
        (&["--no-such-option"], "no-such-option"),
        (&["--part-size", "many"], "--part-size"),
        (&["--part-size", "1"], "PartSize"),
        (&["--task-num", "0"], "--task-num"),
        (&["--task-num", "1001"], "TaskNum"),
        (&["--timeout", "-1"], "--timeout"),
        (&["--signature", "v2"], "--signature"),
        (&["--header", "nonsense"], "--header"),
        (&["--meta", "=v"], "--meta"),
        (&["--callback", "http://127.0.0.1/"], "--callback-body"),
    ];
    for (options, names) in bad {
        let output = scene.run(options);
        assert_eq!(output.status.code(), Some(2), "{options:?}: {}", stderr(&output));
        assert!(stderr(&output).contains(names), "{options:?}: {}", stderr(&output));
        assert!(output.stdout.is_empty());
    }
    let output = scene.command(&[]).env_remove("OSS_ACCESS_KEY_ID").output().expect("the example starts");
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("OSS_ACCESS_KEY_ID"), "{}", stderr(&output));
    let output = scene.program.command().arg("file-only").output().expect("the example starts");
    assert_eq!(output.status.code(), Some(2));
    assert!(scene.server.ledger().is_empty());
}

#[test]
fn it_helps() {
    let program = compile::compile("examples/c/upload.c");
    let help = program.command().arg("--help").output().expect("the example starts");
    assert_eq!(help.status.code(), Some(0));
    assert!(String::from_utf8_lossy(&help.stdout).contains("--forbid-overwrite"));
    let version = program.command().arg("--version").output().expect("the example starts");
    assert!(String::from_utf8_lossy(&version.stdout).contains(env!("CARGO_PKG_VERSION")));
}
