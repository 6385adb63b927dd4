//! Threads for blocking work, on files or in functions of the host's, so that a slow disk never holds up the network, nor name resolution the disk.
//! They come as they are needed and leave when they are idle.
//!
//! Work goes through a [`Lane`], which takes a few threads and no more: what hangs holds up its own lane. Lanes share threads,
//! which are bounded, too; a lane apart, for functions that may wait for uploads, has its own.

mod threads;

use super::panics;
use crate::error::{Error, Kind, Result};
use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use threads::{Job, THREADS};

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
        let submitted = if self.0.is_apart { THREADS.submit_apart(serve) } else { THREADS.submit(serve) };
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
            let done = panics::caught(|| {
                panics::may_come("disk");
                job()
            });
            let _nobody_waits_any_more = answer.send(done);
        })?;
        value.await.map_err(|_| Error::new(Kind::Internal, "a job on a file was lost"))?
    }

    fn serve(&self) {
        loop {
            let mut queue = self.lock();
            let Some(job) = queue.jobs.pop_front() else {
                queue.running -= 1;
                return;
            };
            drop(queue);
            threads::beat();
            // A job that panics drops its answer, which tells whoever waits for it.
            let _told = panics::caught(job);
        }
    }

    fn lock(&self) -> MutexGuard<'_, LaneQueue> {
        self.0.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether this is one of the threads: waiting here for all of them to leave would be for ever.
pub fn is_this_thread() -> bool {
    threads::is_one()
}

/// Has the threads leave; returns whether all of them were gone in time.
pub fn shutdown(timeout: Duration) -> bool {
    THREADS.shutdown(timeout)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc;
    use std::time::Instant;

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
        let hung = 70;
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
        assert!(THREADS.apart() >= hung);
        let (done, answer) = mpsc::channel();
        Lane::new(1).submit(move || done.send(7).unwrap()).unwrap();
        assert_eq!(answer.recv_timeout(SOON), Ok(7));
        drop(release);
        // Each leaves when its lane is empty.
        let begun = Instant::now();
        while THREADS.apart() > 0 {
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
