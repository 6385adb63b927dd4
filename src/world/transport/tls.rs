//! Whom we trust: the operating system's store, and what the caller adds.

use crate::error::{Error, Kind, Result};
use rustls::crypto::ring;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};
use rustls_platform_verifier::Verifier;
use std::path::Path;
use std::sync::Arc;

/// TLS for an endpoint. The trust store is read only when there is something to verify.
pub(in crate::world) fn config(is_https: bool, ca_file: Option<&Path>) -> Result<ClientConfig> {
    // The provider is named here: the host may have another Rust library that installed one of its own.
    let provider = Arc::new(ring::default_provider());
    let builder = ClientConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .map_err(|error| refused("no TLS version can be used", error))?;
    if !is_https {
        return Ok(builder.with_root_certificates(RootCertStore::empty()).with_no_client_auth());
    }
    let extra = match ca_file {
        Some(path) => read_certificates(path)?,
        None => Vec::new(),
    };
    let verifier = Verifier::new_with_extra_roots(extra, provider)
        .map_err(|error| refused("the system's trust store cannot be used", error))?;
    Ok(builder.dangerous().with_custom_certificate_verifier(Arc::new(verifier)).with_no_client_auth())
}

fn read_certificates(path: &Path) -> Result<Vec<CertificateDer<'static>>> {
    let unusable = |what: &str| Error::invalid_argument(format!("CA file: {} {what}", path.display()));
    let certificates: Vec<_> = CertificateDer::pem_file_iter(path)
        .and_then(Iterator::collect)
        .map_err(|error| unusable("cannot be read as PEM").with_source(error))?;
    if certificates.is_empty() {
        return Err(unusable("holds no certificate"));
    }
    Ok(certificates)
}

fn refused(what: &str, error: rustls::Error) -> Error {
    Error::new(Kind::TlsFailed, what).with_source(error)
}
