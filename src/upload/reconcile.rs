//! What each part of the plan is worth once the server has said what it holds.

use super::journal::Part;
use super::plan::Plan;
use crate::oss::api::list_parts::ListedPart;

/// What is known of one part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Slot {
    /// It has to be sent.
    Missing,
    /// The server has it; it counts only if the file's bytes have the CRC-64 too.
    Unproven(Part),
    /// The server has it and its CRC-64 was computed here.
    Proven(Part),
}

impl Slot {
    /// The part, as it is believed to be.
    pub fn part(&self) -> Option<&Part> {
        match self {
            Self::Proven(part) | Self::Unproven(part) => Some(part),
            Self::Missing => None,
        }
    }

    /// The part, when it counts.
    pub fn proven(&self) -> Option<&Part> {
        match self {
            Self::Proven(part) => Some(part),
            Self::Missing | Self::Unproven(_) => None,
        }
    }
}

/// What a record says, as far as numbers and sizes are the plan's; the last word on a number counts.
pub fn recorded(plan: &Plan, parts: impl IntoIterator<Item = Part>) -> Vec<Slot> {
    let mut slots = vec![Slot::Missing; plan.parts() as usize];
    for part in parts {
        let fits = plan.range(part.number).is_some_and(|range| range.length == part.size);
        if let (true, Some(place)) = (fits, slots.get_mut((part.number as usize).wrapping_sub(1))) {
            *place = Slot::Proven(part);
        }
    }
    slots
}

/// Sets what we know against what the server lists; the server wins.
pub fn against_server(plan: &Plan, known: &[Slot], listed: &[ListedPart]) -> Vec<Slot> {
    let mut slots = vec![Slot::Missing; plan.parts() as usize];
    for server in listed {
        let Some(range) = plan.range(server.number) else { continue };
        if range.length != server.size {
            continue;
        }
        let index = server.number as usize - 1;
        let slot = match (known.get(index).and_then(Slot::part), server.crc64) {
            (Some(ours), crc64) if ours.etag == server.etag && crc64.is_none_or(|crc64| crc64 == ours.crc64) => {
                Slot::Proven(ours.clone())
            }
            (_, Some(crc64)) => {
                Slot::Unproven(Part { number: server.number, size: server.size, etag: server.etag.clone(), crc64 })
            }
            (_, None) => Slot::Missing,
        };
        if let Some(place) = slots.get_mut(index) {
            *place = slot;
        }
    }
    slots
}

/// How the file was cut into parts that are on the server: as wished, or as their sizes show. None when they are not of
/// a file of this size.
pub fn plan_of(listed: &[ListedPart], wished: &Plan) -> Option<Plan> {
    let shown = Plan { part_size: listed.iter().map(|part| part.size).max()?, ..*wished };
    let fits = |plan: &Plan| {
        let fits = |part: &ListedPart| plan.range(part.number).is_some_and(|range| range.length == part.size);
        plan.is_sound() && listed.iter().all(fits)
    };
    [*wished, shown].into_iter().find(fits)
}

/// Takes back every proof: the file's bytes must show it again.
pub fn doubt(slots: &mut [Slot]) {
    for slot in slots {
        *slot = match std::mem::replace(slot, Slot::Missing) {
            Slot::Proven(part) | Slot::Unproven(part) => Slot::Unproven(part),
            Slot::Missing => Slot::Missing,
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAN: Plan = Plan { size: 250_000, part_size: 102_400 };

    fn ours(number: u32, size: u64) -> Part {
        Part { number, size, etag: format!("\"{number}\"").into(), crc64: u64::from(number) }
    }

    fn theirs(number: u32, size: u64, crc64: Option<u64>) -> ListedPart {
        ListedPart { number, size, etag: format!("\"{number}\"").into(), crc64 }
    }

    #[test]
    fn a_part_counts_when_both_sides_agree() {
        let known = recorded(&PLAN, [ours(1, 102_400), ours(3, 45_200)]);
        let slots = against_server(&PLAN, &known, &[theirs(1, 102_400, Some(1)), theirs(3, 45_200, None)]);
        assert_eq!(slots, [Slot::Proven(ours(1, 102_400)), Slot::Missing, Slot::Proven(ours(3, 45_200))]);
    }

    #[test]
    fn what_only_the_server_knows_needs_a_crc_and_a_proof() {
        let listed = [theirs(1, 102_400, Some(77)), theirs(2, 102_400, None)];
        let slots = against_server(&PLAN, &[], &listed);
        assert_eq!(slots[0], Slot::Unproven(Part { crc64: 77, ..ours(1, 102_400) }));
        assert_eq!(slots[1], Slot::Missing);
    }

    #[test]
    fn what_does_not_fit_the_plan_is_not_there() {
        let known = recorded(&PLAN, [ours(2, 102_399), ours(4, 1)]);
        assert_eq!(known, vec![Slot::Missing; 3]);
        let slots =
            against_server(&PLAN, &known, &[theirs(2, 1, Some(1)), theirs(4, 102_400, Some(1)), theirs(0, 5, Some(1))]);
        assert_eq!(slots, vec![Slot::Missing; 3]);
    }

    #[test]
    fn another_etag_than_ours_is_another_part() {
        let known = recorded(&PLAN, [ours(1, 102_400), ours(2, 102_400)]);
        let other = |number, crc64| ListedPart { etag: "\"other\"".into(), ..theirs(number, 102_400, crc64) };
        let slots = against_server(&PLAN, &known, &[other(1, None), other(2, Some(2))]);
        assert_eq!(slots[0], Slot::Missing);
        assert_eq!(slots[1], Slot::Unproven(Part { etag: "\"other\"".into(), ..ours(2, 102_400) }));
    }

    #[test]
    fn another_crc_than_ours_must_be_proven() {
        let known = recorded(&PLAN, [ours(1, 102_400)]);
        let slots = against_server(&PLAN, &known, &[theirs(1, 102_400, Some(99))]);
        assert_eq!(slots[0], Slot::Unproven(Part { crc64: 99, ..ours(1, 102_400) }));
    }

    #[test]
    fn the_sizes_of_parts_show_how_the_file_was_cut() {
        let other = Plan { size: 250_000, part_size: 120_000 };
        for (listed, plan) in [
            (vec![theirs(2, 102_400, None), theirs(3, 45_200, None)], Some(PLAN)),
            (vec![theirs(1, 120_000, None)], Some(other)),
            (vec![theirs(2, 120_000, None), theirs(3, 10_000, None)], Some(other)),
            (vec![theirs(1, 102_400, None), theirs(2, 102_401, None)], None),
            (vec![theirs(4, 102_400, None)], None),
            (vec![theirs(1, 5, None)], None),
            (Vec::new(), None),
        ] {
            assert_eq!(plan_of(&listed, &PLAN), plan, "{listed:?}");
        }
    }

    #[test]
    fn doubt_takes_back_every_proof() {
        let mut slots = recorded(&PLAN, [ours(1, 102_400)]);
        doubt(&mut slots);
        assert_eq!(slots, [Slot::Unproven(ours(1, 102_400)), Slot::Missing, Slot::Missing]);
    }
}
