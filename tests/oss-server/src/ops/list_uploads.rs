//! ListMultipartUploads.

use super::{listed_name, page_size, tell_encoding};
use crate::answer::Answer;
use crate::clock;
use crate::refusal::Halt;
use crate::route::Request;
use crate::site::Site;
use crate::store::Upload;

/// One line of the listing.
enum Item {
    Upload { key: String, id: String, initiated: String },
    Prefix(String),
}

impl Item {
    /// Where the next page goes on after this line.
    fn markers(&self) -> (&str, &str) {
        match self {
            Self::Upload { key, id, .. } => (key, id),
            Self::Prefix(prefix) => (prefix, ""),
        }
    }
}

pub(super) fn perform(site: &Site, request: &Request) -> Result<Answer, Halt> {
    let most = page_size(request, "max-uploads")?;
    let asked = |name| request.query(name).unwrap_or_default();
    let mut items = site.store.with(request.bucket(), |bucket| Ok(items(request, bucket.uploads.iter(), most + 1)))?;
    let truncated = items.len() > most;
    items.truncate(most);
    let (next_key, next_id) = match items.last() {
        Some(item) if truncated => item.markers(),
        Some(_) | None => ("", ""),
    };
    let named = |name: &str| listed_name(site, request, name);
    Ok(Answer::xml("ListMultipartUploadsResult", |xml| {
        tell_encoding(site, request, xml);
        xml.text("Bucket", request.bucket());
        xml.text("KeyMarker", named(asked("key-marker")));
        xml.text("UploadIdMarker", asked("upload-id-marker"));
        xml.text("NextKeyMarker", named(next_key));
        xml.text("NextUploadIdMarker", next_id);
        xml.text("Delimiter", named(asked("delimiter")));
        xml.text("Prefix", named(asked("prefix")));
        xml.text("MaxUploads", most);
        xml.text("IsTruncated", truncated);
        for item in &items {
            match item {
                Item::Upload { key, id, initiated } => xml.node("Upload", |upload| {
                    upload.text("Key", named(key));
                    upload.text("UploadId", id);
                    upload.text("StorageClass", "Standard");
                    upload.text("Initiated", initiated);
                }),
                Item::Prefix(prefix) => {
                    xml.node("CommonPrefixes", |node| node.text("Prefix", named(prefix)));
                }
            }
        }
    }))
}

fn items<'a>(
    request: &Request,
    uploads: impl Iterator<Item = (&'a (String, String), &'a Upload)>,
    most: usize,
) -> Vec<Item> {
    let asked = |name| request.query(name).unwrap_or_default();
    let (prefix, delimiter) = (asked("prefix"), asked("delimiter"));
    let (key_marker, id_marker) = (asked("key-marker"), asked("upload-id-marker"));
    let mut items: Vec<Item> = Vec::new();
    for ((key, id), upload) in uploads {
        let Some(rest) = key.strip_prefix(prefix) else {
            continue;
        };
        let common = match delimiter {
            "" => None,
            delimiter => rest.split_once(delimiter).map(|(folder, _)| format!("{prefix}{folder}{delimiter}")),
        };
        let item = match common {
            Some(common) => Item::Prefix(common),
            None => Item::Upload { key: key.clone(), id: id.clone(), initiated: clock::iso8601(upload.initiated) },
        };
        let repeated = matches!(
            (&item, items.last()),
            (Item::Prefix(this), Some(Item::Prefix(last))) if this == last
        );
        if repeated || !is_after(&item, key_marker, id_marker) {
            continue;
        }
        items.push(item);
        if items.len() == most {
            break;
        }
    }
    items
}

/// Whether a line comes after the markers; the id counts only among uploads of the marker's key.
fn is_after(item: &Item, key_marker: &str, id_marker: &str) -> bool {
    let (key, id) = item.markers();
    key > key_marker || (key == key_marker && !id_marker.is_empty() && id > id_marker)
}
