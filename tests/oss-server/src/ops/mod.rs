//! The operations, one file each.

mod abort;
mod bucket;
mod complete;
mod get;
pub(crate) mod initiate;
mod list_parts;
mod list_uploads;
mod part;
mod put;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use md5::{Digest, Md5};

use crate::answer::Answer;
use crate::auth::Caller;
use crate::blob::Received;
use crate::body::Body;
use crate::operation::Operation;
use crate::refusal::{Halt, Refusal};
use crate::route::Request;
use crate::site::Site;
use crate::xml::Xml;

const LONGEST_BODY: u64 = 5 << 30;
const METADATA: &str = "x-oss-meta-";
/// Names and values together.
const TOO_MUCH_METADATA: usize = 8 << 10;
const STORED_HEADERS: [&str; 12] = [
    "cache-control",
    "content-disposition",
    "content-encoding",
    "content-language",
    "content-type",
    "expires",
    "x-oss-server-side-data-encryption",
    "x-oss-server-side-encryption",
    "x-oss-server-side-encryption-key-id",
    "x-oss-storage-class",
    "x-oss-tagging",
    "x-oss-website-redirect-location",
];

/// Does what a request asks for.
pub(crate) async fn perform(site: &Site, request: &Request, caller: Caller, body: &mut Body) -> Result<Answer, Halt> {
    if caller == Caller::Anonymous {
        get::check_public(site, request)?;
    }
    match request.operation {
        Operation::PutBucket => bucket::put(site, request),
        Operation::GetBucketInfo => bucket::info(site, request),
        Operation::ListObjects => bucket::list_objects(site, request),
        Operation::PutObject => put::perform(site, request, body).await,
        Operation::GetObject => get::get(site, request),
        Operation::HeadObject => get::head(site, request),
        Operation::GetObjectAcl => get::acl(site, request),
        Operation::DeleteObject => put::delete(site, request),
        Operation::InitiateMultipartUpload => initiate::perform(site, request, body).await,
        Operation::UploadPart => part::perform(site, request, body).await,
        Operation::ListParts => list_parts::perform(site, request),
        Operation::ListMultipartUploads => list_uploads::perform(site, request),
        Operation::CompleteMultipartUpload => complete::perform(site, request, body).await,
        Operation::AbortMultipartUpload => abort::perform(site, request),
        Operation::Other => Err(Refusal::new(
            501,
            "NotImplemented",
            "A header or query you provided implies functionality that is not implemented.",
        )
        .into()),
    }
}

/// A body that is about to be stored must say its length beforehand.
fn check_length(request: &Request) -> Result<(), Refusal> {
    let Some(length) = request.declared_length() else {
        return Err(Refusal::new(411, "MissingContentLength", "You must provide the Content-Length HTTP header."));
    };
    if length > LONGEST_BODY {
        return Err(Refusal::new(400, "EntityTooLarge", "Your proposed upload exceeds the maximum allowed size.")
            .with("MaxSizeAllowed", LONGEST_BODY.to_string())
            .with("ProposedSize", length.to_string()));
    }
    Ok(())
}

fn check_md5(request: &Request, md5: Option<[u8; 16]>) -> Result<(), Refusal> {
    let (Some(expected), Some(md5)) = (request.header("content-md5"), md5) else {
        return Ok(());
    };
    let found = STANDARD.encode(md5);
    if expected == found {
        return Ok(());
    }
    Err(Refusal::new(400, "InvalidDigest", "The Content-MD5 you specified was invalid.")
        .with("Content-MD5", expected)
        .with("CalculatedMD5", found))
}

async fn small_body(request: &Request, body: &mut Body) -> Result<Vec<u8>, Halt> {
    const LIMIT: usize = 4 << 20;
    let text = body.text(LIMIT).await?;
    check_md5(request, Some(Md5::digest(&text).into()))?;
    Ok(text)
}

async fn stored_body(site: &Site, request: &Request, body: &mut Body) -> Result<Received, Halt> {
    let etag_needs_md5 = site.options.faces.etag_is_md5 && !site.store.counts_only();
    let with_md5 = etag_needs_md5 || request.header("content-md5").is_some();
    let receiver = site.store.receiver(with_md5).map_err(|error| Refusal::internal(&error))?;
    let received = body.receive(receiver).await?;
    check_md5(request, received.md5)?;
    Ok(received)
}

/// The ETag of bytes that came in one request.
pub(crate) fn etag(site: &Site, received: &Received) -> String {
    match received.md5 {
        Some(md5) if site.options.faces.etag_is_md5 && !site.store.counts_only() => quoted(site, &hex(&md5)),
        Some(_) | None => quoted(site, &format!("{0:016X}{0:016X}", received.crc64)),
    }
}

fn quoted(site: &Site, etag: &str) -> String {
    match site.options.faces.etag_in_quotes {
        true => format!("\"{etag}\""),
        false => etag.to_owned(),
    }
}

/// The name of a new version, in a bucket that keeps versions.
fn new_version(site: &Site) -> Option<String> {
    site.options.faces.versioned.then(|| format!("CAEQ{:032X}", fastrand::u128(..)))
}

/// Tells the client which version it made or looks at.
fn with_version(answer: Answer, version: Option<&str>) -> Answer {
    match version {
        Some(version) => answer.header("x-oss-version-id", version),
        None => answer,
    }
}

/// Where versions are kept nothing is overwritten.
fn forbids_overwrite(site: &Site, request: &Request) -> bool {
    request.forbids_overwrite() && !site.options.faces.versioned
}

/// Tells the client which MD5 was received, when one was made.
fn with_md5(answer: Answer, md5: Option<[u8; 16]>) -> Answer {
    match md5 {
        Some(md5) => answer.header("Content-MD5", STANDARD.encode(md5)),
        None => answer,
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02X}")).collect()
}

/// The request headers that belong to the object and come back with it.
fn object_headers(request: &Request) -> Result<Vec<(String, String)>, Refusal> {
    let is_metadata = |name: &str| name.starts_with(METADATA);
    let metadata = request.headers.iter().filter(|(name, _)| is_metadata(name));
    let size: usize = metadata.map(|(name, value)| name.len() + value.len()).sum();
    if size >= TOO_MUCH_METADATA {
        return Err(Refusal::new(400, "InvalidArgument", "The user metadata is too large.").ec("0011-00000002"));
    }
    let is_kept = |name: &str| is_metadata(name) || STORED_HEADERS.contains(&name);
    Ok(request.headers.iter().filter(|(name, _)| is_kept(name)).cloned().collect())
}

fn object_acl(request: &Request) -> Result<String, Refusal> {
    let acl = request.header("x-oss-object-acl").unwrap_or("default");
    match acl {
        "default" | "private" | "public-read" | "public-read-write" => Ok(acl.to_owned()),
        other => Err(Refusal::invalid_argument("no such object access control exists", "x-oss-object-acl", other)),
    }
}

/// A number from the query within its range, or what stands for its absence.
fn page_size(request: &Request, name: &str) -> Result<usize, Refusal> {
    const LARGEST: usize = 1000;
    let Some(text) = request.query(name) else {
        return Ok(LARGEST);
    };
    text.parse()
        .ok()
        .filter(|size| (1..=LARGEST).contains(size))
        .ok_or_else(|| Refusal::invalid_argument("Argument out of range.", name, text))
}

/// Tells which encoding the names in an answer have.
fn tell_encoding(site: &Site, request: &Request, xml: &mut Xml) {
    if let (Some(encoding), true) = (request.query("encoding-type"), site.options.faces.encodes_names) {
        xml.text("EncodingType", encoding);
    }
}

/// Names in a listing, encoded when the request asks for it.
fn listed_name(site: &Site, request: &Request, name: &str) -> String {
    match request.query("encoding-type") {
        Some("url") if site.options.faces.encodes_names => {
            crate::encode::listed(name, site.options.faces.space_in_url_encoding)
        }
        Some(_) | None => name.to_owned(),
    }
}
