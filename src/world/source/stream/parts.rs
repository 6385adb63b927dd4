//! The parts of a stream that are held, and the one that is being filled.

use crate::error::{Error, Kind, Result};
use crate::oss::limits;
use std::collections::BTreeMap;
use std::sync::Arc;

/// So many whole parts at most, and their buffers, which are used again and again.
pub(super) struct Parts {
    part_size: u64,
    /// The most buffers that there are at a time.
    most: usize,
    /// Where the stream ends, if that is known.
    size: Option<u64>,
    /// Bytes of whole parts, held or let go of.
    cut: u64,
    filling: Option<Filling>,
    whole: BTreeMap<u32, Arc<Vec<u8>>>,
    spare: Vec<Vec<u8>>,
}

/// A part that is not whole yet.
pub(super) struct Filling {
    bytes: Vec<u8>,
    length: usize,
    is_new: bool,
}

impl Filling {
    /// Takes in as much as belongs to it; returns how much that is.
    pub(super) fn take_in(&mut self, bytes: &[u8]) -> usize {
        let count = bytes.len().min(self.length - self.bytes.len());
        self.bytes.extend_from_slice(&bytes[..count]);
        count
    }
}

impl Parts {
    pub(super) fn new(part_size: u64, most: u32, size: Option<u64>) -> Self {
        let most = most as usize;
        Self { part_size, most, size, cut: 0, filling: None, whole: BTreeMap::new(), spare: Vec::new() }
    }

    pub(super) fn part_size(&self) -> u64 {
        self.part_size
    }

    /// How much has come.
    pub(super) fn received(&self) -> u64 {
        self.cut + self.filling.as_ref().map_or(0, |part| part.bytes.len() as u64)
    }

    /// Whether there can be no further part.
    pub(super) fn is_full(&self) -> bool {
        self.filling.is_none() && self.cut / self.part_size >= u64::from(limits::MAX_PARTS)
    }

    /// Whether there is a part that may be filled.
    pub(super) fn has_room(&self) -> bool {
        self.filling.is_some() || self.whole.len() < self.most
    }

    /// The part that is to be filled; none while there is no room for it.
    pub(super) fn next(&mut self) -> Result<Option<Filling>> {
        if self.filling.is_some() || !self.has_room() {
            return Ok(self.filling.take());
        }
        let length = self.size.map_or(self.part_size, |size| self.part_size.min(size - self.cut));
        let no_room = || Error::new(Kind::NoResources, format!("there is no memory for a part of {length} bytes"));
        let length = usize::try_from(length).map_err(|error| no_room().with_source(error))?;
        let mut bytes = self.spare.pop().unwrap_or_default();
        bytes.try_reserve_exact(length).map_err(|error| no_room().with_source(error))?;
        Ok(Some(Filling { bytes, length, is_new: true }))
    }

    /// Takes a part back that was filled, whole or not; returns whether it was begun or is whole, which may be waited for.
    pub(super) fn put_back(&mut self, mut part: Filling) -> bool {
        let is_new = std::mem::take(&mut part.is_new);
        let is_whole = part.bytes.len() == part.length;
        self.filling = Some(part);
        if is_whole {
            self.finish();
        }
        is_new || is_whole
    }

    /// The part that was being filled is whole as it is.
    pub(super) fn finish(&mut self) {
        if let Some(part) = self.filling.take().filter(|part| !part.bytes.is_empty()) {
            let number = self.number(self.cut);
            self.cut += part.bytes.len() as u64;
            self.whole.insert(number, Arc::new(part.bytes));
        }
    }

    pub(super) fn let_go(&mut self, number: u32) {
        // Who reads it at this very moment keeps it a little longer.
        if let Some(Ok(mut bytes)) = self.whole.remove(&number).map(Arc::try_unwrap) {
            bytes.clear();
            self.spare.push(bytes);
        }
    }

    /// The whole part that holds a position, if it is held, and where in it that is.
    pub(super) fn at(&self, offset: u64) -> Option<(Arc<Vec<u8>>, usize)> {
        let part = Arc::clone(self.whole.get(&self.number(offset))?);
        Some((part, usize::try_from(offset % self.part_size).ok()?))
    }

    fn number(&self, offset: u64) -> u32 {
        u32::try_from(offset / self.part_size + 1).unwrap_or(u32::MAX)
    }
}
