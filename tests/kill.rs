//! The example program is killed at random moments and run again: nothing is lost, nothing is sent in vain.

#![cfg(target_os = "linux")]

#[path = "c/compile.rs"]
mod compile;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Child, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use compile::Program;
use fastrand::Rng;
use oss_server::{Action, Fault, Moment, Operation, Options, OssServer, Throttle, When};

const KILLS: u32 = 50;
const BYTES_PER_S: u64 = 8 << 20;

/// How long the server keeps answers to the first and last requests, so that many kills meet them.
const PAUSE: Duration = Duration::from_millis(100);

/// One file on its way, over as many runs as it takes.
struct Upload {
    folder: tempfile::TempDir,
    bytes: Vec<u8>,
    key: String,
    part_size: u64,
    task_num: u32,
    kills: u32,
}

impl Upload {
    fn random(random: &mut Rng, number: u32) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let largest = if random.bool() { 6 << 20 } else { 400 << 10 };
        let mut bytes = vec![0; random.usize(1..largest)];
        random.fill(&mut bytes);
        let upload = Self {
            folder,
            bytes,
            key: format!("kill/{number}"),
            part_size: random.u64(100 << 10..1 << 20),
            task_num: random.u32(1..=8),
            kills: 0,
        };
        std::fs::write(upload.file(), &upload.bytes).expect("a file in the temporary folder");
        upload
    }

    fn file(&self) -> PathBuf {
        self.folder.path().join("file.bin")
    }

    fn record(&self) -> PathBuf {
        self.folder.path().join("file.bin.ucp")
    }

    fn start(&self, program: &Program, server: &OssServer) -> Child {
        program
            .command()
            .args(["--endpoint", &server.endpoint(), "--region", "cn-hangzhou", "--path-style"])
            .args(["--part-size", &self.part_size.to_string()])
            .args(["--task-num", &self.task_num.to_string(), "--quiet"])
            .arg(self.file())
            .arg(format!("oss://bucket/{}", self.key))
            .env("OSS_ACCESS_KEY_ID", "ak")
            .env("OSS_ACCESS_KEY_SECRET", "sk")
            .stdin(Stdio::null())
            .spawn()
            .expect("the example starts")
    }

    /// About how long a whole run takes, its first and last requests included.
    fn duration(&self) -> Duration {
        Duration::from_secs_f64(self.bytes.len() as f64 / BYTES_PER_S as f64) + 3 * PAUSE
    }

    /// Kills at random moments until a run ends by itself or no more kills are wanted.
    fn run(&mut self, random: &mut Rng, program: &Program, server: &OssServer, kills_wanted: u32) {
        loop {
            let mut child = self.start(program, server);
            let patience = match self.kills < kills_wanted {
                true => self.duration().mul_f64(random.f64()),
                false => Duration::from_secs(60),
            };
            match ended_within(&mut child, patience) {
                Some(status) => {
                    assert!(status.success(), "{}: {status}", self.key);
                    return;
                }
                None => {
                    child.kill().expect("a child may be killed");
                    child.wait().expect("a child can be waited for");
                    assert!(self.kills < kills_wanted, "{}: does not end", self.key);
                    self.kills += 1;
                    // Killed between its last act and its exit: there is nothing left to go on with.
                    if server.object("bucket", &self.key).is_some() && !self.record().exists() {
                        return;
                    }
                }
            }
        }
    }

    fn check(&self, server: &OssServer) {
        let object = server.object("bucket", &self.key).expect("the object is there");
        assert!(object.bytes == self.bytes, "{}: the object is not the file", self.key);
        assert_eq!(names_in(self.folder.path()), ["file.bin"]);
        let repeated = parts_answered_twice(server, &self.key);
        let allowed = self.task_num * self.kills;
        assert!(
            repeated <= allowed,
            "{}: {repeated} parts sent twice, {allowed} allowed:\n{}",
            self.key,
            story(server, &self.key)
        );
    }
}

fn ended_within(child: &mut Child, patience: Duration) -> Option<ExitStatus> {
    let began = Instant::now();
    loop {
        let status = child.try_wait().expect("a child can be asked");
        if status.is_some() || began.elapsed() >= patience {
            return status;
        }
        std::thread::sleep(Duration::from_millis(1));
    }
}

fn names_in(folder: &Path) -> Vec<String> {
    std::fs::read_dir(folder)
        .expect("the folder is there")
        .map(|entry| {
            let entry = entry.expect("the folder can be read");
            entry.file_name().to_string_lossy().into_owned()
        })
        .collect()
}

fn parts_answered_twice(server: &OssServer, key: &str) -> u32 {
    let mut answers = BTreeMap::<Option<u32>, u32>::new();
    for entry in server.ledger() {
        let of_this = entry.operation == Operation::UploadPart && entry.key.as_deref() == Some(key);
        if of_this && entry.answered && entry.status == Some(200) {
            *answers.entry(entry.part_number).or_default() += 1;
        }
    }
    answers.values().filter(|count| **count > 1).count() as u32
}

/// What the server saw of one upload, for whoever has to find out why it went wrong.
fn story(server: &OssServer, key: &str) -> String {
    let of_this = |entry: &&oss_server::Entry| entry.key.as_deref() == Some(key);
    let told = |entry: oss_server::Entry| {
        let (began, operation, part) = (entry.started_ms, entry.operation, entry.part_number.unwrap_or(0));
        let (id, status, answered) = (entry.upload_id.unwrap_or_default(), entry.status, entry.answered);
        format!("{began} ms {operation:?} {part} of {id}: {status:?}, answered: {answered}\n")
    };
    server.ledger().into_iter().filter(|entry| of_this(&entry)).map(told).collect()
}

fn seed() -> u64 {
    match std::env::var("OSSUP_SEED") {
        Ok(seed) => seed.parse().expect("OSSUP_SEED is a number"),
        Err(_) => Rng::new().u64(..),
    }
}

fn start() -> OssServer {
    let throttle = Some(Throttle::Total(BYTES_PER_S));
    let server = OssServer::start(Options { throttle, ..Options::default() }).expect("a free port");
    server.create_bucket("bucket");
    for operation in [Operation::InitiateMultipartUpload, Operation::CompleteMultipartUpload] {
        let then = Action::Stall { at: Moment::BeforeAnswer, ms: PAUSE.as_millis() as u64 };
        server.add_fault(Fault { when: When::operation(operation), then });
    }
    server
}

#[test]
fn fifty_kills_lose_nothing() {
    let seed = seed();
    println!("OSSUP_SEED={seed}");
    let mut random = Rng::with_seed(seed);
    let program = compile::compile("examples/c/upload.c");
    let server = start();

    let (mut kills, mut uploads) = (0, 0);
    while kills < KILLS {
        let mut upload = Upload::random(&mut random, uploads);
        let wanted = random.u32(1..=6).min(KILLS - kills);
        upload.run(&mut random, &program, &server, wanted);
        upload.check(&server);
        kills += upload.kills;
        uploads += 1;
    }
    // A kill between the server's Initiate and our record leaves an upload that nobody knows, without a part in it.
    let left = server.uploads();
    assert!(left.iter().all(|upload| upload.parts.is_empty()), "{left:?}");
    assert!(left.len() <= kills as usize, "{} uploads left behind by {kills} kills", left.len());
    println!("{kills} kills over {uploads} uploads, {} uploads without parts left behind", left.len());
}
