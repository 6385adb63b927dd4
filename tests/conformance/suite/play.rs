//! A scenario is played, step by step.

use super::case::Case;
use super::compile::target;
use super::expectation::{Expectation, REPORTED};
use super::language::Drivers;
use super::line::Line;
use super::program::{PATIENCE, POLL, Running};
use super::stage::{BUCKET, Stage};
use super::step::Step;
use oss_server::{Entry, Operation};
use std::collections::BTreeMap;
use std::time::Instant;

/// Of these a driver is told several; of all other lines the last one counts.
const REPEATED: [&str; 6] = ["config", "option", "metadata", "tag", "give", "give_failure"];

struct Play<'a> {
    case: &'a Case<'a>,
    drivers: &'a Drivers,
    stage: Stage,
    /// What the next driver is told.
    order: Vec<Line>,
    starts: usize,
    /// The last driver.
    running: Option<Running>,
}

/// Plays it; when it goes wrong, everything that is known of it.
pub(crate) fn play(case: &Case, drivers: &Drivers) -> Result<(), String> {
    let stage = Stage::set(case.scenario).map_err(|error| format!("not begun: {error}"))?;
    let order = vec![
        Line::new("endpoint", &stage.server.endpoint()),
        Line::new("region", "cn-hangzhou"),
        Line::new("access_key_id", "ak"),
        Line::new("access_key_secret", "sk"),
        Line::new("bucket", BUCKET),
        Line::new("key", &stage.key),
        Line::new("file", &stage.fill_in("{file}")),
    ];
    let mut play = Play { case, drivers, stage, order, starts: 0, running: None };
    for (number, step) in &case.scenario.steps {
        play.step(step).map_err(|complaint| format!("scenarios.txt:{number}: {complaint}\n{}", play.story()))?;
    }
    Ok(())
}

impl Play<'_> {
    fn step(&mut self, step: &Step) -> Result<(), String> {
        match step {
            Step::With(line) => self.tell(Line::new(&line.name, &self.stage.fill_in(&line.value))),
            Step::Fault(fault) => self.stage.server.add_fault((**fault).clone()),
            Step::Calm => self.stage.server.clear_faults(),
            Step::Start(act) => self.start(act)?,
            Step::Await(count, operation) => {
                self.wait_for(*count, &format!("{operation:?} answered"), |entry| succeeded(entry, *operation))?;
            }
            Step::Waiting(count) => self.wait_for(*count, "a request kept waiting", waits)?,
            Step::Told(line) => self.running()?.wait_until(&format!("\"{line}\" said"), |said| said.contains(line))?,
            Step::Kill => {
                self.running()?.kill()?;
                self.wait_for_quiet()?;
            }
            Step::Ends => {
                self.running()?.ends()?;
                self.wait_for_quiet()?;
                self.understand_report()?;
            }
            Step::Change => self.stage.change().map_err(|error| error.to_string())?,
            Step::Forget => {
                for upload in self.stage.server.uploads() {
                    self.stage.server.drop_upload(&upload.upload_id);
                }
            }
            Step::Begun(key) => {
                self.stage.server.open_upload(BUCKET, key).map_err(|error| error.to_string())?;
            }
            Step::TakeToken => {
                let token = self.said()?.into_iter().find(|line| line.name == "resume_token");
                self.tell(token.ok_or("no token was reported")?);
            }
            Step::Expect(expectation) => self.expect(expectation)?,
        }
        Ok(())
    }

    fn wait_for(&mut self, count: usize, what: &str, wanted: impl Fn(&Entry) -> bool) -> Result<(), String> {
        let server = &self.stage.server;
        let running = self.running.as_mut().ok_or("nothing was started")?;
        running.wait_until(&format!("{count} times {what}"), |_| server.count(&wanted) >= count)
    }

    /// What a driver had sent when it ended may still be on its way: what comes later must not meet it.
    fn wait_for_quiet(&self) -> Result<(), String> {
        let (server, began) = (&self.stage.server, Instant::now());
        while server.open_connections() > server.count(waits) {
            if began.elapsed() > PATIENCE {
                return Err("the server does not come to rest".to_owned());
            }
            std::thread::sleep(POLL);
        }
        Ok(())
    }

    fn understand_report(&self) -> Result<(), String> {
        let said = self.said()?;
        let unknown = said.iter().find(|line| !REPORTED.contains(&line.name.as_str()));
        unknown.map_or(Ok(()), |line| Err(format!("nobody knows what this is: {line}")))
    }

    fn running(&mut self) -> Result<&mut Running, String> {
        self.running.as_mut().ok_or_else(|| "nothing was started".to_owned())
    }

    fn said(&self) -> Result<Vec<Line>, String> {
        Ok(self.running.as_ref().ok_or("nothing was started")?.said())
    }

    fn tell(&mut self, line: Line) {
        if !REPEATED.contains(&line.name.as_str()) {
            self.order.retain(|other| other.name != line.name);
        }
        self.order.push(line);
    }

    fn start(&mut self, act: &str) -> Result<(), String> {
        let file = self.stage.order(self.starts);
        let lines = std::iter::once(&Line::new("act", act))
            .chain(&self.order)
            .map(|line| format!("{line}\n"))
            .collect::<String>();
        std::fs::write(&file, lines).map_err(|error| error.to_string())?;
        let mut command = self.drivers.command(self.case.language(self.starts));
        command.arg(target::path(file));
        // The server is on this machine, whatever proxy the environment names; a developer's own key is of no use to it.
        command.env("no_proxy", "127.0.0.1").env_remove("OSS_ACCESS_KEY_ID").env_remove("ALIBABA_CLOUD_ACCESS_KEY_ID");
        // Nobody's locale knows the names of the files, and it must not matter. Windows has no locale that would, but Wine
        // finds them by it.
        command.env("LC_ALL", if target::is_windows() { "C.UTF-8" } else { "C" });
        self.starts += 1;
        self.running = Some(Running::start(command)?);
        Ok(())
    }

    fn expect(&self, expectation: &Expectation) -> Result<(), String> {
        let server = &self.stage.server;
        match expectation {
            Expectation::Line(wanted) => {
                let said = self.said_of(&wanted.name)?;
                check(said == [wanted.value.as_str()], || format!("it said of {}: {said:?}", wanted.name))
            }
            Expectation::Lines(count, wanted) => {
                let said = self.said_of(&wanted.name)?;
                let alike = said.iter().filter(|value| **value == wanted.value).count();
                check(alike == *count, || format!("it said of {}: {said:?}", wanted.name))
            }
            Expectation::Word(wanted) => {
                let (said, word) = (self.said_of(&wanted.name)?, self.stage.fill_in(&wanted.value));
                let has_it = said.len() == 1 && said[0].contains(&word);
                check(has_it, || format!("it said of {}: {said:?}", wanted.name))
            }
            Expectation::AtLeast(name, least) => {
                let said = self.said_of(name)?;
                let enough = said.iter().any(|value| value.parse::<u64>().is_ok_and(|number| number >= *least));
                check(enough, || format!("it said of {name}: {said:?}"))
            }
            Expectation::Some(name, wanted) => {
                let said = self.said_of(name)?;
                check(said.is_empty() != *wanted, || format!("it said of {name}: {said:?}"))
            }
            Expectation::Object => {
                self.is_the_file(&self.stage.key)?;
                self.is_known_by_its_checksum()
            }
            Expectation::Objects(count) => {
                (0..*count).try_for_each(|number| self.is_the_file(&format!("{}-{number}", self.stage.key)))
            }
            Expectation::NoObject => {
                check(server.object(BUCKET, &self.stage.key).is_none(), || "there is an object".to_owned())
            }
            Expectation::Header(wanted) => {
                let object = server.object(BUCKET, &self.stage.key).ok_or("there is no object")?;
                let has_it = object.headers.contains(&(wanted.name.clone(), wanted.value.clone()));
                check(has_it, || format!("it bears {:?}", object.headers))
            }
            Expectation::Uploads(count) => {
                let uploads = server.uploads();
                check(uploads.len() == *count, || format!("not completed: {uploads:?}"))
            }
            Expectation::Requests(count, operation) => {
                let found = server.count(|entry| succeeded(entry, *operation));
                check(found == *count, || format!("there were {found}"))
            }
            Expectation::Once => {
                let mut taken = BTreeMap::new();
                let part = |entry: Entry| Some((entry.upload_id?, entry.part_number?));
                let parts = server.ledger().into_iter().filter(|entry| succeeded(entry, Operation::UploadPart));
                parts.filter_map(part).for_each(|part| *taken.entry(part).or_insert(0) += 1);
                check(taken.values().all(|times| *times == 1), || format!("parts were taken so often: {taken:?}"))
            }
            Expectation::Record(wanted) => {
                check(self.stage.record().exists() == *wanted, || format!("the record is there: {}", !wanted))
            }
        }
    }

    /// The values of the report's lines of a name.
    fn said_of(&self, name: &str) -> Result<Vec<String>, String> {
        Ok(self.said()?.into_iter().filter(|line| line.name == name).map(|line| line.value).collect())
    }

    fn is_the_file(&self, key: &str) -> Result<(), String> {
        let object = self.stage.server.object(BUCKET, key).ok_or_else(|| format!("there is no object {key}"))?;
        let bytes = self.stage.bytes().map_err(|error| error.to_string())?;
        check(object.bytes == bytes, || format!("the object {key} is not the file"))
    }

    /// What the report says of the object is so.
    fn is_known_by_its_checksum(&self) -> Result<(), String> {
        let object = self.stage.server.object(BUCKET, &self.stage.key).ok_or("there is no object")?;
        for (name, value) in [("crc64", object.crc64.to_string()), ("etag", object.etag)] {
            let said = self.said_of(name)?;
            check(said == [value.as_str()], || format!("it said of {name}: {said:?}, not {value}"))?;
        }
        Ok(())
    }

    /// Everything, for whoever has to find out why it went wrong.
    fn story(&mut self) -> String {
        let order: String = self.order.iter().map(|line| format!("{line}\n")).collect();
        let said = self.running.as_mut().map_or_else(|| "nothing was started".to_owned(), Running::story);
        let told = |entry: Entry| {
            let (operation, part, status) = (entry.operation, entry.part_number.unwrap_or(0), entry.status);
            format!("{operation:?} {part}: {status:?}, answered: {}, {:?}\n", entry.answered, entry.faults)
        };
        let server: String = self.stage.server.ledger().into_iter().take(100).map(told).collect();
        format!("-- told\n{order}-- said by driver {}\n{said}-- server\n{server}", self.starts)
    }
}

fn check(holds: bool, complaint: impl FnOnce() -> String) -> Result<(), String> {
    if holds { Ok(()) } else { Err(complaint()) }
}

/// It keeps its connection open, even when nobody is at the other end any more.
fn waits(entry: &Entry) -> bool {
    entry.ended_ms.is_none() && entry.faults.iter().any(|fault| fault == "hang" || fault == "hold")
}

fn succeeded(entry: &Entry, operation: Operation) -> bool {
    entry.operation == operation && entry.answered && entry.status.is_some_and(|status| (200..300).contains(&status))
}
