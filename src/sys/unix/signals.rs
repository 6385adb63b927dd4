//! Signals belong to the host: its handlers must not run on our threads, and a write to a broken connection
//! must not raise SIGPIPE there. So our threads block every signal that is not about themselves.

use std::mem::MaybeUninit;

/// Raised by the thread that they hit: blocking them is undefined or hides a crash.
const OWN_FAULTS: [libc::c_int; 6] =
    [libc::SIGBUS, libc::SIGFPE, libc::SIGILL, libc::SIGSEGV, libc::SIGSYS, libc::SIGTRAP];

/// Blocks the host's signals on this thread, for good. For threads of our own.
pub fn block_signals() {
    swap_mask();
}

/// Runs `f` with the host's signals blocked, so that threads that it starts are born without them.
pub fn with_signals_blocked<T>(f: impl FnOnce() -> T) -> T {
    let restore = Restore(swap_mask());
    let value = f();
    drop(restore);
    value
}

struct Restore(libc::sigset_t);

impl Drop for Restore {
    fn drop(&mut self) {
        // SAFETY: the set was filled by `swap_mask`; a NULL old set is allowed.
        unsafe { libc::pthread_sigmask(libc::SIG_SETMASK, &raw const self.0, std::ptr::null_mut()) };
    }
}

fn swap_mask() -> libc::sigset_t {
    let mut all = MaybeUninit::uninit();
    // SAFETY: the set is ours to write.
    unsafe { libc::sigfillset(all.as_mut_ptr()) };
    // SAFETY: sigfillset initialises the set that it is given.
    let mut all = unsafe { all.assume_init() };
    for signal in OWN_FAULTS {
        // SAFETY: the set is initialised, the signal's number is valid.
        unsafe { libc::sigdelset(&raw mut all, signal) };
    }
    let mut old = MaybeUninit::uninit();
    // SAFETY: one set is initialised, the other is ours to write.
    unsafe { libc::pthread_sigmask(libc::SIG_BLOCK, &raw const all, old.as_mut_ptr()) };
    // SAFETY: with a valid `how` the call cannot fail, so it filled the old set.
    unsafe { old.assume_init() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn blocks(signal: libc::c_int) -> bool {
        let mut now = MaybeUninit::uninit();
        // SAFETY: a NULL new set only asks; the old one is ours to write.
        unsafe { libc::pthread_sigmask(libc::SIG_BLOCK, std::ptr::null(), now.as_mut_ptr()) };
        // SAFETY: the call filled it.
        let now = unsafe { now.assume_init() };
        // SAFETY: the set is initialised, the signal's number is valid.
        unsafe { libc::sigismember(&raw const now, signal) == 1 }
    }

    #[test]
    fn blocks_the_hosts_signals_and_gives_the_mask_back() {
        std::thread::spawn(|| {
            assert!(!blocks(libc::SIGUSR1));
            with_signals_blocked(|| {
                assert!(blocks(libc::SIGPIPE) && blocks(libc::SIGUSR1) && blocks(libc::SIGPROF));
                assert!(!blocks(libc::SIGSEGV));
                std::thread::spawn(|| assert!(blocks(libc::SIGPIPE))).join().unwrap();
            });
            assert!(!blocks(libc::SIGUSR1));
        })
        .join()
        .unwrap();
    }
}
