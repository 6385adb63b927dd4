//! Whom we trust: the operating system's store, what the caller adds, or, by name, anybody.

use super::unverified::Unverified;
use crate::error::{Error, Kind, Result};
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::ServerCertVerifier;
use rustls::crypto::{CryptoProvider, ring};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::{self, PemObject};
use rustls::{ClientConfig, RootCertStore};
use rustls_platform_verifier::Verifier;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Some editors begin a text with it.
const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

type Certificates = Vec<CertificateDer<'static>>;

/// The caller's choices.
#[derive(Clone, Debug)]
pub(super) struct Trust {
    pub(super) ca_file: Option<PathBuf>,
    pub(super) ca_pem: Certificates,
    pub(super) system: bool,
    pub(super) verify: bool,
}

impl Default for Trust {
    fn default() -> Self {
        Self { ca_file: None, ca_pem: Vec::new(), system: true, verify: true }
    }
}

impl Trust {
    /// TLS 1.2 or 1.3. The trust store is read only when there is something to verify.
    pub(super) fn config(&self, is_needed: bool) -> Result<ClientConfig> {
        // The provider is named here: the host may have another Rust library that installed one of its own.
        let provider = Arc::new(ring::default_provider());
        let builder = ClientConfig::builder_with_provider(Arc::clone(&provider))
            .with_safe_default_protocol_versions()
            .map_err(|error| refused("no TLS version can be used", error))?;
        if !is_needed {
            return Ok(builder.with_root_certificates(RootCertStore::empty()).with_no_client_auth());
        }
        let verifier: Arc<dyn ServerCertVerifier> =
            if self.verify { self.verifier(provider)? } else { Arc::new(Unverified::new(provider)) };
        Ok(builder.dangerous().with_custom_certificate_verifier(verifier).with_no_client_auth())
    }

    fn verifier(&self, provider: Arc<CryptoProvider>) -> Result<Arc<dyn ServerCertVerifier>> {
        let mut extra = self.ca_pem.clone();
        if let Some(path) = &self.ca_file {
            extra.extend(read_file(path)?);
        }
        if self.system {
            // Windows keeps the caller's certificates in a store of their own, which is not to be empty.
            let verifier = match extra.is_empty() {
                true => Verifier::new(provider),
                false => Verifier::new_with_extra_roots(extra, provider),
            };
            let verifier = verifier.map_err(|error| refused("the system's trust store cannot be used", error))?;
            return Ok(Arc::new(verifier));
        }
        if extra.is_empty() {
            let message = "system trust is off, and neither CA file nor CA PEM says whom else to trust";
            return Err(Error::invalid_argument(message));
        }
        let mut roots = RootCertStore::empty();
        roots.add_parsable_certificates(extra);
        let verifier = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider).build();
        Ok(verifier
            .map_err(|error| Error::new(Kind::TlsFailed, "the given certificates cannot be used").with_source(error))?)
    }
}

/// How TLS is done, and whom we trust unasked.
pub fn about() -> String {
    let versions: Vec<_> = rustls::DEFAULT_VERSIONS.iter().map(|version| format!("{:?}", version.version)).collect();
    let roots = match Trust::default() {
        Trust { verify: false, .. } => "anybody",
        Trust { system: true, .. } => "the operating system's store, by rustls-platform-verifier",
        Trust { system: false, .. } => "what the caller gives",
    };
    format!("TLS: rustls with ring, {}; roots: {roots}", versions.join(" or "))
}

/// Reads certificates; `name` says where they were given.
pub(super) fn read_pem(name: &str, pem: &[u8]) -> Result<Certificates> {
    let refuse = |what: &str| Error::invalid_argument(format!("{name} {what}"));
    let pem = pem.strip_prefix(BYTE_ORDER_MARK).unwrap_or(pem);
    let certificates: Certificates = CertificateDer::pem_slice_iter(pem)
        .collect::<std::result::Result<_, _>>()
        .map_err(|error| not_pem(refuse, error))?;
    if certificates.is_empty() {
        return Err(refuse("holds no certificate"));
    }
    for (index, certificate) in certificates.iter().enumerate() {
        let usable = RootCertStore::empty().add(certificate.clone());
        usable.map_err(|error| refuse(&format!("is broken at certificate {}", index + 1)).with_source(error))?;
    }
    Ok(certificates)
}

/// Two of the parser's errors would show a line of text as a list of numbers.
fn not_pem(refuse: impl Fn(&str) -> Error, error: pem::Error) -> Error {
    if matches!(error, pem::Error::MissingSectionEnd { .. }) {
        refuse("cannot be read as PEM: its END line is missing")
    } else if matches!(error, pem::Error::IllegalSectionStart { .. }) {
        refuse("cannot be read as PEM: a BEGIN line is broken")
    } else {
        refuse("cannot be read as PEM").with_source(error)
    }
}

fn read_file(path: &Path) -> Result<Certificates> {
    let name = format!("CA file: {}", path.display());
    let pem = std::fs::read(path)
        .map_err(|error| Error::io(Kind::InvalidArgument, format!("{name} cannot be read"), error))?;
    read_pem(&name, &pem)
}

fn refused(what: &str, error: rustls::Error) -> Error {
    Error::new(Kind::TlsFailed, what).with_source(error)
}
