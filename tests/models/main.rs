//! What decides that complete and release run exactly once, and that a wait ends after both, tried in all orders of threads
//! by a model checker. The code is that of `src`, the very files; only what lies around them is made up, and what threads
//! share is the model checker's.

#![allow(
    dead_code,
    unused_imports,
    unreachable_pub,
    missing_docs,
    reason = "files of the library, of which not all is used here"
)]
#![allow(unsafe_code, non_camel_case_types, reason = "the C boundary is among them")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test")]

mod engine;
#[path = "../../src/error.rs"]
mod error;
mod ffi;
mod jobs;
mod process;
mod queues;
mod sys;
mod uploads;

use std::io::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// How often a thread may be interrupted where it need not wait. Nearly all that goes wrong does so with two.
const INTERRUPTIONS: usize = 2;

/// A model: what is to hold, and the threads of which it is to hold in whatever order.
type Model = (&'static str, fn());

const MODELS: [&[Model]; 3] = [&uploads::MODELS, &jobs::MODELS, &queues::MODELS];

fn main() {
    let wanted: Vec<_> = std::env::args().skip(1).filter(|argument| !argument.starts_with('-')).collect();
    let is_wanted = |name: &str| wanted.is_empty() || wanted.iter().any(|word| name.contains(word));
    let mut all = 0;
    for &(name, model) in MODELS.into_iter().flatten().filter(|(name, _)| is_wanted(name)) {
        // Before it is tried: where it does not hold there is no more to be said.
        print!("{name}: ");
        std::io::stdout().flush().unwrap();
        let orders = explore(model);
        println!("so in {orders} orders");
        assert!(orders > 1, "only one order of threads was tried");
        all += orders;
    }
    println!("{all} orders of threads were tried");
}

/// Tries a model in all orders and returns how many there were.
fn explore(model: fn()) -> usize {
    let orders = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&orders);
    let mut builder = loom::model::Builder::new();
    builder.preemption_bound.get_or_insert(INTERRUPTIONS);
    builder.check(move || {
        counted.fetch_add(1, Ordering::Relaxed);
        model();
    });
    orders.load(Ordering::Relaxed)
}
