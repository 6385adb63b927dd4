//! `ossup_client`: what the uploads to one endpoint share.

use super::config::ossup_config;
use super::error::ossup_error;
use super::guard::{give, guard, guard_with, release, required};
use super::library::time_for_callbacks;
use super::request::ossup_request;
use super::result::ossup_result;
use super::status::ossup_status;
use crate::engine::client::Client;
use crate::error::{Error, Kind};
use crate::process::{callbacks, orphan};
use std::mem::MaybeUninit;

/// Connections, credentials and the server's clock. Any thread; one for a whole program is best.
pub struct ossup_client {
    client: Client,
}

impl ossup_client {
    pub(super) fn client(&self) -> &Client {
        &self.client
    }
}

/// Makes a client. Proxy variables of the environment and the CA file are read now; nothing is sent.
///
/// Errors: OSSUP_INVALID_ARGUMENT when a parameter is missing or was refused, OSSUP_TLS_FAILED when the operating
/// system's trust store cannot be used, OSSUP_FORKED.
#[unsafe(no_mangle)]
pub extern "C" fn ossup_client_new(
    config: Option<&ossup_config>,
    out: Option<&mut MaybeUninit<Option<Box<ossup_client>>>>,
    error: Option<&mut MaybeUninit<Option<Box<ossup_error>>>>,
) -> ossup_status {
    guard_with(error, || {
        let out = required("out", out)?;
        orphan::refuse()?;
        let client = Client::new(required("config", config)?.value()?)?;
        give(out, ossup_client { client });
        Ok(())
    })
}

/// Uploads a file and waits until that is over: ossup_upload_new, _start, _wait and _result in one. The request's
/// bytes never move on the caller's thread.
///
/// result: NULL, or a place for what the upload did. It is written whenever the upload was started, also when it
/// failed.
/// Returns the upload's status. A stream, which has to be pushed, is OSSUP_INVALID_ARGUMENT.
#[unsafe(no_mangle)]
pub extern "C" fn ossup_client_upload_file(
    client: Option<&ossup_client>,
    request: Option<&ossup_request>,
    result: Option<&mut MaybeUninit<Option<Box<ossup_result>>>>,
    error: Option<&mut MaybeUninit<Option<Box<ossup_error>>>>,
) -> ossup_status {
    guard_with(error, || {
        let client = required("client", client)?;
        orphan::refuse()?;
        if callbacks::is_this_thread() {
            return Err(Error::new(Kind::WouldDeadlock, "a callback cannot wait for an upload"));
        }
        let upload = client.client.upload(required("request", request)?.value()?)?;
        if upload.is_stream() {
            let message = "a stream has to be pushed while it is uploaded: see ossup_upload_new and ossup_upload_write";
            return Err(Error::invalid_argument(message));
        }
        upload.start()?;
        let lost = || Error::new(Kind::Internal, "an upload ended without a result");
        let finished = upload.wait(None)?.ok_or_else(lost)?;
        if let Some(result) = result {
            give(result, ossup_result::new(&finished));
        }
        finished.outcome.error.clone().map_or(Ok(()), Err)
    })
}

/// Sets how many bytes of files a second all uploads of the client may send together, from now on, those that run, too: as
/// ossup_config_set_bandwidth_limit does for the beginning. Any thread, also in callbacks.
///
/// bytes_per_second: at least 1024; 0 is no cap.
/// Errors: OSSUP_INVALID_ARGUMENT, OSSUP_FORKED.
#[unsafe(no_mangle)]
pub extern "C" fn ossup_client_set_bandwidth_limit(
    client: Option<&ossup_client>,
    bytes_per_second: u64,
) -> ossup_status {
    guard(|| {
        let client = required("client", client)?;
        orphan::refuse()?;
        client.client.set_bandwidth_limit(bytes_per_second)
    })
}

/// Does for the client's own uploads what ossup_shutdown does for all: pauses them, aborts what neither a record nor a token
/// leads back to, waits until their last callbacks have returned, and closes the client's connections. It is for plugins, whose
/// code goes while the process stays: afterwards no function is called any more that was given to an upload of the client's
/// that was started, or freed before; nor, when the config was freed before, one that provides its credentials, unless it is
/// running. A function that takes the log is called until config, clients and uploads are freed: in a plugin, have the log go
/// to a queue. From its beginning on no upload of the client's can be started; other clients notice nothing. Any thread, and as
/// often as one likes.
///
/// timeout_ms: how long to wait for what hangs; negative waits for ever. Another call waits for the rest.
/// Errors: OSSUP_TIMED_OUT when something still hangs, OSSUP_WOULD_DEADLOCK in a callback and in a function that provides
/// credentials, OSSUP_FORKED.
#[unsafe(no_mangle)]
pub extern "C" fn ossup_client_shutdown(client: Option<&ossup_client>, timeout_ms: i64) -> ossup_status {
    guard(|| {
        let client = required("client", client)?;
        let timeout = time_for_callbacks(timeout_ms)?;
        let is_done = client.client.shutdown(timeout);
        if is_done { Ok(()) } else { Err(Error::new(Kind::TimedOut, "something of the client still hangs")) }
    })
}

/// Frees a client; uploads made of it keep running. NULL is nothing.
#[unsafe(no_mangle)]
pub extern "C" fn ossup_client_free(client: Option<Box<ossup_client>>) {
    release(client);
}
