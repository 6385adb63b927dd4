//! What a stopped upload left on the server, where no record leads back to it: somebody takes a token of it, or it is taken
//! away when the upload's last handle is freed.

use super::calls;
use super::exchange::Line;
use super::shared::Shared;
use crate::oss::request::Object;
use crate::process::{panics, runtime};
use crate::upload::journal::Record;
use crate::upload::token;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Instant;
use tokio::sync::watch;

/// All that a token says, and how to do without it.
#[derive(Debug)]
pub(super) struct Leftover {
    shared: Arc<Shared>,
    record: Record,
    headers: Vec<(String, String)>,
    fate: Mutex<Fate>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    /// Nobody has asked for it yet.
    Open,
    /// A record or a token leads back to it.
    Kept,
    /// It is being taken away.
    GivenUp,
}

/// What is left by uploads that nobody can go on from yet, and how much of it is being taken away.
static LEFT: Mutex<Left> = Mutex::new(Left { all: Vec::new(), going: Vec::new() });
static GONE: Condvar = Condvar::new();

struct Left {
    all: Vec<Weak<Leftover>>,
    /// Whose it is, for each that is being taken away.
    going: Vec<Weak<Shared>>,
}

impl Leftover {
    pub(super) fn new(shared: Arc<Shared>, record: Record, headers: Vec<(String, String)>, kept: bool) -> Arc<Self> {
        let fate = Mutex::new(if kept { Fate::Kept } else { Fate::Open });
        let leftover = Arc::new(Self { shared, record, headers, fate });
        if !kept {
            let mut left = lock();
            left.all.retain(|other| other.strong_count() > 0);
            left.all.push(Arc::downgrade(&leftover));
        }
        leftover
    }

    /// A token of it, unless it is being taken away; from now on it is its owner's to go on from or to take away.
    pub(super) fn token(&self) -> Option<String> {
        (self.decide(Fate::Kept) != Fate::GivenUp).then(|| token::encode(&self.record))
    }

    /// Decides what becomes of it, unless that is decided; returns what was decided before.
    fn decide(&self, fate: Fate) -> Fate {
        let mut decided = self.fate.lock().unwrap_or_else(PoisonError::into_inner);
        let before = *decided;
        if before == Fate::Open {
            *decided = fate;
        }
        before
    }

    /// Begins to take it away, unless it is kept.
    fn give_up(&self) {
        if self.decide(Fate::GivenUp) != Fate::Open {
            return;
        }
        let Ok(runtime) = runtime::handle() else { return };
        let (shared, headers) = (Arc::clone(&self.shared), self.headers.clone());
        let header = &self.record.header;
        let object = Object { bucket: header.bucket.clone(), key: header.key.clone() };
        let upload_id = header.upload_id.clone();
        let going = Going::new(&self.shared);
        runtime.spawn(async move {
            panics::may_come("leftover");
            let (_hurry, hurried) = watch::channel(true);
            let line = Line::new(shared, Some(1), hurried);
            let gone = calls::abort_thoroughly(&line, &object, headers, &upload_id).await;
            line.shared.diary.gave_up(&upload_id, &gone);
            drop(going);
        });
    }
}

impl Drop for Leftover {
    fn drop(&mut self) {
        self.give_up();
    }
}

/// Stands in the list while something is being taken away.
struct Going(Weak<Shared>);

impl Going {
    fn new(client: &Arc<Shared>) -> Self {
        let client = Arc::downgrade(client);
        lock().going.push(Weak::clone(&client));
        Self(client)
    }
}

impl Drop for Going {
    fn drop(&mut self) {
        let mut left = lock();
        if let Some(at) = left.going.iter().position(|client| Weak::ptr_eq(client, &self.0)) {
            left.going.swap_remove(at);
        }
        drop(left);
        GONE.notify_all();
    }
}

/// Takes away what nobody has a token of, of all or of one client's uploads; returns whether that was done in time.
pub(super) fn give_all_up(client: Option<&Arc<Shared>>, deadline: Instant) -> bool {
    let is_meant = |other: *const Shared| client.is_none_or(|client| std::ptr::eq(Arc::as_ptr(client), other));
    let all: Vec<_> = lock().all.iter().filter_map(Weak::upgrade).collect();
    for leftover in all.iter().filter(|leftover| is_meant(Arc::as_ptr(&leftover.shared))) {
        leftover.give_up();
    }
    let mut left = lock();
    while left.going.iter().any(|client| is_meant(client.as_ptr())) {
        let Some(time) = deadline.checked_duration_since(Instant::now()) else { return false };
        left = GONE.wait_timeout(left, time).unwrap_or_else(PoisonError::into_inner).0;
    }
    true
}

fn lock() -> MutexGuard<'static, Left> {
    LEFT.lock().unwrap_or_else(PoisonError::into_inner)
}
