//! A relay in front of a server that writes down the head of every request, byte by byte as it went out.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

pub(crate) struct Wire {
    pub(crate) endpoint: String,
    heads: Arc<Mutex<Vec<String>>>,
}

impl Wire {
    /// Relays to the server at this endpoint.
    pub(crate) fn to(endpoint: &str) -> Self {
        let server = endpoint.strip_prefix("http://").unwrap().to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let endpoint = format!("http://{}", listener.local_addr().unwrap());
        let heads = Arc::new(Mutex::new(Vec::new()));
        let written = Arc::clone(&heads);
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let server = TcpStream::connect(&server).unwrap();
                let (from, to) = (server.try_clone().unwrap(), client.try_clone().unwrap());
                thread::spawn(move || relay(from, to, |_| {}));
                let heads = Arc::clone(&written);
                thread::spawn(move || {
                    let mut reader = Heads { pending: Vec::new(), body: 0 };
                    relay(client, server, |bytes| reader.take(bytes, &heads));
                });
            }
        });
        Self { endpoint, heads }
    }

    /// The heads so far; the next call begins anew.
    pub(crate) fn take(&self) -> Vec<String> {
        std::mem::take(&mut *self.heads.lock().unwrap())
    }
}

/// Passes bytes on until either side ends.
fn relay(mut from: TcpStream, mut to: TcpStream, mut seen: impl FnMut(&[u8])) {
    let mut buffer = [0; 16 << 10];
    while let Ok(count @ 1..) = from.read(&mut buffer) {
        seen(&buffer[..count]);
        if to.write_all(&buffer[..count]).is_err() {
            break;
        }
    }
    let _gone_already = (from.shutdown(std::net::Shutdown::Both), to.shutdown(std::net::Shutdown::Both));
}

/// Tells heads from bodies.
struct Heads {
    pending: Vec<u8>,
    /// Bytes of the body that are still to come.
    body: usize,
}

impl Heads {
    fn take(&mut self, bytes: &[u8], heads: &Mutex<Vec<String>>) {
        self.pending.extend_from_slice(bytes);
        loop {
            let skipped = self.body.min(self.pending.len());
            self.pending.drain(..skipped);
            self.body -= skipped;
            let Some(end) = self.pending.windows(4).position(|window| window == b"\r\n\r\n") else { return };
            let head = String::from_utf8(self.pending.drain(..end + 4).collect()).unwrap();
            self.body = length(&head);
            heads.lock().unwrap().push(head);
        }
    }
}

fn length(head: &str) -> usize {
    let line =
        head.lines().find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length: ").map(str::to_owned));
    line.map_or(0, |length| length.parse().unwrap())
}
