//! UploadPart: sends one part; sending it again replaces it.

use super::bad_answer;
use crate::error::Result;
use crate::oss::etag::ETag;
use crate::oss::request::{Method, Object, Request, Response};
use crate::oss::service_error::service_error;

const OPERATION: &str = "UploadPart";

/// A part that OSS has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UploadedPart {
    /// The part's entity tag, exactly as received.
    pub etag: ETag,
    /// The CRC-64 of what OSS received.
    pub crc64: Option<u64>,
}

/// Builds the request; the part's bytes are its body.
pub fn build(object: &Object, upload_id: &str, number: u32, headers: Vec<(String, String)>) -> Request {
    Request::to_object(Method::Put, object, headers)
        .with_query("partNumber", number.to_string())
        .with_query("uploadId", upload_id)
}

/// Reads the answer.
pub fn parse(response: &Response) -> Result<UploadedPart> {
    read(response).map_err(|error| error.during(OPERATION))
}

fn read(response: &Response) -> Result<UploadedPart> {
    if !response.is_success() {
        return Err(service_error(response));
    }
    let etag = response.etag().ok_or_else(|| bad_answer(response, "the answer has no ETag"))?;
    Ok(UploadedPart { etag: etag.into(), crc64: response.crc64() })
}

#[cfg(test)]
mod tests {
    use super::super::samples::{answer, object, pairs, refusal};
    use super::*;
    use crate::error::Kind;

    #[test]
    fn the_request() {
        let request = build(&object(), "0004B9", 3, Vec::new());
        assert_eq!(request.method, Method::Put);
        assert_eq!(request.query, pairs(&[("partNumber", "3"), ("uploadId", "0004B9")]));
    }

    #[test]
    fn the_answer() {
        let headers = [("etag", "\"3349DC\""), ("x-oss-hash-crc64ecma", "11051210869376104954")];
        let part = parse(&answer(200, &headers, "")).unwrap();
        assert_eq!(part.etag, "\"3349DC\"".into());
        assert_eq!(part.crc64, Some(0x995d_c9bb_df19_39fa));
    }

    #[test]
    fn an_answer_without_an_etag_is_none() {
        let error = parse(&answer(200, &[], "")).unwrap_err();
        assert_eq!(error.kind(), Kind::BadAnswer);
        assert!(error.report().temporary);
    }

    #[test]
    fn a_refusal_names_the_operation() {
        let error = parse(&refusal(404, "NoSuchUpload")).unwrap_err();
        assert_eq!(error.kind(), Kind::NoSuchUpload);
        assert_eq!(error.report().operation, Some("UploadPart"));
    }
}
