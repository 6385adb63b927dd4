//! What is asked of an upload's task: by its handles, and by its deadline.

use super::live::Wish;
use crate::upload::event::Stop;
use std::future::pending;
use std::pin::Pin;
use std::time::Duration;
use tokio::sync::mpsc::UnboundedReceiver;
use tokio::time::{Sleep, sleep};

/// Where wishes arrive.
pub(super) struct Wishes {
    asked: UnboundedReceiver<Wish>,
    deadline: Option<Pin<Box<Sleep>>>,
}

impl Wishes {
    /// What is asked, and after the given time, if any, a stop.
    pub(super) fn new(asked: UnboundedReceiver<Wish>, deadline: Option<Duration>) -> Self {
        Self { asked, deadline: deadline.map(|after| Box::pin(sleep(after))) }
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
                Wish::Stop(Stop::Deadline)
            }
            else => pending().await,
        }
    }
}
