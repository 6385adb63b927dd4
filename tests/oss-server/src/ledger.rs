//! What was asked and what was answered, request by request.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde::{Deserialize, Serialize};

use crate::clock::Clock;
use crate::operation::Operation;
use crate::route::Request;

/// One request, as the server saw it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Entry {
    /// Counts from 1 over the life of the server.
    pub sequence: u64,
    /// Which connection it came on; counts from 1.
    pub connection: u64,
    /// Milliseconds since the server started.
    pub started_ms: u64,
    /// When the answer was handed over or the connection was cut; none while it lasts.
    pub ended_ms: Option<u64>,
    /// HTTP method.
    pub method: String,
    /// Path as it stood on the wire.
    pub path: String,
    /// What it asked for.
    pub operation: Operation,
    /// Of which bucket.
    pub bucket: Option<String>,
    /// Of which object.
    pub key: Option<String>,
    /// Of which upload; for an Initiate, the id that was given.
    pub upload_id: Option<String>,
    /// Which part.
    pub part_number: Option<u32>,
    /// Query parameters, decoded.
    pub query: Vec<(String, String)>,
    /// Request headers, names in lower case.
    pub headers: Vec<(String, String)>,
    /// Content-Length.
    pub declared_length: Option<u64>,
    /// Bytes of the body that were read.
    pub body_bytes: u64,
    /// Status of the answer; none when the connection was cut instead.
    pub status: Option<u16>,
    /// Code of the error, if it was one.
    pub code: Option<String>,
    /// Request id of the answer.
    pub request_id: String,
    /// Whether the whole answer was handed to the socket.
    pub answered: bool,
    /// Names of the faults that hit it.
    pub faults: Vec<String>,
}

impl Entry {
    /// A request header by its lower-case name.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(candidate, _)| candidate == name).map(|(_, value)| value.as_str())
    }
}

/// All entries since the last clearing.
pub(crate) struct Ledger {
    clock: Arc<Clock>,
    next: AtomicU64,
    entries: Mutex<Vec<Arc<Mutex<Entry>>>>,
}

impl Ledger {
    pub(crate) fn new(clock: Arc<Clock>) -> Self {
        Self { clock, next: AtomicU64::new(1), entries: Mutex::default() }
    }

    pub(crate) fn open(&self, connection: u64, request: &Request, request_id: &str, faults: Vec<String>) -> Record {
        let entry = Arc::new(Mutex::new(Entry {
            sequence: self.next.fetch_add(1, Ordering::Relaxed),
            connection,
            started_ms: self.clock.elapsed_ms(),
            ended_ms: None,
            method: request.method.clone(),
            path: request.path.clone(),
            operation: request.operation,
            bucket: request.bucket.clone(),
            key: request.key.clone(),
            upload_id: request.query("uploadId").map(str::to_owned),
            part_number: request.part_number(),
            query: request.query.clone(),
            headers: request.headers.clone(),
            declared_length: request.declared_length(),
            body_bytes: 0,
            status: None,
            code: None,
            request_id: request_id.to_owned(),
            answered: false,
            faults,
        }));
        lock(&self.entries).push(Arc::clone(&entry));
        Record { entry, clock: Arc::clone(&self.clock) }
    }

    pub(crate) fn read(&self) -> Vec<Entry> {
        lock(&self.entries).iter().map(|entry| lock(entry).clone()).collect()
    }

    pub(crate) fn count(&self, wanted: impl Fn(&Entry) -> bool) -> usize {
        lock(&self.entries).iter().filter(|entry| wanted(&lock(entry))).count()
    }

    pub(crate) fn clear(&self) {
        lock(&self.entries).clear();
    }
}

/// The line of the ledger that one request writes; its end is noted when the request is let go.
pub(crate) struct Record {
    entry: Arc<Mutex<Entry>>,
    clock: Arc<Clock>,
}

impl Record {
    pub(crate) fn note(&self, change: impl FnOnce(&mut Entry)) {
        change(&mut lock(&self.entry));
    }

    /// Milliseconds since the request came.
    pub(crate) fn elapsed_ms(&self) -> u64 {
        self.clock.elapsed_ms() - lock(&self.entry).started_ms
    }

    /// Notes whether the whole answer went to the socket.
    pub(crate) fn answered(&self, whole: bool) {
        let now = self.clock.elapsed_ms();
        self.note(|entry| {
            entry.answered = whole;
            entry.ended_ms = whole.then_some(now);
        });
    }
}

impl Drop for Record {
    fn drop(&mut self) {
        let now = self.clock.elapsed_ms();
        self.note(|entry| {
            entry.ended_ms.get_or_insert(now);
        });
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
