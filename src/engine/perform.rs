//! Performs one action of the state machine, and says what came of it.

use super::calls;
use super::exchange::Line;
use super::leftover::Leftover;
use super::live::Live;
use super::parts::{self, Piece};
use super::prepare::Opened;
use super::put;
use super::recorder::Recorder;
use crate::error::{Error, Kind, Result};
use crate::oss::headers::Stage;
use crate::process::pool::Lane;
use crate::upload::event::{Action, Event, Initiated, Put};
use crate::upload::identity::Identity;
use crate::upload::journal::Part;
use crate::upload::outcome::Held;
use crate::upload::plan::Range;
use crate::world::source::Pushed;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::{sleep, timeout};

/// How long a file system that hangs is waited for when the caller wants the upload to stop.
pub(super) const HUNG: Duration = Duration::from_secs(2);

/// What every action of one upload needs.
#[derive(Clone)]
pub(super) struct Context {
    pub(super) line: Line,
    pub(super) live: Arc<Live>,
    pub(super) recorder: Option<Recorder>,
    pub(super) file: Opened,
    parts_stopped: watch::Receiver<bool>,
}

/// What came of a part that was to be sent.
enum Sent {
    Part(Part),
    /// The stream had ended before it, after so many bytes.
    Ended(u64),
}

pub(super) async fn perform(context: Context, action: Action) -> Option<Event> {
    let order = &context.live.order;
    let (line, object) = (&context.line, &order.object);
    Some(match action {
        Action::FindUploads => {
            Event::Found(calls::uploads_of(line, object, order.headers_for(Stage::ListUploads)).await)
        }
        Action::ListParts { upload_id, last } => {
            let headers = order.headers_for(Stage::ListParts);
            Event::Listed(calls::list_parts(line, object, headers, &upload_id, last).await)
        }
        Action::Initiate => Event::Initiated(context.initiate().await),
        Action::WriteHeader(held) => Event::Recorded(context.write_header(*held).await),
        Action::SendPart { number, range, upload_id } => {
            let in_flight = &context.live.in_flight;
            let sending = async {
                match context.file.pushed(range).await? {
                    Pushed::Ended(size) => Ok(Sent::Ended(size)),
                    Pushed::There(range) => {
                        let piece = context.piece(number, range);
                        parts::send(line, order, piece, &upload_id, in_flight).await.map(Sent::Part)
                    }
                }
            };
            let result = context.unless_stopped(sending).await;
            in_flight.end(number);
            match result {
                Ok(Sent::Part(part)) => Event::PartSent(number, Ok(part)),
                Ok(Sent::Ended(size)) => Event::StreamEnded(number, size),
                Err(error) => Event::PartSent(number, Err(error)),
            }
        }
        Action::CheckPart { number, range } => {
            let checking = async {
                context.file.pushed(range).await?;
                parts::check(context.piece(number, range)).await
            };
            Event::PartChecked(number, context.unless_stopped(checking).await)
        }
        Action::JournalPart(_) => match &context.recorder {
            Some(recorder) => Event::RecordFailed(recorder.write().await.err()?),
            None => return None,
        },
        Action::CheckSource => Event::SourceChecked(context.check_source().await),
        Action::MarkCompleting => {
            let server_time = line.shared.clock.server_now();
            let result = match &context.recorder {
                Some(recorder) => context.unless_hung(recorder.mark_completing(server_time)).await,
                None => Ok(()),
            };
            Event::Marked(server_time, result)
        }
        Action::Complete { upload_id, parts } => {
            let headers = order.headers_for(Stage::Complete);
            let made = calls::complete(line, object, headers, &upload_id, parts, order.has_callback).await;
            Event::Completed(made.0, made.1)
        }
        Action::PutObject => {
            let stopped = context.parts_stopped.clone();
            Event::Put(match context.unless_hurried(context.file.ended()).await {
                Ok(file) => put::send(line, order, &file, &context.live.in_flight, stopped).await,
                Err(error) => Put::never_sent(error),
            })
        }
        Action::Probe => Event::Probed(calls::head(line, object, order.headers_for(Stage::Head)).await),
        Action::AbortUpload { upload_id, thoroughly } => {
            let headers = order.headers_for(Stage::Abort);
            Event::UploadAborted(match thoroughly {
                true => calls::abort_thoroughly(line, object, headers, &upload_id).await,
                false => calls::abort(line, object, headers, &upload_id).await,
            })
        }
        Action::SyncRecord => Event::RecordClosed(match &context.recorder {
            Some(recorder) => context.unless_hung(recorder.sync()).await,
            None => Ok(()),
        }),
        Action::DeleteRecord => Event::RecordClosed(match &context.recorder {
            Some(recorder) => context.unless_hung(recorder.delete()).await,
            None => Ok(()),
        }),
        Action::AwaitStream => Event::StreamSeen(context.unless_hurried(context.end_of_short_stream()).await),
        Action::LetGo(_) | Action::StopParts | Action::Finish(_) => return None,
    })
}

impl Context {
    pub(super) fn new(
        line: Line,
        live: Arc<Live>,
        file: Opened,
        recorder: Option<Recorder>,
        parts_stopped: watch::Receiver<bool>,
    ) -> Self {
        Self { line, live, recorder, file, parts_stopped }
    }

    /// Whoever waits for the upload's end finds the record free.
    pub(super) async fn release_record(&self) {
        if let Some(recorder) = &self.recorder {
            let _hung = timeout(HUNG, recorder.release()).await;
        }
    }

    /// What is left on the server of an upload that is over, and whether anybody can find it.
    pub(super) fn leftover(&self, held: Held, is_anybodys: bool) -> Arc<Leftover> {
        let order = &self.live.order;
        let (record, headers) = (order.record_of(held), order.headers_for(Stage::Abort));
        Leftover::new(Arc::clone(&self.line.shared), record, headers, is_anybodys)
    }

    fn piece(&self, number: u32, range: Range) -> Piece {
        Piece { source: Arc::clone(&self.file.source), reads: self.file.reads.clone(), number, range }
    }

    async fn unless_stopped<T>(&self, work: impl Future<Output = Result<T>>) -> Result<T> {
        let mut stopped = self.parts_stopped.clone();
        tokio::select! {
            biased;
            _ = stopped.wait_for(|stopped| *stopped) => Err(Error::new(Kind::Paused, "the part was stopped").temporary()),
            result = work => result,
        }
    }

    /// Once the upload is to stop, the host is not waited for.
    async fn unless_hurried<T>(&self, work: impl Future<Output = Result<T>>) -> Result<T> {
        tokio::select! {
            biased;
            result = work => result,
            () = self.line.hurried() => Err(Error::new(Kind::Paused, "the stream was not waited for").temporary()),
        }
    }

    /// Once the upload is to stop, a disk that does not answer is not waited for.
    async fn unless_hung<T>(&self, work: impl Future<Output = Result<T>>) -> Result<T> {
        let hung = async {
            self.line.hurried().await;
            sleep(HUNG).await;
        };
        tokio::select! {
            biased;
            result = work => result,
            () = hung => Err(Error::new(Kind::NoResources, "the disk does not answer")),
        }
    }

    async fn initiate(&self) -> Result<Initiated> {
        let order = &self.live.order;
        let stamp = order.new_stamp();
        let headers = order.stamped_headers(Stage::Initiate, stamp.as_deref());
        let unheard = || {
            let key = &order.object.key;
            let lost = "InitiateMultipartUpload went unanswered";
            self.live.warn(format!("{lost}: {key} may have incomplete uploads without parts"));
        };
        let upload_id = calls::initiate(&self.line, &order.object, headers, unheard).await?;
        Ok(Initiated { upload_id, stamp })
    }

    async fn write_header(&self, held: Held) -> Result<()> {
        match &self.recorder {
            Some(recorder) => recorder.begin(self.live.order.record_of(held).header).await,
            None => Ok(()),
        }
    }

    async fn check_source(&self) -> Result<Identity> {
        if !self.file.identity.is_file() {
            return Ok(self.unless_hurried(self.file.ended()).await?.identity);
        }
        self.unless_hung(self.look_at_source()).await
    }

    async fn look_at_source(&self) -> Result<Identity> {
        let source = Arc::clone(&self.file.source);
        Lane::new(1).run(move || source.look()).await?
    }

    async fn end_of_short_stream(&self) -> Result<Option<u64>> {
        match &self.file.stream {
            Some(stream) => stream.ends_within().await,
            None => Ok(Some(self.file.identity.size)),
        }
    }
}
