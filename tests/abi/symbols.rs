//! The table at the end of `docs/ABI.md`: each function, and the version that it came in.

use crate::release;
use crate::{is_update, repository, repository_file};

const DOCUMENT: &str = "docs/ABI.md";
const HEAD: &str = "| function | since |\n|---|---|\n";

fn table() -> String {
    let releases = release::all();
    let since = |name: &str| {
        let has_it = |description: String| description.contains(&format!("\nfunction {name}: "));
        let first = releases.iter().find(|release| has_it(release.description()));
        first.map_or(env!("CARGO_PKG_VERSION"), |release| &release.version).to_owned()
    };
    let symbols = repository_file("abi/symbols.txt");
    let rows = symbols.lines().map(|name| format!("| `{name}` | {} |\n", since(name)));
    HEAD.to_owned() + &rows.collect::<String>()
}

/// `make header` renews the table.
#[test]
fn each_function_is_listed_with_its_version() {
    let text = repository_file(DOCUMENT);
    let (before, _) = text.split_once(HEAD).expect("the table's head");
    let made = before.to_owned() + &table();
    if is_update() {
        std::fs::write(repository(DOCUMENT), &made).unwrap();
    }
    assert!(text == made || is_update(), "{DOCUMENT} is not up to date: run `make header`");
}
