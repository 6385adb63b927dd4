//! Calls over a network that does as it is told, in a time that passes by itself.

use super::*;
use crate::engine::client::Client;
use crate::engine::config::Config;
use crate::oss::request::{Method, Object};
use crate::oss::sign::{Credentials, Signer, Version};
use crate::world::Answer;
use crate::world::clock::{ServerClock, SystemClock};
use crate::world::credentials::{Fetched, Fixed, Provider};
use crate::world::transport::Transport;
use std::collections::VecDeque;
use std::sync::Mutex;

/// Gives prepared answers and keeps what it was sent.
#[derive(Debug, Default, Clone)]
struct Script {
    answers: Arc<Mutex<VecDeque<Result<Response>>>>,
    sent: Arc<Mutex<Vec<(Request, Instant)>>>,
}

impl Transport for Script {
    fn send(&self, request: Request, _: Payload, _: Patience) -> Answer<'_, Result<Response>> {
        self.sent.lock().unwrap().push((request, Instant::now()));
        let answer = self.answers.lock().unwrap().pop_front();
        Box::pin(async move {
            match answer {
                Some(answer) => answer,
                None => std::future::pending().await,
            }
        })
    }

    fn host_for(&self, _: &str) -> String {
        "host".to_owned()
    }

    fn check_bucket(&self, _: &str) -> Result<()> {
        Ok(())
    }

    fn close(&self) {}
}

fn answer(status: u16, headers: &[(&str, &str)], body: &str) -> Result<Response> {
    let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    Ok(Response { status, headers, body: body.as_bytes().to_vec(), proxy: None })
}

fn lost() -> Result<Response> {
    Err(Error::new(Kind::ConnectionLost, "reset").temporary())
}

struct Fixture {
    script: Script,
    line: Line,
    hurry: watch::Sender<bool>,
}

fn fixture(config: &Config, answers: Vec<Result<Response>>) -> Fixture {
    let credentials = Credentials { id: "ak".into(), secret: "sk".into(), token: None };
    fixture_with(config, Box::new(Fixed::new(credentials)), answers)
}

fn fixture_with(config: &Config, source: Box<dyn Provider>, answers: Vec<Result<Response>>) -> Fixture {
    let script = Script::default();
    script.answers.lock().unwrap().extend(answers);
    let signer = Signer::new(Version::V4, "cn-hangzhou");
    let clock = Arc::new(ServerClock::new(SystemClock));
    let client = Client::with_parts(config, Box::new(script.clone()), source, signer, clock);
    let (hurry, hurried) = watch::channel(false);
    let line = Line::new(client.shared(), Some(1), hurried);
    Fixture { script, line, hurry }
}

impl Fixture {
    async fn call(&self) -> Result<u16> {
        let object = Object { bucket: "bucket".into(), key: "key".into() };
        let attempt = || Request::to_object(Method::Head, &object, Vec::new()).into();
        let parse = |response: &Response, _: &Try| match response.status {
            200 => Ok(200),
            _ => Err(service_error::service_error(response)),
        };
        self.line.make(self.line.call("HeadObject"), attempt, parse).await
    }

    fn sent(&self) -> usize {
        self.script.sent.lock().unwrap().len()
    }
}

#[tokio::test(start_paused = true)]
async fn temporary_failures_are_tried_again_and_counted() {
    let fixture = fixture(&Config::default(), vec![lost(), answer(503, &[], ""), answer(200, &[], "")]);
    assert_eq!(fixture.call().await.unwrap(), 200);
    assert_eq!((fixture.sent(), fixture.line.retries()), (3, 2));
}

#[tokio::test(start_paused = true)]
async fn a_refusal_is_final_and_says_where_it_came_from() {
    let fixture = fixture(&Config::default(), vec![answer(403, &[], "<Error><Code>AccessDenied</Code></Error>")]);
    let error = fixture.call().await.unwrap_err();
    let report = error.report();
    assert_eq!((report.attempts, report.operation, report.host.as_deref()), (1, Some("HeadObject"), Some("host")));
    assert_eq!(fixture.sent(), 1);
}

#[tokio::test(start_paused = true)]
async fn whatever_ends_a_call_it_is_told_that_a_try_went_unanswered() {
    let denied = || answer(403, &[], "<Error><Code>AccessDenied</Code></Error>");
    let refused = || Err(Error::new(Kind::Unreachable, "nobody there").temporary());
    for (first, doubt) in [(lost(), true), (answer(503, &[], ""), false), (refused(), false)] {
        let fixture = fixture(&Config::default(), vec![first, denied()]);
        let error = fixture.call().await.unwrap_err();
        assert_eq!((error.kind(), error.report().may_be_done), (Kind::AccessDenied, doubt));
    }
}

#[tokio::test(start_paused = true)]
async fn the_attempts_come_to_an_end() {
    let mut config = Config::default();
    config.set_max_attempts(3).unwrap();
    let fixture = fixture(&config, vec![lost(), lost(), lost(), lost()]);
    assert_eq!(fixture.call().await.unwrap_err().report().attempts, 3);
    assert_eq!(fixture.sent(), 3);
}

#[tokio::test(start_paused = true)]
async fn max_elapsed_tries_for_as_long_as_that() {
    let mut config = Config::default();
    config.set_max_elapsed(Some(Duration::from_secs(24 * 3600)));
    let begun = Instant::now();
    let fixture = fixture(&config, (0..100_000).map(|_| lost()).collect());
    assert!(fixture.call().await.is_err());
    assert!(fixture.sent() > 1000 && begun.elapsed() > Duration::from_secs(23 * 3600));
}

#[tokio::test(start_paused = true)]
async fn retry_after_is_obeyed() {
    let throttled = answer(503, &[("retry-after", "40")], "<Error><Code>QpsLimitExceeded</Code></Error>");
    let fixture = fixture(&Config::default(), vec![throttled, answer(200, &[], "")]);
    fixture.call().await.unwrap();
    let sent = fixture.script.sent.lock().unwrap();
    assert!(sent[1].1 - sent[0].1 >= Duration::from_secs(40));
}

#[tokio::test(start_paused = true)]
async fn each_try_is_signed_anew_and_by_the_servers_clock_once_it_is_known() {
    let skewed = "<Error><Code>RequestTimeTooSkewed</Code><ServerTime>2030-01-01T00:00:00.000Z</ServerTime></Error>";
    // The date of a box on the way is not to be believed.
    let refused = answer(403, &[("date", "Thu, 01 Jan 1970 00:00:00 GMT")], skewed);
    let fixture = fixture(&Config::default(), vec![refused, answer(200, &[], "")]);
    fixture.call().await.unwrap();
    let sent = fixture.script.sent.lock().unwrap();
    let date = |index: usize| sent[index].0.header("x-oss-date").unwrap().to_owned();
    assert!(!date(0).starts_with("2030") && date(1).starts_with("20300101T0000"), "{} {}", date(0), date(1));
    assert_ne!(sent[0].0.header("authorization"), sent[1].0.header("authorization"));
}

#[tokio::test(start_paused = true)]
async fn a_clock_that_cannot_be_corrected_is_an_error() {
    let skewed = "<Error><Code>RequestTimeTooSkewed</Code><ServerTime>2030-01-01T00:00:00.000Z</ServerTime></Error>";
    let mut config = Config::default();
    config.set_max_attempts(3).unwrap();
    let fixture = fixture(&config, (0..9).map(|_| answer(403, &[], skewed)).collect());
    assert_eq!(fixture.call().await.unwrap_err().kind(), Kind::AccessDenied);
    assert!(fixture.sent() <= 3);
}

#[tokio::test(start_paused = true)]
async fn a_wish_to_stop_ends_waiting_and_retrying() {
    let waiting = fixture(&Config::default(), Vec::new());
    waiting.hurry.send_replace(true);
    let begun = Instant::now();
    assert!(waiting.call().await.is_err());
    assert_eq!((begun.elapsed(), waiting.sent()), (GRACE, 1));

    let retrying = fixture(&Config::default(), vec![lost(), lost()]);
    retrying.hurry.send_replace(true);
    assert!(retrying.call().await.is_err());
    assert_eq!(retrying.sent(), 1);
}

/// A source that gives these ids one after the other, and at the end fails.
#[derive(Debug)]
struct Ids(Mutex<VecDeque<&'static str>>);

impl Provider for Ids {
    fn name(&self) -> &str {
        "ids"
    }

    fn fetch(&self) -> Answer<'_, Result<Fetched>> {
        let id = self.0.lock().unwrap().pop_front();
        let fetched = id.map(|id| Fetched { credentials: Credentials::new(id, "sk", None).unwrap(), expires: None });
        let fetched = fetched.ok_or_else(|| Error::new(Kind::NoCredentials, "no more ids").temporary());
        Box::pin(std::future::ready(fetched))
    }
}

fn with_ids(ids: &[&'static str], answers: Vec<Result<Response>>) -> Fixture {
    fixture_with(&Config::default(), Box::new(Ids(Mutex::new(ids.iter().copied().collect()))), answers)
}

fn expired() -> Result<Response> {
    answer(403, &[("x-oss-request-id", "65A0")], "<Error><Code>SecurityTokenExpired</Code></Error>")
}

#[tokio::test(start_paused = true)]
async fn refused_credentials_are_renewed_at_once() {
    for code in ["SecurityTokenExpired", "InvalidAccessKeyId", "InvalidSecurityToken"] {
        let refused = answer(403, &[], &format!("<Error><Code>{code}</Code></Error>"));
        let fixture = with_ids(&["old", "new"], vec![refused, answer(200, &[], "")]);
        let begun = Instant::now();
        fixture.call().await.unwrap();
        assert_eq!((begun.elapsed(), fixture.line.retries()), (Duration::ZERO, 1));
        let sent = fixture.script.sent.lock().unwrap();
        let signed_by = |index: usize| sent[index].0.header("authorization").unwrap().to_owned();
        assert!(signed_by(0).contains("Credential=old/") && signed_by(1).contains("Credential=new/"));
    }
}

#[tokio::test(start_paused = true)]
async fn a_second_refusal_in_a_row_is_final_and_a_later_one_is_not() {
    let in_a_row = with_ids(&["a", "b", "c"], vec![expired(), expired()]);
    assert_eq!(in_a_row.call().await.unwrap_err().report().attempts, 2);
    assert_eq!(in_a_row.sent(), 2);
    let later = with_ids(&["a", "b", "c"], vec![expired(), lost(), expired(), answer(200, &[], "")]);
    assert_eq!(later.call().await.unwrap(), 200);
}

#[tokio::test(start_paused = true)]
async fn the_same_credentials_again_are_final() {
    let fixture = with_ids(&["a", "a"], vec![expired()]);
    let error = fixture.call().await.unwrap_err();
    assert_eq!((error.kind(), fixture.sent()), (Kind::AccessDenied, 1));
}

#[tokio::test(start_paused = true)]
async fn none_in_place_of_refused_ones_is_the_error_and_the_refusal_is_told() {
    let fixture = with_ids(&["a"], vec![expired()]);
    let error = fixture.call().await.unwrap_err();
    let report = error.report();
    assert_eq!((error.kind(), report.attempts), (Kind::NoCredentials, 8));
    assert_eq!(fixture.sent(), 1);
    assert!(report.temporary && report.operation == Some("HeadObject"));

    let mut config = Config::default();
    config.set_max_attempts(1).unwrap();
    let ids = Box::new(Ids(Mutex::new(VecDeque::from(["a"]))));
    let once = fixture_with(&config, ids, vec![expired()]);
    let error = once.call().await.unwrap_err();
    assert_eq!((error.kind(), error.report().request_id.as_deref()), (Kind::NoCredentials, Some("65A0")));
    assert!(error.to_string().contains("no more ids") && error.to_string().contains("SecurityTokenExpired"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn a_wish_to_stop_does_not_wait_for_credentials() {
    #[derive(Debug)]
    struct Hung;
    impl Provider for Hung {
        fn name(&self) -> &str {
            "hung"
        }
        fn fetch(&self) -> Answer<'_, Result<Fetched>> {
            Box::pin(std::future::pending())
        }
    }
    let fixture = fixture_with(&Config::default(), Box::new(Hung), Vec::new());
    fixture.hurry.send_replace(true);
    let begun = Instant::now();
    assert!(fixture.call().await.is_err());
    assert_eq!((begun.elapsed(), fixture.sent()), (GRACE, 0));
}
