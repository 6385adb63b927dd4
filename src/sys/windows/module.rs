//! The library in the host's memory.

use super::errors::succeeded;
use std::io;
use std::ptr;
use windows_sys::Win32::System::LibraryLoader::{
    GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS, GET_MODULE_HANDLE_EX_FLAG_PIN, GetModuleHandleExW,
};

/// Keeps the library's code where it is for as long as the process lives, also after a FreeLibrary.
pub fn stay_loaded() -> io::Result<()> {
    let address = stay_loaded as fn() -> io::Result<()> as *const u16;
    let flags = GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS | GET_MODULE_HANDLE_EX_FLAG_PIN;
    let mut module = ptr::null_mut();
    // SAFETY: with these flags the name is an address in the module, and the handle need not be given back.
    succeeded(unsafe { GetModuleHandleExW(flags, address, &raw mut module) })
}
