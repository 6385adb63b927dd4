//! Files on the real disk.

use super::*;
use std::time::{Duration, SystemTime};

#[cfg(windows)]
mod windows;

fn refused(path: &Path, why: &str) {
    let error = FileSource::open(path).unwrap_err();
    assert_eq!(error.kind(), Kind::SourceUnreadable);
    assert!(error.to_string().contains("UploadFile") && error.to_string().contains(why), "{error}");
}

#[test]
fn only_a_regular_file_is_a_source() {
    let folder = tempfile::tempdir().unwrap();
    for (path, why) in [(folder.path(), "is a directory"), (&folder.path().join("missing"), "cannot be opened")] {
        refused(path, why);
    }
}

#[cfg(unix)]
#[test]
fn a_fifo_is_no_source_and_is_not_waited_for() {
    let folder = tempfile::tempdir().unwrap();
    let fifo = folder.path().join("fifo");
    rustix::fs::mknodat(rustix::fs::CWD, &fifo, rustix::fs::FileType::Fifo, 0o600.into(), 0).unwrap();
    refused(&fifo, "is no regular file");
}

#[test]
fn a_replaced_file_is_another_one() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("source");
    std::fs::write(&path, b"first").unwrap();
    let source = FileSource::open(&path).unwrap();
    let before = source.look().unwrap();
    std::fs::rename(&path, folder.path().join("away")).unwrap();
    std::fs::write(&path, b"other").unwrap();
    assert_ne!(source.look().unwrap().index, before.index);
    let mut buffer = [0; 8];
    assert_eq!(source.read_at(&mut buffer, 1).unwrap(), 4);
    assert_eq!(&buffer[..4], b"ther");
}
#[test]
fn the_host_may_do_anything_with_a_file_that_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("source");
    std::fs::write(&path, b"first").unwrap();
    let source = FileSource::open(&path).unwrap();
    let read = || {
        let mut buffer = [0; 16];
        let count = source.read_at(&mut buffer, 0).unwrap();
        String::from_utf8(buffer[..count].to_vec()).unwrap()
    };
    assert_eq!(read(), "first");
    std::fs::write(&path, b"second").unwrap();
    assert_eq!(read(), "second");
    let away = folder.path().join("away");
    std::fs::rename(&path, &away).unwrap();
    assert_eq!(read(), "second");
    assert!(!source.is_at_its_path());
    std::fs::remove_file(&away).unwrap();
    assert_eq!(read(), "second");
    assert_eq!(source.look().unwrap_err().kind(), Kind::SourceUnreadable);
}

#[test]
fn times_are_nanoseconds_since_1970_and_a_copy_is_another_file() {
    let folder = tempfile::tempdir().unwrap();
    let identity_of = |name: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, b"the same").unwrap();
        let then = SystemTime::UNIX_EPOCH + Duration::new(1_700_000_000, 123_456_700);
        std::fs::File::options().write(true).open(&path).unwrap().set_modified(then).unwrap();
        FileSource::open(&path).unwrap().look().unwrap()
    };
    let (one, other) = (identity_of("文件 🎉"), identity_of("other"));
    assert_eq!((one.size, one.modified), (8, 1_700_000_000_123_456_700));
    let age = Duration::from_nanos((one.observed - one.changed).cast_unsigned());
    assert!(age < Duration::from_secs(600), "it was changed long after 2023: {age:?}");
    assert_eq!((one.device, one.modified), (other.device, other.modified));
    assert_ne!(one.index, other.index);
}

/// Elsewhere than on Linux nothing is known to be in memory.
#[cfg(target_os = "linux")]
#[test]
fn what_is_in_memory_is_read_at_once() {
    let folder = tempfile::tempdir_in("/dev/shm").unwrap();
    let path = folder.path().join("file");
    std::fs::write(&path, b"0123456789").unwrap();
    let source = FileSource::open(&path).unwrap();
    let mut buffer = [0; 4];
    assert!(source.read_resident(&mut buffer, 3));
    assert_eq!(&buffer, b"3456");
    assert!(!source.read_resident(&mut buffer, 7));
}

#[cfg(target_os = "linux")]
#[test]
fn a_file_that_comes_to_lie_elsewhere_is_memory_no_longer() {
    let (memory, elsewhere) = (tempfile::tempdir_in("/dev/shm").unwrap(), tempfile::tempdir().unwrap());
    let path = elsewhere.path().join("source");
    let [before, after] = [memory.path().join("file"), elsewhere.path().join("file")];
    [&before, &after].into_iter().for_each(|file| std::fs::write(file, b"0123456789").unwrap());
    rustix::fs::symlink(&before, &path).unwrap();
    let source = FileSource::open(&path).unwrap();
    source.look().unwrap();
    assert!(source.lock().is_memory);
    std::fs::remove_file(&path).unwrap();
    rustix::fs::symlink(&after, &path).unwrap();
    source.look().unwrap();
    assert!(!source.lock().is_memory);
}
