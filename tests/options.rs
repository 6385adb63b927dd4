//! Each option at the right calls, byte by byte: what goes over the wire is compared with `tests/golden/requests.txt`, and
//! the table of docs/OPTIONS.md with what goes over the wire. `OSSUP_UPDATE=1` rewrites the former.

#![allow(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

#[path = "support/heads.rs"]
mod heads;
mod support;

use heads::Relay;
use oss_server::{Action, Fault, Operation, When};
use ossup::{Client, Request};
use std::collections::BTreeMap;
use std::fmt::Write;
use support::{World, finish, start};

type Set = fn(&mut Request) -> ossup::Result<()>;

/// Every option, with a value, in the order of docs/OPTIONS.md.
const OPTIONS: [(&str, Set); 20] = [
    ("ContentType", |r| r.set_content_type("text/csv")),
    ("ContentDisposition", |r| r.set_content_disposition("attachment; filename=a.csv")),
    ("ContentEncoding", |r| r.set_content_encoding("gzip")),
    ("ContentLanguage", |r| r.set_content_language("zh-CN")),
    ("CacheControl", |r| r.set_cache_control("max-age=3600")),
    ("Expires", |r| r.set_expires("Wed, 08 Jul 2026 16:57:01 GMT")),
    ("UserMetadata", |r| r.add_user_metadata("Author", "alice & bob")),
    ("StorageClass", |r| r.set_storage_class("IA")),
    ("Tagging", |r| r.add_tag("a b", "1+1").and_then(|()| r.add_tag("c", "2"))),
    ("ServerSideEncryption", |r| r.set_server_side_encryption("AES256")),
    ("ServerSideEncryptionKeyId", |r| {
        r.set_server_side_encryption("KMS").and_then(|()| r.set_server_side_encryption_key_id("9468da86-3509"))
    }),
    ("ServerSideDataEncryption", |r| {
        r.set_server_side_encryption("KMS").and_then(|()| r.set_server_side_data_encryption("SM4"))
    }),
    ("ObjectAcl", |r| r.set_object_acl("public-read")),
    ("ForbidOverwrite", |r| r.set_forbid_overwrite(true)),
    ("RequestPayer", |r| r.set_request_payer("requester")),
    ("TrafficLimit", |r| r.set_traffic_limit(838_860_800)),
    ("Callback", |r| {
        r.set_callback("http://127.0.0.1:9/done", "key=${object}")?;
        r.set_callback_host("app.example.com")?;
        r.set_callback_body_type("application/x-www-form-urlencoded")?;
        r.set_callback_sni(true);
        Ok(())
    }),
    ("CallbackVar", |r| {
        r.set_callback("http://127.0.0.1:9/done", "tag=${x:tag}")
            .and_then(|()| r.add_callback_var("x:tag", "\"blue\" 蓝"))
    }),
    ("Header", |r| r.set_header("x-oss-of-tomorrow", "1")),
    ("ForceMultipart", |r| {
        r.set_force_multipart(true);
        Ok(())
    }),
];

/// One request's lines, what changes from run to run put aside.
type Head = Vec<String>;

/// What an upload says with an option set, by the operation: the first request of each.
fn tour(set: Option<Set>) -> BTreeMap<String, Head> {
    let mut heads = BTreeMap::new();
    let deny_second =
        || Fault { when: When { skip: 1, ..When::operation(Operation::UploadPart).times(1) }, then: Action::Deny };
    let lose_answer =
        Fault { when: When::operation(Operation::CompleteMultipartUpload).times(1), then: Action::LoseAnswer };
    // A run that fails at its second part, and one that goes on and has to look for its object.
    let resumed = World::new(250_000);
    resumed.server.add_fault(deny_second());
    note(&resumed, set, true, &mut heads);
    resumed.server.add_fault(lose_answer);
    note(&resumed, set, true, &mut heads);
    // One that gives up, and one that goes in one piece.
    let given_up = World::new(250_000);
    given_up.server.add_fault(deny_second());
    note(&given_up, set, false, &mut heads);
    note(&World::new(1000), set, true, &mut heads);
    heads
}

fn note(world: &World, set: Option<Set>, checkpoint: bool, heads: &mut BTreeMap<String, Head>) {
    let relay = Relay::to(&world.server.endpoint());
    let mut config = world.config();
    config.set_endpoint(&relay.endpoint).unwrap();
    let mut request = world.request();
    request.set_enable_checkpoint(checkpoint);
    request.set_task_num(1).unwrap();
    set.into_iter().for_each(|set| set(&mut request).unwrap());
    world.server.clear_ledger();
    finish(&start(&Client::new(&config).unwrap(), &request));
    let sent = relay.take();
    let ledger = world.server.ledger();
    assert_eq!(sent.len(), ledger.len());
    for (head, entry) in sent.iter().zip(ledger) {
        let mut query = BTreeMap::new();
        query.extend(entry.query);
        let head = settled(head, query.get("uploadId"));
        let first = heads.entry(format!("{:?}", entry.operation)).or_insert_with(|| head.clone());
        assert_eq!(options_of(first), options_of(&head), "a later {:?} carries something else", entry.operation);
    }
}

/// What an option may change.
fn options_of(head: &Head) -> Vec<&String> {
    head[1..].iter().filter(|line| !line.starts_with("content-length")).collect()
}

fn settled(head: &str, upload_id: Option<&String>) -> Head {
    let line = |line: &str| {
        let (name, value) = line.split_once(": ").unwrap_or((line, ""));
        match name {
            "date" | "x-oss-date" => format!("{name}: …"),
            "host" => format!("{name}: {}", value.split(':').next().unwrap()),
            "user-agent" => format!("{name}: {}", value.replace(env!("CARGO_PKG_VERSION"), "…")),
            "authorization" => {
                let (fields, _) = value.split_once("Signature=").unwrap();
                let (key, scope) = fields.split_once('/').unwrap();
                format!("{name}: {key}/…{}Signature=…", &scope[8..])
            }
            _ => upload_id.map_or(line.to_owned(), |id| line.replace(id, "…")),
        }
    };
    let mut lines: Head = head.trim_end().lines().map(line).collect();
    lines[1..].sort();
    lines
}

/// What an option makes of a request.
fn difference(plain: Option<&Head>, now: Option<&Head>) -> Vec<String> {
    let lines = |head: Option<&Head>| head.cloned().unwrap_or_default();
    let (plain, now) = (lines(plain), lines(now));
    let only = |sign: &str, these: &Head, others: &Head| {
        these.iter().filter(|line| !others.contains(line)).map(|line| format!("{sign} {line}")).collect::<Vec<_>>()
    };
    [only("-", &plain, &now), only("+", &now, &plain)].concat()
}

/// What an option changes, by the operation.
type Changes = BTreeMap<String, Vec<String>>;

/// The requests without an option, and what each option changes of them.
fn observed() -> (BTreeMap<String, Head>, Vec<Changes>) {
    let plain = tour(None);
    let with = |set: Set| {
        let now = tour(Some(set));
        let operations = plain.keys().chain(now.keys()).cloned();
        let changes = operations.map(|operation| {
            let difference = difference(plain.get(&operation), now.get(&operation));
            (operation, difference)
        });
        changes.filter(|(_, difference)| !difference.is_empty()).collect()
    };
    let changes = std::thread::scope(|scope| {
        let tours: Vec<_> = OPTIONS.map(|(_, set)| scope.spawn(move || with(set))).into_iter().collect();
        tours.into_iter().map(|tour| tour.join().unwrap()).collect()
    });
    (plain, changes)
}

fn written(plain: &BTreeMap<String, Head>, changes: &[Changes]) -> String {
    let mut text = String::from("# Without an option\n");
    for (operation, head) in plain {
        write!(text, "\n== {operation}\n{}\n", head.join("\n")).unwrap();
    }
    for ((option, _), changes) in OPTIONS.iter().zip(changes) {
        write!(text, "\n# {option}\n").unwrap();
        for (operation, difference) in changes {
            write!(text, "\n== {operation}\n{}\n", difference.join("\n")).unwrap();
        }
    }
    text
}

/// The table's rows: the option, and the operations that it marks.
fn documented() -> Vec<(String, Vec<String>)> {
    let text = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/OPTIONS.md")).unwrap();
    let cells = |line: &str| line.trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect::<Vec<_>>();
    let mut rows =
        text.lines().skip_while(|line| !line.starts_with("| Option ")).take_while(|line| line.starts_with('|'));
    let columns = cells(rows.next().unwrap());
    let marked = |row: Vec<String>| {
        let operations = columns.iter().zip(&row).skip(3).filter(|(_, cell)| *cell == "✔");
        let mut operations: Vec<_> = operations.map(|(column, _)| column.clone()).collect();
        operations.sort();
        (row[0].clone(), operations)
    };
    rows.skip(1).map(|row| marked(cells(row))).collect()
}

#[test]
fn every_option_goes_to_its_calls_and_no_other() {
    let (plain, changes) = observed();
    let calls = [
        "AbortMultipartUpload",
        "CompleteMultipartUpload",
        "HeadObject",
        "InitiateMultipartUpload",
        "ListParts",
        "PutObject",
        "UploadPart",
    ];
    assert_eq!(plain.keys().collect::<Vec<_>>(), calls);

    let golden = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/requests.txt");
    let now = written(&plain, &changes);
    if std::env::var_os("OSSUP_UPDATE").is_some() {
        std::fs::write(golden, &now).unwrap();
    }
    assert!(std::fs::read_to_string(golden).unwrap() == now, "tests/golden/requests.txt differs from:\n{now}");

    let carried = |changes: &Changes| {
        let added = changes.iter().filter(|(_, difference)| difference.iter().any(|line| line.starts_with("+ ")));
        added.map(|(operation, _)| operation.clone()).collect::<Vec<_>>()
    };
    let observed: Vec<_> =
        OPTIONS.iter().zip(&changes).map(|((option, _), changes)| ((*option).to_owned(), carried(changes))).collect();
    assert_eq!(documented(), observed, "docs/OPTIONS.md says otherwise");
}
