//! What becomes of a panic: it is caught, and an error like any other, which says where it was.
//!
//! Whoever panics runs the process's hook first, and std's own prints. Where the library is loaded by a program in C, it has
//! a hook of its own, and with [`keep_quiet`] that is silent about what is caught here. It is the host's that is called for all
//! else, and in a program in Rust, which never comes in through `ffi`, the host's is left alone altogether.

#[cfg(feature = "forced-panics")]
mod forced;

#[cfg(feature = "forced-panics")]
pub use forced::{arm, came, may_come};

use crate::error::{Error, Kind, Result, panic_text};
use std::any::Any;
use std::cell::{Cell, RefCell};
use std::future::{Future, poll_fn};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::sync::Once;
use std::task::Poll;

thread_local! {
    /// How many there are on this thread, one in the other, who catch.
    static CATCHING: Cell<u32> = const { Cell::new(0) };
    /// Where the last panic was, until somebody tells.
    static PLACE: RefCell<Option<String>> = const { RefCell::new(None) };
}

static QUIET: Once = Once::new();

/// Runs something; a panic is its error.
pub fn caught<T>(body: impl FnOnce() -> T) -> Result<T> {
    let _catching = Catching::begin();
    catch_unwind(AssertUnwindSafe(body)).map_err(told)
}

/// The same for work that is done bit by bit.
pub async fn caught_in<T>(work: impl Future<Output = T>) -> Result<T> {
    let mut work = pin!(work);
    poll_fn(|context| match caught(|| work.as_mut().poll(context)) {
        Ok(poll) => poll.map(Ok),
        Err(panic) => Poll::Ready(Err(panic)),
    })
    .await
}

/// Says that whatever panics on this thread from now on is caught.
pub fn all_caught_here() {
    CATCHING.set(CATCHING.get() + 1);
}

/// Has nothing printed about what is caught here.
pub fn keep_quiet() {
    // A hook cannot be set by whoever is panicking.
    if QUIET.is_completed() || std::thread::panicking() {
        return;
    }
    QUIET.call_once(|| {
        let hosts = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            // Of a thread that has all but ended nothing is known any more.
            if CATCHING.try_with(Cell::get).unwrap_or(0) == 0 {
                return hosts(panic);
            }
            let place = panic.location().map(|at| format!("{}:{}", at.file(), at.line()));
            let _noted = PLACE.try_with(|last| last.replace(place));
        }));
    });
}

/// Where a test may have one come.
#[cfg(not(feature = "forced-panics"))]
#[inline(always)]
pub fn may_come(_at: &str) {}

/// Counts as long as it is there.
struct Catching;

impl Catching {
    fn begin() -> Self {
        CATCHING.set(CATCHING.get() + 1);
        Self
    }
}

impl Drop for Catching {
    fn drop(&mut self) {
        CATCHING.set(CATCHING.get() - 1);
    }
}

fn told(payload: Box<dyn Any + Send>) -> Error {
    // Even the text of a panic may panic, and so may its end.
    let text = catch_unwind(AssertUnwindSafe(|| panic_text(payload.as_ref())));
    std::mem::forget(payload);
    let text = text.unwrap_or_else(|_| "a panic in the library".to_owned());
    let place = PLACE.take();
    Error::new(Kind::Internal, place.map_or_else(|| text.clone(), |place| format!("{text}, at {place}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_an_error_that_says_what_and_where() {
        keep_quiet();
        let error = caught(|| panic!("boom {}", 7)).unwrap_err();
        assert_eq!(error.kind(), Kind::Internal);
        let said = error.to_string();
        assert!(said.contains("boom 7, at ") && said.contains("panics.rs:"), "{said}");
        assert_eq!(caught(|| 7).unwrap(), 7);
    }

    #[tokio::test]
    async fn work_that_is_done_bit_by_bit_is_caught_at_any_bit() {
        keep_quiet();
        let error = caught_in(async {
            tokio::task::yield_now().await;
            panic!("boom");
        });
        assert!(error.await.unwrap_err().to_string().contains("boom"));
        assert_eq!(caught_in(async { 7 }).await.unwrap(), 7);
    }
}
