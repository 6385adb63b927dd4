//! A flag without a descriptor.

use std::io;
use std::sync::atomic::{AtomicBool, Ordering};

pub type RawFlag = i32;

#[derive(Debug)]
pub struct Flag(AtomicBool);

impl Flag {
    pub fn new() -> io::Result<Self> {
        Ok(Self(AtomicBool::new(false)))
    }

    /// Here, whether it is raised.
    pub fn raw(&self) -> RawFlag {
        RawFlag::from(self.is_raised())
    }

    pub fn is_raised(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }

    pub fn raise(&self) -> io::Result<()> {
        self.0.store(true, Ordering::Relaxed);
        Ok(())
    }

    pub fn lower(&self) -> io::Result<()> {
        self.0.store(false, Ordering::Relaxed);
        Ok(())
    }
}
