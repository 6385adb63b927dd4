//! The server's idea of time, and the forms in which the protocol writes it.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Instant;

use time::format_description::StaticFormatDescription;
use time::macros::format_description;
use time::{Duration, OffsetDateTime, PrimitiveDateTime};

const RFC_1123: StaticFormatDescription =
    format_description!("[weekday repr:short], [day] [month repr:short] [year] [hour]:[minute]:[second] GMT");
/// The service writes milliseconds that are always 0; oss2 reads no others.
const ISO_8601: StaticFormatDescription = format_description!("[year]-[month]-[day]T[hour]:[minute]:[second].000Z");
const COMPACT: StaticFormatDescription = format_description!("[year][month][day]T[hour][minute][second]Z");

/// A wall clock that may be off by a chosen amount, and a monotonic one for the ledger.
pub(crate) struct Clock {
    started: Instant,
    offset_s: AtomicI64,
}

impl Clock {
    pub(crate) fn new(offset_s: i64) -> Self {
        Self { started: Instant::now(), offset_s: AtomicI64::new(offset_s) }
    }

    pub(crate) fn now(&self) -> OffsetDateTime {
        OffsetDateTime::now_utc() + Duration::seconds(self.offset_s.load(Ordering::Relaxed))
    }

    pub(crate) fn set_offset(&self, seconds: i64) {
        self.offset_s.store(seconds, Ordering::Relaxed);
    }

    pub(crate) fn elapsed_ms(&self) -> u64 {
        u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX)
    }
}

pub(crate) fn rfc1123(at: OffsetDateTime) -> String {
    at.format(RFC_1123).expect("a UTC time has every field")
}

pub(crate) fn iso8601(at: OffsetDateTime) -> String {
    at.format(ISO_8601).expect("a UTC time has every field")
}

pub(crate) fn parse_rfc1123(text: &str) -> Option<OffsetDateTime> {
    parse(text, RFC_1123)
}

pub(crate) fn parse_compact(text: &str) -> Option<OffsetDateTime> {
    parse(text, COMPACT)
}

fn parse(text: &str, form: StaticFormatDescription) -> Option<OffsetDateTime> {
    PrimitiveDateTime::parse(text, form).ok().map(PrimitiveDateTime::assume_utc)
}
