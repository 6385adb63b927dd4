//! A scenario, and who plays it.

use super::language::Language;
use super::scenario::{Played, Scenario};

pub(crate) struct Case<'a> {
    pub(crate) scenario: &'a Scenario,
    /// Whose driver each start takes; the last one's for all that follow.
    languages: Vec<Language>,
}

impl Case<'_> {
    pub(crate) fn name(&self) -> String {
        let mut names: Vec<_> = self.languages.iter().map(|language| language.name()).collect();
        names.dedup();
        format!("{}: {}", names.join(", "), self.scenario.name)
    }

    /// Whose driver the nth start takes, from 0.
    pub(crate) fn language(&self, nth: usize) -> Language {
        self.languages[nth.min(self.languages.len() - 1)]
    }
}

/// Each scenario with each language that is asked for.
pub(crate) fn all<'a>(scenarios: &'a [Scenario], languages: &[Language]) -> Vec<Case<'a>> {
    scenarios.iter().flat_map(|scenario| of(scenario, languages)).collect()
}

fn of<'a>(scenario: &'a Scenario, languages: &[Language]) -> Vec<Case<'a>> {
    let sensible = |language: &&Language| scenario.without.iter().all(|(without, _)| without != *language);
    let languages: Vec<_> = languages.iter().filter(sensible).copied().collect();
    let casts: Vec<Vec<_>> = match scenario.played {
        Played::Alone => languages.iter().map(|language| vec![*language]).collect(),
        Played::Pairs => {
            let pairs = languages.iter().flat_map(|one| languages.iter().map(move |other| vec![*one, *other]));
            pairs.collect()
        }
        Played::Turns => vec![languages.iter().cycle().take(scenario.starts()).copied().collect()],
    };
    casts.into_iter().map(|languages| Case { scenario, languages }).collect()
}
