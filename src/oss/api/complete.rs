//! CompleteMultipartUpload: makes an object of the parts.

use super::document;
use crate::error::{Error, Kind, Result};
use crate::oss::etag::ETag;
use crate::oss::request::{Method, Object, Request, Response};
use crate::oss::service_error::service_error;
use crate::oss::xml::{self, Element};

const OPERATION: &str = "CompleteMultipartUpload";
const BEGINNING: &str = "<CompleteMultipartUpload>";
const END: &str = "</CompleteMultipartUpload>";
const USUAL_PART: &str = "<Part><PartNumber>9999</PartNumber><ETag>\"097DE458AD02B5F89F9D0530231876A7\"</ETag></Part>";

/// An object that is stored.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Completed {
    /// The object's entity tag, exactly as received.
    pub etag: Option<String>,
    /// The CRC-64 of the object.
    pub crc64: Option<u64>,
    /// The object's version, in a bucket that keeps versions.
    pub version_id: Option<String>,
    /// What the application server answered to the callback, if one was asked for.
    pub callback_body: Option<Vec<u8>>,
}

/// Builds the request; the parts are numbers, ascending, with their entity tags as received.
pub fn build(object: &Object, upload_id: &str, parts: &[(u32, ETag)], headers: Vec<(String, String)>) -> Request {
    let mut request = Request::to_object(Method::Post, object, headers)
        .with_query("uploadId", upload_id)
        .with_query("encoding-type", "url");
    request.set_header("Content-Type", "application/xml");
    request.body = list(parts).into();
    request
}

fn list(parts: &[(u32, ETag)]) -> String {
    // With 10,000 parts it is a megabyte, which should not have to be moved while it grows.
    let mut list = String::with_capacity(BEGINNING.len() + parts.len() * USUAL_PART.len() + END.len());
    list.push_str(BEGINNING);
    for (number, etag) in parts {
        let etag = xml::escape(&etag.to_string());
        list.extend(["<Part><PartNumber>", &number.to_string(), "</PartNumber><ETag>", &etag, "</ETag></Part>"]);
    }
    list.push_str(END);
    list
}

/// Reads the answer, which is the application server's if a callback was asked for.
pub fn parse(response: &Response, callback_asked: bool) -> Result<Completed> {
    read(response, callback_asked).map_err(|error| error.during(OPERATION))
}

fn read(response: &Response, callback_asked: bool) -> Result<Completed> {
    let mut completed = stored(response, callback_asked)?;
    if !callback_asked {
        let root = document(response, "CompleteMultipartUploadResult")?;
        completed.etag = root.text_of("ETag").map(str::to_owned).or(completed.etag);
    }
    Ok(completed)
}

/// What the headers tell of an object, if it was stored and the callback went well.
pub(super) fn stored(response: &Response, callback_asked: bool) -> Result<Completed> {
    let callback_failed = callback_asked && response.status == 203;
    if callback_failed || !response.is_success() {
        return Err(service_error(response));
    }
    if let Some(error) = late_error(response) {
        return Err(error);
    }
    Ok(Completed {
        etag: response.etag().map(str::to_owned),
        crc64: response.crc64(),
        version_id: response.version_id().map(str::to_owned),
        callback_body: callback_asked.then(|| response.body.clone()),
    })
}

/// OSS may find out that it cannot go on after it has sent the status of a success.
fn late_error(response: &Response) -> Option<Error> {
    let root = Element::parse(&response.body).ok()?;
    if root.name != "Error" {
        return None;
    }
    let mut error = service_error(response);
    if error.kind() != Kind::CallbackFailed {
        error.report_mut().kind = Kind::Service;
        error.report_mut().temporary = true;
    }
    Some(error)
}

#[cfg(test)]
mod tests {
    use super::super::samples::{answer, object, pairs, refusal};
    use super::*;

    const RESULT: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<CompleteMultipartUploadResult>\
        <Key>dir%2Fa%20b.bin</Key><ETag>\"097DE4-2\"</ETag></CompleteMultipartUploadResult>";
    const LATE: &str = "<Error><Code>InternalError</Code><RequestId>65A0</RequestId></Error>";

    #[test]
    fn the_request() {
        let headers = pairs(&[("x-oss-object-acl", "private")]);
        let request = build(&object(), "0004B9", &[(1, "\"AB\"".into()), (3, "C<D".into())], headers);
        assert_eq!(request.method, Method::Post);
        assert_eq!(request.query, pairs(&[("uploadId", "0004B9"), ("encoding-type", "url")]));
        assert_eq!(request.header("content-type"), Some("application/xml"));
        assert_eq!(request.header("x-oss-object-acl"), Some("private"));

        let root = Element::parse(&request.body).unwrap();
        assert_eq!(root.name, "CompleteMultipartUpload");
        let parts: Vec<_> = root
            .children_named("Part")
            .map(|part| (part.text_of("PartNumber").unwrap(), part.text_of("ETag").unwrap()))
            .collect();
        assert_eq!(parts, [("1", "\"AB\""), ("3", "C<D")]);
    }

    #[test]
    fn the_answer() {
        let headers = [("x-oss-hash-crc64ecma", "5"), ("x-oss-version-id", "v1")];
        let expected = Completed {
            etag: Some("\"097DE4-2\"".into()),
            crc64: Some(5),
            version_id: Some("v1".into()),
            callback_body: None,
        };
        assert_eq!(parse(&answer(200, &headers, RESULT), false).unwrap(), expected);
    }

    #[test]
    fn with_a_callback_the_body_is_the_application_servers() {
        let body = "{\"ok\": true}";
        let completed = parse(&answer(200, &[("etag", "\"097DE4-2\"")], body), true).unwrap();
        assert_eq!(completed.callback_body.as_deref(), Some(body.as_bytes()));
        assert_eq!(completed.etag.as_deref(), Some("\"097DE4-2\""));
        assert_eq!(completed.crc64, None);
    }

    #[test]
    fn an_error_after_the_status_of_a_success_is_an_error() {
        for callback_asked in [false, true] {
            let error = parse(&answer(200, &[], LATE), callback_asked).unwrap_err();
            assert_eq!(error.kind(), Kind::Service);
            assert!(error.report().temporary);
            assert_eq!(error.report().oss_code.as_deref(), Some("InternalError"));
            assert_eq!(error.report().request_id.as_deref(), Some("65A0"));
        }
    }

    #[test]
    fn a_failed_callback_is_an_error_of_its_own() {
        for (response, callback_asked) in [
            (refusal(203, "CallbackFailed"), true),
            (answer(203, &[], "sorry"), true),
            (refusal(203, "CallbackFailed"), false),
        ] {
            let error = parse(&response, callback_asked).unwrap_err();
            assert_eq!(error.kind(), Kind::CallbackFailed);
            assert!(!error.report().temporary);
        }
    }

    #[test]
    fn a_proxys_203_is_a_success() {
        parse(&answer(203, &[], RESULT), false).unwrap();
    }

    #[test]
    fn a_success_that_oss_does_not_write_is_an_error() {
        for body in ["", "<html/>", "{}", &RESULT[..RESULT.len() - 5]] {
            let error = parse(&answer(200, &[], body), false).unwrap_err();
            assert_eq!(error.kind(), Kind::BadAnswer);
            assert!(error.report().temporary);
        }
    }

    #[test]
    fn a_refusal_names_the_operation() {
        let error = parse(&refusal(409, "FileAlreadyExists"), false).unwrap_err();
        assert_eq!(error.kind(), Kind::AlreadyExists);
        assert_eq!(error.report().operation, Some("CompleteMultipartUpload"));
    }
}
