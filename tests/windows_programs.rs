//! What there is on Windows alone: each program of `tests/windows` runs against a stand-in of its own. Only `make test-cross`
//! asks for it, with `OSSUP_TEST_TARGET` and what belongs to that.

#![cfg(target_os = "linux")]

#[path = "c/compile.rs"]
mod compile;

use std::io::{Read, Seek};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use oss_server::{Action, Fault, Operation, Options, OssServer, When};

/// So long that only what hangs takes longer.
const PATIENCE: Duration = Duration::from_secs(120);
const MOMENT: Duration = Duration::from_millis(5);

/// A stand-in, and a folder for files of the program's.
struct Scene {
    server: OssServer,
    folder: tempfile::TempDir,
}

impl Scene {
    /// Parts of `windows/slow` are taken at such a speed.
    fn new(bytes_per_s: u64) -> Self {
        assert!(compile::target::is_windows(), "OSSUP_TEST_TARGET names no Windows");
        let server = OssServer::start(Options { tls: true, ..Options::default() }).expect("a free port");
        server.create_bucket("bucket");
        let when = When { key: Some("windows/slow".to_owned()), ..When::operation(Operation::UploadPart) };
        server.add_fault(Fault { when, then: Action::Throttle { bytes_per_s } });
        Self { server, folder: tempfile::tempdir().expect("a temporary folder") }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// A file as the program names it.
    fn file(&self, name: &str, length: usize) -> PathBuf {
        let bytes: Vec<u8> = (0..length).map(|at| (at * 31 / 128) as u8).collect();
        std::fs::write(self.path(name), bytes).expect("the folder is ours");
        compile::target::path(self.path(name))
    }

    fn command(&self, program: &compile::Program) -> Command {
        let authority = self.path("authority.pem");
        std::fs::write(&authority, self.server.ca_pem().expect("it speaks TLS")).expect("the folder is ours");
        let mut command = program.command();
        command
            .env("OSSUP_TEST_ENDPOINT", self.server.endpoint())
            .env("OSSUP_TEST_HTTPS_ENDPOINT", self.server.https_endpoint().expect("it speaks TLS"))
            .env("OSSUP_TEST_CA", compile::target::path(authority))
            .env("OSSUP_TEST_DIR", compile::target::path(self.folder.path()));
        command
    }
}

fn compiled(name: &str) -> compile::Program {
    compile::compile(format!("tests/windows/{name}.c"))
}

/// How a program ended, unless it hangs, and what it said: into a file, as Wine's server, which it may be the first to need, holds on to a pipe.
fn ended(command: &mut Command) -> (Option<ExitStatus>, String) {
    let mut said = tempfile::tempfile().expect("a temporary file");
    let heard = said.try_clone().expect("there are descriptors left");
    let mut child = command.stdout(Stdio::null()).stderr(heard).spawn().expect("the program starts");
    let begun = Instant::now();
    let status = loop {
        match child.try_wait().expect("it is a child of ours") {
            Some(status) => break Some(status),
            None if begun.elapsed() < PATIENCE => std::thread::sleep(MOMENT),
            None => {
                child.kill().and_then(|()| child.wait()).expect("it is a child of ours");
                break None;
            }
        }
    };
    let mut text = Vec::new();
    said.rewind().and_then(|()| said.read_to_end(&mut text)).expect("the file is ours");
    (status, String::from_utf8_lossy(&text).into_owned())
}

fn run(name: &str) -> Scene {
    let scene = Scene::new(2_000_000);
    let (status, said) = ended(&mut scene.command(&compiled(name)));
    assert!(status.is_some_and(|status| status.success()), "{name}: {status:?}\n{said}");
    scene
}

#[test]
fn a_file_with_a_name_in_chinese_goes_up_and_the_queues_event_tells() {
    let scene = run("upload");
    let object = scene.server.object("bucket", "windows/文件.bin").expect("it was uploaded");
    assert!(object.bytes == std::fs::read(scene.path("made.bin")).expect("the program gave it back"));
}

#[test]
fn paths_may_be_utf_16_and_of_any_length() {
    let scene = run("wide");
    assert!(scene.server.uploads().is_empty(), "{:?}", scene.server.uploads());
    let [plain, tls] = ["windows/slow", "windows/tls"].map(|key| scene.server.object("bucket", key));
    assert!(plain.expect("it was uploaded").bytes == tls.expect("it was uploaded").bytes);
}

#[test]
fn it_stays_loaded_before_while_and_after_it_uploads() {
    let scene = run("unload");
    assert!(scene.server.object("bucket", "windows/slow").is_some());
}

#[test]
fn a_host_waits_for_the_queue_and_its_own_things_at_once_and_keeps_what_is_its_own() {
    run("waiting");
}

#[test]
fn a_record_is_one_processs_at_a_time() {
    let scene = run("locks");
    assert!(scene.server.uploads().is_empty(), "{:?}", scene.server.uploads());
}

/// Wine has no console here that could have a Ctrl-C: that the library asks to hear of none is seen from what it calls.
#[test]
fn who_hears_of_ctrl_c_or_of_a_crash_is_the_hosts_affair() {
    let output = Command::new("objdump").arg("-p").arg(compile::library()).output().expect("binutils are installed");
    let calls = String::from_utf8_lossy(&output.stdout);
    let is_called = |name: &str| calls.lines().any(|line| line.split_whitespace().next_back() == Some(name));
    assert!(is_called("GetModuleHandleExW"), "no table of imports was read");
    for name in ["SetConsoleCtrlHandler", "SetUnhandledExceptionFilter", "SetErrorMode", "SetStdHandle"] {
        assert!(!is_called(name), "{name}");
    }
}

/// A library of the host's, as a path that the host loads.
fn plugin() -> (compile::Program, PathBuf) {
    let plugin = compile::compile_in("include", "-shared", "tests/windows/plugin.c");
    let path = compile::target::path(plugin.path());
    (plugin, path)
}

/// Each way once a round, with an upload on its way: whatever holds a lock just then is gone with its thread. Wine itself may hang
/// then, some once in five hundred times; what hangs twice in one way is ours. `OSSUP_TEST_ROUNDS` for more rounds.
#[test]
fn a_process_ends_when_it_wants_to_with_its_own_exit_code() {
    const EXIT_CODE: i32 = 77;
    const WAYS: [&str; 8] = [
        "return",
        "exit",
        "ExitProcess",
        "TerminateProcess",
        "exit in another thread",
        "exit in a callback",
        "in a plugin, before the library",
        "in a plugin, after the library",
    ];
    let scene = Scene::new(200_000);
    let program = compiled("ending");
    let (_plugin, plugin) = plugin();
    let file = scene.file("ending.bin", 3_000_000);
    let rounds = std::env::var("OSSUP_TEST_ROUNDS").map_or(1, |rounds| rounds.parse().expect("a number of rounds"));
    for way in std::iter::repeat_n(WAYS, rounds).flatten() {
        let end = || ended(scene.command(&program).arg(way).arg(&plugin).arg(&file));
        let (status, said) = match end() {
            (None, _) => end(),
            whole => whole,
        };
        assert_eq!(status.and_then(|status| status.code()), Some(EXIT_CODE), "{way}\n{said}");
        assert_eq!(said.contains("called"), way.starts_with("in a plugin"), "{way}\n{said}");
    }
}

/// Every program of the folder is one of those above.
#[test]
fn no_program_is_forgotten() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/windows");
    let files = std::fs::read_dir(folder).expect("a folder of the repository");
    let names = files.map(|entry| entry.expect("it is listed").file_name().to_string_lossy().into_owned());
    let programs: Vec<_> = names.filter_map(|name| name.strip_suffix(".c").map(str::to_owned)).collect();
    let tests = include_str!("windows_programs.rs");
    // It is no program, but a part of the system that Wine lacks.
    let missing = "bcryptprimitives";
    let is_there = |name: &str| tests.contains(&format!("(\"{name}\")")) || tests.contains(&format!("/{name}.c\""));
    let forgotten: Vec<_> = programs.iter().filter(|name| *name != missing && !is_there(name)).collect();
    assert!(programs.len() > 5 && forgotten.is_empty(), "{forgotten:?}");
}
