//! What no cargo knows of: what the linker adds, and what Java needs beside the library.

use std::collections::BTreeSet;
use std::path::Path;

use crate::package::{Id, Package};

/// It has the version of zig.
const SETUP: &str = include_str!("../../../scripts/cross-setup.sh");

/// What a linker adds. Its texts lie in the folder of its name.
struct Part {
    name: &'static str,
    license: &'static str,
    version: Version,
    /// Where it lies in whose tree, when it has none of its own.
    tree: Option<(&'static str, &'static str)>,
}

enum Version {
    /// That of zig which `scripts/cross-setup.sh` lays down.
    Zig,
    Fixed(&'static str),
}

const PARTS: [(&str, &[Part]); 4] = [
    ("aarch64-unknown-linux-gnu", &[LIBUNWIND, ZIG, GLIBC]),
    ("x86_64-pc-windows-gnu", &[LIBGCC, MINGW, WINPTHREADS]),
    ("x86_64-unknown-linux-gnu", &[LIBUNWIND, ZIG, GLIBC]),
    ("x86_64-unknown-linux-musl", &[LIBUNWIND, ZIG]),
];

const LIBUNWIND: Part = Part {
    name: "libunwind",
    license: "Apache-2.0 WITH LLVM-exception",
    version: Version::Zig,
    tree: Some(("zig", "lib/libunwind")),
};
const ZIG: Part = Part { name: "zig", license: "MIT", version: Version::Zig, tree: None };
/// Functions that an old glibc has in every program instead of in its library: `stat64` and its like. zig keeps them as they were
/// in the last glibc that had them.
const GLIBC: Part = Part {
    name: "glibc",
    license: "LGPL-2.1-or-later WITH GCC-exception-2.0-note",
    version: Version::Fixed("2.32"),
    tree: None,
};

// Those of Debian 12, which stay the same as long as it lives.
const LIBGCC: Part = Part {
    name: "libgcc",
    license: "GPL-3.0-or-later WITH GCC-exception-3.1",
    version: Version::Fixed("12.2.0"),
    tree: Some(("gcc", "libgcc")),
};
const MINGW: Part = Part { name: "mingw-w64", license: "ZPL-2.1", version: Version::Fixed("10.0.0"), tree: None };
const WINPTHREADS: Part = Part {
    name: "winpthreads",
    license: "MIT AND BSD-3-Clause",
    version: Version::Fixed("10.0.0"),
    tree: Some(("mingw-w64", "mingw-w64-libraries/winpthreads")),
};

pub(crate) fn of(target: &str) -> Result<Vec<(Id, Package)>, String> {
    let (_, parts) = PARTS
        .iter()
        .find(|(known, _)| *known == target)
        .ok_or_else(|| format!("nobody has written down what the linker adds for {target}"))?;
    parts.iter().map(listed).collect()
}

fn listed(part: &Part) -> Result<(Id, Package), String> {
    let version = match part.version {
        Version::Zig => zig_version()?,
        Version::Fixed(version) => version,
    };
    let purl = match part.tree {
        Some((whole, path)) => format!("pkg:generic/{whole}@{version}#{path}"),
        None => format!("pkg:generic/{}@{version}", part.name),
    };
    let folders = vec![Path::new("packaging/licenses").join(part.name)];
    Ok((Id::new(part.name, version), Package { folders, ..package(part.license, purl) }))
}

fn zig_version() -> Result<&'static str, String> {
    let version = SETUP.lines().find_map(|line| line.strip_prefix("zig_version="));
    version.ok_or_else(|| "scripts/cross-setup.sh does not tell zig's version".to_owned())
}

pub(crate) fn jna(version: &str) -> (Id, Package) {
    let purl = format!("pkg:maven/net.java.dev.jna/jna@{version}");
    (Id::new("jna", version), package("LGPL-2.1-or-later OR Apache-2.0", purl))
}

fn package(license: &str, purl: String) -> Package {
    Package {
        license: license.to_owned(),
        authors: Vec::new(),
        purl,
        sha256: None,
        folders: Vec::new(),
        needs: BTreeSet::new(),
        targets: BTreeSet::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spdx;
    use crate::texts::Texts;

    fn names(target: &str) -> Vec<String> {
        of(target).unwrap().into_iter().map(|(id, _)| id.name).collect()
    }

    #[test]
    fn what_is_linked_with_an_old_glibc_has_functions_of_it() {
        for target in ["aarch64-unknown-linux-gnu", "x86_64-unknown-linux-gnu"] {
            assert!(names(target).contains(&"glibc".to_owned()), "{target}");
        }
        assert!(!names("x86_64-unknown-linux-musl").contains(&"glibc".to_owned()));
    }

    #[test]
    fn parts_are_told_with_version_and_purl() {
        let zig = zig_version().unwrap();
        assert!(zig.split('.').count() == 3 && zig.chars().all(|c| c.is_ascii_digit() || c == '.'), "{zig}");
        let purls: Vec<_> =
            of("x86_64-unknown-linux-gnu").unwrap().into_iter().map(|(_, package)| package.purl).collect();
        let [unwind, whole] = ["#lib/libunwind", ""].map(|path| format!("pkg:generic/zig@{zig}{path}"));
        assert_eq!(purls, [unwind, whole, "pkg:generic/glibc@2.32".to_owned()]);
    }

    #[test]
    fn each_part_has_a_licence_and_its_texts() {
        let repository = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        for (id, mut package) in PARTS.iter().flat_map(|(target, _)| of(target).unwrap()) {
            spdx::names(&package.license).unwrap();
            package.folders.iter_mut().for_each(|folder| *folder = repository.join(&folder));
            // No common texts to fall back on.
            assert!(Texts::new(Path::new("/nowhere")).of(&package).is_ok(), "{id}");
        }
    }

    #[test]
    fn another_target_is_refused() {
        assert!(of("riscv64gc-unknown-linux-gnu").is_err());
    }
}
