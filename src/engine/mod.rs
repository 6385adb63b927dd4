//! Performs what `upload` decides with what `world` offers.

mod admission;
mod calls;
pub mod client;
pub mod config;
mod credentials;
mod exchange;
mod gate;
pub mod handle;
mod in_flight;
mod incomplete;
mod leftover;
pub mod live;
mod order;
mod origin;
mod parts;
mod perform;
mod prepare;
mod pushing;
mod put;
mod recorder;
pub mod request;
mod run;
pub mod running;
mod shared;
mod throttle;
