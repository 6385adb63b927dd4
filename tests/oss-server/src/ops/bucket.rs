//! PutBucket, GetBucketInfo and ListObjects.

use super::{listed_name, page_size, tell_encoding};
use crate::answer::Answer;
use crate::refusal::Halt;
use crate::route::Request;
use crate::site::Site;
use crate::{clock, names};

pub(super) fn put(site: &Site, request: &Request) -> Result<Answer, Halt> {
    names::check_bucket(request.bucket())?;
    site.store.create_bucket(request.bucket(), site.clock.now());
    Ok(Answer::new(200).header("Location", format!("/{}", request.bucket())))
}

pub(super) fn info(site: &Site, request: &Request) -> Result<Answer, Halt> {
    let created = site.store.with(request.bucket(), |bucket| Ok(bucket.created))?;
    let region = site.options.region.as_deref().unwrap_or("cn-hangzhou");
    Ok(Answer::xml("BucketInfo", |xml| {
        xml.node("Bucket", |bucket| {
            bucket.text("Name", request.bucket());
            bucket.text("CreationDate", clock::iso8601(created));
            bucket.text("Location", format!("oss-{region}"));
            bucket.text("ExtranetEndpoint", format!("oss-{region}.aliyuncs.com"));
            bucket.text("StorageClass", "Standard");
            bucket.node("Owner", |owner| {
                owner.text("ID", "1");
                owner.text("DisplayName", "1");
            });
            bucket.node("AccessControlList", |list| list.text("Grant", "private"));
        });
    }))
}

/// The second version of the listing, without delimiter.
pub(super) fn list_objects(site: &Site, request: &Request) -> Result<Answer, Halt> {
    let most = page_size(request, "max-keys")?;
    let prefix = request.query("prefix").unwrap_or_default();
    let after = request.query("continuation-token").or(request.query("start-after")).unwrap_or_default();
    let mut objects: Vec<_> = site.store.with(request.bucket(), |bucket| {
        Ok(bucket
            .objects
            .iter()
            .filter(|(key, _)| key.starts_with(prefix) && key.as_str() > after)
            .take(most + 1)
            .map(|(key, object)| (key.clone(), std::sync::Arc::clone(object)))
            .collect())
    })?;
    let truncated = objects.len() > most;
    objects.truncate(most);
    Ok(Answer::xml("ListBucketResult", |xml| {
        tell_encoding(site, request, xml);
        xml.text("Name", request.bucket());
        xml.text("Prefix", listed_name(site, request, prefix));
        xml.text("MaxKeys", most);
        xml.text("IsTruncated", truncated);
        xml.text("KeyCount", objects.len());
        if let (true, Some((last, _))) = (truncated, objects.last()) {
            xml.text("NextContinuationToken", last);
        }
        for (key, object) in &objects {
            xml.node("Contents", |node| {
                node.text("Key", listed_name(site, request, key));
                node.text("LastModified", clock::iso8601(object.modified));
                node.text("ETag", &object.etag);
                node.text("Type", object.kind.name());
                node.text("Size", object.size);
                node.text("StorageClass", "Standard");
            });
        }
    }))
}
