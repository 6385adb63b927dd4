//! A condition to be waited for that costs its other side nothing while nobody does: std's makes a system call even then.

use super::sync::atomic::{AtomicU32, Ordering};
use super::sync::{Condvar, MutexGuard, PoisonError};
use std::time::Instant;

/// What threads wait for under a lock. What they wait for may only change under that lock.
#[derive(Debug, Default)]
pub struct Condition {
    condvar: Condvar,
    /// Changed under the lock only, so whoever has changed what is waited for, and let go of it, sees all who wait.
    waiting: AtomicU32,
}

impl Condition {
    /// Waits until it is told, or the time is over, or for no reason at all; `None` when the time was over before.
    pub fn wait<'a, T>(&self, guard: MutexGuard<'a, T>, deadline: Option<Instant>) -> Option<MutexGuard<'a, T>> {
        let left = match deadline {
            Some(deadline) => Some(deadline.checked_duration_since(Instant::now())?),
            None => None,
        };
        self.waiting.fetch_add(1, Ordering::Relaxed);
        let guard = match left {
            None => self.condvar.wait(guard).unwrap_or_else(PoisonError::into_inner),
            Some(left) => self.condvar.wait_timeout(guard, left).unwrap_or_else(PoisonError::into_inner).0,
        };
        self.waiting.fetch_sub(1, Ordering::Relaxed);
        Some(guard)
    }

    /// Tells one that waits.
    pub fn notify_one(&self) {
        if self.waiting.load(Ordering::Relaxed) > 0 {
            self.condvar.notify_one();
        }
    }

    /// Tells all that wait.
    pub fn notify_all(&self) {
        if self.waiting.load(Ordering::Relaxed) > 0 {
            self.condvar.notify_all();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Mutex;
    use std::time::Duration;

    #[test]
    fn nobody_is_forgotten() {
        let (turn, changed) = (Mutex::new(0_u32), Condition::default());
        let play = |mine: u32| {
            for _ in 0..10_000 {
                let mut now = turn.lock().unwrap();
                while *now % 3 != mine {
                    now = changed.wait(now, None).unwrap();
                }
                *now += 1;
                drop(now);
                changed.notify_all();
            }
        };
        std::thread::scope(|scope| (0..3).for_each(|mine| drop(scope.spawn(move || play(mine)))));
        assert_eq!(*turn.lock().unwrap(), 30_000);
        assert_eq!(changed.waiting.load(Ordering::Relaxed), 0);
    }

    #[test]
    fn the_time_is_over_some_day() {
        let (lock, never) = (Mutex::new(()), Condition::default());
        let deadline = Some(Instant::now() + Duration::from_millis(5));
        let mut guard = lock.lock().unwrap();
        while let Some(waited) = never.wait(guard, deadline) {
            guard = waited;
        }
        assert_eq!(never.waiting.load(Ordering::Relaxed), 0);
    }
}
