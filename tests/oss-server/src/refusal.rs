//! The errors of the protocol, as values.

use crate::xml::Xml;

/// One error answer: a status, a code and what else belongs into its XML.
#[derive(Clone, Debug)]
pub(crate) struct Refusal {
    pub(crate) status: u16,
    pub(crate) code: String,
    pub(crate) message: String,
    pub(crate) ec: Option<String>,
    pub(crate) extras: Vec<(&'static str, String)>,
    pub(crate) retry_after_s: Option<u64>,
}

impl Refusal {
    pub(crate) fn new(status: u16, code: &str, message: &str) -> Self {
        Self {
            status,
            code: code.to_owned(),
            message: message.to_owned(),
            ec: None,
            extras: Vec::new(),
            retry_after_s: None,
        }
    }

    pub(crate) fn ec(mut self, ec: &str) -> Self {
        self.ec = Some(ec.to_owned());
        self
    }

    pub(crate) fn with(mut self, element: &'static str, text: impl Into<String>) -> Self {
        self.extras.push((element, text.into()));
        self
    }

    pub(crate) fn access_denied(message: &str) -> Self {
        Self::new(403, "AccessDenied", message)
    }

    pub(crate) fn invalid_argument(message: &str, name: &str, value: &str) -> Self {
        Self::new(400, "InvalidArgument", message).with("ArgumentName", name).with("ArgumentValue", value)
    }

    pub(crate) fn malformed_xml() -> Self {
        Self::new(
            400,
            "MalformedXML",
            "The XML you provided was not well-formed or did not validate against our published schema.",
        )
    }

    pub(crate) fn no_such_bucket(bucket: &str) -> Self {
        Self::new(404, "NoSuchBucket", "The specified bucket does not exist.")
            .ec("0015-00000101")
            .with("BucketName", bucket)
    }

    pub(crate) fn no_such_key(key: &str) -> Self {
        Self::new(404, "NoSuchKey", "The specified key does not exist.").ec("0026-00000001").with("Key", key)
    }

    pub(crate) fn no_such_upload(upload_id: &str) -> Self {
        Self::new(
            404,
            "NoSuchUpload",
            "The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.",
        )
        .ec("0042-00000002")
        .with("UploadId", upload_id)
    }

    pub(crate) fn already_exists(key: &str) -> Self {
        Self::new(409, "FileAlreadyExists", "The object you specified already exists and can not be overwritten.")
            .ec("0042-00000214")
            .with("Key", key)
    }

    pub(crate) fn internal(cause: &dyn std::fmt::Display) -> Self {
        Self::new(500, "InternalError", &cause.to_string())
    }

    fn elements(&self, request_id: &str, host: &str) -> Vec<(&'static str, String)> {
        let mut elements = vec![
            ("Code", self.code.clone()),
            ("Message", self.message.clone()),
            ("RequestId", request_id.to_owned()),
            ("HostId", host.to_owned()),
        ];
        elements.extend(self.extras.iter().cloned());
        elements.extend(self.ec.iter().map(|ec| ("EC", ec.clone())));
        elements
    }

    pub(crate) fn json(&self, request_id: &str, host: &str) -> String {
        let fields: std::collections::BTreeMap<_, _> = self.elements(request_id, host).into_iter().collect();
        serde_json::json!({ "Error": fields }).to_string()
    }

    pub(crate) fn xml(&self, request_id: &str, host: &str) -> String {
        let mut xml = Xml::new();
        xml.node("Error", |error| {
            for (name, text) in self.elements(request_id, host) {
                error.text(name, text);
            }
        });
        xml.finish()
    }
}

/// Why a request got no ordinary answer.
#[derive(Debug)]
pub(crate) enum Halt {
    /// It was refused.
    Refused(Refusal),
    /// The client went away in the middle of it.
    Gone,
}

impl From<Refusal> for Halt {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}
