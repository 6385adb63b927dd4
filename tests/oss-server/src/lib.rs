//! A stand-in for Alibaba Cloud OSS that is strict where the service is strict.
//!
//! Tests start it in-process with [`OssServer::start`]; everybody else runs the binary and talks to
//! its admin port. It keeps a ledger of every request and misbehaves on demand, see [`Fault`].
//!
//! The way of a request: `listen` accepts, `route` reads what is asked, `ledger` opens a line,
//! `fault` says what shall go wrong, `auth` verifies, `ops` does it on the `store`, `dress` gives the
//! answer its looks, and `exchange` holds these together.

mod admin;
mod answer;
mod auth;
mod blob;
mod body;
mod callback;
mod clock;
mod connection;
mod content;
mod dress;
mod encode;
mod exchange;
mod faces;
mod fault;
mod hosts;
mod ledger;
mod listen;
mod names;
mod operation;
mod ops;
mod options;
mod pace;
mod plan;
mod refusal;
mod route;
mod server;
mod site;
mod store;
mod tls;
mod view;
mod wire;
mod xml;

pub use faces::{Date, Faces, RepeatedComplete, Space};
pub use fault::{Action, Error, Fault, Moment, When};
pub use ledger::Entry;
pub use operation::Operation;
pub use options::{AccessKey, Options, Throttle};
pub use server::OssServer;
pub use view::{PartInfo, StoredObject, UploadInfo};
