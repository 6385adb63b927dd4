//! What cargo hands to every test: options, and words that the names of tests are to contain.

pub(crate) struct Args {
    words: Vec<String>,
    /// Somebody asks for names, in a form that only the usual tests have.
    pub(crate) lists: bool,
}

impl Args {
    pub(crate) fn read() -> Self {
        let (options, words): (Vec<_>, Vec<_>) = std::env::args().skip(1).partition(|word| word.starts_with('-'));
        Self { words, lists: options.iter().any(|option| option == "--list") }
    }

    pub(crate) fn wants(&self, name: &str) -> bool {
        self.words.is_empty() || self.words.iter().any(|word| name.contains(word))
    }
}
