//! Whole uploads whose credentials end, come late, or do not come at all.

#![allow(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

mod support;

use oss_server::{AccessKey, Entry, Operation, Options};
use ossup::{Answer, Client, Config, Credentials, Error, Fetched, Kind, Outcome, Provider, Request, Result, Upload};
use std::collections::VecDeque;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use support::{MIB, World, finish, kind, start, wait_until};
use tokio::sync::Semaphore;

const TWO_DAYS: i64 = 2 * 24 * 3600;
/// Credentials of this life, in seconds, are to be renewed a minute before their end.
const LIFE: i64 = 600;

/// What a source does when it is asked.
#[derive(Debug)]
enum Deed {
    /// Gives the key of that name, which ends then.
    Gives(&'static str, Option<i64>),
    /// The same, as soon as the gate is opened.
    GivesThen(Arc<Semaphore>, &'static str),
    Fails {
        temporary: bool,
    },
    Hangs,
}

#[derive(Debug)]
struct Source {
    deeds: Mutex<VecDeque<Deed>>,
    asked: AtomicUsize,
}

impl Source {
    fn new(deeds: impl IntoIterator<Item = Deed>) -> Arc<Self> {
        Arc::new(Self { deeds: Mutex::new(deeds.into_iter().collect()), asked: AtomicUsize::new(0) })
    }

    fn asked(&self) -> usize {
        self.asked.load(Ordering::Relaxed)
    }
}

impl Provider for Source {
    fn name(&self) -> &str {
        "the test"
    }

    fn fetch(&self) -> Answer<'_, Result<Fetched>> {
        self.asked.fetch_add(1, Ordering::Relaxed);
        let deed = self.deeds.lock().unwrap().pop_front();
        let key = |id: &str| Credentials::new(id, "sk", Some("token"));
        Box::pin(async move {
            match deed {
                Some(Deed::Gives(id, expires)) => Ok(Fetched { credentials: key(id)?, expires }),
                Some(Deed::GivesThen(gate, id)) => {
                    drop(gate.acquire().await);
                    Ok(Fetched { credentials: key(id)?, expires: None })
                }
                Some(Deed::Fails { temporary }) => {
                    let error = Error::new(Kind::NoCredentials, "the vault is sealed");
                    Err(if temporary { error.temporary() } else { error })
                }
                Some(Deed::Hangs) => std::future::pending().await,
                None => Err(Error::new(Kind::NoCredentials, "it was asked too often")),
            }
        })
    }
}

fn key(id: &str, expires: Option<i64>) -> AccessKey {
    AccessKey::temporary(id, "sk", "token", expires)
}

fn now() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs() as i64
}

/// Forty parts, of which all but the first few wait until they are released, and both keys valid.
fn world() -> World {
    let keys = vec![key("old", None), key("new", None)];
    let world = World::with(4 * MIB, Options { access_keys: keys, ..Options::default() });
    world.hold_parts_after(5);
    world
}

fn config(world: &World, source: &Arc<Source>) -> Config {
    let mut config = Config::default();
    config.set_endpoint(&world.server.endpoint()).unwrap();
    config.set_region("cn-hangzhou").unwrap();
    config.add_credentials_provider(Arc::clone(source) as _);
    config
}

fn client(world: &World, source: &Arc<Source>) -> Client {
    Client::new(&config(world, source)).unwrap()
}

fn request(world: &World, task_num: u32) -> Request {
    let mut request = world.request();
    request.set_task_num(task_num).unwrap();
    request
}

fn wait_for_parts(upload: &Upload, parts: u32) {
    wait_until(|| {
        assert!(!upload.is_done(), "{:?}", upload.finished());
        upload.progress().parts_confirmed >= parts
    });
}

fn signed_by(entry: &Entry, id: &str) -> bool {
    entry.header("authorization").unwrap().contains(&format!("Credential={id}/"))
}

#[test]
fn a_token_that_dies_under_sixteen_parts_costs_one_question_and_no_upload() {
    // It is over, or it is not known any more.
    for (dead, code) in [(vec![key("old", Some(1))], "SecurityTokenExpired"), (vec![], "InvalidAccessKeyId")] {
        let world = world();
        let source = Source::new([Deed::Gives("old", None), Deed::Gives("new", None)]);
        let upload = start(&client(&world, &source), &request(&world, 16));
        wait_for_parts(&upload, 5);
        // The old key has let sixteen more in by then.
        wait_until(|| world.requests(Operation::UploadPart).len() == 5 + 16);
        world.server.set_access_keys([dead, vec![key("new", None)]].concat());
        world.server.release();
        let outcome = finish(&upload);
        world.assert_done(&outcome);
        assert_eq!(source.asked(), 2, "{code}");

        let parts = world.requests(Operation::UploadPart);
        let refused: Vec<_> = parts.iter().filter(|entry| entry.code.is_some()).collect();
        assert!(!refused.is_empty() && refused.iter().all(|entry| entry.code.as_deref() == Some(code)), "{refused:?}");
        assert!(refused.iter().all(|entry| signed_by(entry, "old")));
        assert!(signed_by(&parts[0], "old") && signed_by(&parts[parts.len() - 1], "new"));
        assert!(world.requests(Operation::CompleteMultipartUpload).iter().all(|entry| signed_by(entry, "new")));
        assert!(upload.finished().unwrap().retries >= refused.len() as u32);
    }
}

#[test]
fn they_are_renewed_ahead_of_their_end_by_the_servers_clock_and_nothing_is_refused() {
    for ahead in [0, TWO_DAYS, -TWO_DAYS] {
        let world = world();
        world.server.set_clock_offset(ahead);
        let end = now() + ahead + LIFE;
        world.server.set_access_keys(vec![key("old", Some(end)), key("new", None)]);
        let source = Source::new([Deed::Gives("old", Some(end)), Deed::Gives("new", Some(end + LIFE))]);
        let upload = start(&client(&world, &source), &request(&world, 4));
        wait_for_parts(&upload, 5);
        assert_eq!(source.asked(), 1);
        world.server.set_clock_offset(ahead + LIFE - 30);
        world.server.release();
        world.assert_done(&finish(&upload));
        assert_eq!(source.asked(), 2);
        assert!(world.requests(Operation::CompleteMultipartUpload).iter().all(|entry| signed_by(entry, "new")));
        let refusals: Vec<_> = world.server.ledger().into_iter().filter_map(|entry| entry.code).collect();
        // A clock that is two days off is refused once, before it is corrected.
        assert_eq!(refusals, if ahead == 0 { vec![] } else { vec!["RequestTimeTooSkewed"] });
    }
}

#[test]
fn what_is_over_by_the_servers_clock_is_not_sent() {
    let world = world();
    world.server.release();
    world.server.set_clock_offset(TWO_DAYS);
    let source =
        Source::new([Deed::Gives("old", Some(now() + TWO_DAYS / 2)), Deed::Gives("new", Some(now() + 2 * TWO_DAYS))]);
    world.assert_done(&finish(&start(&client(&world, &source), &request(&world, 4))));
    assert_eq!(source.asked(), 2);
    // The first request was how the clock became known.
    let old: Vec<_> = world.server.ledger().into_iter().filter(|entry| signed_by(entry, "old")).collect();
    assert_eq!(old.len(), 1);
}

#[test]
fn a_slow_renewal_holds_up_no_part() {
    let world = world();
    let gate = Arc::new(Semaphore::new(0));
    let source = Source::new([Deed::Gives("old", Some(now() + LIFE)), Deed::GivesThen(Arc::clone(&gate), "new")]);
    let upload = start(&client(&world, &source), &request(&world, 4));
    wait_for_parts(&upload, 1);
    world.server.set_clock_offset(LIFE - 30);
    world.server.release();
    wait_until(|| source.asked() == 2);
    world.assert_done(&finish(&upload));
    assert!(world.server.ledger().iter().all(|entry| signed_by(entry, "old")));
    gate.close();
}

#[test]
fn a_slow_source_holds_up_no_other_client() {
    let world = world();
    world.server.release();
    let gate = Arc::new(Semaphore::new(0));
    let slow = Source::new([Deed::GivesThen(Arc::clone(&gate), "old")]);
    let mut elsewhere = request(&world, 4);
    elsewhere.set_key("elsewhere").unwrap();
    elsewhere.set_enable_checkpoint(false);
    let waiting = start(&client(&world, &slow), &elsewhere);
    wait_until(|| slow.asked() == 1);
    let quick = Source::new([Deed::Gives("new", None)]);
    world.assert_done(&finish(&start(&client(&world, &quick), &request(&world, 4))));
    assert!(!waiting.is_done());
    gate.close();
    let outcome = finish(&waiting);
    assert!(outcome.error.is_none(), "{outcome:?}");
}

/// The old key dies under the upload; what the source does then is the test's.
fn without_renewal(world: &World, source: &Arc<Source>, config: &Config) -> Upload {
    let upload = start(&Client::new(config).unwrap(), &request(world, 4));
    wait_for_parts(&upload, 5);
    world.server.set_access_keys(vec![key("new", None)]);
    world.server.release();
    wait_until(|| source.asked() == 2);
    upload
}

fn assert_resumable(world: &World, outcome: &Outcome) {
    assert!(outcome.resumable && world.record().exists() && world.server.uploads().len() == 1, "{outcome:?}");
    let again = finish(&start(&client(world, &Source::new([Deed::Gives("new", None)])), &request(world, 4)));
    world.assert_done(&again);
    assert!(again.resumed && again.parts_reused >= outcome.parts_sent, "{again:?}");
    assert_eq!(world.requests(Operation::InitiateMultipartUpload).len(), 1);
}

#[test]
fn a_source_that_hangs_fails_the_upload_in_its_time_and_it_can_be_resumed() {
    let world = world();
    let source = Source::new([Deed::Gives("old", None), Deed::Hangs]);
    let mut config = config(&world, &source);
    config.set_credentials_timeout(Duration::from_millis(300)).unwrap();
    config.set_max_attempts(1).unwrap();
    let outcome = finish(&without_renewal(&world, &source, &config));
    let error = outcome.error.as_ref().unwrap();
    assert!(error.kind() == Kind::NoCredentials && error.report().temporary, "{error:?}");
    for said in ["UploadPart", "the test", "no answer within 300 ms"] {
        assert!(error.to_string().contains(said), "{error}");
    }
    assert_eq!(source.asked(), 2);
    assert_resumable(&world, &outcome);
}

#[test]
fn an_upload_that_waits_for_credentials_can_be_paused() {
    let world = world();
    let source = Source::new([Deed::Gives("old", None), Deed::Hangs]);
    let upload = without_renewal(&world, &source, &config(&world, &source));
    upload.pause().unwrap();
    let outcome = finish(&upload);
    assert_eq!(kind(&outcome), Some(Kind::Paused));
    assert_resumable(&world, &outcome);
}

#[test]
fn a_source_that_refuses_fails_the_upload_at_once_and_it_can_be_resumed() {
    let world = world();
    let source = Source::new([Deed::Gives("old", None), Deed::Fails { temporary: false }]);
    let outcome = finish(&without_renewal(&world, &source, &config(&world, &source)));
    let error = outcome.error.as_ref().unwrap();
    assert!(error.kind() == Kind::NoCredentials && !error.report().temporary, "{error:?}");
    assert!(error.to_string().contains("the vault is sealed"), "{error}");
    assert_resumable(&world, &outcome);
}

#[test]
fn a_source_that_fails_for_a_while_is_outlived() {
    let world = world();
    let fails = || Deed::Fails { temporary: true };
    let source = Source::new([fails(), Deed::Gives("old", None), fails(), fails(), Deed::Gives("new", None)]);
    let upload = start(&client(&world, &source), &request(&world, 4));
    wait_for_parts(&upload, 5);
    world.server.set_access_keys(vec![key("new", None)]);
    world.server.release();
    world.assert_done(&finish(&upload));
    assert_eq!(source.asked(), 5);
}

#[test]
fn without_credentials_nothing_is_begun_and_nothing_is_lost() {
    let world = world();
    let fails = Source::new([Deed::Fails { temporary: false }]);
    let outcome = finish(&start(&client(&world, &fails), &request(&world, 4)));
    assert_eq!((kind(&outcome), outcome.resumable), (Some(Kind::NoCredentials), false));
    // Nothing was sent that could have gone unanswered.
    assert!(outcome.warnings.is_empty() && world.server.ledger().is_empty(), "{outcome:?}");
    assert!(!world.record().exists());

    let begun = start(&client(&world, &Source::new([Deed::Gives("old", None)])), &request(&world, 4));
    wait_for_parts(&begun, 5);
    begun.pause().unwrap();
    let paused = finish(&begun);
    world.server.release();
    let fails = Source::new([Deed::Fails { temporary: false }]);
    let outcome = finish(&start(&client(&world, &fails), &request(&world, 4)));
    assert_eq!(kind(&outcome), Some(Kind::NoCredentials));
    assert!(outcome.resumable);
    assert_resumable(&world, &paused);
}

#[test]
fn without_credentials_and_without_a_record_what_stays_on_the_server_is_told() {
    let world = world();
    let source = Source::new([Deed::Gives("old", None), Deed::Fails { temporary: false }]);
    let mut request = request(&world, 4);
    request.set_enable_checkpoint(false);
    let upload = start(&client(&world, &source), &request);
    wait_for_parts(&upload, 5);
    world.server.set_access_keys(vec![key("new", None)]);
    world.server.release();
    let outcome = finish(&upload);
    assert_eq!((kind(&outcome), outcome.resumable), (Some(Kind::NoCredentials), false));
    assert!(outcome.warnings.iter().any(|warning| warning.contains("left behind")), "{:?}", outcome.warnings);
}

#[test]
fn credentials_that_stay_refused_are_final() {
    let world = world();
    world.server.set_access_keys(Vec::new());
    let source = Source::new([Deed::Gives("old", None), Deed::Gives("new", None)]);
    let outcome = finish(&start(&client(&world, &source), &request(&world, 4)));
    assert_eq!(kind(&outcome), Some(Kind::AccessDenied));
    assert_eq!((source.asked(), world.server.ledger().len()), (2, 2));

    let mut fixed = world.config();
    fixed.set_credentials("ak", "sk", None).unwrap();
    world.server.clear_ledger();
    let outcome = finish(&start(&Client::new(&fixed).unwrap(), &request(&world, 4)));
    assert_eq!(kind(&outcome), Some(Kind::AccessDenied));
    assert_eq!(world.server.ledger().len(), 1);
}

#[test]
fn a_client_without_a_source_is_refused_by_name() {
    let mut config = Config::default();
    config.set_region("cn-hangzhou").unwrap();
    let error = Client::new(&config).unwrap_err();
    assert!(error.kind() == Kind::InvalidArgument && error.to_string().contains("credentials"), "{error}");
}

#[test]
fn a_small_file_that_changes_while_credentials_are_waited_for_is_not_sent_as_it_was() {
    let world = World::with(100, Options { access_keys: vec![key("new", None)], ..Options::default() });
    let gate = Arc::new(Semaphore::new(0));
    let source = Source::new([Deed::GivesThen(Arc::clone(&gate), "new")]);
    let upload = start(&client(&world, &source), &request(&world, 1));
    wait_until(|| source.asked() > 0);
    std::fs::write(world.file(), "as it is by now").unwrap();
    // What was read a moment ago still counts as it was.
    std::thread::sleep(Duration::from_millis(1200));
    gate.add_permits(1);
    assert_eq!(kind(&finish(&upload)), Some(Kind::SourceChanged));
    assert!(world.server.object("bucket", "key").is_none());
}

#[test]
fn a_small_file_that_waits_for_credentials_is_paused_at_once() {
    for size in [0, 100] {
        let world = World::with(size, Options { access_keys: vec![key("new", None)], ..Options::default() });
        let source = Source::new([Deed::Hangs]);
        let upload = start(&client(&world, &source), &request(&world, 1));
        wait_until(|| source.asked() > 0);
        let began = std::time::Instant::now();
        upload.pause().unwrap();
        assert_eq!(kind(&finish(&upload)), Some(Kind::Paused));
        // An answer to what was sent would be waited for, for 30 s.
        assert!(began.elapsed() < Duration::from_secs(15), "{size} bytes: {:?}", began.elapsed());
    }
}
