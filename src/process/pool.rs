//! A few threads for blocking work on files, so that a slow disk never holds up the network, nor name
//! resolution the disk. Threads come as they are needed and leave when they are idle.

use super::thread;
use crate::error::Result;
use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

const MAX_THREADS: usize = 8;
const IDLE: Duration = Duration::from_secs(5);

type Job = Box<dyn FnOnce() + Send>;

struct Pool {
    state: Mutex<State>,
    work: Condvar,
}

#[derive(Default)]
struct State {
    jobs: VecDeque<Job>,
    threads: usize,
    idle: usize,
}

static POOL: Pool =
    Pool { state: Mutex::new(State { jobs: VecDeque::new(), threads: 0, idle: 0 }), work: Condvar::new() };

/// Runs a job on one of the threads. Fails only when there is no thread and none can be started.
pub fn submit(job: impl FnOnce() + Send + 'static) -> Result<()> {
    let mut state = POOL.lock();
    state.jobs.push_back(Box::new(job));
    if state.idle >= state.jobs.len() {
        drop(state);
        POOL.work.notify_one();
        return Ok(());
    }
    if state.threads == MAX_THREADS {
        return Ok(());
    }
    state.threads += 1;
    drop(state);
    let started = thread::spawn("ossup-disk", || POOL.serve());
    if let Err(error) = started {
        let mut state = POOL.lock();
        state.threads -= 1;
        if state.threads == 0 {
            state.jobs.pop_back();
            return Err(error);
        }
    }
    Ok(())
}

/// Runs a job on one of the threads and waits for what it returns.
pub async fn run<T: Send + 'static>(job: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    let (answer, value) = tokio::sync::oneshot::channel();
    submit(move || {
        let _nobody_waits_any_more = answer.send(job());
    })?;
    value.await.map_err(|_| crate::error::Error::new(crate::error::Kind::Internal, "a job on a file panicked"))
}

impl Pool {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn serve(&self) {
        let mut state = self.lock();
        loop {
            if let Some(job) = state.jobs.pop_front() {
                drop(state);
                // A job that panics drops its answer, which tells whoever waits for it.
                let _told = std::panic::catch_unwind(std::panic::AssertUnwindSafe(job));
                state = self.lock();
                continue;
            }
            state.idle += 1;
            let (awake, waited) = self.work.wait_timeout(state, IDLE).unwrap_or_else(PoisonError::into_inner);
            state = awake;
            state.idle -= 1;
            if waited.timed_out() && state.jobs.is_empty() {
                state.threads -= 1;
                return;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc;

    #[test]
    fn a_stuck_job_does_not_hold_up_the_next() {
        let (release, stuck) = mpsc::channel::<()>();
        submit(move || assert!(stuck.recv().is_err())).unwrap();
        let (done, answer) = mpsc::channel();
        submit(move || done.send(7).unwrap()).unwrap();
        assert_eq!(answer.recv_timeout(Duration::from_secs(10)), Ok(7));
        drop(release);
    }

    #[tokio::test]
    async fn a_panic_is_an_error_and_the_thread_serves_on() {
        let failed: Result<()> = run(|| panic!("boom")).await;
        assert!(failed.is_err());
        assert_eq!(run(|| 3).await.unwrap(), 3);
    }
}
