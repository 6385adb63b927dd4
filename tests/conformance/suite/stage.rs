//! What a scenario is played on: a server, a folder with a file, an application server.

use super::compile::target;
use super::scenario::{Known, Scenario};
use oss_server::{AccessKey, Options, OssServer};
use std::error::Error;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::path::PathBuf;
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use tempfile::TempDir;

type Fallible<T> = Result<T, Box<dyn Error>>;

pub(crate) const BUCKET: &str = "bucket";
const KEY: &str = "folder/object";
/// No port of a well-known service, and none that is given to anybody who asks for a free one.
const NOBODY: &str = "http://127.0.0.1:1";

pub(crate) struct Stage {
    pub(crate) server: OssServer,
    pub(crate) key: String,
    folder: TempDir,
    file: PathBuf,
    application: String,
}

impl Stage {
    pub(crate) fn set(scenario: &Scenario) -> Fallible<Self> {
        let mut options = Options::default();
        if !scenario.known.is_empty() {
            options.access_keys = scenario.known.iter().map(access_key).collect::<Fallible<_>>()?;
        }
        let server = OssServer::start(options)?;
        server.create_bucket(BUCKET);
        let folder = tempfile::tempdir()?;
        let name = scenario.file.as_ref().map_or("missing", |file| &file.name);
        let file = folder.path().join(name);
        let key = scenario.key.clone().unwrap_or_else(|| KEY.to_owned());
        let application = scenario.application.as_ref().map_or(Ok(String::new()), |answer| application(answer))?;
        let stage = Self { server, key, folder, file, application };
        if let Some(file) = &scenario.file {
            stage.write(file.size, Duration::from_secs(3600))?;
        }
        Ok(stage)
    }

    /// Fills the file with bytes that never were there before.
    fn write(&self, size: usize, age: Duration) -> Fallible<()> {
        let mut bytes = vec![0; size];
        fastrand::fill(&mut bytes);
        std::fs::write(&self.file, bytes)?;
        std::fs::File::options().write(true).open(&self.file)?.set_modified(SystemTime::now() - age)?;
        Ok(())
    }

    /// Gives the file as many other bytes, and a time that tells so.
    pub(crate) fn change(&self) -> Fallible<()> {
        self.write(self.bytes()?.len(), Duration::from_secs(60))
    }

    pub(crate) fn bytes(&self) -> std::io::Result<Vec<u8>> {
        std::fs::read(&self.file)
    }

    pub(crate) fn record(&self) -> PathBuf {
        let mut path = self.file.clone().into_os_string();
        path.push(".ucp");
        path.into()
    }

    /// A file that tells a driver what to do.
    pub(crate) fn order(&self, nth: usize) -> PathBuf {
        self.folder.path().join(format!("order-{nth}"))
    }

    /// What a scenario cannot know, put in place of its name.
    pub(crate) fn fill_in(&self, text: &str) -> String {
        text.replace("{file}", &target::path(&self.file).to_string_lossy())
            .replace("{folder}", &target::path(self.folder.path()).to_string_lossy())
            .replace("{application}", &self.application)
            .replace("{nobody}", NOBODY)
    }
}

fn access_key(known: &Known) -> Fallible<AccessKey> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs() as i64;
    let key = AccessKey::new(&known.id, &known.secret);
    let token = (known.token != "-").then(|| known.token.clone());
    Ok(AccessKey { token, expires_unix: Some(now + known.seconds), ..key })
}

/// An application server that answers every call alike; where it is.
fn application(answer: &str) -> Fallible<String> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let address = listener.local_addr()?;
    let head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n";
    let answer = format!("{head}Content-Length: {}\r\n\r\n{answer}", answer.len());
    std::thread::spawn(move || {
        for connection in listener.incoming() {
            let Ok(mut connection) = connection else { return };
            let mut call = [0; 4096];
            // A call is small: it comes at once, or else its answer is not read either.
            if connection.read(&mut call).is_ok() {
                drop(connection.write_all(answer.as_bytes()));
            }
        }
    });
    Ok(format!("http://{address}/stored"))
}
