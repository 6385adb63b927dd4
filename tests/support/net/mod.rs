//! What may stand between an upload and OSS: proxies, and servers that break off or stand still.

#![allow(dead_code, clippy::unwrap_used, reason = "each test uses some of it, and a broken fixture is a failed test")]

pub(crate) mod authority;
pub(crate) mod http_proxy;
pub(crate) mod relay;
pub(crate) mod silence;
pub(crate) mod socks_proxy;
mod wire;

use std::future::Future;
use std::net::SocketAddr;
use std::sync::LazyLock;
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::{Builder, Runtime};

/// All of these servers live here, until the test's process ends.
static RUNTIME: LazyLock<Runtime> =
    LazyLock::new(|| Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap());

/// Listens on a free port of this machine and gives each connection away.
fn serve<F: Future<Output = ()> + Send + 'static>(handle: impl Fn(TcpStream) -> F + Send + 'static) -> SocketAddr {
    let listener = RUNTIME.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
    let address = listener.local_addr().unwrap();
    RUNTIME.spawn(async move {
        while let Ok((connection, _)) = listener.accept().await {
            RUNTIME.spawn(handle(connection));
        }
    });
    address
}
