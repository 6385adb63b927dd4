//! The uploads that are under way in this process.

use super::leftover;
use super::live::{Live, Wish};
use crate::error::{Error, Kind, Result};
use crate::upload::event::Stop;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::{Duration, Instant};
use tokio::sync::mpsc::UnboundedReceiver;

static RUNNING: Mutex<Running> = Mutex::new(Running { all: Vec::new(), stopping: Vec::new(), closed: false });

struct Running {
    all: Vec<Weak<Live>>,
    /// Those of them that were asked to stop.
    stopping: Vec<Weak<Live>>,
    /// Nobody would be left to stop another one.
    closed: bool,
}

/// Marks an upload's start and remembers it from then on.
pub(super) fn begin(upload: &Arc<Live>) -> Result<UnboundedReceiver<Wish>> {
    let mut running = lock();
    if running.closed {
        return Err(Error::new(Kind::ShutDown, "the library is being shut down"));
    }
    let wishes = upload.begin()?;
    add(&mut running.all, upload);
    Ok(wishes)
}

/// Asks a started upload to stop.
pub(super) fn stop(upload: &Arc<Live>, stop: Stop) -> Result<()> {
    let mut running = lock();
    upload.stop(stop)?;
    // Whoever starts the same upload right afterwards waits for this one.
    add(&mut running.stopping, upload);
    Ok(())
}

fn add(list: &mut Vec<Weak<Live>>, upload: &Arc<Live>) {
    // Only before it would have to grow: thousands may begin at once.
    if list.len() == list.capacity() {
        list.retain(|other| other.upgrade().is_some_and(|other| other.ending().finished().is_none()));
        // Room for as many again, and no more: uploads that are over keep some of their memory until then.
        list.shrink_to(2 * list.len());
        list.reserve(list.len());
    }
    list.push(Arc::downgrade(upload));
}

/// Whether another upload of the same file to the same object is about to give its record back.
pub(super) fn is_letting_go(me: &Live) -> bool {
    let same_work = |other: &Live| other.order.object == me.order.object && other.order.place == me.order.place;
    let letting_go = |other: &Live| other.ending().finished().is_none();
    let stopping: Vec<_> = lock().stopping.iter().filter_map(Weak::upgrade).collect();
    stopping.iter().any(|other| !std::ptr::eq(Arc::as_ptr(other), me) && letting_go(other) && same_work(other))
}

/// Pauses every upload for good, lets none begin any more and waits for their ends; returns whether all of them ended in
/// time, and nothing is left on the server to which neither a record nor a token leads.
pub fn leave_all(timeout: Duration) -> bool {
    let deadline = Instant::now() + timeout;
    lock().closed = true;
    let all: Vec<_> = lock().all.iter().filter_map(Weak::upgrade).collect();
    for upload in &all {
        let _over_already = upload.stop(Stop::Leave);
    }
    let ended = all.iter().all(|upload| upload.ending().wait_until(Some(deadline)).is_some());
    leftover::give_all_up(deadline) && ended
}

fn lock() -> MutexGuard<'static, Running> {
    RUNNING.lock().unwrap_or_else(PoisonError::into_inner)
}
