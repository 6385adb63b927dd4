//! Files, and what is said of them.

use crate::sys::Facts;
use std::fs::{File, Metadata, OpenOptions};
use std::io;
use std::os::unix::fs::{FileExt, MetadataExt, OpenOptionsExt};
use std::path::Path;

/// Opens a file to be read, whatever it is.
pub fn open_source(path: &Path) -> io::Result<File> {
    // Without O_NONBLOCK the open of a FIFO would wait for somebody to write to it.
    let flags = rustix::fs::OFlags::NONBLOCK.bits().cast_signed();
    OpenOptions::new().read(true).custom_flags(flags).open(path)
}

/// What is said of an open file.
pub fn facts(file: &File) -> io::Result<Facts> {
    Ok(of(&file.metadata()?))
}

/// What is said of the file that a path leads to.
pub fn target_facts(path: &Path) -> io::Result<Facts> {
    Ok(of(&std::fs::metadata(path)?))
}

/// Reads from a position.
pub fn read_at(file: &File, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
    file.read_at(buffer, offset)
}

/// Whether a file lies in memory and nowhere else.
#[cfg(target_os = "linux")]
pub fn is_memory(file: &File) -> bool {
    const TMPFS: i64 = 0x0102_1994;
    rustix::fs::fstatfs(file).is_ok_and(|facts| facts.f_type == TMPFS)
}

/// Whether a file lies in memory and nowhere else.
#[cfg(not(target_os = "linux"))]
pub fn is_memory(_file: &File) -> bool {
    false
}

/// Reads from a position what the system has in memory, without waiting for the disk.
#[cfg(target_os = "linux")]
pub fn read_resident(file: &File, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
    use rustix::io::{ReadWriteFlags, preadv2};
    Ok(preadv2(file, &mut [io::IoSliceMut::new(buffer)], offset, ReadWriteFlags::NOWAIT)?)
}

/// Reads from a position what the system has in memory, without waiting for the disk.
#[cfg(not(target_os = "linux"))]
pub fn read_resident(_file: &File, _buffer: &mut [u8], _offset: u64) -> io::Result<usize> {
    Err(io::ErrorKind::Unsupported.into())
}

/// Writes everything to a position.
pub fn write_all_at(file: &File, bytes: &[u8], offset: u64) -> io::Result<()> {
    file.write_all_at(bytes, offset)
}

pub(super) fn of(metadata: &Metadata) -> Facts {
    Facts {
        size: metadata.size(),
        modified: nanos(metadata.mtime(), metadata.mtime_nsec()),
        changed: nanos(metadata.ctime(), metadata.ctime_nsec()),
        device: metadata.dev(),
        index: metadata.ino(),
        is_file: metadata.is_file(),
        is_folder: metadata.is_dir(),
    }
}

fn nanos(seconds: i64, nanos: i64) -> i64 {
    seconds.saturating_mul(1_000_000_000).saturating_add(nanos)
}
