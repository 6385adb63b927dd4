//! `abi/numbers.txt`: every number that ever meant something. One that is retired is never given away again.

use std::collections::BTreeMap;

use crate::release;
use crate::{is_update, repository, repository_file, today};

const LIST: &str = "abi/numbers.txt";

/// The values in a description: what is named, and its number.
fn values(description: &str) -> BTreeMap<String, String> {
    let values = description.lines().filter_map(|line| line.strip_prefix("value ")?.split_once(": "));
    values.map(|(name, number)| (name.to_owned(), number.to_owned())).collect()
}

/// The lines of the list: what is named, its number, and whether it is retired.
fn listed(list: &str) -> Vec<(String, String, bool)> {
    let line = |line: &str| {
        let words: Vec<_> = line.split(' ').collect();
        match words[..] {
            [name, number] => (name.to_owned(), number.to_owned(), false),
            [name, number, "retired"] => (name.to_owned(), number.to_owned(), true),
            _ => panic!("{LIST}: {line}"),
        }
    };
    list.lines().map(line).collect()
}

/// What is wrong with the list, seen from the values that there are now.
fn objections(list: &str, values: &BTreeMap<String, String>) -> Vec<String> {
    let listed = listed(list);
    let mut objections = Vec::new();
    let mut names = BTreeMap::new();
    for (name, number, is_retired) in &listed {
        let meaning = (name.split('.').next(), number);
        if let Some(other) = names.insert(meaning, name) {
            objections.push(format!("{name} has the number {number} of {other}"));
        }
        match values.get(name) {
            Some(_) if *is_retired => objections.push(format!("{name} is retired, and there all the same")),
            Some(is) if is != number => objections.push(format!("{name} was {number}, and is {is}")),
            None if !is_retired => objections.push(format!("{name} is gone: its number is to be retired")),
            _ => {}
        }
    }
    for name in values.keys().filter(|name| !listed.iter().any(|(listed, ..)| listed == *name)) {
        objections.push(format!("{name} is not listed: run `make header`"));
    }
    objections
}

/// `make header` adds to the list and takes nothing from it.
#[test]
fn every_number_is_listed_and_means_one_thing() {
    let mut list = std::fs::read_to_string(repository(LIST)).unwrap_or_default();
    let values = values(today());
    if is_update() {
        let known = listed(&list);
        for (name, number) in values.iter().filter(|(name, _)| !known.iter().any(|(known, ..)| known == *name)) {
            list.push_str(&format!("{name} {number}\n"));
        }
        std::fs::write(repository(LIST), &list).unwrap();
    }
    assert_eq!(objections(&list, &values), [""; 0]);
}

#[test]
fn what_was_released_is_still_listed() {
    let listed = listed(&repository_file(LIST));
    for release in release::all() {
        for (name, number) in values(&release.description()) {
            let is_listed = listed.iter().any(|(named, has, _)| (named, has) == (&name, &number));
            assert!(is_listed, "{name} {number} of version {} is not in {LIST}", release.version);
        }
    }
}

#[test]
fn a_number_that_is_used_again_is_noticed() {
    let now = BTreeMap::from([("ossup_a.NEW".to_owned(), "1".to_owned())]);
    let objections = |list: &str| objections(list, &now);
    assert_eq!(objections("ossup_a.NEW 1\nossup_b.OTHER 1 retired\n"), [""; 0]);
    assert_eq!(objections("ossup_a.OLD 1 retired\nossup_a.NEW 1\n"), ["ossup_a.NEW has the number 1 of ossup_a.OLD"]);
    assert_eq!(objections("ossup_a.NEW 2\n"), ["ossup_a.NEW was 2, and is 1"]);
    assert_eq!(objections("ossup_a.NEW 1 retired\n"), ["ossup_a.NEW is retired, and there all the same"]);
    assert_eq!(objections("ossup_a.NEW 1\nossup_a.GONE 3\n"), ["ossup_a.GONE is gone: its number is to be retired"]);
    assert_eq!(objections(""), ["ossup_a.NEW is not listed: run `make header`"]);
}
