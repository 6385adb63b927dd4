//! Jobs that one thread does, one at a time and in order, until it is to end. Each is done exactly once.

use super::condition::Condition;
use super::panics;
use super::sync::{Mutex, MutexGuard, PoisonError};
use std::collections::VecDeque;
use std::time::Instant;

type Job = Box<dyn FnOnce() + Send>;

/// What is to be done, and whether anybody does it.
#[derive(Default)]
pub struct Jobs {
    state: Mutex<State>,
    changed: Condition,
}

#[derive(Default)]
struct State {
    waiting: VecDeque<Job>,
    /// How many were handed over, and how many of them are done.
    handed_over: u64,
    done: u64,
    life: Life,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Life {
    #[default]
    Serving,
    /// What is handed over is done by the thread, and then it ends.
    Ending,
    /// What is handed over from now on is done at once, wherever that is.
    Ended,
}

impl Jobs {
    /// Has something done after everything that was handed over before.
    pub fn run(&self, job: impl FnOnce() + Send + 'static) {
        let mut state = self.lock();
        if state.life == Life::Ended {
            drop(state);
            done(job);
            return;
        }
        state.waiting.push_back(Box::new(job));
        state.handed_over += 1;
        drop(state);
        self.changed.notify_all();
    }

    /// Does what is handed over, until the end.
    pub fn serve(&self) {
        let mut state = self.lock();
        loop {
            if let Some(job) = state.waiting.pop_front() {
                drop(state);
                done(job);
                state = self.lock();
                state.done += 1;
                self.changed.notify_all();
            } else if state.life == Life::Serving {
                state = self.changed.wait(state, None).unwrap_or_else(|| self.lock());
            } else {
                break;
            }
        }
        // Under the lock under which nothing was left: nothing comes behind the end.
        state.life = Life::Ended;
        drop(state);
        self.changed.notify_all();
    }

    /// Waits until what was handed over before is done; returns whether that was in time.
    pub fn catch_up(&self, deadline: Option<Instant>) -> bool {
        let mut state = self.lock();
        let wanted = state.handed_over;
        while state.done < wanted {
            let Some(awake) = self.changed.wait(state, deadline) else { return false };
            state = awake;
        }
        true
    }

    /// Has the serving thread end when all is done; returns whether it did so in time.
    pub fn end(&self, deadline: Option<Instant>) -> bool {
        let mut state = self.lock();
        if state.life == Life::Serving {
            state.life = Life::Ending;
            self.changed.notify_all();
        }
        while state.life != Life::Ended {
            let Some(awake) = self.changed.wait(state, deadline) else { return false };
            state = awake;
        }
        true
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A panic is the end of a job alone. What the job holds is dropped with it, which tells whoever waits for it.
fn done(job: impl FnOnce()) {
    let _told = panics::caught(job);
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc;
    use std::sync::{Arc, atomic::AtomicU32, atomic::Ordering};
    use std::time::Duration;

    #[test]
    fn a_panic_ends_its_job_alone() {
        let jobs = Arc::new(Jobs::default());
        let served = Arc::clone(&jobs);
        let thread = std::thread::spawn(move || served.serve());
        let (done, answer) = mpsc::channel();
        jobs.run(|| panic!("boom"));
        jobs.run(move || done.send(7).unwrap());
        assert_eq!(answer.recv(), Ok(7));
        assert!(jobs.end(None));
        thread.join().unwrap();
    }

    #[test]
    fn an_end_waits_for_what_was_handed_over_and_for_no_longer_than_told() {
        let jobs = Arc::new(Jobs::default());
        let done = Arc::new(AtomicU32::new(0));
        let count = || {
            let done = Arc::clone(&done);
            move || _ = done.fetch_add(1, Ordering::Relaxed)
        };
        assert!(jobs.catch_up(Some(Instant::now())));
        jobs.run(count());
        assert!(!jobs.catch_up(Some(Instant::now())));
        assert!(!jobs.end(Some(Instant::now() + Duration::from_millis(5))));
        jobs.run(count());
        assert_eq!(done.load(Ordering::Relaxed), 0);
        jobs.serve();
        assert_eq!(done.load(Ordering::Relaxed), 2);
        assert!(jobs.catch_up(None));
        jobs.run(count());
        assert_eq!(done.load(Ordering::Relaxed), 3);
    }
}
