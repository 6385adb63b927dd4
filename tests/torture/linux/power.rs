//! The power fails: the folder goes back to a state that a file system may leave.

use super::disk::{Disk, File};
use fastrand::Rng;
use std::collections::{BTreeMap, BTreeSet};
use std::io;

pub(crate) const NAMES_KNOWN: &str = "the names were durable";

/// What becomes of what was written and not synced.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Fate {
    /// Nothing of it is there.
    Lost,
    /// Some of it is there.
    Torn,
    /// The file is as long as it was, but its end is zeros.
    Zeros,
    /// The same with an end of anything.
    Garbage,
    /// The end is there and what comes before it is not: pages reach the disk in any order.
    Hole,
    /// All of it had reached the disk.
    Written,
}

impl Fate {
    pub(crate) fn draw(random: &mut Rng) -> Self {
        let fates = [Self::Lost, Self::Torn, Self::Zeros, Self::Garbage, Self::Hole, Self::Written];
        fates[random.usize(..fates.len())]
    }
}

/// Leaves of the folder what the failure leaves, and tells what that was.
pub(crate) fn fail(disk: &Disk, fate: Fate, random: &mut Rng) -> io::Result<BTreeSet<&'static str>> {
    let (there, durable) = (disk.files()?, disk.durable_files()?);
    let mut left = BTreeMap::new();
    let mut told = BTreeSet::new();
    for name in there.keys().chain(durable.keys()).collect::<BTreeSet<_>>() {
        let (there, durable) = (there.get(name), durable.get(name));
        let renamed = there.map(|file| &file.id) != durable.map(|file| &file.id);
        let goes_back = fate == Fate::Lost || random.bool();
        let (file, what) = match (renamed, goes_back) {
            (false, _) => (there, NAMES_KNOWN),
            (true, true) if durable.is_some() => (durable, "a deleted record is back"),
            (true, true) => (None, "an unsynced name is gone"),
            (true, false) => (there, "an unsynced name or deletion stays"),
        };
        told.insert(what);
        let Some(File { id, bytes }) = file else { continue };
        let known = disk.durable_bytes(id)?;
        let (bytes, what) = contents(&known, bytes, fate, random);
        told.insert(what);
        left.insert(name.clone(), bytes);
    }
    if told.is_empty() {
        told.insert("there was nothing to lose");
    }
    disk.replace(&left)?;
    Ok(told)
}

/// What is left of a file of which so much was durable.
fn contents(durable: &[u8], written: &[u8], fate: Fate, random: &mut Rng) -> (Vec<u8>, &'static str) {
    let same = durable.iter().zip(written).take_while(|(durable, written)| durable == written).count();
    let (kept, unsynced) = written.split_at(same);
    if durable == written {
        return (durable.to_vec(), "the contents were durable");
    }
    let (reached, end) = unsynced.split_at(random.usize(..=unsynced.len()));
    let mut rest = vec![0; end.len()];
    match fate {
        Fate::Lost => (durable.to_vec(), "what was not synced is lost"),
        Fate::Torn => ([kept, reached].concat(), "a torn end"),
        Fate::Zeros => ([kept, reached, &rest].concat(), "an end of zeros"),
        Fate::Garbage => {
            random.fill(&mut rest);
            ([kept, reached, &rest].concat(), "an end of garbage")
        }
        Fate::Hole => ([kept, &vec![0; reached.len()], end].concat(), "a hole before the end"),
        Fate::Written => (written.to_vec(), "what was not synced is there"),
    }
}
