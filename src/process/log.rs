//! What a client tells of its work, line by line, to whoever the host names and to nobody else: no subscriber of the whole
//! process, nothing printed.

mod redact;

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Lines that may wait to be taken; what comes beyond is lost, and counted.
pub const MOST_LINES: u32 = 1024;
/// Bytes of a line, at most.
pub const LONGEST_LINE: usize = 2048;

/// What a line is for; each level has those above it, too. Its numbers are the C API's `ossup_log_level`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(i32)]
pub enum Level {
    /// What failed.
    Error = 1,
    /// What went wrong without stopping anything.
    Warn = 2,
    /// What was begun, decided and done.
    Info = 3,
    /// Each request, and each step of the record.
    Debug = 4,
    /// Each part.
    Trace = 5,
}

/// A log that is kept, or not; cheap to clone. `T` is what a line may be about.
pub struct Log<T>(Option<Arc<Kept<T>>>);

struct Kept<T> {
    level: Level,
    sink: Box<dyn Fn(Line<T>) + Send + Sync>,
    backlog: Arc<Backlog>,
}

/// One line, on its way to whoever takes it.
pub struct Line<T> {
    level: Level,
    text: Text,
    about: Option<T>,
    backlog: Arc<Backlog>,
}

enum Text {
    Said(String),
    /// In place of those that there was no room for.
    Lost,
    Taken,
}

/// How many lines wait, and how many were lost since there was no room.
#[derive(Default)]
struct Backlog(Mutex<Count>);

#[derive(Default)]
struct Count {
    waiting: u32,
    lost: u64,
}

/// What becomes of one more line.
#[derive(Debug, PartialEq, Eq)]
enum Room {
    ThereIs,
    /// It is the first one that is lost: in its place goes the line that says how many were.
    NoLonger,
    None,
}

impl<T> Log<T> {
    /// A log up to a level. `sink` must not block; it is called on any thread.
    pub fn new(level: Level, sink: impl Fn(Line<T>) + Send + Sync + 'static) -> Self {
        Self(Some(Arc::new(Kept { level, sink: Box::new(sink), backlog: Arc::default() })))
    }

    /// Whether lines of this level are kept.
    pub fn is_on(&self, level: Level) -> bool {
        self.0.as_ref().is_some_and(|kept| level <= kept.level)
    }

    /// Says something, if it is to be kept: on one line, with what looks like a secret left out.
    pub fn say(&self, level: Level, about: Option<T>, text: impl fmt::Display) {
        let Some(kept) = self.0.as_ref().filter(|kept| level <= kept.level) else { return };
        let (level, text, about) = match kept.backlog.enter() {
            Room::ThereIs => (level, Text::Said(redact::line(&text.to_string(), LONGEST_LINE)), about),
            Room::NoLonger => (kept.level.min(Level::Warn), Text::Lost, None),
            Room::None => return,
        };
        (kept.sink)(Line { level, text, about, backlog: Arc::clone(&kept.backlog) });
    }
}

impl<T> Line<T> {
    /// What it is for.
    pub fn level(&self) -> Level {
        self.level
    }

    /// What it is about.
    pub fn about(&self) -> Option<&T> {
        self.about.as_ref()
    }

    /// Takes its text, once: it waits no longer.
    pub fn take(&mut self) -> String {
        match std::mem::replace(&mut self.text, Text::Taken) {
            Text::Said(text) => {
                self.backlog.count().waiting -= 1;
                text
            }
            Text::Lost => {
                let lost = std::mem::take(&mut self.backlog.count().lost);
                format!("{lost} lines were lost here: {MOST_LINES} were waiting to be taken")
            }
            Text::Taken => String::new(),
        }
    }
}

impl Backlog {
    fn enter(&self) -> Room {
        let mut count = self.count();
        if count.lost > 0 {
            // Until that was taken, so that all that is missing is missing in one place.
            count.lost += 1;
            Room::None
        } else if count.waiting == MOST_LINES {
            count.lost = 1;
            Room::NoLonger
        } else {
            count.waiting += 1;
            Room::ThereIs
        }
    }

    fn count(&self) -> MutexGuard<'_, Count> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T> Default for Log<T> {
    /// Nothing is kept.
    fn default() -> Self {
        Self(None)
    }
}

impl<T> Clone for Log<T> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<T> fmt::Debug for Log<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Log").field(&self.0.as_ref().map(|kept| kept.level)).finish()
    }
}

impl<T> fmt::Debug for Line<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Line").field("level", &self.level).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    type Lines = Arc<Mutex<Vec<Line<u32>>>>;

    fn log(level: Level) -> (Log<u32>, Lines) {
        let lines = Lines::default();
        let kept = Arc::clone(&lines);
        (Log::new(level, move |line| kept.lock().unwrap().push(line)), lines)
    }

    fn take(lines: &Lines) -> Vec<(Level, String)> {
        let taken = std::mem::take(&mut *lines.lock().unwrap());
        taken.into_iter().map(|mut line| (line.level(), line.take())).collect()
    }

    #[test]
    fn a_level_has_those_above_it() {
        let levels = [Level::Error, Level::Warn, Level::Info, Level::Debug, Level::Trace];
        for (index, level) in levels.into_iter().enumerate() {
            let (log, lines) = log(level);
            for said in levels {
                assert_eq!(log.is_on(said), said <= level);
                log.say(said, None, "a line");
            }
            assert_eq!(take(&lines).len(), index + 1);
        }
        assert!(!Log::<u32>::default().is_on(Level::Error));
    }

    #[test]
    fn a_line_tells_what_it_is_about_and_is_taken_once() {
        let (log, lines) = log(Level::Info);
        log.say(Level::Warn, Some(7), "one\ntwo");
        let mut line = lines.lock().unwrap().pop().unwrap();
        assert_eq!(line.about(), Some(&7));
        assert_eq!([line.take(), line.take()], ["one\\ntwo", ""]);
        assert_eq!(line.backlog.count().waiting, 0);
    }

    #[test]
    fn what_there_is_no_room_for_is_counted_in_its_place() {
        let (log, lines) = log(Level::Info);
        for number in 0..MOST_LINES + 3 {
            log.say(Level::Info, None, number);
        }
        assert_eq!(lines.lock().unwrap().len(), MOST_LINES as usize + 1);
        // Until the host has caught up, nothing comes behind the gap.
        lines.lock().unwrap().remove(0).take();
        log.say(Level::Info, None, "lost, too");
        let taken = take(&lines);
        let (level, last) = taken.last().unwrap();
        assert!(*level == Level::Warn && last.starts_with("4 lines were lost"), "{last}");
        assert_eq!((taken[0].1.as_str(), taken.len()), ("1", MOST_LINES as usize));
        log.say(Level::Info, None, "here again");
        assert_eq!(take(&lines), [(Level::Info, "here again".to_owned())]);
    }

    #[test]
    fn who_asked_for_errors_alone_is_told_of_losses_as_errors() {
        let (log, lines) = log(Level::Error);
        (0..=MOST_LINES).for_each(|number| log.say(Level::Error, None, number));
        assert_eq!(take(&lines).last().unwrap().0, Level::Error);
    }
}
