//! The key that version 4 signs with for a day, remembered: making it is four of the five HMACs of a signature.

use std::fmt;
use std::sync::{Mutex, PoisonError};
use zeroize::Zeroizing;

/// A key, wiped after its use.
pub(super) type Key = Zeroizing<[u8; 32]>;

/// The last key that was made. It changes nothing but the time that a signature takes.
#[derive(Default)]
pub(super) struct DayKey(Mutex<Option<Made>>);

struct Made {
    secret: Zeroizing<String>,
    scope: String,
    key: Key,
}

impl DayKey {
    /// The key of a secret for a scope, made if it is not the last one.
    pub(super) fn of(&self, secret: &str, scope: &str, make: impl FnOnce() -> Key) -> Key {
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(made) = last.as_ref().filter(|made| made.scope == scope && *made.secret == secret) {
            return made.key.clone();
        }
        let key = make();
        *last = Some(Made { secret: Zeroizing::new(secret.to_owned()), scope: scope.to_owned(), key: key.clone() });
        key
    }
}

impl Clone for DayKey {
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl PartialEq for DayKey {
    fn eq(&self, _other: &Self) -> bool {
        true
    }
}

impl Eq for DayKey {}

impl fmt::Debug for DayKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DayKey")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_made_once_and_again_when_anything_changes() {
        let keys = DayKey::default();
        let key = |number| Zeroizing::new([number; 32]);
        let made = |secret: &str, scope: &str, number| keys.of(secret, scope, || key(number))[0];
        assert_eq!((made("a", "monday", 1), made("a", "monday", 2)), (1, 1));
        assert_eq!((made("a", "tuesday", 3), made("b", "tuesday", 4), made("a", "monday", 5)), (3, 4, 5));
    }
}
