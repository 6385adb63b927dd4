//! The keeper over a source that does as it is told, in a time that passes by itself.

use super::*;
use crate::world::Answer;
use crate::world::clock::Clock;
use std::collections::VecDeque;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::time::{sleep, timeout};

const BEGIN: i64 = 1_800_000_000;
const HOUR: i64 = 3600;

/// A clock that goes with the test's time.
#[derive(Debug)]
struct Here(Instant);

impl Clock for Here {
    fn unix_nanos(&self) -> i64 {
        BEGIN * 1_000_000_000 + i64::try_from(self.0.elapsed().as_nanos()).unwrap()
    }
}

/// What a source does when it is asked: after so many seconds it gives credentials that end then, or fails.
#[derive(Clone, Copy, Debug)]
struct Deed {
    after: u64,
    gives: Option<(&'static str, Option<i64>)>,
}

#[derive(Clone, Debug, Default)]
struct Script {
    deeds: Arc<Mutex<VecDeque<Deed>>>,
    asked: Arc<AtomicUsize>,
}

impl Provider for Script {
    fn name(&self) -> &str {
        "script"
    }

    fn fetch(&self) -> Answer<'_, Result<Fetched>> {
        self.asked.fetch_add(1, Ordering::Relaxed);
        let deed = self.deeds.lock().unwrap().pop_front().expect("it is not asked so often");
        Box::pin(async move {
            sleep(Duration::from_secs(deed.after)).await;
            let (id, expires) = deed.gives.ok_or_else(|| Error::new(Kind::NoCredentials, "no").temporary())?;
            Ok(Fetched { credentials: Credentials::new(id, "s", None).unwrap(), expires })
        })
    }
}

struct Fixture {
    keeper: Arc<Keeper>,
    clock: Arc<ServerClock>,
    script: Script,
}

fn gives(id: &'static str, expires: Option<i64>) -> Deed {
    Deed { after: 0, gives: Some((id, expires)) }
}

const FAILS: Deed = Deed { after: 0, gives: None };

fn fixture(deeds: &[Deed]) -> Fixture {
    let script = Script { deeds: Arc::new(Mutex::new(deeds.iter().copied().collect())), ..Script::default() };
    let clock = Arc::new(ServerClock::new(Here(Instant::now())));
    Fixture { keeper: Arc::new(Keeper::new(Box::new(script.clone()), Arc::clone(&clock))), clock, script }
}

impl Fixture {
    async fn id(&self) -> String {
        self.keeper.get().await.unwrap().id.clone()
    }

    fn asked(&self) -> usize {
        self.script.asked.load(Ordering::Relaxed)
    }
}

async fn seconds(seconds: i64) {
    sleep(Duration::from_secs(seconds as u64)).await;
}

#[tokio::test(start_paused = true)]
async fn one_question_serves_any_number() {
    let fixture = fixture(&[Deed { after: 1, gives: Some(("a", None)) }]);
    let asking: Vec<_> = (0..100)
        .map(|_| {
            tokio::spawn({
                let keeper = Arc::clone(&fixture.keeper);
                async move { keeper.get().await.unwrap().id.clone() }
            })
        })
        .collect();
    for asked in asking {
        assert_eq!(asked.await.unwrap(), "a");
    }
    seconds(1000 * HOUR).await;
    assert_eq!((fixture.id().await.as_str(), fixture.asked()), ("a", 1));
}

#[tokio::test(start_paused = true)]
async fn who_goes_away_takes_nothing_from_the_others() {
    let fixture = fixture(&[Deed { after: 10, gives: Some(("a", None)) }]);
    assert!(timeout(Duration::from_secs(1), fixture.keeper.get()).await.is_err());
    assert_eq!((fixture.id().await.as_str(), fixture.asked()), ("a", 1));
}

#[tokio::test(start_paused = true)]
async fn they_are_renewed_ahead_of_their_end_while_the_old_ones_serve() {
    let slow = Deed { after: 20, gives: Some(("b", Some(BEGIN + 2 * HOUR))) };
    let fixture = fixture(&[gives("a", Some(BEGIN + HOUR)), slow]);
    assert_eq!(fixture.id().await, "a");
    seconds(HOUR - AHEAD - 1).await;
    assert_eq!((fixture.id().await.as_str(), fixture.asked()), ("a", 1));
    seconds(2).await;
    let before = Instant::now();
    assert_eq!((fixture.id().await.as_str(), before.elapsed()), ("a", Duration::ZERO));
    seconds(19).await;
    assert_eq!(fixture.id().await, "a");
    seconds(2).await;
    assert_eq!((fixture.id().await.as_str(), fixture.asked()), ("b", 2));
}

#[tokio::test(start_paused = true)]
async fn short_lives_are_renewed_at_a_tenth_before_their_end() {
    let fixture = fixture(&[gives("a", Some(BEGIN + 100)), gives("b", None)]);
    fixture.id().await;
    seconds(89).await;
    fixture.id().await;
    assert_eq!(fixture.asked(), 1);
    seconds(1).await;
    fixture.id().await;
    seconds(1).await;
    assert_eq!((fixture.id().await.as_str(), fixture.asked()), ("b", 2));
}

#[tokio::test(start_paused = true)]
async fn the_old_ones_serve_while_renewing_fails_with_pauses_between() {
    let mut deeds = vec![gives("a", Some(BEGIN + HOUR))];
    deeds.extend([FAILS; 100]);
    let fixture = fixture(&deeds);
    fixture.id().await;
    seconds(HOUR - AHEAD).await;
    for _ in 0..AHEAD * 10 - 1 {
        assert_eq!(fixture.id().await, "a");
        sleep(Duration::from_millis(100)).await;
    }
    // Six doublings from a quarter of a second, then every ten seconds.
    assert!((25..=37).contains(&fixture.asked()), "{}", fixture.asked());
    fixture.script.deeds.lock().unwrap().clear();
    fixture.script.deeds.lock().unwrap().push_back(gives("b", None));
    seconds(1).await;
    assert_eq!(fixture.id().await, "b");
}

#[tokio::test(start_paused = true)]
async fn without_any_a_failure_is_everybodys_and_the_next_one_asks_again() {
    let fixture = fixture(&[FAILS, FAILS, gives("a", None)]);
    let (first, second) = tokio::join!(fixture.keeper.get(), fixture.keeper.get());
    assert!(first.is_err() && second.is_err());
    assert_eq!(fixture.asked(), 1);
    assert!(fixture.keeper.get().await.is_err());
    assert_eq!((fixture.id().await.as_str(), fixture.asked()), ("a", 3));
}

#[tokio::test(start_paused = true)]
async fn refused_ones_are_renewed_once_for_all_who_held_them() {
    let fixture = fixture(&[gives("a", None), Deed { after: 5, gives: Some(("b", None)) }]);
    let old = fixture.keeper.get().await.unwrap();
    let (one, two, new) = tokio::join!(fixture.keeper.renew(&old), fixture.keeper.renew(&old), fixture.keeper.get());
    assert!([one, two, new].into_iter().all(|renewed| renewed.unwrap().id == "b"));
    // Whoever comes late has them already.
    assert_eq!(fixture.keeper.renew(&old).await.unwrap().id, "b");
    assert_eq!(fixture.asked(), 2);
}

#[tokio::test(start_paused = true)]
async fn the_end_is_judged_by_the_servers_clock() {
    let fixture = fixture(&[gives("a", Some(BEGIN + HOUR)), gives("b", Some(BEGIN + 72 * HOUR))]);
    assert_eq!(fixture.id().await, "a");
    fixture.clock.observe(BEGIN + 48 * HOUR);
    assert_eq!((fixture.id().await.as_str(), fixture.asked()), ("b", 2));
    seconds(23 * HOUR).await;
    assert_eq!((fixture.id().await.as_str(), fixture.asked()), ("b", 2));
}

#[tokio::test(start_paused = true)]
async fn what_is_over_when_it_comes_is_used_until_the_server_refuses_it() {
    let fixture = fixture(&[gives("a", Some(BEGIN - HOUR)), gives("b", None)]);
    let old = fixture.keeper.get().await.unwrap();
    seconds(HOUR).await;
    assert_eq!((fixture.id().await.as_str(), fixture.asked()), ("a", 1));
    assert_eq!(fixture.keeper.renew(&old).await.unwrap().id, "b");
}

#[tokio::test(start_paused = true)]
async fn an_end_that_a_wrong_clock_calls_past_counts_once_the_server_has_told_the_time() {
    const WRONG_BY: i64 = 48 * HOUR;
    let end = BEGIN - WRONG_BY + HOUR;
    let fixture = fixture(&[gives("a", Some(end)), gives("b", Some(end + HOUR)), gives("c", None)]);
    assert_eq!(fixture.id().await, "a");
    seconds(60).await;
    fixture.clock.observe(BEGIN - WRONG_BY + 60);
    assert_eq!(fixture.id().await, "a");
    seconds(HOUR - 60 - AHEAD - 1).await;
    assert_eq!((fixture.id().await.as_str(), fixture.asked()), ("a", 1));
    seconds(2).await;
    // Due, and renewed in the background.
    assert_eq!(fixture.id().await, "a");
    seconds(1).await;
    assert_eq!((fixture.id().await.as_str(), fixture.asked()), ("b", 2));
    // Nobody looks until they are over.
    seconds(2 * HOUR).await;
    assert_eq!((fixture.id().await.as_str(), fixture.asked()), ("c", 3));
}

#[tokio::test(start_paused = true)]
async fn a_source_that_gives_the_same_again_is_not_asked_without_end() {
    let mut deeds = vec![gives("a", Some(BEGIN + HOUR)); 10];
    deeds.push(gives("b", None));
    let fixture = fixture(&deeds);
    for _ in 0..2 * HOUR {
        fixture.id().await;
        seconds(1).await;
    }
    assert!(fixture.asked() < 8, "{}", fixture.asked());
}

#[tokio::test(start_paused = true)]
async fn a_source_that_panics_is_an_error_and_is_asked_again() {
    // It panics for want of a deed.
    let fixture = fixture(&[]);
    let error = fixture.keeper.get().await.unwrap_err();
    assert_eq!((error.kind(), error.report().temporary), (Kind::Internal, true));
    fixture.script.deeds.lock().unwrap_or_else(PoisonError::into_inner).push_back(gives("a", None));
    fixture.script.deeds.clear_poison();
    assert_eq!(fixture.id().await, "a");
}

#[tokio::test(start_paused = true)]
async fn without_a_keeper_nobody_is_asked_any_more() {
    let fixture = fixture(&[Deed { after: 1000, gives: Some(("a", None)) }]);
    let Fixture { keeper, script, .. } = fixture;
    assert!(timeout(Duration::from_secs(1), keeper.get()).await.is_err());
    assert_eq!(Arc::strong_count(&script.asked), 2);
    drop(keeper);
    seconds(1).await;
    assert_eq!(Arc::strong_count(&script.asked), 1);
}
