//! The little XML that OSS speaks, read into a tree.

use crate::error::{Error, Kind, Result};
use quick_xml::Reader;
use quick_xml::events::{BytesRef, Event};

/// Elements inside elements; OSS needs four.
const MAX_DEPTH: usize = 32;

/// An element: its name without a namespace, its text, its children.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Element {
    /// The name.
    pub name: String,
    /// The text directly inside, as it is meant: nothing escaped.
    pub text: String,
    /// The elements directly inside.
    pub children: Vec<Element>,
}

impl Element {
    /// Reads a document.
    pub fn parse(bytes: &[u8]) -> Result<Self> {
        let text = std::str::from_utf8(bytes).map_err(|_| malformed("it is not UTF-8"))?;
        let mut reader = Reader::from_str(text);
        // An empty element comes as its start and its end.
        reader.config_mut().expand_empty_elements = true;
        let mut open: Vec<Element> = Vec::new();
        let mut root = None;
        loop {
            match reader.read_event().map_err(|error| malformed(&error.to_string()))? {
                Event::Start(_) if root.is_some() => return Err(malformed("it has two roots")),
                Event::Start(_) if open.len() == MAX_DEPTH => {
                    return Err(malformed("it is nested too deeply"));
                }
                Event::Start(tag) | Event::Empty(tag) => {
                    let name = tag.local_name().as_ref().to_owned();
                    open.push(Element { name, ..Element::default() });
                }
                Event::End(_) => {
                    let closed = open.pop().ok_or_else(|| malformed("an end has no start"))?;
                    match open.last_mut() {
                        Some(parent) => parent.children.push(closed),
                        None => root = Some(closed),
                    }
                }
                Event::Text(text) => add_text(&mut open, &text.xml10_content())?,
                Event::CData(text) => add_text(&mut open, &text.xml10_content())?,
                Event::GeneralRef(reference) => {
                    add_text(&mut open, &resolve(&reference)?.to_string())?;
                }
                Event::DocType(_) => return Err(malformed("it has a DOCTYPE")),
                Event::Decl(_) | Event::PI(_) | Event::Comment(_) => {}
                Event::Eof if !open.is_empty() => return Err(malformed("it ends too early")),
                Event::Eof => return root.ok_or_else(|| malformed("it has no root")),
            }
        }
    }

    /// The first child of a name.
    pub fn child(&self, name: &str) -> Option<&Element> {
        self.children.iter().find(|child| child.name == name)
    }

    /// All children of a name.
    pub fn children_named<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Element> {
        self.children.iter().filter(move |child| child.name == name)
    }

    /// The text of the first child of a name, unless it is empty.
    pub fn text_of(&self, name: &str) -> Option<&str> {
        let text = self.child(name)?.text.as_str();
        (!text.is_empty()).then_some(text)
    }
}

/// Writes text so that it may stand between tags.
pub fn escape(text: &str) -> String {
    quick_xml::escape::minimal_escape(text).into_owned()
}

fn add_text(open: &mut [Element], text: &str) -> Result<()> {
    match open.last_mut() {
        Some(element) => element.text.push_str(text),
        None if text.trim_matches(['\u{feff}', ' ', '\t', '\r', '\n']).is_empty() => {}
        None => return Err(malformed("it has text outside its root")),
    }
    Ok(())
}

fn resolve(reference: &BytesRef<'_>) -> Result<char> {
    if let Some(c) = reference.resolve_char_ref().map_err(|error| malformed(&error.to_string()))? {
        return Ok(c);
    }
    match &**reference {
        "amp" => Ok('&'),
        "lt" => Ok('<'),
        "gt" => Ok('>'),
        "apos" => Ok('\''),
        "quot" => Ok('"'),
        other => Err(malformed(&format!("it has the unknown entity {other:?}"))),
    }
}

fn malformed(why: &str) -> Error {
    Error::new(Kind::BadAnswer, format!("the answer is not the XML that OSS writes: {why}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn parse(text: &str) -> Element {
        Element::parse(text.as_bytes()).unwrap()
    }

    #[test]
    fn a_tree_is_read() {
        let root = parse(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Result>\n  <Key>a</Key><Key>b</Key><Empty/></Result>\n",
        );
        assert_eq!(root.name, "Result");
        assert_eq!(root.text_of("Key"), Some("a"));
        let keys: Vec<&str> = root.children_named("Key").map(|key| key.text.as_str()).collect();
        assert_eq!(keys, ["a", "b"]);
        assert_eq!(root.text_of("Empty"), None);
        assert_eq!(root.text_of("Other"), None);
    }

    #[test]
    fn namespaces_and_attributes_are_passed_over() {
        let root = parse("<o:Result xmlns:o=\"http://example.com/\"><o:Key a=\"1\">x</o:Key></o:Result>");
        assert_eq!(root.text_of("Key"), Some("x"));
    }

    #[test]
    fn text_is_unescaped() {
        let root = parse("<R><E>&quot;a&quot; &amp;&lt;&gt;&apos; &#65;&#x4E2D;<![CDATA[<&>]]></E></R>");
        assert_eq!(root.text_of("E"), Some("\"a\" &<>' A中<&>"));
    }

    #[test]
    fn a_byte_order_mark_is_passed_over() {
        assert_eq!(parse("\u{feff}<R/>").name, "R");
    }

    #[test]
    fn what_is_no_document_is_refused() {
        for text in [
            "",
            "   ",
            "text",
            "<R>",
            "<R></Q>",
            "</R>",
            "<R/><R/>",
            "<R/>text",
            "<R>&unknown;</R>",
            "<R>&#0;</R>",
            "<R>&</R>",
            "<!DOCTYPE R [<!ENTITY a \"b\">]><R>&a;</R>",
            "<html><br></html>",
        ] {
            let refusal = Element::parse(text.as_bytes()).expect_err(text);
            assert_eq!(refusal.kind(), Kind::BadAnswer);
        }
        assert!(Element::parse(b"<R>\xff</R>").is_err());
    }

    #[test]
    fn depth_has_a_bound() {
        let nested = |depth: usize| format!("{}{}", "<a>".repeat(depth), "</a>".repeat(depth));
        assert!(Element::parse(nested(MAX_DEPTH).as_bytes()).is_ok());
        assert!(Element::parse(nested(MAX_DEPTH + 1).as_bytes()).is_err());
    }

    proptest! {
        #[test]
        fn reading_never_panics(bytes: Vec<u8>) {
            let _ = Element::parse(&bytes);
        }

        #[test]
        fn reading_what_looks_like_xml_never_panics(text in "(<[/!?]?[ab:]{0,3}[ /?]?>?|&#?x?[0-9a-z]{0,4};?|]]>|<!\\[CDATA\\[|-->|<!--| ){0,40}") {
            let _ = Element::parse(text.as_bytes());
        }

        #[test]
        fn what_is_escaped_is_read(text in "[ -~\u{4e00}-\u{4eff}]{0,60}") {
            let root = parse(&format!("<R><E>{}</E></R>", escape(&text)));
            prop_assert_eq!(root.text_of("E").unwrap_or_default(), text);
        }
    }
}
