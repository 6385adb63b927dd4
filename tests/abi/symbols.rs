//! The table at the end of `docs/ABI.md`: each function, and the version that it came in.

use std::collections::BTreeSet;

use crate::release;
use crate::{declarations, header};
use crate::{is_update, repository, repository_file};

const DOCUMENT: &str = "docs/ABI.md";
const HEAD: &str = "| function | since |\n|---|---|\n";
const ON_WINDOWS: &str = "abi/symbols-windows.txt";

fn functions(system: header::System) -> BTreeSet<String> {
    declarations::functions(&header::text_on(system)).into_iter().map(|(name, _)| name).collect()
}

fn table() -> String {
    let described: Vec<_> = release::all()
        .into_iter()
        .map(|release| (release.description() + &release.description_on_windows(), release.version))
        .collect();
    let since = |name: &str| {
        let first = described.iter().find(|(description, _)| description.contains(&format!("\nfunction {name}: ")));
        first.map_or(env!("CARGO_PKG_VERSION"), |(_, version)| version).to_owned()
    };
    let [here, on_windows] = [header::System::Unix, header::System::Windows].map(functions);
    let rows = here.union(&on_windows).map(|name| {
        let only = match (here.contains(name), on_windows.contains(name)) {
            (true, false) => ", not on Windows",
            (false, true) => ", on Windows",
            _ => "",
        };
        format!("| `{name}`{only} | {} |\n", since(name))
    });
    HEAD.to_owned() + &rows.collect::<String>()
}

/// `make header` renews the list, with which the DLL is compared where there is one.
#[test]
fn the_functions_on_windows_are_listed() {
    let made: String = functions(header::System::Windows).iter().map(|name| format!("{name}\n")).collect();
    if is_update() {
        std::fs::write(repository(ON_WINDOWS), &made).unwrap();
    }
    assert!(repository_file(ON_WINDOWS) == made, "{ON_WINDOWS} is not up to date: run `make header`");
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
