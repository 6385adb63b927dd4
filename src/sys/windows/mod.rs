//! Windows.

pub(super) mod errors;
pub(super) mod files;
pub(super) mod flag;
pub(super) mod module;
pub(super) mod records;
pub(super) mod signals;
pub(super) mod text;
