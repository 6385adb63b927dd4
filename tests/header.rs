//! The committed header is what cbindgen makes of the source.

use std::path::Path;
use std::{env, fs};

/// The files of `src/ffi` in the header's order.
const IN_ORDER: [&str; 18] = [
    "status",
    "library",
    "user_data",
    "credentials",
    "config",
    "log",
    "client",
    "request",
    "options",
    "callback",
    "progress",
    "resume_token",
    "upload",
    "result",
    "queue",
    "record",
    "incomplete",
    "error",
];

#[test]
fn header_is_generated_from_the_source() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let config = cbindgen::Config::from_file(root.join("cbindgen.toml")).expect("cbindgen.toml can be read");
    let sources = IN_ORDER.iter().map(|name| root.join("src/ffi").join(name).with_extension("rs"));
    let builder = sources.fold(cbindgen::Builder::new().with_config(config), cbindgen::Builder::with_src);
    let mut made = Vec::new();
    builder.generate().expect("cbindgen understands the source").write(&mut made);
    let committed = root.join("include/ossup.h");
    if env::var_os("OSSUP_UPDATE").is_some() {
        fs::write(&committed, &made).expect("include/ossup.h can be written");
    }
    let there = fs::read(&committed).unwrap_or_default();
    assert!(there == made, "include/ossup.h is not what the source says: run `make header`");
}
