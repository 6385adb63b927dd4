//! How the host's functions are called, and of what they are lent just as much as that takes.

#[path = "../../src/ffi/callback.rs"]
mod callback;
pub mod host;
#[path = "../../src/ffi/status.rs"]
mod status;
#[path = "../../src/ffi/user_data.rs"]
mod user_data;

mod progress {
    use crate::engine::handle::Progress;

    pub struct ossup_progress(pub u32);

    impl From<Progress> for ossup_progress {
        fn from(progress: Progress) -> Self {
            Self(progress.0)
        }
    }
}

mod upload {
    use crate::engine::handle::Upload;

    pub struct ossup_upload(pub Upload);

    impl ossup_upload {
        pub fn new(upload: Upload) -> Self {
            Self(upload)
        }
    }
}
