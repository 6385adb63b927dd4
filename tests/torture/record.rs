//! What the record says, as a run finds it.

use crate::disk::Files;
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

/// All files as text, for whoever has to find out why it went wrong.
pub(crate) fn tell(files: &Files) -> String {
    let told = |(name, file): (&String, &crate::disk::File)| {
        format!("{name}, {} bytes:\n{}\n", file.bytes.len(), file.bytes.escape_ascii().to_string().replace("\\n", "\n"))
    };
    files.iter().map(told).collect()
}
