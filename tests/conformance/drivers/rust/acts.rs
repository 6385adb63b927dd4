//! What a driver can do.

use super::listener::{Habit, Listener};
use super::order::{Able, Order, pair};
use super::provider::Script;
use super::{options, tell};
use ossup::engine::diary::Log;
use ossup::oss::endpoint::Style;
use ossup::records::{self, State};
use ossup::{Client, Config, Level, Request, Result, Upload};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

const PIECE: usize = 30_011;
/// What hangs that long hangs.
const LONG: Duration = Duration::from_secs(60);

/// The outer result says whether the driver can do it, the inner one what the library said.
type Done<T> = Able<Result<T>>;

/// Leaves the function with what the library refused.
macro_rules! taken {
    ($result:expr) => {
        match $result {
            Ok(value) => value,
            Err(error) => return Ok(Err(error)),
        }
    };
}

pub(super) fn act(order: &Order) -> Able<()> {
    let script = Script::of(order)?.map(Arc::new);
    let log = (order.get("act") == Some("log")).then(|| LogLines::of(order)).transpose()?;
    if let Err(error) = perform(order, script.clone(), log.as_ref())? {
        tell::failure(&error);
    }
    if let Some(script) = script {
        tell::line("questions", script.questions());
    }
    if let Some(log) = log {
        tell::line("log_lines", log.lines.load(Ordering::Relaxed));
        tell::line("log_secret", log.secrets.load(Ordering::Relaxed));
    }
    Ok(())
}

fn perform(order: &Order, script: Option<Arc<Script>>, log: Option<&LogLines>) -> Done<()> {
    let act = order.needed("act")?;
    if act == "record" {
        return record(Path::new(order.needed("file")?));
    }
    let client = taken!(client(order, script, log)?);
    let done = match act {
        "upload" | "log" => alone(order, &client, Habit::Listens, |_, _| Ok(())),
        "pause_in_progress" => alone(order, &client, Habit::Pauses, |_, _| Ok(())),
        "listener_fails" => alone(order, &client, Habit::Fails, |_, _| Ok(())),
        "pause" => alone(order, &client, Habit::Listens, after_bytes(Upload::pause)),
        "abort" => alone(order, &client, Habit::Listens, after_bytes(Upload::abort)),
        "export" => export(order, &client),
        "memory" => memory(order, &client),
        "stream" => stream(order, &client, Length::Unknown),
        "stream_sized" => stream(order, &client, Length::Known),
        "stream_failing" => stream(order, &client, Length::Short),
        "free_early" => free_early(order, &client),
        "close_client" => close_client(order, &client),
        "twice" => together(order, &client, 2, |key, _| key.to_owned()),
        "together" => {
            let count = order.number("count")?.ok_or("there is no count")?;
            together(order, &client, count, |key, number| format!("{key}-{number}"))
        }
        "incomplete" => incomplete(order, &client),
        _ => return Err(format!("there is no act {act}")),
    };
    client.shutdown(LONG);
    done
}

fn client(order: &Order, script: Option<Arc<Script>>, log: Option<&LogLines>) -> Done<Client> {
    let mut config = Config::default();
    taken!(config.set_endpoint(order.needed("endpoint")?));
    taken!(config.set_region(order.needed("region")?));
    config.set_style(Style::PathStyle);
    if let Some(script) = script {
        config.add_credentials_provider(script);
    } else if let Some(id) = order.get("access_key_id") {
        taken!(config.set_credentials(id, order.needed("access_key_secret")?, order.get("security_token")));
    }
    for line in order.all("config") {
        let (name, value) = pair(line)?;
        taken!(options::of_config(&mut config, name, value)?);
    }
    if let Some(log) = log {
        config.set_log(log.taker());
    }
    Ok(Client::new(&config))
}

fn request(order: &Order) -> Done<Request> {
    let mut request = Request::default();
    taken!(request.set_bucket_name(order.needed("bucket")?));
    taken!(request.set_key(order.needed("key")?));
    taken!(request.set_upload_file(Path::new(order.needed("file")?)));
    for line in order.all("option") {
        let (name, value) = pair(line)?;
        taken!(options::of_request(&mut request, name, value)?);
    }
    for line in order.all("metadata") {
        let (name, value) = pair(line)?;
        taken!(request.add_user_metadata(name, value));
    }
    for line in order.all("tag") {
        let (key, value) = pair(line)?;
        taken!(request.add_tag(key, value));
    }
    if let Some(line) = order.get("callback") {
        let (url, body) = pair(line)?;
        taken!(request.set_callback(url, body));
    }
    request.set_deadline(order.number("deadline_ms")?.map(Duration::from_millis));
    if let Some(token) = order.get("resume_token") {
        request.set_resume_token(token);
    }
    Ok(Ok(request))
}

/// One upload: begun, treated in some way, waited for, reported.
fn alone(
    order: &Order,
    client: &Client,
    habit: Habit,
    treat: impl FnOnce(&Upload, &Listener) -> Result<()>,
) -> Done<()> {
    let request = taken!(request(order)?);
    Ok(one(client, &request, habit, treat))
}

fn one(
    client: &Client,
    request: &Request,
    habit: Habit,
    treat: impl FnOnce(&Upload, &Listener) -> Result<()>,
) -> Result<()> {
    let upload = client.upload(request)?;
    let listener = Listener::set(&upload, habit)?;
    upload.start()?;
    treat(&upload, &listener)?;
    report(&upload)?;
    tell::heard(&listener.heard());
    Ok(())
}

fn report(upload: &Upload) -> Result<()> {
    if let Some(finished) = upload.wait(None)? {
        tell::ended(&finished);
    }
    Ok(())
}

fn after_bytes(stop: fn(&Upload) -> Result<()>) -> impl FnOnce(&Upload, &Listener) -> Result<()> {
    move |upload, listener| {
        listener.wait_for_bytes();
        stop(upload)
    }
}

fn export(order: &Order, client: &Client) -> Done<()> {
    alone(order, client, Habit::Listens, |upload, listener| {
        listener.wait_for_bytes();
        let token = upload.resume_token()?;
        upload.pause()?;
        tell::line("resume_token", token);
        Ok(())
    })
}

fn memory(order: &Order, client: &Client) -> Done<()> {
    let mut request = taken!(request(order)?);
    request.set_upload_memory(order.bytes()?);
    Ok(one(client, &request, Habit::Listens, |_, _| Ok(())))
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Length {
    Known,
    Unknown,
    /// Its source fails half-way.
    Short,
}

fn stream(order: &Order, client: &Client, length: Length) -> Done<()> {
    let mut request = taken!(request(order)?);
    let bytes = order.bytes()?;
    let size = bytes.len() as u64;
    taken!(request.set_upload_stream((length == Length::Known).then_some(size)));
    Ok(one(client, &request, Habit::Listens, |upload, _| {
        let there = if length == Length::Short { bytes.len() / 2 } else { bytes.len() };
        for piece in bytes[..there].chunks(PIECE) {
            // An upload that fails meanwhile says so at its end.
            if upload.write(piece, None).1.is_err() {
                return Ok(());
            }
        }
        if length == Length::Short {
            tell::line("raised", "source: boom");
            return upload.abort();
        }
        // As above.
        drop(upload.finish());
        Ok(())
    }))
}

fn free_early(order: &Order, client: &Client) -> Done<()> {
    let request = taken!(request(order)?);
    let upload = taken!(client.upload(&request));
    let listener = taken!(Listener::set(&upload, Habit::Listens));
    taken!(upload.start());
    listener.wait_for_bytes();
    drop((upload, listener));
    client.shutdown(LONG);
    tell::line("freed", "");
    Ok(Ok(()))
}

fn close_client(order: &Order, client: &Client) -> Done<()> {
    let request = taken!(request(order)?);
    let done = one(client, &request, Habit::Listens, |_, listener| {
        listener.wait_for_bytes();
        client.shutdown(LONG);
        Ok(())
    });
    taken!(done);
    let refused = client.upload(&request).and_then(|upload| upload.start().and_then(|()| report(&upload)));
    Ok(refused)
}

fn together(order: &Order, client: &Client, count: usize, key: impl Fn(&str, usize) -> String) -> Done<()> {
    let mut request = taken!(request(order)?);
    let mut uploads = Vec::new();
    for number in 0..count {
        taken!(request.set_key(&key(order.needed("key")?, number)));
        uploads.push(taken!(client.upload(&request)));
    }
    for upload in &uploads {
        taken!(upload.start());
    }
    // Each in a thread of its own: which of them ends first is not known.
    std::thread::scope(|scope| {
        for upload in &uploads {
            scope.spawn(|| {
                if let Err(error) = report(upload) {
                    tell::failure(&error);
                }
            });
        }
    });
    Ok(Ok(()))
}

fn incomplete(order: &Order, client: &Client) -> Done<()> {
    let bucket = order.needed("bucket")?;
    let left = || client.incomplete_uploads(bucket, "", Duration::ZERO);
    for upload in taken!(left()) {
        tell::line("incomplete", &upload.key);
        taken!(client.abort_upload(bucket, &upload.key, &upload.upload_id));
    }
    tell::line("incomplete_left", taken!(left()).len());
    tell::line("ended", "OK");
    Ok(Ok(()))
}

fn record(path: &Path) -> Done<()> {
    let record = taken!(records::inspect(path));
    tell::line(
        "record",
        match &record.state {
            State::Blank => "BLANK".to_owned(),
            State::Damaged => "DAMAGED".to_owned(),
            State::TooNew => "TOO_NEW".to_owned(),
            State::Uploading { header, parts, completing, .. } => {
                let state = if completing.is_some() { "COMPLETING" } else { "UPLOADING" };
                format!("{state} {} {parts} {} {}", header.bucket, header.plan.parts(), header.key)
            }
        },
    );
    taken!(records::delete(path));
    tell::line("ended", "OK");
    Ok(Ok(()))
}

/// How many lines of a log there were, and how many of them had the secret in them.
#[derive(Clone)]
struct LogLines {
    secret: String,
    lines: Arc<AtomicUsize>,
    secrets: Arc<AtomicUsize>,
}

impl LogLines {
    fn of(order: &Order) -> Able<Self> {
        Ok(Self {
            secret: order.needed("access_key_secret")?.to_owned(),
            lines: Arc::default(),
            secrets: Arc::default(),
        })
    }

    fn taker(&self) -> Log {
        let counts = self.clone();
        Log::new(Level::Trace, move |mut line| {
            counts.lines.fetch_add(1, Ordering::Relaxed);
            counts.secrets.fetch_add(usize::from(line.take().contains(&counts.secret)), Ordering::Relaxed);
        })
    }
}
