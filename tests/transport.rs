//! Networks that break, stand still or are slow: each upload ends, once, in time and for the right reason.

#![allow(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

#[path = "support/net/mod.rs"]
mod net;
mod support;

use net::relay::{self, Phase, Spoil, Then};
use net::silence::{self, FullQueue};
use oss_server::{Action, Error as Refusal, Fault, Operation, Options, When};
use ossup::{Client, Config, Kind, Observer, Outcome, Request, Settle};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};
use support::{MIB, World};

const ATTEMPTS: u32 = 2;

/// How patient a client is.
#[derive(Clone, Copy)]
struct Patience {
    connect: Duration,
    idle: Duration,
}

/// For a connection that never comes.
const UNCONNECTED: Patience = Patience { connect: Duration::from_millis(500), idle: Duration::from_secs(5) };
/// For an answer that never comes.
const UNANSWERED: Patience = Patience { connect: Duration::from_secs(5), idle: Duration::from_millis(300) };
/// For what stops half-way: a busy machine must have come so far.
const MIDDLE: Patience = Patience { connect: Duration::from_secs(5), idle: Duration::from_secs(1) };
/// For what comes at once, but for a busy machine.
const LONG: Patience = Patience { connect: Duration::from_secs(5), idle: Duration::from_secs(5) };

impl Patience {
    /// What docs/NETWORK.md promises for an upload in parts of this size, and as much again for a busy machine.
    fn bound(self, part: u64) -> Duration {
        let still = self.idle + Duration::from_secs(part.min(4 << 20) / (32 << 10));
        let attempt = self.connect + 3 * still + 4 * self.idle;
        let pauses = Duration::from_millis(300 + 200);
        // An upload without a record that fails gives up its parts on the server: one call more.
        2 * (2 * (ATTEMPTS * attempt + pauses) + Duration::from_secs(2))
    }

    fn config(self, world: &World, endpoint: &str) -> Config {
        let mut config = world.config();
        config.set_endpoint(endpoint).unwrap();
        config.set_proxy(Some("")).unwrap();
        config.set_connect_timeout(self.connect).unwrap();
        config.set_idle_timeout(self.idle).unwrap();
        config.set_complete_timeout(self.idle).unwrap();
        config.set_max_attempts(ATTEMPTS).unwrap();
        config
    }
}

/// Counts how often the end is told.
#[derive(Default)]
struct Ends(AtomicU32);

impl Observer for Ends {
    fn progress(&self) {}

    fn complete(&self, _: Arc<Settle>) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }
}

/// Runs an upload to its one end.
fn run(config: &Config, request: &Request, longest: Duration) -> Outcome {
    let begun = Instant::now();
    let ends = Arc::<Ends>::default();
    let upload = Client::new(config).unwrap().upload(request).unwrap();
    upload.observe(Arc::clone(&ends) as Arc<dyn Observer>).unwrap();
    upload.start().unwrap();
    let finished = upload.wait(Some(longest)).unwrap().expect("the upload ends in time");
    assert!(begun.elapsed() < longest);
    drop(upload);
    std::thread::sleep(Duration::from_millis(20));
    assert_eq!(ends.0.load(Ordering::SeqCst), 1, "the end is told once");
    finished.outcome.clone()
}

fn failed(outcome: &Outcome) -> (Kind, u32, String) {
    let error = outcome.error.as_ref().expect("the upload fails");
    (error.kind(), error.report().attempts, error.to_string())
}

#[test]
fn a_cut_anywhere_in_a_part_ends_the_upload_once_and_resumably() {
    for then in [Then::Reset, Then::Close] {
        for at in Phase::ALL {
            let world = World::new(4 * MIB);
            let endpoint = relay::before(&world.server.endpoint(), Spoil { words: "PUT", at, then });
            let mut request = world.request();
            request.set_part_size(2 * MIB as u64).unwrap();
            let outcome = run(&LONG.config(&world, &endpoint), &request, LONG.bound(2 << 20));
            let (kind, attempts, message) = failed(&outcome);
            assert_eq!((kind, attempts), (Kind::ConnectionLost, ATTEMPTS), "{at:?} {then:?}: {message}");
            assert!(message.contains(endpoint.trim_start_matches("http://")), "{message}");
            assert!(outcome.resumable && world.record().exists(), "{at:?} {then:?}");

            // The same call goes on when the line is whole again.
            world.assert_done(&world.upload(&world.request()));
            assert_eq!(world.requests(Operation::InitiateMultipartUpload).len(), 1, "{at:?} {then:?}");
        }
    }
}

#[test]
fn a_cut_before_there_is_an_upload_leaves_nothing() {
    for then in [Then::Reset, Then::Close] {
        for at in Phase::ALL {
            let world = World::new(MIB);
            let endpoint = relay::before(&world.server.endpoint(), Spoil { words: "POST", at, then });
            let outcome = run(&LONG.config(&world, &endpoint), &world.request(), LONG.bound(0));
            let (kind, attempts, message) = failed(&outcome);
            assert_eq!((kind, attempts), (Kind::ConnectionLost, ATTEMPTS), "{at:?} {then:?}: {message}");
            assert!(!outcome.resumable && !world.record().exists(), "{at:?} {then:?}");
        }
    }
}

#[test]
fn a_cut_while_tls_is_agreed_on_is_a_lost_connection() {
    let world = World::new(MIB);
    for then in [Then::Reset, Then::Close] {
        let mut config = LONG.config(&world, &relay::cut_in_tls(then));
        config.dangerously_disable_certificate_verification();
        let (kind, attempts, message) = failed(&run(&config, &world.request(), LONG.bound(0)));
        assert_eq!((kind, attempts), (Kind::ConnectionLost, ATTEMPTS), "{then:?}: {message}");
    }
}

/// A part into silence at some point.
fn silenced(at: Phase) -> (Kind, u32, String) {
    let world = World::new(support::PART as usize);
    let endpoint = relay::before(&world.server.endpoint(), Spoil { words: "PUT", at, then: Then::Silence });
    let mut request = world.request();
    request.set_force_multipart(true);
    let outcome = run(&MIDDLE.config(&world, &endpoint), &request, MIDDLE.bound(support::PART));
    assert!(outcome.resumable, "{at:?}");
    failed(&outcome)
}

#[test]
fn silence_anywhere_in_a_part_is_noticed() {
    let silences = Phase::ALL.map(|at| std::thread::spawn(move || (at, silenced(at))));
    for silence in silences {
        let (at, (kind, attempts, message)) = silence.join().unwrap();
        assert_eq!((kind, attempts), (Kind::NetworkTimeout, ATTEMPTS), "{at:?}: {message}");
        assert!(message.contains("no whole answer came from 127.0.0.1:"), "{at:?}: {message}");
    }
}

/// The kernels take in but some of a long part. Linux notices by itself that nobody takes it from them; not always, when
/// it is busy itself, and then they are waited for. One of several is enough to show it.
#[test]
#[cfg(target_os = "linux")]
fn a_long_part_that_nobody_takes_is_noticed_before_the_kernels_buffers_count_as_lost() {
    let noticed = &AtomicU32::new(0);
    std::thread::scope(|scope| {
        for at in [Phase::AfterHeaders, Phase::InBody, Phase::AfterHeaders, Phase::InBody] {
            scope.spawn(move || noticed.fetch_add(u32::from(is_noticed(at, noticed)), Ordering::SeqCst));
        }
    });
    assert!(noticed.load(Ordering::SeqCst) > 0, "the kernels' buffers were waited for");
}

/// Whether a long part into silence is given up by the kernel's word; not waited for once another one was.
#[cfg(target_os = "linux")]
fn is_noticed(at: Phase, others: &AtomicU32) -> bool {
    let world = World::new(32 * MIB);
    let endpoint = relay::before(&world.server.endpoint(), Spoil { words: "PUT", at, then: Then::Silence });
    let mut config = MIDDLE.config(&world, &endpoint);
    config.set_max_attempts(1).unwrap();
    let mut request = world.request();
    request.set_part_size(32 << 20).unwrap();
    request.set_force_multipart(true);
    let upload = Client::new(&config).unwrap().upload(&request).unwrap();
    upload.start().unwrap();
    while upload.wait(Some(Duration::from_millis(50))).unwrap().is_none() {
        if others.load(Ordering::SeqCst) > 0 {
            upload.abort().unwrap();
        }
    }
    let error = support::finish(&upload).error.expect("the upload fails");
    assert!([Kind::NetworkTimeout, Kind::Aborted].contains(&error.kind()), "{at:?}: {error}");
    error.report().os_errno == libc::ETIMEDOUT
}

fn unanswered(world: &World, endpoint: &str) -> (Kind, u32, String) {
    failed(&run(&UNANSWERED.config(world, endpoint), &world.request(), UNANSWERED.bound(0)))
}

#[test]
fn a_black_hole_is_a_timeout() {
    let world = World::new(MIB);
    let endpoint = format!("http://{}", silence::black_hole());
    let (kind, attempts, message) = unanswered(&world, &endpoint);
    assert_eq!((kind, attempts), (Kind::NetworkTimeout, ATTEMPTS), "{message}");
}

#[test]
fn a_server_that_accepts_nobody_is_unreachable() {
    let world = World::new(MIB);
    let full = FullQueue::new();
    let endpoint = format!("http://{}", full.address);
    let (kind, attempts, message) =
        failed(&run(&UNCONNECTED.config(&world, &endpoint), &world.request(), UNCONNECTED.bound(0)));
    assert_eq!((kind, attempts), (Kind::Unreachable, ATTEMPTS), "{message}");
    assert!(message.contains(&format!("no connection to {} within 500ms", full.address)), "{message}");
}

#[test]
fn an_unreachable_host_is_named_with_the_reason() {
    let world = World::new(MIB);
    let nobody = net::http_proxy::closed_port();
    let unknown = "http://no-such-host.invalid:9000";
    for (endpoint, host, reason) in [
        (format!("http://{nobody}"), nobody.to_string(), "refused"),
        (unknown.to_owned(), "bucket.no-such-host.invalid:9000".to_owned(), "cannot be resolved"),
    ] {
        let (kind, _, message) = failed(&run(&LONG.config(&world, &endpoint), &world.request(), LONG.bound(0)));
        assert_eq!(kind, Kind::Unreachable, "{message}");
        assert!(message.contains(&format!("no connection to {host}: ")) && message.contains(reason), "{message}");
    }
}

#[test]
fn what_is_no_http_is_a_bad_answer() {
    let world = World::new(MIB);
    let no_web_server = net::socks_proxy::SocksProxy::start(None).address;
    let config = LONG.config(&world, &format!("http://{no_web_server}"));
    let (kind, _, message) = failed(&run(&config, &world.request(), LONG.bound(0)));
    assert_eq!(kind, Kind::BadAnswer, "{message}");
    assert!(message.contains(&format!("what {no_web_server} answers is not HTTP")), "{message}");
}

#[test]
fn a_dripping_answer_is_no_answer() {
    let world = World::new(MIB);
    let endpoint = format!("http://{}", silence::dripping_answers(Duration::from_millis(20)));
    let (kind, attempts, message) = unanswered(&world, &endpoint);
    assert_eq!((kind, attempts), (Kind::NetworkTimeout, ATTEMPTS), "{message}");
}

#[test]
fn a_slow_part_is_healthy() {
    let world = World::new(8 * MIB);
    let rate = Then::BytesPerS(1 << 20);
    let spoil = Spoil { words: "PUT", at: Phase::AfterHeaders, then: rate };
    let endpoint = relay::before(&world.server.endpoint(), spoil);
    let mut request = world.request();
    request.set_part_size(8 * MIB as u64).unwrap();
    let mut config = LONG.config(&world, &endpoint);
    config.set_max_attempts(1).unwrap();
    let begun = Instant::now();
    let outcome = run(&config, &request, Duration::from_secs(120));
    world.assert_done(&outcome);
    assert!(begun.elapsed() > Duration::from_secs(6), "it was not slow");
    assert_eq!(world.requests(Operation::UploadPart).len() + world.requests(Operation::PutObject).len(), 1);
}

/// How many of a hundred uploads hear a refusal that is sent before their part is read.
fn heard(size: usize, before: Option<Action>, tls: bool) -> usize {
    let world = World::with(size, Options { tls, ..Options::default() });
    let mut config = world.config();
    if tls {
        config.set_endpoint(&world.server.https_endpoint().unwrap()).unwrap();
        config.set_ca_pem(world.server.ca_pem().unwrap()).unwrap();
    }
    let client = Client::new(&config).unwrap();
    let refusal = Refusal { status: 403, code: "AccessDenied".to_owned(), ..Refusal::default() };
    let heard: Vec<_> = (0..100)
        .map(|number| {
            let when = When { key: Some(format!("key/{number}")), ..When::operation(Operation::UploadPart) };
            if let Some(before) = &before {
                world.server.add_fault(Fault { when: when.clone().times(1), then: before.clone() });
            }
            let skip = u32::from(before.is_some());
            let when = When { skip, ..when };
            world.server.add_fault(Fault { when, then: Action::RefuseEarly(refusal.clone()) });
            let mut request = world.request();
            request.set_key(&format!("key/{number}")).unwrap();
            request.set_enable_checkpoint(false);
            request.set_part_size(size as u64 / 2).unwrap();
            request.set_task_num(1).unwrap();
            support::start(&client, &request)
        })
        .collect();
    let ends = heard.iter().map(support::finish).map(|outcome| outcome.error.expect("it was refused"));
    ends.filter(|error| error.kind() == Kind::AccessDenied && error.report().request_id.is_some()).count()
}

#[test]
fn a_refusal_before_the_body_was_read_is_heard() {
    let counts = [
        heard(MIB, None, false),
        heard(16 * MIB, None, false),
        heard(16 * MIB, None, true),
        heard(MIB, Some(Action::Reset { after: 0 }), false),
        heard(16 * MIB, Some(Action::Reset { after: 1 << 20 }), false),
    ];
    assert!(counts.iter().all(|&count| count >= 99), "heard of 100: {counts:?}");
}

#[test]
fn a_refusal_from_far_away_is_heard_in_the_end() {
    let world = World::new(MIB);
    // Longer than the first time that a body is held back, shorter than the second.
    let then = Then::RefusalAfter(Duration::from_millis(300));
    let endpoint = relay::before(&world.server.endpoint(), Spoil { words: "PUT", at: Phase::AfterHeaders, then });
    let mut config = LONG.config(&world, &endpoint);
    config.set_max_attempts(8).unwrap();
    let outcome = run(&config, &world.request(), Duration::from_secs(60));
    let error = outcome.error.as_ref().unwrap();
    let report = error.report();
    assert_eq!((error.kind(), report.request_id.as_deref()), (Kind::AccessDenied, Some("65A0")), "{error}");
}
