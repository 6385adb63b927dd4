//! HTTPS: any name below the server's own authority.

#![allow(clippy::unwrap_used, reason = "a test ends at the first surprise")]

mod support;

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::Arc;

use oss_server::Options;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};
use support::start;

#[test]
fn every_name_gets_a_certificate_of_the_authority() {
    let server = start(Options { tls: true, ..Options::default() });
    let mut roots = RootCertStore::empty();
    let ca = CertificateDer::from_pem_slice(server.ca_pem().unwrap().as_bytes()).unwrap();
    roots.add(ca).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = Arc::new(
        ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(roots)
            .with_no_client_auth(),
    );
    let endpoint = server.https_endpoint().unwrap();
    let port = endpoint.strip_prefix("https://localhost:").unwrap();
    for (host, bucket) in [
        ("localhost", None),
        ("127.0.0.1", None),
        ("bucket.localhost", Some("bucket")),
        ("bucket.oss-cn-hangzhou.aliyuncs.com", Some("bucket")),
    ] {
        let tcp = TcpStream::connect(format!("127.0.0.1:{port}")).unwrap();
        let name = ServerName::try_from(host).unwrap().to_owned();
        let client = ClientConnection::new(Arc::clone(&config), name).unwrap();
        let mut tls = StreamOwned::new(client, tcp);
        let request = format!("GET /k HTTP/1.1\r\nHost: {host}:{port}\r\nConnection: close\r\n\r\n");
        tls.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        tls.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 "), "{host}: {answer}");
        let entry = server.ledger().pop().unwrap();
        let expected = bucket.unwrap_or("k");
        assert_eq!((entry.bucket.as_deref(), entry.answered), (Some(expected), true), "{host}");
    }
}
