//! Everything that all requests share.

use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::clock::Clock;
use crate::fault::Faults;
use crate::ledger::Ledger;
use crate::options::{AccessKey, Options, Throttle};
use crate::pace::Pace;
use crate::store::Store;

pub(crate) struct Site {
    pub(crate) options: Options,
    pub(crate) clock: Arc<Clock>,
    pub(crate) store: Store,
    pub(crate) ledger: Ledger,
    pub(crate) faults: Faults,
    /// Each connection has one of it.
    connections: Arc<()>,
    total_pace: Option<Arc<Pace>>,
    access_keys: Mutex<Vec<AccessKey>>,
}

impl Site {
    pub(crate) fn open(options: Options) -> io::Result<Self> {
        let clock = Arc::new(Clock::new(options.clock_offset_s));
        let total_pace = match options.throttle {
            Some(Throttle::Total(bytes_per_s)) => Some(Arc::new(Pace::new(bytes_per_s))),
            Some(Throttle::PerConnection(_)) | None => None,
        };
        Ok(Self {
            store: Store::open(options.dir.clone(), options.counting)?,
            ledger: Ledger::new(Arc::clone(&clock)),
            faults: Faults::default(),
            connections: Arc::default(),
            clock,
            access_keys: Mutex::new(options.access_keys.clone()),
            options,
            total_pace,
        })
    }

    /// Counts a connection for as long as what is returned is there.
    pub(crate) fn enter(&self) -> Arc<()> {
        Arc::clone(&self.connections)
    }

    pub(crate) fn open_connections(&self) -> usize {
        Arc::strong_count(&self.connections) - 1
    }

    /// Who may sign from now on.
    pub(crate) fn set_access_keys(&self, keys: Vec<AccessKey>) {
        *self.access_keys() = keys;
    }

    /// The options, with those who may sign now.
    pub(crate) fn options_now(&self) -> Options {
        Options { access_keys: self.access_keys().clone(), ..self.options.clone() }
    }

    fn access_keys(&self) -> MutexGuard<'_, Vec<AccessKey>> {
        self.access_keys.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The speed limit that a new connection reads under.
    pub(crate) fn pace(&self) -> Option<Arc<Pace>> {
        match self.options.throttle {
            Some(Throttle::PerConnection(bytes_per_s)) => Some(Arc::new(Pace::new(bytes_per_s))),
            Some(Throttle::Total(_)) => self.total_pace.clone(),
            None => None,
        }
    }
}
