//! `ossup_resume_token`: what an upload goes on from elsewhere, or without a record.

use super::guard::{guard_or, release};
use super::text::owned;
use std::ffi::{CString, c_char};

/// What an upload has sent, as one line of text: give it to ossup_request_set_resume_token, in this process or another,
/// here or on another machine that has the same file. It holds no secret. Immutable; any thread.
pub struct ossup_resume_token {
    text: CString,
}

impl ossup_resume_token {
    pub(super) fn new(text: String) -> Self {
        Self { text: owned(text) }
    }
}

/// Returns the token's text: letters, digits, hyphens, underscores and dots, about 150 bytes for each part. NULL for NULL.
#[unsafe(no_mangle)]
pub extern "C" fn ossup_resume_token_text(token: Option<&ossup_resume_token>) -> *const c_char {
    guard_or(std::ptr::null(), || token.map_or(std::ptr::null(), |token| token.text.as_ptr()))
}

/// Frees a token. What it speaks of stays on the server. NULL is nothing.
#[unsafe(no_mangle)]
pub extern "C" fn ossup_resume_token_free(token: Option<Box<ossup_resume_token>>) {
    release(token);
}
