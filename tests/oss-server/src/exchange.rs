//! One request and its answer, from the head to the last header.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use hyper::body::Incoming;
use hyper::header::{HeaderName, HeaderValue};
use hyper::{Response, StatusCode};

use crate::answer::{Answer, CRC_HEADER};
use crate::body::Body;
use crate::connection::{Connection, Cut};
use crate::content::Outgoing;
use crate::dress::{dressed, refused};
use crate::fault::{Drawn, Holding};
use crate::pace::Pace;
use crate::plan::{CrcFault, Plan};
use crate::refusal::{Halt, Refusal};
use crate::route::Request;
use crate::site::Site;
use crate::{auth, hosts, names, ops};

const FASTEST_TRAFFIC_LIMIT: u64 = 838_860_800;

/// Answers one request of a connection.
pub(crate) async fn exchange(
    site: Arc<Site>,
    connection: Arc<Connection>,
    pace: Option<Arc<Pace>>,
    request: hyper::Request<Incoming>,
) -> Result<Response<Outgoing>, Infallible> {
    let (head, incoming) = request.into_parts();
    let request = Request::read(&head, &site.options);
    let request_id = format!("{:024X}", fastrand::u128(..) >> 32);
    // What is spared stays so until the answer is on its way.
    let Drawn { actions, holding: [holding_all, holding_answer], spared: _spared } = site.faults.draw(&request);
    let fired = actions.iter().map(|action| action.name().to_owned());
    let record = Arc::new(site.ledger.open(connection.id, &request, &request_id, fired.collect()));
    let plan = Plan::of(&actions);
    let mut body = Body {
        incoming,
        received: 0,
        paces: paces(&site, &request, &plan, pace),
        cut: plan.cut,
        stall: plan.stall_in_body,
        connection: Arc::clone(&connection),
        record: Arc::clone(&record),
    };
    ended(holding_all).await;
    let answer = match serve(&site, &request, &plan, &mut body).await {
        Ok(answer) => spoilt(answer, &plan),
        Err(Halt::Refused(refusal)) => refused(&site, &request, &refusal, &request_id),
        Err(Halt::Gone) => match connection.cut(Cut::Reset).await {},
    };
    let latency = Duration::from_millis(site.options.latency_ms);
    pause(latency + plan.stall_before_answer).await;
    ended(holding_answer).await;
    if plan.lose_answer {
        match connection.cut(Cut::Reset).await {}
    }
    record.note(|entry| {
        entry.status = Some(answer.status);
        entry.code.clone_from(&answer.code);
    });
    let answer = dressed(&site, answer, &request, &request_id);
    Ok(response(&site, answer, connection, record))
}

async fn serve(site: &Site, request: &Request, plan: &Plan, body: &mut Body) -> Result<Answer, Halt> {
    lose(site, request, plan);
    if plan.hang {
        std::future::pending::<()>().await;
    }
    pause(plan.stall_before_body).await;
    if let Some(refusal) = &plan.early_refusal {
        return Err(refusal.clone().into());
    }
    body.begin().await;
    let outcome = apply(site, request, plan, body).await;
    body.drain().await?;
    outcome
}

async fn apply(site: &Site, request: &Request, plan: &Plan, body: &mut Body) -> Result<Answer, Halt> {
    if let Some(refusal) = &plan.refusal {
        return Err(refusal.clone().into());
    }
    if let Some(error) = &plan.error_in_body {
        if error.applied {
            ops::perform(site, request, check(site, request)?, body).await?;
        }
        return Err(error.refusal.clone().into());
    }
    ops::perform(site, request, check(site, request)?, body).await
}

/// Waits until none of these faults is in force any more.
async fn ended(holding: Vec<Holding>) {
    for fault in holding {
        fault.end().await;
    }
}

/// Even a sleep of no time costs a tick of the timer.
async fn pause(time: Duration) {
    if !time.is_zero() {
        tokio::time::sleep(time).await;
    }
}

/// What holds for every request, whatever it asks for.
fn check(site: &Site, request: &Request) -> Result<auth::Caller, Refusal> {
    if let Some(bucket) = &request.bucket {
        names::check_bucket(bucket)?;
    }
    hosts::check(request, &site.options)?;
    let caller = auth::verify(request, &site.options_now(), site.clock.now())?;
    match (request.header("x-oss-traffic-limit"), traffic_limit(site, request)) {
        (Some(text), None) => {
            Err(Refusal::invalid_argument("The traffic limit is out of range.", "x-oss-traffic-limit", text)
                .ec("0004-00000502"))
        }
        (Some(_) | None, _) => Ok(caller),
    }
}

/// Bits per second that the client asks to be held to.
fn traffic_limit(site: &Site, request: &Request) -> Option<u64> {
    request
        .header("x-oss-traffic-limit")?
        .parse()
        .ok()
        .filter(|limit| (site.options.faces.slowest_traffic_limit..=FASTEST_TRAFFIC_LIMIT).contains(limit))
}

fn paces(site: &Site, request: &Request, plan: &Plan, connection: Option<Arc<Pace>>) -> Vec<Arc<Pace>> {
    let own = |bytes_per_s| Arc::new(Pace::new(bytes_per_s));
    [connection, plan.bytes_per_s.map(own), traffic_limit(site, request).map(|bits| own(bits / 8))]
        .into_iter()
        .flatten()
        .collect()
}

/// Lets an upload or some of its parts vanish.
fn lose(site: &Site, request: &Request, plan: &Plan) {
    if !plan.lose_upload && plan.lose_parts.is_empty() {
        return;
    }
    let address = (request.key().to_owned(), request.upload_id().to_owned());
    let mut buckets = site.store.all();
    let Some(bucket) = buckets.get_mut(request.bucket()) else {
        return;
    };
    if plan.lose_upload {
        bucket.uploads.remove(&address);
    }
    if let Some(upload) = bucket.uploads.get_mut(&address) {
        upload.parts.retain(|number, _| !plan.lose_parts.contains(number));
    }
}

/// Falsifies the headers of an answer as the faults want it.
fn spoilt(mut answer: Answer, plan: &Plan) -> Answer {
    match plan.crc {
        None => {}
        Some(CrcFault::Missing) => answer.drop_crc(),
        Some(CrcFault::Wrong) => {
            for (name, value) in &mut answer.headers {
                if name == CRC_HEADER {
                    *value = value.parse::<u64>().map_or(0, |crc| crc ^ 1).to_string();
                }
            }
        }
    }
    if plan.wrong_etag {
        for (name, value) in &mut answer.headers {
            if name == "ETag" {
                *value = format!("\"{:032X}\"", 0);
            }
        }
    }
    answer
}

fn response(
    site: &Site,
    answer: Answer,
    connection: Arc<Connection>,
    record: Arc<crate::ledger::Record>,
) -> Response<Outgoing> {
    let faces = &site.options.faces;
    let answer = answer.header("x-oss-server-time", record.elapsed_ms());
    if faces.unasked_continue {
        connection.say_continue();
    }
    let mut response = Response::new(Outgoing::new(answer.content, faces.chunked, connection, record));
    *response.status_mut() = StatusCode::from_u16(answer.status).unwrap_or_default();
    for (name, value) in &answer.headers {
        let name = HeaderName::from_bytes(name.as_bytes());
        let value = HeaderValue::from_bytes(value.as_bytes());
        if let (Ok(name), Ok(value)) = (name, value) {
            response.headers_mut().insert(name, value);
        }
    }
    response
}
