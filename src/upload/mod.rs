//! What an upload is and decides, as plain values. No I/O, no clock, no waiting.

pub mod cap;
pub mod event;
pub mod growth;
pub mod identity;
pub mod journal;
pub mod outcome;
pub mod pace;
pub mod plan;
pub mod progress;
pub mod reconcile;
pub mod retry;
pub mod state;
pub mod token;
pub mod turns;
