//! The uploads that are under way in this process.

use super::leftover;
use super::live::Live;
use crate::upload::event::Stop;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::{Duration, Instant};

static RUNNING: Mutex<Vec<Weak<Live>>> = Mutex::new(Vec::new());

/// Remembers an upload from its start on.
pub(super) fn enter(upload: &Arc<Live>) {
    let mut running = lock();
    running.retain(|other| other.upgrade().is_some_and(|other| other.finished().is_none()));
    running.push(Arc::downgrade(upload));
}

/// Whether another upload of the same file to the same object is about to give its record back.
pub(super) fn is_letting_go(me: &Live) -> bool {
    let same_work = |other: &Live| other.order.object == me.order.object && other.order.place == me.order.place;
    let letting_go = |other: &Live| other.is_stopping() && other.finished().is_none();
    all().iter().any(|other| !std::ptr::eq(Arc::as_ptr(other), me) && letting_go(other) && same_work(other))
}

/// Pauses every upload for good and waits for their ends; returns whether all of them ended in time, and nothing is left on
/// the server to which neither a record nor a token leads.
pub fn leave_all(timeout: Duration) -> bool {
    let deadline = Instant::now() + timeout;
    let all = all();
    for upload in &all {
        let _over_already = upload.stop(Stop::Leave);
    }
    let ended = all.iter().all(|upload| upload.wait_until(Some(deadline)).is_some());
    leftover::give_all_up(deadline) && ended
}

fn all() -> Vec<Arc<Live>> {
    lock().iter().filter_map(Weak::upgrade).collect()
}

fn lock() -> MutexGuard<'static, Vec<Weak<Live>>> {
    RUNNING.lock().unwrap_or_else(PoisonError::into_inner)
}
