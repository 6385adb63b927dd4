//! Faults as data: when one fires, and what it then does.

use std::sync::{Arc, Mutex, PoisonError};

use serde::{Deserialize, Serialize};
use tokio::sync::watch;

use crate::operation::Operation;
use crate::route::Request;

/// A misbehaviour of the server, on the requests that match.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fault {
    /// Which requests are hit.
    #[serde(default)]
    pub when: When,
    /// What happens to them.
    pub then: Action,
}

/// Which requests a fault hits; what is left out matches everything.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct When {
    /// Only this operation.
    pub operation: Option<Operation>,
    /// Only this bucket.
    pub bucket: Option<String>,
    /// Only this key.
    pub key: Option<String>,
    /// Only this part number.
    pub part_number: Option<u32>,
    /// Spare the first matching requests.
    pub skip: u32,
    /// Hit at most so many requests.
    pub times: Option<u32>,
    /// Hit every nth of the matching requests that are not spared.
    pub every: Option<u32>,
    /// Hit only what comes while so many of the requests that it spared are under way.
    pub beyond: Option<u32>,
    /// Hit with this probability, by a generator of the fault's own.
    pub probability: Option<f64>,
    /// Seed of that generator.
    pub seed: u64,
}

/// What a fault does.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Action {
    /// Read the body slowly.
    Throttle {
        /// Bytes per second.
        bytes_per_s: u64,
    },
    /// Read the body, do nothing, answer with an error.
    Refuse(Error),
    /// Answer with an error before the body is read, then close.
    RefuseEarly(Error),
    /// Read the body, do nothing, answer 403 AccessDenied.
    Deny,
    /// Reset the connection when so many bytes of the body have come, or at its end.
    Reset {
        /// Bytes of the body.
        #[serde(default)]
        after: u64,
    },
    /// Close the connection in the same way, but politely.
    Close {
        /// Bytes of the body.
        #[serde(default)]
        after: u64,
    },
    /// Wait once, then go on.
    Stall {
        /// Where to wait.
        at: Moment,
        /// How long.
        ms: u64,
    },
    /// Keep the request waiting until the fault is ended.
    Hold {
        /// Whether it is applied before; else nothing of it is read.
        applied: bool,
    },
    /// Keep the connection open, read nothing more and never answer.
    Hang,
    /// Answer a CRC-64 that is not that of the bytes.
    WrongCrc,
    /// Answer without a CRC-64.
    NoCrc,
    /// Answer an ETag that is not that of the bytes.
    WrongEtag,
    /// Apply the request, then reset the connection instead of answering.
    LoseAnswer,
    /// Answer 200 with an error in the body.
    ErrorInBody {
        /// Whether the request is applied all the same.
        #[serde(default)]
        applied: bool,
        /// Code of the error.
        code: String,
    },
    /// Forget the upload that the request names, before the request is looked at.
    LoseUpload,
    /// Forget parts of the upload that the request names, before the request is looked at.
    LoseParts {
        /// Their numbers.
        numbers: Vec<u32>,
    },
}

/// An error answer to be given.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Error {
    /// HTTP status; 0 stands for 503.
    pub status: u16,
    /// Code; empty stands for ServiceUnavailable.
    pub code: String,
    /// EC.
    pub ec: Option<String>,
    /// Message.
    pub message: String,
    /// Value of a Retry-After header.
    pub retry_after_s: Option<u64>,
}

/// Where in a request a stall happens.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Moment {
    /// Before the body is read.
    BeforeBody,
    /// After so many bytes of the body.
    InBody(u64),
    /// When the request has been applied, before the answer.
    BeforeAnswer,
}

impl Action {
    /// The name under which the ledger records it, the same as its `kind` in JSON.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Throttle { .. } => "throttle",
            Self::Refuse(_) => "refuse",
            Self::RefuseEarly(_) => "refuse_early",
            Self::Deny => "deny",
            Self::Reset { .. } => "reset",
            Self::Close { .. } => "close",
            Self::Stall { .. } => "stall",
            Self::Hold { .. } => "hold",
            Self::Hang => "hang",
            Self::WrongCrc => "wrong_crc",
            Self::NoCrc => "no_crc",
            Self::WrongEtag => "wrong_etag",
            Self::LoseAnswer => "lose_answer",
            Self::ErrorInBody { .. } => "error_in_body",
            Self::LoseUpload => "lose_upload",
            Self::LoseParts { .. } => "lose_parts",
        }
    }
}

impl When {
    /// Every request of one operation.
    pub fn operation(operation: Operation) -> Self {
        Self { operation: Some(operation), ..Self::default() }
    }

    /// The same, but at most so many times.
    pub fn times(self, times: u32) -> Self {
        Self { times: Some(times), ..self }
    }

    fn matches(&self, request: &Request) -> bool {
        fn fits<T: PartialEq>(wanted: &Option<T>, found: Option<T>) -> bool {
            wanted.is_none() || *wanted == found
        }
        fits(&self.operation, Some(request.operation))
            && fits(&self.bucket, request.bucket.clone())
            && fits(&self.key, request.key.clone())
            && fits(&self.part_number, request.part_number())
    }
}

/// The faults in force.
#[derive(Default)]
pub(crate) struct Faults(Mutex<Vec<Armed>>);

struct Armed {
    fault: Fault,
    seen: u32,
    fired: u32,
    random: fastrand::Rng,
    /// Shared with the requests that were spared and are under way.
    spared: Spared,
    /// Dropped when the fault is ended.
    in_force: watch::Sender<()>,
}

/// Kept by a request that a fault spared, for as long as it is under way.
pub(crate) type Spared = Arc<()>;

/// A fault that keeps a request waiting for as long as it is in force.
pub(crate) struct Holding(watch::Receiver<()>);

impl Holding {
    /// Waits until the fault is ended.
    pub(crate) async fn end(mut self) {
        while self.0.changed().await.is_ok() {}
    }
}

/// What the faults have in store for a request.
#[derive(Default)]
pub(crate) struct Drawn {
    pub(crate) actions: Vec<Action>,
    /// Those that hold before anything is read, and those that hold the answer.
    pub(crate) holding: [Vec<Holding>; 2],
    pub(crate) spared: Vec<Spared>,
}

impl Armed {
    /// Whether it hits the next request that matches.
    fn fires(&mut self) -> bool {
        let when = &self.fault.when;
        if when.times.is_some_and(|most| self.fired >= most) {
            return false;
        }
        let place = self.seen;
        self.seen += 1;
        let Some(place) = place.checked_sub(when.skip) else {
            return false;
        };
        let in_turn = when.every.is_none_or(|every| (place + 1) % every.max(1) == 0);
        let by_chance = when.probability.is_none_or(|probability| self.random.f64() < probability);
        let under_way = Arc::strong_count(&self.spared) - 1;
        let too_many = when.beyond.is_none_or(|most| under_way >= most as usize);
        let fires = in_turn && by_chance && too_many;
        self.fired += u32::from(fires);
        fires
    }
}

impl Faults {
    pub(crate) fn add(&self, fault: Fault) {
        let random = fastrand::Rng::with_seed(fault.when.seed);
        let (in_force, _) = watch::channel(());
        self.armed().push(Armed { fault, seen: 0, fired: 0, random, spared: Spared::default(), in_force });
    }

    pub(crate) fn clear(&self) {
        self.armed().clear();
    }

    /// Ends those that keep requests waiting.
    pub(crate) fn release(&self) {
        self.armed().retain(|armed| !matches!(armed.fault.then, Action::Hold { .. }));
    }

    pub(crate) fn list(&self) -> Vec<Fault> {
        self.armed().iter().map(|armed| armed.fault.clone()).collect()
    }

    /// What happens to this request.
    pub(crate) fn draw(&self, request: &Request) -> Drawn {
        let mut drawn = Drawn::default();
        for armed in self.armed().iter_mut().filter(|armed| armed.fault.when.matches(request)) {
            if !armed.fires() {
                drawn.spared.push(Arc::clone(&armed.spared));
                continue;
            }
            drawn.actions.push(armed.fault.then.clone());
            if let Action::Hold { applied } = armed.fault.then {
                drawn.holding[usize::from(applied)].push(Holding(armed.in_force.subscribe()));
            }
        }
        drawn
    }

    fn armed(&self) -> std::sync::MutexGuard<'_, Vec<Armed>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
