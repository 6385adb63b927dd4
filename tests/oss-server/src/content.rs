//! The body of an answer: text made here, or stored bytes read as the socket takes them.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};

use crate::blob::Blob;
use crate::connection::Connection;
use crate::ledger::Record;

const PIECE: u64 = 256 * 1024;

pub(crate) enum Content {
    Text(Bytes),
    Stored(Stored),
}

impl Content {
    pub(crate) fn empty() -> Self {
        Self::Text(Bytes::new())
    }

    fn length(&self) -> u64 {
        match self {
            Self::Text(bytes) => bytes.len() as u64,
            Self::Stored(stored) => stored.left,
        }
    }

    fn next(&mut self) -> io::Result<Option<Bytes>> {
        match self {
            Self::Text(bytes) if bytes.is_empty() => Ok(None),
            Self::Text(bytes) => Ok(Some(std::mem::take(bytes))),
            Self::Stored(stored) => stored.next(),
        }
    }

    /// Reads all of it into memory.
    pub(crate) fn read(mut self) -> io::Result<Vec<u8>> {
        let mut all = Vec::new();
        while let Some(piece) = self.next()? {
            all.extend_from_slice(&piece);
        }
        Ok(all)
    }
}

/// A range of several blobs in a row.
pub(crate) struct Stored {
    blobs: VecDeque<Arc<Blob>>,
    open: Option<(File, u64)>,
    skip: u64,
    left: u64,
}

impl Stored {
    pub(crate) fn new(blobs: &[Arc<Blob>], from: u64, length: u64) -> Self {
        Self { blobs: blobs.iter().cloned().collect(), open: None, skip: from, left: length }
    }

    fn next(&mut self) -> io::Result<Option<Bytes>> {
        while self.left > 0 {
            match &mut self.open {
                Some((_, 0)) => self.open = None,
                Some((file, rest)) => {
                    let length = PIECE.min(*rest).min(self.left);
                    let mut piece = vec![0; usize::try_from(length).map_err(io::Error::other)?];
                    file.read_exact(&mut piece)?;
                    *rest -= length;
                    self.left -= length;
                    return Ok(Some(piece.into()));
                }
                None => self.open_next()?,
            }
        }
        Ok(None)
    }

    fn open_next(&mut self) -> io::Result<()> {
        let Some(blob) = self.blobs.pop_front() else {
            return Err(io::ErrorKind::UnexpectedEof.into());
        };
        if self.skip >= blob.size {
            self.skip -= blob.size;
            return Ok(());
        }
        let mut file = blob.open().unwrap_or_else(|| Err(io::Error::other("the bytes were only counted")))?;
        file.seek(SeekFrom::Start(self.skip))?;
        self.open = Some((file, blob.size - self.skip));
        self.skip = 0;
        Ok(())
    }
}

impl Body for Content {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(mut self: Pin<&mut Self>, _cx: &mut Context<'_>) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        let piece = self.next();
        Poll::Ready(piece.transpose().map(|piece| piece.map(Frame::data)))
    }

    fn is_end_stream(&self) -> bool {
        self.length() == 0
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.length())
    }
}

/// A body on its way out, which tells the connection when its last byte is gone.
pub(crate) struct Outgoing {
    content: Content,
    chunked: bool,
    leaving: Option<(Arc<Connection>, Arc<Record>)>,
}

impl Outgoing {
    pub(crate) fn new(content: Content, chunked: bool, connection: Arc<Connection>, record: Arc<Record>) -> Self {
        Self { content, chunked, leaving: Some((connection, record)) }
    }
}

impl Body for Outgoing {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        Pin::new(&mut self.content).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.content.is_end_stream()
    }

    /// What has no length is sent in chunks.
    fn size_hint(&self) -> SizeHint {
        if self.chunked { SizeHint::default() } else { self.content.size_hint() }
    }
}

impl Drop for Outgoing {
    fn drop(&mut self) {
        if let Some((connection, record)) = self.leaving.take() {
            connection.leaves(record);
        }
    }
}
