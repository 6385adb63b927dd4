//! What was done and found, counted.

use super::check::Findings;
use super::kill::{self, Manner};
use super::{faults, power};
use oss_server::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// The table's sections, in its order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Section {
    Done,
    Manner,
    Phase,
    Fault,
    Loss,
    Found,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Tally(BTreeMap<(Section, String), u32>);

impl Tally {
    pub(crate) fn killed(&mut self, manner: &Manner, phase: &str) {
        self.count(Section::Done, "kills", 1);
        self.count(Section::Manner, manner.name(), 1);
        self.count(Section::Phase, phase, 1);
    }

    /// A run that faults brought to an end.
    pub(crate) fn failed(&mut self) {
        self.count(Section::Done, "runs that faults ended", 1);
    }

    pub(crate) fn power_failed(&mut self, told: &BTreeSet<&str>) {
        self.count(Section::Done, "power losses", 1);
        for what in told {
            self.count(Section::Loss, what, 1);
        }
    }

    pub(crate) fn forgotten(&mut self, what: &str) {
        self.count(Section::Fault, what, 1);
    }

    pub(crate) fn ended(&mut self, findings: Findings, ledger: &[Entry]) {
        self.count(Section::Done, "uploads", 1);
        self.count(Section::Done, "requests", ledger.len() as u32);
        for entry in ledger {
            for fault in entry.faults.iter().skip(faults::pauses_at(entry.operation)) {
                self.count(Section::Fault, &format!("{:?}: {fault}", entry.operation), 1);
            }
        }
        let Findings { sent_twice, allowed_twice, left_by_kills, left_by_lost_answers, left_by_refusals } = findings;
        self.count(Section::Found, "parts sent twice", sent_twice);
        self.count(Section::Found, "parts that might have been", allowed_twice);
        self.count(Section::Found, "uploads without parts left by kills", left_by_kills);
        self.count(Section::Found, "uploads without parts left by lost answers", left_by_lost_answers);
        self.count(Section::Found, "uploads left as the server refused to abort them", left_by_refusals);
    }

    pub(crate) fn kills(&self) -> u32 {
        self.of(Section::Done, "kills")
    }

    pub(crate) fn power_losses(&self) -> u32 {
        self.of(Section::Done, "power losses")
    }

    pub(crate) fn uploads(&self) -> u32 {
        self.of(Section::Done, "uploads")
    }

    /// `disk.c` was heard: without it, all would be well for ever.
    pub(crate) fn tells_of_the_disk(&self) -> bool {
        self.of(Section::Manner, kill::IN_A_CALL) > 0 && self.of(Section::Loss, power::NAMES_KNOWN) > 0
    }

    pub(crate) fn add(&mut self, other: &Self) {
        for ((section, name), times) in &other.0 {
            self.count(*section, name, *times);
        }
    }

    /// With one line for all kinds of what is counted, where it has kinds: `PutObject: 1 refuse, 2 reset`.
    fn without_kinds(&self) -> Self {
        let mut lines = BTreeMap::<_, (u32, Vec<String>)>::new();
        for ((section, name), times) in &self.0 {
            let (name, kind) = name.split_once(": ").unwrap_or((name, ""));
            let (sum, kinds) = lines.entry((*section, name)).or_default();
            *sum += times;
            kinds.extend((!kind.is_empty()).then(|| format!("{times} {kind}")));
        }
        let joined = |(section, name): (Section, &str), (sum, kinds): (u32, Vec<String>)| {
            let colon = if kinds.is_empty() { "" } else { ": " };
            ((section, format!("{name}{colon}{}", kinds.join(", "))), sum)
        };
        Self(lines.into_iter().map(|(key, value)| joined(key, value)).collect())
    }

    fn of(&self, section: Section, name: &str) -> u32 {
        self.0.get(&(section, name.to_owned())).copied().unwrap_or_default()
    }

    fn count(&mut self, section: Section, name: &str, times: u32) {
        *self.0.entry((section, name.to_owned())).or_default() += times;
    }
}

impl Section {
    fn title(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Manner => "kills by manner",
            Self::Phase => "kills by phase",
            Self::Fault => "faults that hit",
            Self::Loss => "power losses: what was found",
            Self::Found => "found",
        }
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut section = None;
        for ((of, name), times) in self.without_kinds().0 {
            if section.replace(of) != Some(of) {
                writeln!(f, "{}", of.title())?;
            }
            writeln!(f, "{times:>8}  {name}")?;
        }
        Ok(())
    }
}
