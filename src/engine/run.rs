//! Runs one upload: performs what the state machine says and tells it what came of it.

use super::exchange::{Call, Line};
use super::live::Live;
use super::parts::{self, Piece};
use super::prepare::{Prepared, prepare};
use super::put::{self, Whole};
use super::recorder::Recorder;
use super::running;
use crate::error::{Error, Kind, Result};
use crate::oss::api::head::Head;
use crate::oss::api::list_parts::ListedPart;
use crate::oss::api::{abort, complete, head, initiate, list_parts};
use crate::oss::headers::Stage;
use crate::oss::request::Response;
use crate::process::pool::Lane;
use crate::upload::event::{Action, Event, Listing, Stop};
use crate::upload::identity::Identity;
use crate::upload::journal::Header;
use crate::upload::outcome::Outcome;
use crate::upload::plan::Plan;
use crate::upload::state::Machine;
use crate::world::source::Source;
use std::collections::{BTreeMap, VecDeque};
use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;
use tokio::time::{MissedTickBehavior, interval, sleep, timeout};

/// Threads that read one file.
const READERS: usize = 4;
/// How often a record is asked for that another upload of this process is about to give back.
const BUSY_POLL: Duration = Duration::from_millis(10);
/// How long an upload that is to stop keeps trying to leave nothing on the server.
const ABORTING: Duration = Duration::from_secs(10);
/// How long a file system that hangs is waited for when the caller wants the upload to stop.
const HUNG: Duration = Duration::from_secs(2);

/// What every action of one upload needs.
#[derive(Clone)]
struct Context {
    line: Line,
    live: Arc<Live>,
    source: Arc<dyn Source>,
    reads: Lane,
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
    let Prepared { source, identity, plan, checkpoint, start, unsettled } = prepared;
    if let Some(checkpoint) = &checkpoint {
        live.set_checkpoint_file(checkpoint.path());
        if !checkpoint.is_locked() {
            let path = checkpoint.path().display();
            live.warn(format!("{path} cannot be locked here: nothing keeps a second upload away"));
        }
    }
    let recorder = checkpoint.map(Recorder::new);
    let mut machine = Machine::new(plan, live.order.terms(recorder.is_some()));
    let mut actions = VecDeque::new();
    if let Some(error) = unsettled {
        actions.extend(machine.step(Event::RecordFailed(error)));
    }
    if let Some(stop) = stop {
        hurry.send_replace(true);
        actions.extend(machine.step(Event::Stop(stop)));
    }
    actions.extend(machine.step(Event::Begin(start)));
    let (stop_parts, parts_stopped) = watch::channel(false);
    let plan = machine.plan();
    let reads = Lane::new(READERS);
    let context = Context { line, live, source, reads, identity, plan, recorder, parts_stopped };

    let mut tasks: JoinSet<Option<Event>> = JoinSet::new();
    let mut tick = interval(context.line.shared.progress_interval);
    tick.set_missed_tick_behavior(MissedTickBehavior::Skip);
    loop {
        while let Some(action) = actions.pop_front() {
            if let Action::Finish(mut outcome) = action {
                context.live.advance(machine.progress());
                outcome.warnings.extend(context.live.take_warnings());
                context.recorder.iter().for_each(Recorder::release);
                return *outcome;
            }
            if matches!(action, Action::StopParts | Action::Initiate) {
                // The parts of a new upload, after a lost one, may go again.
                stop_parts.send_replace(matches!(action, Action::StopParts));
            }
            if let (Action::JournalPart(part), Some(recorder)) = (&action, &context.recorder) {
                // At once, not in a task: the mark that Complete is about to be sent must not overtake a part.
                if !recorder.note(part.clone()) {
                    continue;
                }
            }
            tasks.spawn(perform(context.clone(), action));
        }
        context.live.advance(machine.progress());
        let event = tokio::select! {
            Some(stop) = stops.recv() => {
                hurry.send_replace(true);
                Event::Stop(stop)
            }
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
    let opener = Lane::new(1);
    let mut asked = None;
    loop {
        // Asked first: who is letting go now may have done so when the answer is there.
        let is_letting_go = running::is_letting_go(live);
        let job = Arc::clone(live);
        let opening = opener.run(move || prepare(&job.order));
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
            (Err(error), None) if error.kind() == Kind::Busy && (is_letting_go || running::is_letting_go(live)) => {
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
        Action::JournalPart(_) => match &context.recorder {
            Some(recorder) => Event::RecordFailed(recorder.write().await.err()?),
            None => return None,
        },
        Action::CheckSource => Event::SourceChecked(context.unless_hung(context.check_source()).await),
        Action::MarkCompleting => {
            let server_time = context.line.shared.clock.server_now();
            let result = match &context.recorder {
                Some(recorder) => context.unless_hung(recorder.mark_completing(server_time)).await,
                None => Ok(()),
            };
            Event::Marked(server_time, result)
        }
        Action::Complete { upload_id, parts } => context.complete(&upload_id, &parts).await,
        Action::PutObject => {
            let Context { source, reads, identity, .. } = context.clone();
            let whole = Whole { source, reads, identity };
            Event::Put(put::send(&context.line, whole, context.parts_stopped.clone()).await)
        }
        Action::Probe => Event::Probed(context.probe().await),
        Action::AbortUpload { upload_id } => Event::UploadAborted(context.abort_upload(&upload_id).await),
        Action::SyncRecord => Event::RecordClosed(match &context.recorder {
            Some(recorder) => context.unless_hung(recorder.sync()).await,
            None => Ok(()),
        }),
        Action::DeleteRecord => Event::RecordClosed(match &context.recorder {
            Some(recorder) => context.unless_hung(recorder.delete()).await,
            None => Ok(()),
        }),
        Action::StopParts | Action::Finish(_) => return None,
    })
}

impl Context {
    fn piece(&self, number: u32) -> Result<Piece> {
        let range = self.plan.range(number).ok_or_else(|| Error::new(Kind::Internal, "a part outside the plan"))?;
        Ok(Piece { source: Arc::clone(&self.source), reads: self.reads.clone(), number, range })
    }

    async fn unless_stopped<T>(&self, work: impl Future<Output = Result<T>>) -> Result<T> {
        let mut stopped = self.parts_stopped.clone();
        tokio::select! {
            biased;
            _ = stopped.wait_for(|stopped| *stopped) => Err(Error::new(Kind::Paused, "the part was stopped").temporary()),
            result = work => result,
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

    async fn list_parts(&self, upload_id: &str) -> Result<Listing> {
        let mut all: BTreeMap<u32, ListedPart> = BTreeMap::new();
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
                    // A server that never ends its list is not followed beyond the plan's last part.
                    let planned = page.parts.into_iter().filter(|part| part.number <= self.plan.parts());
                    all.extend(planned.map(|part| (part.number, part)));
                    match page.next_marker {
                        Some(next) if next < self.plan.parts() => marker = next,
                        Some(_) | None => return Ok(Listing::Parts(all.into_values().collect())),
                    }
                }
            }
        }
    }

    async fn initiate(&self) -> Result<String> {
        let request = initiate::build(&self.live.order.object, self.live.order.headers_for(Stage::Initiate));
        let call = self.line.call("InitiateMultipartUpload");
        let unanswered = AtomicU32::new(0);
        let attempt = || {
            unanswered.fetch_add(1, Ordering::Relaxed);
            request.clone().into()
        };
        let made = self.line.make(call, attempt, |response, _| {
            let made = initiate::parse(response);
            // A success that cannot be read made an upload all the same.
            if made.is_ok() || !response.is_success() {
                unanswered.fetch_sub(1, Ordering::Relaxed);
            }
            made
        });
        let made = made.await;
        let unheard = made.as_ref().err().is_none_or(|error| error.report().may_be_done);
        if unheard && unanswered.load(Ordering::Relaxed) > 0 {
            let key = &self.live.order.object.key;
            self.live.warn(format!(
                "InitiateMultipartUpload went unanswered: {key} may have incomplete uploads without parts"
            ));
        }
        Ok(made?.upload_id)
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
        let now = Lane::new(1).run(move || source.look()).await??;
        Ok(self.identity.fit(&now))
    }

    async fn complete(&self, upload_id: &str, parts: &[(u32, String)]) -> Event {
        let parts: Vec<(u32, &str)> = parts.iter().map(|(number, etag)| (*number, etag.as_str())).collect();
        let headers = self.live.order.headers_for(Stage::Complete);
        let request = complete::build(&self.live.order.object, upload_id, &parts, headers);
        let parse = |response: &Response| complete::parse(response, self.live.order.has_callback);
        let call = self.line.call_for_object("CompleteMultipartUpload", true);
        let made = self
            .line
            .make(
                call,
                || request.clone().into(),
                |response, _| {
                    let request_id = response.request_id().map(str::to_owned);
                    parse(response).map(|completed| (completed, request_id))
                },
            )
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
        // An orphan is not left behind because of one lost request.
        let call = Call { grace: ABORTING, persistent: true, ..self.line.call("AbortMultipartUpload") };
        self.line.make(call, || request.clone().into(), |response, _| abort::parse(response)).await
    }
}
