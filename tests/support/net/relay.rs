//! A box before the stand-in that passes everything on, but for the requests that it was told to spoil.

use super::serve;
use super::wire::{Head, carry};
use std::io::Result;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// Where in an exchange something happens.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Phase {
    AfterHeaders,
    InBody,
    AfterBody,
    InAnswerHeaders,
    InAnswerBody,
}

impl Phase {
    pub(crate) const ALL: [Self; 5] =
        [Self::AfterHeaders, Self::InBody, Self::AfterBody, Self::InAnswerHeaders, Self::InAnswerBody];
}

/// What happens there.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Then {
    /// The connection is reset.
    Reset,
    /// The connection is closed.
    Close,
    /// Nothing, for ever.
    Silence,
    /// What is left of the body is taken at this rate.
    BytesPerS(u64),
    /// A refusal is on its way for this long; it arrives only where no body has come meanwhile.
    RefusalAfter(Duration),
}

/// Spoils the exchanges whose request line holds certain words.
#[derive(Clone)]
pub(crate) struct Spoil {
    pub(crate) words: &'static str,
    pub(crate) at: Phase,
    pub(crate) then: Then,
}

/// Starts it; returns its endpoint.
pub(crate) fn before(server: &str, spoil: Spoil) -> String {
    let upstream: SocketAddr = server.strip_prefix("http://").unwrap().parse().unwrap();
    let spoil = Arc::new(spoil);
    let address = serve(move |client| {
        let spoil = Arc::clone(&spoil);
        async move {
            let _somebody_went_away = pass(client, upstream, &spoil).await;
        }
    });
    format!("http://{address}")
}

/// Cuts the connection when the first bytes of TLS have come.
pub(crate) fn cut_in_tls(then: Then) -> String {
    let address = serve(move |mut client| async move {
        let mut hello = [0; 16];
        let _client_went_away = client.read_exact(&mut hello).await;
        end(client, then).await;
    });
    format!("https://localhost:{}", address.port())
}

async fn pass(mut client: TcpStream, upstream: SocketAddr, spoil: &Spoil) -> Result<()> {
    let head = Head::read(&mut client).await?;
    let is_hit = format!("{} {}", head.method, head.target).contains(spoil.words);
    let length = head.body_length();
    let before_cut = match spoil.at {
        _ if !is_hit => length,
        Phase::AfterHeaders => 0,
        Phase::InBody => length / 2,
        Phase::AfterBody | Phase::InAnswerHeaders | Phase::InAnswerBody => length,
    };
    let mut server = TcpStream::connect(upstream).await?;
    head.pass_on(&head.target, &mut server).await?;
    carry(&mut client, &mut server, before_cut).await?;
    if is_hit && matches!(spoil.at, Phase::AfterHeaders | Phase::InBody | Phase::AfterBody) {
        match spoil.then {
            Then::RefusalAfter(time) => return refuse(client, time).await,
            Then::BytesPerS(rate) => trickle(&mut client, &mut server, length - before_cut, rate).await?,
            Then::Reset | Then::Close | Then::Silence => {
                end(client, spoil.then).await;
                return Ok(());
            }
        }
    }
    let mut answer = Vec::new();
    server.read_to_end(&mut answer).await?;
    if is_hit {
        let headers = answer.windows(4).position(|four| four == b"\r\n\r\n").unwrap() + 4;
        match spoil.at {
            Phase::InAnswerHeaders => answer.truncate(headers / 2),
            // More is promised than ever comes.
            Phase::InAnswerBody => {
                let fields = String::from_utf8(answer[..headers].to_vec()).unwrap();
                let length = format!("content-length: {}\r\n", answer.len() - headers);
                assert!(fields.contains(&length), "{fields}");
                answer = fields.replace(&length, "content-length: 1000\r\n").into_bytes();
            }
            Phase::AfterHeaders | Phase::InBody | Phase::AfterBody => {}
        }
    }
    client.write_all(&answer).await?;
    if is_hit && matches!(spoil.at, Phase::InAnswerHeaders | Phase::InAnswerBody) {
        end(client, spoil.then).await;
        return Ok(());
    }
    client.shutdown().await
}

async fn end(mut client: TcpStream, then: Then) {
    match then {
        Then::Reset => client.set_zero_linger().unwrap(),
        // A connection that is dropped with bytes unread would be reset.
        Then::Close | Then::BytesPerS(_) | Then::RefusalAfter(_) => {
            let _client_went_away = client.shutdown().await;
            let _client_went_away = tokio::io::copy(&mut client, &mut tokio::io::sink()).await;
        }
        Then::Silence => std::future::pending().await,
    }
}

async fn refuse(mut client: TcpStream, time: Duration) -> Result<()> {
    const REFUSAL: &str = "<Error><Code>AccessDenied</Code><RequestId>65A0</RequestId></Error>";
    tokio::time::sleep(time).await;
    let mut body = [0];
    if client.try_read(&mut body).is_ok() {
        return client.set_zero_linger();
    }
    let answer = format!("HTTP/1.1 403 Forbidden\r\ncontent-length: {}\r\n\r\n{REFUSAL}", REFUSAL.len());
    client.write_all(answer.as_bytes()).await?;
    client.shutdown().await
}

/// A little at a time, and never nothing for long.
async fn trickle(from: &mut TcpStream, to: &mut TcpStream, length: u64, bytes_per_s: u64) -> Result<()> {
    let begun = tokio::time::Instant::now();
    let mut taken = 0;
    let mut buffer = [0; 1024];
    while taken < length {
        let wanted = buffer.len().min((length - taken) as usize);
        let count = from.read(&mut buffer[..wanted]).await?;
        if count == 0 {
            return Ok(());
        }
        to.write_all(&buffer[..count]).await?;
        taken += count as u64;
        let due = begun + Duration::from_micros(taken * 1_000_000 / bytes_per_s);
        tokio::time::sleep_until(due).await;
    }
    Ok(())
}
