//! Uploads to a key where an object is already.

use super::Courier;
use super::courier::{PART, finish, start};
use ossup::Kind;

pub(super) fn an_object_stays_until_the_new_one_is_complete(courier: &Courier) {
    let old = courier.write("file", PART + 1);
    courier.assert_arrived("file", &old, &courier.upload(&courier.request("file")));
    let new = courier.write("file", 8 * PART);
    let client = courier.client();
    courier.pause_half_way(&client, &courier.request("file"));
    assert!(courier.place.read(&courier.key("file")).is_some_and(|object| object.body == old));
    let outcome = finish(&start(&client, &courier.request("file")));
    courier.assert_arrived("file", &new, &outcome);
    assert!(outcome.resumed);
}

pub(super) fn overwriting_can_be_forbidden(courier: &Courier) {
    for (name, size) in [("empty", 0), ("parts", PART + 1)] {
        let old = courier.write(name, size);
        let mut request = courier.request(name);
        request.set_forbid_overwrite(true).unwrap();
        let first = courier.upload(&request);
        courier.assert_arrived(name, &old, &first);
        let new = courier.write(name, size);
        let second = courier.upload(&request);
        // A bucket that keeps versions overwrites nothing, whatever it is asked for.
        if first.version_id.is_some() && second.error.is_none() {
            courier.assert_arrived(name, &new, &second);
            assert_ne!(second.version_id, first.version_id, "{name}");
            continue;
        }
        assert_eq!(second.error.as_ref().map(ossup::Error::kind), Some(Kind::AlreadyExists), "{name}: {second:?}");
        assert!(!second.resumable && second.warnings.is_empty(), "{name}: {second:?}");
        assert!(courier.place.read(&courier.key(name)).is_some_and(|object| object.body == old), "{name}");
        courier.assert_nothing_is_left(name);
    }
}
