//! The threads of all lanes: as many as there is work for, up to a bound. One that hangs does not count, so that a dead file
//! system holds up its own uploads alone.

use super::super::thread;
use crate::error::Result;
use std::cell::{Cell, OnceCell};
use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, LazyLock, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

const IDLE: Duration = Duration::from_secs(5);

pub(super) type Job = Box<dyn FnOnce() + Send>;

/// With all other threads of ours and the host's first one there are fewer than fifty, however many uploads there are.
const WORKING: usize = 43;

pub(super) static THREADS: Threads = Threads::new(Limits { working: WORKING, all: 512, hung: Duration::from_secs(5) });

struct Limits {
    /// Threads that do not hang.
    working: usize,
    all: usize,
    /// What has taken that long hangs.
    hung: Duration,
}

pub(super) struct Threads {
    limits: Limits,
    state: Mutex<State>,
    /// There is a job, or the end has come.
    work: Condvar,
    /// A thread has left.
    left: Condvar,
}

struct State {
    jobs: VecDeque<Job>,
    threads: usize,
    pulses: Vec<Arc<Pulse>>,
    idle: usize,
    /// Threads that take no jobs from here.
    apart: usize,
    /// One of them sees to jobs that wait behind hung ones.
    watched: bool,
    ending: bool,
}

/// When a thread began what it is doing, in milliseconds since the first time that one did; 0 while it does nothing.
#[derive(Default)]
struct Pulse(AtomicU64);

static FIRST: LazyLock<Instant> = LazyLock::new(Instant::now);

thread_local! {
    static HERE: Cell<bool> = const { Cell::new(false) };
    static PULSE: OnceCell<Arc<Pulse>> = const { OnceCell::new() };
}

pub(super) fn is_one() -> bool {
    HERE.get()
}

/// This thread begins something new: whatever it did before, it does not hang.
pub(super) fn beat() {
    PULSE.with(|pulse| {
        if let Some(pulse) = pulse.get() {
            pulse.set(now());
        }
    });
}

fn now() -> u64 {
    u64::try_from(FIRST.elapsed().as_millis()).unwrap_or(u64::MAX).saturating_add(1)
}

impl Pulse {
    fn set(&self, since: u64) {
        self.0.store(since, Ordering::Relaxed);
    }

    fn is_older_than(&self, age: Duration) -> bool {
        let since = self.0.load(Ordering::Relaxed);
        since > 0 && u128::from(now().saturating_sub(since)) >= age.as_millis()
    }
}

impl Threads {
    const fn new(limits: Limits) -> Self {
        let state = State {
            jobs: VecDeque::new(),
            threads: 0,
            pulses: Vec::new(),
            idle: 0,
            apart: 0,
            watched: false,
            ending: false,
        };
        Self { limits, state: Mutex::new(state), work: Condvar::new(), left: Condvar::new() }
    }

    /// Has a job run as soon as there is a thread for it. Fails only when there is none and none can be started.
    pub(super) fn submit(&'static self, job: Job) -> Result<()> {
        let mut state = self.lock();
        state.jobs.push_back(job);
        if state.idle >= state.jobs.len() {
            drop(state);
            self.work.notify_one();
            return Ok(());
        }
        if !self.has_room(&state) {
            self.watch(state);
            return Ok(());
        }
        let started = self.grow(&mut state);
        if started.is_err() && state.threads == 0 {
            // Under the same lock, the last job is still this one.
            state.jobs.pop_back();
            return started;
        }
        Ok(())
    }

    /// Runs a job on a thread of its own, however many there are.
    pub(super) fn submit_apart(&'static self, job: Job) -> Result<()> {
        self.lock().apart += 1;
        let started = thread::spawn("ossup-host", move || {
            HERE.set(true);
            job();
            self.leave_apart();
        });
        if started.is_err() {
            self.leave_apart();
        }
        started
    }

    /// Has the threads leave; returns whether all of them were gone in time.
    pub(super) fn shutdown(&self, timeout: Duration) -> bool {
        let deadline = Instant::now() + timeout;
        let mut state = self.lock();
        state.ending = true;
        self.work.notify_all();
        while state.threads + state.apart > 0 {
            let Some(left) = deadline.checked_duration_since(Instant::now()) else { return false };
            state = self.left.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0;
        }
        state.ending = false;
        true
    }

    fn has_room(&self, state: &State) -> bool {
        let hung = || state.pulses.iter().filter(|pulse| pulse.is_older_than(self.limits.hung)).count();
        state.threads < self.limits.working
            || state.threads < self.limits.all && state.threads < self.limits.working + hung()
    }

    /// Under the lock: nobody counts on a thread that is refused then.
    fn grow(&'static self, state: &mut State) -> Result<()> {
        thread::spawn("ossup-disk", || self.serve())?;
        state.threads += 1;
        Ok(())
    }

    /// Sees to it that jobs do not wait for ever behind hung ones.
    fn watch(&'static self, mut state: MutexGuard<'_, State>) {
        if state.watched {
            return;
        }
        state.watched = true;
        state.apart += 1;
        drop(state);
        let started = thread::spawn("ossup-watch", || self.see_to_jobs());
        if started.is_err() {
            // Whoever submits the next job tries again.
            self.lock().watched = false;
            self.leave_apart();
        }
    }

    fn see_to_jobs(&'static self) {
        let mut state = self.lock();
        while !state.jobs.is_empty() {
            if self.has_room(&state) {
                let _refused_perhaps = self.grow(&mut state);
            }
            state = self.left.wait_timeout(state, self.limits.hung / 8).unwrap_or_else(PoisonError::into_inner).0;
        }
        state.watched = false;
        drop(state);
        self.leave_apart();
    }

    fn leave_apart(&self) {
        self.lock().apart -= 1;
        self.left.notify_all();
    }

    fn serve(&self) {
        HERE.set(true);
        let pulse = PULSE.with(|pulse| Arc::clone(pulse.get_or_init(Arc::default)));
        let mut state = self.lock();
        state.pulses.push(Arc::clone(&pulse));
        loop {
            if let Some(job) = state.jobs.pop_front() {
                drop(state);
                beat();
                job();
                pulse.set(0);
                state = self.lock();
                continue;
            }
            if state.ending {
                break;
            }
            state.idle += 1;
            let (awake, waited) = self.work.wait_timeout(state, IDLE).unwrap_or_else(PoisonError::into_inner);
            state = awake;
            state.idle -= 1;
            if waited.timed_out() && state.jobs.is_empty() {
                break;
            }
        }
        state.pulses.retain(|other| !Arc::ptr_eq(other, &pulse));
        state.threads -= 1;
        drop(state);
        self.left.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    #[cfg(test)]
    pub(super) fn apart(&self) -> usize {
        self.lock().apart
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc;

    const SOON: Duration = Duration::from_secs(10);

    static BUSY: Threads = Threads::new(Limits { working: 1, all: 8, hung: Duration::from_secs(1) });

    #[test]
    fn a_thread_that_goes_on_with_something_else_does_not_hang() {
        let (done, wait) = mpsc::channel();
        let job = move || {
            let begun = Instant::now();
            while begun.elapsed() < Duration::from_millis(2500) {
                beat();
                std::thread::sleep(Duration::from_millis(1));
            }
            done.send(BUSY.lock().threads).unwrap();
        };
        BUSY.submit(Box::new(job)).unwrap();
        BUSY.submit(Box::new(|| {})).unwrap();
        assert_eq!(wait.recv_timeout(SOON), Ok(1), "another thread was started");
        assert!(BUSY.shutdown(SOON));
    }

    static HUNG: Threads = Threads::new(Limits { working: 3, all: 8, hung: Duration::from_millis(40) });

    #[test]
    fn what_hangs_does_not_count_up_to_a_bound() {
        let (release, stuck) = mpsc::channel::<()>();
        let stuck = Arc::new(Mutex::new(stuck));
        let (came, coming) = mpsc::channel();
        // Three at once, the others one by one, as those before them turn out to hang.
        for number in 0..9 {
            let (stuck, came) = (Arc::clone(&stuck), came.clone());
            let job = move || {
                came.send(number).unwrap();
                assert!(stuck.lock().unwrap().recv().is_err());
            };
            HUNG.submit(Box::new(job)).unwrap();
        }
        let first: Vec<_> = (0..8).map(|_| coming.recv_timeout(SOON).unwrap()).collect();
        assert_eq!(first.len(), 8);
        assert!(coming.recv_timeout(Duration::from_millis(200)).is_err(), "more than all");
        drop(release);
        coming.recv_timeout(SOON).unwrap();
        assert!(HUNG.shutdown(SOON));
        let state = HUNG.lock();
        assert!(!state.watched && state.pulses.is_empty() && state.jobs.is_empty());
    }
}
