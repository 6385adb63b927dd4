//! The rules for bucket names and object keys.

use crate::refusal::Refusal;

const LONGEST_KEY: usize = 1023;

pub(crate) fn check_bucket(name: &str) -> Result<(), Refusal> {
    let fits = (3..=63).contains(&name.len())
        && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        && !name.starts_with('-')
        && !name.ends_with('-');
    if fits {
        Ok(())
    } else {
        Err(Refusal::new(400, "InvalidBucketName", "The specified bucket is not valid.")
            .ec("0015-00000001")
            .with("BucketName", name))
    }
}

pub(crate) fn check_key(key: &str) -> Result<(), Refusal> {
    if key.is_empty() || key.len() > LONGEST_KEY || key.starts_with(['/', '\\']) {
        return Err(
            Refusal::new(400, "InvalidObjectName", "The specified object is not valid.").with("ObjectName", key)
        );
    }
    Ok(())
}
