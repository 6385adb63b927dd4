//! AbortMultipartUpload: drops an upload and its parts.

use crate::error::{Kind, Result};
use crate::oss::request::{Method, Object, Request, Response};
use crate::oss::service_error::service_error;

const OPERATION: &str = "AbortMultipartUpload";

/// Builds the request.
pub fn build(object: &Object, upload_id: &str, headers: Vec<(String, String)>) -> Request {
    Request::to_object(Method::Delete, object, headers).with_query("uploadId", upload_id)
}

/// Reads the answer; an upload that is gone already is as good.
pub fn parse(response: &Response) -> Result<()> {
    if response.is_success() {
        return Ok(());
    }
    let error = service_error(response);
    match error.kind() == Kind::NoSuchUpload {
        true => Ok(()),
        false => Err(error.during(OPERATION)),
    }
}

#[cfg(test)]
mod tests {
    use super::super::samples::{answer, object, pairs, refusal};
    use super::*;

    #[test]
    fn the_request() {
        let request = build(&object(), "0004B9", Vec::new());
        assert_eq!(request.method, Method::Delete);
        assert_eq!(request.query, pairs(&[("uploadId", "0004B9")]));
    }

    #[test]
    fn what_is_gone_is_gone() {
        parse(&answer(204, &[], "")).unwrap();
        parse(&refusal(404, "NoSuchUpload")).unwrap();
    }

    #[test]
    fn a_refusal_names_the_operation() {
        for (status, code) in [(403, "AccessDenied"), (404, "NoSuchBucket")] {
            let error = parse(&refusal(status, code)).unwrap_err();
            assert_eq!(error.report().operation, Some("AbortMultipartUpload"));
        }
    }
}
