//! The byte stream of a connection, plain or TLS, which tells when an answer has reached the socket.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, ReadBuf};
use tokio::net::TcpStream;
use tokio_rustls::server::TlsStream;

use crate::connection::{Connection, Cut};

const CONTINUE: &[u8] = b"HTTP/1.1 100 Continue\r\n\r\n";
const LONGEST_FAREWELL: Duration = Duration::from_secs(2);

pub(crate) struct Wire {
    stream: Stream,
    connection: Arc<Connection>,
    /// What goes out before anything else.
    first: &'static [u8],
}

pub(crate) enum Stream {
    Plain(TcpStream),
    Tls(Box<TlsStream<TcpStream>>),
}

impl Wire {
    pub(crate) fn new(stream: Stream, connection: Arc<Connection>) -> Self {
        Self { stream, connection, first: b"" }
    }

    /// Ends the connection in the wanted way.
    pub(crate) async fn cut(self, how: Cut) -> io::Result<()> {
        let mut tcp = match self.stream {
            Stream::Plain(tcp) => tcp,
            Stream::Tls(tls) => tls.into_inner().0,
        };
        match how {
            Cut::Reset => tcp.set_zero_linger(),
            Cut::Close => {
                tcp.shutdown().await?;
                // Closing with unread bytes would reset; the client shall see an orderly end.
                let mut rest = vec![0; 64 * 1024];
                let drained = async { while tcp.read(&mut rest).await.is_ok_and(|n| n > 0) {} };
                let _ = tokio::time::timeout(LONGEST_FAREWELL, drained).await;
                Ok(())
            }
        }
    }

    fn poll_first(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.connection.takes_continue() {
            self.first = CONTINUE;
        }
        while !self.first.is_empty() {
            let first = self.first;
            let count = ready!(self.writer().poll_write(cx, first))?;
            self.first = &first[count..];
        }
        Poll::Ready(Ok(()))
    }

    fn writer(&mut self) -> Pin<&mut (dyn AsyncWrite + Unpin)> {
        match &mut self.stream {
            Stream::Plain(tcp) => Pin::new(tcp),
            Stream::Tls(tls) => Pin::new(tls),
        }
    }
}

impl AsyncRead for Wire {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        match &mut self.stream {
            Stream::Plain(tcp) => Pin::new(tcp).poll_read(cx, buffer),
            Stream::Tls(tls) => Pin::new(tls).poll_read(cx, buffer),
        }
    }
}

impl AsyncWrite for Wire {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        ready!(self.poll_first(cx))?;
        self.connection.handing_over();
        let outcome = self.writer().poll_write(cx, bytes);
        if !matches!(&outcome, Poll::Ready(Ok(count)) if *count == bytes.len()) {
            self.connection.not_taken();
        }
        outcome
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let outcome = self.writer().poll_flush(cx);
        match &outcome {
            Poll::Ready(Ok(())) => self.connection.flushed(),
            Poll::Ready(Err(_)) => self.connection.not_taken(),
            Poll::Pending => {}
        }
        outcome
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.writer().poll_shutdown(cx)
    }
}
