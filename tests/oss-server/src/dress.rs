//! How an answer looks, whatever it says: the faces that many answers have in common.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::answer::Answer;
use crate::clock;
use crate::content::Content;
use crate::faces::{Date, Faces};
use crate::operation::Operation;
use crate::refusal::Refusal;
use crate::route::Request;
use crate::site::Site;

const NAMESPACE: &str = " xmlns=\"http://doc.oss-cn-hangzhou.aliyuncs.com\"";
const UNKNOWN_ELEMENT: &str = "<OfTomorrow since=\"2030\"><Code>1</Code>&amp;</OfTomorrow>";
const EPOCH: &str = "Thu, 01 Jan 1970 00:00:00 GMT";

/// The answer that tells a refusal.
pub(crate) fn refused(site: &Site, request: &Request, refusal: &Refusal, request_id: &str) -> Answer {
    let faces = &site.options.faces;
    let mut answer = Answer::new(refusal.status);
    answer.code = Some(refusal.code.clone());
    if let Some(ec) = &refusal.ec {
        answer = answer.header("x-oss-ec", ec);
    }
    if let Some(seconds) = refusal.retry_after_s {
        answer = answer.header("Retry-After", seconds);
    }
    let xml = || refusal.xml(request_id, &request.host);
    match request.method.as_str() {
        "HEAD" if faces.error_in_header => answer.header("x-oss-err", STANDARD.encode(xml())),
        "HEAD" => answer,
        _ if faces.errors_as_json => answer.body("application/json", refusal.json(request_id, &request.host)),
        _ => answer.body("application/xml", xml()),
    }
}

/// The answer with the headers that all have, and with the looks that the faces give it.
pub(crate) fn dressed(site: &Site, mut answer: Answer, request: &Request, request_id: &str) -> Answer {
    let faces = &site.options.faces;
    if !tells_crc(faces, request) {
        answer.drop_crc();
    }
    let is_xml = answer.headers.iter().any(|(_, value)| value == "application/xml");
    if let (true, Content::Text(text)) = (is_xml, &answer.content)
        && !text.is_empty()
    {
        answer.content = Content::Text(document(faces, &String::from_utf8_lossy(text)).into());
    }
    answer = answer.header("Server", "AliyunOSS");
    if faces.request_id_in_header {
        answer = answer.header("x-oss-request-id", request_id);
    }
    if !faces.keep_alive {
        answer = answer.header("Connection", "close");
    }
    match faces.date {
        Date::Right => answer.header("Date", clock::rfc1123(site.clock.now())),
        Date::Epoch => answer.header("Date", EPOCH),
        Date::Missing => answer,
    }
}

fn tells_crc(faces: &Faces, request: &Request) -> bool {
    let of_operation = match request.operation {
        Operation::PutObject => faces.crc_on_put,
        Operation::UploadPart => faces.crc_on_upload_part,
        Operation::CompleteMultipartUpload => faces.crc_on_complete,
        Operation::HeadObject | Operation::GetObject => faces.crc_on_head,
        Operation::PutBucket
        | Operation::GetBucketInfo
        | Operation::ListObjects
        | Operation::GetObjectAcl
        | Operation::DeleteObject
        | Operation::InitiateMultipartUpload
        | Operation::ListParts
        | Operation::ListMultipartUploads
        | Operation::AbortMultipartUpload
        | Operation::Other => true,
    };
    of_operation && (faces.crc_with_callback || request.header("x-oss-callback").is_none())
}

/// A document as the faces want it; its root begins after the first line.
fn document(faces: &Faces, text: &str) -> String {
    let (declaration, document) = text.split_once('\n').unwrap_or_default();
    let (root, inside) = document.split_once('>').unwrap_or_default();
    let bom = if faces.xml_bom { "\u{feff}" } else { "" };
    let namespace = if faces.xml_namespace { NAMESPACE } else { "" };
    let unknown = if faces.xml_unknown_elements { UNKNOWN_ELEMENT } else { "" };
    let inside = inside.replace("<Part>", &format!("<Part>{unknown}"));
    format!("{bom}{declaration}\n{root}{namespace}>{unknown}{inside}")
}
