//! A provider of credentials that answers as the order says.

use super::order::{Able, Order, number};
use ossup::{Answer, Credentials, Error, Fetched, Kind, Provider, Result};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

#[derive(Debug)]
pub(super) struct Script {
    answers: Vec<Deed>,
    questions: AtomicUsize,
}

#[derive(Debug)]
enum Deed {
    Give { id: String, secret: String, token: Option<String>, seconds: Option<i64> },
    Fail(String),
}

impl Script {
    /// None where the order has no answers.
    pub(super) fn of(order: &Order) -> Able<Option<Self>> {
        let read =
            |(name, value): (&str, &str)| if name == "give" { give(value) } else { Ok(Deed::Fail(value.to_owned())) };
        let answers: Vec<_> = order.among(&["give", "give_failure"]).into_iter().map(read).collect::<Able<_>>()?;
        Ok((!answers.is_empty()).then(|| Self { answers, questions: AtomicUsize::new(0) }))
    }

    pub(super) fn questions(&self) -> usize {
        self.questions.load(Ordering::Relaxed)
    }

    fn answer(&self) -> Result<Fetched> {
        let question = self.questions.fetch_add(1, Ordering::Relaxed);
        match &self.answers[question.min(self.answers.len() - 1)] {
            Deed::Give { id, secret, token, seconds } => Ok(Fetched {
                credentials: Credentials::new(id, secret, token.as_deref())?,
                expires: seconds.map(|seconds| now() + seconds),
            }),
            Deed::Fail(text) => Err(Error::new(Kind::NoCredentials, text)),
        }
    }
}

impl Provider for Script {
    fn name(&self) -> &str {
        "the driver"
    }

    fn fetch(&self) -> Answer<'_, Result<Fetched>> {
        Box::pin(async { self.answer() })
    }
}

fn give(text: &str) -> Able<Deed> {
    let words: Vec<_> = text.split(' ').collect();
    let [id, secret, token, seconds] = words[..] else { return Err(format!("give {text}: four words are needed")) };
    let given = |word: &str| (word != "-").then(|| word.to_owned());
    let seconds = given(seconds).map(|text| number("give", &text)).transpose()?;
    Ok(Deed::Give { id: id.to_owned(), secret: secret.to_owned(), token: given(token), seconds })
}

fn now() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs() as i64)
}
