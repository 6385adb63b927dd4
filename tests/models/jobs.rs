//! The thread that runs the host's callbacks, and its end.

use crate::Model;
use crate::process::jobs::Jobs;
use crate::process::sync::Arc;
use crate::process::sync::atomic::{AtomicU32, Ordering::Relaxed};
use loom::thread;

pub const MODELS: [Model; 4] = [
    ("each job is done once, whenever the end comes", each_job_is_done_once),
    ("jobs are done in order and one at a time until the end", jobs_are_done_in_order),
    ("who catches up finds done what was handed over before", who_catches_up_finds_all_done),
    ("of several who end all see the end", all_see_the_end),
];

fn each_job_is_done_once() {
    let (jobs, done) = (Arc::<Jobs>::default(), Arc::<AtomicU32>::default());
    let served = jobs.clone();
    let serving = thread::spawn(move || served.serve());
    let handing_over = [1, 10].map(|job| {
        let (jobs, done) = (jobs.clone(), done.clone());
        thread::spawn(move || jobs.run(move || _ = done.fetch_add(job, Relaxed)))
    });
    assert!(jobs.end(None));
    handing_over.into_iter().for_each(|thread| thread.join().unwrap());
    serving.join().unwrap();
    assert_eq!(done.load(Relaxed), 11);
}

fn jobs_are_done_in_order() {
    let (jobs, last) = (Arc::<Jobs>::default(), Arc::<AtomicU32>::default());
    let served = jobs.clone();
    let serving = thread::spawn(move || served.serve());
    let ending = jobs.clone();
    let end = thread::spawn(move || assert!(ending.end(None)));
    for job in 1..=3 {
        let last = last.clone();
        jobs.run(move || {
            assert_eq!(last.load(Relaxed), 10 * (job - 1));
            last.store(10 * job - 5, Relaxed);
            assert_eq!(last.load(Relaxed), 10 * job - 5);
            last.store(10 * job, Relaxed);
        });
    }
    end.join().unwrap();
    serving.join().unwrap();
    assert_eq!(last.load(Relaxed), 30);
}

fn who_catches_up_finds_all_done() {
    let (jobs, done) = (Arc::<Jobs>::default(), Arc::<AtomicU32>::default());
    let (served, other) = (jobs.clone(), jobs.clone());
    let serving = thread::spawn(move || served.serve());
    let handing_over = thread::spawn(move || other.run(|| ()));
    let counted = done.clone();
    jobs.run(move || _ = counted.fetch_add(1, Relaxed));
    assert!(jobs.catch_up(None));
    assert_eq!(done.load(Relaxed), 1);
    handing_over.join().unwrap();
    assert!(jobs.end(None));
    serving.join().unwrap();
}

fn all_see_the_end() {
    let jobs = Arc::<Jobs>::default();
    let (served, other) = (jobs.clone(), jobs.clone());
    let serving = thread::spawn(move || served.serve());
    let ending = thread::spawn(move || other.end(None));
    assert!(jobs.end(None));
    assert!(ending.join().unwrap());
    serving.join().unwrap();
}
