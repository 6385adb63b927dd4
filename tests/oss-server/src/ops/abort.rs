//! AbortMultipartUpload.

use crate::answer::Answer;
use crate::refusal::{Halt, Refusal};
use crate::route::Request;
use crate::site::Site;

pub(super) fn perform(site: &Site, request: &Request) -> Result<Answer, Halt> {
    let address = (request.key().to_owned(), request.upload_id().to_owned());
    site.store.with(request.bucket(), |bucket| {
        bucket.uploads.remove(&address).ok_or_else(|| Refusal::no_such_upload(&address.1))
    })?;
    Ok(Answer::new(204))
}
