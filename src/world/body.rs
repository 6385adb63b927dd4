//! A part's bytes on their way from the file to the socket: what is in memory is read as it is sent, what is not is read
//! ahead by a few windows on the disk's own threads. Their CRC-64 is taken while they are hot.

use super::bandwidth::Share;
use super::source::Source;
pub use super::windows::WINDOW;
use super::windows::Window;
use crate::error::{Error, Kind};
use crate::oss::crc64::Crc64;
use crate::process::panics;
use crate::process::pool::Lane;
use crate::upload::identity::{Fit, Identity, source_changed};
use crate::upload::plan::Range;
use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use std::collections::VecDeque;
use std::fmt;
use std::future::Future;
use std::io;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::Duration;
use tokio::time::{Instant, Sleep};

/// Windows that are read before they are asked for.
const READ_AHEAD: usize = 4;
/// Windows that the HTTP stack takes from a body before the kernel has taken them: what fits into its buffer of some
/// 400 KiB, and the one that it began with.
const TAKEN_AHEAD: usize = 8;
/// The most memory that a part under way takes here, in bytes, whatever its size.
pub const MOST_MEMORY: u64 = ((READ_AHEAD + TAKEN_AHEAD) * WINDOW) as u64;
/// How often a file that keeps being touched is read again before it is given up.
const MAX_PROOFS: u32 = 3;

/// Counts what an attempt has handed to the network.
#[derive(Debug)]
pub struct Meter {
    begun: Instant,
    asked: OnceLock<Instant>,
    resting: AtomicBool,
    handed: AtomicU64,
}

impl Default for Meter {
    fn default() -> Self {
        Self {
            begun: Instant::now(),
            asked: OnceLock::new(),
            resting: AtomicBool::new(false),
            handed: AtomicU64::new(0),
        }
    }
}

impl Meter {
    /// When the attempt began.
    pub fn begun(&self) -> Instant {
        self.begun
    }

    /// How long it took until the network asked for the first bytes.
    pub fn asked_after(&self) -> Option<Duration> {
        self.asked.get().map(|asked| asked.duration_since(self.begun))
    }

    /// Bytes handed over so far.
    pub fn handed(&self) -> u64 {
        self.handed.load(Ordering::Relaxed)
    }

    /// The network may have the first of them: the connection stands.
    pub fn is_asked(&self) -> bool {
        self.asked.get().is_some()
    }

    /// The network wants more, and a cap does not let it go out yet.
    pub fn is_resting(&self) -> bool {
        self.resting.load(Ordering::Relaxed)
    }

    pub(super) fn rest(&self, resting: bool) {
        self.resting.store(resting, Ordering::Relaxed);
    }

    pub(super) fn ask(&self) {
        self.asked.get_or_init(Instant::now);
    }

    pub(super) fn hand(&self, all: u64) {
        self.handed.store(all, Ordering::Relaxed);
    }
}

/// A range of a source, being read.
pub struct Reading {
    source: Arc<dyn Source>,
    lane: Lane,
    range: Range,
    /// The file must still be this one when its last byte goes out.
    proof: Option<Identity>,
    meter: Arc<Meter>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    ready: VecDeque<Bytes>,
    read: u64,
    crc64: Crc64,
    /// The disk had to be asked: it is asked ahead from now on.
    is_cold: bool,
    reading: bool,
    dropped: bool,
    failed: Option<Error>,
    waker: Option<Waker>,
}

/// Where the next window lies.
struct Next {
    offset: u64,
    length: usize,
    is_last: bool,
}

impl fmt::Debug for Reading {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reading").field("range", &self.range).finish_non_exhaustive()
    }
}

impl Reading {
    /// Nothing is read before it is asked for.
    pub fn new(source: Arc<dyn Source>, lane: Lane, range: Range) -> Arc<Self> {
        Arc::new(Self { source, lane, range, proof: None, meter: Arc::default(), state: Mutex::default() })
    }

    /// The whole file, whose last window is held back until the file has proven not to have changed meanwhile: what
    /// makes the object at once must not go out otherwise.
    pub fn whole(source: Arc<dyn Source>, lane: Lane, file: Identity) -> Arc<Self> {
        let range = Range { offset: 0, length: file.size };
        Arc::new(Self { source, lane, range, proof: Some(file), meter: Arc::default(), state: Mutex::default() })
    }

    /// Reads the range now, if it is a single window, and proves it where that is asked for: whoever is on a thread of the
    /// disk's already saves the reader one. Blocks.
    pub fn prefetch(&self) {
        if self.range.length > WINDOW as u64 {
            return;
        }
        let window = self.read_one();
        let mut state = self.lock();
        match window {
            Ok(window) => state.ready.extend(window),
            Err(error) => state.failed = Some(error),
        }
    }

    /// What went out so far.
    pub fn meter(&self) -> Arc<Meter> {
        Arc::clone(&self.meter)
    }

    /// The CRC-64 of the whole range, once all of it was read.
    pub fn crc64(&self) -> Option<u64> {
        let state = self.lock();
        (state.read == self.range.length).then(|| state.crc64.value())
    }

    /// Why it could not be read to its end.
    pub fn failure(&self) -> Option<Error> {
        self.lock().failed.clone()
    }

    /// Reads the range to its end for its CRC-64 alone. Blocks.
    pub fn verify(&self) -> Result<u64, Error> {
        while let Some(window) = self.read_one()? {
            drop(window);
        }
        Ok(self.lock().crc64.value())
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The next window, if it can be had without waiting; else `context` is told when there is one.
    fn poll_window(self: &Arc<Self>, context: &Context<'_>) -> Poll<Result<Bytes, Error>> {
        let mut state = self.lock();
        if let Some(window) = state.ready.pop_front() {
            self.read_ahead(state);
            return Poll::Ready(Ok(window));
        }
        if !state.is_cold && state.failed.is_none() {
            drop(state);
            let resident = panics::caught(|| self.read_resident());
            if let Ok(Some(window)) = resident {
                return Poll::Ready(Ok(window));
            }
            state = self.lock();
            state.is_cold = true;
            state.failed = resident.err();
        }
        state.waker = Some(context.waker().clone());
        self.read_ahead(state);
        // The read that was just asked for may have failed at once.
        self.failure().map_or(Poll::Pending, |error| Poll::Ready(Err(error)))
    }

    /// What may not go out yet of the window that was had last.
    fn put_back(&self, rest: Bytes) {
        self.lock().ready.push_front(rest);
    }

    /// Keeps the windows coming; called with the state locked, which it gives back.
    fn read_ahead(self: &Arc<Self>, mut state: MutexGuard<'_, State>) {
        let wanted = state.is_cold && !state.reading && !state.dropped && state.failed.is_none();
        if !wanted || state.read == self.range.length || state.ready.len() > READ_AHEAD / 2 {
            return;
        }
        state.reading = true;
        drop(state);
        let this = Arc::clone(self);
        if let Err(error) = self.lane.submit(move || this.fill()) {
            let mut state = self.lock();
            state.reading = false;
            state.failed = Some(error);
        }
    }

    fn fill(&self) {
        loop {
            let result = panics::caught(|| self.read_one()).and_then(|read| read);
            let mut state = self.lock();
            let more = match result {
                Ok(Some(window)) => {
                    state.ready.push_back(window);
                    state.ready.len() < READ_AHEAD && state.read < self.range.length && !state.dropped
                }
                Ok(None) => false,
                Err(error) => {
                    state.failed = Some(error);
                    false
                }
            };
            state.reading = more;
            let waker = state.waker.take();
            drop(state);
            if let Some(waker) = waker {
                waker.wake();
            }
            if !more {
                return;
            }
        }
    }

    fn next(&self) -> Option<Next> {
        let read = self.lock().read;
        let left = self.range.length - read;
        let length = usize::try_from(left).map_or(WINDOW, |left| left.min(WINDOW));
        let is_last = left == length as u64;
        (left > 0).then_some(Next { offset: self.range.offset + read, length, is_last })
    }

    fn read_one(&self) -> Result<Option<Bytes>, Error> {
        let Some(next) = self.next() else { return Ok(None) };
        let mut window = Window::take();
        let count = self
            .source
            .read_at(window.prepare(next.length), next.offset)
            .map_err(|error| Error::io(Kind::SourceUnreadable, "UploadFile cannot be read", error))?;
        if count < next.length {
            return Err(Error::new(Kind::SourceChanged, "UploadFile became shorter while it was being uploaded"));
        }
        let crc64 = self.take_in(window.as_ref());
        if let (true, Some(file)) = (next.is_last, &self.proof) {
            self.prove(file, crc64)?;
        }
        Ok(Some(window.into_bytes()))
    }

    /// The next window, if the disk need not be asked for it, nor for the proof behind it.
    fn read_resident(&self) -> Option<Bytes> {
        let next = self.next().filter(|next| !next.is_last || self.proof.is_none())?;
        let mut window = Window::take();
        if !self.source.read_resident(window.prepare(next.length), next.offset) {
            return None;
        }
        self.take_in(window.as_ref());
        Some(window.into_bytes())
    }

    fn take_in(&self, window: &[u8]) -> u64 {
        panics::may_come("read");
        let mut state = self.lock();
        state.crc64.update(window);
        state.read += window.len() as u64;
        state.crc64.value()
    }

    fn prove(&self, file: &Identity, crc64: u64) -> Result<(), Error> {
        let mut now = self.source.look()?;
        for _ in 0..MAX_PROOFS {
            match file.fit(&now) {
                Fit::Same => return Ok(()),
                Fit::Changed => break,
                Fit::Doubtful => {}
            }
            let again = Self::new(Arc::clone(&self.source), self.lane.clone(), self.range);
            if again.verify()? != crc64 {
                break;
            }
            let before = std::mem::replace(&mut now, self.source.look()?);
            if now.is_as_it_was(&before) {
                return Ok(());
            }
        }
        Err(source_changed())
    }
}

/// The reading as a body of exactly its length.
pub struct PartBody {
    reading: Arc<Reading>,
    handed: u64,
    hold: Hold,
    share: Option<Share>,
}

/// A server that refuses early can be heard only while nothing is being sent.
enum Hold {
    /// This long, from the moment that the connection stands and the headers go out.
    For(Duration),
    Until(Pin<Box<Sleep>>),
    Over,
}

impl Hold {
    fn poll(&mut self, context: &mut Context<'_>) -> Poll<()> {
        if let Self::For(time) = self {
            *self = Self::Until(Box::pin(tokio::time::sleep(*time)));
        }
        if let Self::Until(end) = self {
            std::task::ready!(end.as_mut().poll(context));
            *self = Self::Over;
        }
        Poll::Ready(())
    }
}

impl PartBody {
    /// Hands out nothing before `hold` is over, and then no more than its share.
    pub fn new(reading: Arc<Reading>, hold: Option<Duration>, share: Option<Share>) -> Self {
        Self { reading, handed: 0, hold: hold.map_or(Hold::Over, Hold::For), share }
    }

    /// How many bytes there are in all.
    pub fn length(&self) -> u64 {
        self.reading.range.length
    }

    /// How many bytes may go out now.
    fn poll_allowed(&mut self, context: &mut Context<'_>) -> Poll<usize> {
        let left = self.reading.range.length - self.handed;
        let wanted = usize::try_from(left).map_or(WINDOW, |left| left.min(WINDOW));
        let Some(share) = &mut self.share else { return Poll::Ready(wanted) };
        let allowed = share.poll(context, wanted);
        self.reading.meter.rest(allowed.is_pending());
        allowed
    }

    fn hand(&mut self, bytes: usize) {
        self.handed += bytes as u64;
        self.reading.meter.hand(self.handed);
        if let Some(share) = &mut self.share {
            share.spend(bytes);
        }
    }
}

impl Body for PartBody {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        std::task::ready!(self.hold.poll(context));
        self.reading.meter.ask();
        if self.is_end_stream() {
            return Poll::Ready(None);
        }
        let allowed = std::task::ready!(self.poll_allowed(context));
        let mut window = match std::task::ready!(self.reading.poll_window(context)) {
            Ok(window) => window,
            Err(error) => return Poll::Ready(Some(Err(io::Error::other(error)))),
        };
        if window.len() > allowed {
            self.reading.put_back(window.split_off(allowed));
        }
        self.hand(window.len());
        Poll::Ready(Some(Ok(Frame::data(window))))
    }

    fn is_end_stream(&self) -> bool {
        self.handed == self.reading.range.length
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.reading.range.length - self.handed)
    }
}

impl Drop for PartBody {
    fn drop(&mut self) {
        let mut state = self.reading.lock();
        state.dropped = true;
        state.ready.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::oss::crc64;
    use crate::world::bandwidth::{Bandwidth, Limit};
    use std::future::poll_fn;

    /// Bytes, and how many of them need no disk.
    #[derive(Debug)]
    struct Memory(Vec<u8>, u64);

    impl Source for Memory {
        fn look(&self) -> Result<Identity, Error> {
            Err(Error::new(Kind::Internal, "nobody looks at memory"))
        }

        fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
            let rest = self.0.get(offset as usize..).unwrap_or_default();
            let count = rest.len().min(buffer.len());
            buffer[..count].copy_from_slice(&rest[..count]);
            Ok(count)
        }

        fn read_resident(&self, buffer: &mut [u8], offset: u64) -> bool {
            offset + buffer.len() as u64 <= self.1
                && self.read_at(buffer, offset).is_ok_and(|count| count == buffer.len())
        }
    }

    async fn drain(mut body: PartBody) -> io::Result<Vec<u8>> {
        let mut all = Vec::new();
        while let Some(frame) = poll_fn(|context| Pin::new(&mut body).poll_frame(context)).await {
            all.extend_from_slice(&frame?.into_data().unwrap());
        }
        Ok(all)
    }

    fn reading(offset: u64, length: u64) -> (Vec<u8>, Arc<Reading>) {
        partly_resident(offset, length, 0)
    }

    fn partly_resident(offset: u64, length: u64, resident: u64) -> (Vec<u8>, Arc<Reading>) {
        let bytes: Vec<u8> = (0..1_000_000u32).map(|i| (i * 7 % 251) as u8).collect();
        let source = Arc::new(Memory(bytes.clone(), resident));
        (bytes, Reading::new(source, Lane::new(2), Range { offset, length }))
    }

    #[tokio::test]
    async fn hands_out_exactly_its_range_and_knows_its_crc_wherever_the_bytes_are() {
        for resident in [0, 12_345, 100_000, 400_000, 712_346, 1_000_000] {
            let (bytes, reading) = partly_resident(12_345, 700_001, resident);
            let body = PartBody::new(Arc::clone(&reading), None, None);
            assert_eq!(body.size_hint().exact(), Some(700_001));
            let expected = &bytes[12_345..712_346];
            assert_eq!(drain(body).await.unwrap(), expected);
            assert_eq!(reading.crc64(), Some(crc64::checksum(expected)));
            assert_eq!(reading.meter().handed(), 700_001);
        }
    }

    #[tokio::test]
    async fn what_is_in_memory_is_read_without_the_disks_threads() {
        let bytes = vec![7; 300_000];
        let (release, hung) = std::sync::mpsc::channel::<()>();
        let lane = Lane::new(1);
        lane.submit(move || assert!(hung.recv().is_err())).unwrap();
        let source = Arc::new(Memory(bytes.clone(), 300_000));
        let reading = Reading::new(source, lane, Range { offset: 0, length: 300_000 });
        assert_eq!(drain(PartBody::new(reading, None, None)).await.unwrap(), bytes);
        drop(release);
    }

    #[tokio::test(start_paused = true)]
    async fn a_body_goes_out_in_windows_of_its_share_and_rests_between_them() {
        for resident in [0, 300_000, 1_000_000] {
            let (bytes, reading) = partly_resident(0, 1_000_000, resident);
            let bandwidth = Bandwidth::new(Arc::new(Limit::new(500_000)), Arc::new(Limit::new(0)));
            let begun = tokio::time::Instant::now();
            let mut body = PartBody::new(Arc::clone(&reading), None, Some(bandwidth.share().await));
            let (meter, mut sent, mut rests) = (reading.meter(), Vec::new(), 0);
            let mut next = async || {
                poll_fn(|context| {
                    let frame = Pin::new(&mut body).poll_frame(context);
                    rests += u32::from(meter.is_resting());
                    frame
                })
                .await
            };
            while let Some(frame) = next().await {
                let window = frame.unwrap().into_data().unwrap();
                assert!(window.len() <= 25_000 && !meter.is_resting());
                sent.extend_from_slice(&window);
                assert_eq!(meter.handed(), sent.len() as u64);
            }
            assert_eq!(reading.crc64(), Some(crc64::checksum(&sent)));
            assert!(sent == bytes);
            assert!(rests >= 30 && begun.elapsed() >= Duration::from_millis(1800), "{rests} {:?}", begun.elapsed());
        }
    }

    #[tokio::test]
    async fn a_source_that_became_shorter_is_an_error() {
        let (_, reading) = reading(900_000, 200_000);
        assert!(drain(PartBody::new(Arc::clone(&reading), None, None)).await.is_err());
        assert_eq!(reading.failure().unwrap().kind(), Kind::SourceChanged);
        assert_eq!(reading.crc64(), None);
    }

    /// Memory that is these files, one at each look, and then stays the last.
    #[derive(Debug)]
    struct Touched(Memory, Mutex<VecDeque<Identity>>);

    impl Source for Touched {
        fn look(&self) -> Result<Identity, Error> {
            let mut looks = self.1.lock().unwrap();
            Ok(if looks.len() > 1 { looks.pop_front().unwrap() } else { looks[0] })
        }

        fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
            self.0.read_at(buffer, offset)
        }

        fn read_resident(&self, buffer: &mut [u8], offset: u64) -> bool {
            self.0.read_resident(buffer, offset)
        }
    }

    #[tokio::test]
    async fn the_whole_file_goes_out_only_if_it_did_not_change() {
        let size = 300_000;
        let old = Identity { size, modified: 0, changed: 0, device: 1, index: 2, observed: 10_000_000_000 };
        let touched = |changed| Identity { changed, ..old };
        let modified = Identity { modified: 1, ..old };
        for (looks, goes_out) in [
            (vec![old], true),
            (vec![modified], false),
            (vec![touched(1)], true),
            (vec![touched(1), modified], false),
            (vec![touched(1), touched(2)], true),
            ((1..100).map(touched).collect(), false),
        ] {
            let source = Arc::new(Touched(Memory(vec![7; size as usize], size), Mutex::new(looks.clone().into())));
            let reading = Reading::whole(source, Lane::new(1), old);
            let sent = drain(PartBody::new(Arc::clone(&reading), None, None)).await;
            assert_eq!(sent.is_ok(), goes_out, "{looks:?}");
            assert_eq!(reading.meter().handed() == size, goes_out);
            assert_eq!(reading.failure().map(|error| error.kind()), (!goes_out).then_some(Kind::SourceChanged));
        }
    }

    #[tokio::test(start_paused = true)]
    async fn the_hold_begins_when_the_network_asks() {
        let (_, reading) = reading(0, 1000);
        let body = PartBody::new(Arc::clone(&reading), Some(Duration::from_millis(200)), None);
        tokio::time::sleep(Duration::from_secs(1)).await;
        assert!(!reading.meter().is_asked());
        let begun = tokio::time::Instant::now();
        drain(body).await.unwrap();
        assert!(reading.meter().is_asked() && begun.elapsed() >= Duration::from_millis(200));
    }

    #[test]
    fn verifying_reads_without_sending() {
        let (bytes, reading) = reading(1, 999_999);
        assert_eq!(reading.verify().unwrap(), crc64::checksum(&bytes[1..]));
        assert_eq!(reading.meter().handed(), 0);
    }
}
