//! What a stopped upload left on the server, where no record leads back to it: somebody takes a token of it, or it is taken
//! away when the upload's last handle is freed.

use super::calls;
use super::exchange::Line;
use super::shared::Shared;
use crate::oss::request::Object;
use crate::process::runtime;
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
static LEFT: Mutex<Left> = Mutex::new(Left { all: Vec::new(), going: 0 });
static GONE: Condvar = Condvar::new();

struct Left {
    all: Vec<Weak<Leftover>>,
    going: usize,
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
        let going = Going::new();
        runtime.spawn(async move {
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

/// Counts while something is being taken away.
struct Going;

impl Going {
    fn new() -> Self {
        lock().going += 1;
        Self
    }
}

impl Drop for Going {
    fn drop(&mut self) {
        lock().going -= 1;
        GONE.notify_all();
    }
}

/// Takes away what nobody has a token of; returns whether that was done in time.
pub(super) fn give_all_up(deadline: Instant) -> bool {
    let all = std::mem::take(&mut lock().all);
    all.iter().filter_map(Weak::upgrade).for_each(|leftover| leftover.give_up());
    let mut left = lock();
    while left.going > 0 {
        let Some(time) = deadline.checked_duration_since(Instant::now()) else { return false };
        left = GONE.wait_timeout(left, time).unwrap_or_else(PoisonError::into_inner).0;
    }
    true
}

fn lock() -> MutexGuard<'static, Left> {
    LEFT.lock().unwrap_or_else(PoisonError::into_inner)
}
