//! Performs what `upload` decides with what `world` offers.

pub mod client;
pub mod config;
mod credentials;
mod exchange;
pub mod handle;
mod in_flight;
pub mod live;
mod parts;
mod prepare;
mod recorder;
pub mod request;
mod run;
pub mod running;
mod shared;
