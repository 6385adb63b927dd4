//! Programs that a target cannot have, and why.

use super::compile::target;

pub(crate) const ON_WINDOWS: [(&str, &str); 2] =
    [("bad_input", "its server stands on sockets of POSIX"), ("sigpipe", "Windows has no such signal")];

/// Why the target that is tested does not have the program, if so.
pub(crate) fn reason(name: &str) -> Option<&'static str> {
    let left_out = if target::is_windows() { &ON_WINDOWS[..] } else { &[] };
    left_out.iter().find(|(program, _)| *program == name).map(|(_, reason)| *reason)
}
