//! An access key that the caller gave.

use super::Provider;
use crate::error::Error;
use crate::oss::sign::Credentials;
use crate::world::Answer;
use std::sync::Arc;

/// The same credentials for ever.
#[derive(Debug)]
pub struct Fixed(Arc<Credentials>);

impl Fixed {
    /// Provides these.
    pub fn new(credentials: Credentials) -> Self {
        Self(Arc::new(credentials))
    }
}

impl Provider for Fixed {
    fn credentials(&self) -> Answer<'_, Result<Arc<Credentials>, Error>> {
        Box::pin(std::future::ready(Ok(Arc::clone(&self.0))))
    }
}
