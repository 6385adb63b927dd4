//! A word and the rest of its line: the one form of scenarios, of what drivers are told, and of what they tell.

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Line {
    pub(crate) name: String,
    pub(crate) value: String,
}

impl Line {
    pub(crate) fn new(name: &str, value: &str) -> Self {
        Self { name: name.to_owned(), value: value.to_owned() }
    }

    pub(crate) fn read(text: &str) -> Self {
        let (name, value) = text.split_once(' ').unwrap_or((text, ""));
        Self::new(name, value)
    }
}

impl std::fmt::Display for Line {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.name, self.value)
    }
}
