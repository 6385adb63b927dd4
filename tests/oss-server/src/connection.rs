//! One connection, as those see it who answer on it: it can be cut, and it knows what has been sent.

use std::convert::Infallible;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::Notify;

use crate::ledger::Record;

/// How a connection ends before its time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Cut {
    /// With a TCP reset.
    Reset,
    /// With an orderly end of the stream.
    Close,
}

pub(crate) struct Connection {
    pub(crate) id: u64,
    cut: Mutex<Option<Cut>>,
    wanted: Notify,
    leaving: Mutex<Vec<Arc<Record>>>,
    says_continue: AtomicBool,
}

impl Connection {
    pub(crate) fn new(id: u64) -> Self {
        Self {
            id,
            cut: Mutex::default(),
            wanted: Notify::new(),
            leaving: Mutex::default(),
            says_continue: AtomicBool::new(false),
        }
    }

    /// Asks for the end of the connection and never comes back: whoever waits here ends with it.
    pub(crate) async fn cut(&self, how: Cut) -> Infallible {
        *lock(&self.cut) = Some(how);
        self.wanted.notify_one();
        std::future::pending().await
    }

    /// Waits until somebody wants the connection cut.
    pub(crate) async fn cut_wanted(&self) -> Cut {
        loop {
            self.wanted.notified().await;
            if let Some(how) = *lock(&self.cut) {
                return how;
            }
        }
    }

    /// Asks for a `100 Continue` in front of what is sent next.
    pub(crate) fn say_continue(&self) {
        self.says_continue.store(true, Ordering::Release);
    }

    /// Tells once that it was asked for.
    pub(crate) fn takes_continue(&self) -> bool {
        self.says_continue.swap(false, Ordering::AcqRel)
    }

    /// The last byte of an answer has left the server's hands and awaits the socket.
    pub(crate) fn leaves(&self, record: Arc<Record>) {
        lock(&self.leaving).push(record);
    }

    /// The rest of what is to be sent is about to be given to the socket. Noted beforehand, so that
    /// whoever has read an answer finds it in the ledger.
    pub(crate) fn handing_over(&self) {
        for record in lock(&self.leaving).iter() {
            record.answered(true);
        }
    }

    /// The socket did not take all of it.
    pub(crate) fn not_taken(&self) {
        for record in lock(&self.leaving).iter() {
            record.answered(false);
        }
    }

    /// The socket has taken everything that was to be sent.
    pub(crate) fn flushed(&self) {
        self.handing_over();
        lock(&self.leaving).clear();
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
