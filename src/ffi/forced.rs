//! What tests ask for with the feature `forced-panics`, and nobody else has. Not in the header.

use super::guard::{guard, guard_or};
use super::status::ossup_status;
use super::text::text;
use crate::process::panics;
use std::ffi::c_char;

/// Has a panic come when a place is passed after so many times.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ossup_test_panic(at: *const c_char, spared: u32) -> ossup_status {
    guard(|| {
        // SAFETY: the caller promises NULL or a NUL-terminated string.
        panics::arm(unsafe { text("at", at) }?, spared);
        Ok(())
    })
}

/// Returns whether it came; if not, it comes no more.
#[unsafe(no_mangle)]
pub extern "C" fn ossup_test_panicked() -> bool {
    // If this very call is where it comes, then it had not come before.
    guard_or(false, panics::came)
}
