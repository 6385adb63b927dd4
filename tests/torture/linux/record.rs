//! What the record says, as a run finds it.

use super::disk::Files;
use ossup::upload::journal::{self, Found, Record};
use std::collections::BTreeSet;

/// The record, if one with a header is there.
pub(crate) fn of(files: &Files) -> Option<Record> {
    files.values().find_map(|file| match journal::decode(&file.bytes) {
        Found::Record { record, .. } => Some(*record),
        Found::Empty | Found::Blank(_) | Found::Damaged(_) | Found::TooNew(_) | Found::Foreign => None,
    })
}

/// The numbers of the parts that it holds.
pub(crate) fn numbers(record: &Record) -> BTreeSet<u32> {
    record.parts.iter().map(|part| part.number).collect()
}

/// What is there, in a line.
pub(crate) fn sum_up(files: &Files) -> String {
    let Some(record) = of(files) else { return format!("{:?}, no header", files.keys()) };
    let (id, numbers, completing) = (&record.header.upload_id, numbers(&record), record.completing);
    format!("{:?}, {id}, parts {numbers:?}, completing {completing:?}", files.keys())
}

/// All files as text, for whoever has to find out why it went wrong.
pub(crate) fn tell(files: &Files) -> String {
    let told = |(name, file): (&String, &super::disk::File)| {
        format!("{name}, {} bytes:\n{}\n", file.bytes.len(), file.bytes.escape_ascii().to_string().replace("\\n", "\n"))
    };
    files.iter().map(told).collect()
}
