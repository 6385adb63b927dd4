//! Between C and us: no panic passes, no NULL is followed, no error is lost.

use super::error::ossup_error;
use super::status::ossup_status;
use crate::error::{Error, Result};
use crate::process::{orphan, panics};
use std::mem::MaybeUninit;
use std::time::Duration;

/// A place for a handle.
pub(super) type Out<'a, T> = Option<&'a mut MaybeUninit<Option<Box<T>>>>;

/// Runs a function's body; what it fails with becomes a status.
pub(super) fn guard(body: impl FnOnce() -> Result<()>) -> ossup_status {
    match caught(body) {
        Ok(()) => ossup_status::OSSUP_OK,
        Err(error) => error.kind().into(),
    }
}

/// Runs a function's body; what it fails with becomes a status and, where it is wanted, an error.
pub(super) fn guard_with(place: Out<'_, ossup_error>, body: impl FnOnce() -> Result<()>) -> ossup_status {
    match caught(body) {
        Ok(()) => ossup_status::OSSUP_OK,
        Err(error) => {
            let status = error.kind().into();
            if let Some(place) = place {
                place.write(Some(Box::new(ossup_error::new(&error))));
            }
            status
        }
    }
}

/// Runs a getter's body; a panic yields the given value.
pub(super) fn guard_or<T>(otherwise: T, body: impl FnOnce() -> T) -> T {
    caught(|| Ok(body())).unwrap_or(otherwise)
}

/// Drops a handle. Where the threads and locks that it needs are gone it leaks instead.
pub(super) fn release<T>(handle: Option<Box<T>>) {
    let _freed = guard(|| {
        if orphan::is_one() {
            std::mem::forget(handle);
        } else {
            drop(handle);
        }
        Ok(())
    });
}

/// An argument that must not be NULL.
pub(super) fn required<T>(name: &str, argument: Option<T>) -> Result<T> {
    argument.ok_or_else(|| Error::invalid_argument(format!("{name} is NULL")))
}

/// Hands a new handle out.
pub(super) fn give<T>(place: &mut MaybeUninit<Option<Box<T>>>, handle: T) {
    place.write(Some(Box::new(handle)));
}

/// A wait's time: negative is for ever.
pub(super) fn timeout(milliseconds: i64) -> Option<Duration> {
    u64::try_from(milliseconds).ok().map(Duration::from_millis)
}

fn caught<T>(body: impl FnOnce() -> Result<T>) -> Result<T> {
    panics::keep_quiet();
    panics::caught(|| {
        panics::may_come("function");
        body()
    })
    .and_then(|result| result)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_a_status_with_its_text() {
        let mut place = MaybeUninit::new(None);
        let status = guard_with(Some(&mut place), || panic!("boom {}", 7));
        assert_eq!(status, ossup_status::OSSUP_INTERNAL);
        // SAFETY: initialised above.
        let error = unsafe { place.assume_init() }.unwrap();
        assert!(error.message().contains("boom 7"));
    }
}
