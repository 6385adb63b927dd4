//! The listeners: from an accepted socket to the requests on it.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio_rustls::TlsAcceptor;

use crate::admin;
use crate::connection::Connection;
use crate::exchange::exchange;
use crate::site::Site;
use crate::wire::{Stream, Wire};

/// Small when the server throttles, so that bytes wait at the client and not in the kernel.
const THROTTLED_BUFFER: u32 = 64 * 1024;

/// What a listener offers.
#[derive(Clone)]
pub(crate) enum Offer {
    Http,
    Https(TlsAcceptor),
    Admin,
}

pub(crate) fn bind(site: &Site, port: u16) -> io::Result<TcpListener> {
    let address = SocketAddr::new(site.options.address, port);
    let socket = match address {
        SocketAddr::V4(_) => TcpSocket::new_v4()?,
        SocketAddr::V6(_) => TcpSocket::new_v6()?,
    };
    socket.set_reuseaddr(true)?;
    if site.options.throttle.is_some() {
        socket.set_recv_buffer_size(THROTTLED_BUFFER)?;
    }
    socket.bind(address)?;
    socket.listen(1024)
}

/// Accepts connections until the runtime ends.
pub(crate) async fn serve(site: Arc<Site>, listener: TcpListener, offer: Offer, next_connection: Arc<AtomicU64>) {
    loop {
        // A connection that died in the queue is no reason to stop.
        let Ok((tcp, _)) = listener.accept().await else {
            tokio::task::yield_now().await;
            continue;
        };
        let site = Arc::clone(&site);
        let offer = offer.clone();
        let id = next_connection.fetch_add(1, Ordering::Relaxed);
        let entered = site.enter();
        tokio::spawn(async move {
            // Whatever ends one connection early is its client's affair.
            let _ = converse(site, tcp, offer, id).await;
            drop(entered);
        });
    }
}

async fn converse(site: Arc<Site>, tcp: TcpStream, offer: Offer, id: u64) -> io::Result<()> {
    tcp.set_nodelay(true)?;
    let stream = match offer {
        Offer::Http => Stream::Plain(tcp),
        Offer::Https(acceptor) => Stream::Tls(Box::new(acceptor.accept(tcp).await?)),
        Offer::Admin => return admin::converse(site, tcp).await,
    };
    let connection = Arc::new(Connection::new(id));
    let wire = Wire::new(stream, Arc::clone(&connection));
    let pace = site.pace();
    let mut serving = http1::Builder::new()
        .auto_date_header(false)
        .title_case_headers(site.options.faces.title_case_headers)
        .serve_connection(
            TokioIo::new(wire),
            service_fn(|request| exchange(Arc::clone(&site), Arc::clone(&connection), pace.clone(), request)),
        );
    tokio::select! {
        ended = &mut serving => ended.map_err(io::Error::other),
        how = connection.cut_wanted() => serving.into_parts().io.into_inner().cut(how).await,
    }
}
