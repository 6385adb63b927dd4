//! The only code that touches disk, network and time; each behind a small trait, so that a test can stand in.

pub mod bandwidth;
pub mod body;
pub mod checkpoint;
pub mod clock;
pub mod credentials;
pub mod source;
pub mod transport;
pub mod web;
mod windows;

use std::future::Future;
use std::pin::Pin;

/// What a trait's asynchronous method returns.
pub type Answer<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;
