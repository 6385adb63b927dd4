//! What time it is, here and on the server.

use std::fmt::Debug;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

/// A source of wall-clock time.
pub trait Clock: Debug + Send + Sync {
    /// Nanoseconds since 1970, UTC.
    fn unix_nanos(&self) -> i64;
}

/// The machine's clock.
#[derive(Debug)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn unix_nanos(&self) -> i64 {
        match SystemTime::now().duration_since(UNIX_EPOCH) {
            Ok(since) => i64::try_from(since.as_nanos()).unwrap_or(i64::MAX),
            Err(_before_1970) => 0,
        }
    }
}

/// The server's clock, as far as its answers tell.
#[derive(Debug)]
pub struct ServerClock {
    clock: Box<dyn Clock>,
    /// What requests are signed with; moved only when the server refuses our time.
    corrected_by: AtomicI64,
    /// What the last answer said.
    ahead_by: AtomicI64,
    heard: AtomicBool,
}

impl ServerClock {
    /// Believes the local clock until told otherwise.
    pub fn new(clock: impl Clock + 'static) -> Self {
        Self {
            clock: Box::new(clock),
            corrected_by: AtomicI64::new(0),
            ahead_by: AtomicI64::new(0),
            heard: AtomicBool::new(false),
        }
    }

    /// The time on the server, in seconds since 1970, if any of its answers told it.
    pub fn heard_now(&self) -> Option<i64> {
        self.heard.load(Ordering::Relaxed).then(|| self.server_now())
    }

    /// The time to sign requests with, in seconds since 1970.
    pub fn now(&self) -> i64 {
        self.local() + self.corrected_by.load(Ordering::Relaxed)
    }

    /// The time on the server, in seconds since 1970, as its last answer told it.
    pub fn server_now(&self) -> i64 {
        self.local() + self.ahead_by.load(Ordering::Relaxed)
    }

    /// The server refused our time: it is `server_time` there.
    pub fn correct(&self, server_time: i64) {
        self.corrected_by.store(server_time - self.local(), Ordering::Relaxed);
        self.observe(server_time);
    }

    /// An answer says that it is `server_time` there.
    pub fn observe(&self, server_time: i64) {
        self.ahead_by.store(server_time - self.local(), Ordering::Relaxed);
        self.heard.store(true, Ordering::Relaxed);
    }

    fn local(&self) -> i64 {
        self.clock.unix_nanos() / 1_000_000_000
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug)]
    struct Stopped(i64);

    impl Clock for Stopped {
        fn unix_nanos(&self) -> i64 {
            self.0
        }
    }

    #[test]
    fn the_servers_word_moves_the_clock() {
        let clock = ServerClock::new(Stopped(5_000_000_000));
        assert_eq!((clock.now(), clock.heard_now()), (5, None));
        clock.observe(7);
        assert_eq!((clock.now(), clock.server_now(), clock.heard_now()), (5, 7, Some(7)));
        clock.correct(1_767_225_600);
        assert_eq!((clock.now(), clock.server_now()), (1_767_225_600, 1_767_225_600));
    }
}
