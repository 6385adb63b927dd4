//! A disk that is full or broken under the record, from any call on, for a while or for good: the upload succeeds all the
//! same and says so, or fails before anything was sent; and a kill in the midst of it costs no more than parts. And on a
//! disk that is well, what has to be durable is synced in time.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot be set up has failed")]

#[path = "c/compile.rs"]
mod compile;
#[path = "c/shim.rs"]
mod shim;
mod support;

use compile::Program;
use oss_server::{Action, Fault, Moment, Operation, Options, When};
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};
use support::halfway::read;
use support::{PART, World};

const PARTS: u32 = 4;
const FOR_EVER: u32 = u32::MAX;
/// No run takes so many calls.
const MOST_CALLS: u32 = 100;
const PATIENCE: Duration = Duration::from_secs(60);

/// How calls fail.
#[derive(Clone, Copy, Debug)]
struct Disk {
    errno: i32,
    times: u32,
    /// The first of them, if it writes, writes half.
    short: bool,
}

/// What is needed to run the example on such a disk.
struct Bench {
    program: Program,
    shim: PathBuf,
    folder: tempfile::TempDir,
}

impl Bench {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let shim = shim::compile("tests/c/failing_disk.c", folder.path());
        Self { program: compile::compile("examples/c/upload.c"), shim, folder }
    }
}

/// One file, one disk, one server.
struct Scene<'a> {
    bench: &'a Bench,
    world: World,
    disk: Disk,
    log: PathBuf,
}

impl<'a> Scene<'a> {
    fn new(bench: &'a Bench, disk: Disk, name: &str) -> Self {
        let world = World::with((u64::from(PARTS) * PART) as usize, Options::default());
        Self { bench, world, disk, log: bench.folder.path().join(name) }
    }

    fn healthy(&self) -> Command {
        let mut command = self.bench.program.command();
        command
            .args(["--endpoint", &self.world.server.endpoint(), "--region", "cn-hangzhou", "--path-style"])
            .args(["--part-size", &PART.to_string(), "--task-num", "1"])
            .arg(self.world.file())
            .arg("oss://bucket/key")
            .env("OSS_ACCESS_KEY_ID", "ak")
            .env("OSS_ACCESS_KEY_SECRET", "sk")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    /// On a disk that fails from this call on.
    fn failing(&self, from: u32) -> Command {
        let mut command = self.healthy();
        command
            .env("LD_PRELOAD", &self.bench.shim)
            .env("OSSUP_TEST_DISK_FOLDER", self.world.folder.path())
            .env("OSSUP_TEST_DISK_LOG", &self.log)
            .env("OSSUP_TEST_DISK_FROM", from.to_string())
            .env("OSSUP_TEST_DISK_TIMES", self.disk.times.to_string())
            .env("OSSUP_TEST_DISK_ERRNO", self.disk.errno.to_string());
        if self.disk.short {
            command.env("OSSUP_TEST_DISK_SHORT", "1");
        }
        command
    }

    /// The calls that the record took since this was asked last.
    fn calls(&self) -> Vec<String> {
        let told = std::fs::read_to_string(&self.log).unwrap_or_default();
        let _none_was_made = std::fs::remove_file(&self.log);
        told.lines().map(str::to_owned).collect()
    }

    fn begin_anew(&self) {
        self.world.server.drop_object("bucket", "key");
        self.world.server.clear_ledger();
        assert!(self.world.server.uploads().is_empty());
        assert_eq!(support::names_in(self.world.folder.path()), ["file.bin"]);
        self.calls();
    }

    /// A run ends by itself: well, with the word that the record is not in order, or at once.
    fn assert_ends_well(&self, from: u32) -> bool {
        self.begin_anew();
        let output = self.failing(from).output().unwrap();
        let calls = self.calls();
        let was_hit = calls.len() >= from as usize;
        match output.status.success() {
            true => self.assert_told(from, &calls, &output),
            false => {
                let case = format!("{:?} from call {from} of {calls:?}", self.disk);
                assert_ne!(self.disk.errno, libc::ENOSPC, "{case}: a full disk is no reason to upload nothing");
                self.assert_refused(&output, &case);
            }
        }
        was_hit
    }

    /// The same for a run that goes on with what a healthy one left.
    fn assert_goes_on_well(&self, from: u32) -> bool {
        self.begin_anew();
        let third = When { part_number: Some(3), ..When::operation(Operation::UploadPart) };
        self.world.server.add_fault(Fault { when: third.times(1), then: Action::Deny });
        assert_eq!(self.healthy().output().unwrap().status.code(), Some(4));
        let output = self.failing(from).output().unwrap();
        let calls = self.calls();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        self.assert_told(from, &calls, &output);
        let parts = self.world.requests(Operation::UploadPart);
        let sent: Vec<_> = parts.iter().filter_map(|entry| entry.part_number).collect();
        assert_eq!(sent, [1, 2, 3, 3, 4], "{:?} from call {from} of {calls:?}", self.disk);
        calls.len() >= from as usize
    }

    fn assert_told(&self, from: u32, calls: &[String], output: &Output) {
        let told = String::from_utf8_lossy(&output.stderr);
        let case = format!("{:?} from call {from} of {calls:?}: {told}", self.disk);
        let was_hit = calls.len() >= from as usize;
        self.assert_arrived(&case);
        let says = |words| told.contains("Warning: ") && told.contains(words);
        let is_told = says("the checkpoint could not be written") || says("no checkpoint is kept");
        // A short write is no failure while the rest can be written.
        let is_mended = self.disk.short && self.disk.times == 1;
        assert!(is_told || !was_hit || is_mended, "{case}");
        assert!(was_hit || !told.contains("Warning: "), "{case}");
    }

    /// A run is killed when the server has been asked for this; a run on a healthy disk then ends it.
    fn assert_survives_a_kill(&self, from: u32, at: When) {
        self.begin_anew();
        let when = at.clone().times(1);
        self.world.server.add_fault(Fault { when, then: Action::Stall { at: Moment::BeforeAnswer, ms: 60_000 } });
        let child = self.failing(from).spawn().unwrap();
        let output = kill_when(child, || self.was_asked(&at));
        self.world.server.clear_faults();
        let calls = self.calls();
        let case = format!("{:?} from call {from} of {calls:?}, killed at {at:?}", self.disk);
        if let Some(output) = output {
            self.assert_refused(&output, &case);
        }
        let output = self.healthy().output().unwrap();
        assert!(output.status.success(), "{case}: {}", String::from_utf8_lossy(&output.stderr));
        self.assert_object(&case);
        assert_eq!(support::names_in(self.world.folder.path()), ["file.bin"], "{case}");
        // What the record could not be told of is not known to anybody.
        let header = calls.iter().position(|call| call == "fsync").map_or(u32::MAX, |last| last as u32 + 1);
        let left = self.world.server.uploads();
        assert!(left.len() <= usize::from(from <= header), "{case}: {left:?}");
        for orphan in left {
            self.world.server.drop_upload(&orphan.upload_id);
        }
    }

    fn was_asked(&self, when: &When) -> bool {
        let ledger = self.world.server.ledger();
        ledger.iter().any(|entry| Some(entry.operation) == when.operation && entry.part_number == when.part_number)
    }

    fn assert_object(&self, case: &str) {
        let object = self.world.server.object("bucket", "key").unwrap_or_else(|| panic!("{case}: no object"));
        assert!(object.bytes == self.world.bytes, "{case}: the object is not the file");
    }

    fn assert_arrived(&self, case: &str) {
        self.assert_object(case);
        assert!(self.world.server.uploads().is_empty(), "{case}: an orphan");
        assert_eq!(support::names_in(self.world.folder.path()), ["file.bin"], "{case}");
    }

    fn assert_refused(&self, output: &Output, case: &str) {
        let told = String::from_utf8_lossy(&output.stderr);
        assert!(told.contains("CHECKPOINT_UNUSABLE") && told.contains("file.bin.ucp"), "{case}: {told}");
        assert!(self.world.server.ledger().is_empty(), "{case}: something was sent");
    }
}

/// Kills a child as soon as this is so; what it said, if it ended before.
fn kill_when(mut child: Child, is_so: impl Fn() -> bool) -> Option<Output> {
    let began = Instant::now();
    while child.try_wait().unwrap().is_none() {
        if is_so() {
            child.kill().unwrap();
            child.wait().unwrap();
            return None;
        }
        assert!(began.elapsed() < PATIENCE, "neither ends nor comes so far");
        std::thread::sleep(Duration::from_millis(1));
    }
    Some(child.wait_with_output().unwrap())
}

#[test]
fn a_disk_that_fails_under_the_record_costs_the_record_at_most() {
    let bench = Bench::new();
    let (full, broken) = (libc::ENOSPC, libc::EIO);
    let disks = [
        Disk { errno: full, times: 1, short: false },
        Disk { errno: full, times: FOR_EVER, short: false },
        Disk { errno: broken, times: 1, short: false },
        Disk { errno: broken, times: FOR_EVER, short: false },
        Disk { errno: full, times: 2, short: true },
        Disk { errno: full, times: FOR_EVER, short: true },
    ];
    std::thread::scope(|scope| {
        for (number, disk) in disks.into_iter().enumerate() {
            let bench = &bench;
            scope.spawn(move || {
                let scene = Scene::new(bench, disk, &format!("log-{number}"));
                let last = (1..MOST_CALLS).find(|from| {
                    let part = When { part_number: Some(PARTS), ..When::operation(Operation::UploadPart) };
                    let complete = When::operation(Operation::CompleteMultipartUpload);
                    scene.assert_survives_a_kill(*from, if from % 2 == 0 { part } else { complete });
                    !scene.assert_ends_well(*from)
                });
                let last_of_resume = (1..MOST_CALLS).find(|from| !scene.assert_goes_on_well(*from));
                assert!(last_of_resume.is_some_and(|last| last > 4), "{last_of_resume:?}");

                assert!(last.is_some_and(|last| last > 10), "the record takes more calls: {last:?}");
            });
        }
    });
}

#[test]
fn lines_that_could_not_be_written_are_written_with_the_next() {
    let bench = Bench::new();
    let scene = Scene::new(&bench, Disk { errno: libc::ENOSPC, times: 1, short: false }, "log");
    let last = When { part_number: Some(PARTS), ..When::operation(Operation::UploadPart) };
    scene.world.server.add_fault(Fault { when: last, then: Action::Deny });
    let parts_recorded_by_a_run = |from| {
        assert_eq!(scene.failing(from).output().unwrap().status.code(), Some(4));
        let parts = read(&std::fs::read(scene.world.record()).unwrap()).parts;
        std::fs::remove_file(scene.world.record()).unwrap();
        parts.iter().map(|part| part.number).collect::<Vec<_>>()
    };
    assert_eq!(parts_recorded_by_a_run(FOR_EVER), [1, 2, 3]);
    let header = scene.calls().iter().position(|call| call == "fsync").unwrap() as u32 + 1;
    assert_eq!(parts_recorded_by_a_run(header + 1), [1, 2, 3]);
}

#[test]
fn what_must_not_be_lost_is_synced_in_time() {
    let bench = Bench::new();
    let scene = Scene::new(&bench, Disk { errno: 0, times: 0, short: false }, "log");
    let part = |number| When { part_number: Some(number), ..When::operation(Operation::UploadPart) }.times(1);
    scene.world.server.add_fault(Fault { when: part(3), then: Action::Deny });
    assert_eq!(scene.failing(FOR_EVER).output().unwrap().status.code(), Some(4));
    let calls = scene.calls();
    assert!(calls.windows(3).any(|calls| calls == ["pwrite", "fdatasync", "fsync"]), "header and folder: {calls:?}");
    assert_eq!(calls.last().map(String::as_str), Some("fdatasync"), "what is kept at the end: {calls:?}");

    let then = Action::Stall { at: Moment::BeforeAnswer, ms: 5000 };
    scene.world.server.add_fault(Fault { when: part(PARTS), then });
    assert!(scene.failing(FOR_EVER).output().unwrap().status.success());
    let calls = scene.calls();
    assert!(calls.starts_with(&["fdatasync", "fsync"].map(str::to_owned)), "what was found: {calls:?}");
    let last = ["pwrite", "fdatasync", "pwrite", "fdatasync"].map(str::to_owned);
    assert!(calls.ends_with(&last), "parts after a while, then the mark: {calls:?}");
}

/// What cannot be read may be there all the same: it is not begun anew over it.
#[test]
fn a_record_that_cannot_be_read_is_an_error_and_stays() {
    let bench = Bench::new();
    let scene = Scene::new(&bench, Disk { errno: libc::EIO, times: FOR_EVER, short: false }, "log");
    let part = When { part_number: Some(PARTS), ..When::operation(Operation::UploadPart) };
    scene.world.server.add_fault(Fault { when: part.times(1), then: Action::Deny });
    let output = scene.healthy().output().unwrap();
    assert_eq!(output.status.code(), Some(4), "{}", String::from_utf8_lossy(&output.stderr));
    let record = std::fs::read(scene.world.record()).unwrap();
    scene.world.server.clear_ledger();
    let mut hit = 0;
    for from in 1..MOST_CALLS {
        let output = scene.failing(from).env("OSSUP_TEST_DISK_READS", "1").output().unwrap();
        if scene.calls().get(from as usize - 1).is_none_or(|call| call != "read") {
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
            break;
        }
        scene.assert_refused(&output, &format!("from call {from}"));
        assert!(std::fs::read(scene.world.record()).unwrap() == record, "the record was touched");
        hit += 1;
    }
    assert!(hit > 0);
    scene.assert_arrived("at last");
}
