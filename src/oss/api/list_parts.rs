//! ListParts: which parts of an upload OSS has, a page at a time.

use super::{bad_answer, document, number, required};
use crate::error::Result;
use crate::oss::etag::ETag;
use crate::oss::limits::LIST_PAGE;
use crate::oss::request::{Method, Object, Request, Response};
use crate::oss::xml::Element;

const OPERATION: &str = "ListParts";

/// Some of an upload's parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartsPage {
    /// The parts, by ascending number.
    pub parts: Vec<ListedPart>,
    /// Where the next page starts; none after the last.
    pub next_marker: Option<u32>,
}

/// A part that OSS has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedPart {
    /// The part's number.
    pub number: u32,
    /// The part's size in bytes.
    pub size: u64,
    /// The part's entity tag, exactly as received.
    pub etag: ETag,
    /// The CRC-64 of the part.
    pub crc64: Option<u64>,
}

/// Builds the request for the parts whose numbers are above the marker.
pub fn build(object: &Object, upload_id: &str, marker: u32, headers: Vec<(String, String)>) -> Request {
    Request::to_object(Method::Get, object, headers)
        .with_query("uploadId", upload_id)
        .with_query("max-parts", LIST_PAGE.to_string())
        .with_query("part-number-marker", marker.to_string())
        .with_query("encoding-type", "url")
}

/// Reads the answer to the request with this marker.
pub fn parse(response: &Response, marker: u32) -> Result<PartsPage> {
    read(response, marker).map_err(|error| error.during(OPERATION))
}

fn read(response: &Response, marker: u32) -> Result<PartsPage> {
    let root = document(response, "ListPartsResult")?;
    let parts = root.children_named("Part").map(|part| read_part(part, response));
    let parts = parts.collect::<Result<Vec<_>>>()?;
    let next_marker = match root.text_of("IsTruncated") {
        Some("true") => Some(number(&root, "NextPartNumberMarker", response)?),
        Some(_) | None => None,
    };
    if let Some(next) = next_marker
        && next <= marker
    {
        let stuck = format!("the list of parts does not go on: after {marker} comes {next}");
        return Err(bad_answer(response, stuck));
    }
    Ok(PartsPage { parts, next_marker })
}

fn read_part(part: &Element, response: &Response) -> Result<ListedPart> {
    Ok(ListedPart {
        number: number(part, "PartNumber", response)?,
        size: number(part, "Size", response)?,
        etag: required(part, "ETag", response)?.into(),
        crc64: part.text_of("HashCrc64ecma").and_then(|text| text.trim().parse().ok()),
    })
}

#[cfg(test)]
mod tests {
    use super::super::samples::{answer, object, pairs, refusal};
    use super::*;
    use crate::error::Kind;

    fn page(fields: &str) -> Response {
        answer(200, &[], &format!("<ListPartsResult>{fields}</ListPartsResult>"))
    }

    #[test]
    fn the_request() {
        let request = build(&object(), "0004B9", 1000, Vec::new());
        assert_eq!(request.method, Method::Get);
        let query =
            [("uploadId", "0004B9"), ("max-parts", "1000"), ("part-number-marker", "1000"), ("encoding-type", "url")];
        assert_eq!(request.query, pairs(&query));
    }

    #[test]
    fn the_last_page() {
        let fields = "<NextPartNumberMarker>2</NextPartNumberMarker><IsTruncated>false</IsTruncated>\
            <Part><PartNumber>1</PartNumber><LastModified>2026-01-01T00:00:00.000Z</LastModified>\
            <ETag>&quot;3349DC&quot;</ETag><HashCrc64ecma>18446744073709551615</HashCrc64ecma>\
            <Size>6291456</Size></Part>\
            <Part><PartNumber>2</PartNumber><ETag>\"8EFDA8\"</ETag><Size>102400</Size></Part>";
        let expected = PartsPage {
            parts: vec![
                ListedPart { number: 1, size: 6_291_456, etag: "\"3349DC\"".into(), crc64: Some(u64::MAX) },
                ListedPart { number: 2, size: 102_400, etag: "\"8EFDA8\"".into(), crc64: None },
            ],
            next_marker: None,
        };
        assert_eq!(parse(&page(fields), 0).unwrap(), expected);
    }

    #[test]
    fn no_parts_at_all() {
        assert_eq!(parse(&page(""), 0).unwrap(), PartsPage { parts: vec![], next_marker: None });
    }

    #[test]
    fn a_page_leads_to_the_next() {
        let fields = "<IsTruncated>true</IsTruncated><NextPartNumberMarker>7</NextPartNumberMarker>";
        assert_eq!(parse(&page(fields), 6).unwrap().next_marker, Some(7));
    }

    #[test]
    fn a_page_that_does_not_go_on_is_an_error() {
        for next in ["<NextPartNumberMarker>7</NextPartNumberMarker>", ""] {
            let fields = format!("<IsTruncated>true</IsTruncated>{next}");
            let error = parse(&page(&fields), 7).unwrap_err();
            assert_eq!(error.kind(), Kind::BadAnswer);
            assert_eq!(error.report().operation, Some("ListParts"));
        }
    }

    #[test]
    fn a_part_with_a_field_missing_is_an_error() {
        for part in [
            "<PartNumber>x</PartNumber><Size>1</Size><ETag>e</ETag>",
            "<PartNumber>1</PartNumber><Size>-1</Size><ETag>e</ETag>",
            "<PartNumber>1</PartNumber><Size>1</Size>",
            "<Size>1</Size><ETag>e</ETag>",
        ] {
            assert!(parse(&page(&format!("<Part>{part}</Part>")), 0).is_err(), "{part}");
        }
    }

    #[test]
    fn a_refusal_is_an_error() {
        assert_eq!(parse(&refusal(200, "NoSuchUpload"), 0).unwrap_err().kind(), Kind::NoSuchUpload);
        assert_eq!(parse(&refusal(404, "NoSuchUpload"), 0).unwrap_err().kind(), Kind::NoSuchUpload);
        assert_eq!(parse(&refusal(403, "AccessDenied"), 0).unwrap_err().kind(), Kind::AccessDenied);
    }
}
