//! HTTPS under a certificate authority of the server's own: a certificate for every name that is asked for.

use std::collections::HashMap;
use std::io;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, KeyUsagePurpose};
use rustls::ServerConfig;
use rustls::crypto::ring;
use rustls::pki_types::PrivateKeyDer;
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;

/// The names of this machine to itself.
const LOCAL_NAMES: [&str; 3] = ["localhost", "127.0.0.1", "::1"];

/// Makes the authority of a server at this address; returns its certificate as PEM and a configuration that uses it.
pub(crate) fn configure(address: IpAddr) -> io::Result<(String, ServerConfig)> {
    let authority = Authority::new(address).map_err(io::Error::other)?;
    let pem = authority.pem.clone();
    let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(io::Error::other)?
        .with_no_client_auth()
        .with_cert_resolver(Arc::new(authority));
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok((pem, config))
}

struct Authority {
    issuer: Issuer<'static, KeyPair>,
    pem: String,
    /// The names of a client that gives none, as one that goes to an IP address.
    addresses: Vec<String>,
    issued: Mutex<HashMap<String, Arc<CertifiedKey>>>,
}

impl Authority {
    fn new(address: IpAddr) -> Result<Self, rcgen::Error> {
        let key = KeyPair::generate()?;
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        params.distinguished_name.push(DnType::CommonName, "oss-server test authority");
        let pem = params.self_signed(&key)?.pem();
        let addresses = LOCAL_NAMES.map(str::to_owned).into_iter().chain([address.to_string()]).collect();
        Ok(Self { issuer: Issuer::new(params, key), pem, addresses, issued: Mutex::default() })
    }

    fn issue(&self, names: Vec<String>) -> Result<CertifiedKey, rcgen::Error> {
        let key = KeyPair::generate()?;
        let mut params = CertificateParams::new(names)?;
        params.use_authority_key_identifier_extension = true;
        let certificate = params.signed_by(&key, &self.issuer)?;
        let key = PrivateKeyDer::try_from(key.serialize_der())
            .ok()
            .and_then(|der| ring::sign::any_supported_type(&der).ok())
            .ok_or(rcgen::Error::CouldNotParseKeyPair)?;
        Ok(CertifiedKey::new(vec![certificate.der().clone()], key))
    }
}

impl ResolvesServerCert for Authority {
    fn resolve(&self, hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        let name = hello.server_name().unwrap_or_default();
        let mut issued = self.issued.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(certificate) = issued.get(name) {
            return Some(Arc::clone(certificate));
        }
        let names = match name {
            "" => self.addresses.clone(),
            name => vec![name.to_owned()],
        };
        let certificate = Arc::new(self.issue(names).ok()?);
        issued.insert(name.to_owned(), Arc::clone(&certificate));
        Some(certificate)
    }
}

impl std::fmt::Debug for Authority {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Authority").finish_non_exhaustive()
    }
}
