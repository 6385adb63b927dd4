//! One call to OSS, tried until it succeeds, is refused, or has failed often enough. Every try is signed anew.

use super::diary::{Again, Attempt, Diary};
use super::gate::Entrance;
use super::in_flight::InFlight;
use super::shared::Shared;
use super::throttle::{Permit, Throttle};
use crate::error::{Error, Kind, Result};
use crate::oss::remedy::{self, Remedy};
use crate::oss::request::{Request, Response};
use crate::oss::service_error::{self, Hints};
use crate::oss::sign::Credentials;
use crate::process::log::Level;
use crate::process::panics;
use crate::upload::pace::Failure;
use crate::upload::retry::{self, Tried, Verdict};
use crate::world::bandwidth::{Bandwidth, Limit, Share};
use crate::world::body::{PartBody, Reading};
use crate::world::transport::{Patience, Payload};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::{Instant, sleep, timeout};

/// How long a request may go on when the caller wants the upload to stop.
const GRACE: Duration = Duration::from_secs(2);
/// About a round trip: a server that refuses a body before reading it is heard in that time. Longer when it was not.
const HOLD: Duration = Duration::from_millis(200);
const LONGEST_HOLD: Duration = Duration::from_secs(2);

/// How one upload speaks to OSS.
#[derive(Clone, Debug)]
pub(super) struct Line {
    pub(super) shared: Arc<Shared>,
    diary: Arc<Diary>,
    retries: Arc<AtomicU32>,
    started: Instant,
    throttle: Arc<Throttle>,
    bandwidth: Bandwidth,
    /// The way into the client's places, where there are so many and no more.
    entrance: Option<Arc<Entrance>>,
    /// Turns true when the caller wants the upload to stop.
    hurry: watch::Receiver<bool>,
}

/// One try, made anew each time.
pub(super) struct Try {
    pub(super) request: Request,
    /// The body, where it comes from the source.
    pub(super) reading: Option<Arc<Reading>>,
}

impl From<Request> for Try {
    fn from(request: Request) -> Self {
        Self { request, reading: None }
    }
}

/// A call's name, and how patient it is.
#[derive(Clone, Copy)]
pub(super) struct Call {
    pub(super) operation: &'static str,
    /// The part concerned; 0 when none is.
    pub(super) part: u32,
    pub(super) patience: Patience,
    /// How long it may go on once the caller wants the upload to stop.
    pub(super) grace: Duration,
    /// It is tried again even then.
    pub(super) persistent: bool,
    /// It is one of many that share a pace.
    pub(super) paced: bool,
    /// It takes one of the client's places.
    pub(super) placed: bool,
}

impl Call {
    fn attempt(self, met: &Met) -> Attempt {
        Attempt { operation: self.operation, part: self.part, number: met.attempts }
    }
}

/// What a call has met so far.
#[derive(Default)]
struct Met {
    attempts: u32,
    /// The last try failed by the clock, which was corrected then.
    corrected: bool,
    /// The last try failed by the credentials, which were renewed then.
    renewed: bool,
    /// Connections that broke one after another.
    lost: u32,
    /// A try was sent, and no answer told what became of it.
    may_be_done: bool,
}

/// A try that failed.
struct Failed {
    error: Error,
    hints: Hints,
    /// What it was signed with.
    credentials: Option<Arc<Credentials>>,
}

impl Failed {
    fn new(call: Call, met: &Met, mut error: Error) -> Self {
        let report = error.report_mut();
        report.operation.get_or_insert(call.operation);
        report.attempts = met.attempts;
        report.may_be_done = met.may_be_done;
        Self { error, hints: Hints::default(), credentials: None }
    }
}

impl Line {
    /// A line of so many parts at a time, or of as many as pay off.
    pub(super) fn new(shared: Arc<Shared>, task_num: Option<u32>, hurry: watch::Receiver<bool>) -> Self {
        let throttle = Arc::new(match task_num {
            Some(task_num) => Throttle::new(task_num),
            None => Throttle::growing(shared.most_parts.unwrap_or(u32::MAX)),
        });
        let bandwidth = Bandwidth::new(Arc::new(Limit::new(0)), Arc::clone(&shared.limit));
        let entrance = shared.gate.as_ref().map(|gate| Arc::new(gate.entrance()));
        let diary = Arc::clone(&shared.diary);
        Self { shared, diary, retries: Arc::default(), started: Instant::now(), throttle, bandwidth, entrance, hurry }
    }

    /// The same under a cap of the upload's own.
    pub(super) fn capped_by(self, limit: Arc<Limit>) -> Self {
        let bandwidth = Bandwidth::new(limit, Arc::clone(&self.shared.limit));
        Self { bandwidth, ..self }
    }

    /// The same, with an upload's own diary.
    pub(super) fn told_in(self, diary: Arc<Diary>) -> Self {
        Self { diary, ..self }
    }

    /// Comes back when it may have changed how many parts there are at a time, where that is left to the library.
    pub(super) async fn steer(&self, in_flight: &InFlight) {
        self.throttle.steer(in_flight).await;
    }

    /// Requests that were tried again.
    pub(super) fn retries(&self) -> u32 {
        self.retries.load(Ordering::Relaxed)
    }

    /// A call with the usual patience.
    pub(super) fn call(&self, operation: &'static str) -> Call {
        Call {
            operation,
            part: 0,
            patience: self.shared.patience(),
            grace: GRACE,
            persistent: false,
            paced: false,
            placed: false,
        }
    }

    /// A call that makes an object, which may take OSS its time. Once it was sent, its answer is worth waiting for even when
    /// the upload is to stop.
    pub(super) fn call_for_object(&self, operation: &'static str, takes_time: bool) -> Call {
        let patience = if takes_time { self.shared.patience_for_complete() } else { self.shared.patience() };
        Call { patience, grace: patience.idle, ..self.call(operation) }
    }

    /// Makes the call.
    pub(super) async fn make<T>(
        &self,
        call: Call,
        attempt: impl FnMut() -> Try,
        parse: impl FnMut(&Response, &Try) -> Result<T>,
    ) -> Result<T> {
        let given_up = async {
            self.hurried().await;
            sleep(call.grace).await;
        };
        tokio::select! {
            biased;
            result = panics::caught_in(self.keep_trying(call, attempt, parse)) => {
                result.unwrap_or_else(|panic| Err(panicked(call, panic)))
            }
            () = given_up => {
                let message = "the upload was to stop before the answer came";
                let mut error = Error::new(Kind::NetworkTimeout, message).temporary().during(call.operation);
                error.report_mut().may_be_done = true;
                Err(error)
            }
        }
    }

    async fn keep_trying<T>(
        &self,
        call: Call,
        mut attempt: impl FnMut() -> Try,
        mut parse: impl FnMut(&Response, &Try) -> Result<T>,
    ) -> Result<T> {
        let mut met = Met::default();
        loop {
            met.attempts += 1;
            panics::may_come("request");
            // Before the permit, which others could use, and the signature, which grows old.
            let share = if call.placed { Some(self.bandwidth.share().await) } else { None };
            let permit = if call.paced { Some(self.throttle.admit().await) } else { None };
            let place = match self.entrance.as_ref().filter(|_| call.placed) {
                Some(entrance) => Some(entrance.enter().await),
                None => None,
            };
            let mut failed = match self.try_once(call, share, &mut met, &mut attempt, &mut parse).await {
                Ok(value) => {
                    permit.into_iter().for_each(Permit::succeeded);
                    return Ok(value);
                }
                Err(failed) => failed,
            };
            if let (Some(permit), true) = (permit, failed.error.report().temporary) {
                permit.failed(failure(failed.error.kind()), |rounds| self.pause_of_all(rounds, &failed));
            }
            drop(place);
            met.lost = if failed.error.kind() == Kind::ConnectionLost { met.lost + 1 } else { 0 };
            if let Some(again) = self.mend(&mut met, &mut failed).await {
                self.diary.tries_again(call.attempt(&met), &failed.error, again);
            } else {
                let Verdict::Again(delay) = self.decide(call, &met, &failed) else { return Err(failed.error) };
                self.diary.tries_again(call.attempt(&met), &failed.error, Again::After(delay));
                if call.persistent {
                    sleep(delay).await;
                } else if timeout(delay, self.hurried()).await.is_ok() {
                    return Err(failed.error);
                }
            }
            self.retries.fetch_add(1, Ordering::Relaxed);
        }
    }

    async fn try_once<T>(
        &self,
        call: Call,
        share: Option<Share>,
        met: &mut Met,
        attempt: &mut impl FnMut() -> Try,
        parse: &mut impl FnMut(&Response, &Try) -> Result<T>,
    ) -> std::result::Result<T, Failed> {
        // First: what is never sent, for want of credentials, is no attempt that might have been heard.
        let credentials = self.shared.credentials.get().await;
        let credentials = credentials.map_err(|error| Failed::new(call, met, error))?;
        let this = attempt();
        let hold = (HOLD * met.lost).min(LONGEST_HOLD).min(call.patience.idle / 2);
        let begun = self.diary.is_on(Level::Debug).then(Instant::now);
        let answer = self.send(call, &this, &credentials, (met.lost > 0).then_some(hold), share).await;
        panics::may_come("answer");
        if let Some(begun) = begun {
            self.diary.tried(call.attempt(met), answer.as_ref(), begun.elapsed());
        }
        let (mut error, hints) = match answer {
            Ok(response) => match parse(&response, &this) {
                Ok(value) => return Ok(value),
                Err(error) => (error, service_error::hints(&response)),
            },
            Err(error) => (error, Hints::default()),
        };
        met.may_be_done |= may_be_done(&error);
        let host = || self.shared.transport.host_for(&this.request.bucket);
        error.report_mut().host.get_or_insert_with(host);
        Err(Failed { hints, credentials: Some(credentials), ..Failed::new(call, met, error) })
    }

    /// Does away with the cause, where that is in our power; then there is nothing to wait for.
    async fn mend(&self, met: &mut Met, failed: &mut Failed) -> Option<Again> {
        match remedy::of(&failed.error) {
            Remedy::CorrectClock => match failed.hints.server_time {
                Some(server_time) if !std::mem::replace(&mut met.corrected, true) => {
                    self.shared.clock.correct(server_time);
                    Some(Again::ByTheServersClock)
                }
                Some(_) | None => None,
            },
            Remedy::RenewCredentials => match failed.credentials.take() {
                Some(refused) if !std::mem::replace(&mut met.renewed, true) => {
                    self.renew(failed, &refused).await.then_some(Again::WithNewerCredentials)
                }
                Some(_) | None => None,
            },
            Remedy::Retry | Remedy::Nothing => {
                (met.corrected, met.renewed) = (false, false);
                None
            }
        }
    }

    async fn renew(&self, failed: &mut Failed, refused: &Arc<Credentials>) -> bool {
        match self.shared.credentials.renew(refused).await {
            Ok(newer) => newer != *refused,
            Err(cause) => {
                failed.error = in_place_of(&failed.error, cause);
                false
            }
        }
    }

    fn decide(&self, call: Call, met: &Met, failed: &Failed) -> Verdict {
        let policy = &self.shared.retry;
        let tried = Tried {
            attempt: met.attempts,
            is_spent: call.paced && self.throttle.is_spent(policy.attempts),
            elapsed: self.started.elapsed(),
        };
        policy.decide(&failed.error, tried, failed.hints.retry_after, fastrand::f64())
    }

    /// How long no part should be tried.
    fn pause_of_all(&self, failed_rounds: Option<u32>, failed: &Failed) -> Duration {
        let pause = |rounds| self.shared.retry.backoff(rounds, self.started.elapsed(), fastrand::f64());
        failed_rounds.map_or(Duration::ZERO, pause).max(retry::believed(failed.hints.retry_after))
    }

    async fn send(
        &self,
        call: Call,
        this: &Try,
        credentials: &Credentials,
        hold: Option<Duration>,
        share: Option<Share>,
    ) -> Result<Response> {
        let mut request = this.request.clone();
        if self.shared.signer.covers_host() {
            request.set_header("Host", self.shared.transport.host_for(&request.bucket));
        }
        self.shared.signer.sign(&mut request, credentials, self.shared.clock.now());
        let payload = match &this.reading {
            None => Payload::Small,
            Some(reading) => Payload::Part(PartBody::new(Arc::clone(reading), hold, share), reading.meter()),
        };
        let response = self.shared.transport.send(request, payload, call.patience).await;
        // A body that could not be read is the cause of the connection's end, not its effect.
        if let Some(failure) = this.reading.as_ref().and_then(|reading| reading.failure()) {
            return Err(failure);
        }
        if let Some(server_time) = response.as_ref().ok().and_then(Response::server_time) {
            self.shared.clock.observe(server_time);
        }
        response
    }

    /// Whether the caller wants the upload to stop.
    pub(super) fn is_hurried(&self) -> bool {
        *self.hurry.borrow()
    }

    /// Comes back when the caller wants the upload to stop.
    pub(super) async fn hurried(&self) {
        let mut hurry = self.hurry.clone();
        if hurry.wait_for(|hurry| *hurry).await.is_err() {
            // Nobody is left to ask for it.
            std::future::pending::<()>().await;
        }
    }
}

/// A defect of ours ends the call and not the upload's task, which has still to let go of everything.
fn panicked(call: Call, panic: Error) -> Error {
    let mut error = panic.during(call.operation).of_part(call.part);
    error.report_mut().may_be_done = true;
    error
}

fn failure(kind: Kind) -> Failure {
    if kind == Kind::Throttled {
        Failure::Refused
    } else if kind == Kind::NetworkTimeout {
        Failure::TimedOut
    } else {
        Failure::Other
    }
}

/// Whether the request may have been done although this came of it: refusals and connections that never stood say no.
fn may_be_done(error: &Error) -> bool {
    let no_answer = [Kind::ConnectionLost, Kind::NetworkTimeout, Kind::BadAnswer].contains(&error.kind());
    // Of these the proxies on the way are the authors, or OSS itself half-way.
    no_answer || (error.kind() == Kind::Service && error.report().temporary)
}

/// OSS refused the credentials, and there are none in their place: that is the error, with what OSS said.
fn in_place_of(refusal: &Error, mut cause: Error) -> Error {
    let (told, report) = (refusal.report(), cause.report_mut());
    report.operation = told.operation;
    report.attempts = told.attempts;
    report.may_be_done = told.may_be_done;
    report.http_status = told.http_status;
    report.oss_code = told.oss_code.clone();
    report.ec = told.ec.clone();
    report.request_id = told.request_id.clone();
    report.host = told.host.clone();
    cause
}

#[cfg(test)]
mod tests;
