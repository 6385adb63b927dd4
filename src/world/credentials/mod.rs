//! Where access keys come from. They are asked for at each attempt of each request, never once per upload.
//!
//! A source knows how to fetch them, the chain asks the sources in order, and the keeper keeps what came for as long
//! as it is good.

mod chain;
mod ecs;
mod environment;
mod fixed;
mod issued;
mod keeper;
mod oidc;
mod provider;

pub use chain::{Chain, Witness};
pub use ecs::{EcsRamRole, check_role_name};
pub use environment::{Environment, Variables};
pub use fixed::Fixed;
pub use keeper::Keeper;
pub use oidc::{OidcRole, Role};
pub use provider::{Own, Question};

use super::Answer;
use crate::error::Result;
use crate::oss::sign::Credentials;
use std::fmt::Debug;

/// What a source gave.
#[derive(Debug)]
pub struct Fetched {
    /// The credentials.
    pub credentials: Credentials,
    /// The second since 1970 from which on they are refused; none when it is not known.
    pub expires: Option<i64>,
}

/// A source of credentials.
pub trait Provider: Debug + Send + Sync {
    /// What a person calls it.
    fn name(&self) -> &str;
    /// Fetches credentials that are valid now.
    fn fetch(&self) -> Answer<'_, Result<Fetched>>;
}
