//! The resume token's decoder against any text, and against any record that is sealed as a token has to be.

#![no_main]

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use libfuzzer_sys::fuzz_target;
use ossup::oss::crc64::checksum;
use ossup::oss::request::Object;
use ossup::upload::journal::{Found, Header, decode};
use ossup::upload::token;

fuzz_target!(|data: &[u8]| {
    let object = Object { bucket: "bucket".into(), key: "key".into() };
    if let Ok(text) = std::str::from_utf8(data) {
        check(text, &object);
    }
    check(&sealed(data), &object);
    if let Found::Record { record, .. } = decode(data) {
        let Header { bucket, key, .. } = record.header.clone();
        let reread = token::decode(&token::encode(&record), &Object { bucket, key });
        assert_eq!(reread.expect("a token of a record is one of its object"), *record);
    }
});

/// What is read of a token is written and read again.
fn check(text: &str, object: &Object) {
    if let Ok(record) = token::decode(text, object) {
        assert_eq!(token::decode(&token::encode(&record), object).expect("a token of our own"), record);
    }
}

fn sealed(data: &[u8]) -> String {
    let text = format!("ossup1.{}", URL_SAFE_NO_PAD.encode(data));
    format!("{text}.{:016x}", checksum(text.as_bytes()))
}
