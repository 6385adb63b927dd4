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
