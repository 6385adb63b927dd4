//! What there is on Windows alone: files that are not shared, and what its paths are like.

use super::*;
use std::os::windows::fs::OpenOptionsExt;
use windows_sys::Win32::Foundation::ERROR_SHARING_VIOLATION;

/// Without it, no path is longer than 260 characters, and no name ends with a dot.
fn verbatim(path: &Path) -> PathBuf {
    PathBuf::from(format!(r"\\?\{}", path.display()))
}

fn contents(path: &Path) -> Vec<u8> {
    let mut buffer = [0; 64];
    let count = FileSource::open(path).unwrap().read_at(&mut buffer, 0).unwrap();
    buffer[..count].to_vec()
}

#[test]
fn a_file_that_another_program_keeps_to_itself_is_told_with_the_cause() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("source");
    std::fs::write(&path, b"source").unwrap();
    let kept = std::fs::OpenOptions::new().read(true).share_mode(0).open(&path).unwrap();
    let error = FileSource::open(&path).unwrap_err();
    assert_eq!(error.kind(), Kind::SourceUnreadable);
    assert_eq!(error.report().os_errno.cast_unsigned(), ERROR_SHARING_VIOLATION);
    let text = error.to_string();
    assert!(text.contains("source is in use by a program that does not share it"), "{text}");
    drop(kept);
    assert_eq!(contents(&path), b"source");
}

#[test]
fn a_path_may_be_longer_than_260_characters() {
    let folder = tempfile::tempdir().unwrap();
    let mut long = folder.path().to_owned();
    while long.as_os_str().len() < 400 {
        long.push("a folder of a long path");
    }
    std::fs::create_dir_all(&long).unwrap();
    let path = long.join("source");
    std::fs::write(&path, b"source").unwrap();
    assert_eq!(contents(&path), b"source");
    assert_eq!(contents(&verbatim(&path)), b"source");
    let source = FileSource::open(&path).unwrap();
    assert!(source.is_at_its_path());
}

#[test]
fn a_dot_or_space_at_the_end_counts_in_a_verbatim_path_alone() {
    let folder = tempfile::tempdir().unwrap();
    for (name, end) in [("dot", "."), ("space", " ")] {
        let plain = folder.path().join(name);
        let ended = folder.path().join(format!("{name}{end}"));
        std::fs::write(&plain, b"plain").unwrap();
        std::fs::write(verbatim(&ended), b"ended").unwrap();
        assert_eq!(contents(&ended), b"plain", "{name}");
        assert_eq!(contents(&verbatim(&ended)), b"ended", "{name}");
    }
}

#[test]
fn a_read_only_file_is_a_source() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("source");
    std::fs::write(&path, b"source").unwrap();
    let mut permissions = std::fs::metadata(&path).unwrap().permissions();
    permissions.set_readonly(true);
    std::fs::set_permissions(&path, permissions).unwrap();
    assert_eq!(contents(&path), b"source");
}

#[test]
fn what_the_system_has_in_place_of_a_file_is_no_source() {
    for path in ["NUL", r"\\.\NUL"] {
        let error = FileSource::open(Path::new(path)).unwrap_err();
        assert_eq!(error.kind(), Kind::SourceUnreadable);
        assert!(error.to_string().contains("is no regular file"), "{error}");
    }
}

#[test]
fn a_program_that_writes_to_it_and_shares_it_for_reading_is_in_nobodys_way() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("source");
    std::fs::write(&path, b"source").unwrap();
    let (read, write, delete) = (1, 2, 4);
    for shared in [read, read | write, read | delete, read | write | delete] {
        let writer = || std::fs::OpenOptions::new().write(true).share_mode(shared).open(&path);
        let before = writer().unwrap();
        let source = FileSource::open(&path).unwrap();
        drop(before);
        let after = writer().unwrap();
        let mut buffer = [0; 6];
        assert_eq!(source.read_at(&mut buffer, 0).unwrap(), 6);
        source.look().unwrap();
        drop(after);
    }
}

#[test]
fn it_may_be_renamed_and_deleted_while_it_is_open() {
    let folder = tempfile::tempdir().unwrap();
    let [path, away] = ["source", "away"].map(|name| folder.path().join(name));
    std::fs::write(&path, b"source").unwrap();
    let source = FileSource::open(&path).unwrap();
    std::fs::rename(&path, &away).unwrap();
    assert_eq!(source.look().unwrap_err().kind(), Kind::SourceUnreadable);
    std::fs::remove_file(&away).unwrap();
    let mut buffer = [0; 6];
    assert_eq!(source.read_at(&mut buffer, 0).unwrap(), 6);
    assert_eq!(&buffer, b"source");
}
