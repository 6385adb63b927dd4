//! The library as a part of something that is loaded while a program runs: unloaded again, and among libraries of others.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

#[path = "c/compile.rs"]
#[allow(dead_code, reason = "the programs here stand on the library by their plugin alone")]
mod compile;

use oss_server::{Action, Fault, Options, OssServer, When};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const SONAME: &str = concat!("libossup.so.", env!("CARGO_PKG_VERSION_MAJOR"), ".", env!("CARGO_PKG_VERSION_MINOR"));

/// What other programs have that speak TLS; a machine has some of them.
const OTHERS: [&str; 4] = ["libcurl.so.4", "libcurl-gnutls.so.4", "libssl.so.3", "libssl.so.1.1"];

/// A plugin and a program that loads it, in a folder with the library.
struct Scene {
    server: OssServer,
    folder: tempfile::TempDir,
}

impl Scene {
    fn new() -> Self {
        let server = OssServer::start(Options { tls: true, ..Options::default() }).unwrap();
        server.create_bucket("bucket");
        Self { server, folder: tempfile::tempdir().unwrap() }
    }

    fn compile(&self, name: &str, arguments: &[&str]) -> PathBuf {
        let path = self.folder.path().join(name);
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let (compiler, standard) = compile::usual(Path::new(name));
        let mut command = Command::new(compiler);
        command.args([standard, "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-g"]);
        command.arg("-I").arg(root.join("include")).arg(root.join(format!("tests/c/{name}.c"))).arg("-o").arg(&path);
        assert_well(&command.arg("-pthread").args(arguments).output().unwrap());
        path
    }

    fn plugin(&self) -> PathBuf {
        compile::place_library(self.folder.path());
        let here = format!("-L{}", self.folder.path().display());
        self.compile("plugin", &["-shared", "-fPIC", &here, "-lossup", "-Wl,-rpath,$ORIGIN"])
    }

    fn command(&self, name: &str) -> Command {
        let mut command = compile::command(&self.compile(name, &["-ldl"]));
        command.arg(self.plugin()).env("OSSUP_TEST_DIR", self.folder.path());
        command
    }
}

fn assert_well(output: &Output) {
    let said = [&output.stdout[..], &output.stderr].map(String::from_utf8_lossy).concat();
    assert!(output.status.success(), "{}\n{said}", output.status);
}

#[test]
fn what_stands_on_the_library_may_be_unloaded_while_threads_and_uploads_of_it_live() {
    let scene = Scene::new();
    let when = When { key: Some("unloading/slow".into()), ..When::default() };
    scene.server.add_fault(Fault { when, then: Action::Throttle { bytes_per_s: 1_000_000 } });
    let mut command = scene.command("unloading");
    assert_well(&command.arg(SONAME).env("OSSUP_TEST_ENDPOINT", scene.server.endpoint()).output().unwrap());
    assert!(scene.server.object("bucket", "unloading/slow").is_some());
}

/// A library of our own making, in Rust.
fn neighbour(folder: &Path) -> PathBuf {
    let path = folder.join("libneighbour.so");
    let mut command = Command::new(std::env::var_os("RUSTC").unwrap_or("rustc".into()));
    command.args(["--edition=2024", "--crate-type=cdylib", "-Dwarnings", "-o"]).arg(&path);
    command.arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/c/neighbour.rs"));
    assert_well(&command.output().unwrap());
    path
}

fn is_there(library: &str) -> bool {
    ["/lib", "/usr/lib", "/lib64", "/usr/lib64", "/lib/x86_64-linux-gnu", "/lib/aarch64-linux-gnu"]
        .iter()
        .any(|folder| Path::new(folder).join(library).exists())
}

#[test]
fn it_stands_beside_other_libraries_with_tls_and_with_rust_in_them() {
    let scene = Scene::new();
    let authority = scene.folder.path().join("authority.pem");
    std::fs::write(&authority, scene.server.ca_pem().unwrap()).unwrap();
    let others: Vec<_> = OTHERS.into_iter().filter(|library| is_there(library)).collect();
    assert!(!others.is_empty(), "this machine has none of {OTHERS:?}");
    let mut command = scene.command("beside");
    command.args(others).arg(neighbour(scene.folder.path()));
    command.env("OSSUP_TEST_ENDPOINT", scene.server.https_endpoint().unwrap()).env("OSSUP_TEST_CA", authority);
    assert_well(&command.output().unwrap());
    assert!(scene.server.object("bucket", "beside").is_some());
}
