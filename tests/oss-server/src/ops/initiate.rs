//! InitiateMultipartUpload.

use std::collections::BTreeMap;

use super::{forbids_overwrite, listed_name, object_headers, small_body, tell_encoding};
use crate::answer::Answer;
use crate::body::Body;
use crate::names;
use crate::refusal::{Halt, Refusal};
use crate::route::Request;
use crate::site::Site;
use crate::store::Upload;

pub(super) async fn perform(site: &Site, request: &Request, body: &mut Body) -> Result<Answer, Halt> {
    let key = request.key();
    names::check_key(key)?;
    small_body(request, body).await?;
    let headers = object_headers(request)?;
    let forbidden = forbids_overwrite(site, request) && site.options.faces.forbid_overwrite_at_initiate;
    let id = open(site, request.bucket(), key, headers, forbidden)?;
    body.record.note(|entry| entry.upload_id = Some(id.clone()));
    Ok(Answer::xml("InitiateMultipartUploadResult", |xml| {
        tell_encoding(site, request, xml);
        xml.text("Bucket", request.bucket());
        xml.text("Key", listed_name(site, request, key));
        xml.text("UploadId", &id);
    }))
}

/// Opens an upload and returns its id.
pub(crate) fn open(
    site: &Site,
    bucket: &str,
    key: &str,
    headers: Vec<(String, String)>,
    forbidden: bool,
) -> Result<String, Refusal> {
    let id = format!("{:032X}", fastrand::u128(..));
    site.store.with(bucket, |bucket| {
        bucket.check_overwrite(key, forbidden)?;
        let upload = Upload { initiated: site.clock.now(), headers, parts: BTreeMap::new() };
        bucket.uploads.insert((key.to_owned(), id.clone()), upload);
        Ok(())
    })?;
    Ok(id)
}
