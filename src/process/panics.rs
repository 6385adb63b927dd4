//! What becomes of a panic: it is caught, and an error like any other.

use crate::error::{Error, Kind, Result, panic_text};
use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Runs something; a panic is its error.
pub fn caught<T>(body: impl FnOnce() -> T) -> Result<T> {
    catch_unwind(AssertUnwindSafe(body)).map_err(told)
}

/// What a panic said, as an error.
pub fn told(payload: Box<dyn Any + Send>) -> Error {
    // Even the text of a panic may panic, and so may its end.
    let text = catch_unwind(AssertUnwindSafe(|| panic_text(payload.as_ref())));
    std::mem::forget(payload);
    Error::new(Kind::Internal, text.unwrap_or_else(|_| "a panic in the library".to_owned()))
}
