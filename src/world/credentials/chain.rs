//! Several sources, asked in the order in which they were named.

use super::{Fetched, Provider};
use crate::error::{Error, Kind, Result};
use crate::world::Answer;
use std::fmt::Debug;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::timeout;

/// Is told what becomes of the questions.
pub trait Witness: Debug + Send + Sync {
    /// A source has given credentials, which end then.
    fn fetched(&self, source: &str, expires: Option<i64>);
    /// A source has none; when it was the last, there are none.
    fn refused(&self, refusal: &Error, is_last: bool);
}

/// The first source that has credentials.
#[derive(Debug)]
pub struct Chain {
    sources: Vec<Arc<dyn Provider>>,
    /// How long each of them may take.
    patience: Duration,
    witness: Box<dyn Witness>,
}

impl Chain {
    /// These sources, in this order.
    pub fn new(sources: Vec<Arc<dyn Provider>>, patience: Duration, witness: Box<dyn Witness>) -> Self {
        Self { sources, patience, witness }
    }

    async fn ask_all(&self) -> Result<Fetched> {
        let mut refusals = Vec::new();
        for source in &self.sources {
            match self.ask(source.as_ref()).await {
                Ok(fetched) => {
                    self.witness.fetched(source.name(), fetched.expires);
                    return Ok(fetched);
                }
                Err(error) => {
                    let refusal = named(source.name(), error);
                    self.witness.refused(&refusal, refusals.len() + 1 == self.sources.len());
                    refusals.push(refusal);
                }
            }
        }
        Err(summary(refusals))
    }

    async fn ask(&self, source: &dyn Provider) -> Result<Fetched> {
        let late = |_| {
            let message = format!("no answer within {} ms", self.patience.as_millis());
            Error::new(Kind::NoCredentials, message).temporary()
        };
        timeout(self.patience, source.fetch()).await.map_err(late)?
    }
}

impl Provider for Chain {
    fn name(&self) -> &str {
        "credentials"
    }

    fn fetch(&self) -> Answer<'_, Result<Fetched>> {
        Box::pin(self.ask_all())
    }
}

fn named(name: &str, mut error: Error) -> Error {
    let report = error.report_mut();
    // A defect stays one.
    if report.kind != Kind::Internal {
        report.kind = Kind::NoCredentials;
    }
    report.message = format!("no credentials from {name}: {}", report.message);
    error
}

/// What each of them said.
fn summary(refusals: Vec<Error>) -> Error {
    if let [only] = refusals.as_slice() {
        return only.clone();
    }
    let said: Vec<String> = refusals.iter().map(Error::to_string).collect();
    let error = Error::new(Kind::NoCredentials, said.join("; "));
    if refusals.iter().any(|refusal| refusal.report().temporary) { error.temporary() } else { error }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::oss::sign::Credentials;
    use std::future::pending;
    use std::sync::Mutex;

    /// Gives credentials with its name as their id, refuses, or never answers.
    #[derive(Debug)]
    enum Source {
        Gives(&'static str),
        Refuses(Error),
        Hangs,
    }

    impl Provider for Source {
        fn name(&self) -> &str {
            match self {
                Self::Gives(name) => name,
                Self::Refuses(_) => "the refusing one",
                Self::Hangs => "the hanging one",
            }
        }

        fn fetch(&self) -> Answer<'_, Result<Fetched>> {
            match self {
                Self::Gives(name) => {
                    let credentials = Credentials::new(name, "s", None).unwrap();
                    Box::pin(std::future::ready(Ok(Fetched { credentials, expires: None })))
                }
                Self::Refuses(error) => Box::pin(std::future::ready(Err(error.clone()))),
                Self::Hangs => Box::pin(pending()),
            }
        }
    }

    /// Writes down what it is told.
    #[derive(Clone, Debug, Default)]
    struct Scribe(Arc<Mutex<Vec<String>>>);

    impl Witness for Scribe {
        fn fetched(&self, source: &str, expires: Option<i64>) {
            self.0.lock().unwrap().push(format!("{source} until {expires:?}"));
        }

        fn refused(&self, refusal: &Error, is_last: bool) {
            self.0.lock().unwrap().push(format!("{refusal}, {is_last}"));
        }
    }

    async fn ask_before(witness: &Scribe, sources: Vec<Source>) -> Result<String> {
        let sources = sources.into_iter().map(|source| Arc::new(source) as Arc<dyn Provider>).collect();
        let fetched = Chain::new(sources, Duration::from_secs(60), Box::new(witness.clone())).fetch().await;
        fetched.map(|fetched| fetched.credentials.id.clone())
    }

    async fn ask(sources: Vec<Source>) -> Result<String> {
        ask_before(&Scribe::default(), sources).await
    }

    fn refusing() -> Source {
        Source::Refuses(Error::new(Kind::BadAnswer, "not today"))
    }

    #[tokio::test(start_paused = true)]
    async fn the_first_that_has_credentials_counts() {
        assert_eq!(ask(vec![Source::Gives("a"), Source::Gives("b")]).await.unwrap(), "a");
        assert_eq!(ask(vec![refusing(), Source::Hangs, Source::Gives("b"), Source::Gives("c")]).await.unwrap(), "b");
    }

    #[tokio::test(start_paused = true)]
    async fn the_error_lists_what_each_said() {
        let only = ask(vec![refusing()]).await.unwrap_err();
        assert_eq!(only.to_string(), "no credentials from the refusing one: not today");
        assert_eq!((only.kind(), only.report().temporary), (Kind::NoCredentials, false));
        let both = ask(vec![refusing(), Source::Hangs]).await.unwrap_err();
        assert_eq!((both.kind(), both.report().temporary), (Kind::NoCredentials, true));
        for said in ["the refusing one: not today", "the hanging one: no answer within 60000 ms"] {
            assert!(both.to_string().contains(said), "{both}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn each_answer_is_witnessed_and_the_last_refusal_is_known_as_such() {
        let witness = Scribe::default();
        ask_before(&witness, vec![refusing(), Source::Gives("b")]).await.unwrap();
        ask_before(&witness, vec![Source::Hangs]).await.unwrap_err();
        let told = witness.0.lock().unwrap().join("\n");
        let expected = "no credentials from the refusing one: not today, false\nb until None\n\
            no credentials from the hanging one: no answer within 60000 ms, true";
        assert_eq!(told, expected);
    }
}
