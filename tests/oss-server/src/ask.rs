//! One plain HTTP request, for scripts on machines without an HTTP client.

use std::io::{self, BufRead, BufReader, Write};
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
    let mut answer = BufReader::new(stream);
    let (status, length) = read_head(&mut answer)?;
    let mut out = io::stdout().lock();
    let copied = io::copy(&mut answer, &mut out)?;
    out.flush()?;
    if length.is_some_and(|length| length != copied) {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    let succeeded = (200..300).contains(&status);
    if !succeeded {
        eprintln!("HTTP status {status}");
    }
    Ok(succeeded)
}

/// The status and the length of the body that is to follow.
fn read_head(answer: &mut impl BufRead) -> io::Result<(u16, Option<u64>)> {
    let mut status = None;
    let mut length = None;
    let mut line = String::new();
    while answer.read_line(&mut line)? > 0 && !line.trim_end().is_empty() {
        match (status, line.split_once(':')) {
            (None, _) => status = line.split_whitespace().nth(1).and_then(|word| word.parse().ok()),
            (Some(_), Some((name, value))) if name.eq_ignore_ascii_case("content-length") => {
                length = value.trim().parse().ok();
            }
            (Some(_), _) => {}
        }
        line.clear();
    }
    let status = status.ok_or_else(|| io::Error::other("the answer is not HTTP"))?;
    Ok((status, length))
}
