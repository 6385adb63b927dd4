//! The record's decoder against any bytes: as they are, behind our first line, as lines with a right checksum, and as
//! changes to a good record.

#![no_main]

use libfuzzer_sys::fuzz_target;
use ossup::oss::crc64::Crc64;
use ossup::oss::request::Object;
use ossup::upload::identity::Identity;
use ossup::upload::journal::{Destination, Encoder, Found, Header, Part, Record, decode, first_line};
use ossup::upload::plan::Plan;

fuzz_target!(|data: &[u8]| {
    let Some((way, data)) = data.split_first() else { return };
    match way % 4 {
        0 => check(data),
        1 => check(&[&first_line(destination()), data].concat()),
        2 => check(&sealed(data)),
        _ => check(&changed(data)),
    }
});

/// Whatever it is, it is survived; and what it says is what was good of it, no more.
fn check(bytes: &[u8]) {
    let Found::Record { record, length, encoder } = decode(bytes) else { return };
    let good = usize::try_from(length).expect("a length of bytes in memory");
    assert!(good <= bytes.len(), "{good} good bytes of {}", bytes.len());
    assert!(record.header.plan.is_sound());
    let again = Found::Record { record: record.clone(), length, encoder };
    assert_eq!(decode(&bytes[..good]), again, "the good bytes alone say something else");
    let Found::Record { record: reread, length, .. } = decode(&written(&record)) else {
        panic!("what was read cannot be read again once it is written: {record:?}")
    };
    assert_eq!(reread, record);
    assert_eq!(length, written(&record).len() as u64);
}

/// The record as the library would have written it.
fn written(record: &Record) -> Vec<u8> {
    let (encoder, header) = Encoder::header(&record.header);
    let parts = record.parts.iter().flat_map(|part| encoder.part(part));
    let mark = record.completing.map(|time| encoder.completing(time)).unwrap_or_default();
    first_line(record.destination()).into_iter().chain(header).chain(parts).chain(mark).collect()
}

/// Each line of the data under the checksum that it would have in a record of its own.
fn sealed(data: &[u8]) -> Vec<u8> {
    let mut bytes = first_line(destination());
    let mut seed = 0;
    for (index, text) in data.split(|&byte| byte == b'\n').enumerate() {
        let crc = checksum(seed, text);
        if index == 0 {
            seed = crc;
        }
        bytes.extend(format!("{crc:016x} ").bytes());
        bytes.extend(text);
        bytes.push(b'\n');
    }
    bytes
}

fn checksum(seed: u64, text: &[u8]) -> u64 {
    let mut crc = Crc64::new();
    crc.update(&seed.to_le_bytes());
    crc.update(text);
    crc.value()
}

/// A good record, changed as the data says: three bytes for where, one for how, one for what.
fn changed(data: &[u8]) -> Vec<u8> {
    let mut bytes = written(&good());
    for change in data.chunks_exact(5) {
        let at = u32::from_le_bytes([change[0], change[1], change[2], 0]) as usize % (bytes.len() + 1);
        let (how, what) = (change[3], change[4]);
        match how % 5 {
            0 if at < bytes.len() => bytes[at] = what,
            1 => bytes.insert(at, what),
            2 => bytes.truncate(at),
            3 => bytes.extend_from_within(at..),
            4 => drop(bytes.drain(at..(at + usize::from(what)).min(bytes.len()))),
            _ => {}
        }
        bytes.truncate(1 << 16);
    }
    bytes
}

fn destination() -> Destination {
    Destination::of(&Object { bucket: "bucket".into(), key: "key".into() })
}

fn good() -> Record {
    let source = Identity { size: 250_000, modified: 1, changed: 2, device: 3, index: 4, observed: 5 };
    let header = Header {
        bucket: "bucket".into(),
        key: "key".into(),
        upload_id: "0004B9894A22E5B1888A1E29F8230000".into(),
        plan: Plan { size: 250_000, part_size: 102_400 },
        source,
        options: "e3b0c44298fc1c14".into(),
        stamp: Some("0123456789abcdef".into()),
    };
    let part = |number, size| Part { number, size, etag: format!("\"{number}\""), crc64: u64::from(number) << 40 };
    Record { header, parts: vec![part(1, 102_400), part(2, 102_400), part(3, 45_200)], completing: Some(1_767_225_600) }
}
