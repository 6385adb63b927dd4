//! What the driver reports, line by line.

use super::listener::{Heard, phase_name};
use ossup::{Error, Finished, Kind};
use std::fmt::Display;
use std::io::Write;

/// Lines that are said in one go, whoever else speaks.
#[derive(Default)]
struct Said(String);

impl Said {
    fn line(&mut self, name: &str, value: impl Display) {
        self.0 += &format!("{name} {value}").replace('\n', " ");
        self.0.push('\n');
    }

    fn some<T: Display>(&mut self, name: &str, value: Option<T>) {
        if let Some(value) = value {
            self.line(name, value);
        }
    }

    fn cause(&mut self, error: &Error) {
        let report = error.report();
        self.some("http_status", (report.http_status != 0).then_some(report.http_status));
        self.some("oss_code", report.oss_code.as_ref());
        self.some("request_id", report.request_id.as_ref());
        self.some("operation", report.operation);
        self.some("attempts", (report.attempts != 0).then_some(report.attempts));
        self.line("temporary", report.temporary);
        self.line("message", error);
    }
}

impl Drop for Said {
    fn drop(&mut self) {
        let mut stdout = std::io::stdout().lock();
        // Nobody listens any more: then nobody misses it.
        drop(stdout.write_all(self.0.as_bytes()).and_then(|()| stdout.flush()));
    }
}

pub(super) fn line(name: &str, value: impl Display) {
    Said::default().line(name, value);
}

/// A call that failed, or an upload that could not be begun.
pub(super) fn failure(error: &Error) {
    let mut said = Said::default();
    said.line("ended", status(error.kind()));
    said.cause(error);
}

pub(super) fn ended(finished: &Finished) {
    let mut said = Said::default();
    let outcome = &finished.outcome;
    said.line("ended", outcome.error.as_ref().map_or_else(|| "OK".to_owned(), |error| status(error.kind())));
    if let Some(error) = &outcome.error {
        said.cause(error);
    }
    said.line("resumed", outcome.resumed);
    said.some("reason", outcome.reason.map(ossup::Reason::name));
    said.line("resumable", outcome.resumable);
    said.line("parts_total", outcome.parts_total);
    said.line("parts_reused", outcome.parts_reused);
    said.line("parts_sent", outcome.parts_sent);
    said.line("bytes_total", outcome.bytes_total);
    said.some("etag", outcome.etag.as_ref());
    said.some("crc64", outcome.crc64);
    said.some("callback_body", outcome.callback_body.as_deref().map(String::from_utf8_lossy));
    said.some("warning", (!outcome.warnings.is_empty()).then(|| outcome.warnings.join("; ")));
}

pub(super) fn heard(heard: &Heard) {
    let mut said = Said::default();
    said.line("progress_calls", heard.calls);
    said.line("progress_last", format!("{} {}", heard.last.bytes_confirmed, heard.last.bytes_total));
    said.line("progress_back", heard.back);
    said.line("progress_phase", phase_name(heard.last.phase));
    said.some("raised", heard.failure);
}

/// A kind's name as a status: `NoSuchBucket` is NO_SUCH_BUCKET.
fn status(kind: Kind) -> String {
    if kind == Kind::Service {
        return "SERVICE_ERROR".to_owned();
    }
    let mut name = String::new();
    for letter in format!("{kind:?}").chars() {
        if letter.is_uppercase() && !name.is_empty() {
            name.push('_');
        }
        name.extend(letter.to_uppercase());
    }
    name
}
