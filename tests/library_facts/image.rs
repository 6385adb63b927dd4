//! A shared library's tables, as `readelf`, `nm` and `objdump` tell them.

use super::compile::{self, target};
use std::collections::BTreeSet;
use std::process::Command;

pub(crate) struct Image {
    /// What it is loaded with.
    pub(crate) needed: BTreeSet<String>,
    /// Under which name programs need it.
    pub(crate) name: Vec<String>,
    pub(crate) exported: BTreeSet<String>,
    /// The versions of glibc's functions that it calls.
    pub(crate) glibc: BTreeSet<Vec<u32>>,
}

pub(crate) fn image() -> Image {
    if target::is_windows() { dll() } else { shared_object() }
}

pub(crate) fn ask(tool: &str, arguments: &[&str]) -> String {
    let output = Command::new(tool)
        .args(arguments)
        .arg(compile::library())
        .env("LC_ALL", "C")
        .output()
        .expect("binutils are installed");
    assert!(output.status.success(), "{tool} failed");
    String::from_utf8(output.stdout).expect("plain text")
}

fn shared_object() -> Image {
    let section = ask("readelf", &["--dynamic", "--wide"]);
    let dynamic = |kind: &str| {
        let lines = section.lines().filter(|line| line.contains(&format!("({kind})")));
        lines.filter_map(|line| Some(line.split_once('[')?.1.split_once(']')?.0.to_owned())).collect::<Vec<_>>()
    };
    let symbols = ask("nm", &["--dynamic", "--defined-only"]);
    Image {
        needed: dynamic("NEEDED").into_iter().collect(),
        name: dynamic("SONAME"),
        exported: symbols.lines().filter_map(|line| line.split_whitespace().last()).map(str::to_owned).collect(),
        glibc: glibc(&ask("readelf", &["--version-info", "--wide"])),
    }
}

fn glibc(versions: &str) -> BTreeSet<Vec<u32>> {
    let names = versions.split_whitespace().filter_map(|word| word.strip_prefix("GLIBC_"));
    let numbers = |name: &str| name.split('.').map(|number| number.parse().expect("a number")).collect();
    names.map(numbers).collect()
}

fn dll() -> Image {
    let tables = ask("objdump", &["--private-headers"]);
    let behind = |what: &str| {
        let lines = tables.lines().filter_map(|line| line.trim().strip_prefix(what));
        lines.map(|rest| rest.trim().to_owned()).collect::<Vec<_>>()
    };
    let exports = tables.split("[Ordinal/Name Pointer] Table").nth(1).expect("it exports something");
    let exports = exports.lines().skip(1).map_while(|line| line.split_once("] "));
    Image {
        // Windows knows no large and small letters in names.
        needed: behind("DLL Name: ").iter().map(|name| name.to_lowercase()).collect(),
        name: behind("Name ")
            .iter()
            .filter(|line| !line.starts_with("Pointer"))
            .filter_map(|line| line.split_whitespace().nth(1))
            .map(str::to_owned)
            .collect(),
        exported: exports.map(|(_, name)| name.trim().to_owned()).collect(),
        glibc: BTreeSet::new(),
    }
}
