//! What was sent is what is there.

use super::Courier;
use super::courier::{PART, finish, start};
use ossup::Kind;

pub(super) fn sizes_around_the_part_size_arrive(courier: &Courier) {
    for size in [0, 1, PART - 1, PART, PART + 1, 3 * PART + 7] {
        let name = format!("{size}-bytes");
        let bytes = courier.write(&name, size);
        let outcome = courier.upload(&courier.request(&name));
        courier.assert_arrived(&name, &bytes, &outcome);
        assert_eq!((outcome.bytes_total, outcome.resumed), (size as u64, false));
    }
}

pub(super) fn many_parts_in_flight_arrive_in_order(courier: &Courier) {
    let bytes = courier.write("file", 20 * PART + 1);
    let mut request = courier.request("file");
    request.set_task_num(16).unwrap();
    let outcome = courier.upload(&request);
    courier.assert_arrived("file", &bytes, &outcome);
    assert_eq!(outcome.parts_sent, 21);
}

pub(super) fn unusual_keys_arrive_as_they_are(courier: &Courier) {
    let bytes = courier.write("file", PART + 1);
    let names = [
        "a b",
        "a+b",
        "a%20b",
        "a%2Fb",
        "a//b",
        "folder/",
        "&=?#[]@!$'()*,;:",
        "\"<&>\"",
        "~-._",
        "...",
        "文件",
        "🎉",
        r"x\y",
    ];
    let client = courier.client();
    for name in names {
        let mut request = courier.request("file");
        request.set_key(&courier.key(name)).unwrap();
        let outcome = finish(&start(&client, &request));
        assert!(outcome.error.is_none(), "{name}: {outcome:?}");
        let object = courier.place.read(&courier.key(name));
        assert!(object.is_some_and(|object| object.body == bytes), "{name}");
    }
    let mut expected = names.map(|name| courier.key(name));
    expected.sort();
    assert_eq!(courier.place.keys(&courier.key("")), expected);
}

pub(super) fn options_are_found_on_the_object(courier: &Courier) {
    let options = [
        ("content-type", "text/x-ossup"),
        ("cache-control", "no-cache"),
        ("content-disposition", "attachment; filename=\"a b.txt\""),
        ("content-encoding", "identity"),
        ("content-language", "zh-CN"),
        ("expires", "Fri, 01 Jan 2038 00:00:00 GMT"),
        ("x-oss-storage-class", "Standard"),
        ("x-oss-meta-author", "alice  in ~ wonderland"),
    ];
    for (name, size) in [("empty", 0), ("parts", PART + 1)] {
        let bytes = courier.write(name, size);
        let mut request = courier.request(name);
        for (header, value) in options {
            request.set_header(header, value).unwrap();
        }
        request.set_header("x-oss-tagging", "colour=blue&shape=round%20ish").unwrap();
        courier.assert_arrived(name, &bytes, &courier.upload(&request));
        let object = courier.place.read(&courier.key(name)).unwrap();
        for (header, value) in options {
            assert_eq!(object.header(header), Some(value), "{name}: {header}");
        }
        assert_eq!(object.header("x-oss-tagging-count"), Some("2"), "{name}");
    }
}

pub(super) fn metadata_arrives_up_to_its_limit(courier: &Courier) {
    let value = |last: &str| "v".repeat(2000 - "x-oss-meta-".len() - last.len());
    let bytes = courier.write("file", 1);
    let mut request = courier.request("file");
    for name in ["a", "b", "c", "d"] {
        request.add_user_metadata(name, &value(name)).unwrap();
    }
    courier.assert_arrived("file", &bytes, &courier.upload(&request));
    let object = courier.place.read(&courier.key("file")).unwrap();
    for name in ["a", "b", "c", "d"] {
        assert_eq!(object.header(&format!("x-oss-meta-{name}")), Some(value(name).as_str()), "{name}");
    }
    request.add_user_metadata("e", &value("e")).unwrap();
    let refusal = courier.client().upload(&request).unwrap_err();
    assert_eq!(refusal.kind(), Kind::InvalidArgument);
    assert!(refusal.to_string().contains("metadata"), "{refusal}");
}

pub(super) fn two_keys_are_uploaded_at_once(courier: &Courier) {
    let client = courier.client();
    let names = ["one", "two"];
    let files = names.map(|name| courier.write(name, 5 * PART));
    let uploads = names.map(|name| start(&client, &courier.request(name)));
    for ((name, bytes), upload) in names.iter().zip(&files).zip(&uploads) {
        courier.assert_arrived(name, bytes, &finish(upload));
    }
}

pub(super) fn either_signature_is_accepted_or_refused_with_advice(courier: &Courier) {
    for version in [1, 4] {
        let name = format!("v{version} +%");
        let bytes = courier.write(&name, PART + 1);
        let mut config = courier.place.config();
        config.set_signature_version(version).unwrap();
        let outcome = finish(&start(&ossup::Client::new(&config).unwrap(), &courier.request(&name)));
        match &outcome.error {
            // New accounts and buckets have no version 1.
            Some(error) if version == 1 => {
                assert!(error.to_string().contains("use V4"), "{error}");
                assert!(courier.place.read(&courier.key(&name)).is_none());
                courier.assert_nothing_is_left(&name);
            }
            Some(_) | None => courier.assert_arrived(&name, &bytes, &outcome),
        }
    }
}
