//! What whole uploads say in the log of their client, and what is never in it.

#![allow(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

#[path = "support/application.rs"]
mod application;
#[path = "support/net/mod.rs"]
mod net;
mod support;

use net::http_proxy::HttpProxy;
use oss_server::{AccessKey, Action, Error as Refusal, Fault, Operation, Options, When};
use ossup::{
    Answer, Client, Config, Credentials, Error, Fetched, Kind, Level, Line, Log, Outcome, Provider, Request, Role,
};
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use support::service::{Asked, Service, page};
use support::{MIB, World, finish, kind, paused, start, wait_until};

/// What is in no line, whatever it is in besides.
const SECRETS: [&str; 9] = [
    "topsecret",
    // What a key, a password and a token are written as elsewhere.
    "dG9wc2VjcmV0",
    "Signature=",
    "Credential=",
    "OSS4-HMAC",
    "x-oss-security-token: ",
    "eyJjYWxsYmFja1",
    "Basic ",
    "Bearer ",
];

/// A log that is kept in memory.
#[derive(Clone, Default)]
struct Said(Arc<Mutex<Vec<(Level, String)>>>);

impl Said {
    /// All that a config's clients will say.
    fn by(config: &mut Config) -> Self {
        Self::up_to(Level::Trace, config)
    }

    fn up_to(level: Level, config: &mut Config) -> Self {
        let said = Self::default();
        let lines = Arc::clone(&said.0);
        let keep = move |mut line: Line<_>| lines.lock().unwrap().push((line.level(), line.take()));
        config.set_log(Log::new(level, keep));
        said
    }

    fn lines(&self) -> Vec<(Level, String)> {
        self.0.lock().unwrap().clone()
    }

    fn has(&self, level: Level, words: &[&str]) -> bool {
        let is_it = |(at, line): &(Level, String)| *at == level && words.iter().all(|word| line.contains(word));
        self.lines().iter().any(is_it)
    }

    #[track_caller]
    fn assert_has(&self, level: Level, words: &[&str]) {
        assert!(self.has(level, words), "{level:?} {words:?} is not in {:#?}", self.lines());
    }

    fn count(&self, level: Level) -> usize {
        self.lines().iter().filter(|(at, _)| *at == level).count()
    }

    /// Nothing is in it that nobody may read, and each line is one.
    #[track_caller]
    fn assert_clean(&self) {
        assert!(!self.lines().is_empty());
        for (_, line) in self.lines() {
            let told = SECRETS.iter().find(|secret| line.contains(*secret));
            assert!(told.is_none() && !line.contains(char::is_control), "{told:?} in {line:?}");
        }
    }
}

fn run(config: &Config, request: &Request) -> Outcome {
    finish(&start(&Client::new(config).unwrap(), request))
}

/// With something that is nobody's business.
fn private(world: &World) -> Request {
    let mut request = world.request();
    request.add_user_metadata("owner", "topsecret owner").unwrap();
    request
}

#[test]
fn an_upload_says_what_it_does_from_its_start_to_its_end() {
    let world = World::new(3 * MIB / 10);
    let mut config = world.config();
    let said = Said::by(&mut config);
    world.assert_done(&run(&config, &private(&world)));
    said.assert_has(Level::Info, &["begins, by ossup", "file.bin to key at 127.0.0.1:"]);
    said.assert_has(Level::Info, &["nothing to go on from", "314572 bytes"]);
    said.assert_has(Level::Info, &["credentials from", "without an end"]);
    said.assert_has(Level::Info, &["multipart upload ", " was opened"]);
    said.assert_has(Level::Debug, &["the record was begun"]);
    said.assert_has(Level::Debug, &["UploadPart of part 2, attempt 1: status 200 after ", " ms, request id "]);
    said.assert_has(Level::Trace, &["part 2 is confirmed, 102400 bytes"]);
    said.assert_has(Level::Debug, &["CompleteMultipartUpload, attempt 1: status 200"]);
    said.assert_has(Level::Debug, &["the record was closed"]);
    let (level, last) = said.lines().pop().unwrap();
    assert_eq!(level, Level::Info);
    for words in ["is done: 314572 bytes, 0 of them reused and 314572 sent in 4 parts, 0 retries, ", " ms, request id "]
    {
        assert!(last.contains(words), "{last}");
    }
    assert_eq!((said.count(Level::Warn), said.count(Level::Error)), (0, 0), "{:#?}", said.lines());
    said.assert_clean();
}

/// A line with what differs from run to run left out.
fn shape(line: &str) -> String {
    let differs = |word: &str| word.contains(|c: char| c.is_ascii_digit() || c == '/') || word.contains("aliyuncs");
    line.split(' ').map(|word| if differs(word) { "#" } else { word }).collect::<Vec<_>>().join(" ")
}

#[test]
fn the_log_that_is_shown_is_one() {
    let world = World::new(300_000);
    let busy = Refusal { message: "busy".to_owned(), ..Refusal::default() };
    let second = When { part_number: Some(2), ..When::operation(Operation::UploadPart).times(1) };
    world.server.add_fault(Fault { when: second, then: Action::Refuse(busy) });
    let mut config = world.config();
    let said = Said::up_to(Level::Info, &mut config);
    let mut request = world.request();
    request.set_task_num(1).unwrap();
    world.assert_done(&run(&config, &request));
    let page = include_str!("../docs/LOG.md").split("```text\n").nth(1).unwrap().split("\n```").next().unwrap();
    let lines: Vec<_> = said.lines().iter().map(|(_, line)| shape(line)).collect();
    assert_eq!(lines, page.lines().map(shape).collect::<Vec<_>>());
}

#[test]
fn a_level_leaves_the_others_out() {
    let world = World::new(MIB);
    let mut config = world.config();
    let said = Said::up_to(Level::Info, &mut config);
    world.assert_done(&run(&config, &world.request()));
    assert_eq!(said.count(Level::Info), said.lines().len());
    let failed = Said::up_to(Level::Error, &mut config);
    world.fault(Operation::InitiateMultipartUpload, 1, Action::Deny);
    assert_eq!(kind(&run(&config, &world.request())), Some(Kind::AccessDenied));
    assert_eq!((failed.count(Level::Error), failed.lines().len()), (1, 1), "{:#?}", failed.lines());
    failed
        .assert_has(Level::Error, &["ended with status 41 (AccessDenied), cannot go on", "InitiateMultipartUpload: "]);
}

#[test]
fn each_retry_is_one_line_with_its_cause_and_its_pause() {
    let world = World::new(3 * MIB / 10);
    world.fault(Operation::UploadPart, 2, Action::Reset { after: 0 });
    let refusal = Refusal { message: "slow\ndown\u{1b}[31m".to_owned(), ..Refusal::default() };
    world.fault(Operation::CompleteMultipartUpload, 1, Action::Refuse(refusal));
    let mut config = world.config();
    let said = Said::by(&mut config);
    let upload = start(&Client::new(&config).unwrap(), &private(&world));
    world.assert_done(&finish(&upload));
    assert_eq!(said.count(Level::Warn) as u32, upload.finished().unwrap().retries);
    said.assert_has(Level::Warn, &["UploadPart of part ", ", attempt 1 failed and is tried again after ", " ms: "]);
    said.assert_has(Level::Warn, &["CompleteMultipartUpload, attempt 1 failed", "slow\\ndown\\u{1b}[31m"]);
    said.assert_has(Level::Info, &["is done", " 3 retries"]);
    said.assert_clean();
}

#[test]
fn what_is_gone_on_with_and_what_is_begun_anew_is_told_with_the_reason() {
    let world = World::new(2 * MIB);
    let mut config = world.config();
    let said = Said::by(&mut config);
    let outcome = paused(&world);
    let upload_id = outcome.upload_id.unwrap();
    world.rest();
    world.assert_done(&run(&config, &world.request()));
    said.assert_has(Level::Info, &["goes on by its record: ", &upload_id]);
    said.assert_has(Level::Info, &["OSS has ", " parts of it"]);

    let changed = Said::by(&mut config);
    paused(&world);
    std::fs::write(world.file(), vec![7; 2 * MIB]).unwrap();
    assert_eq!(kind(&run(&config, &world.request())), None);
    changed.assert_has(Level::Info, &["begins anew, SOURCE_CHANGED: the multipart upload "]);
    changed.assert_has(Level::Info, &["is done", "begun anew for SOURCE_CHANGED"]);

    let gone = Said::by(&mut config);
    paused(&world);
    world.server.drop_upload(&world.server.uploads()[0].upload_id);
    assert_eq!(kind(&run(&config, &world.request())), None);
    gone.assert_has(Level::Info, &["OSS does not know the multipart upload any more"]);
    gone.assert_has(Level::Info, &["is done", "begun anew for UPLOAD_GONE"]);

    let stopped = Said::by(&mut config);
    world.hold_parts_after(0);
    let upload = start(&Client::new(&config).unwrap(), &world.request());
    wait_until(|| stopped.has(Level::Info, &[" was opened"]));
    upload.abort().unwrap();
    assert_eq!(kind(&finish(&upload)), Some(Kind::Aborted));
    stopped.assert_has(Level::Info, &["is to abort"]);
    stopped.assert_has(Level::Info, &["ended with status 51 (Aborted), cannot go on"]);
}

#[test]
fn each_warning_of_the_result_is_a_line() {
    let world = World::new(2 * MIB);
    paused(&world);
    world.fault(Operation::ListParts, 1, Action::Deny);
    let mut config = world.config();
    let said = Said::by(&mut config);
    let outcome = run(&config, &world.request());
    world.assert_done(&outcome);
    assert!(!outcome.warnings.is_empty());
    for warning in &outcome.warnings {
        let lines = said.lines();
        assert_eq!(
            lines.iter().filter(|(_, line)| line.contains(warning.as_str())).count(),
            1,
            "{warning}: {lines:#?}"
        );
    }
}

#[test]
fn a_refused_signature_is_told_without_the_signature() {
    let world = World::new(MIB);
    let mut config = world.config();
    config.set_credentials("ak", "topsecret", None).unwrap();
    let said = Said::by(&mut config);
    assert_eq!(kind(&run(&config, &private(&world))), Some(Kind::AccessDenied));
    said.assert_has(Level::Debug, &["InitiateMultipartUpload, attempt 1: status 403"]);
    said.assert_has(Level::Error, &["ended with status 41 (AccessDenied)", "SignatureDoesNotMatch"]);
    said.assert_clean();
}

/// Gives one temporary key after the other.
#[derive(Debug)]
struct Keys(Mutex<Vec<Fetched>>);

impl Provider for Keys {
    fn name(&self) -> &str {
        "the vault"
    }

    fn fetch(&self) -> Answer<'_, ossup::Result<Fetched>> {
        let next = self.0.lock().unwrap().pop();
        Box::pin(async { next.ok_or_else(|| Error::new(Kind::NoCredentials, "it is sealed")) })
    }
}

#[test]
fn credentials_are_told_by_their_source_when_they_come_when_they_are_refused_and_when_there_are_none() {
    let good = AccessKey::temporary("STS.new", "topsecret", "topsecret/token", None);
    let world = World::with(MIB, Options { access_keys: vec![good], ..Options::default() });
    let keys = ["STS.new", "STS.old"].map(|id| Fetched {
        credentials: Credentials::new(id, "topsecret", Some("topsecret/token")).unwrap(),
        expires: Some(4_102_444_800),
    });
    let mut config = Config::default();
    config.set_endpoint(&world.server.endpoint()).unwrap();
    config.set_region("cn-hangzhou").unwrap();
    config.add_credentials_provider(Arc::new(Keys(Mutex::new(keys.into()))));
    let said = Said::by(&mut config);
    world.assert_done(&run(&config, &private(&world)));
    said.assert_has(Level::Info, &["credentials from the vault, until second 4102444800"]);
    said.assert_has(
        Level::Warn,
        &["attempt 1 failed and is tried again at once, with newer credentials", "InvalidAccessKeyId"],
    );
    assert_eq!(kind(&run(&config, &private(&world))), Some(Kind::NoCredentials));
    said.assert_has(Level::Warn, &["no credentials from the vault: it is sealed"]);
    said.assert_has(Level::Error, &["ended with status 27 (NoCredentials)"]);
    said.assert_clean();
}

#[test]
fn an_oidc_token_and_what_it_buys_are_not_told() {
    let key = AccessKey::temporary("STS.id", "topsecret", "topsecret/token", None);
    let world = World::with(MIB, Options { access_keys: vec![key], ..Options::default() });
    let issued = "{\"RequestId\": \"R\", \"Credentials\": {\"AccessKeyId\": \"STS.id\", \"AccessKeySecret\": \
        \"topsecret\", \"SecurityToken\": \"topsecret/token\", \"Expiration\": \"2099-01-01T00:00:00Z\"}}";
    let good = Service::start(move |_| page(200, issued));
    let bad = Service::start(|asked| page(400, format!("{{\"Code\": \"Bad\", \"Message\": {:?}}}", asked.body)));
    let token: PathBuf = world.folder.path().join("token");
    std::fs::write(&token, "eyJ.topsecret.oidc").unwrap();
    for (service, end) in [(&good, None), (&bad, Some(Kind::NoCredentials))] {
        let mut config = Config::default();
        config.set_endpoint(&world.server.endpoint()).unwrap();
        config.set_region("cn-hangzhou").unwrap();
        config.set_sts_endpoint(&service.origin).unwrap();
        let name = |name: &str| Some(name.to_owned());
        let role = Role { role_arn: name("acs:1"), provider_arn: name("acs:2"), token_file: Some(token.clone()) };
        config.add_oidc_role(role).unwrap();
        let said = Said::by(&mut config);
        assert_eq!(kind(&run(&config, &private(&world))), end);
        assert_eq!(service.asked().len(), 1);
        said.assert_clean();
    }
}

#[test]
fn a_callback_is_not_told() {
    for status in ["200 OK", "500 No"] {
        let (url, _heard) = application::server(status, r#"{"password": "topsecret"}"#);
        let world = World::new(MIB);
        let mut request = private(&world);
        request.set_callback(&format!("{url}?key=topsecret"), "tag=${x:tag}&size=${size}").unwrap();
        request.add_callback_var("x:tag", "topsecret").unwrap();
        let mut config = world.config();
        let said = Said::by(&mut config);
        let end = (status != "200 OK").then_some(Kind::CallbackFailed);
        assert_eq!(kind(&run(&config, &request)), end);
        said.assert_clean();
    }
}

#[test]
fn a_proxys_password_is_not_told() {
    let world = World::new(MIB);
    let proxies =
        [HttpProxy::with_password("user:topsecret"), HttpProxy::with_password("user:other"), HttpProxy::closed()];
    for (proxy, is_good) in proxies.into_iter().zip([true, false, false]) {
        let mut config = world.config();
        config.set_proxy(Some(&format!("http://user:topsecret@{}", proxy.address))).unwrap();
        let said = Said::by(&mut config);
        assert_eq!(run(&config, &private(&world)).error.is_none(), is_good);
        said.assert_clean();
        if !is_good {
            said.assert_has(Level::Error, &["the proxy http://127.0.0.1:"]);
        }
    }
}

/// All that a request said, as a box on the way may repeat it.
fn everything(asked: &Asked) -> String {
    let headers: String = asked.headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    format!("{}\r\n{headers}", asked.line)
}

#[test]
fn whoever_repeats_what_it_was_sent_does_not_get_it_into_the_log() {
    type Repeats = fn(&Asked) -> String;
    let metadata = |asked: &Asked| asked.header("x-oss-meta-owner").unwrap_or("none").to_owned();
    let signature: Repeats = |asked| format!("https://portal/?from={}", asked.header("authorization").unwrap());
    let cases: [(u16, Repeats); 5] = [
        (403, everything),
        (403, |asked| format!("<html>{}</html>", everything(asked).replace('\n', "<br>"))),
        (403, |asked| format!("{:?}", asked.headers)),
        (403, signature),
        (500, |asked| format!("<Error><Code>Bad</Code><Message>\n{}</Message></Error>", everything(asked))),
    ];
    for (status, repeats) in cases {
        let box_on_the_way = Service::start(move |asked| page(status, repeats(asked)));
        assert_clean_against(&box_on_the_way);
    }
    // Without its name it is known, too.
    let quoting = Service::start(move |asked| {
        page(400, format!("<Error><Code>InvalidArgument</Code><Message>{} is bad</Message></Error>", metadata(asked)))
    });
    assert_clean_against(&quoting).assert_has(Level::Error, &["*** is bad"]);
}

#[track_caller]
fn assert_clean_against(service: &Service) -> Said {
    let world = World::new(MIB);
    let mut config = world.config();
    config.set_endpoint(&service.origin).unwrap();
    config.set_credentials("ak", "topsecret", Some("topsecret/token")).unwrap();
    config.set_max_attempts(2).unwrap();
    let said = Said::by(&mut config);
    assert!(run(&config, &private(&world)).error.is_some());
    said.assert_has(Level::Error, &["ended with"]);
    said.assert_clean();
    said
}

// Windows has no such names.
#[cfg(not(windows))]
#[test]
fn a_files_name_does_not_forge_a_line() {
    let world = World::new(1000);
    let name = world.folder.path().join("a\nupload 9: is done\u{1b}[2J");
    std::fs::copy(world.file(), &name).unwrap();
    let mut request = world.request();
    request.set_upload_file(&name).unwrap();
    request.set_key("key\nupload 9: is done").unwrap();
    let mut config = world.config();
    let said = Said::by(&mut config);
    assert_eq!(kind(&run(&config, &request)), None);
    said.assert_has(Level::Info, &["a\\nupload 9: is done\\u{1b}[2J to key\\nupload 9: is done at "]);
    said.assert_clean();
}

/// Panics when it is asked.
#[derive(Debug)]
struct Panics;

impl Provider for Panics {
    fn name(&self) -> &str {
        "the panicking one"
    }

    fn fetch(&self) -> Answer<'_, ossup::Result<Fetched>> {
        Box::pin(async { std::panic::resume_unwind(Box::new("not today")) })
    }
}

#[test]
fn a_panic_is_told() {
    let world = World::new(1000);
    let mut config = Config::default();
    config.set_endpoint(&world.server.endpoint()).unwrap();
    config.set_region("cn-hangzhou").unwrap();
    config.set_max_attempts(1).unwrap();
    config.add_credentials_provider(Arc::new(Panics));
    let said = Said::by(&mut config);
    assert_eq!(kind(&run(&config, &world.request())), Some(Kind::Internal));
    said.assert_has(Level::Error, &["ended with status 90 (Internal)", "a panic in the library"]);
}

#[test]
fn what_becomes_of_an_upload_that_nobody_can_go_on_from_is_told() {
    for is_refused in [false, true] {
        let world = World::new(MIB);
        let mut config = world.config();
        let said = Said::by(&mut config);
        let mut request = world.request();
        request.set_enable_checkpoint(false);
        world.hold_parts_after(0);
        let upload = start(&Client::new(&config).unwrap(), &request);
        wait_until(|| said.has(Level::Info, &[" was opened"]));
        upload.pause().unwrap();
        assert_eq!(kind(&finish(&upload)), Some(Kind::Paused));
        if is_refused {
            world.fault(Operation::AbortMultipartUpload, 100, Action::Deny);
        }
        drop(upload);
        let words: (Level, &[&str]) = match is_refused {
            false => (Level::Info, &["multipart upload ", " was aborted: nobody can go on from it"]),
            true => (Level::Warn, &["multipart upload ", " was left behind: AbortMultipartUpload: ", "AccessDenied"]),
        };
        wait_until(|| said.has(words.0, words.1));
        assert_eq!(world.server.uploads().is_empty(), !is_refused);
    }
}

#[test]
fn waiting_for_a_record_is_told_once() {
    let world = World::new(MIB);
    world.hold_parts_after(0);
    let first = start(&world.client(), &world.request());
    wait_until(|| world.record().exists());
    let mut config = world.config();
    let said = Said::by(&mut config);
    let mut request = world.request();
    request.set_lock_timeout(None);
    let second = start(&Client::new(&config).unwrap(), &request);
    wait_until(|| said.has(Level::Info, &["waits for its record: "]));
    first.pause().unwrap();
    world.server.clear_faults();
    world.assert_done(&finish(&second));
    assert_eq!(said.lines().iter().filter(|(_, line)| line.contains("waits for its record: ")).count(), 1);
}

#[test]
fn an_upload_whose_time_is_over_has_failed() {
    let world = World::new(MIB);
    let mut config = world.config();
    let said = Said::up_to(Level::Error, &mut config);
    let mut request = world.request();
    request.set_deadline(Some(Duration::from_millis(50)));
    world.hold_parts_after(0);
    assert_eq!(kind(&finish(&start(&Client::new(&config).unwrap(), &request))), Some(Kind::DeadlineExceeded));
    said.assert_has(Level::Error, &["ended with status ", "(DeadlineExceeded)"]);
}
