//! Records of a half-done upload that are not what they were: whatever was done to them, the upload goes on, begins
//! anew and says why, or fails with a name.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot be set up has failed")]

mod support;

use oss_server::{Action, Operation};
use ossup::upload::identity::Identity;
use ossup::upload::journal::{Destination, Encoder, Found, Header, Part, decode, first_line};
use ossup::upload::plan::Plan;
use ossup::{Kind, Outcome, Reason};
use std::collections::BTreeMap;
use support::halfway::{Halfway, Name};
use support::kind;

/// Many uploads at once, as each waits for the disk more than it works.
const WORKERS: usize = 8;

/// How an upload went on from a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum End {
    /// From where it had stopped.
    Resumed,
    /// From the beginning, as if there had been no record.
    Fresh,
    /// From the beginning, saying that the record was damaged.
    Damaged,
    /// From the beginning, with a record elsewhere: this one is somebody else's.
    Beside,
    /// Not at all: a file of the caller's choice is somebody else's.
    Foreign,
    /// Not at all: a newer version wrote it.
    TooNew,
}

/// What has to come of a record.
fn expected(bytes: &[u8], name: Name, ours: Destination) -> End {
    let found = decode(bytes);
    let is_elsewhere = found.destination().is_some_and(|destination| destination != ours);
    match found {
        Found::TooNew(_) => End::TooNew,
        Found::Foreign if name == Name::Given => End::Foreign,
        Found::Foreign => End::Beside,
        _ if is_elsewhere && name == Name::Given => End::Foreign,
        _ if is_elsewhere => End::Beside,
        Found::Empty | Found::Blank(_) => End::Fresh,
        Found::Damaged(_) => End::Damaged,
        Found::Record { .. } => End::Resumed,
    }
}

/// Uploads over a record and sees that it ended as it had to.
fn judge(halfway: &Halfway, name: Name, bytes: &[u8], case: &str) -> End {
    let place = halfway.place(name);
    halfway.lay();
    std::fs::write(&place, bytes).unwrap();
    let outcome = halfway.upload(name);
    let end = expected(bytes, name, halfway.record.destination());
    match end {
        End::Resumed => {
            assert_eq!((outcome.resumed, outcome.parts_reused), (true, halfway.held), "{case}: {outcome:?}");
            assert_done(halfway, &outcome, case, &[]);
            assert_eq!(halfway.uploads().len(), 0, "{case}: an orphan");
        }
        End::Fresh | End::Damaged => {
            let told = outcome.warnings.iter().any(|warning| warning.contains("may be left on the server"));
            let reason = (end == End::Damaged).then_some(Reason::RecordDamaged);
            assert_eq!((outcome.reason, told), (reason, end == End::Damaged), "{case}: {outcome:?}");
            assert_done(halfway, &outcome, case, &[]);
        }
        End::Beside => {
            assert_eq!(outcome.reason, None, "{case}");
            assert_done(halfway, &outcome, case, &["file.bin.ucp"]);
            assert!(std::fs::read(&place).unwrap() == bytes, "{case}: somebody else's file was touched");
        }
        End::Foreign => assert_refused(halfway, &outcome, case, bytes, name, Kind::CheckpointForeign),
        End::TooNew => assert_refused(halfway, &outcome, case, bytes, name, Kind::CheckpointTooNew),
    }
    if place.exists() {
        std::fs::remove_file(place).unwrap();
    }
    end
}

fn assert_done(halfway: &Halfway, outcome: &Outcome, case: &str, left: &[&str]) {
    assert!(outcome.error.is_none(), "{case}: {outcome:?}");
    halfway.assert_arrived(case);
    assert_eq!(halfway.others(), left, "{case}");
}

fn assert_refused(halfway: &Halfway, outcome: &Outcome, case: &str, bytes: &[u8], name: Name, refusal: Kind) {
    assert_eq!(kind(outcome), Some(refusal), "{case}: {outcome:?}");
    let place = halfway.place(name);
    let message = outcome.error.as_ref().unwrap().to_string();
    assert!(message.contains(place.to_str().unwrap()), "{case}: {message}");
    assert!(std::fs::read(place).unwrap() == bytes, "{case}: the file was touched");
    halfway.assert_untouched(case);
}

/// All cases of one kind, shared out among workers, each with an upload of its own; counts how they ended.
fn sweep(cases: impl Fn(&Halfway) -> Vec<(String, Name, Vec<u8>)> + Sync) -> BTreeMap<End, usize> {
    let work = |worker: usize| {
        let halfway = Halfway::small();
        let own = cases(&halfway).into_iter().skip(worker).step_by(WORKERS);
        own.map(|(case, name, bytes)| judge(&halfway, name, &bytes, &case)).collect::<Vec<_>>()
    };
    let ends = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..WORKERS).map(|worker| scope.spawn(move || work(worker))).collect();
        workers.into_iter().flat_map(|worker| worker.join().unwrap()).collect::<Vec<_>>()
    });
    let mut counted = BTreeMap::new();
    ends.into_iter().for_each(|end| *counted.entry(end).or_default() += 1);
    counted
}

const NAMES: [Name; 2] = [Name::Usual, Name::Given];

#[test]
fn cut_at_every_byte_it_goes_on_or_begins_anew() {
    let ends = sweep(|halfway| {
        let all = NAMES.into_iter().flat_map(|name| (0..=halfway.bytes.len()).map(move |end| (name, end)));
        all.map(|(name, end)| (format!("{name:?} cut at {end}"), name, halfway.bytes[..end].to_vec())).collect()
    });
    println!("{ends:?}");
    // A first line that is cut could be anybody's.
    let torn_first_lines = first_line(Halfway::small().record.destination()).len() - 1;
    assert_eq!((ends[&End::Foreign], ends[&End::Beside]), (torn_first_lines, torn_first_lines));
    assert_eq!(ends[&End::Fresh], 4, "nothing, or the first line alone");
    assert!(ends[&End::Damaged] > 500 && ends[&End::Resumed] > 150, "{ends:?}");
}

fn flipped(bytes: &[u8], bit: usize) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    bytes[bit / 8] ^= 1 << (bit % 8);
    bytes
}

#[test]
fn with_any_bit_of_its_first_line_flipped_it_is_ours_and_goes_on_or_is_left_alone() {
    let ends = sweep(|halfway| {
        let bits = first_line(halfway.record.destination()).len() * 8;
        let all = NAMES.into_iter().flat_map(|name| (0..bits).map(move |bit| (name, bit)));
        all.map(|(name, bit)| (format!("{name:?} bit {bit}"), name, flipped(&halfway.bytes, bit))).collect()
    });
    println!("{ends:?}");
    // The destination's digits have no checksum, but the header knows better.
    assert_eq!(ends[&End::Resumed], 2 * 16 * 8);
    assert!(!ends.contains_key(&End::Damaged) && !ends.contains_key(&End::Fresh), "{ends:?}");
}

#[test]
fn with_any_bit_of_its_header_flipped_it_is_damaged() {
    let ends = sweep(|halfway| {
        let first = first_line(halfway.record.destination()).len();
        let header = halfway.bytes[first..].split_inclusive(|&byte| byte == b'\n').next().unwrap().len();
        let bits = first * 8..(first + header) * 8;
        bits.map(|bit| (format!("bit {bit}"), Name::Usual, flipped(&halfway.bytes, bit))).collect()
    });
    println!("{ends:?}");
    // A digit of the checksum is the same in both cases.
    assert!(ends[&End::Damaged] > 2000 && ends.get(&End::Resumed).is_none_or(|same| *same <= 16), "{ends:?}");
    assert!(ends.keys().all(|end| [End::Damaged, End::Resumed].contains(end)), "{ends:?}");
}

/// The lines of a record as texts; a test puts them together in another way.
struct Lines {
    first: Vec<u8>,
    header: Vec<u8>,
    parts: Vec<Vec<u8>>,
    encoder: Encoder,
}

impl Lines {
    fn of(halfway: &Halfway) -> Self {
        Self::with_header(halfway, &halfway.record.header)
    }

    /// A record of the same parts under another header.
    fn with_header(halfway: &Halfway, header: &Header) -> Self {
        let (encoder, line) = Encoder::header(header);
        let parts = halfway.record.parts.iter().map(|part| encoder.part(part)).collect();
        Self { first: first_line(halfway.record.destination()), header: line, parts, encoder }
    }

    /// The first two lines and these.
    fn then(&self, rest: &[&[u8]]) -> Vec<u8> {
        [self.first.clone(), self.header.clone(), rest.concat()].concat()
    }

    fn whole(&self) -> Vec<u8> {
        self.then(&[&self.parts.concat()])
    }
}

/// Part lines that say too much, too little or nothing true: what the server has is taken all the same, and no more.
#[test]
fn whatever_its_part_lines_say_the_server_knows_better() {
    let halfway = Halfway::new();
    let lines = Lines::of(&halfway);
    let another = Header { upload_id: "another".into(), ..halfway.record.header.clone() };
    let another = Lines::with_header(&halfway, &another);
    let [one, two] = [&*lines.parts[0], &*lines.parts[1]];
    let forged = |number, size| lines.encoder.part(&Part { number, size, etag: "\"E\"".into(), crc64: 7 });
    let mark = lines.encoder.completing(1_767_225_600);
    let cases: [(&str, Vec<u8>); 19] = [
        ("as it was", lines.whole()),
        ("doubled", lines.then(&[one, one, two, two, one])),
        ("swapped", lines.then(&[two, one])),
        ("the first dropped", lines.then(&[two])),
        ("all dropped", lines.then(&[])),
        ("of another record", lines.then(&[&another.parts[0], two])),
        ("of another record, behind", lines.then(&[one, &another.parts[1]])),
        ("garbage between", lines.then(&[one, b"garbage\n", two])),
        ("zeros between", lines.then(&[one, &[0; 300], two])),
        ("half a line between", lines.then(&[one, &two[..40], two])),
        ("an empty line between", lines.then(&[one, b"\n", two])),
        ("part 0", lines.then(&[one, two, &forged(0, 102_400)])),
        ("a part behind the last", lines.then(&[one, two, &forged(4, 102_400)])),
        ("a part far behind the last", lines.then(&[one, two, &forged(u32::MAX, u64::MAX)])),
        ("a part of another size", lines.then(&[one, two, &forged(2, 102_399)])),
        ("a part that was never sent", lines.then(&[one, two, &forged(3, 51_200)])),
        ("another ETag and checksum", lines.then(&[one, two, &forged(2, 102_400)])),
        ("a mark before Complete", lines.then(&[one, &mark, two])),
        ("marks before Complete", lines.then(&[one, two, &mark, &mark, &lines.encoder.completing(0)])),
    ];
    for (case, bytes) in cases {
        for name in NAMES {
            assert_eq!(judge(&halfway, name, &bytes, case), End::Resumed, "{case}");
        }
    }
}

#[test]
fn when_the_server_may_not_be_asked_a_record_that_lies_costs_a_new_upload_at_most() {
    let halfway = Halfway::new();
    let lines = Lines::of(&halfway);
    let [one, two] = [&*lines.parts[0], &*lines.parts[1]];
    let part = |number, etag: &str, crc64| {
        let size = if number == 3 { 51_200 } else { 102_400 };
        lines.encoder.part(&Part { number, size, etag: etag.into(), crc64 })
    };
    let rejected = Some(Reason::PartsRejected);
    let cases: [(&str, Vec<u8>, Option<Reason>); 5] = [
        ("as it was", lines.whole(), None),
        ("a part dropped", lines.then(&[one]), None),
        ("a part that was never sent", lines.then(&[one, two, &part(3, "\"E\"", 7)]), rejected),
        ("another ETag", lines.then(&[one, &part(2, "\"E\"", 7)]), rejected),
        ("an ETag that is not for XML", lines.then(&[one, &part(2, "</ETag>&\u{1}]]>", 7)]), rejected),
    ];
    for (case, bytes, reason) in cases {
        halfway.lay();
        std::fs::write(halfway.world.record(), bytes).unwrap();
        halfway.world.fault(Operation::ListParts, 100, Action::Deny);
        let outcome = halfway.upload(Name::Usual);
        halfway.world.server.clear_faults();
        assert_eq!(outcome.reason, reason, "{case}: {outcome:?}");
        assert_done(&halfway, &outcome, case, &[]);
        assert_eq!(halfway.uploads().len(), 0, "{case}: an orphan");
    }
}

/// Headers whose checksums are right and which say something else.
#[test]
fn a_header_that_does_not_fit_is_given_up_and_says_why() {
    let halfway = Halfway::new();
    let good = halfway.record.header.clone();
    let (plan, source) = (good.plan, good.source);
    let with_plan = |plan: Plan| Header { plan, ..good.clone() };
    let with_source = |source: Identity| Header { source, ..good.clone() };
    let with_id = |id: &str| Header { upload_id: id.into(), ..good.clone() };
    let damaged = (Some(Reason::RecordDamaged), 1);
    // The old upload is aborted where the record is right about it.
    type Case = (&'static str, Header, (Option<Reason>, usize));
    let cases: [Case; 17] = [
        ("as it was", good.clone(), (None, 0)),
        ("another device", with_source(Identity { device: !source.device, ..source }), (None, 0)),
        ("another inode", with_source(Identity { index: !source.index, ..source }), (None, 0)),
        ("another change of metadata", with_source(Identity { changed: 0, ..source }), (None, 0)),
        ("larger parts", with_plan(Plan { part_size: 204_800, ..plan }), (None, 0)),
        ("another time", with_source(Identity { modified: 0, ..source }), (Some(Reason::SourceChanged), 0)),
        ("other options", Header { options: "e3".into(), ..good.clone() }, (Some(Reason::OptionsChanged), 0)),
        ("no options", Header { options: String::new(), ..good.clone() }, (Some(Reason::OptionsChanged), 0)),
        ("another upload", with_id("0123456789ABCDEF"), (Some(Reason::UploadGone), 1)),
        ("an id that is not for addresses", with_id("a/../b?c&d#e%00\r\n\u{0}"), (Some(Reason::UploadGone), 1)),
        ("a long id", with_id(&"A".repeat(1 << 12)), (Some(Reason::UploadGone), 1)),
        ("no id", with_id(""), (Some(Reason::UploadGone), 1)),
        ("parts too small", with_plan(Plan { part_size: 1, ..plan }), damaged),
        ("parts of nothing", with_plan(Plan { part_size: 0, ..plan }), damaged),
        ("parts too large", with_plan(Plan { part_size: u64::MAX, ..plan }), damaged),
        ("a plan of another size", with_plan(Plan { size: plan.size + 1, ..plan }), damaged),
        ("a plan of nothing", with_plan(Plan { size: 0, ..plan }), damaged),
    ];
    for (case, header, (reason, left)) in cases {
        for name in NAMES {
            halfway.lay();
            std::fs::write(halfway.place(name), Lines::with_header(&halfway, &header).whole()).unwrap();
            let outcome = halfway.upload(name);
            assert_eq!((outcome.reason, outcome.resumed), (reason, reason.is_none()), "{case}: {outcome:?}");
            assert_done(&halfway, &outcome, case, &[]);
            assert_eq!(halfway.uploads().len(), left, "{case}");
        }
    }
}

#[test]
fn a_record_of_another_object_is_somebody_elses() {
    let halfway = Halfway::new();
    for header in [
        Header { key: "another".into(), ..halfway.record.header.clone() },
        Header { bucket: "another".into(), ..halfway.record.header.clone() },
    ] {
        let lines = Lines::with_header(&halfway, &header);
        let ours = lines.whole();
        let theirs = [first_line(decode(&ours).destination().unwrap()), ours[lines.first.len()..].to_vec()].concat();
        for bytes in [ours, theirs] {
            assert_eq!(judge(&halfway, Name::Usual, &bytes, "usual"), End::Beside);
            assert_eq!(judge(&halfway, Name::Given, &bytes, "given"), End::Foreign);
        }
    }
}

#[test]
fn older_and_newer_versions_are_told_apart() {
    let halfway = Halfway::new();
    let second = halfway.bytes.iter().position(|&byte| byte == b'1').unwrap();
    assert_eq!(&halfway.bytes[..second], b"ossup checkpoint ");
    for (version, expected) in [
        (&b"0"[..], [End::Beside, End::Foreign]),
        (b"-1", [End::Beside, End::Foreign]),
        (b"+1", [End::Beside, End::Foreign]),
        (b"01", [End::Beside, End::Foreign]),
        (b"2", [End::TooNew; 2]),
        (b"4294967295", [End::TooNew; 2]),
        (b"4294967296", [End::Beside, End::Foreign]),
    ] {
        let bytes = [&halfway.bytes[..second], version, &halfway.bytes[second + 1..]].concat();
        let ends = NAMES.map(|name| judge(&halfway, name, &bytes, &format!("{:?}", version.escape_ascii())));
        assert_eq!(ends, expected, "{}", version.escape_ascii());
    }
}
