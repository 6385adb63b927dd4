//! A program in Rust that comes in through the C API has a panic hook of its own: it hears of the program's panics, on whichever
//! thread, and of none that the library catches. Alone in its process, whose hook it sets.

#![allow(unsafe_code, reason = "it comes in as C does")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot be set up has failed")]

mod support;

use ossup::{Kind, Observer, Settle};
use std::ffi::c_char;
use std::panic::{catch_unwind, set_hook};
use std::sync::{Arc, Mutex};
use support::{World, kind};

unsafe extern "C" {
    safe fn ossup_diagnostics() -> *const c_char;
}

static HEARD: Mutex<Vec<String>> = Mutex::new(Vec::new());

/// Panics where the library calls it.
struct Panicking;

impl Observer for Panicking {
    fn progress(&self) {
        panic!("in the library");
    }

    fn complete(&self, _: Arc<Settle>) {}
}

#[test]
fn the_programs_own_hook_hears_of_the_programs_own_panics_alone() {
    set_hook(Box::new(|panic| HEARD.lock().unwrap().push(panic.payload_as_str().unwrap_or("?").to_owned())));
    assert!(!ossup_diagnostics().is_null());

    let world = World::new(1000);
    let upload = world.client().upload(&world.request()).unwrap();
    upload.observe(Arc::new(Panicking)).unwrap();
    upload.start().unwrap();
    let finished = upload.wait(None).unwrap().unwrap();
    assert!([None, Some(Kind::Internal)].contains(&kind(&finished.outcome)), "{:?}", finished.outcome);

    assert!(catch_unwind(|| panic!("here")).is_err());
    assert!(std::thread::spawn(|| panic!("there")).join().is_err());
    assert_eq!(*HEARD.lock().unwrap(), ["here", "there"]);
}
