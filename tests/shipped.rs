//! A library as it is shipped: what it asks of a system, what `docs/PLATFORMS.md` says of that, and that it is nobody's own.
//! `scripts/test-cross.sh` runs it with `OSSUP_TEST_TARGET` and `OSSUP_TEST_LIBRARY`.

#![cfg(target_os = "linux")]

#[path = "c/compile.rs"]
#[allow(dead_code, reason = "this test compiles nothing, it only looks for the library")]
mod compile;
#[path = "library_facts/image.rs"]
#[allow(dead_code, reason = "names and exports are looked at in library_facts.rs")]
mod image;

use compile::target;
use image::{Image, image};
use std::path::Path;
use std::process::Command;

const PAGE: &str = "docs/PLATFORMS.md";

fn target() -> String {
    target::name().expect("OSSUP_TEST_TARGET names what is shipped")
}

/// The oldest glibc that has all functions which it calls; none where it calls another C library's.
fn floor(image: &Image) -> Option<String> {
    let newest = image.glibc.last()?;
    Some(newest.iter().map(u32::to_string).collect::<Vec<_>>().join("."))
}

#[test]
fn it_runs_with_an_old_glibc_or_needs_none() {
    let promised = target().ends_with("-gnu") && target().contains("linux");
    assert_eq!(floor(&image()), promised.then(|| "2.17".to_owned()));
}

/// A row of the table there has the target, what it needs and the oldest system.
#[test]
fn the_page_says_what_it_needs() {
    let image = image();
    let needs: Vec<_> = image.needed.iter().map(|name| format!("`{name}`")).collect();
    let row = format!("| `{}` | {} |", target(), needs.join(" "));
    let page = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(PAGE)).expect("the page is there");
    let found = page.lines().find(|line| line.starts_with(&row));
    let found = found.unwrap_or_else(|| panic!("{PAGE} has no row that begins\n{row}"));
    if let Some(floor) = floor(&image) {
        assert!(found.contains(&format!("| glibc {floor} |")), "{PAGE}: {found}, but it needs glibc {floor}");
    }
}

/// Neither of the checkout, nor of what compiled it, nor of whoever did.
#[test]
fn it_names_no_path_of_this_machine() {
    let home = |variable: &str| std::env::var(variable).expect("it is set where something is shipped");
    let paths = [env!("CARGO_MANIFEST_DIR").to_owned(), home("OSSUP_CROSS_HOME"), home("HOME")];
    let shared = compile::library();
    for file in [shared.with_file_name("libossup.a"), shared] {
        for path in &paths {
            let searched =
                Command::new("grep").args(["--text", "--quiet", "--fixed-strings", path]).arg(&file).status();
            let found = searched.expect("grep is everywhere").code();
            assert_eq!(found, Some(1), "{} has {path} in it, or cannot be read", file.display());
        }
    }
}
