//! What tests may see of the store, and take out of it.

use std::io;

use serde::{Deserialize, Serialize};

use crate::content::{Content, Stored};
use crate::site::Site;
use crate::store::{Object, Part, Upload};

/// An object with its bytes; none are there in counting mode.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredObject {
    /// The content; empty in counting mode.
    pub bytes: Vec<u8>,
    /// Its length.
    pub size: u64,
    /// Its CRC-64.
    pub crc64: u64,
    /// Its ETag, with quotes.
    pub etag: String,
    /// Its ACL.
    pub acl: String,
    /// The headers that it was given, names in lower case.
    pub headers: Vec<(String, String)>,
}

/// An object that the server has, without its bytes.
#[derive(Serialize)]
pub(crate) struct ObjectInfo {
    bucket: String,
    key: String,
    size: u64,
    crc64: u64,
}

/// An incomplete upload.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct UploadInfo {
    /// Its bucket.
    pub bucket: String,
    /// Its key.
    pub key: String,
    /// Its id.
    pub upload_id: String,
    /// Its parts by number.
    pub parts: Vec<PartInfo>,
}

/// A part that the server has.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PartInfo {
    /// Its number.
    pub number: u32,
    /// Its length.
    pub size: u64,
    /// Its ETag, with quotes.
    pub etag: String,
    /// Its CRC-64.
    pub crc64: u64,
}

pub(crate) fn object(object: &Object, counted: bool) -> io::Result<StoredObject> {
    let bytes = match counted {
        true => Vec::new(),
        false => Content::Stored(Stored::new(&object.content, 0, object.size)).read()?,
    };
    Ok(StoredObject {
        bytes,
        size: object.size,
        crc64: object.crc64,
        etag: object.etag.clone(),
        acl: object.acl.clone(),
        headers: object.headers.clone(),
    })
}

pub(crate) fn objects(site: &Site) -> Vec<ObjectInfo> {
    let mut found = Vec::new();
    for (name, bucket) in site.store.all().iter() {
        for (key, object) in &bucket.objects {
            found.push(ObjectInfo { bucket: name.clone(), key: key.clone(), size: object.size, crc64: object.crc64 });
        }
    }
    found
}

/// Forgets all objects.
pub(crate) fn drop_objects(site: &Site) {
    site.store.all().values_mut().for_each(|bucket| bucket.objects.clear());
}

pub(crate) fn uploads(site: &Site) -> Vec<UploadInfo> {
    let mut found = Vec::new();
    for (name, bucket) in site.store.all().iter() {
        for ((key, id), upload) in &bucket.uploads {
            found.push(UploadInfo {
                bucket: name.clone(),
                key: key.clone(),
                upload_id: id.clone(),
                parts: parts(upload),
            });
        }
    }
    found
}

pub(crate) fn parts(upload: &Upload) -> Vec<PartInfo> {
    let told = |(number, part): (&u32, &Part)| PartInfo {
        number: *number,
        size: part.blob.size,
        etag: part.etag.clone(),
        crc64: part.crc64,
    };
    upload.parts.iter().map(told).collect()
}

/// Forgets an object; tells whether there was one.
pub(crate) fn drop_object(site: &Site, bucket: &str, key: &str) -> bool {
    site.store.all().get_mut(bucket).is_some_and(|bucket| bucket.objects.remove(key).is_some())
}

/// Forgets an upload; tells whether there was one.
pub(crate) fn drop_upload(site: &Site, id: &str) -> bool {
    site.store.all().values_mut().any(|bucket| {
        let before = bucket.uploads.len();
        bucket.uploads.retain(|(_, own), _| own != id);
        bucket.uploads.len() < before
    })
}

/// Forgets a part; tells whether there was one.
pub(crate) fn drop_part(site: &Site, id: &str, number: u32) -> bool {
    site.store
        .all()
        .values_mut()
        .flat_map(|bucket| bucket.uploads.iter_mut())
        .filter(|((_, own), _)| own == id)
        .any(|(_, upload)| upload.parts.remove(&number).is_some())
}
