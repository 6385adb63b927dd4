//! Who is told of progress, and remembers what is to be reported of it.

use ossup::{Observer, Phase, Progress, Settle, Upload};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, OnceLock, PoisonError};

/// What the listener does besides remembering.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Habit {
    Listens,
    /// Pauses as soon as something was confirmed.
    Pauses,
    /// Fails when it is first told.
    Fails,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Heard {
    pub(super) calls: u32,
    pub(super) last: Progress,
    /// How often less was told than before.
    pub(super) back: u32,
    pub(super) failure: Option<&'static str>,
    over: bool,
}

pub(super) struct Listener {
    habit: Habit,
    /// Known only after the listener, which it keeps.
    upload: OnceLock<ossup::engine::handle::WeakUpload>,
    heard: Mutex<Heard>,
    changed: Condvar,
}

impl Listener {
    /// Sets a listener upon an upload that has not begun.
    pub(super) fn set(upload: &Upload, habit: Habit) -> ossup::Result<Arc<Self>> {
        let upload_of_it = OnceLock::from(upload.downgrade());
        let listener = Arc::new(Self { habit, upload: upload_of_it, heard: Mutex::default(), changed: Condvar::new() });
        upload.observe(Arc::clone(&listener) as Arc<dyn Observer>)?;
        Ok(listener)
    }

    pub(super) fn heard(&self) -> Heard {
        self.lock().clone()
    }

    /// Waits until something was confirmed, or all is over.
    pub(super) fn wait_for_bytes(&self) {
        let waits = |heard: &mut Heard| heard.last.bytes_confirmed == 0 && !heard.over;
        drop(self.changed.wait_while(self.lock(), waits).unwrap_or_else(PoisonError::into_inner));
    }

    fn lock(&self) -> MutexGuard<'_, Heard> {
        self.heard.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Observer for Listener {
    fn progress(&self) {
        let Some(upload) = self.upload.get().and_then(|upload| upload.get()) else { return };
        let now = upload.progress();
        let mut heard = self.lock();
        let last = heard.last;
        heard.calls += 1;
        heard.back += u32::from(now.bytes_confirmed < last.bytes_confirmed || now.phase < last.phase);
        heard.last = now;
        let fails = self.habit == Habit::Fails && heard.failure.is_none();
        if fails {
            heard.failure = Some("listener: boom");
        }
        drop(heard);
        self.changed.notify_all();
        if fails || (self.habit == Habit::Pauses && now.bytes_confirmed > 0) {
            // It loses against an upload that is over.
            drop(upload.pause());
        }
    }

    fn complete(&self, settle: Arc<Settle>) {
        self.lock().over = true;
        self.changed.notify_all();
        drop(settle);
    }
}

pub(super) fn phase_name(phase: Phase) -> &'static str {
    match phase {
        Phase::Preparing => "PREPARING",
        Phase::Uploading => "UPLOADING",
        Phase::Completing => "COMPLETING",
        Phase::Done => "DONE",
    }
}
