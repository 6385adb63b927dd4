//! ListMultipartUploads: which uploads are open in a bucket, a page at a time.

use super::{bad_answer, document, required};
use crate::error::Result;
use crate::oss::date;
use crate::oss::encode;
use crate::oss::limits::LIST_PAGE;
use crate::oss::request::{Method, Request, Response};
use crate::oss::xml::Element;

const OPERATION: &str = "ListMultipartUploads";

/// Some of a bucket's open uploads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UploadsPage {
    /// The uploads, by key.
    pub uploads: Vec<ListedUpload>,
    /// The key and the upload id after which the next page starts; none after the last.
    pub next: Option<(String, String)>,
}

/// An open upload.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedUpload {
    /// The key of the object to be.
    pub key: String,
    /// The upload's id.
    pub upload_id: String,
    /// When it was opened, in unix seconds.
    pub initiated: Option<i64>,
}

/// Builds the request for the uploads after the markers; both are empty for the first page.
pub fn build(
    bucket: &str,
    prefix: &str,
    key_marker: &str,
    upload_id_marker: &str,
    headers: Vec<(String, String)>,
) -> Request {
    let mut request = Request::to_bucket(Method::Get, bucket, headers)
        .with_query("uploads", "")
        .with_query("max-uploads", LIST_PAGE.to_string())
        .with_query("encoding-type", "url");
    let optional = [("prefix", prefix), ("key-marker", key_marker), ("upload-id-marker", upload_id_marker)];
    for (name, value) in optional {
        if !value.is_empty() {
            request = request.with_query(name, value);
        }
    }
    request
}

/// Reads the answer to the request with these markers.
pub fn parse(response: &Response, key_marker: &str, upload_id_marker: &str) -> Result<UploadsPage> {
    read(response, key_marker, upload_id_marker).map_err(|error| error.during(OPERATION))
}

fn read(response: &Response, key_marker: &str, upload_id_marker: &str) -> Result<UploadsPage> {
    let root = document(response, "ListMultipartUploadsResult")?;
    let encoded = root.text_of("EncodingType") == Some("url");
    let key_in = |element: &Element, name: &str| -> Result<String> {
        let key = required(element, name, response)?;
        if encoded { encode::decode(key) } else { Ok(key.to_owned()) }
    };
    let uploads = root.children_named("Upload").map(|upload| {
        Ok(ListedUpload {
            key: key_in(upload, "Key")?,
            upload_id: required(upload, "UploadId", response)?.to_owned(),
            initiated: upload.text_of("Initiated").and_then(date::parse),
        })
    });
    let uploads = uploads.collect::<Result<Vec<_>>>()?;
    let next = match root.text_of("IsTruncated") {
        Some("true") => {
            let upload_id = root.text_of("NextUploadIdMarker").unwrap_or_default();
            Some((key_in(&root, "NextKeyMarker")?, upload_id.to_owned()))
        }
        Some(_) | None => None,
    };
    if let Some((key, upload_id)) = &next {
        let goes_on = key.as_str() > key_marker || (key == key_marker && upload_id != upload_id_marker);
        if !goes_on {
            let stuck = format!("the list of uploads does not go on: after {key_marker:?} comes {key:?}");
            return Err(bad_answer(response, stuck));
        }
    }
    Ok(UploadsPage { uploads, next })
}

#[cfg(test)]
mod tests {
    use super::super::samples::{answer, pairs, refusal};
    use super::*;
    use crate::error::Kind;

    fn page(fields: &str) -> Response {
        let body = format!(
            "<ListMultipartUploadsResult><EncodingType>url</EncodingType>{fields}\
             </ListMultipartUploadsResult>"
        );
        answer(200, &[], &body)
    }

    const UPLOAD: &str = "<Upload><Key>dir%2Fa%20b%2Bc+d</Key><UploadId>0004B9</UploadId>\
        <Initiated>2026-01-01T00:00:00.000Z</Initiated></Upload>";

    #[test]
    fn the_first_request() {
        let request = build("examplebucket", "dir/a", "", "", Vec::new());
        assert_eq!(request.method, Method::Get);
        assert_eq!(request.key, None);
        let query = [("uploads", ""), ("max-uploads", "1000"), ("encoding-type", "url"), ("prefix", "dir/a")];
        assert_eq!(request.query, pairs(&query));
    }

    #[test]
    fn the_next_request() {
        let request = build("examplebucket", "", "dir/b", "0004B9", Vec::new());
        let query = [("key-marker", "dir/b"), ("upload-id-marker", "0004B9")];
        assert_eq!(request.query[3..], pairs(&query));
    }

    #[test]
    fn the_last_page() {
        let fields = format!("<IsTruncated>false</IsTruncated>{UPLOAD}");
        let upload =
            ListedUpload { key: "dir/a b+c d".into(), upload_id: "0004B9".into(), initiated: Some(1_767_225_600) };
        let expected = UploadsPage { uploads: vec![upload], next: None };
        assert_eq!(parse(&page(&fields), "", "").unwrap(), expected);
    }

    #[test]
    fn keys_are_plain_where_no_encoding_is_told() {
        let body = format!("<ListMultipartUploadsResult>{UPLOAD}</ListMultipartUploadsResult>");
        let page = parse(&answer(200, &[], &body), "", "").unwrap();
        assert_eq!(page.uploads[0].key, "dir%2Fa%20b%2Bc+d");
    }

    #[test]
    fn a_page_leads_to_the_next() {
        let fields = "<IsTruncated>true</IsTruncated><NextKeyMarker>dir%2Fb</NextKeyMarker>\
            <NextUploadIdMarker>0004B9</NextUploadIdMarker>";
        let next = Some(("dir/b".to_owned(), "0004B9".to_owned()));
        assert_eq!(parse(&page(fields), "dir/a", "0009").unwrap().next, next);
        assert_eq!(parse(&page(fields), "dir/b", "0003").unwrap().next, next);
    }

    #[test]
    fn a_page_that_does_not_go_on_is_an_error() {
        let fields = "<IsTruncated>true</IsTruncated><NextKeyMarker>dir%2Fb</NextKeyMarker>\
            <NextUploadIdMarker>0004B9</NextUploadIdMarker>";
        for key_marker in ["dir/b", "dir/c"] {
            let error = parse(&page(fields), key_marker, "0004B9").unwrap_err();
            assert_eq!(error.kind(), Kind::BadAnswer);
        }
        assert!(parse(&page("<IsTruncated>true</IsTruncated>"), "", "").is_err());
    }

    #[test]
    fn a_refusal_names_the_operation() {
        let error = parse(&refusal(404, "NoSuchBucket"), "", "").unwrap_err();
        assert_eq!(error.kind(), Kind::NoSuchBucket);
        assert_eq!(error.report().operation, Some("ListMultipartUploads"));
    }
}
