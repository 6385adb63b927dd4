//! The record on disk: what it says and how it is written down.
//!
//! A line that names the format, its version and the destination; a header line; then a line for each thing
//! that happened. Every line but the first begins with a CRC-64 of its text, seeded with the header's, so that
//! a line that a crash left over from another record is never taken for one of this.

use super::identity::Identity;
use super::plan::Plan;
use crate::oss::crc64::Crc64;
use crate::oss::etag::ETag;
use crate::oss::request::Object;
use serde::{Deserialize, Serialize};
use std::fmt;

/// The version that is written.
pub const VERSION: u32 = 1;
/// A record is never larger: 10,000 parts need an eighth of it.
pub const MAX_LENGTH: u64 = 16 << 20;

const MAGIC: &str = "ossup checkpoint ";
const CRC_DIGITS: usize = 16;
/// The length of our first line: magic, version, a space, the destination's digits, the line's end.
const FIRST_LINE: usize = MAGIC.len() + 1 + 1 + CRC_DIGITS + 1;

/// A short name for where an object goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Destination(u64);

impl Destination {
    /// The name of this object's place.
    pub fn of(object: &Object) -> Self {
        let mut crc = Crc64::new();
        crc.update(object.bucket.as_bytes());
        crc.update(b"/");
        crc.update(object.key.as_bytes());
        Self(crc.value())
    }
}

impl fmt::Display for Destination {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

/// The first line: a file that does not begin like it is not ours.
pub fn first_line(destination: Destination) -> Vec<u8> {
    format!("{MAGIC}{VERSION} {destination}\n").into_bytes()
}

/// What is fixed for the life of one multipart upload.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    /// Where the object goes.
    pub bucket: String,
    /// The object's name.
    pub key: String,
    /// OSS's name for the upload.
    pub upload_id: String,
    /// How the file is cut.
    pub plan: Plan,
    /// Which file it is.
    pub source: Identity,
    /// A hash of the options that the caller set and that Initiate fixed.
    pub options: String,
    /// What the object will bear in its metadata, by which it is known to be this upload's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stamp: Option<String>,
}

/// A part that OSS confirmed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// From 1.
    #[serde(rename = "part")]
    pub number: u32,
    /// Bytes.
    pub size: u64,
    /// Exactly as OSS gave it.
    pub etag: ETag,
    /// Of the bytes that were read from the file.
    #[serde(with = "hex")]
    pub crc64: u64,
}

#[derive(Debug, Serialize, Deserialize)]
struct Completing {
    /// OSS's clock, seconds since 1970.
    completing: i64,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(untagged)]
enum Entry {
    Part(Part),
    Completing(Completing),
}

/// A record as it was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// What is fixed.
    pub header: Header,
    /// The confirmed parts, in the order in which they were written; a number may occur again.
    pub parts: Vec<Part>,
    /// OSS's time just before Complete was first sent.
    pub completing: Option<i64>,
}

/// What the bytes at a record's place are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// An empty file.
    Empty,
    /// Nothing yet but our first line.
    Blank(Destination),
    /// A record, good up to `length`; what follows is torn.
    Record {
        /// What it says.
        record: Box<Record>,
        /// The length of the good bytes.
        length: u64,
        /// Writes what follows.
        encoder: Encoder,
    },
    /// Ours, but no header can be read.
    Damaged(Destination),
    /// Ours, of a version that we do not know.
    TooNew(u32),
    /// Somebody else's file.
    Foreign,
}

impl Found {
    /// Whose it is, when it is ours and says so.
    pub fn destination(&self) -> Option<Destination> {
        match self {
            Self::Blank(destination) | Self::Damaged(destination) => Some(*destination),
            Self::Record { record, .. } => Some(record.destination()),
            Self::Empty | Self::TooNew(_) | Self::Foreign => None,
        }
    }
}

impl Record {
    /// Where its object goes.
    pub fn destination(&self) -> Destination {
        let Header { bucket, key, .. } = &self.header;
        Destination::of(&Object { bucket: bucket.clone(), key: key.clone() })
    }
}

/// Reads what is at a record's place.
pub fn decode(bytes: &[u8]) -> Found {
    if bytes.is_empty() {
        return Found::Empty;
    }
    let Some((first, rest)) = bytes.strip_prefix(MAGIC.as_bytes()).and_then(split_line) else {
        return Found::Foreign;
    };
    let first = String::from_utf8_lossy(first);
    let mut words = first.split(' ');
    let version = words.next().and_then(|digits| digits.parse::<u32>().ok());
    let destination = words.next().and_then(|digits| u64::from_str_radix(digits, 16).ok()).map(Destination);
    match version {
        Some(version) if version > VERSION => return Found::TooNew(version),
        Some(VERSION) if bytes.len() - rest.len() == FIRST_LINE => {}
        Some(_) | None => return Found::Foreign,
    }
    // The header has a checksum and the first line has none: where they disagree, the header is right.
    decode_entries(rest, bytes.len() - rest.len()).unwrap_or(match destination {
        Some(destination) if rest.is_empty() => Found::Blank(destination),
        Some(destination) => Found::Damaged(destination),
        None => Found::Foreign,
    })
}

fn decode_entries(rest: &[u8], before: usize) -> Option<Found> {
    let (line, mut after) = split_line(rest)?;
    let (seed, text) = checked(line, 0)?;
    let header: Header = serde_json::from_slice(text).ok()?;
    if !header.plan.is_sound() || header.plan.size != header.source.size {
        return None;
    }
    let mut record = Record { header, parts: Vec::new(), completing: None };
    let mut length = before + (rest.len() - after.len());
    while let Some((line, next)) = split_line(after) {
        let entry = checked(line, seed).and_then(|(_, text)| serde_json::from_slice(text).ok());
        match entry {
            Some(Entry::Part(part)) => record.parts.push(part),
            Some(Entry::Completing(mark)) => record.completing = record.completing.or(Some(mark.completing)),
            None => break,
        }
        length += after.len() - next.len();
        after = next;
    }
    Some(Found::Record { record: Box::new(record), length: length as u64, encoder: Encoder { seed } })
}

/// Writes the lines of one record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Encoder {
    seed: u64,
}

impl Encoder {
    /// The header's line, and what writes the lines that follow it.
    pub fn header(header: &Header) -> (Self, Vec<u8>) {
        let text = to_json(header);
        let seed = crc(0, &text);
        (Self { seed }, line(seed, &text))
    }

    /// The line of a confirmed part.
    pub fn part(&self, part: &Part) -> Vec<u8> {
        self.entry(&Entry::Part(part.clone()))
    }

    /// The line that says that Complete is about to be sent, at OSS's time.
    pub fn completing(&self, server_time: i64) -> Vec<u8> {
        self.entry(&Entry::Completing(Completing { completing: server_time }))
    }

    fn entry(&self, entry: &Entry) -> Vec<u8> {
        let text = to_json(entry);
        line(crc(self.seed, &text), &text)
    }
}

fn to_json(value: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(value).expect("plain structs of text and numbers always have a JSON form")
}

fn line(crc: u64, text: &[u8]) -> Vec<u8> {
    let mut line = format!("{crc:0CRC_DIGITS$x} ").into_bytes();
    line.extend_from_slice(text);
    line.push(b'\n');
    line
}

fn split_line(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let end = bytes.iter().position(|&byte| byte == b'\n')?;
    Some((&bytes[..end], &bytes[end + 1..]))
}

fn checked(line: &[u8], seed: u64) -> Option<(u64, &[u8])> {
    let (digits, text) = line.split_at_checked(CRC_DIGITS)?;
    let text = text.strip_prefix(b" ")?;
    let expected = u64::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()?;
    (crc(seed, text) == expected).then_some((expected, text))
}

fn crc(seed: u64, text: &[u8]) -> u64 {
    let mut crc = Crc64::new();
    crc.update(&seed.to_le_bytes());
    crc.update(text);
    crc.value()
}

mod hex {
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub(super) fn serialize<S: Serializer>(value: &u64, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&format!("{value:016x}"))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<u64, D::Error> {
        let text = String::deserialize(from)?;
        u64::from_str_radix(&text, 16).map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn header() -> Header {
        Header {
            bucket: "bucket".into(),
            key: "dir/文件\n1".into(),
            upload_id: "0004B9894A22E5B1888A1E29F8230000".into(),
            plan: Plan { size: 1 << 20, part_size: 102_400 },
            source: Identity { size: 1 << 20, modified: 1, changed: 2, device: 3, index: 4, observed: 5 },
            options: "ab".into(),
            stamp: None,
        }
    }

    fn destination() -> Destination {
        Destination::of(&Object { bucket: "bucket".into(), key: "dir/文件\n1".into() })
    }

    fn part(number: u32) -> Part {
        Part {
            number,
            size: 102_400,
            etag: "\"3349DC700140D7F86A078484278075A9\"".into(),
            crc64: u64::MAX - u64::from(number),
        }
    }

    fn written(parts: u32) -> Vec<u8> {
        let mut bytes = first_line(destination());
        let (encoder, line) = Encoder::header(&header());
        bytes.extend(line);
        for number in 1..=parts {
            bytes.extend(encoder.part(&part(number)));
        }
        bytes.extend(encoder.completing(1_767_225_600));
        bytes
    }

    fn record(found: Found) -> Record {
        let Found::Record { record, .. } = found else { panic!("no record: {found:?}") };
        *record
    }

    #[test]
    fn what_was_written_is_read() {
        let bytes = written(3);
        let Found::Record { record, length, encoder } = decode(&bytes) else { panic!("no record") };
        assert_eq!(encoder, Encoder::header(&header()).0);
        assert_eq!(length, bytes.len() as u64);
        assert_eq!(record.header, header());
        assert_eq!(record.parts, [part(1), part(2), part(3)]);
        assert_eq!(record.completing, Some(1_767_225_600));
    }

    #[test]
    fn ten_thousand_parts_stay_below_two_mebibytes() {
        assert!(written(10_000).len() < 2 << 20, "{}", written(10_000).len());
    }

    #[test]
    fn cut_anywhere_it_keeps_what_is_whole() {
        let bytes = written(3);
        for end in 0..bytes.len() {
            match decode(&bytes[..end]) {
                Found::Record { record, length, .. } => {
                    assert!(length as usize <= end);
                    assert!(record.parts.len() <= 3);
                }
                Found::Empty | Found::Blank(_) | Found::Damaged(_) | Found::Foreign => {}
                Found::TooNew(version) => panic!("version {version} at {end}"),
            }
        }
    }

    #[test]
    fn other_files_are_foreign() {
        for bytes in [&b"\xac\xed\x00\x05sr"[..], b"notes\n", b"ossup checkpoint", b"ossup checkpoint x\n"] {
            assert_eq!(decode(bytes), Found::Foreign);
        }
    }

    #[test]
    fn a_newer_version_is_recognised() {
        assert_eq!(decode(b"ossup checkpoint 2\nanything"), Found::TooNew(2));
        assert_eq!(decode(b"ossup checkpoint 3 00 x\n"), Found::TooNew(3));
    }

    #[test]
    fn the_first_line_alone_names_the_destination() {
        let bytes = first_line(destination());
        assert_eq!(decode(&bytes), Found::Blank(destination()));
        assert_ne!(destination(), Destination::of(&Object { bucket: "bucket".into(), key: "other".into() }));
    }

    #[test]
    fn a_header_is_believed_whatever_the_first_line_says_of_the_destination() {
        let bytes = written(2);
        let (_, rest) = split_line(&bytes).unwrap();
        for first in ["ossup checkpoint 1 0123456789abcdef\n", "ossup checkpoint 1 0123456789abcde?\n"] {
            let found = decode(&[first.as_bytes(), rest].concat());
            assert_eq!(found.destination(), Some(destination()), "{first}");
            assert_eq!(record(found).parts, [part(1), part(2)], "{first}");
        }
        assert_eq!(decode(&[b"ossup checkpoint 1 0123\n", rest].concat()), Found::Foreign);
    }

    #[test]
    fn of_several_marks_the_first_counts() {
        let mut bytes = written(1);
        bytes.extend(Encoder::header(&header()).0.completing(1_800_000_000));
        assert_eq!(record(decode(&bytes)).completing, Some(1_767_225_600));
    }

    #[test]
    fn a_line_of_another_record_is_not_believed() {
        let (other, _) = Encoder::header(&Header { upload_id: "other".into(), ..header() });
        let mut bytes = written(1);
        bytes.extend(other.part(&part(2)));
        assert_eq!(record(decode(&bytes)).parts, [part(1)]);
    }

    proptest! {
        #[test]
        fn a_flipped_bit_never_invents_a_part(position in 0usize..700, bit in 0u8..8) {
            let mut bytes = written(3);
            let position = position % bytes.len();
            bytes[position] ^= 1 << bit;
            if let Found::Record { record, .. } = decode(&bytes) {
                prop_assert_eq!(&record.header, &header());
                for found in &record.parts {
                    prop_assert_eq!(found, &part(found.number));
                }
            }
        }

        #[test]
        fn any_bytes_are_survived(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            decode(&bytes);
            let mut ours = first_line(destination());
            ours.extend(bytes);
            decode(&ours);
        }
    }
}
