//! A small HTTP service that answers as the test says, and keeps what it was asked.

#![allow(clippy::unwrap_used, reason = "a broken fixture is a failed test")]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// A request as it came.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    /// Method and target.
    pub(crate) line: String,
    /// Names in lower case.
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
}

impl Asked {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(other, _)| other == name).map(|(_, value)| value.as_str())
    }
}

/// What is to be answered.
pub(crate) enum Reply {
    Page(u16, String),
    /// Nothing, and the connection stays.
    Silence,
    /// A body that never ends.
    Flood,
}

pub(crate) fn page(status: u16, body: impl Into<String>) -> Reply {
    Reply::Page(status, body.into())
}

pub(crate) struct Service {
    pub(crate) origin: String,
    asked: Arc<Mutex<Vec<Asked>>>,
}

impl Service {
    pub(crate) fn start(reply: impl Fn(&Asked) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let asked: Arc<Mutex<Vec<Asked>>> = Arc::default();
        let (kept, reply) = (Arc::clone(&asked), Arc::new(reply));
        std::thread::spawn(move || {
            for connection in listener.incoming().flatten() {
                let (kept, reply) = (Arc::clone(&kept), Arc::clone(&reply));
                std::thread::spawn(move || {
                    if let Some(request) = read(&connection) {
                        kept.lock().unwrap().push(request.clone());
                        write(connection, reply(&request));
                    }
                });
            }
        });
        Self { origin, asked }
    }

    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }

    pub(crate) fn lines(&self) -> Vec<String> {
        self.asked().into_iter().map(|asked| asked.line).collect()
    }
}

fn read(connection: &TcpStream) -> Option<Asked> {
    let mut reader = BufReader::new(connection);
    let head: Vec<_> = (&mut reader).lines().map_while(Result::ok).take_while(|line| !line.is_empty()).collect();
    let (first, rest) = head.split_first()?;
    let header = |line: &String| line.split_once(": ").map(|(name, value)| (name.to_lowercase(), value.to_owned()));
    let headers: Vec<_> = rest.iter().filter_map(header).collect();
    let length =
        headers.iter().find(|(name, _)| name == "content-length").map_or(0, |(_, value)| value.parse().unwrap());
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    let line = first.trim_end_matches(" HTTP/1.1").to_owned();
    Some(Asked { line, headers, body: String::from_utf8(body).unwrap() })
}

fn write(mut connection: TcpStream, reply: Reply) {
    match reply {
        Reply::Page(status, body) => {
            let length = body.len();
            let _gone = write!(
                connection,
                "HTTP/1.1 {status} So\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n{body}"
            );
        }
        Reply::Silence => {
            // Until the other side has enough.
            let _gone = connection.read(&mut [0]);
        }
        Reply::Flood => {
            let mut alive = connection.write_all(b"HTTP/1.1 200 OK\r\n\r\n").is_ok();
            while alive {
                alive = connection.write_all(&[b' '; 4096]).is_ok();
            }
        }
    }
}
