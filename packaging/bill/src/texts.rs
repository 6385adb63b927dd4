//! Texts of licences: those that a package brings, or those that its licences have for everybody.

use std::fs;
use std::path::{Path, PathBuf};

use crate::package::Package;
use crate::spdx;

const BEGINNINGS: [&str; 6] = ["license", "licence", "copying", "copyright", "notice", "unlicense"];
/// Code that is named like a licence.
const NO_TEXTS: [&str; 5] = ["rs", "c", "h", "py", "toml"];

/// Where the texts lie that packages without one of their own get.
pub(crate) struct Texts {
    common: PathBuf,
}

/// A text, and what it is called.
pub(crate) struct Text {
    pub(crate) name: String,
    pub(crate) text: String,
}

impl Texts {
    pub(crate) fn new(common: &Path) -> Self {
        Self { common: common.to_path_buf() }
    }

    /// Never none: a package without a licence is an error.
    pub(crate) fn of(&self, package: &Package) -> Result<Vec<Text>, String> {
        let mut own = Vec::new();
        for folder in &package.folders {
            gather(folder, folder, &mut own)?;
        }
        if own.is_empty() { self.by_name(&package.license) } else { Ok(own) }
    }

    fn by_name(&self, license: &str) -> Result<Vec<Text>, String> {
        let mut names = spdx::names(license)?;
        names.sort_unstable();
        names.dedup();
        names
            .into_iter()
            .map(|name| Ok(Text { name: name.to_owned(), text: read(&self.common.join(format!("{name}.txt")))? }))
            .collect()
    }
}

fn read(file: &Path) -> Result<String, String> {
    fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()))
}

/// In folders, too: a package may have parts with licences of their own.
fn gather(root: &Path, folder: &Path, found: &mut Vec<Text>) -> Result<(), String> {
    let fault = |error: std::io::Error| format!("{}: {error}", folder.display());
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder).map_err(fault)? {
        paths.push(entry.map_err(fault)?.path());
    }
    paths.sort();
    for path in paths {
        if path.is_dir() {
            gather(root, &path, found)?;
        } else if is_license(&path) {
            let name = path.strip_prefix(root).unwrap_or(&path).to_string_lossy().into_owned();
            found.push(Text { name, text: read(&path)? });
        }
    }
    Ok(())
}

fn is_license(file: &Path) -> bool {
    let name = file.file_name().unwrap_or_default().to_string_lossy().to_lowercase();
    let extension = file.extension().unwrap_or_default().to_string_lossy();
    BEGINNINGS.iter().any(|beginning| name.starts_with(beginning)) && !NO_TEXTS.contains(&extension.as_ref())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_known_by_their_names() {
        for name in ["LICENSE", "LICENSE-MIT.md", "license-apache-2.0", "COPYING", "NOTICE.txt", "UNLICENSE", "LICENCE"]
        {
            assert!(is_license(Path::new(name)), "{name}");
        }
        for name in ["README.md", "license.rs", "my-license", "licenses.toml"] {
            assert!(!is_license(Path::new(name)), "{name}");
        }
    }
}
