//! The options of an object that have a form of their own: what OSS takes, before anything is sent.

use super::encode;
use super::limits::{MAX_TAG_KEY, MAX_TAG_VALUE, MAX_TAGS};
use crate::error::{Error, Result};

const STORAGE_CLASSES: [&str; 5] = ["Standard", "IA", "Archive", "ColdArchive", "DeepColdArchive"];
const ACLS: [&str; 4] = ["default", "private", "public-read", "public-read-write"];
const ENCRYPTIONS: [&str; 3] = ["AES256", "KMS", "SM4"];
const DATA_ENCRYPTIONS: [&str; 1] = ["SM4"];
const PAYERS: [&str; 1] = ["requester"];

const ENCRYPTION: &str = "x-oss-server-side-encryption";
const DATA_ENCRYPTION: &str = "x-oss-server-side-data-encryption";
const ENCRYPTION_KEY: &str = "x-oss-server-side-encryption-key-id";

/// Refuses what is no storage class.
pub fn check_storage_class(class: &str) -> Result<()> {
    one_of("StorageClass", class, &STORAGE_CLASSES)
}

/// Refuses what is no access control list of an object.
pub fn check_acl(acl: &str) -> Result<()> {
    one_of("ObjectAcl", acl, &ACLS)
}

/// Refuses what is no way of encrypting on the server.
pub fn check_encryption(method: &str) -> Result<()> {
    one_of("ServerSideEncryption", method, &ENCRYPTIONS)
}

/// Refuses what is no algorithm beside KMS.
pub fn check_data_encryption(algorithm: &str) -> Result<()> {
    one_of("ServerSideDataEncryption", algorithm, &DATA_ENCRYPTIONS)
}

/// Refuses what is not asked to pay.
pub fn check_request_payer(payer: &str) -> Result<()> {
    one_of("RequestPayer", payer, &PAYERS)
}

fn one_of(name: &str, value: &str, allowed: &[&str]) -> Result<()> {
    if allowed.contains(&value) {
        return Ok(());
    }
    Err(Error::invalid_argument(format!("{name}: {value:?} is none of {}", allowed.join(", "))))
}

/// Refuses headers that OSS takes only together with another one.
pub fn check_together(headers: &[(String, String)]) -> Result<()> {
    let given = |name: &str| headers.iter().find(|(other, _)| other.eq_ignore_ascii_case(name));
    let by_kms = given(ENCRYPTION).is_some_and(|(_, method)| method == "KMS");
    let needs_kms = [(ENCRYPTION_KEY, "ServerSideEncryptionKeyId"), (DATA_ENCRYPTION, "ServerSideDataEncryption")];
    match needs_kms.iter().find(|(header, _)| given(header).is_some()) {
        Some((_, name)) if !by_kms => {
            Err(Error::invalid_argument(format!("{name} is set: it goes with ServerSideEncryption \"KMS\" alone")))
        }
        Some(_) | None => Ok(()),
    }
}

/// An object's tags: each key once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tags(Vec<(String, String)>);

impl Tags {
    /// Adds a tag, in place of one with the same key.
    pub fn add(&mut self, key: &str, value: &str) -> Result<()> {
        check_tag("key", key, 1, MAX_TAG_KEY)?;
        check_tag("value", value, 0, MAX_TAG_VALUE)?;
        let others = self.0.iter().filter(|(other, _)| other != key).count();
        if others == MAX_TAGS {
            return Err(Error::invalid_argument(format!("Tagging: an object has at most {MAX_TAGS} tags")));
        }
        self.0.retain(|(other, _)| other != key);
        self.0.push((key.to_owned(), value.to_owned()));
        Ok(())
    }

    /// The value of `x-oss-tagging`.
    pub fn header(&self) -> String {
        let pair = |(key, value): &(String, String)| format!("{}={}", encode::query(key), encode::query(value));
        self.0.iter().map(pair).collect::<Vec<_>>().join("&")
    }
}

fn check_tag(what: &str, text: &str, shortest: usize, longest: usize) -> Result<()> {
    let length = text.chars().count();
    if !(shortest..=longest).contains(&length) {
        return Err(Error::invalid_argument(format!(
            "Tagging: the {what} {text:?} has {length} characters, {shortest} to {longest} are allowed"
        )));
    }
    let is_allowed = |c: char| c.is_alphanumeric() || " +-=._:/".contains(c);
    match text.chars().find(|&c| !is_allowed(c)) {
        Some(bad) => Err(Error::invalid_argument(format!(
            "Tagging: the {what} {text:?} contains {bad:?}, use letters, digits, spaces and + - = . _ : /"
        ))),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(refusal: Result<()>) -> String {
        refusal.expect_err("must be refused").to_string()
    }

    #[test]
    fn values_of_no_list_are_refused_by_name_with_the_list() {
        for (refusal, name, one) in [
            (check_storage_class("standard"), "StorageClass", "ColdArchive"),
            (check_acl("everyone"), "ObjectAcl", "public-read"),
            (check_encryption("aes256"), "ServerSideEncryption", "AES256"),
            (check_data_encryption("AES256"), "ServerSideDataEncryption", "SM4"),
            (check_request_payer("me"), "RequestPayer", "requester"),
        ] {
            let refusal = message(refusal);
            assert!(refusal.contains(name) && refusal.contains(one), "{refusal}");
        }
        STORAGE_CLASSES.iter().for_each(|class| check_storage_class(class).unwrap());
        ENCRYPTIONS.iter().for_each(|method| check_encryption(method).unwrap());
    }

    #[test]
    fn what_goes_with_kms_goes_with_nothing_else() {
        let with = |method: &str, other: &str| {
            check_together(&[(ENCRYPTION.into(), method.into()), (other.to_uppercase(), "x".into())])
        };
        for (header, name) in
            [(ENCRYPTION_KEY, "ServerSideEncryptionKeyId"), (DATA_ENCRYPTION, "ServerSideDataEncryption")]
        {
            with("KMS", header).unwrap();
            assert!(message(with("AES256", header)).contains(name));
            assert!(message(check_together(&[(header.into(), "x".into())])).contains(name));
        }
    }

    #[test]
    fn tags_are_written_as_a_form() {
        let mut tags = Tags::default();
        tags.add("a b", "1+1=2").unwrap();
        tags.add("部门", "").unwrap();
        assert_eq!(tags.header(), "a%20b=1%2B1%3D2&%E9%83%A8%E9%97%A8=");
        tags.add("a b", "3").unwrap();
        assert_eq!(tags.header(), "%E9%83%A8%E9%97%A8=&a%20b=3");
    }

    #[test]
    fn tags_have_limits() {
        let mut tags = Tags::default();
        for (key, value) in [("", "v"), ("a&b", "v"), ("k", "a\nb"), (&"k".repeat(129), "v"), ("k", &"v".repeat(257))] {
            assert!(message(tags.add(key, value)).contains("Tagging"), "{key}");
        }
        for key in 0..MAX_TAGS {
            tags.add(&key.to_string(), &"v".repeat(256)).unwrap();
        }
        tags.add("0", "again").unwrap();
        assert!(message(tags.add("one more", "v")).contains("at most 10"));
    }
}
