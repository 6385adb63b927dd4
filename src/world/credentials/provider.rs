//! The caller's own source: a question is handed over, and answered whenever and wherever the caller likes.

use super::{Fetched, Provider};
use crate::error::{Error, Kind, Result};
use crate::world::Answer;
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};
use tokio::sync::oneshot;

type Ask = dyn Fn(Question) -> Result<()> + Send + Sync;

/// Somebody who is asked.
pub struct Own {
    name: &'static str,
    ask: Box<Ask>,
}

/// A question for credentials. Dropped without an answer, it tells so whoever waits.
pub struct Question(Mutex<Option<oneshot::Sender<Result<Fetched>>>>);

impl Own {
    /// Hands each question to `ask`, which must not block.
    pub fn new(name: &'static str, ask: impl Fn(Question) -> Result<()> + Send + Sync + 'static) -> Self {
        Self { name, ask: Box::new(ask) }
    }
}

impl Provider for Own {
    fn name(&self) -> &str {
        self.name
    }

    fn fetch(&self) -> Answer<'_, Result<Fetched>> {
        Box::pin(async {
            let (answer, answered) = oneshot::channel();
            (self.ask)(Question(Mutex::new(Some(answer))))?;
            let unanswered = |_| Error::new(Kind::NoCredentials, "the request was freed without an answer");
            answered.await.map_err(unanswered)?
        })
    }
}

impl fmt::Debug for Own {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Own").field("name", &self.name).finish_non_exhaustive()
    }
}

impl Question {
    /// Answers it, once. Nobody may be waiting any more; then the answer is dropped.
    pub fn answer(&self, fetched: Result<Fetched>) -> Result<()> {
        let answer = self.open().take();
        let answer = answer.ok_or_else(|| Error::new(Kind::InvalidState, "the request was answered already"))?;
        let _too_late = answer.send(fetched);
        Ok(())
    }

    /// Whether anybody waits for the answer.
    pub fn is_wanted(&self) -> bool {
        self.open().as_ref().is_some_and(|answer| !answer.is_closed())
    }

    fn open(&self) -> MutexGuard<'_, Option<oneshot::Sender<Result<Fetched>>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
