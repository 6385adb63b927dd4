//! The uploads that are under way in this process.

use super::handle::{Live, Upload, WeakUpload};
use super::request::Order;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

static RUNNING: Mutex<Vec<WeakUpload>> = Mutex::new(Vec::new());

/// Remembers an upload from its start on.
pub(super) fn enter(upload: &Upload) {
    let mut running = lock();
    running.retain(|other| other.get().is_some_and(|other| !other.is_done()));
    running.push(upload.downgrade());
}

/// Whether another upload of the same file to the same object is about to give its record back.
pub(super) fn is_letting_go(order: &Order, me: &Live) -> bool {
    all().iter().any(|other| other.is_stopping() && other.is_same_work(order) && !other.is(me))
}

/// Pauses every upload and waits for their ends; returns whether all of them ended in time.
pub fn pause_all(timeout: Duration) -> bool {
    let deadline = Instant::now() + timeout;
    let all = all();
    for upload in &all {
        upload.pause();
    }
    all.iter().all(|upload| upload.wait_until(Some(deadline)).is_some())
}

fn all() -> Vec<Upload> {
    lock().iter().filter_map(WeakUpload::get).collect()
}

fn lock() -> MutexGuard<'static, Vec<WeakUpload>> {
    RUNNING.lock().unwrap_or_else(PoisonError::into_inner)
}
