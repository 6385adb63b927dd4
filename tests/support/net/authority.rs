//! An authority that signs certificates, good ones and bad ones.

use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, date_time_ymd};
use rustls::ServerConfig;
use rustls::crypto::ring;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use std::net::SocketAddr;
use std::sync::Arc;
use tokio_rustls::TlsAcceptor;

pub(crate) struct Authority {
    issuer: Issuer<'static, KeyPair>,
    pub(crate) pem: String,
}

/// A certificate and its key.
pub(crate) struct Issued {
    certificate: CertificateDer<'static>,
    key: PrivateKeyDer<'static>,
}

impl Authority {
    pub(crate) fn new(name: &str) -> Self {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.distinguished_name.push(DnType::CommonName, name);
        let pem = params.self_signed(&key).unwrap().pem();
        Self { issuer: Issuer::new(params, key), pem }
    }

    pub(crate) fn issue(&self, names: &[&str], expired: bool) -> Issued {
        let key = KeyPair::generate().unwrap();
        let names: Vec<_> = names.iter().map(|name| (*name).to_owned()).collect();
        let mut params = CertificateParams::new(names).unwrap();
        if expired {
            params.not_after = date_time_ymd(2020, 1, 1);
        }
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        Issued { certificate: certificate.der().clone(), key: PrivateKeyDer::try_from(key.serialize_der()).unwrap() }
    }

    pub(crate) fn acceptor(&self, issued: &Issued) -> TlsAcceptor {
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![issued.certificate.clone()], issued.key.clone_key())
            .unwrap();
        TlsAcceptor::from(Arc::new(config))
    }

    /// A server that does no more than to agree on TLS.
    pub(crate) fn server(&self, issued: &Issued) -> SocketAddr {
        let acceptor = self.acceptor(issued);
        super::serve(move |connection| {
            let acceptor = acceptor.clone();
            async move {
                let _refused = acceptor.accept(connection).await;
            }
        })
    }
}

/// A server that knows nothing newer than TLS 1.1: its ServerHello says so, whatever it was offered.
pub(crate) fn server_of_old_tls() -> SocketAddr {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    const TLS_1_1: [u8; 2] = [3, 2];
    const RSA_WITH_AES_128_CBC_SHA: [u8; 2] = [0, 0x2f];
    let body = [&TLS_1_1[..], &[7; 32], &[0], &RSA_WITH_AES_128_CBC_SHA, &[0]].concat();
    let hello = [&[22], &TLS_1_1[..], &[0, body.len() as u8 + 4], &[2, 0, 0, body.len() as u8], &body].concat();
    super::serve(move |mut connection| {
        let hello = hello.clone();
        async move {
            let mut offer = [0; 4096];
            let _client_went_away = connection.read(&mut offer).await;
            let _client_went_away = connection.write_all(&hello).await;
            let _until_it_is_refused = connection.read(&mut offer).await;
        }
    })
}
