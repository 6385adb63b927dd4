//! A set of parameters that remembers the first one that it refused, so that a chain of setters may be checked
//! once.

use super::text::{owned, pointer};
use crate::error::{Error, Result};
use std::ffi::{CString, c_char};

#[derive(Default)]
pub(super) struct Builder<T> {
    value: T,
    refused: Option<(Error, CString)>,
}

impl<T> Builder<T> {
    /// Sets a parameter, or remembers why not.
    pub(super) fn set(&mut self, set: impl FnOnce(&mut T) -> Result<()>) -> Result<()> {
        let result = set(&mut self.value);
        if let (Err(error), None) = (&result, &self.refused) {
            self.refused = Some((error.clone(), owned(error.to_string())));
        }
        result
    }

    /// The parameters, if none was refused.
    pub(super) fn value(&self) -> Result<&T> {
        match &self.refused {
            Some((error, _)) => Err(error.clone()),
            None => Ok(&self.value),
        }
    }

    /// Why the first refused parameter was refused.
    pub(super) fn refusal(&self) -> *const c_char {
        pointer(self.refused.as_ref().map(|(_, message)| message))
    }
}
