//! Whose turn it is, when many uploads want more places than there are: they take turns, one place each, so that an upload of
//! one part does not wait for the thousand of another.

use std::collections::{BTreeMap, VecDeque};

/// An upload among others.
pub type Who = u64;

/// Who has how many places is of no interest; who waits is.
#[derive(Debug)]
pub struct Turns {
    places: u32,
    busy: u32,
    /// Who waits, in the order of their next turns; each is in it once.
    order: VecDeque<Who>,
    /// For how many places each of them waits.
    waiting: BTreeMap<Who, u32>,
}

impl Turns {
    /// So many places, at least one.
    pub fn new(places: u32) -> Self {
        Self { places: places.max(1), busy: 0, order: VecDeque::new(), waiting: BTreeMap::new() }
    }

    /// Takes a place, if there is one; else waits for one.
    pub fn enter(&mut self, who: Who) -> bool {
        // Nobody waits while there is room.
        if self.busy < self.places {
            self.busy += 1;
            return true;
        }
        let waiting = self.waiting.entry(who).or_insert(0);
        if *waiting == 0 {
            self.order.push_back(who);
        }
        *waiting += 1;
        false
    }

    /// A place is given back; says who has it now.
    pub fn leave(&mut self) -> Option<Who> {
        self.busy = self.busy.saturating_sub(1);
        let who = self.order.pop_front()?;
        self.busy += 1;
        match self.waiting.get_mut(&who) {
            Some(more) if *more > 1 => {
                *more -= 1;
                self.order.push_back(who);
            }
            Some(_) | None => drop(self.waiting.remove(&who)),
        }
        Some(who)
    }

    /// Waits for one place less; says whether it waited for any, or has them all by now.
    pub fn give_up(&mut self, who: Who) -> bool {
        let Some(waiting) = self.waiting.get_mut(&who) else { return false };
        *waiting -= 1;
        if *waiting == 0 {
            self.waiting.remove(&who);
            self.order.retain(|other| *other != who);
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn one_part_waits_for_one_of_the_thousand() {
        let mut turns = Turns::new(1);
        assert!(turns.enter(1));
        assert!((0..999).all(|_| !turns.enter(1)));
        assert!(!turns.enter(2));
        let served: Vec<_> = std::iter::repeat_with(|| turns.leave().unwrap()).take(4).collect();
        assert_eq!(served, [1, 2, 1, 1]);
    }

    #[test]
    fn who_gives_up_is_passed_over() {
        let mut turns = Turns::new(1);
        assert!(turns.enter(1));
        for who in [2, 3, 3] {
            assert!(!turns.enter(who));
        }
        assert!(turns.give_up(2) && turns.give_up(3));
        assert_eq!([turns.leave(), turns.leave()], [Some(3), None]);
        assert!(!turns.give_up(3));
        assert!(turns.enter(2));
    }

    #[derive(Clone, Copy, Debug)]
    enum Step {
        Enter(Who),
        Leave(usize),
        GiveUp(Who),
    }

    fn step() -> impl Strategy<Value = Step> {
        prop_oneof![
            3 => (0u64..5).prop_map(Step::Enter),
            2 => any::<usize>().prop_map(Step::Leave),
            1 => (0u64..5).prop_map(Step::GiveUp),
        ]
    }

    proptest! {
        #[test]
        fn between_two_turns_of_one_that_waits_every_other_has_one_at_most(
            places in 0u32..6,
            steps in proptest::collection::vec(step(), 0..400),
        ) {
            let mut turns = Turns::new(places);
            let places = places.max(1) as usize;
            let (mut inside, mut waiting) = (Vec::new(), [0u32; 5]);
            // For each that waits: the turns of the others since it began to, or had its last.
            let mut passed = [[0u32; 5]; 5];
            for step in steps {
                match step {
                    Step::Enter(who) => {
                        let is_in = turns.enter(who);
                        prop_assert_eq!(is_in, inside.len() < places);
                        if is_in { inside.push(who) } else {
                            if waiting[who as usize] == 0 { passed[who as usize] = [0; 5] }
                            waiting[who as usize] += 1;
                        }
                    }
                    Step::Leave(which) if !inside.is_empty() => {
                        inside.swap_remove(which % inside.len());
                        let next = turns.leave();
                        prop_assert_eq!(next.is_none(), waiting == [0; 5]);
                        let Some(next) = next else { continue };
                        inside.push(next);
                        prop_assert!(waiting[next as usize] > 0);
                        waiting[next as usize] -= 1;
                        passed[next as usize] = [0; 5];
                        for other in (0..5).filter(|&other| waiting[other] > 0 && other != next as usize) {
                            passed[other][next as usize] += 1;
                            prop_assert!(passed[other][next as usize] <= 1, "{next} twice before {other}");
                        }
                    }
                    Step::GiveUp(who) => {
                        prop_assert_eq!(turns.give_up(who), waiting[who as usize] > 0);
                        waiting[who as usize] = waiting[who as usize].saturating_sub(1);
                    }
                    Step::Leave(_) => {}
                }
                prop_assert!(inside.len() <= places);
                // While somebody waits no place is empty.
                prop_assert!(waiting == [0; 5] || inside.len() == places);
            }
        }
    }
}
