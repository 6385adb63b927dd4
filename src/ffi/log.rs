//! `ossup_config_set_log`: what a client tells of its work, by the host's function or through its queue.

use super::config::{ossup_config, set};
use super::guard::{guard, required};
use super::queue::ossup_queue;
use super::status::ossup_status;
use super::text::owned;
use super::upload::ossup_upload;
use super::user_data::{UserData, ossup_release_fn};
use crate::engine::diary::Log;
use crate::engine::handle::Mention;
use crate::error::{Error, Result};
use crate::process::callbacks::Callbacks;
use crate::process::log::{Level, Line};
use crate::process::{orphan, panics};
use std::ffi::{c_char, c_void};
use std::ptr;
use std::sync::Arc;

/// What a line of the log is for. A log of one level has the lines of those above it, too.
#[repr(i32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ossup_log_level {
    /// No line: switches the log off.
    OSSUP_LOG_OFF = 0,
    /// An upload that failed.
    OSSUP_LOG_ERROR = 1,
    /// What went wrong without stopping an upload: each request that is tried again, each warning of a result.
    OSSUP_LOG_WARN = 2,
    /// What uploads begin, decide and do: start, resume or not and why, credentials, end.
    OSSUP_LOG_INFO = 3,
    /// Each try of each request, and each step of the record.
    OSSUP_LOG_DEBUG = 4,
    /// Each part.
    OSSUP_LOG_TRACE = 5,
}

use ossup_log_level::*;

/// Is told a line of the log: on the library's callback thread, which all callbacks of the process share. All is lent for the
/// call. Any function may be called in it but those that wait; what these calls log in turn comes later. It must not unwind.
///
/// level: one of ossup_log_level, but not OSSUP_LOG_OFF.
/// message: one line, without its end.
/// upload: the one that the line is about; NULL when it is about none, or when that is gone.
pub type ossup_log_fn = Option<
    unsafe extern "C" fn(
        level: ossup_log_level,
        message: *const c_char,
        upload: *mut ossup_upload,
        user_data: *mut c_void,
    ),
>;

impl From<Level> for ossup_log_level {
    fn from(level: Level) -> Self {
        match level {
            Level::Error => OSSUP_LOG_ERROR,
            Level::Warn => OSSUP_LOG_WARN,
            Level::Info => OSSUP_LOG_INFO,
            Level::Debug => OSSUP_LOG_DEBUG,
            Level::Trace => OSSUP_LOG_TRACE,
        }
    }
}

/// The host's function with its data.
struct Function {
    on_log: unsafe extern "C" fn(ossup_log_level, *const c_char, *mut ossup_upload, *mut c_void),
    user_data: UserData,
}

impl Function {
    fn tell(&self, mut line: Line<Mention>) {
        panics::may_come("log");
        let message = owned(line.take());
        let mut upload = line.about().and_then(Mention::get).map(ossup_upload::new);
        let lent = upload.as_mut().map_or(ptr::null_mut(), ptr::from_mut);
        let Some(user_data) = self.user_data.pointer() else { return };
        // SAFETY: the host promises a function of this type; what it is lent outlives the call.
        unsafe { (self.on_log)(line.level().into(), message.as_ptr(), lent, user_data) };
    }
}

/// The level of a number that C calls one; none for off.
fn level_of(number: i32) -> Result<Option<Level>> {
    let levels = [Level::Error, Level::Warn, Level::Info, Level::Debug, Level::Trace];
    let known = levels.into_iter().find(|level| *level as i32 == number);
    match known {
        None if number != OSSUP_LOG_OFF as i32 => {
            Err(Error::invalid_argument(format!("log level: {number} is none of 0 to 5")))
        }
        level => Ok(level),
    }
}

/// Has a function told what clients of this config do, line by line, in place of where their log went before. Default: there
/// is no log. No line holds credentials, signatures, passwords, user metadata or the query of an address; what others said
/// is cut short where it looks as if it did.
///
/// A line begins with "upload N: ", a number of its own for each upload, when it is about one. It has 2048 bytes at most.
/// When 1024 lines wait for the function, what comes on top is lost until it has caught up; then one line says how many were.
///
/// level: one of ossup_log_level; OSSUP_LOG_OFF tells nothing.
/// on_log: may be NULL with OSSUP_LOG_OFF.
/// user_data: given to the function. It is the library's as soon as this returns OSSUP_OK, until release is called on the
/// callback thread, exactly once, behind the last line: when the log was set anew or the config is gone, and so are all its
/// clients and their uploads; with OSSUP_LOG_OFF at once.
/// release: may be NULL.
/// Errors: OSSUP_INVALID_ARGUMENT, OSSUP_NO_RESOURCES, OSSUP_FORKED.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ossup_config_set_log(
    config: Option<&mut ossup_config>,
    level: i32,
    on_log: ossup_log_fn,
    user_data: *mut c_void,
    release: ossup_release_fn,
) -> ossup_status {
    guard(|| {
        set(config, |config| {
            let asked = match level_of(level)? {
                Some(level) => Some((level, required("on_log", on_log)?)),
                None => None,
            };
            orphan::refuse()?;
            let callbacks = Callbacks::get()?;
            let user_data = UserData::new(user_data, release);
            config.set_log(asked.map_or_else(Log::default, |(level, on_log)| {
                let function = Arc::new(Function { on_log, user_data });
                Log::new(level, move |line| {
                    let function = Arc::clone(&function);
                    callbacks.run(move || function.tell(line));
                })
            }));
            Ok(())
        })
    })
}

/// Puts what clients of this config do into a queue, line by line, in place of where their log went before: each line is an
/// event of kind OSSUP_EVENT_LOG, read with ossup_event_log_level and ossup_event_log_message. The lines are those of
/// ossup_config_set_log, lost where 1024 wait to be taken. They come before the OSSUP_EVENT_COMPLETE of their upload, where
/// that goes to the same queue. A queue that was freed takes none. Default: there is no log.
///
/// level: one of ossup_log_level; OSSUP_LOG_OFF tells nothing.
/// queue: may be NULL with OSSUP_LOG_OFF.
/// tag: what ossup_event_tag returns for the lines.
/// Errors: OSSUP_INVALID_ARGUMENT, OSSUP_FORKED.
#[unsafe(no_mangle)]
pub extern "C" fn ossup_config_set_log_queue(
    config: Option<&mut ossup_config>,
    level: i32,
    queue: Option<&ossup_queue>,
    tag: u64,
) -> ossup_status {
    guard(|| {
        set(config, |config| {
            let asked = match level_of(level)? {
                Some(level) => Some((level, required("queue", queue)?)),
                None => None,
            };
            orphan::refuse()?;
            config.set_log(asked.map_or_else(Log::default, |(level, queue)| Log::new(level, queue.log(tag))));
            Ok(())
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_numbers_are_the_rust_apis() {
        for number in 1..=5 {
            let level = level_of(number).unwrap().unwrap();
            assert_eq!((ossup_log_level::from(level) as i32, level as i32), (number, number));
        }
        assert_eq!(level_of(0).unwrap(), None);
        for number in [-1, 6, i32::MIN, i32::MAX] {
            assert!(level_of(number).unwrap_err().to_string().contains("log level"));
        }
    }
}
