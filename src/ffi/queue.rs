//! `ossup_queue` and `ossup_event`: events for those who wait for them instead of being called.
//!
//! An event that was taken is the host's, whatever becomes of the queue. One of progress or of an end keeps its upload alive,
//! one of room or of the log keeps nothing: a line that nobody reads must not decide what stays on the server, nor when a client
//! ends.

use super::credentials::ossup_credentials_request;
use super::guard::{give, guard, guard_or, release, required, timeout};
use super::log::ossup_log_level;
use super::progress::{fill, ossup_progress};
use super::status::ossup_status;
use super::text::owned;
use super::upload::ossup_upload;
use crate::engine::handle::{Mention, Upload, WeakUpload};
use crate::engine::live::{Observer, Settle};
use crate::error::{Error, Kind, Result};
use crate::process::log::Line;
use crate::process::orphan;
use crate::process::queue::Queue;
use crate::sys::RawFlag;
use crate::world::credentials::Own;
#[cfg(windows)]
use std::ffi::c_void;
use std::ffi::{CString, c_char};
use std::mem::MaybeUninit;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Where events arrive, in order, from any number of uploads and clients. Any thread. Each event is taken once, by one
/// ossup_queue_next; those that nobody takes wait until the queue is freed.
pub struct ossup_queue {
    queue: Arc<Queue<ossup_event>>,
}

/// What an event tells. Later versions may tell more: free events of kinds that you do not know.
#[repr(i32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ossup_event_kind {
    /// No event: what ossup_event_get_kind returns for NULL.
    OSSUP_EVENT_NONE = 0,
    /// There is progress. At most one such event of an upload is waiting at a time. The last one comes before
    /// OSSUP_EVENT_COMPLETE, and whoever reads the progress then sees how far the upload came.
    OSSUP_EVENT_PROGRESS = 1,
    /// An upload is over; the last event of it. From then on ossup_upload_wait returns at once, unless a listener or another
    /// queue is still told.
    OSSUP_EVENT_COMPLETE = 2,
    /// Credentials are needed: take the request with ossup_event_credentials and answer it.
    OSSUP_EVENT_CREDENTIALS = 3,
    /// A line of the log. When 1024 of one config wait, further ones are lost, and counted by the last.
    OSSUP_EVENT_LOG = 4,
    /// A stream is worth another ossup_upload_write: after one that took less than it was given, as there was too little room,
    /// there is some again, or nothing is taken any more, as the upload stops or has failed; the write says which. One such
    /// event for all writes that found too little room since the one before was taken; never after OSSUP_EVENT_COMPLETE.
    OSSUP_EVENT_WRITABLE = 5,
}

/// One event. It belongs to whoever took it, to be freed; queue, client and upload may be freed before. One of progress and one
/// of an end keep their upload alive, others do not. One thread at a time.
pub struct ossup_event {
    tag: u64,
    what: What,
}

enum What {
    /// With the mark that such an event is waiting.
    Progress(Upload, Arc<AtomicBool>),
    Complete(Upload),
    /// None once it was taken.
    Credentials(Option<ossup_credentials_request>),
    /// With its text, once it was taken.
    Log(Line<Mention>, CString),
    /// With the mark that such an event is waiting.
    Writable(Mention, Arc<AtomicBool>),
}

impl ossup_event {
    fn upload(&self) -> Result<Upload> {
        let none = |message| Error::new(Kind::InvalidState, message);
        match &self.what {
            What::Progress(upload, _) | What::Complete(upload) => Ok(upload.clone()),
            What::Credentials(_) => Err(none("the event is about credentials")),
            What::Log(line, _) => {
                let upload = line.about().ok_or_else(|| none("the line is about no upload"))?;
                upload.get().ok_or_else(|| none("the line's upload is gone"))
            }
            What::Writable(upload, _) => upload.get().ok_or_else(|| none("the stream's upload is gone")),
        }
    }

    /// It waits no longer.
    fn arrive(&mut self) {
        match &mut self.what {
            What::Progress(_, pending) | What::Writable(_, pending) => pending.store(false, Ordering::Release),
            What::Log(line, text) => *text = owned(line.take()),
            What::Complete(_) | What::Credentials(_) => {}
        }
    }
}

impl ossup_queue {
    /// A source of credentials: whoever takes events from here.
    pub(super) fn credentials(&self, tag: u64) -> Own {
        let queue = Arc::clone(&self.queue);
        Own::new("the queue", move |question| {
            let what = What::Credentials(Some(ossup_credentials_request::new(question)));
            queue.push(ossup_event { tag, what });
            Ok(())
        })
    }

    /// Where a log goes to.
    pub(super) fn log(&self, tag: u64) -> impl Fn(Line<Mention>) + Send + Sync + 'static {
        let queue = Arc::clone(&self.queue);
        move |line| queue.push(ossup_event { tag, what: What::Log(line, CString::default()) })
    }
}

impl Drop for ossup_queue {
    fn drop(&mut self) {
        // Nobody will answer what is still asked.
        self.queue.close();
    }
}

pub(super) struct QueueObserver {
    queue: Arc<Queue<ossup_event>>,
    upload: WeakUpload,
    tag: u64,
    progress: Arc<AtomicBool>,
    writable: Arc<AtomicBool>,
}

impl QueueObserver {
    pub(super) fn new(queue: &ossup_queue, upload: &Upload, tag: u64) -> Self {
        let (progress, writable) = <(Arc<_>, Arc<_>)>::default();
        Self { queue: Arc::clone(&queue.queue), upload: upload.downgrade(), tag, progress, writable }
    }

    fn push(&self, what: impl FnOnce(Upload) -> What) {
        if let Some(upload) = self.upload.get() {
            self.queue.push(ossup_event { tag: self.tag, what: what(upload) });
        }
    }
}

impl Observer for QueueObserver {
    fn progress(&self) {
        if !self.progress.swap(true, Ordering::AcqRel) {
            self.push(|upload| What::Progress(upload, Arc::clone(&self.progress)));
        }
    }

    fn writable(&self) {
        if !self.writable.swap(true, Ordering::AcqRel) {
            let what = What::Writable(self.upload.mention(), Arc::clone(&self.writable));
            self.queue.push(ossup_event { tag: self.tag, what });
        }
    }

    fn complete(&self, settle: Arc<Settle>) {
        if let Some(upload) = self.upload.get() {
            // The event keeps it alive: nothing of it is dropped under the queue's lock.
            self.queue.push_once(|| drop(settle), ossup_event { tag: self.tag, what: What::Complete(upload) });
        }
    }
}

/// Makes a queue.
///
/// Errors: OSSUP_INVALID_ARGUMENT when out is NULL.
#[unsafe(no_mangle)]
pub extern "C" fn ossup_queue_new(out: Option<&mut MaybeUninit<Option<Box<ossup_queue>>>>) -> ossup_status {
    guard(|| {
        give(required("out", out)?, ossup_queue { queue: Arc::default() });
        Ok(())
    })
}

/// Takes the next event, waiting for it if there is none. Events come in the order in which they arose, and before a wake.
/// From then on the event is the caller's.
///
/// timeout_ms: 0 only asks, negative waits for ever.
/// Errors: OSSUP_TIMED_OUT when the time is over or somebody called ossup_queue_wake, OSSUP_FORKED.
#[unsafe(no_mangle)]
pub extern "C" fn ossup_queue_next(
    queue: Option<&ossup_queue>,
    timeout_ms: i64,
    event: Option<&mut MaybeUninit<Option<Box<ossup_event>>>>,
) -> ossup_status {
    guard(|| {
        let queue = required("queue", queue)?;
        let place = required("event", event)?;
        orphan::refuse()?;
        let event = queue.queue.next(timeout(timeout_ms));
        let mut event = event.ok_or_else(|| Error::new(Kind::TimedOut, "there is no event"))?;
        event.arrive();
        give(place, event);
        Ok(())
    })
}

/// Gives a file descriptor that is readable while ossup_queue_next would not wait, for epoll and its like: level-triggered,
/// it stays so until the last event was taken and the last wake was answered. Watched for edges (EPOLLET), it tells once that
/// the queue is no longer empty: take events until OSSUP_TIMED_OUT then. It belongs to the queue: only poll it.
///
/// Errors: OSSUP_NO_RESOURCES.
#[cfg(not(windows))]
#[unsafe(no_mangle)]
pub extern "C" fn ossup_queue_fd(queue: Option<&ossup_queue>, fd: Option<&mut MaybeUninit<i32>>) -> ossup_status {
    guard(|| give_flag(queue, required("fd", fd)?))
}

/// Gives the HANDLE of an event that is signalled while ossup_queue_next would not wait, for WaitForMultipleObjects and
/// its like: it stays so until the last event was taken and the last wake was answered. It belongs to the queue: only wait for it.
///
/// Errors: OSSUP_NO_RESOURCES.
#[cfg(windows)]
#[unsafe(no_mangle)]
pub extern "C" fn ossup_queue_handle(
    queue: Option<&ossup_queue>,
    handle: Option<&mut MaybeUninit<*mut c_void>>,
) -> ossup_status {
    guard(|| give_flag(queue, required("handle", handle)?))
}

fn give_flag(queue: Option<&ossup_queue>, place: &mut MaybeUninit<RawFlag>) -> Result<()> {
    orphan::refuse()?;
    let flag = required("queue", queue)?.queue.flag();
    place.write(flag.map_err(|error| Error::io(Kind::NoResources, "nothing to wait for can be had", error))?);
    Ok(())
}

/// Makes one ossup_queue_next, one that waits or else the next one, return OSSUP_TIMED_OUT; each wake ends one.
///
/// Errors: OSSUP_FORKED.
#[unsafe(no_mangle)]
pub extern "C" fn ossup_queue_wake(queue: Option<&ossup_queue>) -> ossup_status {
    guard(|| {
        orphan::refuse()?;
        required("queue", queue)?.queue.wake();
        Ok(())
    })
}

/// Frees a queue and what is in it; uploads that put events into it run on, and a question for credentials that is in it
/// counts as failed. Events that were taken stay as they are. No thread may be in a call with it. NULL is nothing.
#[unsafe(no_mangle)]
pub extern "C" fn ossup_queue_free(queue: Option<Box<ossup_queue>>) {
    release(queue);
}

/// Returns what the event tells. OSSUP_EVENT_NONE for NULL.
#[unsafe(no_mangle)]
pub extern "C" fn ossup_event_get_kind(event: Option<&ossup_event>) -> ossup_event_kind {
    guard_or(ossup_event_kind::OSSUP_EVENT_NONE, || match event.map(|event| &event.what) {
        None => ossup_event_kind::OSSUP_EVENT_NONE,
        Some(What::Progress(..)) => ossup_event_kind::OSSUP_EVENT_PROGRESS,
        Some(What::Complete(_)) => ossup_event_kind::OSSUP_EVENT_COMPLETE,
        Some(What::Credentials(_)) => ossup_event_kind::OSSUP_EVENT_CREDENTIALS,
        Some(What::Log(..)) => ossup_event_kind::OSSUP_EVENT_LOG,
        Some(What::Writable(..)) => ossup_event_kind::OSSUP_EVENT_WRITABLE,
    })
}

/// Returns the tag that the upload, the source of credentials or the log was given. 0 for NULL.
#[unsafe(no_mangle)]
pub extern "C" fn ossup_event_tag(event: Option<&ossup_event>) -> u64 {
    guard_or(0, || event.map_or(0, |event| event.tag))
}

/// Makes a handle of the event's upload, to be freed. An event of progress and one of an end always have it, even when all
/// handles were freed before.
///
/// Errors: OSSUP_INVALID_STATE when the event is about credentials, or is a line of the log that is about no upload; when it is
/// such a line, or one of room, about an upload whose handles were all freed since it ended.
#[unsafe(no_mangle)]
pub extern "C" fn ossup_event_upload(
    event: Option<&ossup_event>,
    out: Option<&mut MaybeUninit<Option<Box<ossup_upload>>>>,
) -> ossup_status {
    guard(|| {
        let out = required("out", out)?;
        give(out, ossup_upload::new(required("event", event)?.upload()?));
        Ok(())
    })
}

/// Reads how far the event's upload is by now.
///
/// progress: its struct_size is set to sizeof(ossup_progress).
/// Errors: OSSUP_INVALID_STATE where ossup_event_upload gives no upload.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ossup_event_progress(
    event: Option<&ossup_event>,
    progress: *mut ossup_progress,
) -> ossup_status {
    guard(|| {
        let event = required("event", event)?;
        orphan::refuse()?;
        // SAFETY: the caller promises NULL or a struct of the size that it says.
        unsafe { fill(progress, event.upload()?.progress()) }
    })
}

/// Takes the request for credentials out of the event, to be answered and freed.
///
/// Errors: OSSUP_INVALID_STATE when the event is about something else, or when the request was taken before.
#[unsafe(no_mangle)]
pub extern "C" fn ossup_event_credentials(
    event: Option<&mut ossup_event>,
    out: Option<&mut MaybeUninit<Option<Box<ossup_credentials_request>>>>,
) -> ossup_status {
    guard(|| {
        let out = required("out", out)?;
        let taken = match &mut required("event", event)?.what {
            What::Credentials(request) => request.take(),
            What::Progress(..) | What::Complete(_) | What::Log(..) | What::Writable(..) => None,
        };
        give(out, taken.ok_or_else(|| Error::new(Kind::InvalidState, "the event holds no request for credentials"))?);
        Ok(())
    })
}

/// Returns what a line of the log is for. OSSUP_LOG_OFF for other events and for NULL.
#[unsafe(no_mangle)]
pub extern "C" fn ossup_event_log_level(event: Option<&ossup_event>) -> ossup_log_level {
    guard_or(ossup_log_level::OSSUP_LOG_OFF, || match event.map(|event| &event.what) {
        Some(What::Log(line, _)) => line.level().into(),
        None | Some(What::Progress(..) | What::Complete(_) | What::Credentials(_) | What::Writable(..)) => {
            ossup_log_level::OSSUP_LOG_OFF
        }
    })
}

/// Returns a line of the log, without its end. It lives as long as the event. NULL for other events and for NULL.
#[unsafe(no_mangle)]
pub extern "C" fn ossup_event_log_message(event: Option<&ossup_event>) -> *const c_char {
    guard_or(std::ptr::null(), || match event.map(|event| &event.what) {
        Some(What::Log(_, text)) => text.as_ptr(),
        None | Some(What::Progress(..) | What::Complete(_) | What::Credentials(_) | What::Writable(..)) => {
            std::ptr::null()
        }
    })
}

/// Frees an event; a request for credentials that is still in it counts as failed. NULL is nothing.
#[unsafe(no_mangle)]
pub extern "C" fn ossup_event_free(event: Option<Box<ossup_event>>) {
    release(event);
}
