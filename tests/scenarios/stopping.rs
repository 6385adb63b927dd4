//! Uploads that are stopped, and go on or leave nothing.

use super::Courier;
use super::courier::{PART, finish, start};
use ossup::{Kind, Reason};
use std::time::Duration;

const SIZE: usize = 8 * PART + 5;

pub(super) fn a_pause_is_resumed_by_the_same_request(courier: &Courier) {
    let bytes = courier.write("file", SIZE);
    let client = courier.client();
    let first = courier.pause_half_way(&client, &courier.request("file"));
    assert!(first.resumable && first.parts_sent >= 2, "{first:?}");
    assert_eq!(courier.place.uploads(&courier.key("file")).len(), 1);
    assert!(courier.place.read(&courier.key("file")).is_none());
    let second = finish(&start(&client, &courier.request("file")));
    courier.assert_arrived("file", &bytes, &second);
    assert!(second.resumed && second.reason.is_none(), "{second:?}");
    assert!(second.parts_reused >= first.parts_sent, "{second:?}");
    assert_eq!(second.upload_id, first.upload_id);
}

pub(super) fn a_resume_needs_nothing_but_the_record(courier: &Courier) {
    let bytes = courier.write("file", SIZE);
    let record = courier.file("record");
    let mut request = courier.request("file");
    request.set_checkpoint_file(&record).unwrap();
    let first = {
        let client = courier.client();
        courier.pause_half_way(&client, &request)
    };
    let mut another = courier.request("file");
    another.set_checkpoint_file(&record).unwrap();
    another.set_task_num(1).unwrap();
    another.set_part_size(3 * PART as u64).unwrap();
    let second = courier.upload(&another);
    courier.assert_arrived("file", &bytes, &second);
    assert!(second.resumed && second.parts_reused >= first.parts_sent, "{second:?}");
    assert!(!record.exists());
}

pub(super) fn a_pause_without_a_record_leaves_nothing_once_it_is_let_go(courier: &Courier) {
    courier.write("file", SIZE);
    let mut request = courier.request("file");
    request.set_enable_checkpoint(false);
    let upload = courier.half_way(&courier.client(), &request);
    upload.pause().unwrap();
    assert!(finish(&upload).resumable);
    assert_eq!(courier.place.uploads(&courier.key("file")).len(), 1);
    drop(upload);
    while !courier.place.uploads(&courier.key("file")).is_empty() {
        std::thread::sleep(Duration::from_millis(20));
    }
    assert!(courier.place.read(&courier.key("file")).is_none());
    courier.assert_nothing_is_left("file");
}

pub(super) fn a_token_goes_on_with_a_copy_of_the_file(courier: &Courier) {
    let bytes = courier.write("file", SIZE);
    let mut request = courier.request("file");
    request.set_enable_checkpoint(false);
    let upload = courier.half_way(&courier.client(), &request);
    upload.pause().unwrap();
    let first = finish(&upload);
    let token = upload.resume_token().unwrap();
    drop(upload);
    std::fs::copy(courier.file("file"), courier.file("copy")).unwrap();
    std::fs::remove_file(courier.file("file")).unwrap();
    request.set_upload_file(&courier.file("copy")).unwrap();
    request.set_resume_token(&token);
    let second = courier.upload(&request);
    courier.assert_arrived("file", &bytes, &second);
    assert!(second.resumed && second.parts_reused >= first.parts_sent, "{second:?}");
    assert_eq!(second.upload_id, first.upload_id);
}

pub(super) fn a_lost_record_is_made_up_for_by_the_server(courier: &Courier) {
    let bytes = courier.write("file", SIZE);
    let mut request = courier.request("file");
    let first = courier.pause_half_way(&courier.client(), &request);
    std::fs::remove_file(courier.file("file.ucp")).unwrap();
    request.set_recover(true);
    let second = courier.upload(&request);
    let object = courier.place.read(&courier.key("file")).unwrap();
    assert!(second.error.is_none() && object.body == bytes, "{second:?}");
    if second.resumed {
        courier.assert_arrived("file", &bytes, &second);
        assert!(second.parts_reused >= first.parts_sent, "{second:?}");
        assert_eq!(second.upload_id, first.upload_id);
    } else {
        // A service that tells no checksums of parts proves nothing, and what is not known to be ours is left alone.
        let left = courier.place.uploads(&courier.key("file"));
        assert_eq!(left, [(courier.key("file"), first.upload_id.unwrap())]);
        courier.place.clear_uploads(&courier.key("file"));
    }
}

pub(super) fn an_abort_leaves_nothing(courier: &Courier) {
    courier.write("file", SIZE);
    let upload = courier.half_way(&courier.client(), &courier.request("file"));
    upload.abort().unwrap();
    let outcome = finish(&upload);
    assert_eq!(outcome.error.as_ref().map(ossup::Error::kind), Some(Kind::Aborted), "{outcome:?}");
    assert!(!outcome.resumable && outcome.warnings.is_empty(), "{outcome:?}");
    assert!(courier.place.read(&courier.key("file")).is_none());
    courier.assert_nothing_is_left("file");
}

pub(super) fn a_changed_file_begins_anew_and_leaves_no_orphan(courier: &Courier) {
    courier.write("file", SIZE);
    let first = courier.pause_half_way(&courier.client(), &courier.request("file"));
    let bytes = courier.write("file", SIZE + 1);
    let second = courier.upload(&courier.request("file"));
    courier.assert_arrived("file", &bytes, &second);
    assert_eq!((second.resumed, second.reason), (false, Some(Reason::SourceChanged)));
    assert_ne!(second.upload_id, first.upload_id);
}
