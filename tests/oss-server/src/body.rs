//! The body of a request as it is read: at what speed, and whether to its end.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::BodyExt;
use hyper::body::Incoming;

use crate::blob::{Received, Receiver};
use crate::connection::{Connection, Cut};
use crate::ledger::Record;
use crate::pace::Pace;
use crate::refusal::{Halt, Refusal};

pub(crate) struct Body {
    pub(crate) incoming: Incoming,
    pub(crate) received: u64,
    pub(crate) paces: Vec<Arc<Pace>>,
    pub(crate) cut: Option<(u64, Cut)>,
    pub(crate) stall: Option<(u64, Duration)>,
    pub(crate) connection: Arc<Connection>,
    pub(crate) record: Arc<Record>,
}

impl Body {
    /// Lets the faults act that need no byte of the body; to be called before anything is applied.
    pub(crate) async fn begin(&mut self) {
        let expected = http_body::Body::size_hint(&self.incoming).upper();
        if let Some((_, how)) = self.cut.filter(|(after, _)| *after == 0 || expected == Some(0)) {
            match self.connection.cut(how).await {}
        }
    }

    pub(crate) async fn next(&mut self) -> Result<Option<Bytes>, Halt> {
        loop {
            match self.incoming.frame().await {
                Some(Ok(frame)) => {
                    if let Ok(bytes) = frame.into_data() {
                        self.count(&bytes).await;
                        return Ok(Some(bytes));
                    }
                }
                Some(Err(_)) => return Err(Halt::Gone),
                None => {
                    if let Some((_, how)) = self.cut {
                        match self.connection.cut(how).await {}
                    }
                    return Ok(None);
                }
            }
        }
    }

    async fn count(&mut self, bytes: &Bytes) {
        for pace in &self.paces {
            pace.pass(bytes.len()).await;
        }
        self.received += bytes.len() as u64;
        let received = self.received;
        self.record.note(|entry| entry.body_bytes = received);
        if let Some((_, time)) = self.stall.take_if(|(after, _)| *after <= received) {
            tokio::time::sleep(time).await;
        }
        if let Some((_, how)) = self.cut.filter(|(after, _)| *after <= received) {
            match self.connection.cut(how).await {}
        }
    }

    /// Reads the whole body into a receiver.
    pub(crate) async fn receive(&mut self, mut receiver: Receiver) -> Result<Received, Halt> {
        while let Some(bytes) = self.next().await? {
            receiver.take(&bytes).map_err(|error| Refusal::internal(&error))?;
        }
        Ok(receiver.finish())
    }

    /// Reads a small body.
    pub(crate) async fn text(&mut self, limit: usize) -> Result<Vec<u8>, Halt> {
        let mut text = Vec::new();
        while let Some(bytes) = self.next().await? {
            if text.len() + bytes.len() > limit {
                return Err(Refusal::malformed_xml().into());
            }
            text.extend_from_slice(&bytes);
        }
        Ok(text)
    }

    /// Reads what is left, so that the client can take an answer.
    pub(crate) async fn drain(&mut self) -> Result<(), Halt> {
        while self.next().await?.is_some() {}
        Ok(())
    }
}
