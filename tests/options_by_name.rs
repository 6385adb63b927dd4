//! Each setter of one value is reachable by its name, and says the same either way: a C program is made from the header, so
//! that none can be forgotten.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "a header that cannot be read is a failed test")]

#[path = "c/compile.rs"]
mod compile;
#[path = "c/header.rs"]
mod header;

use std::fmt::Write;
use std::path::Path;

/// What is tried with a kind of value: as C writes it, and as the option's text.
fn values(kind: &str) -> Vec<(String, String)> {
    let numbers =
        |numbers: &[&str]| numbers.iter().map(|number| (format!("{number}u"), format!("\"{number}\""))).collect();
    let texts = ["\"\"", "BAD_UTF8", "\"text\"", "\"a b\\n\"", "\"http://a b\"", "\"x-1\"", "NULL"];
    match kind {
        "bool" => ["true", "false"].map(|word| (word.to_owned(), format!("\"{word}\""))).into(),
        "uint32_t" => numbers(&["0", "1", "4", "1000", "1001", "4294967295"]),
        "uint64_t" => numbers(&["0", "1", "1023", "1024", "102400", "18446744073709551615"]),
        "int64_t" => ["-1", "0", "7"].map(|number| (number.to_owned(), format!("\"{number}\""))).into(),
        "const char *" => texts.map(|text| (text.to_owned(), text.to_owned())).into(),
        other => unreachable!("what is tried with {other}?"),
    }
}

/// Builder, name and kind of every setter that takes one value.
fn setters() -> Vec<(String, String, String)> {
    let header = header::text();
    let statements = header.split(';').filter_map(|statement| statement.rsplit_once("ossup_status ossup_"));
    statements
        .filter_map(|(_, function)| {
            let (function, parameters) = function.trim_end_matches(')').split_once('(')?;
            let (builder, name) = function.split_once("_set_")?;
            let parameters = parameters.split_whitespace().collect::<Vec<_>>().join(" ");
            let (_, value) = parameters.split_once(", ")?;
            let is_one = !value.contains(',') && ["config", "request"].contains(&builder) && name != "option";
            let kind = value[..=value.rfind([' ', '*'])?].trim_end();
            is_one.then(|| (builder.to_owned(), name.to_owned(), kind.to_owned()))
        })
        .collect()
}

fn program(setters: &[(String, String, String)]) -> String {
    let mut checks = String::new();
    for (builder, name, kind) in setters {
        for (value, text) in values(kind) {
            writeln!(checks, "    COMPARE({builder}, {name}, {value}, {text});").unwrap();
        }
        if kind != "const char *" {
            writeln!(checks, "    REFUSE({builder}, {name}, \"nonsense\");").unwrap();
        }
    }
    format!(
        r#"#include "fixture.h"

static unsigned refused;

static bool same(const char *one, const char *other)
{{
    return one == NULL || other == NULL ? one == other : strcmp(one, other) == 0;
}}

#define COMPARE(builder, name, value, text)                                                          \
    do {{                                                                                             \
        ossup_##builder *direct = NULL, *named = NULL;                                               \
        CHECK_STATUS(OSSUP_OK, ossup_##builder##_new(&direct));                                      \
        CHECK_STATUS(OSSUP_OK, ossup_##builder##_new(&named));                                       \
        ossup_status status = ossup_##builder##_set_##name(direct, value);                           \
        CHECK_STATUS(status, ossup_##builder##_set_option(named, #name, text));                      \
        CHECK(same(ossup_##builder##_error(direct), ossup_##builder##_error(named)));                \
        refused += status != OSSUP_OK;                                                               \
        ossup_##builder##_free(direct);                                                              \
        ossup_##builder##_free(named);                                                               \
    }} while (0)

#define REFUSE(builder, name, text)                                                                  \
    do {{                                                                                             \
        ossup_##builder *named = NULL;                                                               \
        CHECK_STATUS(OSSUP_OK, ossup_##builder##_new(&named));                                       \
        CHECK_STATUS(OSSUP_INVALID_ARGUMENT, ossup_##builder##_set_option(named, #name, text));      \
        CHECK_NAMES(#name, ossup_##builder##_error(named));                                          \
        ossup_##builder##_free(named);                                                               \
    }} while (0)

int main(void)
{{
{checks}    CHECK(refused > 60);
    return 0;
}}
"#
    )
}

#[test]
fn a_setter_and_its_name_say_the_same() {
    let setters = setters();
    assert!(setters.len() >= 60, "{setters:?}");
    let folder = tempfile::tempdir().unwrap();
    let source = folder.path().join("options.c");
    std::fs::write(&source, program(&setters)).unwrap();
    let output = compile::compile(&source).command().output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned() + &String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && said.is_empty(), "{}\n{said}", output.status);
}

/// What refuses nothing says nothing: the table itself shows that it leads to that setter.
#[test]
fn each_name_leads_to_its_setter() {
    let table = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/ffi/options.rs")).unwrap();
    let setters = setters();
    for (builder, name, _) in &setters {
        let (begin, end) = (format!("(\"{name}\", "), format!("({builder}::ossup_{builder}_set_{name})),"));
        let row = table.lines().find(|line| line.trim_start().starts_with(&begin) && line.ends_with(&end));
        assert!(row.is_some(), "no row leads from {name} to ossup_{builder}_set_{name}");
    }
    let rows = table.lines().filter(|line| line.trim_start().starts_with("(\"")).count();
    assert_eq!(rows, setters.len(), "a name leads to no setter of the header");
}
