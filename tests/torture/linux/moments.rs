//! The moments at which a run is killed: those that are interesting are met far more often than by chance.

use super::kill::Manner;
use fastrand::Rng;
use oss_server::Operation;
use std::time::Duration;

/// What is to be expected of the run that is to be killed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Outlook {
    /// How long it may take.
    pub(crate) span: Duration,
    /// The file goes in one request.
    pub(crate) one_piece: bool,
    /// There is no record yet.
    pub(crate) first: bool,
    /// It gives up what is there and begins anew.
    pub(crate) aborts: bool,
    /// The upload has been killed often enough: now its end is interesting.
    pub(crate) late: bool,
}

pub(crate) fn draw(random: &mut Rng, outlook: Outlook) -> Manner {
    match random.u32(..10) {
        0..=2 => Manner::After(outlook.span.mul_f64(random.f64())),
        3..=5 => at_a_request(random, outlook),
        _ => in_a_call(random, outlook),
    }
}

fn at_a_request(random: &mut Rng, outlook: Outlook) -> Manner {
    use Operation::{
        AbortMultipartUpload, CompleteMultipartUpload, HeadObject, InitiateMultipartUpload, ListParts, PutObject,
        UploadPart,
    };
    let operations: &[Operation] = match outlook {
        Outlook { one_piece: true, .. } => &[PutObject],
        Outlook { aborts: true, .. } => &[AbortMultipartUpload, InitiateMultipartUpload],
        Outlook { late: true, .. } => &[CompleteMultipartUpload, CompleteMultipartUpload, HeadObject],
        Outlook { first: true, .. } => &[InitiateMultipartUpload, InitiateMultipartUpload, UploadPart],
        Outlook { .. } => &[ListParts, UploadPart, UploadPart, UploadPart, InitiateMultipartUpload],
    };
    let operation = operations[random.usize(..operations.len())];
    let nth = if operation == UploadPart { random.u32(1..=8) } else { 1 };
    let delay = if random.bool() { Duration::ZERO } else { Duration::from_micros(random.u64(..30_000)) };
    Manner::Request { operation, nth, answered: random.bool(), delay }
}

/// A first run names the record with its first line, cuts it there, writes the header and syncs both file and folder; a
/// later one syncs what it finds. Both write lines of parts and, durably, the mark, and delete the record at the end.
fn in_a_call(random: &mut Rng, outlook: Outlook) -> Manner {
    let calls: &[(&str, u32)] = match outlook {
        Outlook { one_piece: true, .. } => &[("pwrite64", 1), ("fdatasync", 1), ("unlink", 1)],
        Outlook { first: true, .. } | Outlook { aborts: true, .. } => {
            &[("pwrite64", 2), ("pwrite64", 12), ("fdatasync", 2), ("fsync", 1), ("ftruncate64", 1)]
        }
        Outlook { late: true, .. } => &[("fdatasync", 2), ("unlink", 1)],
        Outlook { .. } => &[("pwrite64", 3), ("pwrite64", 12), ("fdatasync", 2), ("ftruncate64", 1)],
    };
    let (call, most) = calls[random.usize(..calls.len())];
    Manner::Call { call, nth: random.u32(1..=most), percent: [0, random.u32(1..100), 100][random.usize(..3)] }
}
