//! The calls: each file builds one call's request and reads its answer.

pub mod abort;
pub mod complete;
pub mod head;
pub mod initiate;
pub mod list_parts;
pub mod list_uploads;
pub mod put;
pub mod upload_part;

use super::request::Response;
use super::service_error::service_error;
use super::xml::Element;
use crate::error::{Error, Kind, Result};

/// The body of a success, which must be the document of the given name.
fn document(response: &Response, name: &str) -> Result<Element> {
    if !response.is_success() {
        return Err(service_error(response));
    }
    let root = Element::parse(&response.body).map_err(|error| of_answer(error, response))?;
    if root.name == "Error" {
        return Err(service_error(response));
    }
    if root.name != name {
        let unexpected = format!("the answer is a {:?} where a {name:?} was expected", root.name);
        return Err(bad_answer(response, unexpected));
    }
    Ok(root)
}

/// The text of an element that a document must have.
fn required<'a>(document: &'a Element, name: &str, response: &Response) -> Result<&'a str> {
    document.text_of(name).ok_or_else(|| bad_answer(response, format!("the answer's {} has no {name}", document.name)))
}

/// The number in an element that a document must have.
fn number<T: std::str::FromStr>(document: &Element, name: &str, response: &Response) -> Result<T> {
    let text = required(document, name, response)?;
    text.trim()
        .parse()
        .map_err(|_| bad_answer(response, format!("the answer's {name} is {text:?}, which is no such number")))
}

/// An answer that OSS does not give; asking again may bring a better one.
fn bad_answer(response: &Response, message: impl Into<String>) -> Error {
    of_answer(Error::new(Kind::BadAnswer, message), response)
}

fn of_answer(error: Error, response: &Response) -> Error {
    let mut error = error.temporary();
    let report = error.report_mut();
    report.http_status = response.status;
    report.request_id = response.request_id().map(str::to_owned);
    error
}

#[cfg(test)]
mod samples {
    //! Answers for the tests of all calls.

    use crate::oss::request::{Object, Response};

    pub(super) fn object() -> Object {
        Object { bucket: "examplebucket".into(), key: "dir/a b.bin".into() }
    }

    pub(super) fn answer(status: u16, headers: &[(&str, &str)], body: &str) -> Response {
        let headers = headers.iter().map(|(name, value)| ((*name).into(), (*value).into()));
        Response { status, headers: headers.collect(), body: body.into(), ..Response::default() }
    }

    pub(super) fn refusal(status: u16, code: &str) -> Response {
        answer(status, &[], &format!("<Error><Code>{code}</Code></Error>"))
    }

    pub(super) fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const FRAGMENT: &str = "(</?(Error|Code|Part|Upload|Key|UploadId|ETag|Size|PartNumber|IsTruncated)>\
        |</?(ListPartsResult|InitiateMultipartUploadResult|CompleteMultipartUploadResult)>\
        |true|7|%zz|&amp;|[ -~]{0,3}){0,30}";

    proptest! {
        #[test]
        fn no_answer_makes_a_call_panic(status in 100_u16..600, body in FRAGMENT, header: String) {
            let names = ["etag", "content-length", "x-oss-hash-crc64ecma", "x-oss-err", "date"];
            let headers = names.map(|name| (name.to_owned(), header.clone())).to_vec();
            let response = Response { status, headers, body: body.into_bytes(), ..Response::default() };
            let _ = abort::parse(&response);
            let _ = complete::parse(&response, true);
            let _ = complete::parse(&response, false);
            let _ = head::parse(&response);
            let _ = initiate::parse(&response);
            let _ = list_parts::parse(&response, 0);
            let _ = list_uploads::parse(&response, "", "");
            let _ = put::parse(&response, true);
            let _ = upload_part::parse(&response);
        }
    }
}
