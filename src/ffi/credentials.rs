//! `ossup_credentials_request`: a question for credentials, put to the host by its function or through its queue.

use super::error::ossup_error;
use super::guard::{guard, guard_or, guard_with, release, required};
use super::status::ossup_status;
use super::text::{optional_text, text};
use super::user_data::{UserData, ossup_release_fn};
use crate::error::{Error, Kind, Result};
use crate::oss::sign::Credentials;
use crate::process::pool::Lane;
use crate::process::{orphan, panics};
use crate::world::credentials::{Fetched, Own, Question};
use std::ffi::{c_char, c_void};
use std::mem::MaybeUninit;
use std::sync::Arc;

/// A question for credentials. It is the host's, to be answered once, at once or later, from any thread, and to be
/// freed. Freed without an answer, it counts as failed.
pub struct ossup_credentials_request {
    question: Question,
}

/// Is asked for credentials: on a thread of the library's own, for one question at a time, so that it may take its
/// time. Any function may be called in it but both shutdowns; an upload by a client of the same config would wait for
/// itself, until the credentials timeout. It must not unwind.
///
/// request: the function's to keep; answer it, at once or later, and free it.
pub type ossup_credentials_fn =
    Option<unsafe extern "C" fn(request: Option<Box<ossup_credentials_request>>, user_data: *mut c_void)>;

/// The host's function with its data.
struct Function {
    function: unsafe extern "C" fn(Option<Box<ossup_credentials_request>>, *mut c_void),
    user_data: UserData,
}

impl ossup_credentials_request {
    pub(super) fn new(question: Question) -> Self {
        Self { question }
    }
}

/// A source that asks a function of the host's.
pub(super) fn by_function(
    function: ossup_credentials_fn,
    user_data: *mut c_void,
    release: ossup_release_fn,
) -> Result<Own> {
    let function = required("provider", function)?;
    orphan::refuse()?;
    let function = Arc::new(Function { function, user_data: UserData::new(user_data, release) });
    // The function may hang, or wait for an upload by another client.
    let lane = Lane::apart(1);
    Ok(Own::new("the provider function", move |question| {
        let function = Arc::clone(&function);
        lane.submit(move || function.ask(question))
    }))
}

impl Function {
    fn ask(&self, question: Question) {
        let wanted = panics::caught(|| {
            panics::may_come("provider");
            // One that took too long may have let others come in vain.
            self.user_data.pointer().filter(|_| question.is_wanted())
        });
        match wanted {
            Ok(None) => {}
            Ok(Some(user_data)) => {
                let request = ossup_credentials_request::new(question);
                // SAFETY: the host promises a function of this type; the request is its own from now on.
                unsafe { (self.function)(Some(Box::new(request)), user_data) };
            }
            Err(panic) => drop(question.answer(Err(panic.temporary()))),
        }
    }
}

/// The question, unless it was left behind in a parent.
fn alive(request: Option<&ossup_credentials_request>) -> Result<&Question> {
    let request = required("request", request)?;
    orphan::refuse()?;
    Ok(&request.question)
}

/// Returns whether the answer is still waited for: whoever takes long may ask now and then, and give up. Any thread. False once
/// it was answered or the credentials timeout is over, for NULL, and in a fork's child.
#[unsafe(no_mangle)]
pub extern "C" fn ossup_credentials_request_is_wanted(request: Option<&ossup_credentials_request>) -> bool {
    guard_or(false, || alive(request).is_ok_and(Question::is_wanted))
}

/// Answers with credentials. An answer that nobody waits for any more is dropped. The request is still to be freed. Any
/// thread.
///
/// token: the security token of a temporary access key; NULL when it is no temporary one.
/// expires_unix_s: the second since 1970 from which on OSS refuses them; 0 when it is not known. New ones are asked for
/// five minutes before, or a tenth of their life if that is shorter.
/// Errors: OSSUP_INVALID_ARGUMENT, after which the request is still to be answered; OSSUP_INVALID_STATE when it was
/// answered before; OSSUP_FORKED.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ossup_credentials_request_give(
    request: Option<&ossup_credentials_request>,
    access_key_id: *const c_char,
    access_key_secret: *const c_char,
    token: *const c_char,
    expires_unix_s: i64,
    error: Option<&mut MaybeUninit<Option<Box<ossup_error>>>>,
) -> ossup_status {
    guard_with(error, || {
        let question = alive(request)?;
        // SAFETY: the caller promises NULL or a NUL-terminated string.
        let id = unsafe { text("AccessKeyId", access_key_id) }?;
        // SAFETY: as above.
        let secret = unsafe { text("AccessKeySecret", access_key_secret) }?;
        // SAFETY: as above.
        let token = unsafe { optional_text("SecurityToken", token) }?;
        let credentials = Credentials::new(id, secret, token)?;
        if expires_unix_s < 0 {
            return Err(Error::invalid_argument(format!(
                "expires_unix_s is {expires_unix_s}: it must not be negative"
            )));
        }
        question.answer(Ok(Fetched { credentials, expires: (expires_unix_s > 0).then_some(expires_unix_s) }))
    })
}

/// Answers that there are no credentials. The request is still to be freed. Any thread.
///
/// message: why; it becomes part of the upload's error, so it should hold no secret.
/// temporary: whether trying again may help. Otherwise uploads that wait for credentials fail at once; they can be
/// resumed all the same.
/// Errors: as ossup_credentials_request_give.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ossup_credentials_request_fail(
    request: Option<&ossup_credentials_request>,
    message: *const c_char,
    temporary: bool,
) -> ossup_status {
    guard(|| {
        let question = alive(request)?;
        // SAFETY: the caller promises NULL or a NUL-terminated string.
        let error = Error::new(Kind::NoCredentials, unsafe { text("message", message) }?);
        question.answer(Err(if temporary { error.temporary() } else { error }))
    })
}

/// Frees a request; when it was not answered, that is a failure. Clients, queues and the library itself may be gone by
/// then. NULL is nothing.
#[unsafe(no_mangle)]
pub extern "C" fn ossup_credentials_request_free(request: Option<Box<ossup_credentials_request>>) {
    release(request);
}
