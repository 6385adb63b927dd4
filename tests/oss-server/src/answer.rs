//! What is answered, before it becomes HTTP.

use crate::content::Content;
use crate::xml::Xml;

/// The header that tells a CRC-64.
pub(crate) const CRC_HEADER: &str = "x-oss-hash-crc64ecma";

pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) code: Option<String>,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) content: Content,
}

impl Answer {
    pub(crate) fn new(status: u16) -> Self {
        Self { status, code: None, headers: Vec::new(), content: Content::empty() }
    }

    pub(crate) fn xml(root: &str, inside: impl FnOnce(&mut Xml)) -> Self {
        let mut xml = Xml::new();
        xml.node(root, inside);
        Self::new(200).body("application/xml", xml.finish())
    }

    pub(crate) fn body(mut self, content_type: &str, text: impl Into<bytes::Bytes>) -> Self {
        self.content = Content::Text(text.into());
        self.header("Content-Type", content_type)
    }

    pub(crate) fn header(mut self, name: &str, value: impl ToString) -> Self {
        self.headers.push((name.to_owned(), value.to_string()));
        self
    }

    pub(crate) fn drop_crc(&mut self) {
        self.headers.retain(|(name, _)| name != CRC_HEADER);
    }
}
