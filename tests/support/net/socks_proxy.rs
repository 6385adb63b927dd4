//! A SOCKS 5 proxy, perhaps with a password.

use super::serve;
use std::io::{ErrorKind, Result};
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional};
use tokio::net::TcpStream;

const VERSION: u8 = 5;
const NO_PASSWORD: u8 = 0;
const PASSWORD: u8 = 2;
const NOTHING_FITS: u8 = 0xff;

pub(crate) struct SocksProxy {
    pub(crate) address: SocketAddr,
    asked: Arc<Mutex<Vec<String>>>,
}

impl SocksProxy {
    /// Lets through who gives this user and password, or everybody.
    pub(crate) fn start(password: Option<(&'static str, &'static str)>) -> Self {
        let asked = Arc::<Mutex<Vec<String>>>::default();
        let seen = Arc::clone(&asked);
        let address = serve(move |connection| {
            let seen = Arc::clone(&seen);
            async move {
                let _client_went_away = pass(connection, password, &seen).await;
            }
        });
        Self { address, asked }
    }

    /// The hosts that were asked for, as names or addresses.
    pub(crate) fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

async fn pass(mut client: TcpStream, password: Option<(&str, &str)>, seen: &Mutex<Vec<String>>) -> Result<()> {
    let _version = client.read_u8().await?;
    let methods = short(&mut client).await?;
    let method = if password.is_some() { PASSWORD } else { NO_PASSWORD };
    if !methods.contains(&method) {
        return client.write_all(&[VERSION, NOTHING_FITS]).await;
    }
    client.write_all(&[VERSION, method]).await?;
    if let Some((user, password)) = password {
        let _version = client.read_u8().await?;
        let given = (short(&mut client).await?, short(&mut client).await?);
        let fits = given == (user.as_bytes().to_vec(), password.as_bytes().to_vec());
        client.write_all(&[1, u8::from(!fits)]).await?;
        if !fits {
            return Ok(());
        }
    }
    let mut request = [0; 4];
    client.read_exact(&mut request).await?;
    let host = match request[3] {
        1 => Ipv4Addr::from(client.read_u32().await?).to_string(),
        4 => Ipv6Addr::from(client.read_u128().await?).to_string(),
        3 => String::from_utf8(short(&mut client).await?).map_err(|_| ErrorKind::InvalidData)?,
        _ => return Err(ErrorKind::InvalidData.into()),
    };
    let port = client.read_u16().await?;
    seen.lock().unwrap().push(host.clone());
    let mut upstream = TcpStream::connect((host.as_str(), port)).await?;
    client.write_all(&[VERSION, 0, 0, 1, 0, 0, 0, 0, 0, 0]).await?;
    copy_bidirectional(&mut client, &mut upstream).await.map(drop)
}

/// Bytes after their number.
async fn short(client: &mut TcpStream) -> Result<Vec<u8>> {
    let mut bytes = vec![0; client.read_u8().await?.into()];
    client.read_exact(&mut bytes).await?;
    Ok(bytes)
}
