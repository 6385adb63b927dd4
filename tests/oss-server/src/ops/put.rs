//! PutObject and DeleteObject.

use std::sync::Arc;

use super::{
    check_length, etag, forbids_overwrite, new_version, object_acl, object_headers, stored_body, with_md5, with_version,
};
use crate::answer::{Answer, CRC_HEADER};
use crate::body::Body;
use crate::callback::Callback;
use crate::names;
use crate::refusal::{Halt, Refusal};
use crate::route::Request;
use crate::site::Site;
use crate::store::{Object, ObjectKind};

pub(super) async fn perform(site: &Site, request: &Request, body: &mut Body) -> Result<Answer, Halt> {
    let key = request.key();
    names::check_key(key)?;
    // oss2 sends an empty object in chunks, and the service takes it.
    if request.header("transfer-encoding").is_none() {
        check_length(request)?;
    }
    let acl = object_acl(request)?;
    let callback = Callback::asked(request)?;
    let headers = object_headers(request)?;
    let forbidden = forbids_overwrite(site, request);
    site.store.with(request.bucket(), |bucket| bucket.check_overwrite(key, forbidden))?;
    let received = stored_body(site, request, body).await?;
    let md5 = received.md5;
    let object = Arc::new(Object {
        size: received.blob.size,
        crc64: received.crc64,
        etag: etag(site, &received),
        kind: ObjectKind::Normal,
        modified: site.clock.now(),
        acl,
        headers,
        version: new_version(site),
        content: vec![received.blob],
    });
    site.store.with(request.bucket(), |bucket| {
        bucket.check_overwrite(key, forbidden)?;
        bucket.objects.insert(key.to_owned(), Arc::clone(&object));
        Ok(())
    })?;
    let answer = match callback {
        Some(callback) => callback.answer(request, &object).await?,
        None => Answer::new(200),
    };
    let answer = answer.header("ETag", &object.etag).header(CRC_HEADER, object.crc64);
    Ok(with_md5(with_version(answer, object.version.as_deref()), md5))
}

pub(super) fn delete(site: &Site, request: &Request) -> Result<Answer, Halt> {
    site.store.with(request.bucket(), |bucket| {
        bucket.objects.remove(request.key());
        Ok::<_, Refusal>(())
    })?;
    Ok(Answer::new(204))
}
