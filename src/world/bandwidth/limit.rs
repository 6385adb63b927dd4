//! One cap, to be waited for and changed by anybody at any time.

use crate::upload::cap::Cap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::{self, Notify};
use tokio::time::{Duration, Instant, sleep};

/// A cap, and those who wait for it: in line, so that nobody starves, and one at the head of each.
#[derive(Debug)]
pub struct Limit {
    /// The cap's own, for those who need no more: nothing is locked where there is none.
    rate: AtomicU64,
    state: Mutex<State>,
    began: Instant,
    /// The line of windows, and how many stand in it.
    turn: sync::Mutex<()>,
    in_line: AtomicU64,
    /// The line of bodies.
    door: sync::Mutex<()>,
    /// The line of those that are the first of their uploads.
    door_of_firsts: sync::Mutex<()>,
    /// For the head of the one line: it is another cap now.
    changed: Notify,
    /// For the head of the other: there may be room.
    room: Notify,
    /// For the head of the third, too.
    room_of_first: Notify,
}

#[derive(Debug)]
struct State {
    cap: Cap,
    /// Bodies on their way.
    bodies: u64,
}

/// The head of the line of windows, for as long as this is held.
pub(super) struct Turn<'a> {
    _head: sync::MutexGuard<'a, ()>,
    _in_line: InLine<'a>,
}

/// One of those who stand in it.
struct InLine<'a>(&'a AtomicU64);

/// One body's place among those that are on their way.
pub(super) struct Place(Arc<Limit>);

impl Limit {
    /// A cap in bytes per second; 0 is none.
    pub fn new(bytes_per_second: u64) -> Self {
        Self {
            rate: AtomicU64::new(bytes_per_second),
            state: Mutex::new(State { cap: Cap::new(bytes_per_second), bodies: 0 }),
            began: Instant::now(),
            turn: sync::Mutex::default(),
            in_line: AtomicU64::new(0),
            door: sync::Mutex::default(),
            changed: Notify::new(),
            room: Notify::new(),
            door_of_firsts: sync::Mutex::default(),
            room_of_first: Notify::new(),
        }
    }

    /// Changes the cap, for those who wait already, too.
    pub fn set(&self, bytes_per_second: u64) {
        let mut state = self.lock();
        state.cap.set_rate(bytes_per_second, self.now());
        self.rate.store(bytes_per_second, Ordering::Relaxed);
        drop(state);
        self.changed.notify_one();
        self.tell_of_room();
    }

    pub(super) fn is_limited(&self) -> bool {
        self.rate.load(Ordering::Relaxed) > 0
    }

    /// Waits in the line of windows to be at its head.
    pub(super) async fn turn(&self) -> Turn<'_> {
        let in_line = InLine::of(&self.in_line);
        Turn { _head: self.turn.lock().await, _in_line: in_line }
    }

    /// At the head of the line: waits until what went out is paid for.
    pub(super) async fn paid(&self) {
        loop {
            let changed = self.changed.notified();
            let Some(wait) = self.wait() else { return };
            tokio::select! {
                () = sleep(wait) => {}
                () = changed => {}
            }
        }
    }

    /// The most that goes out at once, whoever else stands in the line.
    pub(super) fn window(&self) -> u64 {
        self.lock().cap.window(1)
    }

    /// The most that goes out at once when those who stand in the line are to have as much.
    pub(super) fn shared_window(&self) -> u64 {
        self.lock().cap.window(self.in_line.load(Ordering::Relaxed))
    }

    /// Bytes go out.
    pub(super) fn take(&self, bytes: usize) {
        let now = self.now();
        self.lock().cap.take(bytes as u64, now);
    }

    /// Waits to be at the head of the line of bodies, for as long as one holds what comes back.
    pub(super) async fn door(&self) -> sync::MutexGuard<'_, ()> {
        self.door.lock().await
    }

    /// At the head of that line: waits for room.
    pub(super) async fn place(self: &Arc<Self>) -> Place {
        loop {
            let room = self.room.notified();
            let Some(wait) = self.wait_to_set_out() else { return Place(Arc::clone(self)) };
            tokio::select! {
                () = sleep(wait) => {}
                () = room => {}
            }
        }
    }

    /// At the head of that line: waits until one has the only place.
    pub(super) async fn until_alone(&self) {
        loop {
            let room = self.room.notified();
            if self.lock().bodies <= 1 {
                return;
            }
            room.await;
        }
    }

    /// Waits in a line of its own for room for the first body of an upload.
    pub(super) async fn place_of_first(self: &Arc<Self>) -> Place {
        let _head = self.door_of_firsts.lock().await;
        loop {
            let room = self.room_of_first.notified();
            if self.first_sets_out() {
                return Place(Arc::clone(self));
            }
            room.await;
        }
    }

    fn first_sets_out(&self) -> bool {
        let now = self.now();
        let mut state = self.lock();
        let has_room = state.cap.has_room_for_first(state.bodies);
        if has_room {
            state.set_out(now);
        }
        has_room
    }

    fn wait_to_set_out(&self) -> Option<Duration> {
        let now = self.now();
        let mut state = self.lock();
        let wait = state.cap.wait_to_set_out(state.bodies, now);
        if wait.is_none() {
            state.set_out(now);
        }
        wait
    }

    fn tell_of_room(&self) {
        self.room.notify_one();
        self.room_of_first.notify_one();
    }

    fn wait(&self) -> Option<Duration> {
        let now = self.now();
        self.lock().cap.wait(now)
    }

    fn now(&self) -> Duration {
        self.began.elapsed()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn set_out(&mut self, now: Duration) {
        self.cap.set_out(now);
        self.bodies += 1;
    }
}

impl<'a> InLine<'a> {
    fn of(line: &'a AtomicU64) -> Self {
        line.fetch_add(1, Ordering::Relaxed);
        Self(line)
    }
}

impl Drop for InLine<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.0.lock().bodies -= 1;
        self.0.tell_of_room();
    }
}
