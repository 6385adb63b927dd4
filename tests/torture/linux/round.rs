//! One upload, killed over and over, and looked at when it is done.

use super::check::{self, Interruptions};
use super::disk::Disk;
use super::faults;
use super::kill::{End, Manner};
use super::plan::{Mischief, Plan, Run};
use super::power::{self, Fate};
use super::program::Victim;
use super::report::Tally;
use super::{phase, record};
use fastrand::Rng;
use oss_server::{Entry, Fault, Operation, Options, OssServer, Throttle};
use std::error::Error;
use std::fs::File;
use std::time::{Duration, Instant, SystemTime};

type Fallible<T> = Result<T, Box<dyn Error>>;

/// Exit statuses of `examples/c/upload.c` that a fault may lead to: failed, and failed but can go on.
const FAILED: [i32; 2] = [1, 4];
/// From then on a file's times are trusted.
const SETTLED: Duration = Duration::from_millis(2100);
/// How long requests of a killed run may still be under way in the server.
const AFTERMATH: Duration = Duration::from_secs(10);

struct Round<'a> {
    victim: &'a Victim,
    plan: &'a Plan,
    source: Vec<u8>,
    disk: Disk,
    server: OssServer,
    log: tempfile::NamedTempFile,
    random: Rng,
    other_options: bool,
    interruptions: Interruptions,
    tally: Tally,
    history: Vec<String>,
}

/// Carries a plan out; when it goes wrong, everything that is known of it.
pub(crate) fn carry_out(victim: &Victim, plan: &Plan) -> Result<Tally, String> {
    let mut round = Round::prepare(victim, plan).map_err(|error| format!("not begun: {error}"))?;
    match round.go() {
        Ok(()) => Ok(round.tally),
        Err(error) => Err(format!("{error}\n{}", round.story())),
    }
}

impl<'a> Round<'a> {
    fn prepare(victim: &'a Victim, plan: &'a Plan) -> Fallible<Self> {
        let mut random = Rng::with_seed(plan.seed);
        let mut source = vec![0; plan.size as usize];
        random.fill(&mut source);
        let options = Options {
            throttle: Some(Throttle::Total(plan.bytes_per_s)),
            latency_ms: plan.latency_ms,
            faces: oss_server::Faces { repeated_complete: plan.repeated_complete, ..Default::default() },
            ..Options::default()
        };
        let server = OssServer::start(options)?;
        server.create_bucket("bucket");
        let disk = Disk::with(&source, plan.foreign)?;
        let log = tempfile::NamedTempFile::new()?;
        let (interruptions, tally, history) = Default::default();
        let other_options = false;
        Ok(Self { victim, plan, source, disk, server, log, random, other_options, interruptions, tally, history })
    }

    fn go(&mut self) -> Fallible<()> {
        self.settle()?;
        let mut over = false;
        for run in &self.plan.runs {
            over = over || self.is_over_after(run)?;
        }
        if !over {
            self.finish()?;
        }
        self.power_fails(self.plan.power_fails_at_the_end)?;
        if !self.is_over()? {
            self.finish()?;
        }
        self.wait_for_the_server()?;
        let found =
            check::check(&self.source, self.plan.most_under_way(), self.interruptions, &self.disk, &self.server)?;
        self.tally.ended(found, &self.server.ledger());
        Ok(())
    }

    fn settle(&self) -> Fallible<()> {
        while self.plan.settled
            && SystemTime::now().duration_since(self.disk.source().metadata()?.modified()?)? < SETTLED
        {
            std::thread::sleep(Duration::from_millis(50));
        }
        Ok(())
    }

    /// Has one run killed. It may have been faster, and then there is nothing left to kill.
    fn is_over_after(&mut self, run: &Run) -> Fallible<bool> {
        self.forget(&run.before);
        if run.options_change {
            self.other_options = true;
            self.interruptions.changes_of_mind += 1;
        }
        match self.run(&run.manner, &run.faults)? {
            End::Killed => self.power_fails(run.power_fails)?,
            End::ByItself(status) if status.success() => return Ok(true),
            End::ByItself(status) if status.code().is_some_and(|code| FAILED.contains(&code)) => {
                self.tally.failed();
                // Another run would overwrite the object that is there, or fail because it must not.
                return Ok(self.plan.forbid_overwrite && self.is_over()?);
            }
            End::ByItself(status) => return Err(format!("ended with {status}").into()),
            End::Hanging => return Err("does not end".into()),
        }
        self.is_over()
    }

    /// What anybody would do: the same command again.
    fn finish(&mut self) -> Fallible<()> {
        match self.run(&Manner::Never, &[])? {
            End::ByItself(status) if status.success() => Ok(()),
            end @ (End::ByItself(_) | End::Killed | End::Hanging) => {
                Err(format!("the last run did not succeed: {end:?}").into())
            }
        }
    }

    /// There is nothing to go on with: a kill came between the last act and the exit.
    fn is_over(&self) -> Fallible<bool> {
        Ok(self.disk.files()?.is_empty() && self.server.object("bucket", "key").is_some())
    }

    fn run(&mut self, manner: &Manner, faults: &[Fault]) -> Fallible<End> {
        self.server.clear_faults();
        for fault in faults::pauses().iter().chain(faults) {
            self.server.add_fault(fault.clone());
        }
        let before = self.server.ledger().last().map_or(0, |entry| entry.sequence);
        let untold = self.known_to_the_server_alone()?;
        let end = manner.see_to_the_end(self.start(manner)?, &self.server, before)?;
        let requests: Vec<Entry> = self.server.ledger().into_iter().filter(|entry| entry.sequence > before).collect();
        if requests.iter().any(|entry| entry.operation == Operation::ListParts && hit_by(entry, "deny")) {
            self.interruptions.untold += untold;
        }
        let files = self.disk.files()?;
        let phase = phase::of(&requests, &files, self.plan.parts());
        let left = record::sum_up(&files);
        self.history.push(format!("{end:?} {phase}, {manner:?}, after request {before}, record: {left}"));
        // Before these nobody sends a part.
        let opening = [Operation::InitiateMultipartUpload, Operation::ListParts];
        if requests.iter().any(|entry| opening.contains(&entry.operation)) {
            self.interruptions.under_way += u32::from(!matches!(end, End::ByItself(status) if status.success()));
        }
        if matches!(end, End::Killed) {
            self.interruptions.kills += 1;
            self.tally.killed(manner, phase);
        }
        Ok(end)
    }

    fn start(&self, manner: &Manner) -> Fallible<std::process::Child> {
        let log = File::options().append(true).open(self.log.path())?;
        let mut command = self.victim.command(self.plan, &self.disk, &self.server, &log)?;
        if self.other_options {
            command.args(["--meta", "wanted=otherwise"]);
        }
        command.envs(manner.order().map(|order| ("TORTURE_KILL", order)));
        if self.plan.power_can_fail() {
            self.disk.watch(&mut command);
        }
        Ok(command.spawn()?)
    }

    fn power_fails(&mut self, fate: Option<Fate>) -> Fallible<()> {
        let Some(fate) = fate else { return Ok(()) };
        let told = power::fail(&self.disk, fate, &mut self.random)?;
        let left = record::sum_up(&self.disk.files()?);
        self.history.push(format!("the power fails, {told:?}, record: {left}"));
        self.tally.power_failed(&told);
        Ok(())
    }

    fn forget(&mut self, what: &Mischief) {
        for upload in self.server.uploads() {
            match what {
                Mischief::Nothing => {}
                Mischief::Upload => {
                    self.server.drop_upload(&upload.upload_id);
                    self.interruptions.forgotten_uploads += 1;
                    self.tally.forgotten("between two runs: forgotten upload");
                }
                Mischief::Parts(probability) => {
                    for part in upload.parts.iter().filter(|_| self.random.f64() < *probability) {
                        self.server.drop_part(&upload.upload_id, part.number);
                        self.interruptions.forgotten_parts += 1;
                        self.tally.forgotten("between two runs: forgotten part");
                    }
                }
            }
        }
    }

    /// Parts that the record does not name: its lines were not written yet, or the power cut took them.
    fn known_to_the_server_alone(&self) -> Fallible<u32> {
        let Some(record) = record::of(&self.disk.files()?) else { return Ok(0) };
        let known = record::numbers(&record);
        let uploads = self.server.uploads();
        let ours = uploads.iter().filter(|upload| upload.upload_id == record.header.upload_id);
        Ok(ours.flat_map(|upload| &upload.parts).filter(|part| !known.contains(&part.number)).count() as u32)
    }

    /// What a killed run had sent may still be on its way.
    fn wait_for_the_server(&self) -> Fallible<()> {
        let began = Instant::now();
        while self.server.count(|entry| entry.ended_ms.is_none() && !hit_by(entry, "hang")) > 0 {
            if began.elapsed() > AFTERMATH {
                return Err("the server does not come to rest".into());
            }
            std::thread::sleep(Duration::from_millis(2));
        }
        Ok(())
    }

    /// Everything, for whoever has to find out why it went wrong.
    fn story(&self) -> String {
        let told = |entry: Entry| {
            let (number, began, operation, part) =
                (entry.sequence, entry.started_ms, entry.operation, entry.part_number.unwrap_or(0));
            let (id, status, answered) = (entry.upload_id.unwrap_or_default(), entry.status, entry.answered);
            format!(
                "{number}, {began} ms: {operation:?} {part} of {id}: {status:?}, answered: {answered}, {:?}\n",
                entry.faults
            )
        };
        let server: String = self.server.ledger().into_iter().map(told).collect();
        let files = self.disk.files().map_or_else(|error| error.to_string(), |files| record::tell(&files));
        let log = std::fs::read_to_string(self.log.path()).unwrap_or_default();
        format!(
            "-- plan\n{:#?}\n-- runs\n{}\n-- {:?}\n-- server\n{server}-- record\n{files}-- program\n{log}",
            self.plan,
            self.history.join("\n"),
            self.interruptions
        )
    }
}

fn hit_by(entry: &Entry, fault: &str) -> bool {
    entry.faults.iter().any(|name| name == fault)
}
