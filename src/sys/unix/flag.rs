//! A flag that the host's own event loop can wait for: an eventfd.

use rustix::event::{EventfdFlags, eventfd};
use std::io;
use std::os::fd::{AsRawFd, OwnedFd, RawFd};

/// What the host waits for: a file descriptor, readable while the flag is raised.
pub type RawFlag = RawFd;

/// A flag, which is lowered at first.
#[derive(Debug)]
pub struct Flag(OwnedFd);

impl Flag {
    /// Fails when there are no descriptors left.
    pub fn new() -> io::Result<Self> {
        Ok(Self(eventfd(0, EventfdFlags::CLOEXEC | EventfdFlags::NONBLOCK)?))
    }

    /// Raises it; it must be lowered.
    pub fn raise(&self) -> io::Result<()> {
        rustix::io::write(&self.0, &1u64.to_ne_bytes())?;
        Ok(())
    }

    /// Lowers it; it must be raised.
    pub fn lower(&self) -> io::Result<()> {
        rustix::io::read(&self.0, &mut [0; 8])?;
        Ok(())
    }

    /// What the host waits for. It belongs to the flag.
    pub fn raw(&self) -> RawFlag {
        self.0.as_raw_fd()
    }

    #[cfg(test)]
    pub(crate) fn is_raised(&self) -> bool {
        use rustix::event::{PollFd, PollFlags, Timespec, poll};
        let mut fds = [PollFd::new(&self.0, PollFlags::IN)];
        poll(&mut fds, Some(&Timespec { tv_sec: 0, tv_nsec: 0 })).is_ok_and(|ready| ready == 1)
    }
}
