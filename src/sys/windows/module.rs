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

/// Run as the library is loaded. Whenever it goes, one of the thousand places that a process has for what is a thread's own goes
/// with it, as std takes one then and nobody can give it back: so it never goes. Should that be refused here, the first thread
/// of ours asks again.
#[used]
#[unsafe(link_section = ".CRT$XCU")]
static WHEN_LOADED: extern "C" fn() = {
    extern "C" fn stay() {
        let _asked_again_later = stay_loaded();
    }
    stay
};

/// Whether the process ends and has no threads any more but this one, as from the moment when it takes down its DLLs.
pub fn is_process_ending() -> bool {
    // SAFETY: it only tells.
    unsafe { RtlDllShutdownInProgress() != 0 }
}

// Among the functions of windows-sys it is missing.
#[link(name = "ntdll", kind = "raw-dylib")]
unsafe extern "system" {
    fn RtlDllShutdownInProgress() -> u8;
}
