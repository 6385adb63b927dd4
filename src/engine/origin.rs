//! Where the bytes come from.

use crate::error::Error;
use crate::upload::event::Stop;
use crate::world::source::{MemorySource, StreamSource};
use bytes::Bytes;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What a request names, for as many uploads as are made of it.
#[derive(Clone)]
pub(super) enum Named {
    File(PathBuf),
    Memory(Bytes),
    /// Of so many bytes, or of as many as there will be.
    Stream(Option<u64>),
}

/// What one upload has of it.
#[derive(Clone, Debug)]
pub(super) enum Origin {
    File(PathBuf),
    Memory(Arc<MemorySource>),
    Stream(Arc<StreamSource>),
}

impl Origin {
    /// The same for one upload.
    pub(super) fn of(named: &Named) -> Self {
        match named {
            Named::File(path) => Self::File(fixed(path)),
            Named::Memory(bytes) => Self::Memory(Arc::new(MemorySource::new(bytes.clone()))),
            Named::Stream(size) => Self::Stream(Arc::new(StreamSource::new(*size))),
        }
    }

    /// The file, where it is one.
    pub(super) fn file(&self) -> Option<&Path> {
        match self {
            Self::File(path) => Some(path),
            Self::Memory(_) | Self::Stream(_) => None,
        }
    }

    /// The stream, where it is one.
    pub(super) fn stream(&self) -> Option<&Arc<StreamSource>> {
        match self {
            Self::Stream(stream) => Some(stream),
            Self::File(_) | Self::Memory(_) => None,
        }
    }

    /// Whether nobody knows yet where it ends.
    pub(super) fn is_open(&self) -> bool {
        self.stream().is_some_and(|stream| stream.size().is_none())
    }

    /// The upload is to stop: whoever pushes it learns so at once.
    pub(super) fn stop(&self, stop: Stop) {
        if let Self::Stream(stream) = self {
            match stop {
                // The weakest of all: whoever was told another reason keeps it.
                Stop::Deadline => stream.refuse_unless_over(stop.error()),
                Stop::Pause | Stop::Leave | Stop::Abort => stream.refuse(stop.error()),
            }
        }
    }

    /// The upload is over, by this error if it is no success: nothing of it is read from now on.
    pub(super) fn close(&self, error: Option<&Error>) {
        match self {
            Self::File(_) => {}
            Self::Memory(memory) => memory.close(),
            Self::Stream(stream) => stream.close(error.cloned()),
        }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => path.display().fmt(f),
            Self::Memory(memory) => write!(f, "{} bytes of memory", memory.size()),
            Self::Stream(_) => f.write_str("a stream"),
        }
    }
}

impl fmt::Debug for Named {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => f.debug_tuple("File").field(path).finish(),
            Self::Memory(bytes) => write!(f, "Memory({} bytes)", bytes.len()),
            Self::Stream(size) => f.debug_tuple("Stream").field(size).finish(),
        }
    }
}

/// Where a path leads now: the host may go to another folder while the upload runs.
pub(super) fn fixed(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_nowhere| path.to_owned())
}
