//! CompleteMultipartUpload.

use std::collections::BTreeMap;
use std::sync::Arc;

use md5::{Digest, Md5};

use super::{
    forbids_overwrite, hex, listed_name, new_version, object_acl, quoted, small_body, tell_encoding, with_version,
};
use crate::answer::{Answer, CRC_HEADER};
use crate::blob;
use crate::body::Body;
use crate::callback::Callback;
use crate::faces::RepeatedComplete;
use crate::refusal::{Halt, Refusal};
use crate::route::Request;
use crate::site::Site;
use crate::store::{Bucket, Completed, Object, ObjectKind, Part, Upload};
use crate::xml::{self, WantedPart};

const SMALLEST_PART: u64 = 100 * 1024;

/// Which parts the client wants in the object.
enum Wanted {
    Listed(Vec<WantedPart>),
    All,
}

pub(super) async fn perform(site: &Site, request: &Request, body: &mut Body) -> Result<Answer, Halt> {
    let text = small_body(request, body).await?;
    let wanted = wanted(site, request, &text)?;
    let acl = object_acl(request)?;
    let callback = Callback::asked(request)?;
    let object = site.store.with(request.bucket(), |bucket| complete(site, request, bucket, &wanted, acl))?;
    let answer = match callback {
        Some(callback) => callback.answer(request, &object).await?,
        None => result(site, request, &object),
    };
    let answer = answer.header("ETag", &object.etag).header(CRC_HEADER, object.crc64);
    Ok(with_version(answer, object.version.as_deref()))
}

fn wanted(site: &Site, request: &Request, body: &[u8]) -> Result<Wanted, Refusal> {
    match request.header("x-oss-complete-all") {
        None => match xml::read_wanted_parts(body) {
            Some(parts) if !parts.is_empty() || site.options.faces.empty_part_list => Ok(Wanted::Listed(parts)),
            Some(_) | None => Err(Refusal::malformed_xml()),
        },
        Some("yes") if body.is_empty() => Ok(Wanted::All),
        Some("yes") => {
            Err(Refusal::new(400, "InvalidArgument", "The body must be empty when x-oss-complete-all is given.")
                .ec("0042-00000216"))
        }
        Some(other) => Err(Refusal::invalid_argument("Invalid x-oss-complete-all.", "x-oss-complete-all", other)),
    }
}

fn complete(
    site: &Site,
    request: &Request,
    bucket: &mut Bucket,
    wanted: &Wanted,
    acl: String,
) -> Result<Arc<Object>, Refusal> {
    let (key, id) = (request.key(), request.upload_id());
    if let Some(Completed { object, .. }) = bucket.completed.get(id) {
        return match site.options.faces.repeated_complete {
            RepeatedComplete::Repeated => Ok(Arc::clone(object)),
            RepeatedComplete::NotFound => Err(Refusal::no_such_upload(id)),
            RepeatedComplete::Conflict => Err(Refusal::already_exists(key)),
        };
    }
    let parts = chosen(site, &bucket.upload(key, id)?.parts, wanted)?;
    check_sizes(&parts)?;
    bucket.check_overwrite(key, forbids_overwrite(site, request))?;
    let address = (key.to_owned(), id.to_owned());
    let upload = bucket.uploads.remove(&address).ok_or_else(|| Refusal::no_such_upload(id))?;
    let Upload { headers, parts: all, .. } = upload;
    let object = Arc::new(assembled(site, headers, &parts, acl));
    bucket.objects.insert(key.to_owned(), Arc::clone(&object));
    bucket.completed.insert(id.to_owned(), Completed { object: Arc::clone(&object), parts: all });
    Ok(object)
}

fn chosen(site: &Site, parts: &BTreeMap<u32, Part>, wanted: &Wanted) -> Result<Vec<(u32, Part)>, Refusal> {
    let listed = match wanted {
        Wanted::All if parts.is_empty() => return Err(Refusal::malformed_xml()),
        Wanted::All => return Ok(parts.iter().map(|(n, part)| (*n, part.clone())).collect()),
        Wanted::Listed(listed) => listed,
    };
    if !listed.is_sorted_by(|one, next| one.number < next.number) {
        return Err(
            Refusal::new(400, "InvalidPartOrder", "The list of parts was not in ascending order.").ec("0042-00000209")
        );
    }
    let takes = |etag: &str| site.options.faces.bare_etags_in_complete || etag.starts_with('"');
    listed
        .iter()
        .map(|want| {
            parts
                .get(&want.number)
                .filter(|part| takes(&want.etag) && part.etag.trim_matches('"') == want.etag.trim_matches('"'))
                .map(|part| (want.number, part.clone()))
                .ok_or_else(|| invalid_part(want))
        })
        .collect()
}

fn invalid_part(want: &WantedPart) -> Refusal {
    Refusal::new(
        400,
        "InvalidPart",
        "One or more of the specified parts could not be found or the specified entity tag might not have matched the part's entity tag.",
    )
    .with("PartNumber", want.number.to_string())
    .with("ETag", &want.etag)
}

fn check_sizes(parts: &[(u32, Part)]) -> Result<(), Refusal> {
    let Some((_, all_but_last)) = parts.split_last() else {
        return Ok(());
    };
    match all_but_last.iter().find(|(_, part)| part.blob.size < SMALLEST_PART) {
        None => Ok(()),
        Some((number, part)) => {
            Err(Refusal::new(400, "EntityTooSmall", "Your proposed upload smaller than the minimum allowed size.")
                .ec("0042-00000213")
                .with("MinSizeAllowed", SMALLEST_PART.to_string())
                .with("ProposedSize", part.blob.size.to_string())
                .with("PartNumber", number.to_string()))
        }
    }
}

fn assembled(site: &Site, headers: Vec<(String, String)>, parts: &[(u32, Part)], acl: String) -> Object {
    let etags: String = parts.iter().map(|(_, part)| part.etag.trim_matches('"')).collect();
    Object {
        size: parts.iter().map(|(_, part)| part.blob.size).sum(),
        crc64: parts.iter().fold(0, |crc, (_, part)| blob::combine(crc, part.crc64, part.blob.size)),
        etag: quoted(site, &format!("{}-{}", hex(&Md5::digest(etags)), parts.len())),
        kind: ObjectKind::Multipart,
        modified: site.clock.now(),
        acl,
        headers,
        version: new_version(site),
        content: parts.iter().map(|(_, part)| Arc::clone(&part.blob)).collect(),
    }
}

fn result(site: &Site, request: &Request, object: &Object) -> Answer {
    let key = listed_name(site, request, request.key());
    let location = format!("http://{}/{}", request.host, crate::encode::path(request.key()));
    Answer::xml("CompleteMultipartUploadResult", |xml| {
        tell_encoding(site, request, xml);
        xml.text("Location", location);
        xml.text("Bucket", request.bucket());
        xml.text("Key", key);
        xml.text("ETag", &object.etag);
    })
}
