//! The one thread on which the host's callbacks run, one at a time: never inside a call of the host's, never
//! on a thread that moves bytes.

use super::queue::Queue;
use super::thread;
use crate::error::Result;
use once_cell::sync::OnceCell;
use std::cell::Cell;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

type Job = Box<dyn FnOnce() + Send>;

/// Where callbacks are handed over.
#[derive(Clone)]
pub struct Callbacks(Arc<Thread>);

struct Thread {
    /// `None` ends it.
    jobs: Queue<Option<Job>>,
    life: Mutex<Life>,
    ended: Condvar,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Life {
    Serving,
    /// What is handed over from now on runs at once, wherever that is.
    Ending,
    Ended,
}

static THREAD: OnceCell<Callbacks> = OnceCell::new();

thread_local! {
    static HERE: Cell<bool> = const { Cell::new(false) };
}

impl Callbacks {
    /// The process's own; its thread is started by the first call, which fails when there can be none.
    pub fn get() -> Result<Self> {
        THREAD.get_or_try_init(start).cloned()
    }

    /// Runs something after everything that was handed over before.
    pub fn run(&self, job: impl FnOnce() + Send + 'static) {
        let life = self.0.life();
        if *life == Life::Serving {
            // Under the lock: nothing comes behind the end.
            self.0.jobs.push(Some(Box::new(job)));
        } else {
            drop(life);
            job();
        }
    }
}

/// Whether this is the thread on which callbacks run: waiting here for a callback would be for ever.
pub fn is_this_thread() -> bool {
    HERE.get()
}

/// Runs what was handed over and ends the thread; returns whether that was done in time.
pub fn shutdown(timeout: Duration) -> bool {
    let Some(Callbacks(thread)) = THREAD.get() else { return true };
    let deadline = Instant::now() + timeout;
    let mut life = thread.life();
    if *life == Life::Serving {
        *life = Life::Ending;
        thread.jobs.push(None);
    }
    while *life != Life::Ended {
        let Some(left) = deadline.checked_duration_since(Instant::now()) else { return false };
        life = thread.ended.wait_timeout(life, left).unwrap_or_else(PoisonError::into_inner).0;
    }
    true
}

impl Thread {
    fn life(&self) -> MutexGuard<'_, Life> {
        self.life.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn serve(&self) {
        HERE.set(true);
        loop {
            match self.jobs.next(None) {
                // What a job holds is dropped with it, which tells whoever waits for it.
                Some(Some(job)) => drop(std::panic::catch_unwind(std::panic::AssertUnwindSafe(job))),
                Some(None) => break,
                None => {}
            }
        }
        *self.life() = Life::Ended;
        self.ended.notify_all();
    }
}

fn start() -> Result<Callbacks> {
    let thread = Thread { jobs: Queue::default(), life: Mutex::new(Life::Serving), ended: Condvar::new() };
    let callbacks = Callbacks(Arc::new(thread));
    let served = Arc::clone(&callbacks.0);
    thread::spawn("ossup-callback", move || served.serve())?;
    Ok(callbacks)
}
