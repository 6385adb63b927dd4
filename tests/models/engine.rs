//! How an upload ends, and of an upload just as much as that takes.

#[path = "../../src/engine/ending.rs"]
mod ending;

pub mod live {
    use super::ending::Ending;
    pub use super::ending::{Observer, Settle};
    use super::handle::Progress;
    use crate::error::Error;
    use crate::process::sync::Mutex;

    #[derive(Default)]
    pub struct Finished {
        pub outcome: Outcome,
    }

    #[derive(Default)]
    pub struct Outcome {
        pub error: Option<Error>,
    }

    #[derive(Default)]
    pub struct Live {
        pub(super) progress: Mutex<Progress>,
        ending: Ending,
    }

    impl Live {
        pub(super) fn ending(&self) -> &Ending {
            &self.ending
        }

        pub(super) fn write_down_end(&self, _: &Finished) {}
    }
}

pub mod handle {
    use super::ending;
    use super::live::{Finished, Live, Observer};
    use crate::error::{Error, Kind, Result};
    use crate::process::sync::{Arc, Weak};

    #[derive(Clone, Default)]
    pub struct Upload(Arc<Live>);

    #[derive(Clone, Copy, Default)]
    pub struct Progress(pub u32);

    #[derive(Clone)]
    pub struct WeakUpload(Weak<Live>);

    impl Upload {
        pub fn observe(&self, observer: Arc<impl Observer + 'static>) -> Result<()> {
            self.0.ending().observe(observer.map(|observer| observer as _))
        }

        pub fn begin(&self) -> Result<()> {
            self.0.ending().begin()
        }

        /// Sends something and tells so.
        pub fn send(&self) {
            self.0.progress.lock().unwrap().0 += 1;
            self.0.ending().tell(|observer| observer.progress());
        }

        /// Ends it as its task does, with an error or without.
        pub fn end(&self, error: Option<Kind>) {
            let error = error.map(|kind| Error::new(kind, "the model's"));
            ending::end(&self.0, Finished { outcome: super::live::Outcome { error } });
        }

        pub fn wait(&self) -> Option<Arc<Finished>> {
            self.0.ending().wait_until(None)
        }

        pub fn finished(&self) -> Option<Arc<Finished>> {
            self.0.ending().finished()
        }

        pub fn progress(&self) -> Progress {
            *self.0.progress.lock().unwrap()
        }

        pub fn downgrade(&self) -> WeakUpload {
            WeakUpload(Arc::downgrade(&self.0))
        }
    }

    impl WeakUpload {
        pub fn get(&self) -> Option<Upload> {
            self.0.upgrade().map(Upload)
        }
    }
}
