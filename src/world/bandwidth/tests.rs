//! Bodies under caps, in a time that passes by itself.

use super::*;
use std::future::poll_fn;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, timeout};

const WINDOW: usize = 64 << 10;
const PART: usize = 100 << 10;
const MIB: u64 = 1 << 20;
const SECOND: Duration = Duration::from_secs(1);

/// An upload of parts without end, as a few bodies at a time.
struct Upload {
    limit: Arc<Limit>,
    bandwidth: Bandwidth,
    sent: Arc<AtomicU64>,
    bodies: JoinSet<()>,
}

impl Upload {
    fn of(client: &Arc<Limit>, limit: u64) -> Self {
        let limit = Arc::new(Limit::new(limit));
        let bandwidth = Bandwidth::new(Arc::clone(&limit), Arc::clone(client));
        Self { limit, bandwidth, sent: Arc::default(), bodies: JoinSet::new() }
    }

    fn start(client: &Arc<Limit>, limit: u64, bodies: usize) -> Self {
        let mut upload = Self::of(client, limit);
        for _ in 0..bodies {
            let (bandwidth, sent) = (upload.bandwidth.clone(), Arc::clone(&upload.sent));
            upload.bodies.spawn(async move {
                loop {
                    let share = bandwidth.share().await;
                    part(share, &sent).await;
                }
            });
        }
        upload
    }

    fn sent(&self) -> u64 {
        self.sent.load(Ordering::Relaxed)
    }

    /// Bytes per second, from now on.
    async fn rate(&self, time: Duration) -> u64 {
        let before = self.sent();
        sleep(time).await;
        (self.sent() - before) / time.as_secs()
    }
}

/// One part, to a network that takes a millisecond for each window.
async fn part(mut share: Share, sent: &AtomicU64) {
    let mut left = PART;
    while left > 0 {
        let bytes = window(&mut share, left).await;
        left -= bytes;
        sent.fetch_add(bytes as u64, Ordering::Relaxed);
        sleep(Duration::from_millis(1)).await;
    }
}

async fn window(share: &mut Share, left: usize) -> usize {
    let bytes = poll_fn(|context| share.poll(context, left.min(WINDOW))).await;
    share.spend(bytes);
    bytes
}

fn no_cap() -> Arc<Limit> {
    Arc::new(Limit::new(0))
}

fn assert_about(measured: u64, rate: u64) {
    assert!(measured * 10 >= rate * 9 && measured * 10 <= rate * 11, "{measured} instead of {rate}");
}

#[tokio::test(start_paused = true)]
async fn the_cap_is_the_rate_for_one_part_and_for_eight() {
    for rate in [8 << 10, 256 << 10, MIB, 10 * MIB, 50 * MIB] {
        for (of_upload, of_client) in [(rate, 0), (0, rate), (rate, rate), (2 * rate, rate), (rate, 2 * rate)] {
            for bodies in [1, 8] {
                let client = Arc::new(Limit::new(of_client));
                let upload = Upload::start(&client, of_upload, bodies);
                sleep(SECOND).await;
                assert_about(upload.rate(4 * SECOND).await, rate);
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn without_a_cap_nobody_waits() {
    let upload = Upload::of(&no_cap(), 0);
    let begun = Instant::now();
    for _ in 0..100 {
        let mut share = upload.bandwidth.share().await;
        assert_eq!(window(&mut share, PART).await, WINDOW);
    }
    assert_eq!(begun.elapsed(), Duration::ZERO);
}

#[tokio::test(start_paused = true)]
async fn uploads_share_their_clients_cap_alike_however_many_parts_they_have() {
    let client = Arc::new(Limit::new(4 * MIB));
    let uploads: Vec<_> = [1, 8, 100].into_iter().map(|bodies| Upload::start(&client, 0, bodies)).collect();
    sleep(60 * SECOND).await;
    for upload in &uploads {
        assert_about(upload.sent() / 60, 4 * MIB / 3);
    }
}

#[tokio::test(start_paused = true)]
async fn what_one_upload_may_not_use_is_the_others() {
    for rate in [64 << 10, MIB, 20 * MIB] {
        let client = Arc::new(Limit::new(rate));
        let slow = Upload::start(&client, rate / 32, 8);
        let fast: Vec<_> = (0..3).map(|_| Upload::start(&client, 0, 8)).collect();
        sleep(10 * SECOND).await;
        let before: u64 = fast.iter().map(Upload::sent).sum();
        assert_about(slow.rate(100 * SECOND).await, rate / 32);
        let after: u64 = fast.iter().map(Upload::sent).sum();
        assert_about((after - before) / 100, rate * 31 / 32);
    }
}

#[tokio::test(start_paused = true)]
async fn a_new_cap_holds_at_once_also_for_those_who_wait() {
    for of_client in [false, true] {
        let client = no_cap();
        let upload = Upload::start(&client, 0, 8);
        let limit = if of_client { &client } else { &upload.limit };
        assert!(upload.rate(SECOND).await > 100 * MIB);
        for rate in [10 * MIB, 256 << 10, MIB, 64 << 10, 20 * MIB] {
            limit.set(rate);
            assert_about(upload.rate(4 * SECOND).await, rate);
        }
        limit.set(1024);
        sleep(10 * SECOND).await;
        limit.set(0);
        assert!(upload.rate(SECOND).await > 100 * MIB);
    }
}

#[tokio::test(start_paused = true)]
async fn whoever_waits_is_woken_by_a_new_cap() {
    for new in [0, MIB] {
        let client = Arc::new(Limit::new(1024));
        let upload = Upload::of(&client, 1024);
        let mut share = upload.bandwidth.share().await;
        for limit in [&client, &upload.limit] {
            client.set(1024);
            upload.limit.set(1024);
            window(&mut share, PART).await;
            let other = if Arc::ptr_eq(limit, &client) { &upload.limit } else { &client };
            other.set(0);
            let waiting = window(&mut share, PART);
            let begun = Instant::now();
            let change = async {
                sleep(SECOND / 10).await;
                limit.set(new);
            };
            tokio::join!(waiting, change);
            assert!(begun.elapsed() <= SECOND / 5, "{:?}", begun.elapsed());
        }
    }
}

#[tokio::test(start_paused = true)]
async fn whoever_gives_up_holds_up_nobody() {
    let client = Arc::new(Limit::new(1024));
    let upload = Upload::of(&client, 1024);
    let mut first = upload.bandwidth.share().await;
    let mut second = upload.bandwidth.share().await;
    assert_eq!(window(&mut first, PART).await, 1024);
    let impatient = timeout(SECOND / 10, window(&mut first, PART)).await;
    assert!(impatient.is_err());
    // The first holds the turn, as a body does that its connection has forgotten.
    assert!(timeout(10 * SECOND, window(&mut second, PART)).await.is_err());
    drop(first);
    assert!(timeout(2 * SECOND, window(&mut second, PART)).await.is_ok());
    let third = timeout(SECOND, upload.bandwidth.share()).await.unwrap();
    assert!(timeout(SECOND, upload.bandwidth.share()).await.is_err());
    drop(third);
    assert!(timeout(SECOND, upload.bandwidth.share()).await.is_ok());
}

#[tokio::test(start_paused = true)]
async fn the_next_sets_out_as_soon_as_one_has_arrived_or_the_cap_is_lifted() {
    for lifted in [false, true] {
        let client = Arc::new(Limit::new(64 << 10));
        let upload = Upload::of(&client, 0);
        let mut first = Some(upload.bandwidth.share().await);
        let _second = upload.bandwidth.share().await;
        let begun = Instant::now();
        let change = async {
            sleep(SECOND / 10).await;
            if lifted { client.set(0) } else { first = None }
        };
        let (_third, ()) = tokio::join!(upload.bandwidth.share(), change);
        assert!(begun.elapsed() <= SECOND / 9, "{:?}", begun.elapsed());
        drop(first);
    }
}

#[tokio::test(start_paused = true)]
async fn few_set_out_under_a_low_cap_and_all_when_it_is_lifted() {
    let client = Arc::new(Limit::new(128 << 10));
    let upload = Upload::of(&client, 0);
    let mut bodies = JoinSet::new();
    let out = Arc::new(AtomicU64::new(0));
    for _ in 0..100 {
        let (bandwidth, out) = (upload.bandwidth.clone(), Arc::clone(&out));
        bodies.spawn(async move {
            let mut share = bandwidth.share().await;
            out.fetch_add(1, Ordering::Relaxed);
            loop {
                window(&mut share, WINDOW).await;
                sleep(Duration::from_millis(1)).await;
            }
        });
    }
    for (of_client, of_upload, expected) in [(128 << 10, 0, 4), (1024, 0, 4), (MIB, 256 << 10, 8), (MIB, MIB, 32)] {
        client.set(of_client);
        upload.limit.set(of_upload);
        sleep(10 * SECOND).await;
        assert_eq!(out.load(Ordering::Relaxed), expected);
    }
    client.set(0);
    upload.limit.set(0);
    sleep(SECOND).await;
    assert_eq!(out.load(Ordering::Relaxed), 100);
}

#[tokio::test(start_paused = true)]
async fn bodies_that_go_nowhere_are_made_up_for() {
    let client = Arc::new(Limit::new(64 << 10));
    let dead = Upload::of(&client, 0);
    let _dead = (dead.bandwidth.share().await, dead.bandwidth.share().await);
    let other = Upload::start(&client, 0, 4);
    sleep(2 * SECOND).await;
    assert_about(other.rate(20 * SECOND).await, 64 << 10);
}

#[tokio::test(start_paused = true)]
async fn an_upload_of_many_parts_lets_another_one_in() {
    let client = Arc::new(Limit::new(1024));
    let many = Upload::start(&client, 0, 100);
    sleep(SECOND).await;
    let other = Upload::of(&client, 0);
    // The two that are out take 200 s; a third of the first upload's was in line before.
    let share = timeout(400 * SECOND, other.bandwidth.share()).await;
    assert!(share.is_ok() && many.sent() < 5 * PART as u64);
}

#[tokio::test(start_paused = true)]
async fn the_first_part_of_an_upload_does_not_wait_for_the_large_ones_of_others() {
    let client = Arc::new(Limit::new(64 << 10));
    let large = Upload::of(&client, 0);
    let _for_hours = [large.bandwidth.share().await, large.bandwidth.share().await];
    let next = || timeout(SECOND / 10, large.bandwidth.share());
    assert!(next().await.is_err());
    // As many as have 4 KiB/s each.
    let small: Vec<_> = (0..15).map(|_| Upload::of(&client, 0)).collect();
    let mut shares = Vec::new();
    for upload in &small[..14] {
        shares.push(timeout(Duration::ZERO, upload.bandwidth.share()).await.unwrap());
        assert!(timeout(SECOND / 10, upload.bandwidth.share()).await.is_err(), "a second one");
    }
    assert!(timeout(SECOND / 10, small[14].bandwidth.share()).await.is_err());
}

#[tokio::test(start_paused = true)]
async fn uploads_of_one_part_at_a_time_take_turns_and_starve_no_large_one() {
    for (rate, time) in [(128 << 10, 300 * SECOND), (MIB, 30 * SECOND)] {
        let client = Arc::new(Limit::new(rate));
        let mut uploads = vec![Upload::start(&client, 0, 8)];
        uploads.extend((0..40).map(|_| Upload::start(&client, 0, 1)));
        sleep(time).await;
        let fair = rate * time.as_secs() / 41;
        assert!(uploads.iter().all(|upload| upload.sent() > fair / 2), "{fair}");
    }
}
