//! The rules for names, checked before anything is sent.

use super::limits::{MAX_BUCKET_NAME, MAX_KEY, MIN_BUCKET_NAME};
use crate::error::{Error, Result};

/// Refuses what cannot be a bucket's name.
pub fn check_bucket_name(name: &str) -> Result<()> {
    if name.is_empty() {
        return Err(Error::invalid_argument("BucketName is empty: name the bucket to upload to"));
    }
    let length = name.chars().count();
    if !(MIN_BUCKET_NAME..=MAX_BUCKET_NAME).contains(&length) {
        return Err(Error::invalid_argument(format!(
            "BucketName has {length} characters: it must have {MIN_BUCKET_NAME} to {MAX_BUCKET_NAME}"
        )));
    }
    if let Some(bad) = name.chars().find(|&c| !is_name_character(c)) {
        return Err(Error::invalid_argument(format!(
            "BucketName {name:?} contains {bad:?}: use lower-case letters, digits and hyphens alone"
        )));
    }
    if name.starts_with('-') || name.ends_with('-') {
        return Err(Error::invalid_argument(format!(
            "BucketName {name:?} starts or ends with a hyphen: use a letter or a digit there"
        )));
    }
    Ok(())
}

/// Refuses what cannot be an object's key, or would not arrive as it was given.
pub fn check_key(key: &str) -> Result<()> {
    if key.is_empty() {
        return Err(Error::invalid_argument("Key is empty: name the object to write"));
    }
    if key.len() > MAX_KEY {
        return Err(Error::invalid_argument(format!(
            "Key has {} bytes in UTF-8: at most {MAX_KEY} are allowed, shorten it",
            key.len()
        )));
    }
    if key.starts_with(['/', '\\']) {
        return Err(Error::invalid_argument(format!("Key {key:?} starts with a slash or a backslash: leave it away")));
    }
    if key.contains('\0') {
        return Err(Error::invalid_argument(format!("Key {key:?} contains a NUL: remove it")));
    }
    if let Some(segment) = key.split('/').find(|&segment| segment == "." || segment == "..") {
        return Err(Error::invalid_argument(format!(
            "Key {key:?} has the segment {segment:?}, which would be folded away on its way to OSS: \
             resolve it first"
        )));
    }
    Ok(())
}

/// Refuses what cannot be a region's id.
pub fn check_region(region: &str) -> Result<()> {
    if region.is_empty() {
        return Err(Error::invalid_argument("region is empty: give its id, such as cn-hangzhou"));
    }
    if let Some(bad) = region.chars().find(|&c| !is_name_character(c)) {
        return Err(Error::invalid_argument(format!(
            "region {region:?} contains {bad:?}: give the region's id, such as cn-hangzhou"
        )));
    }
    if let Some(id) = region.strip_prefix("oss-") {
        return Err(Error::invalid_argument(format!(
            "region {region:?} is the name of a host: give the region's id, {id:?}"
        )));
    }
    Ok(())
}

/// Refuses what cannot be part of a signature's scope.
pub fn check_signed_name(what: &str, name: &str) -> Result<()> {
    if name.is_empty() || !name.chars().all(is_name_character) {
        return Err(Error::invalid_argument(format!(
            "{what} {name:?}: it consists of lower-case letters, digits and hyphens"
        )));
    }
    Ok(())
}

fn is_name_character(c: char) -> bool {
    matches!(c, 'a'..='z' | '0'..='9' | '-')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(refusal: Result<()>) -> String {
        refusal.expect_err("must be refused").to_string()
    }

    #[test]
    fn good_names_pass() {
        for name in ["abc", "a-b", "0-9", &"x".repeat(63)] {
            check_bucket_name(name).unwrap();
        }
        for key in ["a", "a/b//c", "dir/", "...", "a.b/..c", "中文 +%?#", &"k".repeat(1023)] {
            check_key(key).unwrap();
        }
        for region in ["cn-hangzhou", "us-west-1", "cb-123"] {
            check_region(region).unwrap();
        }
    }

    #[test]
    fn bad_bucket_names_are_refused_by_name() {
        for name in ["", "ab", "-ab", "ab-", "Abc", "a_b", "a.b", "a/b", "中文桶", &"x".repeat(64)] {
            assert!(message(check_bucket_name(name)).contains("BucketName"), "{name}");
        }
    }

    #[test]
    fn bad_keys_are_refused_by_name() {
        let long = "中".repeat(342);
        for key in ["", "/a", "\\a", "a\0b", ".", "..", "a/../b", "./a", "a/.", long.as_str()] {
            assert!(message(check_key(key)).contains("Key"), "{key}");
        }
    }

    #[test]
    fn bad_regions_are_refused_by_name() {
        for region in ["", "CN", "cn hangzhou", "cn.hangzhou"] {
            assert!(message(check_region(region)).contains("region"), "{region}");
        }
        assert!(message(check_region("oss-cn-hangzhou")).contains("\"cn-hangzhou\""));
    }
}
