//! An upload, from its start to the end of those who wait for it.

use crate::Model;
use crate::engine::handle::Upload;
use crate::error::Kind;
use crate::ffi::host::Heard;
use crate::process::callbacks::Callbacks;
use loom::thread::{self, JoinHandle};
use std::sync::Arc;

pub const MODELS: [Model; 8] = [
    ("a wait ends after complete and release, each of which ran once", a_wait_ends_after_complete_and_release),
    ("the last that is told of progress is where it ends", the_last_progress_is_told),
    ("of two ends there is one", of_two_ends_there_is_one),
    ("of two starts there is one", of_two_starts_there_is_one),
    ("a listener is refused or hears all", a_listener_is_refused_or_hears_all),
    ("a handle freed meanwhile takes nothing away", a_handle_freed_meanwhile_takes_nothing_away),
    ("what was never started gives back once, also during a shutdown", what_was_never_started_gives_back_once),
    ("a shutdown meanwhile takes nothing away", a_shutdown_meanwhile_takes_nothing_away),
];

const PAUSED: u32 = Kind::Paused as u32;
const SHUT_DOWN: u32 = Kind::ShutDown as u32;

/// The callback thread, until the shutdown.
fn callback_thread() -> JoinHandle<()> {
    let Callbacks(jobs) = Callbacks::get().unwrap();
    thread::spawn(move || jobs.serve())
}

fn shutdown() -> bool {
    Callbacks::get().unwrap().0.end(None)
}

fn listened_to() -> (Upload, Arc<Heard>) {
    let (upload, heard) = (Upload::default(), Arc::<Heard>::default());
    heard.listen(&upload).unwrap();
    (upload, heard)
}

/// The task of an upload.
fn task(upload: &Upload) -> JoinHandle<()> {
    let upload = upload.clone();
    thread::spawn(move || {
        upload.send();
        upload.end(Some(Kind::Paused));
    })
}

fn a_wait_ends_after_complete_and_release() {
    let callbacks = callback_thread();
    let (upload, heard) = listened_to();
    upload.begin().unwrap();
    let task = task(&upload);
    let finished = upload.wait().unwrap();
    assert_eq!(heard.ends(), (1, 1));
    assert_eq!(heard.status(), PAUSED);
    assert_eq!(finished.outcome.error.as_ref().unwrap().kind(), Kind::Paused);
    task.join().unwrap();
    assert!(shutdown());
    callbacks.join().unwrap();
    assert_eq!(heard.ends(), (1, 1));
}

fn the_last_progress_is_told() {
    let callbacks = callback_thread();
    let (upload, heard) = listened_to();
    upload.begin().unwrap();
    upload.send();
    upload.send();
    upload.end(None);
    drop(upload.wait().unwrap());
    assert_eq!(heard.progress(), 2);
    assert!(shutdown());
    callbacks.join().unwrap();
}

/// Its task ends it, and whoever drops the task in a shutdown does so, too.
fn of_two_ends_there_is_one() {
    let (upload, heard) = listened_to();
    upload.begin().unwrap();
    let task = task(&upload);
    let other = upload.clone();
    let lost = thread::spawn(move || other.end(Some(Kind::ShutDown)));
    task.join().unwrap();
    lost.join().unwrap();
    let callbacks = callback_thread();
    let finished = upload.wait().unwrap();
    assert_eq!(heard.ends(), (1, 1));
    let told = finished.outcome.error.as_ref().unwrap().kind() as u32;
    assert!([PAUSED, SHUT_DOWN].contains(&told));
    assert_eq!(heard.status(), told);
    assert!(shutdown());
    callbacks.join().unwrap();
}

fn of_two_starts_there_is_one() {
    let upload = Upload::default();
    let other = upload.clone();
    let there = thread::spawn(move || other.begin().is_ok());
    let here = upload.begin().is_ok();
    assert!(here != there.join().unwrap());
}

fn a_listener_is_refused_or_hears_all() {
    let (upload, heard) = (Upload::default(), Arc::<Heard>::default());
    let other = upload.clone();
    let task = thread::spawn(move || {
        other.begin().unwrap();
        other.end(None);
    });
    let listening = heard.listen(&upload).is_ok();
    let callbacks = callback_thread();
    task.join().unwrap();
    drop(upload.wait().unwrap());
    let all = if listening { (1, 1) } else { (0, 0) };
    assert_eq!(heard.ends(), all);
    drop(upload);
    assert!(shutdown());
    callbacks.join().unwrap();
    assert_eq!(heard.ends(), all);
}

fn a_handle_freed_meanwhile_takes_nothing_away() {
    let callbacks = callback_thread();
    let (upload, heard) = listened_to();
    upload.begin().unwrap();
    let task = task(&upload);
    drop(upload);
    task.join().unwrap();
    assert!(shutdown());
    assert_eq!(heard.ends(), (1, 1));
    callbacks.join().unwrap();
}

fn what_was_never_started_gives_back_once() {
    let callbacks = callback_thread();
    let (upload, heard) = listened_to();
    let other = upload.clone();
    let freed = thread::spawn(move || drop(other));
    drop(upload);
    assert!(shutdown());
    freed.join().unwrap();
    callbacks.join().unwrap();
    assert_eq!(heard.ends(), (0, 1));
}

fn a_shutdown_meanwhile_takes_nothing_away() {
    let callbacks = callback_thread();
    let (upload, heard) = listened_to();
    upload.begin().unwrap();
    let task = task(&upload);
    assert!(shutdown());
    task.join().unwrap();
    drop(upload.wait().unwrap());
    assert_eq!(heard.ends(), (1, 1));
    callbacks.join().unwrap();
}
