//! What must be so: in the last driver's report, at the server, on the disk.

use super::line::Line;
use super::scenario::number;
use super::step::counted;
use oss_server::Operation;
use std::str::FromStr;

#[derive(Clone, Debug)]
pub(crate) enum Expectation {
    /// The report has this line, and no other of its name.
    Line(Line),
    /// The report has this line as often, whatever others there are.
    Lines(usize, Line),
    /// The report has one line of this name, with this in it.
    Word(Line),
    /// The report has a line of this name whose number is at least that.
    AtLeast(String, u64),
    /// The report has lines of this name, or none.
    Some(String, bool),
    /// The object is the file.
    Object,
    /// So many objects are the file.
    Objects(usize),
    /// There is no object.
    NoObject,
    /// The object bears a header.
    Header(Line),
    /// So many uploads are begun and not completed.
    Uploads(usize),
    /// So many requests of a kind succeeded.
    Requests(usize, Operation),
    /// No part that the server took was sent again.
    Once,
    /// There is a record beside the file, or none.
    Record(bool),
}

/// What a report may have.
pub(crate) const REPORTED: [&str; 32] = [
    "attempts",
    "bytes_total",
    "callback_body",
    "crc64",
    "ended",
    "etag",
    "freed",
    "http_status",
    "incomplete",
    "incomplete_left",
    "log_lines",
    "log_secret",
    "message",
    "operation",
    "oss_code",
    "parts_reused",
    "parts_sent",
    "parts_total",
    "progress_back",
    "progress_calls",
    "progress_last",
    "progress_phase",
    "questions",
    "raised",
    "reason",
    "record",
    "request_id",
    "resumable",
    "resume_token",
    "resumed",
    "temporary",
    "warning",
];

impl FromStr for Expectation {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let Line { name, value } = Line::read(text);
        let pair = || value.split_once(' ').ok_or("two values");
        Ok(match name.as_str() {
            "line" => Self::Line(reported(&value)?),
            "lines" => Self::Lines(number(pair()?.0)?, reported(pair()?.1)?),
            "word" => Self::Word(reported(&value)?),
            "at_least" => Self::AtLeast(reported(pair()?.1)?.name, number(pair()?.0)?),
            "some" => Self::Some(reported(&value)?.name, true),
            "none" => Self::Some(reported(&value)?.name, false),
            "object" if value.is_empty() => Self::Object,
            "objects" => Self::Objects(number(&value)?),
            "no_object" if value.is_empty() => Self::NoObject,
            "header" => Self::Header(Line::read(&value)),
            "uploads" => Self::Uploads(number(&value)?),
            "requests" => {
                let (count, operation) = counted(&value)?;
                Self::Requests(count, operation)
            }
            "once" if value.is_empty() => Self::Once,
            "record" if value.is_empty() => Self::Record(true),
            "no_record" if value.is_empty() => Self::Record(false),
            _ => return Err("nothing that can be expected".to_owned()),
        })
    }
}

/// A line as drivers say it.
fn reported(text: &str) -> Result<Line, String> {
    let line = Line::read(text);
    let is_known = REPORTED.contains(&line.name.as_str());
    if is_known { Ok(line) } else { Err(format!("no driver reports {}", line.name)) }
}
