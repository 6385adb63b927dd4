//! Expressions of SPDX: "MIT OR Apache-2.0".

/// As SPDX has it: manifests of old write a slash for OR.
pub(crate) fn normalized(license: &str) -> String {
    license.split('/').map(str::trim).collect::<Vec<_>>().join(" OR ")
}

/// The licences and exceptions that an expression names; an error where it is none.
pub(crate) fn names(expression: &str) -> Result<Vec<&str>, String> {
    let fault = || format!("'{expression}' is no licence");
    let mut names = Vec::new();
    let mut depth = 0_usize;
    // A name is due, and after it a word that joins.
    let mut is_name_due = true;
    for word in words(expression) {
        match (word, is_name_due) {
            ("(", true) => depth += 1,
            (")", false) => depth = depth.checked_sub(1).ok_or_else(fault)?,
            ("AND" | "OR" | "WITH", false) => is_name_due = true,
            (name, true) if is_name(name) => {
                names.push(name);
                is_name_due = false;
            }
            (_, _) => return Err(fault()),
        }
    }
    if is_name_due || depth > 0 { Err(fault()) } else { Ok(names) }
}

fn is_name(word: &str) -> bool {
    !["AND", "OR", "WITH"].contains(&word) && word.chars().all(|c| c.is_ascii_alphanumeric() || ".-+".contains(c))
}

/// Parentheses are words of their own.
fn words(expression: &str) -> impl Iterator<Item = &str> {
    let is_parenthesis = |c: char| c == '(' || c == ')';
    expression
        .split_inclusive(is_parenthesis)
        .flat_map(move |piece| match piece.strip_suffix(is_parenthesis) {
            Some(before) => [before, &piece[before.len()..]],
            None => [piece, ""],
        })
        .flat_map(str::split_whitespace)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions_name_their_licences() {
        assert_eq!(names("MIT").unwrap(), ["MIT"]);
        assert_eq!(names("(MIT OR Apache-2.0) AND Unicode-3.0").unwrap(), ["MIT", "Apache-2.0", "Unicode-3.0"]);
        let exception = "MIT AND Apache-2.0 WITH LLVM-exception AND (MIT OR Apache-2.0)";
        assert_eq!(names(exception).unwrap(), ["MIT", "Apache-2.0", "LLVM-exception", "MIT", "Apache-2.0"]);
    }

    #[test]
    fn what_is_no_expression_is_refused() {
        for text in
            ["", "MIT OR", "OR MIT", "MIT Apache-2.0", "(MIT", "MIT)", "MIT AND AND ISC", "MIT, ISC", "see LICENSE"]
        {
            assert!(names(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_slash_is_an_or() {
        assert_eq!(normalized("MIT/Apache-2.0"), "MIT OR Apache-2.0");
        assert_eq!(normalized("Unlicense OR MIT"), "Unlicense OR MIT");
    }
}
