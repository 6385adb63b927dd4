//! A program in C, with a stand-in of its own.

use super::compile;
use oss_server::{Options, OssServer};
use std::fs::Permissions;
use std::io::{BufRead, BufReader, Write};
use std::os::unix::fs::PermissionsExt;
use std::process::{Child, ExitStatus, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// So long that only what hangs takes longer, also under valgrind.
const PATIENCE: Duration = Duration::from_secs(600);
const MOMENT: Duration = Duration::from_millis(5);

pub(crate) fn start() -> OssServer {
    let server = OssServer::start(Options::default()).expect("a free port");
    server.create_bucket("bucket");
    server
}

/// Runs `source` in a folder that anybody may write to: one program gives up root. What the server holds is released when the
/// program says so. What the program leaves there is the caller's.
pub(crate) fn run(source: &str, server: &OssServer) -> TempDir {
    let program = compile::compile(source);
    let folder = tempfile::tempdir().expect("a temporary folder");
    std::fs::set_permissions(folder.path(), Permissions::from_mode(0o777)).expect("the folder is ours");
    let mut said = tempfile::NamedTempFile::new().expect("a temporary file");
    let mut child = program
        .command()
        .env("OSSUP_TEST_ENDPOINT", server.endpoint())
        .env("OSSUP_TEST_DIR", compile::target::path(folder.path()))
        // A developer's own key must not come to the aid of a program that is to find none.
        .env_remove("OSS_ACCESS_KEY_ID")
        .env_remove("ALIBABA_CLOUD_ACCESS_KEY_ID")
        .stdout(Stdio::piped())
        .stderr(Stdio::from(said.reopen().expect("the file is ours")))
        .spawn()
        .expect("the program starts");
    let lines = BufReader::new(child.stdout.take().expect("it is piped")).lines().map_while(Result::ok);
    let status = std::thread::scope(|scope| {
        scope.spawn(|| {
            for line in lines {
                match line.as_str() {
                    "release" => server.release(),
                    other => writeln!(said, "{other}").expect("the file is ours"),
                }
            }
        });
        end(&mut child)
    });
    let said = std::fs::read(said.path()).expect("the file is ours");
    assert!(status.success(), "{source}: {status}\n{}", String::from_utf8_lossy(&said));
    folder
}

/// How it ends: by itself, or killed when it hangs.
fn end(child: &mut Child) -> ExitStatus {
    let begun = Instant::now();
    while begun.elapsed() < PATIENCE {
        if let Some(status) = child.try_wait().expect("it is a child of ours") {
            return status;
        }
        std::thread::sleep(MOMENT);
    }
    child.kill().and_then(|()| child.wait()).expect("it is a child of ours")
}
