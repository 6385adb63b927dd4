//! Programs that use an installation, and what they do.

use std::path::{Path, PathBuf};
use std::process::Command;

use oss_server::{Options, OssServer};

use crate::tree::succeeded;

/// What a program needs of the libraries on the system, as `readelf` tells it.
pub(crate) fn needs(program: &Path) -> Vec<String> {
    let output = Command::new("readelf").args(["--dynamic", "--wide"]).arg(program).env("LC_ALL", "C").output();
    let section = succeeded(&output.expect("binutils are installed"));
    let needed = section.lines().filter(|line| line.contains("(NEEDED)"));
    needed.filter_map(|line| Some(line.split_once('[')?.1.split_once(']')?.0.to_owned())).collect()
}

/// Whether it was linked with the shared library.
pub(crate) fn is_shared(program: &Path) -> bool {
    needs(program).iter().any(|name| name.starts_with("libossup"))
}

/// A file of the repository.
pub(crate) fn source(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// `examples/c/upload.c` uploads a file, with the libraries of a folder.
pub(crate) fn uploads(program: &Path, libraries: &Path) {
    check(program, libraries, |server, file| {
        let options = ["--endpoint", server, "--region", "cn-hangzhou", "--path-style", "--quiet"];
        options.iter().map(|word| (*word).into()).chain([file.to_owned(), "oss://bucket/key".into()]).collect()
    });
}

/// `examples/cpp/blocking.cpp` does.
pub(crate) fn uploads_in_cpp(program: &Path, libraries: &Path) {
    check(program, libraries, |server, file| {
        let words = [server, "cn-hangzhou", "bucket", "key"];
        words.iter().map(|word| (*word).into()).chain([file.to_owned()]).collect()
    });
}

fn check(program: &Path, libraries: &Path, arguments: impl Fn(&str, &Path) -> Vec<PathBuf>) {
    let server = OssServer::start(Options::default()).expect("a free port");
    server.create_bucket("bucket");
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("file.bin");
    let bytes: Vec<u8> = (0..300_000).map(|at| (at * 31 / 128) as u8).collect();
    std::fs::write(&file, &bytes).expect("a file in the temporary folder");
    let output = Command::new(program)
        .args(arguments(&server.endpoint(), &file))
        .env("LD_LIBRARY_PATH", libraries)
        .env("OSS_ACCESS_KEY_ID", "ak")
        .env("OSS_ACCESS_KEY_SECRET", "sk")
        .env_remove("OSS_SESSION_TOKEN")
        .output()
        .expect("the program starts");
    succeeded(&output);
    assert!(server.object("bucket", "key").expect("the object is there").bytes == bytes);
}
