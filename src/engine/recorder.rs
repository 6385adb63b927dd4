//! Writes the record without holding up the upload: lines are gathered while the disk is busy and go out
//! together; only what the next step depends on is waited for.

use crate::error::Result;
use crate::process::pool::Lane;
use crate::upload::journal::{Header, Part};
use crate::world::checkpoint::Checkpoint;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// A power cut takes at most this much of the tail; what it takes, the server still knows.
const SYNC_EVERY: Duration = Duration::from_secs(5);

#[derive(Clone, Debug)]
pub(super) struct Recorder(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    lane: Lane,
    pending: Mutex<Pending>,
    desk: Mutex<Desk>,
}

#[derive(Debug, Default)]
struct Pending {
    lines: Vec<Part>,
    writing: bool,
}

#[derive(Debug)]
struct Desk {
    /// None after the end.
    checkpoint: Option<Checkpoint>,
    synced: Instant,
}

impl Recorder {
    pub(super) fn new(checkpoint: Checkpoint) -> Self {
        let desk = Desk { checkpoint: Some(checkpoint), synced: Instant::now() };
        Self(Arc::new(Shared { lane: Lane::new(1), pending: Mutex::default(), desk: Mutex::new(desk) }))
    }

    /// Begins the record anew, durably.
    pub(super) async fn begin(&self, header: Header) -> Result<()> {
        let this = self.clone();
        self.at_desk(move |desk| {
            // Here, where no write can put back what it could not write.
            this.pending().lines.clear();
            desk.checkpoint.as_mut().map_or(Ok(()), |checkpoint| checkpoint.begin(&header))
        })
        .await
    }

    /// Takes a part in, so that whatever is written from now on comes behind it. Returns whether somebody has to be
    /// told to write.
    pub(super) fn note(&self, part: Part) -> bool {
        let mut pending = self.pending();
        pending.lines.push(part);
        !std::mem::replace(&mut pending.writing, true)
    }

    /// Writes down the parts that were taken in, and those that come meanwhile.
    pub(super) async fn write(&self) -> Result<()> {
        let this = self.clone();
        let work = move || {
            loop {
                let mut desk = this.desk();
                let written = this.write_pending(&mut desk).and_then(|()| desk.sync_if_due());
                let mut pending = this.pending();
                if pending.lines.is_empty() || written.is_err() {
                    pending.writing = false;
                    return written;
                }
            }
        };
        self.0.lane.run(work).await?
    }

    /// Writes down, durably, that Complete is about to be sent.
    pub(super) async fn mark_completing(&self, server_time: i64) -> Result<()> {
        let this = self.clone();
        self.at_desk(move |desk| {
            this.write_pending(desk)?;
            let Some(checkpoint) = &mut desk.checkpoint else { return Ok(()) };
            let Some(encoder) = checkpoint.encoder() else { return Ok(()) };
            checkpoint.append(&encoder.completing(server_time))?;
            checkpoint.sync()
        })
        .await
    }

    /// Makes the record durable.
    pub(super) async fn sync(&self) -> Result<()> {
        let this = self.clone();
        self.at_desk(move |desk| {
            let written = this.write_pending(desk);
            let synced = desk.checkpoint.as_ref().map_or(Ok(()), Checkpoint::sync);
            written.and(synced)
        })
        .await
    }

    /// Lets go of the record, behind all that is still being done to it. A hung disk does so by its own end.
    pub(super) async fn release(&self) -> Result<()> {
        self.at_desk(|desk| {
            desk.checkpoint = None;
            Ok(())
        })
        .await
    }

    /// Deletes the record and lets go of it.
    pub(super) async fn delete(&self) -> Result<()> {
        self.at_desk(|desk| desk.checkpoint.take().map_or(Ok(()), Checkpoint::delete)).await
    }

    async fn at_desk(&self, job: impl FnOnce(&mut Desk) -> Result<()> + Send + 'static) -> Result<()> {
        let this = self.clone();
        self.0.lane.run(move || job(&mut this.desk())).await?
    }

    fn write_pending(&self, desk: &mut Desk) -> Result<()> {
        let parts = std::mem::take(&mut self.pending().lines);
        let Some(checkpoint) = desk.checkpoint.as_mut().filter(|_| !parts.is_empty()) else { return Ok(()) };
        let Some(encoder) = checkpoint.encoder() else { return Ok(()) };
        let lines: Vec<u8> = parts.iter().flat_map(|part| encoder.part(part)).collect();
        let written = checkpoint.append(&lines);
        if written.is_err() {
            // A disk that is full now may not be so at the next part.
            self.pending().lines.splice(0..0, parts);
        }
        written
    }

    fn pending(&self) -> MutexGuard<'_, Pending> {
        self.0.pending.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn desk(&self) -> MutexGuard<'_, Desk> {
        self.0.desk.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Desk {
    fn sync_if_due(&mut self) -> Result<()> {
        if self.synced.elapsed() < SYNC_EVERY {
            return Ok(());
        }
        self.synced = Instant::now();
        self.checkpoint.as_ref().map_or(Ok(()), Checkpoint::sync)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Kind;
    use crate::oss::request::Object;
    use crate::world::checkpoint::{self, Place};
    use crate::world::source::FileSource;
    use std::sync::mpsc;

    #[tokio::test]
    async fn the_record_is_free_once_it_was_let_go_of_whatever_is_still_being_done_to_it() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        std::fs::write(&file, b"bytes").unwrap();
        let source = FileSource::open(&file).unwrap();
        let object = Object { bucket: "bucket".into(), key: "key".into() };
        let open = || checkpoint::open(&Place::Beside(file.clone()), &object, &source);
        let recorder = Recorder::new(open().unwrap().0);
        let (busy, is_busy) = mpsc::channel();
        let this = recorder.clone();
        let writing = move || {
            let _desk = this.desk();
            busy.send(()).unwrap();
            std::thread::sleep(Duration::from_millis(50));
        };
        recorder.0.lane.submit(writing).unwrap();
        is_busy.recv().unwrap();
        assert_eq!(open().unwrap_err().kind(), Kind::Busy);
        recorder.release().await.unwrap();
        open().unwrap();
    }
}
