//! Resumable file upload to Alibaba Cloud OSS: a file goes up in parts, and the same call goes on where an
//! earlier one was stopped, by a network failure, a kill -9 or a power cut.
//!
//! The folders are layers; a file imports from its own folder or from one further up this list:
//!
//! - [`oss`]: what goes over the wire, as plain values
//! - [`upload`]: what an upload is and decides, as plain values
//! - [`sys`]: what operating systems do each in their own way
//! - [`process`]: our life inside the host's process
//! - [`world`]: disk, network and time, each behind a small trait
//! - [`engine`]: performs what `upload` decides with what `world` offers
//! - [`ffi`]: the C API
//!
//! Rust callers use [`Client`], [`Config`], [`Request`] and [`Upload`].

pub mod engine;
pub mod error;
#[allow(unsafe_code, non_camel_case_types, reason = "the C boundary: names are C's, pointers come from C")]
#[allow(clippy::missing_safety_doc, reason = "what a C caller promises is said once, at the head of the header")]
#[allow(rustdoc::bare_urls, reason = "the comments are the header's, for C readers")]
pub mod ffi;
pub mod oss;
pub mod process;
#[allow(unsafe_code, reason = "system calls without a safe wrapper")]
pub mod sys;
pub mod upload;
pub mod world;

pub use engine::client::Client;
pub use engine::config::Config;
pub use engine::diagnostics::diagnostics;
pub use engine::diary::Log;
pub use engine::handle::Upload;
pub use engine::live::{Finished, Observer, Settle};
pub use engine::request::Request;
pub use error::{Error, Kind, Result};
pub use oss::api::list_uploads::ListedUpload;
pub use oss::sign::Credentials;
pub use process::log::{Level, Line};
pub use process::runtime::set_worker_threads;
pub use upload::outcome::{Outcome, Reason};
pub use upload::progress::{Phase, Progress};
pub use world::Answer;
pub use world::checkpoint::records;
pub use world::credentials::{Fetched, Provider, Role};
