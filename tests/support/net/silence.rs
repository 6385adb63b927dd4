//! Servers that say nothing, or as good as nothing.

use super::{RUNTIME, serve};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpSocket;

/// Accepts, and reads nothing.
pub(crate) fn black_hole() -> SocketAddr {
    serve(|connection| async move {
        std::future::pending::<()>().await;
        drop(connection);
    })
}

/// Answers each request a byte at a time.
pub(crate) fn dripping_answers(pause: Duration) -> SocketAddr {
    serve(move |mut connection| async move {
        let mut request = [0; 1 << 16];
        let _client_went_away = connection.read(&mut request).await;
        for byte in b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n".iter().chain(&[b' '; 1000]) {
            if connection.write_all(&[*byte]).await.is_err() {
                return;
            }
            tokio::time::sleep(pause).await;
        }
    })
}

/// A port whose queue of connections is full: none is accepted, none refused. Lasts as long as what is returned.
pub(crate) struct FullQueue {
    pub(crate) address: SocketAddr,
    _listener: tokio::net::TcpListener,
    _waiting: Vec<TcpStream>,
}

impl FullQueue {
    pub(crate) fn new() -> Self {
        let _in_the_runtime = RUNTIME.enter();
        let socket = TcpSocket::new_v4().unwrap();
        socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
        let listener = socket.listen(1).unwrap();
        let address = listener.local_addr().unwrap();
        let connect = || TcpStream::connect_timeout(&address, Duration::from_millis(300)).ok();
        let waiting: Vec<_> = std::iter::from_fn(connect).take(100).collect();
        assert!(waiting.len() < 100, "the queue never fills up");
        Self { address, _listener: listener, _waiting: waiting }
    }
}
