//! Buffers that are used again and again: fresh memory for every part would cost more than the sending.

use bytes::Bytes;
use std::sync::{Mutex, PoisonError};

/// Small enough to stay in a core's cache between the read, the checksum and the send.
pub const WINDOW: usize = 64 << 10;
/// What is kept for the next upload.
const SPARE: usize = 64;

static POOL: Mutex<Vec<Box<[u8]>>> = Mutex::new(Vec::new());

/// A buffer of [`WINDOW`] bytes; it returns to the pool when it is dropped.
pub(super) struct Window {
    buffer: Box<[u8]>,
    filled: usize,
}

impl Window {
    pub(super) fn take() -> Self {
        let spare = POOL.lock().unwrap_or_else(PoisonError::into_inner).pop();
        Self { buffer: spare.unwrap_or_else(|| vec![0; WINDOW].into_boxed_slice()), filled: 0 }
    }

    /// The buffer, to be filled with `length` bytes.
    pub(super) fn prepare(&mut self, length: usize) -> &mut [u8] {
        self.filled = length.min(WINDOW);
        &mut self.buffer[..self.filled]
    }

    pub(super) fn into_bytes(self) -> Bytes {
        Bytes::from_owner(self)
    }
}

impl AsRef<[u8]> for Window {
    fn as_ref(&self) -> &[u8] {
        &self.buffer[..self.filled]
    }
}

impl Drop for Window {
    fn drop(&mut self) {
        let buffer = std::mem::take(&mut self.buffer);
        let mut pool = POOL.lock().unwrap_or_else(PoisonError::into_inner);
        if pool.len() < SPARE {
            pool.push(buffer);
        }
    }
}
