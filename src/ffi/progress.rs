//! `ossup_progress`: the one struct that C sees into.

use crate::error::{Error, Result};
use crate::upload::progress::{Phase, Progress};

/// What an upload is busy with.
#[repr(i32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ossup_phase {
    /// Finding out what there is to do.
    OSSUP_PHASE_PREPARING = 0,
    /// Sending parts.
    OSSUP_PHASE_UPLOADING = 1,
    /// Every part is there; the object is being made.
    OSSUP_PHASE_COMPLETING = 2,
    /// The object is confirmed. Nothing else means 100 %.
    OSSUP_PHASE_DONE = 3,
}

/// How far an upload is, in absolute numbers. It may grow at its end in later versions.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct ossup_progress {
    /// The size of this struct as whoever fills it knows it. Set it before asking for progress; in a callback, fields
    /// beyond it are not there.
    pub struct_size: usize,
    /// What the upload is busy with.
    pub phase: ossup_phase,
    /// How many parts there are; 0 while the end of a stream is not known.
    pub parts_total: u32,
    /// How many parts OSS confirmed.
    pub parts_confirmed: u32,
    /// The file's size; 0 while the end of a stream is not known. What is shown in percent is shown only where this is not 0.
    pub bytes_total: u64,
    /// Bytes of confirmed parts. It never decreases, and begins with the reused ones.
    pub bytes_confirmed: u64,
    /// Bytes sent of parts that are not confirmed yet.
    pub bytes_in_flight: u64,
    /// Bytes that an earlier run sent.
    pub bytes_reused: u64,
}

impl From<Progress> for ossup_progress {
    fn from(progress: Progress) -> Self {
        Self {
            struct_size: size_of::<Self>(),
            phase: match progress.phase {
                Phase::Preparing => ossup_phase::OSSUP_PHASE_PREPARING,
                Phase::Uploading => ossup_phase::OSSUP_PHASE_UPLOADING,
                Phase::Completing => ossup_phase::OSSUP_PHASE_COMPLETING,
                Phase::Done => ossup_phase::OSSUP_PHASE_DONE,
            },
            parts_total: progress.parts_total,
            parts_confirmed: progress.parts_confirmed,
            bytes_total: progress.bytes_total,
            bytes_confirmed: progress.bytes_confirmed,
            bytes_in_flight: progress.bytes_in_flight,
            bytes_reused: progress.bytes_reused,
        }
    }
}

/// Fills as much of a caller's struct as the caller knows of.
///
/// # Safety
/// `place` is NULL, or points to a `struct_size` that says how many bytes may be written there.
pub(super) unsafe fn fill(place: *mut ossup_progress, progress: Progress) -> Result<()> {
    if place.is_null() {
        return Err(Error::invalid_argument("progress is NULL"));
    }
    // SAFETY: not NULL; the caller promises that the size, the first field, is there.
    let size = unsafe { place.cast::<usize>().read() };
    if size < size_of::<usize>() {
        return Err(Error::invalid_argument("progress: struct_size is not set to sizeof(ossup_progress)"));
    }
    let ours = ossup_progress { struct_size: size, ..progress.into() };
    // SAFETY: the caller promises `size` writable bytes, and we have that many to read.
    unsafe {
        std::ptr::copy_nonoverlapping((&raw const ours).cast::<u8>(), place.cast::<u8>(), size.min(size_of_val(&ours)))
    };
    Ok(())
}
