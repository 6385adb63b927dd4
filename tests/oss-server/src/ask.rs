//! One plain HTTP request, for scripts on machines without an HTTP client.

use std::io::{self, Read, Write};
use std::net::TcpStream;

use crate::args::Ask;

/// Writes the body of the answer to stdout; tells whether the status was 2xx.
pub(crate) fn run(ask: &Ask) -> io::Result<bool> {
    let rest = ask.url.strip_prefix("http://").ok_or_else(|| io::Error::other("the URL must begin with http://"))?;
    let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
    let address = match authority.contains(':') {
        true => authority.to_owned(),
        false => format!("{authority}:80"),
    };
    let mut stream = TcpStream::connect(address)?;
    // HTTP/1.0: the answer is neither chunked nor followed by another.
    write!(
        stream,
        "{} /{path} HTTP/1.0\r\nHost: {authority}\r\nContent-Length: {}\r\n\r\n{}",
        ask.method,
        ask.body.len(),
        ask.body
    )?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    let split = answer
        .windows(4)
        .position(|window| window == b"\r\n\r\n")
        .ok_or_else(|| io::Error::other("the answer has no head"))?;
    let head = String::from_utf8_lossy(&answer[..split]);
    let succeeded = head.split_whitespace().nth(1).is_some_and(|status| status.starts_with('2'));
    let mut out = io::stdout().lock();
    out.write_all(&answer[split + 4..])?;
    out.flush()?;
    if !succeeded {
        eprintln!("{}", head.lines().next().unwrap_or_default());
    }
    Ok(succeeded)
}
