//! The documents say what is so.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a document that cannot be read is a failed test")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const DOCUMENTS: [&str; 21] = [
    "README.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
    "SECURITY.md",
    "docs/ABI.md",
    "docs/ARCHITECTURE.md",
    "docs/C-API.md",
    "docs/CHECKPOINT.md",
    "docs/CREDENTIALS.md",
    "docs/ERRORS.md",
    "docs/FEATURES.md",
    "docs/HAZARDS.md",
    "docs/INSTALL.md",
    "docs/LOG.md",
    "docs/NETWORK.md",
    "docs/OPTIONS.md",
    "docs/PERFORMANCE.md",
    "docs/PLATFORMS.md",
    "docs/RELEASING.md",
    "docs/WINDOWS.md",
    "tests/conformance.md",
];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn read(name: &str) -> String {
    fs::read_to_string(root().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// What stands between backquotes, outside of blocks.
fn quoted(text: &str) -> Vec<String> {
    let mut in_block = false;
    let mut found = Vec::new();
    for line in text.lines() {
        if line.starts_with("```") {
            in_block = !in_block;
        } else if !in_block {
            found.extend(line.split('`').skip(1).step_by(2).map(str::to_owned));
        }
    }
    found
}

/// The blocks of a language.
fn blocks(text: &str, language: &str) -> Vec<String> {
    let start = format!("```{language}\n");
    text.split(&start).skip(1).map(|rest| rest.split("\n```").next().unwrap().to_owned()).collect()
}

#[test]
fn functions_and_constants_that_are_named_exist() {
    let header = read("include/ossup.h");
    let mut checked = 0;
    for document in DOCUMENTS {
        for name in quoted(&read(document)) {
            let is_ours = name.starts_with("ossup_") || name.starts_with("OSSUP_");
            let is_a_word = name.chars().all(|c| c.is_alphanumeric() || c == '_');
            if is_ours && is_a_word {
                assert!(header.contains(&name), "{document} names {name}, the header does not");
                checked += 1;
            }
        }
    }
    assert!(checked > 10);
}

/// The cells of a document's nth table, without its head.
fn table(document: &str, nth: usize) -> Vec<Vec<String>> {
    let text = read(document);
    let mut tables = vec![Vec::new()];
    for line in text.lines() {
        match (line.starts_with('|'), tables.last_mut()) {
            (true, Some(table)) => table.push(line),
            (false, Some(table)) if !table.is_empty() => tables.push(Vec::new()),
            (_, _) => {}
        }
    }
    let cells = |line: &&str| line.trim_matches('|').split('|').map(|cell| cell.trim().replace('`', "")).collect();
    tables[nth].iter().skip(2).map(cells).collect()
}

#[test]
fn the_tables_of_errors_are_those_of_the_code() {
    use ossup::oss::remedy::{BY_CODE, BY_STATUS, Remedy};
    let shown = |kind: ossup::Kind, remedy: Remedy| {
        let named = |number: i32, line: &str| line.trim().strip_suffix(&format!(" = {number},")).map(str::to_owned);
        let header = read("include/ossup.h");
        let status = header.lines().find_map(|line| named(kind as i32, line)).unwrap();
        let remedy = match remedy {
            Remedy::Retry => "retry",
            Remedy::CorrectClock => "clock",
            Remedy::RenewCredentials => "credentials",
            Remedy::Nothing => "none",
        };
        [status, remedy.to_owned()]
    };
    let row = |first: String, rest: [String; 2]| [vec![first], rest.to_vec()].concat();
    let codes: Vec<_> = BY_CODE.iter().map(|(code, kind, remedy)| row((*code).into(), shown(*kind, *remedy))).collect();
    assert_eq!(table("docs/ERRORS.md", 0), codes);
    let range = |first: u16, last: u16| if first == last { first.to_string() } else { format!("{first}–{last}") };
    let statuses = BY_STATUS.iter().map(|(first, last, kind, remedy)| row(range(*first, *last), shown(*kind, *remedy)));
    assert_eq!(table("docs/ERRORS.md", 1), statuses.collect::<Vec<_>>());
}

/// What stands before the name of a test in a file.
fn keyword_of(file: &str) -> Option<&'static str> {
    match file.rsplit_once('.')?.1 {
        "rs" => Some("fn"),
        "go" => Some("func"),
        "java" => Some("void"),
        _ => None,
    }
}

#[test]
fn tests_that_are_named_exist() {
    for (document, least) in [("docs/FEATURES.md", 50), ("docs/HAZARDS.md", 30)] {
        let (mut file, mut keyword) = (String::new(), "fn");
        let mut checked = 0;
        for name in quoted(&read(document)) {
            let is_a_word = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
            let is_test = is_a_word && !name.to_lowercase().starts_with("ossup_");
            if let Some(found) = keyword_of(&name) {
                (file, keyword) = (read(&name), found);
            } else if is_test {
                let is_there = file.contains(&format!("{keyword} {name}("));
                assert!(is_there, "{document} names the test {name}, which is not there");
                checked += 1;
            }
        }
        assert!(checked > least, "{document}: {checked}");
    }
}

#[test]
fn languages_have_the_tests_that_are_named() {
    let rows = table("tests/conformance.md", 4);
    assert!(rows.len() > 5);
    for (file, name) in rows.iter().flat_map(|row| &row[1..]).map(|cell| cell.split_once(' ').unwrap()) {
        let found = read(file).contains(&format!("{} {name}(", keyword_of(file).unwrap()));
        assert!(found, "tests/conformance.md names {name}, which {file} has not");
    }
}

#[test]
fn each_hazard_has_its_rule_and_a_test_unless_it_does_not_apply() {
    let rows = table("docs/HAZARDS.md", 0);
    let numbers: Vec<_> = rows.iter().map(|row| row[0].clone()).collect();
    assert_eq!(numbers, (1..=30).map(|number| format!("H{number}")).collect::<Vec<_>>());
    for row in rows {
        let [number, hazard, rule, tests] = &row[..] else { panic!("{row:?}") };
        assert_eq!(tests.is_empty(), rule.starts_with("does not apply"), "{number}: {hazard}");
    }
}

/// Each function that takes one of the host's says it, or the type of the latter does.
#[test]
fn callbacks_are_told_not_to_unwind() {
    let header = read("include/ossup.h");
    let comments = header.split("/**").skip(1).filter_map(|text| text.split_once("*/"));
    let declared: Vec<_> = comments.map(|(comment, code)| (comment, code.split(';').next().unwrap())).collect();
    let is_told = |comment: &str| comment.contains("must not unwind");
    let mut checked = 0;
    for (comment, code) in declared.iter().filter(|(_, code)| !code.contains("typedef")) {
        let words = code.split(|c: char| !c.is_alphanumeric() && c != '_');
        for name in words.filter(|word| word.ends_with("_fn") && *word != "ossup_release_fn") {
            let of_type = declared.iter().find(|(_, code)| code.contains(&format!("(*{name})("))).unwrap().0;
            assert!(is_told(comment) || is_told(of_type), "{name}");
            checked += 1;
        }
    }
    assert!(checked >= 3);
}

#[test]
fn the_record_that_is_shown_is_one() {
    use ossup::upload::journal::{self, Found};
    let shown = blocks(&read("docs/CHECKPOINT.md"), "text");
    let bytes = format!("{}\n", shown[0]).into_bytes();
    let Found::Record { record, length, .. } = journal::decode(&bytes) else { panic!("it cannot be read") };
    assert_eq!((length, record.parts.len(), record.completing.is_some()), (bytes.len() as u64, 2, true));
    assert!(shown[0].starts_with(&format!("ossup checkpoint {} ", journal::VERSION)));
}

#[test]
fn the_checkpoints_times_are_the_codes() {
    let text = read("docs/CHECKPOINT.md");
    for (file, code, said) in [
        ("src/engine/recorder.rs", "SYNC_EVERY: Duration = Duration::from_secs(5);", "synced every 5 s"),
        ("src/upload/identity.rs", "SETTLED_AFTER_NS: i64 = 2_000_000_000;", "within 2 s"),
    ] {
        assert!(read(file).contains(code), "{file}: {code}");
        assert!(text.contains(said), "{said}");
    }
}

#[test]
fn files_that_are_named_exist() {
    let mut checked = 0;
    for document in DOCUMENTS {
        for name in quoted(&read(document)) {
            let is_path = name.contains('/') && !name.contains([' ', '<', '{', '*', ':']);
            if is_path {
                let found = [root().join(&name), root().join("src").join(&name)].iter().any(|path| path.exists());
                assert!(found, "{document} names {name}, which is not there");
                checked += 1;
            }
        }
    }
    assert!(checked > 30);
}

#[test]
fn links_lead_somewhere() {
    for document in DOCUMENTS {
        let folder = root().join(document).parent().unwrap().to_owned();
        for link in read(document).split("](").skip(1) {
            let target = link.split(')').next().unwrap();
            let (file, part) = target.split_once('#').unwrap_or((target, ""));
            let path = if file.is_empty() { root().join(document) } else { folder.join(file) };
            assert!(target.starts_with("https://") || path.exists(), "{document}: {target}");
            if !part.is_empty() && !target.starts_with("https://") {
                let heading = format!("\n## {}\n", part.replace('-', " "));
                assert!(fs::read_to_string(path).unwrap().to_lowercase().contains(&heading), "{document}: {target}");
            }
        }
    }
}

#[test]
fn make_targets_that_are_named_exist() {
    let makefile = read("Makefile");
    for document in DOCUMENTS {
        for command in quoted(&read(document)).iter().filter(|text| text.starts_with("make ")) {
            let target = command.split(' ').nth(1).unwrap();
            assert!(makefile.contains(&format!("\n{target}:")), "{document}: {command}");
        }
    }
}

#[test]
fn the_layers_are_the_documents() {
    let architecture = read("docs/ARCHITECTURE.md");
    for entry in fs::read_dir(root().join("src")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let shown = if name.ends_with(".rs") { name.clone() } else { format!("{name}/") };
        assert!(name == "lib.rs" || architecture.contains(&format!("| `{shown}` |")), "{shown} is not in the table");
    }
}

#[test]
fn the_version_is_the_same_everywhere() {
    let version = env!("CARGO_PKG_VERSION");
    assert!(read("CHANGELOG.md").contains(&format!("\n## {version}")));
    for file in ["bindings/java/pom.xml", "bindings/java/README.md"] {
        assert!(
            read(file).contains(&format!("<artifactId>ossup</artifactId>\n  <version>{version}</version>")),
            "{file}"
        );
    }
    let soname = format!("libossup.so.{}", version.rsplit_once('.').unwrap().0);
    assert!(read("tests/library_facts.rs").contains(&soname) || read("build.rs").contains("CARGO_PKG_VERSION_MINOR"));
}

#[test]
fn the_limits_and_defaults_of_the_table_are_the_codes() {
    use ossup::oss::limits;
    let readme = read("README.md");
    for number in [limits::MIN_PART_SIZE, limits::MAX_PART_SIZE, limits::MAX_KEY as u64, limits::MAX_BUCKET_NAME as u64]
    {
        assert!(readme.contains(&number.to_string()), "{number} is not in README.md");
    }
    let header = read("include/ossup.h");
    for number in [limits::MIN_PART_SIZE, limits::MAX_PART_SIZE] {
        assert!(header.contains(&number.to_string()), "{number} is not in the header");
    }
}

#[test]
fn the_networks_setters_and_their_defaults_are_the_headers() {
    let header = read("include/ossup.h");
    let network = read("docs/NETWORK.md") + &read("docs/CONCURRENCY.md");
    let about_it = ["timeout_ms", "max_", "proxy", "_ca_", "trust", "verification", "user_agent", "bandwidth"];
    let mut checked = 0;
    for comment in header.split("/**").skip(1) {
        let (comment, declaration) = comment.split_once("*/").unwrap();
        let name = declaration.trim_start().split('(').next().unwrap().rsplit(' ').next().unwrap();
        if !name.starts_with("ossup_config_") || !about_it.iter().any(|word| name.contains(word)) {
            continue;
        }
        let rows: Vec<_> = network.lines().filter(|line| line.contains(&format!("`{name}`"))).collect();
        assert!(!rows.is_empty(), "{name} is in no table");
        let default = comment.split("Default: ").nth(1).and_then(|rest| rest.split([';', ',', '.']).next());
        if let Some(number) = default.filter(|default| default.parse::<u64>().is_ok()) {
            assert!(rows.iter().any(|row| row.contains(&format!("| {number} "))), "{name}: {number}");
            checked += 1;
        }
    }
    assert_eq!(checked, 10);
}

#[test]
fn the_networks_variables_and_limits_are_the_codes() {
    let network = read("docs/NETWORK.md");
    let route = read("src/world/transport/route.rs");
    let lists = route.lines().filter(|line| line.starts_with("const "));
    let variables: Vec<_> = lists.flat_map(|line| line.split('"').skip(1).step_by(2)).collect();
    assert_eq!(variables.len(), 10);
    for variable in variables {
        assert!(network.contains(&format!("`{variable}`")), "{variable} is not in docs/NETWORK.md");
    }
    for (file, code, said) in [
        ("watch.rs", "KERNEL_BUFFERS: u64 = 4 << 20;", "4 MiB"),
        ("watch.rs", "SLOW_LINE: u64 = 32 << 10;", "32 KiB/s"),
        ("reqwest.rs", "WHOLE_ANSWER: u32 = 4;", "four times the idle timeout"),
        ("http.rs", "POOL_IDLE: Duration = Duration::from_secs(30);", "kept for 30 s"),
        ("../../upload/cap.rs", "MIN_LIMIT: u64 = 1024;", "at least 1024"),
        ("../../upload/cap.rs", "MIN_SHARE: u64 = 32 << 10;", "one part for each 32 KiB/s"),
        ("../../upload/cap.rs", "WINDOWS_PER_SECOND: u64 = 20;", "lets through in 50 ms"),
        ("../../upload/cap.rs", "SLACK: Duration = Duration::from_millis(100);", "within 100 ms"),
        ("../../upload/cap.rs", "TRIAL: Duration = Duration::from_millis(500);", "half a second later"),
        ("../../engine/exchange.rs", "HOLD: Duration = Duration::from_millis(200);", "200 ms"),
    ] {
        assert!(read(&format!("src/world/transport/{file}")).contains(code), "{file}: {code}");
        assert!(network.contains(said), "{said}");
    }
}

#[test]
fn the_logs_levels_and_limits_are_the_codes() {
    let header = read("include/ossup.h");
    let levels = table("docs/LOG.md", 0);
    assert_eq!(levels.len(), header.matches("  OSSUP_LOG_").count());
    for level in levels {
        assert!(header.contains(&format!("  {} = {},", level[0], level[1])), "{level:?}");
    }
    let limits = [ossup::process::log::MOST_LINES as usize, ossup::process::log::LONGEST_LINE];
    for (limit, pages) in limits.into_iter().zip([["docs/LOG.md", "include/ossup.h"]; 2]) {
        assert!(pages.into_iter().all(|page| read(page).contains(&limit.to_string())), "{limit}");
    }
}

#[test]
fn how_many_parts_there_are_is_the_codes() {
    let page = read("docs/CONCURRENCY.md").replace('\n', " ");
    for (file, code, said) in [
        ("upload/growth.rs", "LEAST: u32 = 4;", "begins with 4 parts at a time"),
        ("upload/growth.rs", "MOST: u32 = 64;", "never has more than 64"),
        ("upload/growth.rs", "SLOW_START: u32 = 5;", "five round trips"),
        ("upload/growth.rs", "CONNECTIONS: u32 = 2;", "two round trips"),
        ("upload/growth.rs", "SHORTEST: Duration = Duration::from_millis(100);", "100 ms at least"),
        ("upload/growth.rs", "UNKNOWN: f64 = 16.0;", "up to 16"),
        ("upload/growth.rs", "WORTH_MORE: f64 = 1.15;", "15 % more"),
        ("upload/growth.rs", "SWALLOWED: u64 = 1 << 20;", "larger than 1 MiB"),
        ("upload/plan.rs", "CHOSEN_MIN: u64 = 4 << 20;", "parts of 4 MiB"),
        ("upload/plan.rs", "CHOSEN_LEAST: u64 = 512 << 10;", "512 KiB at least"),
        ("upload/plan.rs", "PER_TASK: u64 = 2;", "two parts for each task"),
        ("upload/plan.rs", "CHOSEN_PARTS: u64 = 1000;", "1,000 parts"),
        ("world/body.rs", "READ_AHEAD: usize = 4;", "4 that are read ahead"),
        ("world/body.rs", "TAKEN_AHEAD: usize = 8;", "8 that the HTTP stack holds"),
        ("engine/config.rs", "max_uploads: 64,", "| 64 |"),
        ("process/pool/threads.rs", "WORKING: usize = 43;", "by 43 threads at most"),
    ] {
        assert!(read(&format!("src/{file}")).contains(code), "{file}: {code}");
        assert!(page.contains(said), "{said}");
    }
    assert!(page.contains(&format!("{} bytes or more", ossup::world::body::MOST_MEMORY)));
}

#[test]
fn what_streams_are_is_the_codes() {
    use ossup::oss::limits;
    use ossup::upload::growth::MOST;
    use ossup::upload::plan::OPEN_PART_SIZE;
    let header = read("include/ossup.h").replace("\n * ", " ");
    let page = read("docs/CHECKPOINT.md").replace('\n', " ");
    let largest = OPEN_PART_SIZE * u64::from(limits::MAX_PARTS);
    assert!(page.contains(&format!("{} MiB × 10,000 are {largest} bytes", OPEN_PART_SIZE >> 20)));
    for said in [
        format!("at most TaskNum + 1 parts, {} where TaskNum is 0", MOST + 1),
        format!("at most {}, or OSSUP_UNKNOWN_SIZE", limits::MAX_OBJECT_SIZE),
        format!("or of {OPEN_PART_SIZE} bytes, and there are {} at most", limits::MAX_PARTS),
    ] {
        assert!(header.contains(&said), "{said}");
    }
    assert!(read("README.md").contains(&format!("{OPEN_PART_SIZE} for a stream of unknown size")));
    assert!(read("src/engine/run.rs").contains("order.most_tasks() + 1"));
    assert!(read("examples/c/stream.c").contains("up to 80 GB, in parts of 8 MiB, of which it holds five"));
}

#[test]
fn the_readmes_program_compiles() {
    let folder = tempfile::tempdir().unwrap();
    let programs = blocks(&read("README.md"), "c");
    assert_eq!(programs.len(), 1);
    let file = folder.path().join("readme.c");
    fs::write(&file, &programs[0]).unwrap();
    let output = Command::new("cc")
        .args(["-std=c99", "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-fsyntax-only", "-I"])
        .arg(root().join("include"))
        .arg(&file)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn the_readmes_commands_are_two() {
    let commands = blocks(&read("README.md"), "sh");
    let named: Vec<_> = commands[0].lines().filter_map(|line| line.split('#').next()).map(str::trim).collect();
    assert_eq!(named, ["make demo", "make test"]);
    assert!(Path::new(&root().join("scripts/demo.sh")).exists());
}
