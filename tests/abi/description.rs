//! A header's binary interface as lines of text, `what: how it is`. Names and types are read from the header; a C program
//! that is made of it, the witness, defines each function and says the numbers, so that a compiler has agreed to all.

use std::process::Command;

use crate::declarations::{self, Declaration, Function, What};
use crate::header::{System, seen_on};

/// Describes the header that has this text, as it is here.
pub(crate) fn of(header: &str) -> String {
    on(System::Unix, header)
}

/// The same on some system. The witness runs here, where numbers and structs are as large as there.
pub(crate) fn on(system: System, header: &str) -> String {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = |name: &str| folder.path().join(name);
    std::fs::write(path("ossup.h"), header).expect("the folder is ours");
    std::fs::write(path("witness.c"), witness(&seen_on(system, header))).expect("the folder is ours");
    let compiled = Command::new(std::env::var_os("CC").unwrap_or("cc".into()))
        .args(match system {
            System::Unix => &[][..],
            System::Windows => &["-D_WIN32"],
        })
        .args(["-std=c99", "-Wall", "-Werror", "-I"])
        .args([folder.path(), &path("witness.c"), "-o".as_ref(), &path("witness")])
        .output()
        .expect("a C compiler");
    assert!(compiled.status.success(), "{}", String::from_utf8_lossy(&compiled.stderr));
    let said = Command::new(path("witness")).output().expect("the witness starts");
    assert!(said.status.success());
    String::from_utf8(said.stdout).expect("plain text")
}

fn witness(header: &str) -> String {
    let declarations = declarations::read(header);
    let stubs: String = declarations.iter().filter_map(stub).collect();
    let says: String = declarations.iter().flat_map(says).map(|line| format!("    {line}\n")).collect();
    format!("#include <ossup.h>\n#include <stdio.h>\n\n{stubs}\nint main(void)\n{{\n{says}    return 0;\n}}\n")
}

/// A definition. One that is not the header's does not compile.
fn stub(declaration: &Declaration) -> Option<String> {
    let What::Function(function) = &declaration.what else { return None };
    let named = |(index, kind): (usize, &str)| format!("{kind} p{index}");
    let parameters: Vec<_> = function.parameters.iter().map(|p| p.kind.as_str()).enumerate().map(named).collect();
    let list = if parameters.is_empty() { "void".to_owned() } else { parameters.join(", ") };
    let body = if function.returns == "void" { "" } else { " return 0; " };
    Some(format!("{} {}({list}) {{{body}}}\n", function.returns, declaration.name))
}

/// The statements that say what a declaration is.
fn says(declaration: &Declaration) -> Vec<String> {
    let name = &declaration.name;
    let plain = |what: &str, how: &str| format!("puts(\"{what} {name}: {how}\");");
    let prototype = |function: &Function| format!("{} ({})", function.returns, function.kinds());
    let number = |what: &str, name: &str| format!("printf(\"{what}{name}: %lld\\n\", (long long)({name}));");
    match &declaration.what {
        What::Handle => vec![plain("handle", "opaque")],
        What::Callback(function) => vec![
            // One whose type was read wrongly does not compile.
            format!("{{ {} (*same)({}) = ({name})0; (void)same; }}", function.returns, function.kinds()),
            plain("callback", &prototype(function)),
        ],
        What::Function(function) => vec![plain("function", &prototype(function))],
        What::Constant => vec![number("constant ", name)],
        What::Enum(values) => {
            let size = format!("printf(\"enum {name}: %zu bytes\\n\", sizeof({name}));");
            let values = values.iter().map(|value| number(&format!("value {name}."), &value.name));
            std::iter::once(size).chain(values).collect()
        }
        What::Struct(fields) => {
            let size = format!("printf(\"struct {name}: %zu bytes\\n\", sizeof({name}));");
            let fields = fields.iter().map(|field| {
                let place = format!("sizeof((({name} *)0)->{0}), offsetof({name}, {0})", field.name);
                format!("printf(\"field {name}.{}: {}, %zu bytes at %zu\\n\", {place});", field.name, field.kind)
            });
            std::iter::once(size).chain(fields).collect()
        }
    }
}
