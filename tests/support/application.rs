//! What OSS calls back.

#![allow(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::mpsc;

/// An application server that answers every call alike, and hands on what it was sent.
pub(crate) fn server(status: &str, answer: &'static str) -> (String, mpsc::Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/stored", listener.local_addr().unwrap());
    let head =
        format!("HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n", answer.len());
    let (calls, heard) = mpsc::channel();
    std::thread::spawn(move || {
        for connection in listener.incoming() {
            let mut connection = connection.unwrap();
            let mut call = String::new();
            let mut buffer = [0; 4096];
            while !call.contains("size=") {
                let count = connection.read(&mut buffer).unwrap();
                call.push_str(std::str::from_utf8(&buffer[..count]).unwrap());
            }
            connection.write_all(format!("{head}{answer}").as_bytes()).unwrap();
            if calls.send(call).is_err() {
                return;
            }
        }
    });
    (url, heard)
}
