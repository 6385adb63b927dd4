//! Runs one upload: performs what the state machine says and tells it what came of it.

use super::admission::Admitted;
use super::exchange::Line;
use super::live::{Ended, Live, Wish};
use super::perform::{Context, HUNG, perform};
use super::prepare::{Prepared, Refused, is_resumable, leads_anywhere, prepare};
use super::recorder::Recorder;
use super::running;
use super::shared::Shared;
use super::wishes::Wishes;
use crate::error::{self, Error, Kind};
use crate::process::pool::Lane;
use crate::process::{panics, runtime};
use crate::upload::event::{Action, Event, Stop};
use crate::upload::state::Machine;
use std::collections::VecDeque;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc::UnboundedReceiver;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{Instant, MissedTickBehavior, interval_at, sleep, timeout};

/// How soon, and how seldom at last, a record that another upload holds is asked for again.
const BUSY_POLL: Duration = Duration::from_millis(10);
const LONGEST_POLL: Duration = Duration::from_millis(500);

/// The whole life of an upload, from the first look at the file to its outcome.
pub(super) async fn run(
    line: Line,
    live: Arc<Live>,
    hurry: watch::Sender<bool>,
    wishes: UnboundedReceiver<Wish>,
) -> Ended {
    let mut wishes = Wishes::new(wishes, Arc::clone(&live));
    let (prepared, stop, _admitted) = match prepared(&line.shared, &live, &mut wishes).await {
        Ok(prepared) => prepared,
        Err(Refused { error, resumable }) => {
            let mut ended = Ended::failed(error);
            ended.outcome.resumable = resumable;
            return ended;
        }
    };
    live.diary.prepared(&prepared);
    let Prepared { file, plan, checkpoint, start, warnings } = prepared;
    warnings.into_iter().for_each(|warning| live.warn(warning));
    if let Some(checkpoint) = &checkpoint {
        live.set_checkpoint_file(checkpoint.path());
        if !checkpoint.is_locked() {
            let path = checkpoint.path().display();
            live.warn(format!("{path} cannot be locked here: nothing keeps a second upload away"));
        }
    }
    let recorder = checkpoint.map(Recorder::new);
    let mut machine = Machine::new(plan, file.identity, live.order.terms(recorder.is_some()));
    let mut actions = VecDeque::new();
    if let Some(stop) = stop {
        hurry.send_replace(true);
        let event = Event::Stop(stop);
        live.diary.happened(&event);
        actions.extend(machine.step(event));
    }
    actions.extend(machine.step(Event::Begin(start)));
    let (stop_parts, parts_stopped) = watch::channel(false);
    let context = Context::new(line, live, file, recorder, parts_stopped);
    if let Some(stream) = &context.file.stream {
        // Those under way, and one that is being filled.
        stream.cut(machine.part_size(), context.live.order.most_tasks() + 1);
    }
    let driven = panics::caught_in(drive(&context, machine, actions, stop_parts, hurry, wishes)).await;
    match driven.and_then(|ended| ended) {
        Ok(ended) => ended,
        Err(panic) => {
            // Whoever goes on finds it free, whatever its tasks are still about.
            context.release_record().await;
            Ended::failed(panic)
        }
    }
}

/// Performs what the state machine says until it says that this is the end. A panic and a shutdown are all that it fails with.
async fn drive(
    context: &Context,
    mut machine: Machine,
    mut actions: VecDeque<Action>,
    stop_parts: watch::Sender<bool>,
    hurry: watch::Sender<bool>,
    mut wishes: Wishes,
) -> error::Result<Ended> {
    let mut tasks: JoinSet<error::Result<Option<Event>>> = JoinSet::new();
    // What is done alone needs no task of its own, which would have to be woken, and would have to wake this one.
    let mut alone: Option<Pin<Box<dyn Future<Output = Option<Event>> + Send>>> = None;
    let progress_interval = context.line.shared.progress_interval;
    let mut tick = interval_at(Instant::now() + progress_interval, progress_interval);
    tick.set_missed_tick_behavior(MissedTickBehavior::Skip);
    loop {
        while let Some(action) = actions.pop_front() {
            if let Action::Finish(mut outcome) = action {
                context.live.advance(machine.progress());
                // The others were told when they arose.
                outcome.warnings.iter().for_each(|warning| context.live.diary.warns(warning));
                outcome.warnings.extend(context.live.take_warnings());
                context.release_record().await;
                let held = if outcome.resumable { machine.held() } else { None };
                let leftover = held.map(|held| context.leftover(held, machine.is_anybodys()));
                return Ok(Ended { outcome: *outcome, retries: context.line.retries(), leftover });
            }
            if matches!(action, Action::StopParts | Action::Initiate | Action::FindUploads) {
                // The parts of another upload, after a lost one, may go again.
                stop_parts.send_replace(matches!(action, Action::StopParts));
            }
            if let (Action::LetGo(number), Some(stream)) = (&action, &context.file.stream) {
                stream.let_go(*number);
                continue;
            }
            if let (Action::JournalPart(part), Some(recorder)) = (&action, &context.recorder) {
                // At once, not in a task: the mark that Complete is about to be sent must not overtake a part.
                if !recorder.note(part.clone()) {
                    continue;
                }
            }
            let is_one_of_many = matches!(
                action,
                Action::SendPart { .. } | Action::CheckPart { .. } | Action::JournalPart(_) | Action::StopParts
            );
            let performed = perform(context.clone(), action);
            if is_one_of_many || alone.is_some() {
                tasks.spawn(panics::caught_in(performed));
            } else {
                alone = Some(Box::pin(performed));
            }
        }
        context.live.advance(machine.progress());
        context.live.tell_room();
        panics::may_come("step");
        let event = tokio::select! {
            wish = wishes.next() => match wish {
                Wish::Stop(stop) => {
                    hurry.send_replace(true);
                    Event::Stop(stop)
                }
                Wish::Export(answer) => {
                    let held = machine.held();
                    let is_exported = held.is_some();
                    // Whoever asked waits for it.
                    let _answered = answer.send(held.map(|held| context.live.order.record_of(held)));
                    if !is_exported {
                        continue;
                    }
                    Event::Exported
                }
            },
            ended = async { alone.as_mut()?.await }, if alone.is_some() => {
                alone = None;
                match ended {
                    Some(event) => event,
                    None => continue,
                }
            }
            Some(ended) = tasks.join_next() => match ended {
                Ok(ended) => match ended? {
                    Some(event) => event,
                    None => continue,
                },
                Err(_cancelled) => return Err(Error::new(Kind::Internal, "a task of the upload was lost")),
            },
            () = context.line.steer(&context.live.in_flight) => continue,
            _ = tick.tick() => {
                context.live.tell_progress();
                continue;
            }
        };
        runtime::refuse_shut_down()?;
        context.live.diary.happened(&event);
        actions.extend(machine.step(event));
    }
}

/// Opens file and record when it is this upload's turn; a stop that is asked for meanwhile comes along. A start right after
/// a pause waits for the upload that is still letting go, and for any other as long as the caller wants.
async fn prepared(
    shared: &Shared,
    live: &Arc<Live>,
    wishes: &mut Wishes,
) -> Result<(Prepared, Option<Stop>, Admitted), Refused> {
    let opener = Lane::new(1);
    let began = Instant::now();
    let mut asked = None;
    let mut waits = false;
    loop {
        let admitted = match admitted(shared, live, &opener, wishes, &mut asked).await {
            Ok(admitted) => admitted,
            Err(stop) => {
                let job = Arc::clone(live);
                let resumable = unless_it_hangs(&opener, move || is_resumable(&job.order)).await == Some(true);
                return Err(Refused { error: stop.error(), resumable });
            }
        };
        // Asked first: who is letting go now may have done so when the answer is there.
        let is_letting_go = running::is_letting_go(live);
        let job = Arc::clone(live);
        let opening = opener.run(move || prepare(&job.order));
        tokio::pin!(opening);
        let result = tokio::select! {
            result = &mut opening => result?,
            stop = next_stop(wishes) => {
                asked = asked.max(Some(stop));
                match timeout(HUNG, opening).await {
                    Ok(result) => result?,
                    Err(_hung) => return Err(stop.error().into()),
                }
            }
        };
        let refused = match result {
            Ok(prepared) => return Ok((prepared, asked, admitted)),
            Err(refused) => refused,
        };
        // Whoever waits for a record keeps nobody else from its turn.
        drop(admitted);
        // Whoever asked it to stop may have started the next one, which is what has the record by now.
        asked = asked.max(asked_by_now(wishes).await);
        match asked {
            _ if refused.error.kind() != Kind::Busy => return Err(refused),
            Some(stop) => return Err(Refused { error: stop.error(), ..refused }),
            None if is_letting_go || running::is_letting_go(live) || live.order.waits_for_lock(began.elapsed()) => {
                if !std::mem::replace(&mut waits, true) {
                    live.diary.waits(&refused.error);
                }
                sleep((began.elapsed() / 8).clamp(BUSY_POLL, LONGEST_POLL)).await;
            }
            None => return Err(refused),
        }
    }
}

/// Waits for this upload's turn. One that is to be stopped needs none, unless it is to be aborted and has to take away what
/// an earlier run left.
async fn admitted(
    shared: &Shared,
    live: &Arc<Live>,
    opener: &Lane,
    wishes: &mut Wishes,
    asked: &mut Option<Stop>,
) -> Result<Admitted, Stop> {
    let admitted = shared.admission.wait();
    tokio::pin!(admitted);
    loop {
        tokio::select! {
            // Where there is a place it is taken: an upload that has begun can give a token.
            biased;
            admitted = &mut admitted => return Ok(admitted),
            stop = next_stop(wishes) => {
                *asked = (*asked).max(Some(stop));
                let job = Arc::clone(live);
                let look = move || leads_anywhere(&job.order);
                if *asked != Some(Stop::Abort) || unless_it_hangs(opener, look).await == Some(false) {
                    return Err(stop);
                }
            }
        }
    }
}

/// What a look at the disk says; nothing, where that hangs.
async fn unless_it_hangs(opener: &Lane, look: impl FnOnce() -> bool + Send + 'static) -> Option<bool> {
    timeout(HUNG, opener.run(look)).await.ok()?.ok()
}

async fn asked_by_now(wishes: &mut Wishes) -> Option<Stop> {
    tokio::select! {
        biased;
        stop = next_stop(wishes) => Some(stop),
        () = std::future::ready(()) => None,
    }
}

/// While nothing was begun, there is no token to be had.
async fn next_stop(wishes: &mut Wishes) -> Stop {
    loop {
        match wishes.next().await {
            Wish::Stop(stop) => return stop,
            Wish::Export(answer) => drop(answer.send(None)),
        }
    }
}
