//! Threads for blocking work, on files or in functions of the host's, so that a slow disk never holds up the network, nor name resolution the disk.
//! They come as they are needed and leave when they are idle.
//!
//! Work goes through a [`Lane`], which takes a few threads and no more: what hangs holds up its own lane. Lanes share the
//! pool's threads, which are bounded, too; a lane apart, for functions that may wait for uploads, has its own.

use super::thread;
use crate::error::{Error, Kind, Result};
use std::cell::Cell;
use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// With the other threads of ours and the host's first one there are fewer than fifty, however many uploads there are.
const MAX_THREADS: usize = 44;
const IDLE: Duration = Duration::from_secs(5);

type Job = Box<dyn FnOnce() + Send>;

struct Pool {
    state: Mutex<State>,
    /// There is a job, or the end has come.
    work: Condvar,
    /// A thread has left.
    left: Condvar,
}

struct State {
    jobs: VecDeque<Job>,
    threads: usize,
    idle: usize,
    /// Threads of lanes apart.
    apart: usize,
    ending: bool,
}

static POOL: Pool = Pool {
    state: Mutex::new(State { jobs: VecDeque::new(), threads: 0, idle: 0, apart: 0, ending: false }),
    work: Condvar::new(),
    left: Condvar::new(),
};

/// Work of one kind for one upload, done in order by at most so many threads at a time.
#[derive(Clone)]
pub struct Lane(Arc<LaneState>);

struct LaneState {
    width: usize,
    is_apart: bool,
    queue: Mutex<LaneQueue>,
}

#[derive(Default)]
struct LaneQueue {
    jobs: VecDeque<Job>,
    running: usize,
}

impl fmt::Debug for Lane {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Lane").field("width", &self.0.width).finish_non_exhaustive()
    }
}

impl Lane {
    /// A lane of so many threads.
    pub fn new(width: usize) -> Self {
        Self::with(width, false)
    }

    /// A lane of so many threads that are nobody else's and leave when it is empty.
    pub fn apart(width: usize) -> Self {
        Self::with(width, true)
    }

    fn with(width: usize, is_apart: bool) -> Self {
        Self(Arc::new(LaneState { width, is_apart, queue: Mutex::default() }))
    }

    /// Runs a job in its turn. Fails only when there is no thread and none can be started.
    pub fn submit(&self, job: impl FnOnce() + Send + 'static) -> Result<()> {
        let mut queue = self.lock();
        queue.jobs.push_back(Box::new(job));
        if queue.running == self.0.width {
            return Ok(());
        }
        let this = self.clone();
        let serve = Box::new(move || this.serve());
        // Under the lock: the last job is still this one if it has to be taken back.
        let submitted = if self.0.is_apart { POOL.submit_apart(serve) } else { POOL.submit(serve) };
        match submitted {
            Ok(()) => queue.running += 1,
            Err(_) => drop(queue.jobs.pop_back()),
        }
        submitted
    }

    /// Runs a job in its turn and waits for what it returns.
    pub async fn run<T: Send + 'static>(&self, job: impl FnOnce() -> T + Send + 'static) -> Result<T> {
        let (answer, value) = tokio::sync::oneshot::channel();
        self.submit(move || {
            let _nobody_waits_any_more = answer.send(job());
        })?;
        value.await.map_err(|_| Error::new(Kind::Internal, "a job on a file panicked"))
    }

    fn serve(&self) {
        loop {
            let mut queue = self.lock();
            let Some(job) = queue.jobs.pop_front() else {
                queue.running -= 1;
                return;
            };
            drop(queue);
            // A job that panics drops its answer, which tells whoever waits for it.
            let _told = std::panic::catch_unwind(std::panic::AssertUnwindSafe(job));
        }
    }

    fn lock(&self) -> MutexGuard<'_, LaneQueue> {
        self.0.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

thread_local! {
    static HERE: Cell<bool> = const { Cell::new(false) };
}

/// Whether this is one of the threads: waiting here for all of them to leave would be for ever.
pub fn is_this_thread() -> bool {
    HERE.get()
}

/// Has the threads leave; returns whether all of them were gone in time.
pub fn shutdown(timeout: Duration) -> bool {
    let deadline = Instant::now() + timeout;
    let mut state = POOL.lock();
    state.ending = true;
    POOL.work.notify_all();
    while state.threads + state.apart > 0 {
        let Some(left) = deadline.checked_duration_since(Instant::now()) else { return false };
        state = POOL.left.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0;
    }
    state.ending = false;
    true
}

impl Pool {
    fn submit(&self, job: Job) -> Result<()> {
        let mut state = self.lock();
        state.jobs.push_back(job);
        if state.idle >= state.jobs.len() {
            drop(state);
            self.work.notify_one();
            return Ok(());
        }
        if state.threads == MAX_THREADS {
            return Ok(());
        }
        // Under the lock: nobody counts on a thread that is refused then, and the last job is still this one.
        match thread::spawn("ossup-disk", || POOL.serve()) {
            Ok(()) => state.threads += 1,
            Err(_) if state.threads > 0 => {}
            Err(error) => {
                state.jobs.pop_back();
                return Err(error);
            }
        }
        Ok(())
    }

    /// Runs a job on a thread of its own, however many there are.
    fn submit_apart(&'static self, job: Job) -> Result<()> {
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

    fn leave_apart(&self) {
        self.lock().apart -= 1;
        self.left.notify_all();
    }

    fn serve(&self) {
        HERE.set(true);
        let mut state = self.lock();
        loop {
            if let Some(job) = state.jobs.pop_front() {
                drop(state);
                job();
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
        state.threads -= 1;
        drop(state);
        self.left.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc;

    const SOON: Duration = Duration::from_secs(10);

    #[test]
    fn a_hung_lane_holds_up_no_other() {
        let (release, stuck) = mpsc::channel::<()>();
        let stuck = Arc::new(Mutex::new(stuck));
        let hung = Lane::new(4);
        for _ in 0..100 {
            let stuck = Arc::clone(&stuck);
            hung.submit(move || assert!(stuck.lock().unwrap().recv().is_err())).unwrap();
        }
        let (done, answer) = mpsc::channel();
        Lane::new(1).submit(move || done.send(7).unwrap()).unwrap();
        assert_eq!(answer.recv_timeout(SOON), Ok(7));
        drop(release);
    }

    #[test]
    fn lanes_apart_hold_up_nobody_however_many_hang() {
        let hung = MAX_THREADS + 6;
        let (release, stuck) = mpsc::channel::<()>();
        let stuck = Arc::new(Mutex::new(stuck));
        let (came, coming) = mpsc::channel();
        for _ in 0..hung {
            let (stuck, came) = (Arc::clone(&stuck), came.clone());
            let job = move || {
                came.send(is_this_thread()).unwrap();
                assert!(stuck.lock().unwrap().recv().is_err());
            };
            Lane::apart(1).submit(job).unwrap();
        }
        for _ in 0..hung {
            assert_eq!(coming.recv_timeout(SOON), Ok(true));
        }
        assert!(POOL.lock().apart >= hung);
        let (done, answer) = mpsc::channel();
        Lane::new(1).submit(move || done.send(7).unwrap()).unwrap();
        assert_eq!(answer.recv_timeout(SOON), Ok(7));
        drop(release);
        // Each leaves when its lane is empty.
        let begun = Instant::now();
        while POOL.lock().apart > 0 {
            assert!(begun.elapsed() < SOON);
            std::thread::yield_now();
        }
    }

    #[test]
    fn a_lane_apart_takes_work_again_after_its_thread_has_left() {
        let lane = Lane::apart(1);
        let (done, answers) = mpsc::channel();
        for number in 0..100 {
            let done = done.clone();
            lane.submit(move || done.send(number).unwrap()).unwrap();
            assert_eq!(answers.recv_timeout(SOON), Ok(number));
        }
    }

    #[test]
    fn a_lane_of_one_keeps_the_order() {
        let lane = Lane::new(1);
        let (done, answers) = mpsc::channel();
        for number in 0..1000 {
            let done = done.clone();
            lane.submit(move || done.send(number).unwrap()).unwrap();
        }
        for number in 0..1000 {
            assert_eq!(answers.recv_timeout(SOON), Ok(number));
        }
    }

    #[tokio::test]
    async fn a_panic_is_an_error_and_the_lane_goes_on() {
        let lane = Lane::new(1);
        let failed: Result<()> = lane.run(|| panic!("boom")).await;
        assert!(failed.is_err());
        assert_eq!(lane.run(|| 3).await.unwrap(), 3);
    }
}
