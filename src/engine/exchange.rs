//! One call to OSS, tried until it succeeds, is refused, or has failed often enough. Every try is signed anew.

use super::live::Live;
use super::shared::Shared;
use crate::error::{Error, Kind, Result};
use crate::oss::request::{Request, Response};
use crate::oss::service_error::{self, Hints};
use crate::oss::sign::Credentials;
use crate::upload::retry::Verdict;
use crate::world::body::{PartBody, Reading};
use crate::world::transport::{Patience, Payload};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::{Instant, sleep, timeout};

/// How long a request may go on when the caller wants the upload to stop.
const GRACE: Duration = Duration::from_secs(2);
/// About a round trip: a server that refuses a body before reading it is heard in that time.
const HOLD: Duration = Duration::from_millis(200);

/// How one upload speaks to OSS.
#[derive(Clone, Debug)]
pub(super) struct Line {
    pub(super) shared: Arc<Shared>,
    pub(super) live: Arc<Live>,
    started: Instant,
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
    pub(super) patience: Patience,
    /// How long it may go on once the caller wants the upload to stop.
    pub(super) grace: Duration,
    /// It is tried again even then.
    pub(super) persistent: bool,
}

impl Line {
    pub(super) fn new(shared: Arc<Shared>, live: Arc<Live>, hurry: watch::Receiver<bool>) -> Self {
        Self { shared, live, started: Instant::now(), hurry }
    }

    /// A call with the usual patience.
    pub(super) fn call(&self, operation: &'static str) -> Call {
        Call { operation, patience: self.shared.patience(), grace: GRACE, persistent: false }
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
            result = self.keep_trying(call, attempt, parse) => result,
            () = given_up => {
                let message = "the upload was to stop before the answer came";
                Err(Error::new(Kind::NetworkTimeout, message).temporary().during(call.operation))
            }
        }
    }

    async fn keep_trying<T>(
        &self,
        call: Call,
        mut attempt: impl FnMut() -> Try,
        mut parse: impl FnMut(&Response, &Try) -> Result<T>,
    ) -> Result<T> {
        let mut count = 0;
        let mut corrected = false;
        let mut renewed = false;
        let mut hold = None;
        loop {
            count += 1;
            let credentials = self.shared.credentials.get().await;
            let result = match &credentials {
                Ok(credentials) => self.once(call, attempt(), credentials, hold, &mut parse).await,
                Err(error) => Err((error.clone(), Hints::default())),
            };
            let (mut error, hints) = match result {
                Ok(value) => return Ok(value),
                Err(failure) => failure,
            };
            let report = error.report_mut();
            report.operation.get_or_insert(call.operation);
            report.attempts = count;
            hold = (report.kind == Kind::ConnectionLost).then_some(HOLD);

            let skewed = report.oss_code.as_deref() == Some("RequestTimeTooSkewed");
            if let (true, false, Some(server_time)) = (skewed, corrected, hints.server_time) {
                corrected = true;
                self.shared.clock.correct(server_time);
                self.live.retries.fetch_add(1, Ordering::Relaxed);
                continue;
            }
            match credentials {
                Ok(refused) if service_error::refuses_credentials(&error) => {
                    if std::mem::replace(&mut renewed, true) {
                        return Err(error);
                    }
                    match self.shared.credentials.renew(&refused).await {
                        Ok(same) if same == refused => return Err(error),
                        Ok(_newer) => {
                            self.live.retries.fetch_add(1, Ordering::Relaxed);
                            continue;
                        }
                        Err(cause) => error = in_place_of(error, cause),
                    }
                }
                Ok(_) | Err(_) => renewed = false,
            }
            let verdict =
                self.shared.retry.decide(&error, count, self.started.elapsed(), hints.retry_after, fastrand::f64());
            let Verdict::Again(delay) = verdict else { return Err(error) };
            if call.persistent {
                sleep(delay).await;
            } else if timeout(delay, self.hurried()).await.is_ok() {
                return Err(error);
            }
            self.live.retries.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// One try. A failure comes with what the answer says about the next one.
    async fn once<T>(
        &self,
        call: Call,
        this: Try,
        credentials: &Credentials,
        hold: Option<Duration>,
        parse: impl FnOnce(&Response, &Try) -> Result<T>,
    ) -> std::result::Result<T, (Error, Hints)> {
        let result = match self.send(call, &this, credentials, hold).await {
            Ok(response) => parse(&response, &this).map_err(|error| (error, service_error::hints(&response))),
            Err(error) => Err((error, Hints::default())),
        };
        result.map_err(|(mut error, hints)| {
            let host = || self.shared.transport.host_for(&this.request.bucket);
            error.report_mut().host.get_or_insert_with(host);
            (error, hints)
        })
    }

    async fn send(
        &self,
        call: Call,
        this: &Try,
        credentials: &Credentials,
        hold: Option<Duration>,
    ) -> Result<Response> {
        let mut request = this.request.clone();
        self.shared.signer.sign(&mut request, credentials, self.shared.clock.now());
        let payload = match &this.reading {
            None => Payload::Small,
            Some(reading) => Payload::Part(PartBody::new(Arc::clone(reading), hold), reading.meter()),
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

    /// Comes back when the caller wants the upload to stop.
    pub(super) async fn hurried(&self) {
        let mut hurry = self.hurry.clone();
        if hurry.wait_for(|hurry| *hurry).await.is_err() {
            // Nobody is left to ask for it.
            std::future::pending::<()>().await;
        }
    }
}

/// OSS refused the credentials, and there are none in their place: that is the error, with what OSS said.
fn in_place_of(refusal: Error, mut cause: Error) -> Error {
    let (told, report) = (refusal.report(), cause.report_mut());
    report.operation = told.operation;
    report.attempts = told.attempts;
    report.http_status = told.http_status;
    report.oss_code = told.oss_code.clone();
    report.ec = told.ec.clone();
    report.request_id = told.request_id.clone();
    report.host = told.host.clone();
    cause
}

#[cfg(test)]
mod tests;
