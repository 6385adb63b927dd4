//! Incomplete uploads in a bucket: which there are, and away with those that are named. For whoever pays for them.

use super::calls;
use super::client::Client;
use super::exchange::Line;
use crate::error::{Error, Result};
use crate::oss::api::list_uploads::ListedUpload;
use crate::oss::names::{check_bucket_name, check_key};
use crate::oss::request::Object;
use crate::process::{panics, runtime};
use std::future::Future;
use std::ops::ControlFlow;
use std::sync::mpsc;
use std::time::Duration;
use tokio::sync::watch;

impl Client {
    /// The incomplete uploads of a bucket whose keys begin with the prefix and that were opened at least so long ago by the
    /// server's clock, by key. Waits for the answer.
    pub fn incomplete_uploads(&self, bucket: &str, prefix: &str, older_than: Duration) -> Result<Vec<ListedUpload>> {
        self.check(bucket)?;
        let (bucket, prefix) = (bucket.to_owned(), prefix.to_owned());
        self.wait_for(|line| async move {
            panics::may_come("list");
            let age = i64::try_from(older_than.as_secs()).unwrap_or(i64::MAX);
            let mut found = Vec::new();
            let take = |upload| {
                found.push(upload);
                ControlFlow::Continue(())
            };
            calls::list_uploads(&line, &bucket, &prefix, Vec::new(), take).await?;
            let latest = line.shared.clock.server_now().saturating_sub(age);
            // Of what has no date nobody can say that it is old.
            found.retain(|upload| age == 0 || upload.initiated.is_some_and(|initiated| initiated <= latest));
            Ok(found)
        })
    }

    /// Gives up an incomplete upload that is known by its id; one that is gone already is given up. Waits for the answer.
    pub fn abort_upload(&self, bucket: &str, key: &str, upload_id: &str) -> Result<()> {
        self.check(bucket)?;
        check_key(key)?;
        if upload_id.is_empty() {
            return Err(Error::invalid_argument("upload id is empty"));
        }
        let object = Object { bucket: bucket.to_owned(), key: key.to_owned() };
        let upload_id = upload_id.to_owned();
        self.wait_for(|line| async move { calls::abort_thoroughly(&line, &object, Vec::new(), &upload_id).await })
    }

    fn check(&self, bucket: &str) -> Result<()> {
        check_bucket_name(bucket)?;
        self.shared().transport.check_bucket(bucket)
    }

    fn wait_for<T, F>(&self, work: impl FnOnce(Line) -> F) -> Result<T>
    where
        T: Send + 'static,
        F: Future<Output = Result<T>> + Send + 'static,
    {
        let runtime = runtime::handle()?;
        self.shared().refuse_closed()?;
        // Kept here for as long as the work takes: nobody asks it to stop.
        let (_calm, calm) = watch::channel(false);
        let line = Line::new(self.shared(), Some(1), calm);
        let (answer, answered) = mpsc::channel();
        let work = work(line);
        runtime.spawn(async move {
            let done = panics::caught_in(work).await.and_then(|done| done);
            let _waited_for = answer.send(done.map_err(runtime::blamed));
        });
        answered.recv().map_err(|_lost| runtime::shut_down())?
    }
}
