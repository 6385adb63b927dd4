//! The header as a compiler on this system sees it: without what is for Windows alone.

pub(crate) fn text() -> String {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("include/ossup.h");
    here(&std::fs::read_to_string(path).expect("the header is there"))
}

pub(crate) fn here(header: &str) -> String {
    let mut is_for_windows = false;
    let mut here = String::new();
    for line in header.lines() {
        is_for_windows |= line == "#if defined(_WIN32)";
        if !is_for_windows {
            here.push_str(line);
            here.push('\n');
        }
        is_for_windows &= line != "#endif";
    }
    here
}
