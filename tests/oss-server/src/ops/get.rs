//! GetObject, HeadObject and GetObjectAcl.

use super::with_version;
use crate::answer::{Answer, CRC_HEADER};
use crate::clock;
use crate::content::{Content, Stored};
use crate::operation::Operation;
use crate::refusal::{Halt, Refusal};
use crate::route::Request;
use crate::site::Site;
use crate::store::Object;

/// Without a signature only objects whose ACL says so can be read.
pub(super) fn check_public(site: &Site, request: &Request) -> Result<(), Refusal> {
    let reads = matches!(request.operation, Operation::GetObject | Operation::HeadObject);
    let public = reads
        && site.store.object(request.bucket(), request.key()).is_ok_and(|object| object.acl.starts_with("public-read"));
    if public {
        return Ok(());
    }
    Err(Refusal::access_denied("You have no right to access this object because of bucket acl.").ec("0003-00000001"))
}

pub(super) fn get(site: &Site, request: &Request) -> Result<Answer, Halt> {
    if site.store.counts_only() {
        return Err(Refusal::new(501, "NotImplemented", "In counting mode the bytes of objects are not kept.").into());
    }
    let object = site.store.object(request.bucket(), request.key())?;
    let range = request.header("range").and_then(|range| read_range(range, object.size));
    let answer = described(&object, if range.is_some() { 206 } else { 200 });
    let (from, length) = range.unwrap_or((0, object.size));
    let mut answer = match range {
        Some(_) => answer.header("Content-Range", format!("bytes {from}-{}/{}", from + length - 1, object.size)),
        None => answer,
    };
    answer.content = Content::Stored(Stored::new(&object.content, from, length));
    Ok(answer)
}

pub(super) fn head(site: &Site, request: &Request) -> Result<Answer, Halt> {
    let object = site.store.object(request.bucket(), request.key())?;
    Ok(described(&object, 200).header("Content-Length", object.size))
}

pub(super) fn acl(site: &Site, request: &Request) -> Result<Answer, Halt> {
    let object = site.store.object(request.bucket(), request.key())?;
    Ok(Answer::xml("AccessControlPolicy", |xml| {
        xml.node("Owner", |owner| {
            owner.text("ID", "1");
            owner.text("DisplayName", "1");
        });
        xml.node("AccessControlList", |list| list.text("Grant", &object.acl));
    }))
}

fn described(object: &Object, status: u16) -> Answer {
    let answer = Answer::new(status)
        .header("ETag", &object.etag)
        .header("Last-Modified", clock::rfc1123(object.modified))
        .header("Accept-Ranges", "bytes")
        .header("x-oss-object-type", object.kind.name())
        .header(CRC_HEADER, object.crc64);
    let mut answer = with_version(answer, object.version.as_deref());
    for (name, default) in [("content-type", "application/octet-stream"), ("x-oss-storage-class", "Standard")] {
        if !object.headers.iter().any(|(own, _)| own == name) {
            answer = answer.header(name, default);
        }
    }
    for (name, value) in &object.headers {
        answer = match name.as_str() {
            "x-oss-tagging" => answer.header("x-oss-tagging-count", value.split('&').count()),
            name => answer.header(name, value),
        };
    }
    answer
}

/// First byte and length of a range; one that does not fit is as good as none.
fn read_range(text: &str, size: u64) -> Option<(u64, u64)> {
    let (first, last) = text.strip_prefix("bytes=")?.split_once('-')?;
    let (first, last) = match (first, last) {
        ("", suffix) => (size.checked_sub(suffix.parse().ok()?)?, size.checked_sub(1)?),
        (first, "") => (first.parse().ok()?, size.checked_sub(1)?),
        (first, last) => (first.parse().ok()?, last.parse().ok()?),
    };
    (first <= last && last < size).then(|| (first, last - first + 1))
}

#[cfg(test)]
mod tests {
    use super::read_range;

    #[test]
    fn ranges_that_fit_are_taken_and_others_ignored() {
        assert_eq!(read_range("bytes=0-9", 10), Some((0, 10)));
        assert_eq!(read_range("bytes=3-3", 10), Some((3, 1)));
        assert_eq!(read_range("bytes=4-", 10), Some((4, 6)));
        assert_eq!(read_range("bytes=-4", 10), Some((6, 4)));
        for odd in ["bytes=0-10", "bytes=5-4", "bytes=-11", "bytes=-0", "items=0-1", "bytes=x-1"] {
            assert_eq!(read_range(odd, 10), None, "{odd}");
        }
        assert_eq!(read_range("bytes=0-", 0), None);
    }
}
