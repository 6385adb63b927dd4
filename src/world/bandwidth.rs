//! What may be sent by now: the caps of an upload and of its client, waited for.
//!
//! Under a cap everything goes in turns. Of each upload one body at a time stands in its client's line, so that a client's
//! cap is shared by uploads, however many parts each of them has under way.

mod limit;

pub use self::limit::Limit;

use self::limit::Place;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

/// The caps that an upload is under.
#[derive(Clone, Debug)]
pub struct Bandwidth {
    upload: Arc<Limit>,
    client: Arc<Limit>,
}

impl Bandwidth {
    /// An upload's own cap, and that of its client.
    pub fn new(upload: Arc<Limit>, client: Arc<Limit>) -> Self {
        Self { upload, client }
    }

    /// Waits until one more body may set out: under a low cap few are on their way, and none that hardly moves.
    pub async fn share(&self) -> Share {
        let _line = self.upload.door().await;
        let of_upload = self.upload.place().await;
        let as_first = async {
            self.upload.until_alone().await;
            self.client.place_of_first().await
        };
        let in_line = async {
            let _line_of_uploads = self.client.door().await;
            self.client.place().await
        };
        let of_client = tokio::select! {
            biased;
            place = as_first => place,
            place = in_line => place,
        };
        Share { bandwidth: self.clone(), _places: [of_upload, of_client], granted: 0, waiting: None }
    }

    fn is_limited(&self) -> bool {
        self.upload.is_limited() || self.client.is_limited()
    }

    /// Waits for the turn of a window and returns how long it may be.
    async fn window(self, wanted: usize) -> usize {
        let _turn = self.upload.turn().await;
        self.upload.paid().await;
        let _turn_of_upload = self.client.turn().await;
        self.client.paid().await;
        let allowed = self.upload.window().min(self.client.shared_window());
        let bytes = usize::try_from(allowed).map_or(wanted, |allowed| allowed.min(wanted));
        self.upload.take(bytes);
        self.client.take(bytes);
        bytes
    }
}

/// One body's share of the caps, from before its connection to its last byte.
pub struct Share {
    bandwidth: Bandwidth,
    _places: [Place; 2],
    /// Bytes that may go out.
    granted: usize,
    waiting: Option<Pin<Box<dyn Future<Output = usize> + Send + Sync>>>,
}

impl Share {
    /// How many bytes may go out now, of so many at most that are wanted.
    pub(super) fn poll(&mut self, context: &mut Context<'_>, wanted: usize) -> Poll<usize> {
        if self.granted == 0 {
            if self.waiting.is_none() && !self.bandwidth.is_limited() {
                return Poll::Ready(wanted);
            }
            let waiting = self.waiting.get_or_insert_with(|| Box::pin(self.bandwidth.clone().window(wanted)));
            self.granted = std::task::ready!(waiting.as_mut().poll(context));
            self.waiting = None;
        }
        Poll::Ready(self.granted)
    }

    /// Bytes went out.
    pub(super) fn spend(&mut self, bytes: usize) {
        self.granted = self.granted.saturating_sub(bytes);
    }
}

impl fmt::Debug for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Share").field("granted", &self.granted).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
