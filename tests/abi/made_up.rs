//! Interfaces that were changed for this test alone, and what the comparison says of them.

use crate::comparison::{Comparison, compare};
use crate::{description, repository_file, today};

/// The header, compared with one in which a few words are exchanged.
fn changed(exchanges: &[(&str, &str)]) -> Comparison {
    let mut new = repository_file("include/ossup.h");
    for (from, to) in exchanges {
        assert_eq!(new.matches(from).count(), 1, "{from}");
        new = new.replace(from, to);
    }
    compare(today(), &description::of(&new))
}

#[track_caller]
fn assert_breaks(exchanges: &[(&str, &str)], expected: &[&str]) {
    let comparison = changed(exchanges);
    assert_eq!(comparison.breaks, expected, "{comparison:?}");
}

#[track_caller]
fn assert_adds(exchanges: &[(&str, &str)], expected: &[&str]) {
    let comparison = changed(exchanges);
    assert!(comparison.breaks.is_empty(), "{comparison:?}");
    assert_eq!(comparison.additions, expected);
}

#[test]
fn an_interface_breaks_nothing_of_itself() {
    assert_adds(&[], &[]);
}

#[test]
fn what_is_new_breaks_nothing() {
    assert_adds(
        &[("bool ossup_error_is_temporary(", "int32_t ossup_new(void);\nbool ossup_error_is_temporary(")],
        &["function ossup_new is new: int32_t (void)"],
    );
    assert_adds(
        &[("OSSUP_ABORTED = 51,", "OSSUP_ABORTED = 51,\n  OSSUP_NEW = 52,")],
        &["value ossup_status.OSSUP_NEW is new: 52"],
    );
    assert_adds(
        &[("#define OSSUP_SIGNATURE_V4 4", "#define OSSUP_SIGNATURE_V4 4\n#define OSSUP_NEW 5")],
        &["constant OSSUP_NEW is new: 5"],
    );
}

/// Whoever has an older header sets a smaller `struct_size`, or reads no further than what it knows.
#[test]
fn a_struct_that_says_its_size_may_grow_at_its_end() {
    assert_adds(
        &[("  uint64_t bytes_reused;\n", "  uint64_t bytes_reused;\n  uint64_t bytes_new;\n")],
        &[
            "struct ossup_progress grew from 56 bytes to 64 bytes",
            "field ossup_progress.bytes_new is new: uint64_t, 8 bytes at 56",
        ],
    );
}

#[test]
fn a_struct_that_grows_elsewhere_is_noticed_behind_its_callback() {
    let comparison =
        changed(&[("  uint32_t parts_confirmed;\n", "  uint32_t parts_confirmed;\n  uint64_t bytes_new;\n")]);
    assert_eq!(comparison.breaks.len(), 5, "{comparison:?}");
    assert!(comparison.breaks.contains(
        &"field ossup_progress.bytes_total was uint64_t, 8 bytes at 24, and is uint64_t, 8 bytes at 32".to_owned()
    ));
    assert!(
        comparison.breaks.contains(
            &"field ossup_progress.bytes_new, which is new, takes room at 24 within the 56 bytes that there were"
                .to_owned()
        )
    );
}

/// Nobody can tell how much of it there is.
#[test]
fn a_struct_that_does_not_say_its_size_may_not_grow() {
    let plain = "typedef struct {\n  uint32_t first;\n} ossup_plain;\n";
    let grown = "typedef struct {\n  uint32_t first;\n  uint32_t second;\n} ossup_plain;\n";
    let header = repository_file("include/ossup.h");
    let with = |text: &str| {
        description::of(&header.replacen("#ifdef __cplusplus\n", &format!("{text}#ifdef __cplusplus\n"), 1))
    };
    let comparison = compare(&with(plain), &with(grown));
    assert_eq!(comparison.breaks, ["struct ossup_plain was 4 bytes, and is 8 bytes"], "{comparison:?}");
}

#[test]
fn an_enum_that_is_renumbered_is_noticed() {
    assert_breaks(
        &[("OSSUP_ABORTED = 51,", "OSSUP_ABORTED = 52,")],
        &["value ossup_status.OSSUP_ABORTED was 51, and is 52"],
    );
}

#[test]
fn a_constant_of_another_value_is_noticed() {
    assert_breaks(
        &[("OSSUP_SIGNATURE_V4 4", "OSSUP_SIGNATURE_V4 5")],
        &["constant OSSUP_SIGNATURE_V4 was 4, and is 5"],
    );
}

#[test]
fn a_parameter_of_another_type_is_noticed() {
    assert_breaks(
        &[(
            "ossup_config_set_max_attempts(ossup_config *config,\n                                           uint32_t",
            "ossup_config_set_max_attempts(ossup_config *config,\n uint64_t",
        )],
        &[
            "function ossup_config_set_max_attempts was ossup_status (ossup_config *, uint32_t), and is ossup_status (ossup_config *, uint64_t)",
        ],
    );
}

#[test]
fn a_callback_with_one_parameter_more_is_noticed() {
    assert_breaks(
        &[("(*ossup_release_fn)(void *user_data)", "(*ossup_release_fn)(void *user_data, int32_t why)")],
        &["callback ossup_release_fn was void (void *), and is void (void *, int32_t)"],
    );
}

#[test]
fn what_is_gone_is_noticed() {
    assert_breaks(
        &[("void ossup_error_free(ossup_error *error);", "")],
        &["function ossup_error_free is gone; it was void (ossup_error *)"],
    );
    assert_breaks(&[("  OSSUP_UNCONFIRMED = 48,\n", "")], &["value ossup_status.OSSUP_UNCONFIRMED is gone; it was 48"]);
}
