//! An HTTP proxy: CONNECT, and requests with whole addresses; perhaps with a password, perhaps spoken to in TLS.

use super::authority::Authority;
use super::wire::{Head, carry, refuse};
use super::{RUNTIME, serve};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use std::io::Result;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt, copy_bidirectional};
use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;

/// What the proxy was asked for.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Asked {
    pub(crate) method: String,
    pub(crate) target: String,
    pub(crate) user_agent: Option<String>,
    pub(crate) was_let_through: bool,
}

#[derive(Clone)]
enum Admits {
    Everybody,
    /// Whoever gives this.
    Password(String),
    Nobody,
}

pub(crate) struct HttpProxy {
    pub(crate) address: SocketAddr,
    asked: Arc<Mutex<Vec<Asked>>>,
}

impl HttpProxy {
    /// Lets everybody through.
    pub(crate) fn open() -> Self {
        Self::start(Admits::Everybody, None)
    }

    /// Lets through who gives this, `user:password`.
    pub(crate) fn with_password(password: &str) -> Self {
        Self::start(Admits::password(password), None)
    }

    /// Answers "no!" to everybody, in its own name.
    pub(crate) fn closed() -> Self {
        Self::start(Admits::Nobody, None)
    }

    /// Is spoken to in TLS, under the name localhost.
    pub(crate) fn with_tls(authority: &Authority) -> Self {
        let acceptor = authority.acceptor(&authority.issue(&["localhost"], false));
        Self::start(Admits::password("user:password"), Some(acceptor))
    }

    fn start(admits: Admits, tls: Option<TlsAcceptor>) -> Self {
        let asked = Arc::<Mutex<Vec<Asked>>>::default();
        let seen = Arc::clone(&asked);
        let address = serve(move |connection| {
            let (admits, seen, tls) = (admits.clone(), Arc::clone(&seen), tls.clone());
            async move {
                let _client_went_away = match tls {
                    None => pass(connection, &admits, &seen).await,
                    Some(tls) => match tls.accept(connection).await {
                        Ok(connection) => pass(connection, &admits, &seen).await,
                        Err(error) => Err(error),
                    },
                };
            }
        });
        Self { address, asked }
    }

    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }

    pub(crate) fn forget(&self) {
        self.asked.lock().unwrap().clear();
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }
}

impl Admits {
    fn password(password: &str) -> Self {
        Self::Password(format!("Basic {}", BASE64_STANDARD.encode(password)))
    }
}

async fn pass(
    mut client: impl AsyncRead + AsyncWrite + Unpin,
    admits: &Admits,
    seen: &Mutex<Vec<Asked>>,
) -> Result<()> {
    let head = Head::read(&mut client).await?;
    let was_let_through = match admits {
        Admits::Everybody => true,
        Admits::Password(expected) => head.field("proxy-authorization") == Some(expected),
        Admits::Nobody => false,
    };
    seen.lock().unwrap().push(Asked {
        method: head.method.clone(),
        target: head.target.clone(),
        user_agent: head.field("user-agent").map(str::to_owned),
        was_let_through,
    });
    if matches!(admits, Admits::Nobody) {
        return refuse(&mut client, "403 Forbidden", "", "no!").await;
    }
    if !was_let_through {
        let fields = "proxy-authenticate: Basic realm=\"test\"\r\n";
        return refuse(&mut client, "407 Proxy Authentication Required", fields, "").await;
    }
    if head.method == "CONNECT" {
        let mut upstream = TcpStream::connect(&head.target).await?;
        client.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n").await?;
        return copy_bidirectional(&mut client, &mut upstream).await.map(drop);
    }
    let (authority, path) = head.target.strip_prefix("http://").and_then(|rest| rest.split_once('/')).unwrap();
    let mut upstream = TcpStream::connect(authority).await?;
    head.pass_on(&format!("/{path}"), &mut upstream).await?;
    carry(&mut client, &mut upstream, head.body_length()).await?;
    tokio::io::copy(&mut upstream, &mut client).await?;
    client.shutdown().await
}

/// A port at which nobody listens.
pub(crate) fn closed_port() -> SocketAddr {
    let listener = RUNTIME.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).unwrap();
    listener.local_addr().unwrap()
}
