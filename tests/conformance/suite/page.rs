//! The page about the scenarios.

use super::scenario::Scenario;

pub(crate) const NAME: &str = "the page lists the scenarios";

pub(crate) fn check(_scenarios: &[Scenario]) -> Result<(), String> {
    Ok(())
}
