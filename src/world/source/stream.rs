//! What the host pushes: held part by part until OSS has confirmed it, so that a part can be sent again byte for byte.

mod parts;

use super::Source;
use crate::error::{Error, Kind, Result};
use crate::oss::limits;
use crate::process::condition::Condition;
use crate::upload::identity::Identity;
use crate::upload::plan::Range;
use parts::{Filling, Parts};
use std::fmt;
use std::io;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Instant;
use tokio::sync::Notify;

/// A stream between the host, which pushes it, and the upload, which sends it.
#[derive(Default)]
pub struct StreamSource {
    /// How long the host said that it is.
    size: Option<u64>,
    state: Mutex<State>,
    /// For the host: there is room, or it is over.
    room: Condition,
    /// For the upload: there is more, or the host broke its word.
    more: Notify,
}

#[derive(Default)]
struct State {
    /// None until it is known how the stream is cut: nothing is taken before.
    parts: Option<Parts>,
    is_writing: bool,
    is_finished: bool,
    is_closed: bool,
    /// Whoever writes went away for want of room, and was not told since that there is some.
    was_full: bool,
    /// What the host is told instead of taking anything from it.
    over: Option<Error>,
    /// What the upload fails with: another length than was said, or than there can be.
    broken: Option<Error>,
}

/// What has come of a range.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pushed {
    /// All of it, or all that there is of the last part.
    There(Range),
    /// Nothing: the stream has ended before it, after so many bytes.
    Ended(u64),
}

/// The one who writes, while he writes.
struct Turn<'a>(&'a StreamSource);

impl StreamSource {
    /// A stream of so many bytes, or of as many as there will be.
    pub fn new(size: Option<u64>) -> Self {
        Self { size, ..Self::default() }
    }

    /// How long the host said that it is.
    pub fn size(&self) -> Option<u64> {
        self.size
    }

    /// Begins to take bytes, in parts of this size, of which it holds `most` at a time.
    pub fn cut(&self, part_size: u64, most: u32) {
        self.lock().parts.get_or_insert_with(|| Parts::new(part_size, most, self.size));
        self.room.notify_all();
    }

    /// Takes bytes, waiting for room until the deadline if there is one; returns how many, whatever stopped it.
    pub fn write(&self, bytes: &[u8], deadline: Option<Instant>) -> (usize, Result<()>) {
        let mut written = 0;
        let result = self.take_turn(bytes.len() as u64).and_then(|turn| {
            while written < bytes.len() {
                let mut part = turn.part(deadline)?;
                written += part.take_in(&bytes[written..]);
                turn.put_back(part);
            }
            Ok(())
        });
        (written, result)
    }

    /// Says that this was all.
    pub fn finish(&self) -> Result<()> {
        let mut state = self.lock();
        state.refuse_if_over()?;
        if state.is_finished {
            return Ok(());
        }
        if state.is_writing {
            return Err(somebody_writes());
        }
        let received = state.received();
        if let Some(size) = self.size.filter(|size| *size != received) {
            let message = format!("the stream was to have {size} bytes, and was finished after {received}");
            return Err(self.break_off(state, message));
        }
        state.is_finished = true;
        if let Some(parts) = &mut state.parts {
            parts.finish();
        }
        drop(state);
        self.more.notify_waiters();
        Ok(())
    }

    /// Whether the host said that this was all.
    pub fn is_finished(&self) -> bool {
        self.lock().is_finished
    }

    /// Takes nothing any more, and tells the host why, unless it is closed.
    pub fn refuse(&self, why: Error) {
        let mut state = self.lock();
        if !state.is_closed {
            state.over = Some(why);
        }
        drop(state);
        self.room.notify_all();
    }

    /// The same, unless it takes nothing already.
    pub fn refuse_unless_over(&self, why: Error) {
        let mut state = self.lock();
        if !state.is_closed {
            state.over.get_or_insert(why);
        }
        drop(state);
        self.room.notify_all();
    }

    /// The upload is over, for this reason if it is no success: nobody reads what was held.
    pub fn close(&self, why: Option<Error>) {
        let mut state = self.lock();
        if std::mem::replace(&mut state.is_closed, true) {
            return;
        }
        state.over = why;
        let parts = state.parts.take();
        drop(state);
        self.room.notify_all();
        drop(parts);
    }

    /// Forgets a part that nobody has to read again.
    pub fn let_go(&self, number: u32) {
        if let Some(parts) = &mut self.lock().parts {
            parts.let_go(number);
        }
        self.room.notify_all();
    }

    /// Whether there is news for one who went away for want of room: there is some, or nothing is taken any more. Says so
    /// once for each time that it was full.
    pub fn is_worth_a_try(&self) -> bool {
        let mut state = self.lock();
        let has_room = state.parts.as_ref().is_some_and(Parts::has_room);
        let is_news = state.was_full && (has_room || state.over.is_some() || state.is_closed);
        state.was_full &= !is_news;
        is_news
    }

    /// Waits until a part is there, or the stream has ended before it.
    pub async fn part(&self, range: Range) -> Result<Pushed> {
        self.when(|state| {
            let received = state.received();
            match state.is_finished && received < range.offset + range.length {
                true if received <= range.offset => Some(Pushed::Ended(received)),
                true => Some(Pushed::There(Range { length: received - range.offset, ..range })),
                false => (received >= range.offset + range.length).then_some(Pushed::There(range)),
            }
        })
        .await
    }

    /// Waits until it is known whether the stream ends within its first part; returns its length if it does.
    pub async fn ends_within(&self) -> Result<Option<u64>> {
        self.when(|state| {
            let received = state.received();
            let is_longer = state.parts.as_ref().is_some_and(|parts| received > parts.part_size());
            match is_longer {
                true => Some(None),
                false => state.is_finished.then_some(Some(received)),
            }
        })
        .await
    }

    /// Waits until the host has said that this was all; returns how much it was.
    pub async fn end(&self) -> Result<u64> {
        self.when(|state| state.is_finished.then(|| state.received())).await
    }

    async fn when<T>(&self, look: impl Fn(&State) -> Option<T>) -> Result<T> {
        loop {
            let more = self.more.notified();
            {
                let state = self.lock();
                if let Some(broken) = &state.broken {
                    return Err(broken.clone());
                }
                if let Some(found) = look(&state) {
                    return Ok(found);
                }
            }
            more.await;
        }
    }

    fn take_turn(&self, length: u64) -> Result<Turn<'_>> {
        let mut state = self.lock();
        state.refuse_if_over()?;
        if state.is_finished {
            return Err(Error::new(Kind::InvalidState, "the stream was finished"));
        }
        if state.is_writing {
            return Err(somebody_writes());
        }
        let received = state.received();
        if let Some(size) = self.size.filter(|size| size - received < length) {
            let message = format!("the stream was to have {size} bytes, and {length} more came after {received}");
            return Err(self.break_off(state, message));
        }
        state.is_writing = true;
        Ok(Turn(self))
    }

    /// Ends the upload, too: an object of other bytes than were meant must not be made.
    fn break_off(&self, mut state: MutexGuard<'_, State>, message: String) -> Error {
        let error = Error::invalid_argument(message);
        state.broken = Some(error.clone());
        state.over = Some(error.clone());
        drop(state);
        self.more.notify_waiters();
        error
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn received(&self) -> u64 {
        self.parts.as_ref().map_or(0, Parts::received)
    }

    fn refuse_if_over(&self) -> Result<()> {
        self.over.clone().map_or(Ok(()), Err)
    }
}

impl Turn<'_> {
    /// The part that is being filled, or the next, once there is room for it. It is filled without the lock, which others
    /// need to read.
    fn part(&self, deadline: Option<Instant>) -> Result<Filling> {
        let mut state = self.0.lock();
        let mut is_late = false;
        loop {
            state.refuse_if_over()?;
            if let Some(parts) = &mut state.parts {
                if parts.is_full() {
                    let (most, size) = (limits::MAX_PARTS, parts.part_size());
                    let message =
                        format!("the stream has more than {most} parts of {size} bytes: set a larger PartSize");
                    return Err(self.0.break_off(state, message));
                }
                if let Some(part) = parts.next()? {
                    return Ok(part);
                }
            }
            if is_late {
                // Under the lock under which there was no room: what comes later is told.
                state.was_full = true;
                return Err(Error::new(Kind::TimedOut, "there was no room for the rest of the bytes in time"));
            }
            state = self.0.room.wait(state, deadline).unwrap_or_else(|| {
                is_late = true;
                self.0.lock()
            });
        }
    }

    fn put_back(&self, part: Filling) {
        // Nobody is left to want it once the upload is over.
        let is_news = self.0.lock().parts.as_mut().is_some_and(|parts| parts.put_back(part));
        if is_news {
            self.0.more.notify_waiters();
        }
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        self.0.lock().is_writing = false;
    }
}

impl Source for StreamSource {
    fn look(&self) -> Result<Identity> {
        Ok(Identity::of_bytes(self.size.unwrap_or_else(|| self.lock().received())))
    }

    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        let held = self.lock().parts.as_ref().and_then(|parts| parts.at(offset));
        let Some((part, begin)) = held else { return Ok(0) };
        let rest = part.get(begin..).unwrap_or_default();
        let count = rest.len().min(buffer.len());
        buffer[..count].copy_from_slice(&rest[..count]);
        Ok(count)
    }

    fn read_resident(&self, buffer: &mut [u8], offset: u64) -> bool {
        self.read_at(buffer, offset).is_ok_and(|count| count == buffer.len())
    }
}

impl fmt::Debug for StreamSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StreamSource").field("size", &self.size).finish_non_exhaustive()
    }
}

fn somebody_writes() -> Error {
    Error::new(Kind::InvalidState, "another thread is writing to the stream")
}

#[cfg(test)]
mod tests;
