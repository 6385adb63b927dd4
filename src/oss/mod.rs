//! What goes over the wire, as plain values: no socket, no file, no clock.
//!
//! A call is three steps: a file of [`api`] builds a [`request::Request`], [`sign`] signs it for a
//! moment in time, [`endpoint`] says where it goes. The answer goes back to the same file of
//! [`api`], which reads it or turns it into an error through [`service_error`].

pub mod api;
pub mod callback;
pub mod crc64;
pub mod date;
pub mod encode;
pub mod endpoint;
pub mod etag;
pub mod headers;
pub mod limits;
pub mod names;
pub mod options;
pub mod remedy;
pub mod request;
pub mod service_error;
pub mod sign;
pub mod xml;
