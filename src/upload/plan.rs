//! How a file is cut into parts.

use crate::error::{Error, Result};
use crate::oss::limits;
use serde::{Deserialize, Serialize};

/// The smallest part that is chosen when the caller leaves the choice to us, and there are enough of them.
const CHOSEN_MIN: u64 = 4 << 20;
/// The smallest part that is chosen so that there are enough: a few for each task, as not all connections are equally fast.
const CHOSEN_LEAST: u64 = 512 << 10;
const PER_TASK: u64 = 2;
/// How many parts a chosen size aims at: enough to lose little on a kill, few enough to list quickly.
const CHOSEN_PARTS: u64 = 1000;
const CHOSEN_STEP: u64 = 1 << 20;
/// The size of the parts of what may end anywhere, where the caller leaves it to us: 10,000 of them are 78 GiB.
pub const OPEN_PART_SIZE: u64 = 8 << 20;
const GROWN_STEP: u64 = 64 << 10;

/// A file's size and the size of its parts; the last part is what remains.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// The file's size in bytes.
    pub size: u64,
    /// The size of every part but the last.
    pub part_size: u64,
}

/// A part's place in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Range {
    /// The first byte.
    pub offset: u64,
    /// How many bytes.
    pub length: u64,
}

impl Plan {
    /// Cuts a file of `size` bytes into parts of `wished` bytes, or of a size that suits the file and this many tasks when
    /// `wished` is 0. A wish that would need more parts than OSS allows is grown.
    pub fn choose(size: u64, wished: u64, tasks: u32) -> Result<Self> {
        if size > limits::MAX_OBJECT_SIZE {
            return Err(Error::invalid_argument(format!(
                "UploadFile: {size} bytes are more than an object can hold ({})",
                limits::MAX_OBJECT_SIZE
            )));
        }
        let part_size = if wished == 0 {
            choose_part_size(size, tasks)
        } else {
            check_part_size(wished)?;
            let least = size.div_ceil(u64::from(limits::MAX_PARTS));
            if wished >= least { wished } else { round_up(least, GROWN_STEP).min(limits::MAX_PART_SIZE) }
        };
        Ok(Self { size, part_size })
    }

    /// Cuts what may end anywhere into parts of `wished` bytes, as many of them as there can be.
    pub fn open(wished: u64) -> Self {
        let part_size = if wished == 0 { OPEN_PART_SIZE } else { wished };
        Self { size: part_size.saturating_mul(u64::from(limits::MAX_PARTS)), part_size }
    }

    /// How many parts there are; an empty file has none.
    pub fn parts(&self) -> u32 {
        if self.part_size == 0 {
            return 0;
        }
        u32::try_from(self.size.div_ceil(self.part_size)).unwrap_or(u32::MAX)
    }

    /// Where part `number` (from 1) lies, when there is one.
    pub fn range(&self, number: u32) -> Option<Range> {
        if number == 0 || number > self.parts() {
            return None;
        }
        let offset = u64::from(number - 1) * self.part_size;
        Some(Range { offset, length: self.part_size.min(self.size - offset) })
    }

    /// Whether OSS would accept it: a plan that was read from a record may say anything.
    pub fn is_sound(&self) -> bool {
        self.size > 0
            && (limits::MIN_PART_SIZE..=limits::MAX_PART_SIZE).contains(&self.part_size)
            && self.parts() <= limits::MAX_PARTS
    }
}

/// Refuses a part size that OSS would refuse.
pub fn check_part_size(bytes: u64) -> Result<()> {
    if (limits::MIN_PART_SIZE..=limits::MAX_PART_SIZE).contains(&bytes) {
        return Ok(());
    }
    Err(Error::invalid_argument(format!(
        "PartSize: {bytes} is not within {}..={} bytes (or 0, to have it chosen)",
        limits::MIN_PART_SIZE,
        limits::MAX_PART_SIZE
    )))
}

fn choose_part_size(size: u64, tasks: u32) -> u64 {
    let few_enough = round_up(size.div_ceil(CHOSEN_PARTS), CHOSEN_STEP);
    // What goes in one piece is one request.
    if few_enough > CHOSEN_MIN || size <= CHOSEN_MIN {
        return few_enough.clamp(CHOSEN_MIN, limits::MAX_PART_SIZE);
    }
    round_up(size / (PER_TASK * u64::from(tasks.max(1))), CHOSEN_LEAST).clamp(CHOSEN_LEAST, CHOSEN_MIN)
}

fn round_up(value: u64, step: u64) -> u64 {
    value.div_ceil(step) * step
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_seeds_default_holds_exactly_ten_thousand_parts() {
        let full = Plan::choose(102_400 * 10_000, 102_400, 1).unwrap();
        assert_eq!((full.part_size, full.parts()), (102_400, 10_000));
        let over = Plan::choose(102_400 * 10_000 + 1, 102_400, 1).unwrap();
        assert!(over.part_size > 102_400 && over.parts() <= 10_000);
    }

    #[test]
    fn the_last_part_is_what_remains() {
        let plan = Plan::choose(250_000, 102_400, 1).unwrap();
        assert_eq!(plan.parts(), 3);
        assert_eq!(plan.range(3), Some(Range { offset: 204_800, length: 45_200 }));
        assert_eq!(plan.range(4), None);
        assert_eq!(plan.range(0), None);
    }

    #[test]
    fn the_largest_object_fits_and_one_byte_more_does_not() {
        let plan = Plan::choose(limits::MAX_OBJECT_SIZE, 0, 1).unwrap();
        assert!(plan.is_sound());
        assert!(Plan::choose(limits::MAX_OBJECT_SIZE + 1, 0, 1).is_err());
    }

    #[test]
    fn sizes_out_of_range_are_refused_by_name() {
        for size in [1, limits::MIN_PART_SIZE - 1, limits::MAX_PART_SIZE + 1] {
            let error = Plan::choose(1, size, 1).unwrap_err();
            assert!(error.to_string().contains("PartSize"), "{error}");
        }
    }

    #[test]
    fn a_chosen_size_makes_enough_parts_for_all_tasks_and_not_too_many() {
        let chosen = |mib: u64, tasks| Plan::choose(mib << 20, 0, tasks).unwrap();
        let sizes = |mib| [1, 4, 64].map(|tasks| chosen(mib, tasks).part_size >> 10);
        assert_eq!(sizes(4), [4096, 4096, 4096]);
        assert_eq!(sizes(5), [2560, 1024, 512]);
        assert_eq!(sizes(64), [4096, 4096, 512]);
        assert_eq!(sizes(512), [4096, 4096, 4096]);
        assert_eq!(sizes(10 << 10), [11 << 10; 3]);
        assert_eq!(chosen(4, 64).parts(), 1);
    }

    proptest! {
        #[test]
        fn parts_tile_the_file(size in 1..=limits::MAX_OBJECT_SIZE, wished in prop_oneof![Just(0), limits::MIN_PART_SIZE..=limits::MAX_PART_SIZE], tasks in 0u32..=1000) {
            let plan = Plan::choose(size, wished, tasks).unwrap();
            prop_assert!(plan.is_sound());
            let last = plan.range(plan.parts()).unwrap();
            prop_assert_eq!(last.offset + last.length, size);
            prop_assert!(last.length >= 1);
            prop_assert!(plan.part_size >= wished);
        }
    }
}
