//! Performs what `upload` decides with what `world` offers.

mod admission;
mod calls;
pub mod client;
pub mod config;
mod credentials;
pub mod diagnostics;
pub mod diary;
mod ending;
mod exchange;
mod gate;
pub mod handle;
mod in_flight;
mod incomplete;
mod leftover;
pub mod live;
mod order;
mod parts;
mod perform;
mod prepare;
mod put;
mod recorder;
pub mod request;
mod run;
pub mod running;
mod shared;
mod throttle;
mod wishes;
