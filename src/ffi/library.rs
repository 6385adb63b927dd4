//! The library as a whole.

use super::guard::{guard, guard_or, timeout};
use super::status::{self, OSSUP_ABI_VERSION, ossup_status};
use super::text::owned;
use crate::engine::diagnostics::diagnostics;
use crate::engine::running;
use crate::error::{Error, Kind, Result};
use crate::process::{callbacks, orphan, pool, runtime};
use std::ffi::{CStr, CString, c_char};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

const VERSION: &CStr = match CStr::from_bytes_with_nul(concat!(env!("CARGO_PKG_VERSION"), "\0").as_bytes()) {
    Ok(version) => version,
    Err(_) => c"",
};

static DIAGNOSTICS: OnceLock<CString> = OnceLock::new();

/// "For ever", for threads that may hang.
const A_YEAR: Duration = Duration::from_secs(365 * 24 * 3600);

/// How long a call may wait for callbacks, where it may.
pub(super) fn time_for_callbacks(timeout_ms: i64) -> Result<Duration> {
    orphan::refuse()?;
    if callbacks::is_this_thread() || pool::is_this_thread() {
        return Err(Error::new(Kind::WouldDeadlock, "a callback cannot wait for callbacks"));
    }
    Ok(timeout(timeout_ms).unwrap_or(A_YEAR).min(A_YEAR))
}

/// Returns the library's version, such as "0.1.0".
#[unsafe(no_mangle)]
pub extern "C" fn ossup_version() -> *const c_char {
    VERSION.as_ptr()
}

/// Returns the binary interface's version: OSSUP_ABI_VERSION of the header that the library was built with.
#[unsafe(no_mangle)]
pub extern "C" fn ossup_abi_version() -> u32 {
    OSSUP_ABI_VERSION
}

/// Returns a few lines for a support ticket: versions, what the library was built for, how it does TLS and where its roots come
/// from, limits and defaults. The text is the same for as long as the library is; nothing of the host's is in it.
#[unsafe(no_mangle)]
pub extern "C" fn ossup_diagnostics() -> *const c_char {
    guard_or(c"".as_ptr(), || {
        let text = || owned(format!("{}\nABI: {OSSUP_ABI_VERSION}\n", diagnostics()));
        DIAGNOSTICS.get_or_init(text).as_ptr()
    })
}

/// Returns a status's name without its prefix, such as "PAUSED"; "UNKNOWN" for numbers that are none.
#[unsafe(no_mangle)]
pub extern "C" fn ossup_status_name(status: i32) -> *const c_char {
    status::name(status).as_ptr()
}

/// Sets how many threads carry all uploads of the process over the network. Nothing has to be set: two carry any number of
/// uploads, and more only help where two cannot fill the network. They are started by the first ossup_upload_start or the
/// first call that asks the server. Threads that read files and the one for callbacks come besides. Any thread.
///
/// threads: 1 to 64. Default: 2.
/// Errors: OSSUP_INVALID_ARGUMENT, OSSUP_INVALID_STATE once they were started, OSSUP_FORKED.
#[unsafe(no_mangle)]
pub extern "C" fn ossup_set_worker_threads(threads: u32) -> ossup_status {
    guard(|| runtime::set_worker_threads(threads))
}

/// Pauses all uploads, aborts what neither a record nor a token leads back to, runs the last callbacks and ends the
/// library's threads. It is for hosts that pause uploads without a record, as what is being aborted in the background stays
/// on the server when the process ends first; for exact leak checks; and for hosts whose callbacks must not run later. Others
/// need not call it before exit. From its beginning on no upload can be started, and no token be had of what was aborted. Where
/// user data is given back afterwards, release runs inside the call that frees.
///
/// What is one client's alone, as in a plugin, is for ossup_client_shutdown.
///
/// timeout_ms: how long to wait for what hangs; negative waits for ever.
/// Errors: OSSUP_TIMED_OUT when something still hangs: uploads that were not over in time end with OSSUP_SHUT_DOWN, as if the
/// process had been killed. OSSUP_WOULD_DEADLOCK in a callback and in a function
/// that provides credentials, OSSUP_FORKED.
#[unsafe(no_mangle)]
pub extern "C" fn ossup_shutdown(timeout_ms: i64) -> ossup_status {
    guard(|| {
        let timeout = time_for_callbacks(timeout_ms)?;
        let begun = Instant::now();
        let all_ended = running::leave_all(timeout);
        let left = || timeout.saturating_sub(begun.elapsed());
        runtime::shutdown(left());
        let told = callbacks::shutdown(left());
        let read = pool::shutdown(left());
        if all_ended && told && read { Ok(()) } else { Err(Error::new(Kind::TimedOut, "something still hangs")) }
    })
}
