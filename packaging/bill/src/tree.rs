//! What lies in the compiler's own tree, whose sources come here without the texts of their licences.

use std::path::{Path, PathBuf};

/// Tables of Unicode's are in it, which its manifest does not say.
const WITH_TABLES: &str = "core";
/// Ported from elsewhere, with notices of its own.
const PORTED: &str = "compiler_builtins";

pub(crate) fn license(name: &str, said: String) -> String {
    if name == WITH_TABLES { format!("({said}) AND Unicode-3.0") } else { said }
}

pub(crate) fn folders(name: &str) -> Vec<PathBuf> {
    let folders: &[&str] = match name {
        WITH_TABLES => &["rust", "unicode"],
        PORTED => &["compiler_builtins"],
        _ => &["rust"],
    };
    folders.iter().map(|folder| Path::new("packaging/licenses").join(folder)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spdx;

    #[test]
    fn core_has_tables_of_unicodes() {
        let license = license("core", "MIT OR Apache-2.0".to_owned());
        assert_eq!(spdx::names(&license).unwrap(), ["MIT", "Apache-2.0", "Unicode-3.0"]);
        assert!(folders("core").contains(&PathBuf::from("packaging/licenses/unicode")));
    }

    #[test]
    fn others_have_what_they_say() {
        assert_eq!(license("std", "MIT OR Apache-2.0".to_owned()), "MIT OR Apache-2.0");
        assert_eq!(folders("std"), [PathBuf::from("packaging/licenses/rust")]);
        assert_eq!(folders("compiler_builtins"), [PathBuf::from("packaging/licenses/compiler_builtins")]);
    }
}
