//! Writing the few XML documents of the protocol, and reading the one that clients send.

use std::fmt::{Display, Write};

use quick_xml::Reader;
use quick_xml::escape::{escape, resolve_xml_entity};
use quick_xml::events::Event;

/// An XML document in the making.
pub(crate) struct Xml(String);

impl Xml {
    pub(crate) fn new() -> Self {
        Self("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n".to_owned())
    }

    pub(crate) fn node(&mut self, name: &str, inside: impl FnOnce(&mut Self)) {
        self.push(format_args!("<{name}>"));
        inside(self);
        self.push(format_args!("</{name}>"));
    }

    pub(crate) fn text(&mut self, name: &str, value: impl Display) {
        let value = value.to_string();
        self.push(format_args!("<{name}>{}</{name}>", escape(&value)));
    }

    pub(crate) fn finish(self) -> String {
        self.0
    }

    fn push(&mut self, piece: std::fmt::Arguments<'_>) {
        self.0.write_fmt(piece).expect("a String takes any text");
    }
}

/// One `<Part>` of a Complete request.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct WantedPart {
    pub(crate) number: u32,
    pub(crate) etag: String,
}

/// Reads the body of a Complete request; `None` when it is not one.
pub(crate) fn read_wanted_parts(body: &[u8]) -> Option<Vec<WantedPart>> {
    let mut reader = Reader::from_str(std::str::from_utf8(body).ok()?);
    let mut path: Vec<String> = Vec::new();
    let mut text = String::new();
    let (mut number, mut etag) = (None, None);
    let mut parts = Vec::new();
    let mut roots = 0;
    loop {
        match reader.read_event().ok()? {
            Event::Start(tag) => {
                roots += usize::from(path.is_empty());
                path.push(tag.local_name().as_ref().to_owned());
                text.clear();
            }
            Event::Text(piece) => text.push_str(&piece),
            Event::CData(piece) => text.push_str(&piece),
            Event::GeneralRef(reference) => {
                if let Some(letter) = reference.resolve_char_ref().ok()? {
                    text.push(letter);
                } else {
                    text.push_str(resolve_xml_entity(&reference)?);
                }
            }
            Event::End(_) => {
                let names: Vec<&str> = path.iter().map(String::as_str).collect();
                match names.as_slice() {
                    ["CompleteMultipartUpload", "Part", "PartNumber"] => {
                        number = Some(text.trim().parse().ok()?);
                    }
                    ["CompleteMultipartUpload", "Part", "ETag"] => {
                        etag = Some(text.trim().to_owned());
                    }
                    ["CompleteMultipartUpload", "Part"] => {
                        parts.push(WantedPart { number: number.take()?, etag: etag.take()? })
                    }
                    ["CompleteMultipartUpload"] => {}
                    [] | [_, ..] => return None,
                }
                path.pop();
            }
            Event::Empty(_) | Event::DocType(_) => return None,
            Event::Decl(_) | Event::PI(_) | Event::Comment(_) => {}
            Event::Eof => return (path.is_empty() && roots == 1).then_some(parts),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quoted_and_escaped_etags_are_read() {
        let body = br#"<?xml version="1.0"?><CompleteMultipartUpload>
            <Part><PartNumber>1</PartNumber><ETag>"AB"</ETag></Part>
            <Part><ETag>&quot;CD&#34;</ETag><PartNumber> 2 </PartNumber></Part>
        </CompleteMultipartUpload>"#;
        let wanted = |number, etag: &str| WantedPart { number, etag: etag.to_owned() };
        assert_eq!(read_wanted_parts(body), Some(vec![wanted(1, "\"AB\""), wanted(2, "\"CD\"")]));
    }

    #[test]
    fn anything_else_is_malformed() {
        for body in [
            "",
            "not xml",
            "<Other/>",
            "<Complete><Part></Part></Complete>",
            "<CompleteMultipartUpload><Part><PartNumber>1</PartNumber></Part></CompleteMultipartUpload>",
            "<CompleteMultipartUpload><Part><PartNumber>x</PartNumber><ETag>a</ETag></Part></CompleteMultipartUpload>",
            "<CompleteMultipartUpload><Part>",
            "<!DOCTYPE a><CompleteMultipartUpload></CompleteMultipartUpload>",
        ] {
            assert_eq!(read_wanted_parts(body.as_bytes()), None, "{body}");
        }
    }
}
