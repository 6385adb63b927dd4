//! The resume token: a record as one line of text, to be kept or sent anywhere.
//!
//! A word that names the format and its version, the record's bytes in base64, and a CRC-64 of both: unlike a record, whose
//! torn tail is only sent again, a token is whole or refused. It holds no secret.

use super::journal::{self, Encoder, Found, Record};
use crate::error::{Error, Result};
use crate::oss::crc64::checksum;
use crate::oss::request::Object;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

const FORMAT: &str = "ossup1";

/// Writes a record as a token.
pub fn encode(record: &Record) -> String {
    let mut bytes = journal::first_line(record.destination());
    let (encoder, header) = Encoder::header(&record.header);
    bytes.extend(header);
    for part in &record.parts {
        bytes.extend(encoder.part(part));
    }
    bytes.extend(record.completing.into_iter().flat_map(|server_time| encoder.completing(server_time)));
    let text = format!("{FORMAT}.{}", URL_SAFE_NO_PAD.encode(bytes));
    format!("{text}.{:016x}", checksum(text.as_bytes()))
}

/// Reads a token that was made for this object.
pub fn decode(token: &str, object: &Object) -> Result<Record> {
    let refused = |what: &str| Err(Error::invalid_argument(format!("resume token: {what}")));
    let Some((text, sum)) = token.trim().rsplit_once('.') else { return refused("it is none of ossup") };
    let body = match text.split_once('.') {
        Some((FORMAT, body)) => body,
        Some((format, _)) if format.starts_with("ossup") => return refused("it was made by a newer ossup"),
        Some(_) | None => return refused("it is none of ossup"),
    };
    if u64::from_str_radix(sum, 16) != Ok(checksum(text.as_bytes())) {
        return refused("it is damaged or was cut");
    }
    let Ok(bytes) = URL_SAFE_NO_PAD.decode(body) else { return refused("it is damaged") };
    match journal::decode(&bytes) {
        Found::Record { record, length, .. } if length == bytes.len() as u64 => {
            if (&record.header.bucket, &record.header.key) != (&object.bucket, &object.key) {
                return refused("it belongs to another object");
            }
            Ok(*record)
        }
        Found::TooNew(_) => refused("it was made by a newer ossup"),
        Found::Record { .. } | Found::Empty | Found::Blank(_) | Found::Damaged(_) | Found::Foreign => {
            refused("it is damaged")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::upload::identity::Identity;
    use crate::upload::journal::{Header, Part};
    use crate::upload::plan::Plan;

    fn object() -> Object {
        Object { bucket: "bucket".into(), key: "dir/文件".into() }
    }

    fn record(parts: u32) -> Record {
        let size = u64::from(parts.max(1)) * 102_400;
        let header = Header {
            bucket: object().bucket,
            key: object().key,
            upload_id: "0004B9894A22E5B1888A1E29F8230000".into(),
            plan: Plan { size, part_size: 102_400 },
            source: Identity { size, modified: 1, changed: 2, device: 3, index: 4, observed: 5 },
            options: "ab".into(),
            stamp: Some("5".into()),
        };
        let part = |number| Part { number, size: 102_400, etag: "\"3349DC700140D7F8\"".into(), crc64: number.into() };
        Record { header, parts: (1..=parts).map(part).collect(), completing: Some(7) }
    }

    #[test]
    fn what_was_written_is_read() {
        for parts in [0, 1, 3] {
            let token = encode(&record(parts));
            assert!(token.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte)), "{token}");
            assert_eq!(decode(&token, &object()).unwrap(), record(parts));
            assert_eq!(decode(&format!(" {token}\n"), &object()).unwrap(), record(parts));
        }
    }

    #[test]
    fn a_token_is_whole_or_refused() {
        let token = encode(&record(2));
        for end in 0..token.len() {
            let error = decode(&token[..end], &object()).unwrap_err();
            assert!(error.to_string().contains("resume token"), "{error}");
        }
        for (place, byte) in token.bytes().enumerate() {
            let mut other = token.clone().into_bytes();
            other[place] = if byte == b'A' { b'B' } else { b'A' };
            assert!(decode(std::str::from_utf8(&other).unwrap(), &object()).is_err(), "at {place}");
        }
    }

    #[test]
    fn tokens_of_other_objects_and_of_the_future_are_told_apart() {
        let message = |token: &str, object: &Object| decode(token, object).unwrap_err().to_string();
        let token = encode(&record(1));
        assert!(message(&token, &Object { key: "other".into(), ..object() }).contains("another object"));
        assert!(message(&token.replace("ossup1", "ossup2"), &object()).contains("newer"));
        assert!(message("ossup", &object()).contains("none of ossup"));
        assert!(message("a.b.c", &object()).contains("none of ossup"));
    }
}
