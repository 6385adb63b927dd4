//! What a server may be told before it starts.

use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;

use crate::faces::Faces;

/// Everything that can be chosen at the start; the default is a strict, unthrottled server on free ports.
#[derive(Clone, Debug)]
pub struct Options {
    /// Address of all listeners.
    pub address: IpAddr,
    /// Port of the HTTP listener; 0 takes a free one.
    pub port: u16,
    /// Port of the admin listener; 0 takes a free one.
    pub admin_port: u16,
    /// Also listen with HTTPS, under a certificate authority made at the start.
    pub tls: bool,
    /// Discard bodies and keep only their size and CRC-64, so that the client is the bottleneck.
    pub counting: bool,
    /// Folder for bodies; without one a temporary folder is made and removed at the end.
    pub dir: Option<PathBuf>,
    /// Region that a V4 scope must name; `None` accepts any.
    pub region: Option<String>,
    /// Product that a V4 scope must name.
    pub product: String,
    /// Who may sign.
    pub access_keys: Vec<AccessKey>,
    /// Hosts that are the service itself: path style on them, virtual-hosted buckets below them.
    pub service_hosts: Vec<String>,
    /// Domains bound to a bucket, as pairs of host and bucket.
    pub cnames: Vec<(String, String)>,
    /// How fast bodies are read.
    pub throttle: Option<Throttle>,
    /// Milliseconds that every answer is held back.
    pub latency_ms: u64,
    /// Seconds that the server's clock is ahead of the machine's.
    pub clock_offset_s: i64,
    /// Behaviours in which services differ or that nobody could verify.
    pub faces: Faces,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            address: Ipv4Addr::LOCALHOST.into(),
            port: 0,
            admin_port: 0,
            tls: false,
            counting: false,
            dir: None,
            region: Some("cn-hangzhou".to_owned()),
            product: "oss".to_owned(),
            access_keys: vec![AccessKey::new("ak", "sk")],
            service_hosts: ["localhost", "127.0.0.1", "::1"].map(str::to_owned).to_vec(),
            cnames: Vec::new(),
            throttle: None,
            latency_ms: 0,
            clock_offset_s: 0,
            faces: Faces::default(),
        }
    }
}

/// An access key that the server knows.
#[derive(Clone, Debug)]
pub struct AccessKey {
    /// The AccessKeyId.
    pub id: String,
    /// The AccessKeySecret.
    pub secret: String,
    /// The security token that must come with it, for temporary credentials.
    pub token: Option<String>,
    /// Unix second at which the token expires.
    pub expires_unix: Option<i64>,
}

impl AccessKey {
    /// A long-lived key.
    pub fn new(id: &str, secret: &str) -> Self {
        Self { id: id.to_owned(), secret: secret.to_owned(), token: None, expires_unix: None }
    }

    /// A temporary key with its security token.
    pub fn temporary(id: &str, secret: &str, token: &str, expires_unix: Option<i64>) -> Self {
        Self { token: Some(token.to_owned()), expires_unix, ..Self::new(id, secret) }
    }
}

/// A limit on the speed at which bodies are read.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Throttle {
    /// Bytes per second of each connection.
    PerConnection(u64),
    /// Bytes per second of all connections together.
    Total(u64),
}
