//! Another library in Rust that a program may have beside ours: threads, data of each thread, and a panic.

use std::cell::RefCell;
use std::panic::catch_unwind;

thread_local! {
    static KEPT: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
}

/// 42, by a long way.
#[unsafe(no_mangle)]
pub extern "C" fn neighbour_work() -> i32 {
    std::panic::set_hook(Box::new(|_| ()));
    let work = || {
        KEPT.with_borrow_mut(|kept| kept.push("kept".to_owned()));
        i32::from(catch_unwind(|| panic!("as it was meant")).is_err())
    };
    let threads: Vec<_> = (0..42).map(|_| std::thread::spawn(work)).collect();
    threads.into_iter().map(|thread| thread.join().unwrap_or(0)).sum()
}
