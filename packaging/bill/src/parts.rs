//! What no cargo knows of: what the linker adds, and what Java needs beside the library.

use std::collections::BTreeSet;
use std::path::Path;

use crate::package::{Id, Package};

/// Of the linker's own libraries, and in which version, its own package tells.
const PARTS: [(&str, &[(&str, &str)]); 4] = [
    ("aarch64-unknown-linux-gnu", &LLVM),
    ("x86_64-pc-windows-gnu", &MINGW),
    ("x86_64-unknown-linux-gnu", &LLVM),
    ("x86_64-unknown-linux-musl", &LLVM),
];

const LLVM: [(&str, &str); 2] = [("libunwind", "Apache-2.0 WITH LLVM-exception"), ("zig", "MIT")];

const MINGW: [(&str, &str); 3] = [
    ("libgcc", "GPL-3.0-or-later WITH GCC-exception-3.1"),
    ("mingw-w64", "ZPL-2.1"),
    ("winpthreads", "MIT AND BSD-3-Clause"),
];

pub(crate) fn of(target: &str) -> Result<Vec<(Id, Package)>, String> {
    let (_, parts) = PARTS
        .iter()
        .find(|(known, _)| *known == target)
        .ok_or_else(|| format!("nobody has written down what the linker adds for {target}"))?;
    let with_text = |name: &str, license: &str| {
        let folder = Some(Path::new("packaging/licenses").join(name));
        (Id { name: name.to_owned(), version: None }, Package { folder, ..part(license) })
    };
    Ok(parts.iter().map(|(name, license)| with_text(name, license)).collect())
}

pub(crate) fn jna(version: &str) -> (Id, Package) {
    let purl = Some(format!("pkg:maven/net.java.dev.jna/jna@{version}"));
    (Id::new("jna", version), Package { purl, ..part("LGPL-2.1-or-later OR Apache-2.0") })
}

fn part(license: &str) -> Package {
    Package {
        license: license.to_owned(),
        authors: Vec::new(),
        purl: None,
        sha256: None,
        folder: None,
        needs: BTreeSet::new(),
        targets: BTreeSet::new(),
    }
}
