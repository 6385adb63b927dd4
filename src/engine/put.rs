//! A small file: the whole of it in one request.

use super::calls::split;
use super::exchange::{Call, Line, Try};
use super::in_flight::InFlight;
use super::order::Order;
use super::parts::compare;
use super::prepare::Opened;
use crate::error::{Error, Kind, Result};
use crate::oss::api::complete::Completed;
use crate::oss::api::put;
use crate::oss::etag::ETag;
use crate::oss::headers::Stage;
use crate::oss::request::Response;
use crate::upload::event::Put;
use crate::upload::journal::Part;
use crate::world::body::Reading;
use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::Instant;

/// How long a file that was read ahead counts as it was: whoever waits longer, for a cap perhaps, reads it again.
const FRESH: Duration = Duration::from_secs(1);

/// What the attempts have come to.
#[derive(Default)]
struct Attempts {
    begun: bool,
    reading: Option<Arc<Reading>>,
    /// The CRC-64 of the file, once an attempt has sent all of it.
    crc64: Option<u64>,
}

/// Sends the file until the server confirms the very bytes that were read.
pub(super) async fn send(
    line: &Line,
    order: &Order,
    file: &Opened,
    in_flight: &InFlight,
    stopped: watch::Receiver<bool>,
) -> Put {
    let size = file.identity.size;
    let stamp = order.new_stamp();
    let attempts = Mutex::new(Attempts::default());
    let begun = Instant::now();
    let made = make(line, order, file, stamp.as_deref(), in_flight, &attempts);
    let result = unless_stopped(made, stopped, || lock(&attempts).is_out(size)).await;
    in_flight.end(1);
    // Reckoned back: at the beginning nobody may have heard yet what time it is there.
    let took = i64::try_from(begun.elapsed().as_secs()).unwrap_or(i64::MAX);
    let since = line.shared.clock.heard_now().map(|now| now.saturating_sub(took).saturating_sub(1));
    let crc64 = lock(&attempts).read(size);
    let part = crc64.map(|crc64| Part { number: 1, size, etag: ETag::none(), crc64 });
    let (result, request_id) = split(result);
    Put { since, part, result, request_id, stamp }
}

async fn make(
    line: &Line,
    order: &Order,
    file: &Opened,
    stamp: Option<&str>,
    in_flight: &InFlight,
    attempts: &Mutex<Attempts>,
) -> Result<(Completed, Option<String>)> {
    let size = file.identity.size;
    // It is handed out once; another attempt reads the file again.
    let mut first = file.first.clone();
    let begun = Instant::now();
    let attempt = || {
        lock(attempts).begun = true;
        let request = put::build(&order.object, order.stamped_headers(Stage::Put, stamp));
        if size == 0 {
            return request.into();
        }
        let anew = || Reading::whole(Arc::clone(&file.source), file.reads.clone(), file.identity);
        let reading = first.take().filter(|_| begun.elapsed() < FRESH).unwrap_or_else(anew);
        in_flight.begin(1, reading.meter());
        let mut attempts = lock(attempts);
        attempts.crc64 = attempts.read(size);
        attempts.reading = Some(Arc::clone(&reading));
        Try { request, reading: Some(reading) }
    };
    let parse = |response: &Response, _: &Try| {
        let completed = put::parse(response, order.has_callback)?;
        let read = lock(attempts).read(size);
        let ours =
            read.ok_or_else(|| Error::new(Kind::BadAnswer, "the object was confirmed before it was sent").temporary())?;
        // What is there must not be overwritten, not even by us: it is looked at instead.
        let is_final = |mut error: Error| {
            error.report_mut().temporary = !order.forbids_overwrite();
            error
        };
        compare(ours, completed.crc64).map_err(is_final)?;
        Ok((completed, response.request_id().map(str::to_owned)))
    };
    let call = Call { placed: true, ..line.call_for_object("PutObject", order.has_callback) };
    line.make(call, attempt, parse).await
}

/// A stop ends what has not gone out; what has may have made the object.
async fn unless_stopped<T>(
    work: impl Future<Output = Result<T>>,
    mut stopped: watch::Receiver<bool>,
    is_out: impl Fn() -> bool,
) -> Result<T> {
    tokio::pin!(work);
    tokio::select! {
        biased;
        result = &mut work => return result,
        _ = stopped.wait_for(|stopped| *stopped) => {}
    }
    if is_out() { work.await } else { Err(Error::new(Kind::Paused, "the object was stopped on its way").temporary()) }
}

impl Attempts {
    fn read(&self, size: u64) -> Option<u64> {
        if size == 0 {
            return self.begun.then_some(0);
        }
        let out = self.reading.as_ref().filter(|_| self.is_out(size));
        out.and_then(|reading| reading.crc64()).or(self.crc64)
    }

    fn is_out(&self, size: u64) -> bool {
        // Where there are no bytes the request is all there is.
        (size == 0 && self.begun) || self.reading.as_ref().is_some_and(|reading| reading.meter().handed() == size)
    }
}

fn lock(attempts: &Mutex<Attempts>) -> MutexGuard<'_, Attempts> {
    attempts.lock().unwrap_or_else(PoisonError::into_inner)
}
