//! One part: from the file to the server, or from the file for its checksum alone.

use super::exchange::{Call, Line, Try};
use super::in_flight::InFlight;
use super::order::Order;
use crate::error::{Error, Kind, Result};
use crate::oss::api::upload_part;
use crate::oss::headers::Stage;
use crate::process::pool::Lane;
use crate::upload::journal::Part;
use crate::upload::plan::Range;
use crate::world::body::Reading;
use crate::world::source::Source;
use std::sync::Arc;

/// Which part, and of what.
#[derive(Clone, Debug)]
pub(super) struct Piece {
    pub(super) source: Arc<dyn Source>,
    pub(super) reads: Lane,
    pub(super) number: u32,
    pub(super) range: Range,
}

/// Sends a part until the server confirms the very bytes that were read.
pub(super) async fn send(
    line: &Line,
    order: &Order,
    piece: Piece,
    upload_id: &str,
    in_flight: &InFlight,
) -> Result<Part> {
    let Piece { source, reads, number, range } = piece;
    let attempt = || {
        let reading = Reading::new(Arc::clone(&source), reads.clone(), range);
        in_flight.begin(number, reading.meter());
        let headers = order.headers_for(Stage::UploadPart);
        Try { request: upload_part::build(&order.object, upload_id, number, headers), reading: Some(reading) }
    };
    let call = Call { part: number, paced: true, placed: true, ..line.call("UploadPart") };
    let sent = line.make(call, attempt, |response, this| {
        let uploaded = upload_part::parse(response)?;
        let read = this.reading.as_ref().and_then(|reading| reading.crc64());
        let crc64 =
            read.ok_or_else(|| Error::new(Kind::BadAnswer, "the part was confirmed before it was sent").temporary())?;
        compare(crc64, uploaded.crc64)?;
        Ok(Part { number, size: range.length, etag: uploaded.etag, crc64 })
    });
    let result = sent.await.map_err(|error| error.of_part(number));
    if result.is_ok() {
        in_flight.confirm(number);
    }
    result
}

/// Reads a part again for its CRC-64.
pub(super) async fn check(piece: Piece) -> Result<u64> {
    let reading = Reading::new(piece.source, piece.reads.clone(), piece.range);
    piece.reads.run(move || reading.verify()).await?.map_err(|error| error.of_part(piece.number))
}

/// What OSS received must be what was read.
pub(super) fn compare(ours: u64, theirs: Option<u64>) -> Result<()> {
    match theirs {
        Some(theirs) if theirs != ours => {
            let message = format!("OSS received other bytes than were sent: CRC-64 {theirs} instead of {ours}");
            Err(Error::new(Kind::ChecksumMismatch, message).temporary())
        }
        Some(_) | None => Ok(()),
    }
}
