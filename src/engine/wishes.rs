//! What is asked of an upload's task: by its handles, and by its deadline.

use super::live::{Live, Wish};
use crate::upload::event::Stop;
use std::future::pending;
use std::pin::Pin;
use std::sync::Arc;
use tokio::sync::mpsc::UnboundedReceiver;
use tokio::time::{Sleep, sleep};

/// Where wishes arrive.
pub(super) struct Wishes {
    live: Arc<Live>,
    asked: UnboundedReceiver<Wish>,
    deadline: Option<Pin<Box<Sleep>>>,
}

impl Wishes {
    /// What is asked of an upload, and a stop once its time is over.
    pub(super) fn new(asked: UnboundedReceiver<Wish>, live: Arc<Live>) -> Self {
        let deadline = live.order.deadline.map(|after| Box::pin(sleep(after)));
        Self { live, asked, deadline }
    }

    /// The next one.
    pub(super) async fn next(&mut self) -> Wish {
        let over = async {
            match &mut self.deadline {
                Some(deadline) => deadline.await,
                None => pending().await,
            }
        };
        tokio::select! {
            Some(wish) = self.asked.recv() => wish,
            () = over => {
                self.deadline = None;
                // As by those who ask for one: whoever waits for room learns so at once.
                self.live.order.origin.stop(Stop::Deadline);
                Wish::Stop(Stop::Deadline)
            }
            else => pending().await,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::diary::{Diary, Log};
    use crate::engine::order::Order;
    use crate::engine::request::Request;
    use crate::error::{Error, Kind};
    use std::time::{Duration, Instant};
    use tokio::sync::mpsc::unbounded_channel;

    /// An upload of a stream whose time is over soon.
    fn hurried() -> Arc<Live> {
        let mut request = Request::default();
        request.set_bucket_name("bucket").unwrap();
        request.set_key("key").unwrap();
        request.set_upload_stream(None).unwrap();
        request.set_deadline(Some(Duration::from_millis(1)));
        Arc::new(Live::new(Order::of(&request).unwrap(), Diary::of_client(Log::default())))
    }

    #[tokio::test]
    async fn whoever_pushes_learns_of_the_deadline_with_the_upload_and_keeps_an_earlier_reason() {
        for (before, learned) in [(None, Kind::DeadlineExceeded), (Some(Kind::Paused), Kind::Paused)] {
            let live = hurried();
            let (_nobody_asks, asked) = unbounded_channel();
            let stream = live.order.origin.stream().unwrap();
            before.into_iter().for_each(|kind| stream.refuse(Error::new(kind, "stopped")));
            let wish = Wishes::new(asked, Arc::clone(&live)).next().await;
            assert!(matches!(wish, Wish::Stop(Stop::Deadline)));
            let (_, result) = stream.write(b"more", Some(Instant::now()));
            assert_eq!(result.unwrap_err().kind(), learned);
        }
    }
}
