//! InitiateMultipartUpload: opens an upload and fixes what the object will be.

use super::{document, required};
use crate::error::Result;
use crate::oss::request::{Method, Object, Request, Response};

const OPERATION: &str = "InitiateMultipartUpload";

/// An upload that was opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Initiated {
    /// The upload's id.
    pub upload_id: String,
}

/// Builds the request.
pub fn build(object: &Object, headers: Vec<(String, String)>) -> Request {
    Request::to_object(Method::Post, object, headers).with_query("uploads", "").with_query("encoding-type", "url")
}

/// Reads the answer.
pub fn parse(response: &Response) -> Result<Initiated> {
    read(response).map_err(|error| error.during(OPERATION))
}

fn read(response: &Response) -> Result<Initiated> {
    let root = document(response, "InitiateMultipartUploadResult")?;
    let upload_id = required(&root, "UploadId", response)?.to_owned();
    Ok(Initiated { upload_id })
}

#[cfg(test)]
mod tests {
    use super::super::samples::{answer, object, pairs, refusal};
    use super::*;
    use crate::error::Kind;

    #[test]
    fn the_request() {
        let request = build(&object(), pairs(&[("Content-Type", "video/mp4")]));
        assert_eq!(request.method, Method::Post);
        assert_eq!(request.query, pairs(&[("uploads", ""), ("encoding-type", "url")]));
        assert_eq!(request.headers, pairs(&[("Content-Type", "video/mp4")]));
        assert!(request.body.is_empty());
    }

    #[test]
    fn the_answer() {
        let body = "<?xml version=\"1.0\" encoding=\"UTF-8\"?><InitiateMultipartUploadResult>\
            <Bucket>examplebucket</Bucket><Key>dir%2Fa%20b.bin</Key><UploadId>0004B9</UploadId>\
            </InitiateMultipartUploadResult>";
        assert_eq!(parse(&answer(200, &[], body)).unwrap().upload_id, "0004B9");
    }

    #[test]
    fn an_answer_without_an_id_is_none() {
        for body in [
            "",
            "<html/>",
            "<InitiateMultipartUploadResult/>",
            "<InitiateMultipartUploadResult><UploadId/></InitiateMultipartUploadResult>",
        ] {
            let error = parse(&answer(200, &[], body)).unwrap_err();
            assert_eq!(error.kind(), Kind::BadAnswer);
            assert!(error.report().temporary);
        }
    }

    #[test]
    fn a_refusal_names_the_operation() {
        let error = parse(&refusal(404, "NoSuchBucket")).unwrap_err();
        assert_eq!(error.kind(), Kind::NoSuchBucket);
        assert_eq!(error.report().operation, Some("InitiateMultipartUpload"));
    }
}
