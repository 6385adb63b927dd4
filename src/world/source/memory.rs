//! Bytes of the host's, where they are.

use super::Source;
use crate::error::Result;
use crate::upload::identity::Identity;
use bytes::Bytes;
use std::fmt;
use std::io;
use std::sync::{PoisonError, RwLock};

/// Memory that an upload reads until it is over.
pub struct MemorySource {
    size: u64,
    bytes: RwLock<Option<Bytes>>,
}

impl MemorySource {
    /// Reads these bytes, which stay as they are.
    pub fn new(bytes: Bytes) -> Self {
        Self { size: bytes.len() as u64, bytes: RwLock::new(Some(bytes)) }
    }

    /// How many bytes it has.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Lets go of the bytes: once this has returned nobody reads them, not even a connection that has not heard yet of the
    /// upload's end.
    pub fn close(&self) {
        let bytes = self.bytes.write().unwrap_or_else(PoisonError::into_inner).take();
        drop(bytes);
    }

    fn copy(&self, buffer: &mut [u8], offset: u64) -> Option<usize> {
        let bytes = self.bytes.read().unwrap_or_else(PoisonError::into_inner);
        let rest = bytes.as_ref()?.get(usize::try_from(offset).ok()?..)?;
        let count = rest.len().min(buffer.len());
        buffer[..count].copy_from_slice(&rest[..count]);
        Some(count)
    }
}

impl Source for MemorySource {
    fn look(&self) -> Result<Identity> {
        Ok(Identity::of_bytes(self.size))
    }

    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        Ok(self.copy(buffer, offset).unwrap_or(0))
    }

    fn read_resident(&self, buffer: &mut [u8], offset: u64) -> bool {
        self.copy(buffer, offset) == Some(buffer.len())
    }
}

impl fmt::Debug for MemorySource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemorySource").field("size", &self.size).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc;

    /// Tells when it is let go of.
    struct Lent(Vec<u8>, mpsc::Sender<()>);

    impl AsRef<[u8]> for Lent {
        fn as_ref(&self) -> &[u8] {
            &self.0
        }
    }

    impl Drop for Lent {
        fn drop(&mut self) {
            self.1.send(()).unwrap();
        }
    }

    #[test]
    fn is_read_from_any_position_until_it_is_let_go_of() {
        let (gone, is_gone) = mpsc::channel();
        let source = MemorySource::new(Bytes::from_owner(Lent(b"abcdef".to_vec(), gone)));
        assert_eq!(source.look().unwrap(), Identity::of_bytes(6));
        let mut buffer = [0; 4];
        assert!(source.read_resident(&mut buffer, 1) && buffer == *b"bcde");
        assert!(!source.read_resident(&mut buffer, 3));
        assert_eq!(source.read_at(&mut buffer, 4).unwrap(), 2);
        assert_eq!(source.read_at(&mut buffer, 6).unwrap(), 0);
        assert_eq!(source.read_at(&mut buffer, 7).unwrap(), 0);
        assert!(is_gone.try_recv().is_err());
        source.close();
        is_gone.try_recv().unwrap();
        assert!(!source.read_resident(&mut buffer, 0));
        assert_eq!(source.read_at(&mut buffer, 0).unwrap(), 0);
    }
}
