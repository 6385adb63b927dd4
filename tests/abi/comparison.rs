//! Whether programs that were made for one interface can live with another.

/// What is new, and what breaks such programs.
#[derive(Debug, Default)]
pub(crate) struct Comparison {
    pub(crate) additions: Vec<String>,
    pub(crate) breaks: Vec<String>,
}

/// Compares two descriptions.
pub(crate) fn compare(old: &str, new: &str) -> Comparison {
    let mut comparison = Comparison::default();
    for (what, was) in facts(old) {
        match find(new, what) {
            None => comparison.breaks.push(format!("{what} is gone; it was {was}")),
            Some(is) if is == was => {}
            Some(is) if grew_at_its_end(old, what, was, is) => {
                comparison.additions.push(format!("{what} grew from {was} to {is}"));
            }
            Some(is) => comparison.breaks.push(format!("{what} was {was}, and is {is}")),
        }
    }
    for (what, is) in facts(new).filter(|(what, _)| find(old, what).is_none()) {
        match room_taken(old, what, is) {
            Some(taken) => comparison.breaks.push(format!("{what}, which is new, takes {taken}")),
            None => comparison.additions.push(format!("{what} is new: {is}")),
        }
    }
    comparison
}

fn facts(description: &str) -> impl Iterator<Item = (&str, &str)> {
    description.lines().filter_map(|line| line.split_once(": "))
}

fn find<'a>(description: &'a str, what: &str) -> Option<&'a str> {
    facts(description).find_map(|(name, how)| (name == what).then_some(how))
}

fn bytes(how: &str) -> Option<u64> {
    how.strip_suffix(" bytes")?.parse().ok()
}

/// A struct may that says how large it is: whoever reads or fills it looks there first.
fn grew_at_its_end(old: &str, what: &str, was: &str, is: &str) -> bool {
    let Some(name) = what.strip_prefix("struct ") else { return false };
    find(old, &format!("field {name}.struct_size")).is_some() && bytes(is) > bytes(was)
}

/// Within the bytes that an old struct had, a new field is read where nobody wrote it.
fn room_taken(old: &str, what: &str, is: &str) -> Option<String> {
    let name = what.strip_prefix("field ")?.split('.').next()?;
    let had = bytes(find(old, &format!("struct {name}"))?)?;
    let at: u64 = is.rsplit_once(" at ")?.1.parse().ok()?;
    (at < had).then(|| format!("room at {at} within the {had} bytes that there were"))
}
