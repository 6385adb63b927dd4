//! ListParts.

use std::ops::Bound::{Excluded, Unbounded};

use super::{listed_name, page_size, tell_encoding};
use crate::answer::Answer;
use crate::clock;
use crate::refusal::{Halt, Refusal};
use crate::route::Request;
use crate::site::Site;
use crate::store::Part;

pub(super) fn perform(site: &Site, request: &Request) -> Result<Answer, Halt> {
    let most = page_size(request, "max-parts")?;
    let marker = marker(request)?;
    let (key, id) = (request.key(), request.upload_id());
    let mut parts: Vec<(u32, Part)> = site.store.with(request.bucket(), |bucket| {
        let parts = match bucket.completed.get(id) {
            Some(completed) if site.options.faces.completed_uploads_are_listed => &completed.parts,
            Some(_) | None => &bucket.upload(key, id)?.parts,
        };
        let rest = parts.range((Excluded(marker), Unbounded));
        Ok(rest.take(most + 1).map(|(number, part)| (*number, part.clone())).collect())
    })?;
    let truncated = parts.len() > most;
    parts.truncate(most);
    let next = parts.last().map_or(marker, |(number, _)| *number);
    Ok(Answer::xml("ListPartsResult", |xml| {
        tell_encoding(site, request, xml);
        xml.text("Bucket", request.bucket());
        xml.text("Key", listed_name(site, request, key));
        xml.text("UploadId", id);
        xml.text("StorageClass", "Standard");
        xml.text("PartNumberMarker", marker);
        xml.text("NextPartNumberMarker", next);
        xml.text("MaxParts", most);
        xml.text("IsTruncated", truncated);
        for (number, part) in &parts {
            xml.node("Part", |node| {
                node.text("PartNumber", number);
                node.text("LastModified", clock::iso8601(part.modified));
                node.text("ETag", &part.etag);
                if site.options.faces.crc_on_list_parts {
                    node.text("HashCrc64ecma", part.crc64);
                }
                node.text("Size", part.blob.size);
            });
        }
    }))
}

fn marker(request: &Request) -> Result<u32, Refusal> {
    match request.query("part-number-marker") {
        None | Some("") => Ok(0),
        Some(text) => text
            .parse()
            .map_err(|_| Refusal::invalid_argument("Argument must be an integer.", "part-number-marker", text)),
    }
}
