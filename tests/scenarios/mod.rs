//! Whole uploads that need nothing but a bucket and the right to look at it: the stand-in's, or one of a user's own.

#![allow(dead_code, reason = "each test uses some of it")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a broken fixture is a failed test")]

mod arriving;
pub(crate) mod courier;
mod overwriting;
mod place;
mod stopping;

pub(crate) use courier::Courier;
pub(crate) use place::Place;

type Scenario = fn(&Courier);

const SCENARIOS: [(&str, Scenario); 16] = [
    ("sizes_around_the_part_size_arrive", arriving::sizes_around_the_part_size_arrive),
    ("many_parts_in_flight_arrive_in_order", arriving::many_parts_in_flight_arrive_in_order),
    ("unusual_keys_arrive_as_they_are", arriving::unusual_keys_arrive_as_they_are),
    ("options_are_found_on_the_object", arriving::options_are_found_on_the_object),
    ("metadata_arrives_up_to_its_limit", arriving::metadata_arrives_up_to_its_limit),
    ("two_keys_are_uploaded_at_once", arriving::two_keys_are_uploaded_at_once),
    (
        "either_signature_is_accepted_or_refused_with_advice",
        arriving::either_signature_is_accepted_or_refused_with_advice,
    ),
    ("a_pause_is_resumed_by_the_same_request", stopping::a_pause_is_resumed_by_the_same_request),
    ("a_resume_needs_nothing_but_the_record", stopping::a_resume_needs_nothing_but_the_record),
    (
        "a_pause_without_a_record_leaves_nothing_once_it_is_let_go",
        stopping::a_pause_without_a_record_leaves_nothing_once_it_is_let_go,
    ),
    ("a_token_goes_on_with_a_copy_of_the_file", stopping::a_token_goes_on_with_a_copy_of_the_file),
    ("a_lost_record_is_made_up_for_by_the_server", stopping::a_lost_record_is_made_up_for_by_the_server),
    ("an_abort_leaves_nothing", stopping::an_abort_leaves_nothing),
    ("a_changed_file_begins_anew_and_leaves_no_orphan", stopping::a_changed_file_begins_anew_and_leaves_no_orphan),
    ("an_object_stays_until_the_new_one_is_complete", overwriting::an_object_stays_until_the_new_one_is_complete),
    ("overwriting_can_be_forbidden", overwriting::overwriting_can_be_forbidden),
];

/// Runs all scenarios at the same time, each under a prefix of its own, and names those that fail.
pub(crate) fn every_scenario_passes_at(place: &Place) {
    let failed: Vec<&str> = std::thread::scope(|scope| {
        let running = SCENARIOS.map(|(name, scenario)| {
            let thread = std::thread::Builder::new().name(name.to_owned());
            (name, thread.spawn_scoped(scope, move || scenario(&Courier::new(place, name))).unwrap())
        });
        running.into_iter().filter_map(|(name, thread)| thread.join().is_err().then_some(name)).collect()
    });
    assert!(failed.is_empty(), "failed: {}", failed.join(", "));
}
