//! The licences of all that is linked, as a text: a list of packages, then each text once.

use std::fmt::Write as _;

use crate::package::Bill;
use crate::texts::Texts;

/// A text that lies with several packages is printed once.
struct Shared {
    /// Its words: how lines are broken makes no other text.
    words: String,
    text: String,
    owners: Vec<String>,
}

pub(crate) fn written(bill: &Bill, texts: &Texts) -> Result<String, String> {
    let mut shared: Vec<Shared> = Vec::new();
    let mut list = String::new();
    for (id, package) in &bill.packages {
        let mut numbers = Vec::new();
        for text in texts.of(package).map_err(|error| format!("{id}: {error}"))? {
            let number = number_of(&mut shared, &text.text);
            shared[number].owners.push(format!("{id} ({})", text.name));
            numbers.push((number + 1).to_string());
        }
        let authors =
            if package.authors.is_empty() { String::new() } else { format!("; {}", package.authors.join(", ")) };
        line(&mut list, format_args!("{id}: {} [{}]{authors}", package.license, numbers.join(", ")));
    }
    let targets: Vec<_> = bill.targets.iter().map(String::as_str).collect();
    let mut all = format!(
        "{} for {} has in it what is listed here. The numbers are those of the texts below.\n\n{list}",
        bill.root,
        targets.join(", ")
    );
    for (number, shared) in shared.iter().enumerate() {
        line(&mut all, format_args!("\n{}\n[{}] {}\n", "=".repeat(80), number + 1, shared.owners.join(", ")));
        line(&mut all, format_args!("{}", shared.text));
    }
    Ok(all)
}

fn line(text: &mut String, arguments: std::fmt::Arguments<'_>) {
    // To a String it cannot fail.
    let _ = writeln!(text, "{arguments}");
}

fn number_of(shared: &mut Vec<Shared>, text: &str) -> usize {
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let known = shared.iter().position(|known| known.words == words);
    known.unwrap_or_else(|| {
        shared.push(Shared { words, text: text.trim_matches(['\r', '\n']).replace('\r', ""), owners: Vec::new() });
        shared.len() - 1
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_printed_once() {
        let mut shared = Vec::new();
        assert_eq!(number_of(&mut shared, "\nfirst \r\nsecond\n\n"), 0);
        assert_eq!(number_of(&mut shared, "another"), 1);
        assert_eq!(number_of(&mut shared, "first\nsecond"), 0);
        assert_eq!(shared.len(), 2);
    }
}
