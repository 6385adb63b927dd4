//! The header as a compiler sees it: without what is for another system alone.

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum System {
    Unix,
    Windows,
}

/// What programs are compiled for: this system, unless `OSSUP_TEST_TARGET` names another.
pub(crate) fn system() -> System {
    let target = std::env::var("OSSUP_TEST_TARGET").unwrap_or_default();
    if target.contains("windows") { System::Windows } else { System::Unix }
}

/// The header of today, on that system.
pub(crate) fn text() -> String {
    text_on(system())
}

/// The same on some system.
pub(crate) fn text_on(system: System) -> String {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("include/ossup.h");
    seen_on(system, &std::fs::read_to_string(path).expect("the header is there"))
}

/// Any header on some system.
pub(crate) fn seen_on(system: System, header: &str) -> String {
    let hides = match system {
        System::Unix => "#if defined(_WIN32)",
        System::Windows => "#if !defined(_WIN32)",
    };
    let mut is_hidden = false;
    let mut seen = String::new();
    for line in header.lines() {
        is_hidden |= line == hides;
        if !is_hidden {
            seen.push_str(line);
            seen.push('\n');
        }
        is_hidden &= line != "#endif";
    }
    seen
}
