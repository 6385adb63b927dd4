//! Which file it was: what is remembered of the source to notice that it changed.

use crate::error::{Error, Kind};
use serde::{Deserialize, Serialize};

/// A source that changed this recently may change again without its times showing it.
const SETTLED_AFTER_NS: i64 = 2_000_000_000;

/// What the file system said of the source. Times are nanoseconds since 1970, UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// Size in bytes.
    pub size: u64,
    /// Last change of the contents.
    pub modified: i64,
    /// Last change of contents or metadata.
    pub changed: i64,
    /// The device that holds it.
    pub device: u64,
    /// Its number on the device.
    pub index: u64,
    /// When this was asked.
    pub observed: i64,
}

/// How a source compares with what was remembered of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fit {
    /// The same file.
    Same,
    /// Perhaps the same: what was read of it must be read again to tell.
    Doubtful,
    /// Another file.
    Changed,
}

/// What an upload fails with when its source is not what it was.
pub fn source_changed() -> Error {
    Error::new(Kind::SourceChanged, "UploadFile changed while it was being uploaded")
}

impl Identity {
    /// Bytes that are no file: all that is known of them is how many they are. The host has promised that they stay as they
    /// are for as long as they are uploaded.
    pub fn of_bytes(size: u64) -> Self {
        Self { size, modified: 0, changed: 0, device: 0, index: 0, observed: SETTLED_AFTER_NS }
    }

    /// Whether the file system knows it.
    pub fn is_file(&self) -> bool {
        *self != Self::of_bytes(self.size)
    }

    /// Compares what there is now with what an earlier run remembered.
    pub fn fit_of_earlier_run(&self, now: &Self) -> Fit {
        if now.is_file() { self.fit(now) } else { self.fit_of_copy(now) }
    }

    /// Compares what is there now with what was remembered.
    pub fn fit(&self, now: &Self) -> Fit {
        if self.size != now.size || self.modified != now.modified {
            Fit::Changed
        } else if self.changed != now.changed || self.device != now.device || self.index != now.index || !self.settled()
        {
            Fit::Doubtful
        } else {
            Fit::Same
        }
    }

    /// Compares where the file may be a copy: then only its size is bound to be the same.
    pub fn fit_of_copy(&self, now: &Self) -> Fit {
        if self.size == now.size { Fit::Doubtful } else { Fit::Changed }
    }

    /// Whether nothing that the file system says of it has moved since.
    pub fn is_as_it_was(&self, before: &Self) -> bool {
        *self == Self { observed: self.observed, ..*before }
    }

    /// Whether a later change is bound to show in the times.
    fn settled(&self) -> bool {
        let latest = self.modified.max(self.changed);
        self.observed.saturating_sub(latest) >= SETTLED_AFTER_NS
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OLD: Identity = Identity { size: 10, modified: 0, changed: 0, device: 1, index: 2, observed: 10_000_000_000 };

    #[test]
    fn size_and_mtime_decide() {
        assert_eq!(OLD.fit(&OLD), Fit::Same);
        assert_eq!(OLD.fit(&Identity { size: 11, ..OLD }), Fit::Changed);
        assert_eq!(OLD.fit(&Identity { modified: 1, ..OLD }), Fit::Changed);
    }

    #[test]
    fn the_rest_only_raises_doubt() {
        for now in [Identity { changed: 1, ..OLD }, Identity { device: 9, ..OLD }, Identity { index: 9, ..OLD }] {
            assert_eq!(OLD.fit(&now), Fit::Doubtful);
        }
    }

    #[test]
    fn of_a_copy_only_the_size_is_asked() {
        assert_eq!(OLD.fit_of_copy(&Identity { modified: 1, index: 9, ..OLD }), Fit::Doubtful);
        assert_eq!(OLD.fit_of_copy(&Identity { size: 11, ..OLD }), Fit::Changed);
    }

    #[test]
    fn only_the_moment_of_looking_may_differ() {
        assert!(OLD.is_as_it_was(&Identity { observed: 1, ..OLD }));
        assert!(!OLD.is_as_it_was(&Identity { changed: 1, ..OLD }));
    }

    #[test]
    fn bytes_that_are_no_file_stay_what_they_are_and_prove_nothing_of_an_earlier_run() {
        let bytes = Identity::of_bytes(10);
        assert!(OLD.is_file() && !bytes.is_file());
        assert_eq!(bytes.fit(&bytes), Fit::Same);
        for earlier in [bytes, OLD] {
            assert_eq!(earlier.fit_of_earlier_run(&bytes), Fit::Doubtful);
            assert_eq!(earlier.fit_of_earlier_run(&Identity::of_bytes(11)), Fit::Changed);
        }
        assert_eq!(bytes.fit_of_earlier_run(&Identity { modified: 1, ..OLD }), Fit::Changed);
        assert_eq!(bytes.fit_of_earlier_run(&OLD), Fit::Doubtful);
        assert_eq!(OLD.fit_of_earlier_run(&OLD), Fit::Same);
    }

    #[test]
    fn a_file_just_written_is_doubtful() {
        let fresh = Identity { observed: 1_999_999_999, ..OLD };
        assert_eq!(fresh.fit(&fresh), Fit::Doubtful);
    }
}
