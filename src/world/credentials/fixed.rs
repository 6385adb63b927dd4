//! An access key that the caller gave.

use super::{Fetched, Provider};
use crate::error::Result;
use crate::oss::sign::Credentials;
use crate::world::Answer;

/// The same credentials for ever.
#[derive(Debug)]
pub struct Fixed(Credentials);

impl Fixed {
    /// Provides these.
    pub fn new(credentials: Credentials) -> Self {
        Self(credentials)
    }
}

impl Provider for Fixed {
    fn name(&self) -> &str {
        "the given access key"
    }

    fn fetch(&self) -> Answer<'_, Result<Fetched>> {
        Box::pin(std::future::ready(Ok(Fetched { credentials: self.0.clone(), expires: None })))
    }
}
