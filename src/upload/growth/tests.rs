//! Uploads over lines that are made up: so much for each connection, so much for all, and a queue where all want more.

use super::*;
use proptest::prelude::*;

const MIB: f64 = (1 << 20) as f64;

/// What a line is good for, in bytes per second.
#[derive(Clone, Copy, Debug)]
struct Line {
    round_trip: Duration,
    each: f64,
    all: f64,
    /// What the kernels take in of each part at once.
    swallowed: f64,
}

#[derive(Clone, Copy, Debug)]
struct Part {
    begun: Duration,
    /// When its connection stands, and how long that took.
    stands: Duration,
    took: Duration,
    each: f64,
    sent: f64,
    /// When its answer comes.
    answered: Option<Duration>,
}

struct Uploaded {
    goodput: f64,
    /// The number at each moment.
    wanted: Vec<u32>,
}

impl Uploaded {
    /// The number for most of the second half.
    fn at_last(&self) -> u32 {
        let mut second_half = self.wanted[self.wanted.len() / 2..].to_vec();
        second_half.sort_unstable();
        second_half[second_half.len() / 2]
    }

    fn peak(&self) -> u32 {
        self.wanted.iter().copied().max().unwrap()
    }
}

/// Uploads so many parts, as many at a time as pay off, or so many.
fn upload(line: Line, parts: u32, part_size: f64, fixed: Option<u32>) -> Uploaded {
    let mut growth = Growth::new(MOST);
    let mut wanted = Vec::new();
    let mut under_way: Vec<Part> = Vec::new();
    let (mut left, mut confirmed, mut idle, mut now) = (parts, 0.0, 0u32, Duration::ZERO);
    let step = Duration::from_secs_f64(part_size / line.each / 10.0).clamp(EVERY / 100, EVERY / 5);
    while left > 0 || !under_way.is_empty() {
        now += step;
        let sending = under_way.iter().filter(|part| part.stands <= now && part.sent < part_size).count() as f64;
        let is_queued = sending * line.each > line.all;
        let most = fixed.unwrap_or_else(|| growth.wanted()) as usize;
        while left > 0 && under_way.len() < most {
            left -= 1;
            // Chance makes some slower than others.
            let each = line.each * (0.7 + f64::from(left * 7919 % 61) / 100.0);
            let is_new = idle == 0;
            idle = idle.saturating_sub(1);
            let took = if !is_new {
                Duration::ZERO
            } else if is_queued {
                line.round_trip * 2
            } else {
                line.round_trip
            };
            under_way.push(Part { begun: now, stands: now + took, took, each, sent: 0.0, answered: None });
        }
        for part in under_way.iter_mut().filter(|part| part.stands <= now && part.answered.is_none()) {
            part.sent += part.each.min(line.all / sending) * step.as_secs_f64();
            if part.sent >= part_size {
                part.answered = Some(now + line.round_trip);
            }
        }
        under_way.retain(|part| {
            let is_answered = part.answered.is_some_and(|answered| answered <= now);
            confirmed += if is_answered { part_size } else { 0.0 };
            idle += u32::from(is_answered);
            !is_answered
        });
        if fixed.is_none() && growth.next_look() <= now {
            let handed = |part: &Part| (part.sent + line.swallowed).min(part_size) * f64::from(part.stands <= now);
            let beyond: f64 = under_way.iter().map(|part| (handed(part) - SWALLOWED as f64).max(0.0)).sum();
            let newest =
                under_way.iter().filter(|part| part.stands <= now && part.took > AT_ONCE).max_by_key(|part| part.begun);
            growth.look(Look {
                now,
                arrived: (confirmed + beyond) as u64,
                part: (confirmed > 0.0).then_some(part_size as u64),
                busy: under_way.len() as u32,
                connecting: under_way.iter().filter(|part| part.stands > now).count() as u32,
                connected: newest.map(|part| part.took),
            });
        }
        wanted.push(growth.wanted());
    }
    Uploaded { goodput: f64::from(parts) * part_size / now.as_secs_f64(), wanted }
}

fn best_fixed(line: Line, parts: u32, part_size: f64) -> f64 {
    [1, 2, 4, 8, 16, 32, 64]
        .map(|tasks| upload(line, parts, part_size, Some(tasks)).goodput)
        .into_iter()
        .fold(0.0, f64::max)
}

fn line(round_trip_ms: u64, each: f64, all: f64) -> Line {
    Line { round_trip: Duration::from_millis(round_trip_ms), each, all, swallowed: MIB / 4.0 }
}

#[test]
fn where_each_connection_is_slow_there_are_soon_as_many_as_there_may_be() {
    let lossy = line(100, 180e3, 25e6);
    for (parts, part_size) in [(64, MIB), (128, MIB / 2.0)] {
        let adaptive = upload(lossy, parts, part_size, None);
        let best = best_fixed(lossy, parts, part_size);
        assert_eq!(adaptive.peak(), MOST);
        assert!(adaptive.goodput >= 0.85 * best, "{} of {best}", adaptive.goodput);
    }
}

#[test]
fn small_parts_tell_themselves_what_is_worth_it() {
    let lossy = line(100, 180e3, 25e6);
    let adaptive = upload(lossy, 5000, 102_400.0, None);
    assert!(adaptive.at_last() == MOST && adaptive.goodput >= 0.7 * best_fixed(lossy, 5000, 102_400.0));
}

#[test]
fn parts_of_a_gibibyte_are_not_waited_for() {
    let lossy = line(100, 180e3, 5.8e6);
    let adaptive = upload(lossy, 64, 512.0 * MIB, None);
    assert!((16..=MOST).contains(&adaptive.at_last()), "{}", adaptive.at_last());
    assert!(adaptive.goodput >= 0.85 * best_fixed(lossy, 64, 512.0 * MIB));
}

#[test]
fn one_pipe_is_not_flooded_and_is_as_fast_as_with_four() {
    // A machine to itself, a data centre, a line of 200 Mbit/s, one of 10.
    for (round_trip_ms, each, all) in [(0, 1e9, 2e9), (2, 1e8, 4e8), (50, 25e6, 25e6), (20, 1.25e6, 1.25e6)] {
        for part_size in [MIB, 16.0 * MIB] {
            let line = line(round_trip_ms, each, all);
            let parts = ((all * 30.0 / part_size) as u32).max(64);
            let adaptive = upload(line, parts, part_size, None);
            let four = upload(line, parts, part_size, Some(4)).goodput;
            assert!(adaptive.at_last() <= 32, "{line:?} {part_size}: {:?}", adaptive.at_last());
            assert!(adaptive.goodput >= 0.97 * four, "{line:?} {part_size}: {} of {four}", adaptive.goodput);
        }
    }
}

#[test]
fn where_connections_tell_nothing_it_comes_down_again() {
    // A proxy near by: connections stand at once, whatever the line behind it.
    let line = Line { round_trip: Duration::from_millis(1), each: 1e6, all: 2e6, swallowed: MIB / 4.0 };
    let adaptive = upload(line, 600, MIB, None);
    assert!(adaptive.at_last() <= 8, "{}", adaptive.at_last());
}

#[test]
fn while_less_is_allowed_nothing_is_tried() {
    let mut growth = Growth::new(MOST);
    for step in 1..1000 {
        growth.held_back(EVERY * step, u64::from(step) << 20);
    }
    assert_eq!(growth.wanted(), LEAST);
}

#[test]
fn a_cap_is_kept() {
    for most in [0, 1, 3, 5] {
        let mut growth = Growth::new(most);
        for step in 1..200 {
            growth.look(Look {
                now: EVERY * step,
                arrived: u64::from(step * step) << 20,
                part: Some(SWALLOWED),
                busy: MOST,
                connecting: 0,
                connected: None,
            });
            assert!((1..=most.max(1)).contains(&growth.wanted()));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn it_never_stays_far_below_the_best(
        round_trip_ms in 0u64..300,
        each in 50e3..50e6,
        share in 1f64..100.0,
        seconds in 0.05f64..20.0,
        swallowed in 0f64..2.0 * MIB,
    ) {
        let line = Line { swallowed, ..line(round_trip_ms, each, each * share) };
        let part_size = (each * seconds).max(102_400.0);
        let time = part_size / each + line.round_trip.as_secs_f64();
        // What as many as there may be would bring if there were no beginning and no end.
        let best = (f64::from(MOST) * part_size / time).min(line.all);
        let parts = (best * 60.0 / part_size).max(640.0) as u32;
        let adaptive = upload(line, parts, part_size, None);
        prop_assert!(adaptive.wanted.iter().all(|number| (LEAST..=MOST).contains(number)));
        prop_assert!(adaptive.goodput >= 0.4 * best, "{} of {best}", adaptive.goodput);
    }

    #[test]
    fn whatever_is_seen_the_number_stays_within_its_bounds(
        most in 0u32..100,
        looks in proptest::collection::vec((0u64..3000, 0u64..100 << 20, 0u32..70, proptest::option::of(0u64..5000), any::<bool>(), 0u32..80), 0..300),
    ) {
        let mut growth = Growth::new(most);
        let (mut now, mut arrived) = (Duration::ZERO, 0u64);
        for (ms, bytes, connecting, connected, is_held_back, busy) in looks {
            now += Duration::from_millis(ms);
            arrived = if bytes % 7 == 0 { arrived / 2 } else { arrived + bytes };
            if is_held_back {
                growth.held_back(now, arrived);
            } else {
                let connected = connected.map(Duration::from_millis);
                growth.look(Look { now, arrived, part: Some(SWALLOWED), busy, connecting, connected });
            }
            let most = most.clamp(1, MOST);
            prop_assert!((LEAST.min(most)..=most).contains(&growth.wanted()));
            prop_assert!(growth.next_look() > now);
        }
    }
}
