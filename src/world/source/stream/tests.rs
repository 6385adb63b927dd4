//! The stream between one who writes and one who reads, without an upload.

use super::*;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

const PART: u64 = 100;
const FOR_EVER: Option<Instant> = None;

fn now() -> Option<Instant> {
    Some(Instant::now())
}

fn range(number: u64) -> Range {
    Range { offset: (number - 1) * PART, length: PART }
}

/// One of parts of 100 bytes, of which it holds two.
fn stream(size: Option<u64>) -> StreamSource {
    let stream = StreamSource::new(size);
    stream.cut(PART, 2);
    stream
}

fn bytes(count: usize) -> Vec<u8> {
    (0..count).map(|at| (at % 251) as u8).collect()
}

/// Pushes what there is room for.
fn push(stream: &StreamSource, bytes: &[u8]) -> usize {
    let (written, result) = stream.write(bytes, now());
    assert_eq!(result.is_ok(), written == bytes.len());
    written
}

fn kind<T: fmt::Debug>(result: Result<T>) -> Kind {
    result.unwrap_err().kind()
}

#[tokio::test]
async fn parts_are_held_and_read_again_until_they_are_let_go_of() {
    let stream = stream(Some(350));
    let all = bytes(350);
    assert_eq!(push(&stream, &all), 200);
    assert_eq!(push(&stream, &all[200..]), 0);
    for _ in 0..2 {
        assert_eq!(stream.part(range(2)).await.unwrap(), Pushed::There(range(2)));
        let mut buffer = [0; 60];
        assert!(stream.read_resident(&mut buffer, 130) && buffer[..] == all[130..190]);
    }
    stream.let_go(1);
    let mut buffer = [0; 10];
    assert!(!stream.read_resident(&mut buffer, 90));
    assert_eq!(push(&stream, &all[200..]), 100);
    stream.let_go(3);
    assert_eq!(push(&stream, &all[300..]), 50);
    let last = Range { offset: 300, length: 50 };
    assert_eq!(stream.part(last).await.unwrap(), Pushed::There(last));
    assert!(stream.read_resident(&mut buffer, 340) && buffer[..] == all[340..]);
}

#[tokio::test]
async fn nothing_is_taken_before_it_is_known_how_it_is_cut() {
    let stream = Arc::new(StreamSource::new(None));
    assert_eq!(stream.write(b"a", now()).0, 0);
    let writer = Arc::clone(&stream);
    let writing = thread::spawn(move || writer.write(b"abc", FOR_EVER));
    stream.cut(PART, 2);
    let (written, result) = writing.join().unwrap();
    assert!(written == 3 && result.is_ok());
}

#[tokio::test]
async fn one_whose_length_nobody_knows_ends_where_it_is_finished() {
    let stream = stream(None);
    assert_eq!(push(&stream, &bytes(130)), 130);
    assert_eq!(stream.ends_within().await.unwrap(), None);
    stream.finish().unwrap();
    stream.finish().unwrap();
    let short = Range { offset: 100, length: 30 };
    assert_eq!(stream.part(range(1)).await.unwrap(), Pushed::There(range(1)));
    assert_eq!(stream.part(range(2)).await.unwrap(), Pushed::There(short));
    assert_eq!(stream.part(range(3)).await.unwrap(), Pushed::Ended(130));
    assert_eq!(stream.end().await.unwrap(), 130);
    assert_eq!(kind(stream.write(b"more", now()).1), Kind::InvalidState);
}

#[tokio::test]
async fn one_that_ends_at_a_parts_end_has_no_empty_part() {
    let stream = stream(None);
    assert_eq!(push(&stream, &bytes(100)), 100);
    stream.finish().unwrap();
    assert_eq!(stream.ends_within().await.unwrap(), Some(100));
    assert_eq!(stream.part(range(2)).await.unwrap(), Pushed::Ended(100));
    let empty = StreamSource::new(None);
    empty.finish().unwrap();
    assert_eq!(empty.part(range(1)).await.unwrap(), Pushed::Ended(0));
}

#[tokio::test]
async fn another_length_than_was_said_breaks_it_and_names_the_numbers() {
    for (pushed, more) in [(80, 21), (100, 1)] {
        let stream = stream(Some(100));
        assert_eq!(push(&stream, &bytes(pushed)), pushed);
        let (written, result) = stream.write(&bytes(more), FOR_EVER);
        let message = result.unwrap_err().to_string();
        assert!(written == 0 && message.contains("100 bytes") && message.contains(&pushed.to_string()), "{message}");
        assert_eq!(kind(stream.part(range(1)).await), Kind::InvalidArgument);
        assert_eq!(kind(stream.finish()), Kind::InvalidArgument);
    }
    let stream = stream(Some(100));
    assert_eq!(push(&stream, &bytes(99)), 99);
    let message = stream.finish().unwrap_err().to_string();
    assert!(message.contains("100 bytes") && message.contains("99"), "{message}");
    assert_eq!(kind(stream.end().await), Kind::InvalidArgument);
    assert_eq!(kind(stream.write(b"a", now()).1), Kind::InvalidArgument);
}

#[test]
fn there_is_no_part_beyond_the_ten_thousandth() {
    let stream = stream(None);
    for number in 1..=limits::MAX_PARTS {
        assert_eq!(push(&stream, &[7; PART as usize]), 100);
        stream.let_go(number);
    }
    let (written, result) = stream.write(b"a", FOR_EVER);
    let message = result.unwrap_err().to_string();
    assert!(written == 0 && message.contains("10000 parts of 100 bytes") && message.contains("PartSize"), "{message}");
}

#[test]
fn whoever_waits_for_room_is_told_at_once_that_it_is_over() {
    for close in [false, true] {
        let stream = Arc::new(stream(None));
        let writer = Arc::clone(&stream);
        let writing = thread::spawn(move || writer.write(&bytes(1000), FOR_EVER));
        while !stream.lock().is_writing || stream.lock().received() < 200 {
            thread::yield_now();
        }
        assert_eq!(kind(stream.write(b"me, too", FOR_EVER).1), Kind::InvalidState);
        assert_eq!(kind(stream.finish()), Kind::InvalidState);
        let why = Error::new(Kind::Paused, "paused");
        if close {
            stream.close(Some(why))
        } else {
            stream.refuse(why)
        }
        let (written, result) = writing.join().unwrap();
        assert_eq!((written, kind(result)), (200, Kind::Paused));
        assert_eq!(stream.write(b"", FOR_EVER).1.unwrap_err().kind(), Kind::Paused);
    }
}

#[test]
fn a_wait_for_room_ends_with_its_time_and_says_how_much_was_taken() {
    let stream = stream(None);
    let begun = Instant::now();
    let (written, result) = stream.write(&bytes(1000), begun.checked_add(Duration::from_millis(20)));
    assert_eq!((written, kind(result)), (200, Kind::TimedOut));
    assert!(begun.elapsed() >= Duration::from_millis(20));
    stream.let_go(1);
    assert_eq!(push(&stream, &bytes(1000)[200..]), 100);
}

#[test]
fn who_found_too_little_room_is_told_once_when_there_is_some() {
    let stream = StreamSource::new(None);
    assert_eq!(push(&stream, b"a"), 0);
    assert!(!stream.is_worth_a_try());
    stream.cut(PART, 2);
    assert!(stream.is_worth_a_try() && !stream.is_worth_a_try());
    assert_eq!(push(&stream, &bytes(200)), 200);
    stream.let_go(1);
    assert!(!stream.is_worth_a_try(), "nobody found too little");
    for _ in 0..2 {
        push(&stream, &bytes(150));
    }
    assert!(!stream.is_worth_a_try());
    stream.let_go(2);
    assert!(stream.is_worth_a_try() && !stream.is_worth_a_try());
}

#[test]
fn who_found_too_little_room_is_told_that_nothing_is_taken_any_more() {
    let ways: [fn(&StreamSource); 3] = [
        |stream| stream.refuse(Error::new(Kind::Paused, "paused")),
        |stream| stream.close(Some(Error::new(Kind::Aborted, "aborted"))),
        |stream| stream.close(None),
    ];
    for end in ways {
        let (full, other) = (stream(None), stream(None));
        assert_eq!(push(&full, &bytes(300)), 200);
        assert_eq!(push(&other, &bytes(200)), 200);
        [&full, &other].into_iter().for_each(end);
        assert!(full.is_worth_a_try() && !full.is_worth_a_try());
        assert!(!other.is_worth_a_try());
    }
    let broken = stream(Some(250));
    assert_eq!(push(&broken, &bytes(250)), 200);
    assert_eq!(kind(broken.write(&bytes(51), now()).1), Kind::InvalidArgument);
    assert!(broken.is_worth_a_try());
}

#[tokio::test]
async fn no_news_is_lost_and_none_comes_twice() {
    const PARTS: u32 = 3000;
    let stream = Arc::new(stream(None));
    let (news, told) = std::sync::mpsc::channel();
    let writer = Arc::clone(&stream);
    let writing = thread::spawn(move || {
        let (all, mut at, mut full) = (bytes(PART as usize * PARTS as usize), 0, 0);
        while at < all.len() {
            let (written, result) = writer.write(&all[at..], now());
            at += written;
            if result.is_err() {
                full += 1;
                told.recv().unwrap();
            }
        }
        writer.finish().unwrap();
        (full, told)
    });
    let mut said = 0;
    for number in 1..=PARTS {
        stream.part(range(number.into())).await.unwrap();
        stream.let_go(number);
        if stream.is_worth_a_try() {
            said += 1;
            news.send(()).unwrap();
        }
    }
    let (full, told) = writing.join().unwrap();
    assert!(full > 0 && said == full && told.try_recv().is_err(), "{full} times full, {said} times told");
}

#[test]
fn no_more_buffers_are_made_than_parts_are_held() {
    let stream = stream(None);
    let mut seen = std::collections::BTreeSet::new();
    for number in 1..100 {
        assert_eq!(push(&stream, &[number as u8; PART as usize]), 100);
        let state = stream.lock();
        let (part, _) = state.parts.as_ref().unwrap().at(u64::from(number - 1) * PART).unwrap();
        seen.insert(part.as_ptr());
        drop((part, state));
        stream.let_go(number);
    }
    assert!(seen.len() <= 2, "{} buffers", seen.len());
}

#[test]
fn what_is_closed_keeps_its_reason() {
    let failed = stream(None);
    failed.refuse(Error::new(Kind::Paused, "paused"));
    failed.close(Some(Error::new(Kind::Aborted, "aborted")));
    failed.close(None);
    failed.refuse(Error::new(Kind::Paused, "paused"));
    assert_eq!(kind(failed.write(b"a", now()).1), Kind::Aborted);
    let done = stream(None);
    done.finish().unwrap();
    done.close(None);
    done.refuse(Error::new(Kind::Paused, "paused"));
    done.finish().unwrap();
    assert_eq!(kind(done.write(b"a", now()).1), Kind::InvalidState);
}
