//! The one thread on which the host's callbacks run, one at a time: never inside a call of the host's, never
//! on a thread that moves bytes.

use super::queue::Queue;
use super::thread;
use crate::error::Result;
use once_cell::sync::OnceCell;
use std::cell::Cell;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, mpsc};
use std::time::Duration;

type Job = Box<dyn FnOnce() + Send>;

static JOBS: OnceCell<Arc<Queue<Message>>> = OnceCell::new();

thread_local! {
    static HERE: Cell<bool> = const { Cell::new(false) };
}

enum Message {
    Run(Job),
    End(mpsc::Sender<()>),
}

/// After the end, what is still handed over runs at once.
static ENDED: AtomicBool = AtomicBool::new(false);

/// Where callbacks are handed over.
#[derive(Clone)]
pub struct Callbacks(Arc<Queue<Message>>);

impl Callbacks {
    /// The process's own; its thread is started by the first call, which fails when there can be none.
    pub fn get() -> Result<Self> {
        JOBS.get_or_try_init(start).map(|jobs| Self(Arc::clone(jobs)))
    }

    /// Runs something after everything that was handed over before.
    pub fn run(&self, job: impl FnOnce() + Send + 'static) {
        if ENDED.load(Ordering::Acquire) {
            job();
        } else {
            self.0.push(Message::Run(Box::new(job)));
        }
    }
}

/// Whether this is the thread on which callbacks run: waiting here for a callback would be for ever.
pub fn is_this_thread() -> bool {
    HERE.get()
}

/// Runs what was handed over and ends the thread; returns whether that was done in time.
pub fn shutdown(timeout: Duration) -> bool {
    let Some(jobs) = JOBS.get().filter(|_| !ENDED.load(Ordering::Acquire)) else { return true };
    let (ended, end) = mpsc::channel();
    jobs.push(Message::End(ended));
    end.recv_timeout(timeout).is_ok()
}

fn start() -> Result<Arc<Queue<Message>>> {
    let jobs: Arc<Queue<Message>> = Arc::default();
    let served = Arc::clone(&jobs);
    thread::spawn("ossup-callback", move || {
        HERE.set(true);
        loop {
            match served.next(None) {
                // What a job holds is dropped with it, which tells whoever waits for it.
                Some(Message::Run(job)) => drop(std::panic::catch_unwind(std::panic::AssertUnwindSafe(job))),
                Some(Message::End(ended)) => {
                    ENDED.store(true, Ordering::Release);
                    let _nobody_waits_any_more = ended.send(());
                    return;
                }
                None => {}
            }
        }
    })?;
    Ok(jobs)
}
