//! PutObject: sends a small object in one piece.

use super::complete::{Completed, stored};
use crate::error::Result;
use crate::oss::request::{Method, Object, Request, Response};

const OPERATION: &str = "PutObject";

/// Builds the request; the object's bytes are its body.
pub fn build(object: &Object, headers: Vec<(String, String)>) -> Request {
    Request::to_object(Method::Put, object, headers)
}

/// Reads the answer, which is the application server's if a callback was asked for.
pub fn parse(response: &Response, callback_asked: bool) -> Result<Completed> {
    stored(response, callback_asked).map_err(|error| error.during(OPERATION))
}

#[cfg(test)]
mod tests {
    use super::super::samples::{answer, object, refusal};
    use super::*;
    use crate::error::Kind;

    #[test]
    fn the_request() {
        let request = build(&object(), Vec::new());
        assert_eq!(request.method, Method::Put);
        assert!(request.query.is_empty());
    }

    #[test]
    fn the_answer() {
        let headers = [("etag", "\"AB\""), ("x-oss-hash-crc64ecma", "5"), ("x-oss-version-id", "v1")];
        let expected = Completed {
            etag: Some("\"AB\"".into()),
            crc64: Some(5),
            version_id: Some("v1".into()),
            callback_body: None,
        };
        assert_eq!(parse(&answer(200, &headers, ""), false).unwrap(), expected);
    }

    #[test]
    fn with_a_callback_the_body_is_the_application_servers() {
        let completed = parse(&answer(200, &[], "{}"), true).unwrap();
        assert_eq!(completed.callback_body.as_deref(), Some(b"{}".as_slice()));
    }

    #[test]
    fn refusals_name_the_operation() {
        for (response, kind) in [
            (refusal(203, "CallbackFailed"), Kind::CallbackFailed),
            (refusal(200, "InternalError"), Kind::Service),
            (refusal(409, "FileAlreadyExists"), Kind::AlreadyExists),
        ] {
            let error = parse(&response, true).unwrap_err();
            assert_eq!(error.kind(), kind);
            assert_eq!(error.report().operation, Some("PutObject"));
        }
    }
}
