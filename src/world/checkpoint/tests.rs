//! The record on the real disk.

use super::*;
use crate::upload::identity::Identity;
use crate::upload::journal::{Part, Record};
use crate::upload::plan::Plan;
use crate::world::source::FileSource;

mod processes;
#[cfg(unix)]
mod unix;
#[cfg(windows)]
mod windows;

struct Desk {
    folder: tempfile::TempDir,
}

impl Desk {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("source"), b"source").unwrap();
        Self { folder }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn open(&self, place: &Place, key: &str) -> Result<(Checkpoint, Found)> {
        open_for(&self.path("source"), place, key)
    }

    fn beside(&self) -> Place {
        Place::Beside(self.path("source"))
    }
}

fn open_for(source: &Path, place: &Place, key: &str) -> Result<(Checkpoint, Found)> {
    super::open(place, &object(key), &FileSource::open(source).unwrap())
}

fn object(key: &str) -> Object {
    Object { bucket: "bucket".into(), key: key.into() }
}

fn header(key: &str) -> Header {
    let source = Identity { size: 1 << 20, modified: 0, changed: 0, device: 0, index: 0, observed: 0 };
    let plan = Plan { size: 1 << 20, part_size: 102_400 };
    Header {
        bucket: "bucket".into(),
        key: key.into(),
        upload_id: "id".into(),
        plan,
        source,
        options: String::new(),
        stamp: None,
    }
}

fn part(number: u32) -> Part {
    Part { number, size: 102_400, etag: "\"E\"".into(), crc64: 7 }
}

fn add(checkpoint: &mut Checkpoint, number: u32) {
    let line = checkpoint.encoder().unwrap().part(&part(number));
    checkpoint.append(&line).unwrap();
}

fn record(found: Found) -> Record {
    let Found::Record { record, .. } = found else { panic!("no record: {found:?}") };
    *record
}

#[test]
fn what_was_written_is_found_again() {
    let desk = Desk::new();
    let (mut checkpoint, found) = desk.open(&desk.beside(), "key").unwrap();
    assert_eq!(found, Found::Blank(Destination::of(&object("key"))));
    assert!(checkpoint.is_locked());
    checkpoint.begin(&header("key")).unwrap();
    add(&mut checkpoint, 1);
    drop(checkpoint);
    let (mut again, found) = desk.open(&desk.beside(), "key").unwrap();
    assert_eq!(record(found).parts, [part(1)]);
    add(&mut again, 2);
    drop(again);
    let (last, found) = desk.open(&desk.beside(), "key").unwrap();
    assert_eq!(record(found).parts, [part(1), part(2)]);
    last.delete().unwrap();
    assert!(!desk.path("source.ucp").exists());
}

#[test]
fn a_torn_tail_is_cut_before_the_next_line() {
    let desk = Desk::new();
    let (mut checkpoint, _) = desk.open(&desk.beside(), "key").unwrap();
    checkpoint.begin(&header("key")).unwrap();
    add(&mut checkpoint, 1);
    drop(checkpoint);
    let path = desk.path("source.ucp");
    let mut bytes = std::fs::read(&path).unwrap();
    let good = bytes.len();
    // Longer than a line: none of it may be left behind the next one.
    bytes.extend_from_slice(&[b'0'; 500]);
    std::fs::write(&path, &bytes).unwrap();
    let (mut checkpoint, _) = desk.open(&desk.beside(), "key").unwrap();
    add(&mut checkpoint, 3);
    let line = checkpoint.encoder().unwrap().part(&part(3));
    drop(checkpoint);
    assert_eq!(std::fs::read(&path).unwrap(), [&bytes[..good], &line].concat());
}

#[test]
fn beginning_anew_forgets_what_was_there() {
    let desk = Desk::new();
    let (mut checkpoint, _) = desk.open(&desk.beside(), "key").unwrap();
    checkpoint.begin(&header("key")).unwrap();
    (1..=9).for_each(|number| add(&mut checkpoint, number));
    checkpoint.begin(&Header { upload_id: "other".into(), ..header("key") }).unwrap();
    drop(checkpoint);
    let (_, found) = desk.open(&desk.beside(), "key").unwrap();
    let record = record(found);
    assert_eq!((record.header.upload_id.as_str(), record.parts.len()), ("other", 0));
}

#[test]
fn one_upload_holds_it_and_its_end_frees_it() {
    let desk = Desk::new();
    let (held, _) = desk.open(&desk.beside(), "key").unwrap();
    assert_eq!(desk.open(&desk.beside(), "key").unwrap_err().kind(), Kind::Busy);
    drop(held);
    desk.open(&desk.beside(), "key").unwrap();
}

#[test]
fn another_destination_gets_another_name_and_keeps_it() {
    let desk = Desk::new();
    let (first, _) = desk.open(&desk.beside(), "one").unwrap();
    let (mut second, _) = desk.open(&desk.beside(), "two").unwrap();
    assert_ne!(first.path(), second.path());
    second.begin(&header("two")).unwrap();
    let path = second.path().to_owned();
    first.delete().unwrap();
    drop(second);
    let (again, found) = desk.open(&desk.beside(), "two").unwrap();
    assert_eq!(again.path(), path, "the hashed name is looked up first");
    assert_eq!(record(found).header.key, "two");
}

/// What else may be at a record's place, and how it is made.
type Stranger = (&'static str, fn(&Path));

fn strangers() -> Vec<Stranger> {
    #[allow(unused_mut, reason = "some systems have more of them")]
    let mut all: Vec<Stranger> = vec![
        ("text", |path| std::fs::write(path, b"\xac\xed\x00\x05sr").unwrap()),
        ("folder", |path| std::fs::create_dir(path).unwrap()),
    ];
    #[cfg(unix)]
    all.extend(unix::STRANGERS);
    all
}

#[test]
fn what_is_not_ours_is_refused_by_name_and_left_as_it_is() {
    let desk = Desk::new();
    let mut names = vec!["source", "other"];
    for (name, make) in strangers() {
        make(&desk.path(name));
        names.push(name);
    }
    let (mut other, _) = desk.open(&Place::At(desk.path("other")), "other").unwrap();
    other.begin(&header("other")).unwrap();
    drop(other);
    for name in names {
        let contents = || (name != "fifo").then(|| std::fs::read(desk.path(name)).ok());
        let before = contents();
        let error = desk.open(&Place::At(desk.path(name)), "key").unwrap_err();
        assert_eq!(error.kind(), Kind::CheckpointForeign, "{name}: {error}");
        assert!(error.to_string().contains("CheckpointFile"), "{error}");
        assert_eq!(contents(), before, "{name}");
    }
}

#[test]
fn under_the_usual_name_strangers_are_walked_around() {
    for (stranger, make) in strangers() {
        let desk = Desk::new();
        let usual = desk.path("source.ucp");
        make(&usual);
        let (checkpoint, _) = desk.open(&desk.beside(), "key").unwrap();
        assert_ne!(checkpoint.path(), usual, "{stranger}");
        checkpoint.delete().unwrap();
        assert!(std::fs::symlink_metadata(&usual).is_ok(), "{stranger} is gone");
    }
}

#[test]
fn an_empty_file_is_taken_and_a_newer_record_is_not() {
    let desk = Desk::new();
    let place = Place::At(desk.path("record"));
    std::fs::write(desk.path("record"), b"").unwrap();
    let (mut checkpoint, found) = desk.open(&place, "key").unwrap();
    assert_eq!(found, Found::Empty);
    checkpoint.begin(&header("key")).unwrap();
    drop(checkpoint);
    std::fs::write(desk.path("record"), b"ossup checkpoint 9 anything\n").unwrap();
    assert_eq!(desk.open(&place, "key").unwrap_err().kind(), Kind::CheckpointTooNew);
    assert_eq!(std::fs::read(desk.path("record")).unwrap(), b"ossup checkpoint 9 anything\n");
}

#[test]
fn whose_an_empty_file_is_shows_once_it_has_a_first_line() {
    let desk = Desk::new();
    let path = desk.path("source.ucp");
    let is = |occupant| file::occupant(&path, Destination::of(&object("key"))).unwrap() == occupant;
    std::fs::write(&path, b"").unwrap();
    assert!(is(Occupant::Nobody));
    std::fs::write(&path, journal::first_line(Destination::of(&object("key")))).unwrap();
    assert!(is(Occupant::Ours));
    std::fs::write(&path, journal::first_line(Destination::of(&object("other")))).unwrap();
    assert!(is(Occupant::Other));
}

#[test]
fn what_was_put_in_its_place_is_not_deleted() {
    let desk = Desk::new();
    let (checkpoint, _) = desk.open(&desk.beside(), "key").unwrap();
    std::fs::rename(desk.path("source.ucp"), desk.path("away")).unwrap();
    std::fs::write(desk.path("source.ucp"), b"mine").unwrap();
    checkpoint.delete().unwrap();
    assert_eq!(std::fs::read(desk.path("source.ucp")).unwrap(), b"mine");
}

#[test]
fn a_record_that_is_deleted_while_it_is_held_stops_nobody() {
    let desk = Desk::new();
    let (mut checkpoint, _) = desk.open(&desk.beside(), "key").unwrap();
    checkpoint.begin(&header("key")).unwrap();
    std::fs::remove_file(checkpoint.path()).unwrap();
    add(&mut checkpoint, 1);
    checkpoint.sync().unwrap();
    checkpoint.delete().unwrap();
    let (_, found) = desk.open(&desk.beside(), "key").unwrap();
    assert_eq!(found, Found::Blank(Destination::of(&object("key"))));
}

#[test]
fn nothing_is_made_but_the_record_and_nothing_is_left_of_it() {
    let desk = Desk::new();
    let names = || {
        let entries = std::fs::read_dir(desk.folder.path()).unwrap();
        let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    };
    let (mut checkpoint, _) = desk.open(&desk.beside(), "key").unwrap();
    checkpoint.begin(&header("key")).unwrap();
    assert_eq!(names(), ["source", "source.ucp"]);
    checkpoint.delete().unwrap();
    assert_eq!(names(), ["source"]);
}

#[test]
fn many_destinations_at_once_find_a_place_each() {
    for _ in 0..50 {
        let desk = Desk::new();
        std::thread::scope(|scope| {
            for key in ["one", "two", "three"] {
                let desk = &desk;
                scope.spawn(move || {
                    let (checkpoint, _) = desk.open(&desk.beside(), key).unwrap();
                    checkpoint.delete().unwrap();
                });
            }
        });
    }
}

#[test]
fn a_place_that_cannot_be_written_is_named_at_once() {
    let desk = Desk::new();
    let error = desk.open(&Place::At(desk.path("no/such/folder/record")), "key").unwrap_err();
    assert_eq!(error.kind(), Kind::CheckpointUnusable);
    assert!(error.to_string().contains("no/such/folder"), "{error}");
}

#[test]
fn no_more_is_read_than_a_record_can_have() {
    let desk = Desk::new();
    let path = desk.path("large");
    File::create(&path).unwrap().set_len(journal::MAX_LENGTH + 1).unwrap();
    let bytes = file::read_all(&File::open(&path).unwrap(), &path).unwrap();
    assert_eq!(bytes.len() as u64, journal::MAX_LENGTH);
}

#[test]
fn two_objects_with_one_short_name_are_told_apart() {
    let desk = Desk::new();
    let place = Place::At(desk.path("record"));
    let (mut checkpoint, _) = desk.open(&place, "key").unwrap();
    checkpoint.begin(&header("key")).unwrap();
    drop(checkpoint);
    // A CRC-64 is no secret: another key of the same one can be made.
    let other = twin_of("key");
    assert_eq!(Destination::of(&object(&other)), Destination::of(&object("key")));
    assert_eq!(desk.open(&place, &other).unwrap_err().kind(), Kind::CheckpointForeign);
}

/// A key with the same CRC-64: of enough letters, each `p` or `q`, some choice has any that is wanted, as each letter adds its own
/// bits to the sum whatever the others are.
fn twin_of(key: &str) -> String {
    const LETTERS: usize = 96;
    let sum = |key: &[u8]| crate::oss::crc64::checksum(&[b"bucket/", key].concat());
    let plain = vec![b'p'; LETTERS];
    let mut basis: Vec<(u64, u128)> = Vec::new();
    let reduce = |basis: &[(u64, u128)], mut bits: u64, mut letters: u128| {
        for (other, theirs) in basis {
            if bits ^ other < bits {
                (bits, letters) = (bits ^ other, letters ^ theirs);
            }
        }
        (bits, letters)
    };
    for letter in 0..LETTERS {
        let mut other = plain.clone();
        other[letter] = b'q';
        let (bits, letters) = reduce(&basis, sum(&other) ^ sum(&plain), 1 << letter);
        if bits != 0 {
            basis.push((bits, letters));
            basis.sort_by_key(|(bits, _)| std::cmp::Reverse(*bits));
        }
    }
    let (left, letters) = reduce(&basis, sum(&plain) ^ sum(key.as_bytes()), 0);
    assert_eq!(left, 0);
    (0..LETTERS).map(|letter| if letters >> letter & 1 == 1 { 'q' } else { 'p' }).collect()
}
