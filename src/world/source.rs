//! What is uploaded: which bytes they are, and the bytes by position.

mod file;
mod memory;
mod stream;

pub use file::FileSource;
pub use memory::MemorySource;
pub use stream::{Pushed, StreamSource};

use crate::error::{Kind, Result};
use crate::sys;
use crate::upload::identity::Identity;
use std::fmt::Debug;
use std::io;

/// Bytes that can be read again from any position.
pub trait Source: Debug + Send + Sync {
    /// Looks at it afresh and says which bytes they are now. May block.
    fn look(&self) -> Result<Identity>;
    /// Fills the buffer from a position, as far as there is something to read. May block.
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize>;
    /// Fills the buffer from a position if all of it is in memory, and tells whether it was.
    fn read_resident(&self, buffer: &mut [u8], offset: u64) -> bool;
}

/// The kind of an error that says nothing about the source: there are no descriptors or no memory left.
pub(super) fn no_resources(error: &io::Error) -> Option<Kind> {
    sys::is_out_of_resources(error).then_some(Kind::NoResources)
}
