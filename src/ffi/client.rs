//! `ossup_client`: what the uploads to one endpoint share.

use super::config::ossup_config;
use super::error::ossup_error;
use super::guard::{give, guard, guard_with, release, required};
use super::request::ossup_request;
use super::result::ossup_result;
use super::status::ossup_status;
use crate::engine::client::Client;
use crate::error::{Error, Kind};
use crate::process::{callbacks, fork};
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
        fork::refuse_child()?;
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
        fork::refuse_child()?;
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
        fork::refuse_child()?;
        client.client.set_bandwidth_limit(bytes_per_second)
    })
}

/// Frees a client; uploads made of it keep running. NULL is nothing.
#[unsafe(no_mangle)]
pub extern "C" fn ossup_client_free(client: Option<Box<ossup_client>>) {
    release(client);
}
