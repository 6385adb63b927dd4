//! What a support ticket should say of the library itself; nothing of the host's, and no secret.

use super::config::Config;
use super::order::DEFAULT_PART_SIZE;
use super::request::Request;
use crate::oss::limits::{
    MAX_BUCKET_NAME, MAX_KEY, MAX_OBJECT_SIZE, MAX_PART_SIZE, MAX_PARTS, MAX_SMALL_OBJECT, MIN_BUCKET_NAME,
    MIN_PART_SIZE,
};
use crate::process::log::{LONGEST_LINE, MOST_LINES};
use crate::upload::growth;
use crate::world::body::{MOST_MEMORY, WINDOW};
use crate::world::transport;

/// A few lines: what it is, what it was built for, how it does TLS, what it allows and what it does unasked.
pub fn diagnostics() -> String {
    let (config, request) = (Config::default(), Request::default());
    let retry = config.retry;
    let built =
        format!("ossup {}, for {} ({})", env!("CARGO_PKG_VERSION"), env!("OSSUP_BUILT_FOR"), env!("OSSUP_BUILT_AS"));
    let limits = format!(
        "limits: bucket names of {MIN_BUCKET_NAME} to {MAX_BUCKET_NAME} characters, keys of {MAX_KEY} bytes, {MAX_PARTS} parts \
         of {MIN_PART_SIZE} to {MAX_PART_SIZE} bytes, objects of {MAX_OBJECT_SIZE} bytes, in one request up to \
         {MAX_SMALL_OBJECT} bytes; {} parts at a time unasked, each with {MOST_MEMORY} bytes of memory in windows of \
         {WINDOW}; {MOST_LINES} lines of log of {LONGEST_LINE} bytes",
        growth::MOST
    );
    let defaults = format!(
        "defaults: TaskNum {}, PartSize {}, {} tries with pauses of {} to {} ms, {} uploads at a time, progress every {} ms",
        request.task_num,
        DEFAULT_PART_SIZE,
        retry.attempts,
        retry.base.as_millis(),
        retry.cap.as_millis(),
        config.max_uploads,
        config.progress_interval.as_millis(),
    );
    let timeouts = format!(
        "timeouts: connect {} ms, idle {} ms, complete {} ms, credentials {} ms",
        config.connections.connect_timeout().as_millis(),
        config.connections.idle_timeout().as_millis(),
        config.complete_timeout.as_millis(),
        config.credentials_timeout.as_millis(),
    );
    [built, transport::about(), limits, defaults, timeouts].join("\n")
}
