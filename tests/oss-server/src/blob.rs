//! Received bytes: on disk, or only counted.

use std::fs::File;
use std::io::{self, Write};
use std::path::PathBuf;
use std::sync::Arc;

use crc_fast::{CrcAlgorithm, Digest as Crc};
use md5::{Digest, Md5};

/// Bytes that were received whole; the file goes when nobody refers to it any more.
pub(crate) struct Blob {
    pub(crate) size: u64,
    file: Option<OwnFile>,
}

impl Blob {
    /// Opens the bytes for reading; `None` when they were only counted.
    pub(crate) fn open(&self) -> Option<io::Result<File>> {
        self.file.as_ref().map(|file| File::open(&file.0))
    }
}

struct OwnFile(PathBuf);

impl Drop for OwnFile {
    fn drop(&mut self) {
        // The folder may have gone first, at the end of the server.
        let _ = std::fs::remove_file(&self.0);
    }
}

/// What came of receiving a body.
pub(crate) struct Received {
    pub(crate) blob: Arc<Blob>,
    pub(crate) crc64: u64,
    pub(crate) md5: Option<[u8; 16]>,
}

/// Takes a body in piece by piece.
pub(crate) struct Receiver {
    size: u64,
    file: Option<(File, OwnFile)>,
    crc64: Crc,
    md5: Option<Md5>,
}

impl Receiver {
    /// Writes to a new file, or counts when there is none.
    pub(crate) fn new(path: Option<PathBuf>, with_md5: bool) -> io::Result<Self> {
        let file = match path {
            Some(path) => Some((File::create_new(&path)?, OwnFile(path))),
            None => None,
        };
        Ok(Self { size: 0, file, crc64: Crc::new(CrcAlgorithm::Crc64Xz), md5: with_md5.then(Md5::new) })
    }

    pub(crate) fn take(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.size += bytes.len() as u64;
        self.crc64.update(bytes);
        if let Some(md5) = &mut self.md5 {
            md5.update(bytes);
        }
        match &mut self.file {
            Some((file, _)) => file.write_all(bytes),
            None => Ok(()),
        }
    }

    pub(crate) fn finish(self) -> Received {
        Received {
            blob: Arc::new(Blob { size: self.size, file: self.file.map(|(_, own)| own) }),
            crc64: self.crc64.finalize(),
            md5: self.md5.map(|md5| md5.finalize().into()),
        }
    }
}

/// The CRC-64 of two pieces put together: the first times x^(8·length), plus the second, in GF(2)[x].
pub(crate) fn combine(first: u64, second: u64, second_length: u64) -> u64 {
    let (mut shifted, mut power, mut length) = (first, X_TO_THE_8TH, second_length);
    while length > 0 {
        if length & 1 == 1 {
            shifted = product(shifted, power);
        }
        power = product(power, power);
        length >>= 1;
    }
    shifted ^ second
}

/// CRC-64/XZ keeps the coefficient of x^0 in the highest bit.
const X_TO_THE_8TH: u64 = 1 << 55;
const POLYNOMIAL: u64 = 0xc96c_5795_d787_0f42;

fn product(a: u64, b: u64) -> u64 {
    let mut sum = 0;
    let mut multiple = b;
    for place in (0..64).rev() {
        if a >> place & 1 == 1 {
            sum ^= multiple;
        }
        multiple = (multiple >> 1) ^ ((multiple & 1) * POLYNOMIAL);
    }
    sum
}
