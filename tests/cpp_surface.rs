//! Nothing of the C API is missing in C++, and no name of it has another meaning there.

#[path = "c/declarations.rs"]
#[allow(dead_code, reason = "types are looked at elsewhere")]
mod declarations;
#[path = "c/header.rs"]
#[allow(dead_code, reason = "older headers are looked at elsewhere")]
mod header;

use std::path::Path;

use declarations::What;

/// What the headers do not call, and why.
const LEFT_OUT: [(&str, &str); 1] =
    [("ossup_client_upload_file", "Client::upload is a start and a wait, as it has a listener and a token to stop by")];

/// All of the headers.
fn headers() -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let files = std::fs::read_dir(root.join("bindings/cpp/ossup")).expect("a folder of the repository");
    let paths = files.map(|entry| entry.expect("it is listed").path());
    paths.map(|path| std::fs::read_to_string(path).expect("plain text")).collect()
}

fn has_word(text: &str, word: &str) -> bool {
    text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').any(|found| found == word)
}

#[test]
fn every_function_is_called_or_left_out_for_a_reason() {
    let headers = headers();
    let functions = declarations::functions(&header::text());
    assert!(functions.len() > 150, "{}", functions.len());
    for (name, _) in functions {
        let is_left_out = LEFT_OUT.iter().any(|(left_out, _)| *left_out == name);
        assert_eq!(!has_word(&headers, &name), is_left_out, "{name}");
    }
}

#[test]
fn every_value_of_an_enum_has_its_name() {
    let headers = headers();
    let mut checked = 0;
    for declaration in declarations::read(&header::text()) {
        let What::Enum(members) = &declaration.what else { continue };
        for member in members {
            let lines: Vec<_> = headers.lines().filter(|line| line.contains(&format!(" = {},", member.name))).collect();
            assert_eq!(lines.len(), 1, "{}", member.name);
            let name = lines[0].trim().split(' ').next().expect("a name").to_uppercase();
            assert!(member.name.ends_with(&format!("_{name}")), "{} is {name}", member.name);
            checked += 1;
        }
    }
    assert!(checked > 50, "{checked}");
}

/// Shared objects that hold other versions of the headers have types of other names.
#[test]
fn the_namespace_bears_the_version() {
    let version = env!("CARGO_PKG_VERSION").replace('.', "_");
    assert!(headers().contains(&format!("#define OSSUP_VERSIONED v{version}\n")));
}

/// `windows.h` has macros of these names, unless it is told not to.
#[test]
fn no_macro_takes_a_call_of_min_or_max() {
    let headers = headers();
    assert!(headers.contains("(std::min)("));
    for call in ["min(", "max("] {
        let begins_a_word = |place: usize| !headers[..place].ends_with(|c: char| c.is_alphanumeric() || c == '_');
        assert!(headers.match_indices(call).all(|(place, _)| !begins_a_word(place)), "{call}");
    }
}
