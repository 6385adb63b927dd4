//! Runs one upload: performs what the state machine says and tells it what came of it.

use super::exchange::{Call, Line, Try};
use super::live::Live;
use super::parts::{self, Piece};
use super::prepare::{Prepared, prepare};
use super::recorder::Recorder;
use super::running;
use crate::error::{Error, Kind, Result};
use crate::oss::api::complete::Completed;
use crate::oss::api::head::Head;
use crate::oss::api::list_parts::ListedPart;
use crate::oss::api::{abort, complete, head, initiate, list_parts, put};
use crate::oss::headers::Stage;
use crate::oss::request::Response;
use crate::process::pool;
use crate::upload::event::{Action, Event, Listing, Stop};
use crate::upload::identity::Identity;
use crate::upload::journal::Header;
use crate::upload::outcome::Outcome;
use crate::upload::plan::Plan;
use crate::upload::state::Machine;
use crate::world::source::Source;
use std::collections::VecDeque;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;
use tokio::time::{MissedTickBehavior, interval, sleep, timeout};

/// How often a record is asked for that another upload of this process is about to give back.
const BUSY_POLL: Duration = Duration::from_millis(10);
/// How long a file system that hangs is waited for when the caller wants the upload to stop.
const HUNG: Duration = Duration::from_secs(2);

/// What every action of one upload needs.
#[derive(Clone)]
struct Context {
    line: Line,
    live: Arc<Live>,
    source: Arc<dyn Source>,
    identity: Identity,
    plan: Plan,
    recorder: Option<Recorder>,
    parts_stopped: watch::Receiver<bool>,
}

/// The whole life of an upload, from the first look at the file to its outcome.
pub(super) async fn run(line: Line, hurry: watch::Sender<bool>, mut stops: mpsc::UnboundedReceiver<Stop>) -> Outcome {
    let live = Arc::clone(&line.live);
    let (prepared, stop) = match prepared(&live, &mut stops).await {
        Ok(prepared) => prepared,
        Err(error) => return Outcome { error: Some(error), ..Outcome::default() },
    };
    let Prepared { source, identity, plan, checkpoint, start } = prepared;
    let unlocked = checkpoint.as_ref().filter(|checkpoint| !checkpoint.is_locked()).map(|checkpoint| {
        format!("{} cannot be locked here: nothing keeps a second upload away", checkpoint.path().display())
    });
    if let Some(checkpoint) = &checkpoint {
        live.set_checkpoint_file(checkpoint.path());
    }
    let recorder = checkpoint.map(Recorder::new);
    let mut machine = Machine::new(plan, live.order.task_num, recorder.is_some());
    let mut actions = VecDeque::new();
    actions.extend(stop.into_iter().flat_map(|stop| machine.step(Event::Stop(stop))));
    actions.extend(machine.step(Event::Begin(start)));
    let (stop_parts, parts_stopped) = watch::channel(false);
    let plan = machine.plan();
    let context = Context { line, live, source, identity, plan, recorder, parts_stopped };

    let mut tasks: JoinSet<Option<Event>> = JoinSet::new();
    let mut tick = interval(context.line.shared.progress_interval);
    tick.set_missed_tick_behavior(MissedTickBehavior::Skip);
    loop {
        while let Some(action) = actions.pop_front() {
            if let Action::Finish(mut outcome) = action {
                context.live.advance(machine.progress());
                outcome.warnings.extend(unlocked);
                return *outcome;
            }
            if matches!(action, Action::Hurry) {
                hurry.send_replace(true);
            } else if matches!(action, Action::StopParts | Action::Initiate) {
                // The parts of a new upload, after a lost one, may go again.
                stop_parts.send_replace(matches!(action, Action::StopParts));
            }
            tasks.spawn(perform(context.clone(), action));
        }
        context.live.advance(machine.progress());
        let event = tokio::select! {
            Some(stop) = stops.recv() => Event::Stop(stop),
            Some(ended) = tasks.join_next() => match ended {
                Ok(Some(event)) => event,
                Ok(None) => continue,
                Err(panic) => return Outcome { error: Some(panicked(panic)), ..Outcome::default() },
            },
            _ = tick.tick() => {
                context.live.tell_progress();
                continue;
            }
        };
        actions.extend(machine.step(event));
    }
}

/// Opens file and record; a stop that is asked for meanwhile comes along. A start right after a pause waits for the
/// upload that is still letting go.
async fn prepared(live: &Arc<Live>, stops: &mut mpsc::UnboundedReceiver<Stop>) -> Result<(Prepared, Option<Stop>)> {
    let mut asked = None;
    loop {
        let job = Arc::clone(live);
        let opening = pool::run(move || prepare(&job.order));
        tokio::pin!(opening);
        let result = tokio::select! {
            result = &mut opening => result?,
            Some(stop) = stops.recv() => {
                asked = Some(stop);
                match timeout(HUNG, opening).await {
                    Ok(result) => result?,
                    Err(_hung) => return Err(stopped(stop)),
                }
            }
        };
        match (result, asked) {
            (Err(error), None) if error.kind() == Kind::Busy && running::is_letting_go(live) => {
                sleep(BUSY_POLL).await;
            }
            (Err(error), Some(stop)) if error.kind() == Kind::Busy => return Err(stopped(stop)),
            (result, _) => return result.map(|prepared| (prepared, asked)),
        }
    }
}

fn stopped(stop: Stop) -> Error {
    match stop {
        Stop::Pause => Error::new(Kind::Paused, "the upload was paused before it had begun"),
        Stop::Abort => Error::new(Kind::Aborted, "the upload was aborted before it had begun"),
    }
}

pub(super) fn panicked(error: tokio::task::JoinError) -> Error {
    let text = match error.try_into_panic() {
        Ok(payload) => crate::error::panic_text(payload.as_ref()),
        Err(_) => "a task of the upload was lost".to_owned(),
    };
    Error::new(Kind::Internal, text)
}

async fn perform(context: Context, action: Action) -> Option<Event> {
    Some(match action {
        Action::ListParts { upload_id } => Event::Listed(context.list_parts(&upload_id).await),
        Action::Initiate => Event::Initiated(context.initiate().await),
        Action::WriteHeader { upload_id } => Event::Recorded(context.write_header(upload_id).await),
        Action::SendPart { number, upload_id } => {
            let sending = async {
                let piece = context.piece(number)?;
                parts::send(&context.line, &context.live.order, piece, &upload_id, &context.live.in_flight).await
            };
            let result = context.unless_stopped(sending).await;
            context.live.in_flight.end(number);
            Event::PartSent(number, result)
        }
        Action::CheckPart { number } => {
            let checking = async { parts::check(context.piece(number)?).await };
            Event::PartChecked(number, context.unless_stopped(checking).await)
        }
        Action::JournalPart(part) => match &context.recorder {
            Some(recorder) => Event::RecordFailed(recorder.journal(part).await.err()?),
            None => return None,
        },
        Action::CheckSource => Event::SourceChecked(context.check_source().await),
        Action::MarkCompleting => {
            let server_time = context.line.shared.clock.server_now();
            let result = match &context.recorder {
                Some(recorder) => recorder.mark_completing(server_time).await,
                None => Ok(()),
            };
            Event::Marked(server_time, result)
        }
        Action::Complete { upload_id, parts } => context.complete(&upload_id, &parts).await,
        Action::PutObject => context.put_object().await,
        Action::Probe => Event::Probed(context.probe().await),
        Action::AbortUpload { upload_id } => Event::UploadAborted(context.abort_upload(&upload_id).await),
        Action::SyncRecord => Event::RecordClosed(match &context.recorder {
            Some(recorder) => recorder.put_away().await,
            None => Ok(()),
        }),
        Action::DeleteRecord => Event::RecordClosed(match &context.recorder {
            Some(recorder) => recorder.delete().await,
            None => Ok(()),
        }),
        Action::StopParts | Action::Hurry | Action::Finish(_) => return None,
    })
}

impl Context {
    fn piece(&self, number: u32) -> Result<Piece> {
        let range = self.plan.range(number).ok_or_else(|| Error::new(Kind::Internal, "a part outside the plan"))?;
        Ok(Piece { source: Arc::clone(&self.source), number, range })
    }

    async fn unless_stopped<T>(&self, work: impl Future<Output = Result<T>>) -> Result<T> {
        let mut stopped = self.parts_stopped.clone();
        tokio::select! {
            biased;
            _ = stopped.wait_for(|stopped| *stopped) => Err(Error::new(Kind::Paused, "the part was stopped").temporary()),
            result = work => result,
        }
    }

    async fn list_parts(&self, upload_id: &str) -> Result<Listing> {
        let mut all: Vec<ListedPart> = Vec::new();
        let mut marker = 0;
        loop {
            let headers = self.live.order.headers_for(Stage::ListParts);
            let request = list_parts::build(&self.live.order.object, upload_id, marker, headers);
            let call = self.line.call("ListParts");
            let page = self
                .line
                .make(call, || request.clone().into(), |response, _| list_parts::parse(response, marker))
                .await;
            match page {
                Err(error) if error.kind() == Kind::NoSuchUpload => return Ok(Listing::Gone),
                Err(error) if error.report().oss_code.as_deref() == Some("AccessDenied") => return Ok(Listing::Denied),
                Err(error) => return Err(error),
                Ok(page) => {
                    all.extend(page.parts);
                    match page.next_marker {
                        Some(next) => marker = next,
                        None => return Ok(Listing::Parts(all)),
                    }
                }
            }
        }
    }

    async fn initiate(&self) -> Result<String> {
        let request = initiate::build(&self.live.order.object, self.live.order.headers_for(Stage::Initiate));
        let call = self.line.call("InitiateMultipartUpload");
        let made = self.line.make(call, || request.clone().into(), |response, _| initiate::parse(response)).await?;
        Ok(made.upload_id)
    }

    async fn write_header(&self, upload_id: String) -> Result<()> {
        let Some(recorder) = &self.recorder else { return Ok(()) };
        let header = Header {
            bucket: self.live.order.object.bucket.clone(),
            key: self.live.order.object.key.clone(),
            upload_id,
            plan: self.plan,
            source: self.identity,
            options: self.live.order.options.clone(),
        };
        recorder.begin(header).await
    }

    async fn check_source(&self) -> Result<crate::upload::identity::Fit> {
        let source = Arc::clone(&self.source);
        let now = pool::run(move || source.look()).await??;
        Ok(self.identity.fit_in_one_run(&now))
    }

    async fn complete(&self, upload_id: &str, parts: &[(u32, String)]) -> Event {
        let parts: Vec<(u32, &str)> = parts.iter().map(|(number, etag)| (*number, etag.as_str())).collect();
        let headers = self.live.order.headers_for(Stage::Complete);
        let request = complete::build(&self.live.order.object, upload_id, &parts, headers);
        let parse = |response: &Response| complete::parse(response, self.live.order.has_callback);
        self.make_object("CompleteMultipartUpload", || request.clone().into(), parse).await
    }

    async fn put_object(&self) -> Event {
        let request = put::build(&self.live.order.object, self.live.order.headers_for(Stage::Put));
        let parse = |response: &Response| put::parse(response, self.live.order.has_callback);
        self.make_object("PutObject", || request.clone().into(), parse).await
    }

    async fn make_object(
        &self,
        operation: &'static str,
        attempt: impl FnMut() -> Try,
        parse: impl Fn(&Response) -> Result<Completed>,
    ) -> Event {
        let call = Call { operation, patience: self.line.shared.patience_for_complete(), decisive: true };
        let made = self
            .line
            .make(call, attempt, |response, _| {
                let request_id = response.request_id().map(str::to_owned);
                parse(response).map(|completed| (completed, request_id))
            })
            .await;
        match made {
            Ok((completed, request_id)) => Event::Completed(Ok(completed), request_id),
            Err(error) => {
                let request_id = error.report().request_id.clone();
                Event::Completed(Err(error), request_id)
            }
        }
    }

    async fn probe(&self) -> Result<Option<Head>> {
        let request = head::build(&self.live.order.object, self.live.order.headers_for(Stage::Head));
        let call = self.line.call("HeadObject");
        self.line.make(call, || request.clone().into(), |response, _| head::parse(response)).await
    }

    async fn abort_upload(&self, upload_id: &str) -> Result<()> {
        let request = abort::build(&self.live.order.object, upload_id, self.live.order.headers_for(Stage::Abort));
        let call = self.line.call("AbortMultipartUpload");
        self.line.make(call, || request.clone().into(), |response, _| abort::parse(response)).await
    }
}
