//! The uploads that are under way in this process.

use super::leftover;
use super::live::{Live, Wish};
use super::shared::Shared;
use crate::error::{Error, Kind, Result};
use crate::upload::event::Stop;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::{Duration, Instant};
use tokio::sync::mpsc::UnboundedReceiver;

static RUNNING: Mutex<Running> = Mutex::new(Running { all: Vec::new(), stopping: Vec::new(), closed: false });

struct Running {
    all: Vec<Begun>,
    /// Those of them that were asked to stop.
    stopping: Vec<Weak<Live>>,
    /// Nobody would be left to stop another one.
    closed: bool,
}

/// An upload, and whose it is.
struct Begun {
    upload: Weak<Live>,
    client: Weak<Shared>,
}

impl Begun {
    fn is_over(&self) -> bool {
        is_over(&self.upload)
    }

    fn is_of(&self, client: Option<&Arc<Shared>>) -> bool {
        client.is_none_or(|client| std::ptr::eq(self.client.as_ptr(), Arc::as_ptr(client)))
    }
}

/// Marks an upload's start and remembers it from then on.
pub(super) fn begin(upload: &Arc<Live>, client: &Arc<Shared>) -> Result<UnboundedReceiver<Wish>> {
    let mut running = lock();
    if running.closed {
        return Err(Error::new(Kind::ShutDown, "the library is being shut down"));
    }
    client.refuse_closed()?;
    let wishes = upload.begin()?;
    add(&mut running.all, Begun { upload: Arc::downgrade(upload), client: Arc::downgrade(client) }, Begun::is_over);
    Ok(wishes)
}

/// Asks a started upload to stop.
pub(super) fn stop(upload: &Arc<Live>, stop: Stop) -> Result<()> {
    let mut running = lock();
    upload.stop(stop)?;
    // Whoever starts the same upload right afterwards waits for this one.
    add(&mut running.stopping, Arc::downgrade(upload), is_over);
    Ok(())
}

fn add<T>(list: &mut Vec<T>, upload: T, is_over: fn(&T) -> bool) {
    // Only before it would have to grow: thousands may begin at once.
    if list.len() == list.capacity() {
        list.retain(|other| !is_over(other));
        // Room for as many again, and no more: uploads that are over keep some of their memory until then.
        list.shrink_to(2 * list.len());
        list.reserve(list.len());
    }
    list.push(upload);
}

fn is_over(upload: &Weak<Live>) -> bool {
    upload.upgrade().is_none_or(|upload| upload.ending().finished().is_some())
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
    leave(None, Instant::now() + timeout)
}

/// The same for one client's alone, where one is given.
pub(super) fn leave(client: Option<&Arc<Shared>>, deadline: Instant) -> bool {
    let all = stop_all(client);
    let ended = all.iter().all(|upload| upload.ending().wait_until(Some(deadline)).is_some());
    leftover::give_all_up(client, deadline) && ended
}

fn stop_all(client: Option<&Arc<Shared>>) -> Vec<Arc<Live>> {
    let mut running = lock();
    match client {
        None => running.closed = true,
        Some(client) => client.is_closed.store(true, Ordering::Release),
    }
    let wanted = running.all.iter().filter(|begun| begun.is_of(client));
    let all: Vec<_> = wanted.filter_map(|begun| begun.upload.upgrade()).collect();
    for upload in all.iter().filter(|upload| upload.ending().finished().is_none()) {
        let _over_already = upload.stop(Stop::Leave);
        // Another client's upload of the same file waits for it.
        add(&mut running.stopping, Arc::downgrade(upload), is_over);
    }
    all
}

fn lock() -> MutexGuard<'static, Running> {
    RUNNING.lock().unwrap_or_else(PoisonError::into_inner)
}
