//! Performs what `upload` decides with what `world` offers.

pub mod client;
pub mod config;
mod credentials;
mod exchange;
pub mod handle;
mod in_flight;
pub mod live;
mod order;
mod parts;
mod prepare;
mod put;
mod recorder;
pub mod request;
mod run;
pub mod running;
mod shared;
mod throttle;
