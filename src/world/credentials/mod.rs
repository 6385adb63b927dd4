//! Where access keys come from. They are asked for at each attempt of each request, never once per upload.

mod fixed;

pub use fixed::Fixed;

use super::Answer;
use crate::error::Error;
use crate::oss::sign::Credentials;
use std::fmt::Debug;
use std::sync::Arc;

/// Provides the credentials of the next request.
pub trait Provider: Debug + Send + Sync {
    /// Credentials that are valid now.
    fn credentials(&self) -> Answer<'_, Result<Arc<Credentials>, Error>>;
}
