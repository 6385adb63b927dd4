//! The page about the scenarios has all of them.

use super::scenario::Scenario;
use std::path::Path;

pub(crate) const NAME: &str = "the page lists the scenarios";

const PAGE: &str = "tests/conformance.md";
const BEFORE: &str = "## The scenarios\n\n";
const BEHIND: &str = "\n## What languages test by themselves";

/// Compares, or renews the page where `OSSUP_UPDATE` asks for it.
pub(crate) fn check(scenarios: &[Scenario]) -> Result<(), String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(PAGE);
    let page = std::fs::read_to_string(&path).map_err(|error| format!("{PAGE}: {error}"))?;
    let (head, rest) = page.split_once(BEFORE).ok_or("the page has no list")?;
    let (_, tail) = rest.split_once(BEHIND).ok_or("the page's list has no end")?;
    let expected = format!("{head}{BEFORE}{}{BEHIND}{tail}", list(scenarios));
    if std::env::var_os("OSSUP_UPDATE").is_some() {
        return std::fs::write(&path, expected).map_err(|error| format!("{PAGE}: {error}"));
    }
    if page == expected { Ok(()) } else { Err(format!("{PAGE} is not up to date: OSSUP_UPDATE=1 renews it")) }
}

fn list(scenarios: &[Scenario]) -> String {
    scenarios.iter().map(told).collect()
}

fn told(scenario: &Scenario) -> String {
    let without: String =
        scenario.without.iter().map(|(language, why)| format!(" Not in {}: {why}", language.title())).collect();
    format!("- **{}.** {}{without}\n", scenario.name, scenario.says)
}
