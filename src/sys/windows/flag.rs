//! A flag that the host's own event loop can wait for: an event, reset by hand.

use super::errors::succeeded;
use std::io;
use std::os::windows::io::{AsRawHandle, FromRawHandle, OwnedHandle, RawHandle};
use std::ptr;
use windows_sys::Win32::System::Threading::{CreateEventW, ResetEvent, SetEvent};

/// What the host waits for: the handle of an event, signalled while the flag is raised.
pub type RawFlag = RawHandle;

/// A flag, which is lowered at first.
#[derive(Debug)]
pub struct Flag(OwnedHandle);

impl Flag {
    /// Fails when there are no handles left.
    pub fn new() -> io::Result<Self> {
        // SAFETY: no attributes and no name are allowed.
        let handle = unsafe { CreateEventW(ptr::null(), 1, 0, ptr::null()) };
        if handle.is_null() {
            return Err(io::Error::last_os_error());
        }
        // SAFETY: the call made it for us, and nobody else closes it.
        Ok(Self(unsafe { OwnedHandle::from_raw_handle(handle) }))
    }

    /// Raises it.
    pub fn raise(&self) -> io::Result<()> {
        // SAFETY: the handle is open for as long as we have it.
        succeeded(unsafe { SetEvent(self.raw()) })
    }

    /// Lowers it.
    pub fn lower(&self) -> io::Result<()> {
        // SAFETY: the handle is open for as long as we have it.
        succeeded(unsafe { ResetEvent(self.raw()) })
    }

    /// What the host waits for. It belongs to the flag.
    pub fn raw(&self) -> RawFlag {
        self.0.as_raw_handle()
    }

    #[cfg(test)]
    pub(crate) fn is_raised(&self) -> bool {
        use windows_sys::Win32::Foundation::WAIT_OBJECT_0;
        use windows_sys::Win32::System::Threading::WaitForSingleObject;
        // SAFETY: the handle is open for as long as we have it.
        unsafe { WaitForSingleObject(self.raw(), 0) == WAIT_OBJECT_0 }
    }
}
