//! What may happen to the file while it is uploaded, and between two runs: an object is never made of two versions of it.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot be set up has failed")]

mod support;

use fastrand::Rng;
use oss_server::{Action, Error, Fault, Operation, Options, Throttle, When};
use ossup::upload::journal::{Encoder, first_line};
use ossup::{Kind, Outcome, Reason};
use std::fs::{self, File, Permissions};
use std::os::fd::AsRawFd;
use std::os::unix::fs::{FileExt, PermissionsExt};
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};
use std::time::{Duration, Instant, SystemTime};
use support::halfway::read;
use support::{PART, World, finish, kind, start};

const PARTS: u32 = 12;
/// A run that is refused stops behind this part.
const HELD: u32 = 8;
const SIZE: usize = PARTS as usize * PART as usize - 1234;
const SEED: &str = "OSSUP_SEED";

/// What happens to the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mutation {
    Overwritten,
    OverwrittenTimeRestored,
    Grown,
    Shrunk,
    AppendedAndCutBack,
    CutToNothingAndWrittenAgain,
    CutToNothingAndWrittenAgainTimeRestored,
    ReplacedByAnother,
    ReplacedByAnotherTimeRestored,
    ReplacedByACopy,
    ReplacedByACopyTimeRestored,
    LinkedAndReplacedByAnother,
    ReplacedByAFolder,
    Deleted,
    MovedAwayAndBack,
    Touched,
    ModeChanged,
    Linked,
    MountedElsewhere,
}

/// What is promised of an upload that is under way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum During {
    /// It fails, and nothing is made of the file.
    Fails(Kind),
    /// The object is the file.
    Arrives,
    /// One or the other: the moment decides.
    Either,
    /// It cannot happen then.
    Never,
}

/// What is promised of the next run, whose object is in each case the file as it is then.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Between {
    /// Nothing of the earlier run is used.
    Anew,
    /// The parts that are still the file's are not sent again; those that are not are.
    ResumesWhatFits,
    /// No part is sent again.
    Resumes,
    /// It fails, and goes on when the file is back.
    Fails(Kind),
}

use Between::{Anew, Resumes, ResumesWhatFits};
use During::{Arrives, Either, Never};
use Mutation as M;

const CHANGED: During = During::Fails(Kind::SourceChanged);
const UNREADABLE: (During, Between) = (During::Fails(Kind::SourceUnreadable), Between::Fails(Kind::SourceUnreadable));

/// Which mutation is found out, and what then happens: the table of docs/CHECKPOINT.md.
const PROMISES: [(Mutation, &str, During, Between); 19] = [
    (M::Overwritten, "overwritten, whole or in part", CHANGED, Anew),
    (M::OverwrittenTimeRestored, "the same, its time put back", CHANGED, ResumesWhatFits),
    (M::Grown, "grown", CHANGED, Anew),
    (M::Shrunk, "shrunk", CHANGED, Anew),
    (M::AppendedAndCutBack, "grown and cut back", CHANGED, Anew),
    (M::CutToNothingAndWrittenAgain, "cut to nothing and written again as it was", CHANGED, Anew),
    (M::CutToNothingAndWrittenAgainTimeRestored, "the same, its time put back", Either, Resumes),
    (M::ReplacedByAnother, "replaced by another file (rename)", CHANGED, Anew),
    (M::ReplacedByAnotherTimeRestored, "the same, with the old time and size", CHANGED, ResumesWhatFits),
    (M::ReplacedByACopy, "replaced by a copy", CHANGED, Anew),
    (M::ReplacedByACopyTimeRestored, "the same, with the old time", Arrives, Resumes),
    (M::LinkedAndReplacedByAnother, "given a second name, the first one replaced", CHANGED, Anew),
    (M::ReplacedByAFolder, "replaced by a folder", UNREADABLE.0, UNREADABLE.1),
    (M::Deleted, "deleted, or moved away", UNREADABLE.0, UNREADABLE.1),
    (M::MovedAwayAndBack, "moved away and back", Arrives, Resumes),
    (M::Touched, "touched", CHANGED, Anew),
    (M::ModeChanged, "given another mode or owner", Arrives, Resumes),
    (M::Linked, "given a second name", Arrives, Resumes),
    (M::MountedElsewhere, "mounted again, under another device", Never, Resumes),
];

fn mutate(world: &World, mutation: Mutation, random: &mut Rng) {
    let path = world.file();
    let modified = fs::metadata(&path).unwrap().modified().unwrap();
    let restore = || File::options().write(true).open(&path).unwrap().set_modified(modified).unwrap();
    let aside = world.folder.path().join("aside");
    match mutation {
        M::Overwritten => overwrite(world, random),
        M::OverwrittenTimeRestored => {
            overwrite(world, random);
            restore();
        }
        M::Grown => append(world, random.usize(1..300_000)),
        M::Shrunk => File::options().write(true).open(&path).unwrap().set_len(random.u64(1..SIZE as u64)).unwrap(),
        M::AppendedAndCutBack => {
            append(world, random.usize(1..300_000));
            File::options().write(true).open(&path).unwrap().set_len(SIZE as u64).unwrap();
        }
        M::CutToNothingAndWrittenAgain => fs::write(&path, &world.bytes).unwrap(),
        M::CutToNothingAndWrittenAgainTimeRestored => {
            fs::write(&path, &world.bytes).unwrap();
            restore();
        }
        M::ReplacedByAnother => replace(world, &other(world, random), None),
        M::ReplacedByAnotherTimeRestored => replace(world, &other(world, random), Some(modified)),
        M::ReplacedByACopy => replace(world, &world.bytes, None),
        M::ReplacedByACopyTimeRestored => replace(world, &world.bytes, Some(modified)),
        M::LinkedAndReplacedByAnother => {
            fs::hard_link(&path, &aside).unwrap();
            replace(world, &other(world, random), None);
        }
        M::ReplacedByAFolder => {
            fs::rename(&path, &aside).unwrap();
            fs::create_dir(&path).unwrap();
        }
        M::Deleted => fs::rename(&path, &aside).unwrap(),
        M::MovedAwayAndBack => {
            fs::rename(&path, &aside).unwrap();
            fs::rename(&aside, &path).unwrap();
        }
        M::Touched => File::options().write(true).open(&path).unwrap().set_modified(SystemTime::now()).unwrap(),
        M::ModeChanged => fs::set_permissions(&path, Permissions::from_mode(0o640)).unwrap(),
        M::Linked => fs::hard_link(&path, &aside).unwrap(),
        M::MountedElsewhere => mount_elsewhere(world),
    }
}

/// Some bytes, from somewhere in the first part on.
fn other(world: &World, random: &mut Rng) -> Vec<u8> {
    let mut bytes = world.bytes.clone();
    let from = random.usize(..PART as usize);
    let to = random.usize(from + 1..=SIZE);
    bytes[from..to].iter_mut().for_each(|byte| *byte = !*byte);
    bytes
}

fn overwrite(world: &World, random: &mut Rng) {
    File::options().write(true).open(world.file()).unwrap().write_all_at(&other(world, random), 0).unwrap();
}

fn append(world: &World, count: usize) {
    let file = File::options().write(true).open(world.file()).unwrap();
    file.write_all_at(&vec![7; count], SIZE as u64).unwrap();
}

fn replace(world: &World, bytes: &[u8], modified: Option<SystemTime>) {
    let new = world.folder.path().join("new");
    fs::write(&new, bytes).unwrap();
    if let Some(modified) = modified {
        File::options().write(true).open(&new).unwrap().set_modified(modified).unwrap();
    }
    fs::rename(&new, world.file()).unwrap();
}

/// What a record says of a file whose device got another number.
fn mount_elsewhere(world: &World) {
    let mut record = read(&fs::read(world.record()).unwrap());
    record.header.source.device += 1;
    let (encoder, header) = Encoder::header(&record.header);
    let parts: Vec<u8> = record.parts.iter().flat_map(|part| encoder.part(part)).collect();
    fs::write(world.record(), [first_line(record.destination()), header, parts].concat()).unwrap();
}

/// The file as it is now.
fn contents(world: &World) -> Option<Vec<u8>> {
    fs::read(world.file()).ok()
}

fn assert_object_is_the_file(world: &World, case: &str) {
    let object = world.server.object("bucket", "key").unwrap_or_else(|| panic!("{case}: no object"));
    assert!(Some(object.bytes) == contents(world), "{case}: the object is not the file as it was at the end");
    assert!(!world.record().exists() && world.server.uploads().is_empty(), "{case}: something is left");
}

fn assert_failed(world: &World, outcome: &Outcome, expected: Kind, case: &str) {
    assert_eq!(kind(outcome), Some(expected), "{case}: {outcome:?}");
    assert!(world.server.object("bucket", "key").is_none(), "{case}: an object of a file that changed");
    assert!(world.requests(Operation::CompleteMultipartUpload).is_empty(), "{case}");
    // What was sent of a file that changed is of no use; one that is away may come back.
    let kept = expected == Kind::SourceUnreadable;
    assert_eq!((world.record().exists(), world.server.uploads().len()), (kept, usize::from(kept)), "{case}");
}

/// Whether the server has the first part, which each mutation of bytes changes: an upload that had still to read all of
/// what changed would rightly arrive.
fn first_part_is_sent(world: &World) -> bool {
    world.server.uploads().iter().any(|upload| upload.parts.iter().any(|part| part.number == 1))
}

/// The mutation comes at a random moment; the last part waits for it, and is read again then.
fn during(mutation: Mutation, promise: During, settled: bool, seed: u64) {
    let case = format!("{mutation:?} during the upload, settled: {settled}, {SEED}={seed}");
    let mut random = Rng::with_seed(seed);
    let world = World::with(SIZE, Options::default());
    if settled {
        world.rest();
    }
    let last = When { part_number: Some(PARTS), ..When::operation(Operation::UploadPart) };
    for then in [Action::Hold { applied: true }, Action::Refuse(Error::default())] {
        world.server.add_fault(Fault { when: last.clone(), then });
    }
    let upload = start(&world.client(), &world.request());
    let moment = random.u32(1..PARTS);
    let began = Instant::now();
    while upload.progress().parts_confirmed < moment || !first_part_is_sent(&world) {
        assert!(!upload.is_done() && began.elapsed() < Duration::from_secs(60), "{case}: {:?}", upload.finished());
        std::thread::yield_now();
    }
    mutate(&world, mutation, &mut random);
    assert!(!upload.is_done() || promise == CHANGED, "{case}: {:?}", upload.finished());
    world.server.clear_faults();
    let outcome = finish(&upload);
    assert_eq!(outcome.resumable, world.record().exists(), "{case}: {outcome:?}");
    match promise {
        During::Fails(expected) => assert_failed(&world, &outcome, expected, &case),
        Either if outcome.error.is_some() => assert_failed(&world, &outcome, Kind::SourceChanged, &case),
        Arrives | Either => {
            assert!(outcome.error.is_none(), "{case}: {outcome:?}");
            assert_object_is_the_file(&world, &case);
        }
        Never => panic!("{case}"),
    }
}

/// The same for a file that goes in one request, which makes the object at once: it waits for the mutation, and then breaks
/// in the middle.
fn in_one_piece(mutation: Mutation, promise: During, settled: bool, seed: u64) {
    let case = format!("{mutation:?} during the one request, settled: {settled}, {SEED}={seed}");
    let mut random = Rng::with_seed(seed);
    let world = World::with(SIZE, Options::default());
    if settled {
        world.rest();
    }
    let after = random.u64(1..SIZE as u64 / 2);
    for then in [Action::Hold { applied: false }, Action::Reset { after }] {
        world.server.add_fault(Fault { when: When::operation(Operation::PutObject), then });
    }
    let mut request = world.request();
    request.set_part_size(SIZE as u64).unwrap();
    let upload = start(&world.client(), &request);
    let began = Instant::now();
    while world.requests(Operation::PutObject).is_empty() {
        assert!(!upload.is_done() && began.elapsed() < Duration::from_secs(60), "{case}: {:?}", upload.finished());
        std::thread::yield_now();
    }
    mutate(&world, mutation, &mut random);
    world.server.clear_faults();
    let outcome = finish(&upload);
    let object = world.server.object("bucket", "key");
    match (promise, object) {
        (During::Fails(_) | Either, None) => {
            let failed = [Some(Kind::SourceChanged), Some(Kind::SourceUnreadable)];
            assert!(failed.contains(&kind(&outcome)), "{case}: {outcome:?}");
            assert!(!world.record().exists(), "{case}");
        }
        (_, Some(_)) => {
            assert!(outcome.error.is_none(), "{case}: {outcome:?}");
            assert_object_is_the_file(&world, &case);
        }
        (Arrives | Never, None) => panic!("{case}: {outcome:?}"),
    }
}

/// A first run sends some parts and is refused the next; then the mutation comes, then the second run.
fn between(mutation: Mutation, promise: Between, settled: bool, seed: u64) {
    let case = format!("{mutation:?} between two runs, settled: {settled}, {SEED}={seed}");
    let mut random = Rng::with_seed(seed);
    let world = World::with(SIZE, Options::default());
    if settled {
        world.rest();
    }
    let mut request = world.request();
    request.set_task_num(1).unwrap();
    let next = When { part_number: Some(HELD + 1), ..When::operation(Operation::UploadPart) };
    world.server.add_fault(Fault { when: next, then: Action::Deny });
    let first = world.upload(&request);
    assert!(first.resumable && first.parts_sent == HELD, "{case}: {first:?}");
    world.server.clear_faults();
    let before = world.bytes.clone();
    mutate(&world, mutation, &mut random);
    let second = world.upload(&request);
    if let Between::Fails(expected) = promise {
        assert_failed(&world, &second, expected, &case);
        if world.file().is_dir() {
            fs::remove_dir(world.file()).unwrap();
        }
        fs::rename(world.folder.path().join("aside"), world.file()).unwrap();
        let third = world.upload(&request);
        assert_eq!((third.parts_reused, third.error.is_none()), (HELD, true), "{case}: {third:?}");
        return assert_object_is_the_file(&world, &case);
    }
    assert!(second.error.is_none(), "{case}: {second:?}");
    assert_object_is_the_file(&world, &case);
    let now = contents(&world).unwrap();
    let pairs = before.chunks(PART as usize).zip(now.chunks(PART as usize)).take(HELD as usize);
    let fitting = pairs.filter(|(before, now)| before == now).count() as u32;
    let (resumed, reused) = match promise {
        Anew => (false, 0),
        ResumesWhatFits => (true, fitting),
        Resumes => (true, HELD),
        Between::Fails(_) => return,
    };
    let reason = (!resumed).then_some(Reason::SourceChanged);
    assert_eq!((second.resumed, second.reason, second.parts_reused), (resumed, reason, reused), "{case}: {second:?}");
}

fn seed() -> u64 {
    match std::env::var(SEED) {
        Ok(seed) => seed.parse().unwrap(),
        Err(_) => Rng::new().u64(..),
    }
}

/// All promises at once: they wait more than they work.
fn all(prove: impl Fn(Mutation, During, Between, u64) + Sync) {
    let seed = seed();
    println!("{SEED}={seed}");
    std::thread::scope(|scope| {
        for (mutation, _, during, between) in PROMISES {
            let prove = &prove;
            scope.spawn(move || prove(mutation, during, between, seed));
        }
    });
}

#[test]
fn of_a_file_that_had_been_quiet_what_happens_during_the_upload_is_as_promised() {
    all(|mutation, promise, _, seed| {
        if promise != Never {
            during(mutation, promise, true, seed);
        }
    });
}

#[test]
fn of_a_file_just_written_what_happens_during_the_upload_is_as_promised() {
    all(|mutation, promise, _, seed| {
        if promise != Never {
            during(mutation, promise, false, seed);
        }
    });
}

#[test]
fn in_one_request_what_happens_meanwhile_makes_no_object_but_of_the_file() {
    for settled in [true, false] {
        all(|mutation, promise, _, seed| {
            if promise != Never {
                in_one_piece(mutation, promise, settled, seed);
            }
        });
    }
}

#[test]
fn of_a_file_that_had_been_quiet_what_happened_between_two_runs_is_as_promised() {
    all(|mutation, _, promise, seed| between(mutation, promise, true, seed));
}

#[test]
fn of_a_file_just_written_what_happened_between_two_runs_is_as_promised() {
    all(|mutation, _, promise, seed| between(mutation, promise, false, seed));
}

/// What goes through a mapping need not show in the file's times, so nothing is promised but an end.
#[test]
fn a_file_that_is_written_through_a_mapping_all_the_time_does_no_harm() {
    let world = World::with(SIZE, Options { throttle: Some(Throttle::Total(4 << 20)), ..Options::default() });
    world.rest();
    let file = File::options().read(true).write(true).open(world.file()).unwrap();
    let over = AtomicBool::new(false);
    let outcome = std::thread::scope(|scope| {
        scope.spawn(|| scribble(&file, &over));
        let outcome = world.upload(&world.request());
        over.store(true, Ordering::Release);
        outcome
    });
    match world.server.object("bucket", "key") {
        Some(object) => assert_eq!((outcome.error.is_none(), outcome.crc64), (true, Some(object.crc64)), "{outcome:?}"),
        None => assert_eq!(kind(&outcome), Some(Kind::SourceChanged), "{outcome:?}"),
    }
    assert!(!world.record().exists() && world.server.uploads().is_empty());
}

#[allow(unsafe_code, reason = "memory that is a file")]
fn scribble(file: &File, over: &AtomicBool) {
    let protection = libc::PROT_READ | libc::PROT_WRITE;
    // SAFETY: a mapping of our own at a place of the kernel's choice, of a file that nobody cuts.
    let start = unsafe { libc::mmap(std::ptr::null_mut(), SIZE, protection, libc::MAP_SHARED, file.as_raw_fd(), 0) };
    assert_ne!(start, libc::MAP_FAILED);
    // SAFETY: as many bytes as were mapped, until they are given back below; who else writes them does so as a whole.
    let bytes = unsafe { std::slice::from_raw_parts(start.cast::<AtomicU8>(), SIZE) };
    while !over.load(Ordering::Acquire) {
        bytes[fastrand::usize(..SIZE)].store(fastrand::u8(..), Ordering::Relaxed);
    }
    // SAFETY: what was mapped above and is not used any more.
    assert_eq!(unsafe { libc::munmap(start, SIZE) }, 0);
}

#[test]
fn every_mutation_has_its_promise() {
    let last = M::MountedElsewhere as usize;
    assert!(PROMISES.iter().map(|(mutation, ..)| *mutation as usize).eq(0..=last));
}

#[test]
fn the_table_of_the_document_is_this_one() {
    let mut table = String::from("| the file is … | while it is uploaded | between two runs |\n|---|---|---|\n");
    for (_, name, during, between) in PROMISES {
        table.push_str(&format!("| {name} | {} | {} |\n", during_in_words(during), between_in_words(between)));
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/CHECKPOINT.md");
    let document = fs::read_to_string(path).unwrap();
    let (_, rest) = document.split_once("<!-- mutations: begin -->\n").unwrap();
    let (shown, _) = rest.split_once("<!-- mutations: end -->").unwrap();
    assert_eq!(shown, table);
}

fn during_in_words(promise: During) -> &'static str {
    match promise {
        CHANGED => "`OSSUP_SOURCE_CHANGED`",
        During::Fails(_) => "`OSSUP_SOURCE_UNREADABLE`",
        Arrives => "goes on",
        Either => "goes on; `OSSUP_SOURCE_CHANGED` where it was read meanwhile",
        Never => "(it cannot be)",
    }
}

fn between_in_words(promise: Between) -> &'static str {
    match promise {
        Anew => "begins anew",
        ResumesWhatFits => "goes on with the parts that are as they were",
        Resumes => "goes on",
        Between::Fails(_) => "`OSSUP_SOURCE_UNREADABLE`; goes on when it is back",
    }
}
