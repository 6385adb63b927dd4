//! The RAM role of the ECS instance that we run on, from its metadata service: one address on the instance's own
//! network, which no proxy leads to.

use super::environment::Variables;
use super::issued::{self, Issued};
use super::{Fetched, Provider};
use crate::error::{Error, Kind, Result};
use crate::oss::encode;
use crate::world::Answer;
use crate::world::web::{Call, Page, Web};
use reqwest::Method;

const TOKEN: &str = "/latest/api/token";
const ROLES: &str = "/latest/meta-data/ram/security-credentials/";
const TOKEN_LIFE: [(&str, &str); 1] = [("x-aliyun-ecs-metadata-token-ttl-seconds", "21600")];
const TOKEN_HEADER: &str = "x-aliyun-ecs-metadata-token";

/// Temporary credentials of the instance's role.
#[derive(Debug)]
pub struct EcsRamRole {
    web: Web,
    origin: String,
    /// None is asked for.
    role: Option<String>,
    /// Questions without a session token may be asked.
    v1: bool,
    switched_off: bool,
}

/// Refuses what cannot be a role's name.
pub fn check_role_name(role: &str) -> Result<()> {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    if role.is_empty() || role.len() > 64 || !role.bytes().all(fits) || role.bytes().all(|byte| byte == b'.') {
        return Err(Error::invalid_argument(format!(
            "role name {role:?}: it has 1 to 64 letters, digits, hyphens, underscores and dots"
        )));
    }
    Ok(())
}

impl EcsRamRole {
    /// Asks at `origin`, scheme and host, for this role or for the one that the instance has.
    pub fn new(web: Web, origin: String, role: Option<String>, variables: Variables<'_>) -> Self {
        Self {
            web,
            origin,
            role: role.or_else(|| variables.text("ALIBABA_CLOUD_ECS_METADATA")),
            v1: !variables.is_true("ALIBABA_CLOUD_IMDSV1_DISABLED"),
            switched_off: variables.is_true("ALIBABA_CLOUD_ECS_METADATA_DISABLED"),
        }
    }

    async fn ask(&self) -> Result<Fetched> {
        if self.switched_off {
            return Err(Error::new(Kind::NoCredentials, "it is switched off by ALIBABA_CLOUD_ECS_METADATA_DISABLED"));
        }
        match self.token().await {
            Ok(token) => self.credentials(Some(&token)).await,
            Err(refusal) if self.v1 && refusal.kind() != Kind::Unreachable => {
                // In hardened mode the second error says only that a token is missing; the first says why it is.
                let told = |mut error: Error| {
                    let report = error.report_mut();
                    report.message.push_str(&format!(" (asked without a session token, for want of one: {refusal})"));
                    report.temporary |= refusal.report().temporary;
                    error
                };
                self.credentials(None).await.map_err(told)
            }
            Err(refusal) => Err(refusal),
        }
    }

    async fn token(&self) -> Result<String> {
        let page = self.send(Method::PUT, TOKEN, &TOKEN_LIFE).await?;
        let token = text(&page)?;
        if token.is_empty() || !token.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(Error::new(Kind::BadAnswer, "the metadata service gives a session token that is none"));
        }
        Ok(token.to_owned())
    }

    async fn credentials(&self, token: Option<&str>) -> Result<Fetched> {
        let headers: Vec<_> = token.map(|token| (TOKEN_HEADER, token)).into_iter().collect();
        let role = match &self.role {
            Some(role) => {
                check_role_name(role)?;
                role.clone()
            }
            None => {
                let page = self.send(Method::GET, ROLES, &headers).await?;
                let role = text(&page)?.lines().next().unwrap_or_default().trim().to_owned();
                // Whatever came instead is not shown.
                check_role_name(&role)
                    .map_err(|_| Error::new(Kind::BadAnswer, "the metadata service names a RAM role that is none"))?;
                role
            }
        };
        let page = self.send(Method::GET, &format!("{ROLES}{}", encode::query(&role)), &headers).await?;
        issued::read::<Issued>(&page.body)?.fetched()
    }

    async fn send(&self, method: Method, path: &str, headers: &[(&'static str, &str)]) -> Result<Page> {
        let url = format!("{}{path}", self.origin);
        let asked = format!("{method} {url}");
        let page = self.web.ask(Call { method, url, headers, body: String::new() }).await;
        let page = page.map_err(|mut error| {
            error.report_mut().message.push_str(&format!(" for {asked}"));
            error
        })?;
        match page.status {
            200 => Ok(page),
            404 if path.starts_with(ROLES) => {
                Err(refused(&page, format!("the instance has no such RAM role: {asked} is answered with status 404")))
            }
            status => Err(refused(&page, format!("{asked} is answered with status {status}"))),
        }
    }
}

impl Provider for EcsRamRole {
    fn name(&self) -> &str {
        "the ECS RAM role"
    }

    fn fetch(&self) -> Answer<'_, Result<Fetched>> {
        Box::pin(self.ask())
    }
}

fn refused(page: &Page, message: String) -> Error {
    let mut error = Error::new(Kind::NoCredentials, message);
    error.report_mut().http_status = page.status;
    error.report_mut().temporary = page.is_temporary();
    error
}

fn text(page: &Page) -> Result<&str> {
    let text = std::str::from_utf8(&page.body);
    text.map(str::trim).map_err(|error| Error::new(Kind::BadAnswer, "the answer is no text").with_source(error))
}
