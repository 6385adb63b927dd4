//! Moments, from and to the ways in which HTTP and OSS write them.

use time::format_description::BorrowedFormatItem;
use time::format_description::well_known::Rfc3339;
use time::macros::format_description;
use time::{OffsetDateTime, PrimitiveDateTime};

type Format = [BorrowedFormatItem<'static>];

const RFC1123: &Format =
    format_description!("[weekday repr:short], [day] [month repr:short] [year] [hour]:[minute]:[second] GMT");
const ISO_8601: &Format = format_description!("[year]-[month]-[day]T[hour]:[minute]:[second]Z");
const COMPACT: &Format = format_description!("[year][month][day]T[hour][minute][second]Z");
const DAY: &Format = format_description!("[year][month][day]");

/// The last second that four digits of a year can tell.
const LAST_SECOND: i64 = 253_402_300_799;

/// 2020 and 2100.
const OLDEST: i64 = 1_577_836_800;
const NEWEST: i64 = 4_102_444_800;

/// `Thu, 01 Jan 2026 00:00:00 GMT`.
pub fn rfc1123(seconds: i64) -> String {
    write(seconds, RFC1123)
}

/// `2026-01-01T00:00:00Z`.
pub fn iso8601(seconds: i64) -> String {
    write(seconds, ISO_8601)
}

/// `20260101T000000Z`.
pub fn compact(seconds: i64) -> String {
    write(seconds, COMPACT)
}

/// `20260101`.
pub fn day(seconds: i64) -> String {
    write(seconds, DAY)
}

/// Reads an RFC 1123 date, or an ISO 8601 one with or without a fraction, as unix seconds.
pub fn parse(text: &str) -> Option<i64> {
    let text = text.trim();
    let moment = match PrimitiveDateTime::parse(text, RFC1123) {
        Ok(moment) => moment.assume_utc(),
        Err(_) => OffsetDateTime::parse(text, &Rfc3339).ok()?,
    };
    Some(moment.unix_timestamp())
}

fn write(seconds: i64, format: &Format) -> String {
    OffsetDateTime::from_unix_timestamp(seconds.clamp(0, LAST_SECOND))
        .expect("the range was clamped")
        .format(format)
        .expect("a date has all the fields of the format")
}

/// Whether it can be the time on a server that is asked by this program: boxes without a clock of their own say 1970.
pub fn is_plausible(unix: i64) -> bool {
    (OLDEST..=NEWEST).contains(&unix)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const NEW_YEAR: i64 = 1_767_225_600;

    #[test]
    fn dates_are_written_as_oss_wants_them() {
        assert_eq!(rfc1123(NEW_YEAR), "Thu, 01 Jan 2026 00:00:00 GMT");
        assert_eq!(iso8601(NEW_YEAR), "2026-01-01T00:00:00Z");
        assert_eq!(compact(NEW_YEAR), "20260101T000000Z");
        assert_eq!(day(NEW_YEAR), "20260101");
    }

    #[test]
    fn dates_are_read_as_oss_writes_them() {
        for text in [
            "Thu, 01 Jan 2026 00:00:00 GMT",
            "2026-01-01T00:00:00Z",
            "2026-01-01T00:00:00.000Z",
            "2026-01-01T08:00:00.5+08:00",
        ] {
            assert_eq!(parse(text), Some(NEW_YEAR), "{text}");
        }
    }

    #[test]
    fn other_text_is_no_date() {
        for text in ["", "now", "2026-01-01", "2026-13-01T00:00:00Z", "Thu, 32 Jan 2026 00:00:00 GMT"] {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    #[test]
    fn absurd_clocks_do_not_panic() {
        assert_eq!(day(i64::MAX), "99991231");
        assert_eq!(day(i64::MIN), "19700101");
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(seconds in 0..=LAST_SECOND) {
            prop_assert_eq!(parse(&rfc1123(seconds)), Some(seconds));
        }

        #[test]
        fn reading_never_panics(text: String) {
            let _ = parse(&text);
        }
    }
}
