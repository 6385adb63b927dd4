//! The calls to OSS that move no part: each as often as it takes, with what OSS said made plain.

use super::exchange::{Call, Line};
use crate::error::{Error, Kind, Result};
use crate::oss::api::complete::Completed;
use crate::oss::api::head::Head;
use crate::oss::api::list_parts::ListedPart;
use crate::oss::api::list_uploads::ListedUpload;
use crate::oss::api::{abort, complete, head, initiate, list_parts, list_uploads};
use crate::oss::etag::ETag;
use crate::oss::request::Object;
use crate::upload::event::Listing;
use std::cmp::{Ordering, Reverse};
use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::atomic::AtomicU32;
use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;

/// How long an upload that is to stop keeps trying to leave nothing on the server.
const ABORTING: Duration = Duration::from_secs(10);
/// Parts that were under way may arrive behind an abort; how often it is said again.
const ABORTS: u32 = 3;

type Headers = Vec<(String, String)>;

/// Every part up to a number.
pub(super) async fn list_parts(
    line: &Line,
    object: &Object,
    headers: Headers,
    upload_id: &str,
    last: u32,
) -> Result<Listing> {
    let mut all: BTreeMap<u32, ListedPart> = BTreeMap::new();
    let mut marker = 0;
    loop {
        let request = list_parts::build(object, upload_id, marker, headers.clone());
        let parse = |response: &_, _: &_| list_parts::parse(response, marker);
        match line.make(line.call("ListParts"), || request.clone().into(), parse).await {
            Err(error) if error.kind() == Kind::NoSuchUpload => return Ok(Listing::Gone),
            Err(error) if error.report().oss_code.as_deref() == Some("AccessDenied") => return Ok(Listing::Denied),
            Err(error) => return Err(error),
            Ok(page) => {
                // A server that never ends its list is not followed beyond the last part that there may be.
                let wanted = page.parts.into_iter().filter(|part| part.number <= last);
                all.extend(wanted.map(|part| (part.number, part)));
                match page.next_marker {
                    Some(next) if next < last => marker = next,
                    Some(_) | None => return Ok(Listing::Parts(all.into_values().collect())),
                }
            }
        }
    }
}

/// Goes through the open uploads of a bucket whose keys begin with a prefix, by key, until it is told to stop.
pub(super) async fn list_uploads(
    line: &Line,
    bucket: &str,
    prefix: &str,
    headers: Headers,
    mut take: impl FnMut(ListedUpload) -> ControlFlow<()>,
) -> Result<()> {
    let mut after = (String::new(), String::new());
    loop {
        let (key, upload_id) = &after;
        let request = list_uploads::build(bucket, prefix, key, upload_id, headers.clone());
        let parse = |response: &_, _: &_| list_uploads::parse(response, key, upload_id);
        let page = line.make(line.call("ListMultipartUploads"), || request.clone().into(), parse).await?;
        for upload in page.uploads {
            if take(upload).is_break() {
                return Ok(());
            }
        }
        match page.next {
            // A list may be long, or have no end.
            Some(_) if line.is_hurried() => return Err(Error::new(Kind::Paused, "the list was not read to its end")),
            Some(next) => after = next,
            None => return Ok(()),
        }
    }
}

/// The ids of an object's open uploads, the newest first.
pub(super) async fn uploads_of(line: &Line, object: &Object, headers: Headers) -> Result<Vec<String>> {
    let mut found = Vec::new();
    list_uploads(line, &object.bucket, &object.key, headers, |upload| {
        // Keys come in order: the key itself before those that only begin with it.
        match upload.key.cmp(&object.key) {
            Ordering::Less => {}
            Ordering::Equal => found.push(upload),
            Ordering::Greater => return ControlFlow::Break(()),
        }
        ControlFlow::Continue(())
    })
    .await?;
    found.sort_by_key(|upload| Reverse(upload.initiated));
    Ok(found.into_iter().map(|upload| upload.upload_id).collect())
}

/// Opens an upload; `unheard` is called when one may have been opened of which nothing is known.
pub(super) async fn initiate(line: &Line, object: &Object, headers: Headers, unheard: impl FnOnce()) -> Result<String> {
    let request = initiate::build(object, headers);
    let unanswered = AtomicU32::new(0);
    let attempt = || {
        unanswered.fetch_add(1, Relaxed);
        request.clone().into()
    };
    let made = line.make(line.call("InitiateMultipartUpload"), attempt, |response, _| {
        let made = initiate::parse(response);
        // A success that cannot be read made an upload all the same.
        if made.is_ok() || !response.is_success() {
            unanswered.fetch_sub(1, Relaxed);
        }
        made
    });
    let made = made.await;
    let may_be_done = made.as_ref().err().is_none_or(|error| error.report().may_be_done);
    if may_be_done && unanswered.load(Relaxed) > 0 {
        unheard();
    }
    Ok(made?.upload_id)
}

/// Makes the object of its parts; the request id comes with the answer.
pub(super) async fn complete(
    line: &Line,
    object: &Object,
    headers: Headers,
    upload_id: &str,
    parts: Vec<(u32, ETag)>,
    has_callback: bool,
) -> (Result<Completed>, Option<String>) {
    let request = complete::build(object, upload_id, &parts, headers);
    drop(parts);
    let call = line.call_for_object("CompleteMultipartUpload", true);
    let made = line.make(
        call,
        || request.clone().into(),
        |response, _| {
            let request_id = response.request_id().map(str::to_owned);
            complete::parse(response, has_callback).map(|completed| (completed, request_id))
        },
    );
    split(made.await)
}

/// An answer and its request id, whichever way it went.
pub(super) fn split<T>(made: Result<(T, Option<String>)>) -> (Result<T>, Option<String>) {
    match made {
        Ok((value, request_id)) => (Ok(value), request_id),
        Err(error) => {
            let request_id = error.report().request_id.clone();
            (Err(error), request_id)
        }
    }
}

/// What is there of an object.
pub(super) async fn head(line: &Line, object: &Object, headers: Headers) -> Result<Option<Head>> {
    let request = head::build(object, headers);
    line.make(line.call("HeadObject"), || request.clone().into(), |response, _| head::parse(response)).await
}

/// Gives an upload up: an orphan is not left behind because of one lost request.
pub(super) async fn abort(line: &Line, object: &Object, headers: Headers, upload_id: &str) -> Result<()> {
    let request = abort::build(object, upload_id, headers);
    let call = Call { grace: ABORTING, persistent: true, ..line.call("AbortMultipartUpload") };
    line.make(call, || request.clone().into(), |response, _| abort::parse(response)).await
}

/// The same for an upload whose parts were cut off on their way, until nothing of it is there.
pub(super) async fn abort_thoroughly(line: &Line, object: &Object, headers: Headers, upload_id: &str) -> Result<()> {
    for _ in 1..ABORTS {
        abort(line, object, headers.clone(), upload_id).await?;
        match list_parts(line, object, headers.clone(), upload_id, 1).await {
            Ok(Listing::Parts(_)) => {}
            Ok(Listing::Gone | Listing::Denied) | Err(_) => return Ok(()),
        }
    }
    abort(line, object, headers, upload_id).await
}
