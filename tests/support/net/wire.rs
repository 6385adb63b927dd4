//! A little HTTP: as much as one needs to look at a request and pass it on.

use std::io::{Error, ErrorKind, Result};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;

/// The first lines of a request.
pub(crate) struct Head {
    pub(crate) method: String,
    pub(crate) target: String,
    pub(crate) fields: Vec<(String, String)>,
}

impl Head {
    /// Reads no byte beyond the empty line.
    pub(crate) async fn read(stream: &mut (impl AsyncRead + Unpin)) -> Result<Self> {
        let mut text = Vec::new();
        while !text.ends_with(b"\r\n\r\n") {
            text.push(stream.read_u8().await?);
        }
        let text = String::from_utf8(text).map_err(|error| Error::new(ErrorKind::InvalidData, error))?;
        let mut lines = text.lines();
        let mut words = lines.next().unwrap_or_default().split(' ').map(str::to_owned);
        let (method, target) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
        let fields = lines.filter_map(|line| line.split_once(": "));
        let fields = fields.map(|(name, value)| (name.to_lowercase(), value.to_owned())).collect();
        Ok(Self { method, target, fields })
    }

    pub(crate) fn field(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    pub(crate) fn body_length(&self) -> u64 {
        self.field("content-length").map_or(0, |length| length.parse().unwrap())
    }

    /// For one exchange alone, without what was meant for a proxy.
    pub(crate) async fn pass_on(&self, target: &str, upstream: &mut TcpStream) -> Result<()> {
        let mut text = format!("{} {target} HTTP/1.1\r\nconnection: close\r\n", self.method);
        for (name, value) in &self.fields {
            if !["connection", "proxy-authorization"].contains(&name.as_str()) {
                text.push_str(&format!("{name}: {value}\r\n"));
            }
        }
        text.push_str("\r\n");
        upstream.write_all(text.as_bytes()).await
    }
}

/// Takes so many bytes from one and gives them to the other.
pub(crate) async fn carry(
    from: &mut (impl AsyncRead + Unpin),
    to: &mut (impl AsyncWrite + Unpin),
    length: u64,
) -> Result<()> {
    let carried = tokio::io::copy(&mut from.take(length), to).await?;
    if carried == length { Ok(()) } else { Err(ErrorKind::UnexpectedEof.into()) }
}

/// Answers before the body was read, and takes the rest of it, so that the answer is not lost.
pub(crate) async fn refuse(
    stream: &mut (impl AsyncRead + AsyncWrite + Unpin),
    status: &str,
    fields: &str,
    body: &str,
) -> Result<()> {
    let length = body.len();
    let answer = format!("HTTP/1.1 {status}\r\n{fields}content-length: {length}\r\nconnection: close\r\n\r\n{body}");
    stream.write_all(answer.as_bytes()).await?;
    stream.shutdown().await?;
    tokio::io::copy(stream, &mut tokio::io::sink()).await.map(drop)
}
