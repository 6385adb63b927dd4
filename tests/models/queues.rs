//! Events, those who wait for them, and the flag.

use crate::Model;
use crate::process::queue::Queue;
use crate::process::sync::Arc;
use crate::process::sync::atomic::{AtomicU32, Ordering::Relaxed};
use loom::thread;

pub const MODELS: [Model; 6] = [
    ("each event comes once, to whoever waits", each_event_comes_once),
    ("events of one thread come in order", events_come_in_order),
    ("a wake ends one wait and takes no event away", a_wake_ends_one_wait),
    ("a closed queue drops each event once", a_closed_queue_drops_each_event_once),
    ("what is done with an event is seen with it", what_is_done_with_an_event_is_seen_with_it),
    ("the flag says what there is, whoever asks for it", the_flag_says_what_there_is),
];

fn each_event_comes_once() {
    let queue = Arc::<Queue<u32>>::default();
    let pushing = [1, 10].map(|event| {
        let queue = queue.clone();
        thread::spawn(move || queue.push(event))
    });
    let taking = queue.clone();
    let taken = thread::spawn(move || taking.next(None).unwrap());
    let here = queue.next(None).unwrap();
    assert_eq!(here + taken.join().unwrap(), 11);
    pushing.into_iter().for_each(|thread| thread.join().unwrap());
}

fn events_come_in_order() {
    let queue = Arc::<Queue<u32>>::default();
    let pushing = queue.clone();
    let thread = thread::spawn(move || (1..=3).for_each(|event| pushing.push(event)));
    assert_eq!([(); 3].map(|()| queue.next(None).unwrap()), [1, 2, 3]);
    thread.join().unwrap();
}

fn a_wake_ends_one_wait() {
    let queue = Arc::<Queue<u32>>::default();
    let (pushing, waking) = (queue.clone(), queue.clone());
    let pushed = thread::spawn(move || pushing.push(7));
    let woken = thread::spawn(move || waking.wake());
    let mut both = [queue.next(None), queue.next(None)];
    both.sort_unstable();
    assert_eq!(both, [None, Some(7)]);
    pushed.join().unwrap();
    woken.join().unwrap();
}

/// An event that says when it is dropped.
struct Event(Arc<AtomicU32>);

impl Drop for Event {
    fn drop(&mut self) {
        self.0.fetch_add(1, Relaxed);
    }
}

fn a_closed_queue_drops_each_event_once() {
    let (queue, dropped) = (Arc::<Queue<Event>>::default(), Arc::<AtomicU32>::default());
    let pushing = [(); 2].map(|()| {
        let (queue, event) = (queue.clone(), Event(dropped.clone()));
        thread::spawn(move || queue.push(event))
    });
    queue.close();
    pushing.into_iter().for_each(|thread| thread.join().unwrap());
    assert_eq!(dropped.load(Relaxed), 2);
}

fn what_is_done_with_an_event_is_seen_with_it() {
    let queue = Arc::<Queue<u32>>::default();
    let done = Arc::<AtomicU32>::default();
    let (pushing, doing) = (queue.clone(), done.clone());
    let pushed = thread::spawn(move || pushing.push_once(|| doing.store(1, Relaxed), 7));
    let (looking, seeing) = (queue.clone(), done.clone());
    let looked = thread::spawn(move || {
        let was_done = seeing.load(Relaxed);
        was_done == 0 || looking.flag().unwrap() == 1
    });
    assert!(looked.join().unwrap());
    assert_eq!(queue.next(None), Some(7));
    assert_eq!(done.load(Relaxed), 1);
    pushed.join().unwrap();
}

fn the_flag_says_what_there_is() {
    let queue = Arc::<Queue<u32>>::default();
    let (pushing, asking) = (queue.clone(), queue.clone());
    let pushed = thread::spawn(move || pushing.push(7));
    let asked = thread::spawn(move || asking.flag().is_ok());
    assert_eq!(queue.next(None), Some(7));
    queue.wake();
    pushed.join().unwrap();
    assert!(asked.join().unwrap());
    assert_eq!(queue.flag().unwrap(), 1);
    assert_eq!(queue.next(None), None);
    assert_eq!(queue.flag().unwrap(), 0);
    queue.push(8);
    assert_eq!(queue.next(None), Some(8));
    assert_eq!(queue.flag().unwrap(), 0);
}
