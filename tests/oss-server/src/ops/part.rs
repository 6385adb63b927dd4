//! UploadPart.

use super::{check_length, etag, stored_body, with_md5};
use crate::answer::{Answer, CRC_HEADER};
use crate::body::Body;
use crate::refusal::{Halt, Refusal};
use crate::route::Request;
use crate::site::Site;
use crate::store::Part;

const LARGEST_NUMBER: u32 = 10_000;

pub(super) async fn perform(site: &Site, request: &Request, body: &mut Body) -> Result<Answer, Halt> {
    let number = part_number(request)?;
    check_length(request)?;
    check_headers(request)?;
    let (key, id) = (request.key(), request.upload_id());
    site.store.with(request.bucket(), |bucket| bucket.upload(key, id).map(drop))?;
    let received = stored_body(site, request, body).await?;
    let part =
        Part { etag: etag(site, &received), crc64: received.crc64, modified: site.clock.now(), blob: received.blob };
    let answer = Answer::new(200).header("ETag", &part.etag).header(CRC_HEADER, part.crc64);
    site.store.with(request.bucket(), |bucket| {
        bucket.upload(key, id)?.parts.insert(number, part);
        Ok(())
    })?;
    Ok(with_md5(answer, received.md5))
}

fn part_number(request: &Request) -> Result<u32, Refusal> {
    request.part_number().filter(|number| (1..=LARGEST_NUMBER).contains(number)).ok_or_else(|| {
        Refusal::invalid_argument(
            "Part number must be an integer between 1 and 10000, inclusive.",
            "partNumber",
            request.query("partNumber").unwrap_or_default(),
        )
        .ec("0017-00000220")
    })
}

/// Headers that belong to the whole object must not come with a part.
fn check_headers(request: &Request) -> Result<(), Refusal> {
    match request.headers.iter().find(|(name, _)| name.starts_with("x-oss-server-side-")) {
        None => Ok(()),
        Some((name, value)) => {
            Err(Refusal::invalid_argument("This header is not allowed when a part is uploaded.", name, value))
        }
    }
}
