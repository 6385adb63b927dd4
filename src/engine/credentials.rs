//! From the sources of credentials that a config names to the one that a client asks.

use super::config::{Config, parse_sts_endpoint};
use super::diary::Diary;
use crate::error::{Error, Kind, Result};
use crate::oss::endpoint::Endpoint;
use crate::oss::sign::Credentials;
use crate::world::clock::ServerClock;
use crate::world::credentials::{Chain, EcsRamRole, Environment, Fixed, OidcRole, Provider, Role, Variables};
use crate::world::transport::{Purpose, http_client};
use crate::world::web::Web;
use std::sync::Arc;
use std::time::Duration;

/// The metadata service is one hop away, or not there at all.
const METADATA_PATIENCE: Duration = Duration::from_secs(1);

/// A source, as a config names it.
#[derive(Clone, Debug)]
pub(super) enum Source {
    Fixed(Credentials),
    Environment,
    /// The role, unless it is to be asked for.
    EcsRamRole(Option<String>),
    OidcRole(Role),
    Provider(Arc<dyn Provider>),
}

/// The sources of a config, in their order. The environment is read here and never again.
pub(super) fn chain(config: &Config, clock: &Arc<ServerClock>) -> Result<Chain> {
    let variables = Variables(&|name| std::env::var_os(name));
    let sources = config.sources()?.iter().map(|source| -> Result<Arc<dyn Provider>> {
        Ok(match source {
            Source::Fixed(credentials) => Arc::new(Fixed::new(credentials.clone())),
            Source::Environment => Arc::new(Environment::new(variables)),
            Source::EcsRamRole(role) => {
                let web = Web::new(http_client(&config.connections, Purpose::Machine)?, METADATA_PATIENCE);
                Arc::new(EcsRamRole::new(web, config.metadata_endpoint.origin_for(""), role.clone(), variables))
            }
            Source::OidcRole(role) => {
                let endpoint = sts_endpoint(config, variables)?;
                let purpose = Purpose::Service { https: endpoint.is_https() };
                let web = Web::new(http_client(&config.connections, purpose)?, config.connections.idle_timeout());
                let origin = endpoint.origin_for("");
                Arc::new(OidcRole::new(web, Arc::clone(clock), origin, role.clone(), variables))
            }
            Source::Provider(provider) => Arc::clone(provider),
        })
    });
    let witness = Box::new(Diary::of_client(config.log.clone()));
    Ok(Chain::new(sources.collect::<Result<_>>()?, config.credentials_timeout, witness))
}

fn sts_endpoint(config: &Config, variables: Variables<'_>) -> Result<Endpoint> {
    const VARIABLE: &str = "ALIBABA_CLOUD_STS_ENDPOINT";
    match (&config.sts_endpoint, variables.text(VARIABLE)) {
        (Some(endpoint), _) => Ok(endpoint.clone()),
        (None, None) => Ok(Endpoint::sts()),
        (None, Some(text)) => parse_sts_endpoint(&text).map_err(|error| {
            Error::new(Kind::InvalidArgument, format!("{VARIABLE} of the environment")).with_source(error)
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sts_is_where_the_config_says_or_else_the_environment() {
        let there = |_: &str| Some("sts.cn-beijing.aliyuncs.com".into());
        let mut config = Config::default();
        assert_eq!(sts_endpoint(&config, Variables(&|_| None)).unwrap().host_for(""), "sts.aliyuncs.com");
        assert_eq!(sts_endpoint(&config, Variables(&there)).unwrap().host_for(""), "sts.cn-beijing.aliyuncs.com");
        let error = sts_endpoint(&config, Variables(&|_| Some("http://example.com".into()))).unwrap_err();
        assert!(error.to_string().contains("ALIBABA_CLOUD_STS_ENDPOINT"), "{error}");
        config.set_sts_endpoint("sts.example.com").unwrap();
        assert_eq!(sts_endpoint(&config, Variables(&there)).unwrap().host_for(""), "sts.example.com");
    }
}
