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
    let begun = Begun { upload: Arc::downgrade(upload), client: Arc::downgrade(client) };
    let seen = add(&mut running.all, begun, |begun| &begun.upload);
    drop(running);
    drop(seen);
    Ok(wishes)
}

/// Asks a started upload to stop.
pub(super) fn stop(upload: &Arc<Live>, stop: Stop) -> Result<()> {
    let mut running = lock();
    upload.stop(stop)?;
    // Whoever starts the same upload right afterwards waits for this one.
    let seen = add(&mut running.stopping, Arc::downgrade(upload), |upload| upload);
    drop(running);
    drop(seen);
    Ok(())
}

/// Returns those that were looked at, to be let go of without the lock: with the last of an upload what is the host's is given
/// back, by a function of its own.
#[must_use]
fn add<T>(list: &mut Vec<T>, upload: T, of: fn(&T) -> &Weak<Live>) -> Vec<Arc<Live>> {
    let mut seen = Vec::new();
    // Only before it would have to grow: thousands may begin at once.
    if list.len() == list.capacity() {
        list.retain(|other| {
            let other = of(other).upgrade();
            let is_under_way = other.as_ref().is_some_and(|upload| upload.ending().finished().is_none());
            seen.extend(other);
            is_under_way
        });
        // Room for as many again, and no more: uploads that are over keep some of their memory until then.
        list.shrink_to(2 * list.len());
        list.reserve(list.len());
    }
    list.push(upload);
    seen
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
    let mut seen = Vec::new();
    for upload in all.iter().filter(|upload| upload.ending().finished().is_none()) {
        let _over_already = upload.stop(Stop::Leave);
        // Another client's upload of the same file waits for it.
        seen.extend(add(&mut running.stopping, Arc::downgrade(upload), |upload| upload));
    }
    drop(running);
    drop(seen);
    all
}

fn lock() -> MutexGuard<'static, Running> {
    RUNNING.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::diary::{Diary, Log};
    use crate::engine::order::Order;
    use crate::engine::request::Request;

    fn upload() -> Arc<Live> {
        let mut request = Request::default();
        request.set_bucket_name("bucket").unwrap();
        request.set_key("key").unwrap();
        request.set_upload_memory(b"bytes".to_vec());
        Arc::new(Live::new(Order::of(&request).unwrap(), Diary::of_client(Log::default())))
    }

    #[test]
    fn the_last_of_an_upload_is_not_let_go_of_under_the_lock() {
        let upload = upload();
        let (list, last) = (&mut vec![Arc::downgrade(&upload)], Arc::downgrade(&upload));
        list.shrink_to_fit();
        let seen = add(list, Weak::new(), |upload| upload);
        assert_eq!(list.len(), 2);
        // Its last handle is freed at this very moment.
        drop(upload);
        assert!(last.upgrade().is_some());
        drop(seen);
        assert!(last.upgrade().is_none());
    }

    #[test]
    fn what_is_gone_makes_room() {
        let upload = upload();
        let list = &mut vec![Weak::new(), Arc::downgrade(&upload), Weak::new()];
        list.shrink_to_fit();
        drop(add(list, Weak::new(), |upload| upload));
        assert!(list.len() == 2 && list[0].ptr_eq(&Arc::downgrade(&upload)));
    }
}
