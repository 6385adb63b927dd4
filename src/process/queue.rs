//! Events to be waited for: by a blocking call, or through a flag in the host's own event loop.

use super::condition::Condition;
use super::sync::{Mutex, MutexGuard, PoisonError};
use crate::sys::{Flag, RawFlag};
use std::collections::VecDeque;
use std::io;
use std::time::{Duration, Instant};

/// A queue that any thread may push to and wait on.
#[derive(Debug)]
pub struct Queue<T> {
    state: Mutex<State<T>>,
    ready: Condition,
}

#[derive(Debug)]
struct State<T> {
    events: VecDeque<T>,
    closed: bool,
    /// How many waits are to end without an event.
    wakes: usize,
    signal: Option<Signal>,
}

/// Raised exactly while the queue has something to say.
#[derive(Debug)]
struct Signal {
    flag: Flag,
    raised: bool,
}

impl<T> Default for Queue<T> {
    fn default() -> Self {
        let state = State { events: VecDeque::new(), closed: false, wakes: 0, signal: None };
        Self { state: Mutex::new(state), ready: Condition::default() }
    }
}

impl<T> Queue<T> {
    /// Adds an event, unless the queue is closed: then it is dropped.
    pub fn push(&self, event: T) {
        self.push_once(|| (), event);
    }

    /// The same, and does something that whoever takes the event finds done, while whoever hears of what was done finds
    /// the event.
    pub fn push_once(&self, done: impl FnOnce(), event: T) {
        let mut state = self.lock();
        if state.closed {
            // Without the lock: nobody knows what an event drops.
            drop(state);
            return done();
        }
        done();
        state.events.push_back(event);
        state.show();
        drop(state);
        self.ready.notify_one();
    }

    /// The next event. Without a timeout it waits for as long as it takes; `None` means that the time is
    /// over or that somebody called [`wake`](Self::wake).
    pub fn next(&self, timeout: Option<Duration>) -> Option<T> {
        let deadline = timeout.and_then(|timeout| Instant::now().checked_add(timeout));
        let mut state = self.lock();
        loop {
            if let Some(event) = state.events.pop_front() {
                state.show();
                return Some(event);
            }
            if state.wakes > 0 {
                state.wakes -= 1;
                state.show();
                return None;
            }
            state = self.ready.wait(state, deadline)?;
        }
    }

    /// Makes one `next`, one that waits or else the coming one, return without an event.
    pub fn wake(&self) {
        let mut state = self.lock();
        state.wakes += 1;
        state.show();
        drop(state);
        self.ready.notify_one();
    }

    /// Drops what is in it, and what comes from now on.
    pub fn close(&self) {
        let mut state = self.lock();
        state.closed = true;
        let left = std::mem::take(&mut state.events);
        drop(state);
        drop(left);
    }

    /// What the host may wait for: it says so while `next` would not wait. It belongs to the queue.
    pub fn flag(&self) -> io::Result<RawFlag> {
        let mut state = self.lock();
        if state.signal.is_none() {
            state.signal = Some(Signal { flag: Flag::new()?, raised: false });
            state.show();
        }
        match &state.signal {
            Some(signal) => Ok(signal.flag.raw()),
            None => Err(io::ErrorKind::Other.into()),
        }
    }

    fn lock(&self) -> MutexGuard<'_, State<T>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T> State<T> {
    fn show(&mut self) {
        let wanted = self.wakes > 0 || !self.events.is_empty();
        let Some(signal) = &mut self.signal else { return };
        if signal.raised == wanted {
            return;
        }
        let shown = if wanted { signal.flag.raise() } else { signal.flag.lower() };
        if shown.is_ok() {
            signal.raised = wanted;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;

    fn is_raised(queue: &Queue<u32>) -> bool {
        let raw = queue.flag().unwrap();
        let state = queue.lock();
        let signal = state.signal.as_ref().unwrap();
        assert_eq!(signal.flag.raw(), raw);
        signal.flag.is_raised()
    }

    #[test]
    fn a_closed_queue_drops_what_is_in_it_and_what_comes() {
        let queue = Queue::default();
        let event = Arc::new(());
        queue.push(Arc::clone(&event));
        queue.close();
        queue.push(Arc::clone(&event));
        assert_eq!(Arc::strong_count(&event), 1);
        assert!(queue.next(Some(Duration::ZERO)).is_none());
    }

    /// An event whose end asks its queue.
    struct Asking(Arc<Queue<Self>>);

    impl Drop for Asking {
        fn drop(&mut self) {
            assert!(self.0.next(Some(Duration::ZERO)).is_none());
        }
    }

    #[test]
    fn what_an_event_drops_may_use_the_queue() {
        let queue: Arc<Queue<Asking>> = Arc::default();
        queue.push(Asking(Arc::clone(&queue)));
        queue.close();
        queue.push(Asking(Arc::clone(&queue)));
        assert_eq!(Arc::strong_count(&queue), 1);
    }

    #[test]
    fn the_flag_is_raised_while_there_is_an_event() {
        let queue = Queue::default();
        queue.push(1);
        queue.push(2);
        assert!(is_raised(&queue));
        assert_eq!(queue.next(None), Some(1));
        assert!(is_raised(&queue));
        assert_eq!(queue.next(None), Some(2));
        assert!(!is_raised(&queue));
        queue.wake();
        assert!(is_raised(&queue));
        assert_eq!(queue.next(None), None);
        assert!(!is_raised(&queue));
    }

    #[test]
    fn each_wake_ends_one_wait() {
        let queue: Arc<Queue<u32>> = Arc::default();
        (0..3).for_each(|_| queue.wake());
        let waiters: Vec<_> = (0..3)
            .map(|_| {
                let queue = Arc::clone(&queue);
                std::thread::spawn(move || queue.next(None))
            })
            .collect();
        assert!(waiters.into_iter().all(|waiter| waiter.join().unwrap().is_none()));
        assert!(!is_raised(&queue));
    }

    #[test]
    fn waiting_ends_by_an_event_a_wake_or_the_clock() {
        let queue: Arc<Queue<u32>> = Arc::default();
        assert_eq!(queue.next(Some(Duration::ZERO)), None);
        let other = Arc::clone(&queue);
        let waiter = std::thread::spawn(move || (other.next(None), other.next(None)));
        queue.push(5);
        queue.wake();
        assert_eq!(waiter.join().unwrap(), (Some(5), None));
    }
}
