//! A role that is assumed by an OIDC token, as Kubernetes hands one to a pod (RRSA): STS exchanges it for temporary
//! credentials.

use super::environment::Variables;
use super::issued::{self, Issued};
use super::{Fetched, Provider};
use crate::error::{Error, Kind, Result};
use crate::oss::date;
use crate::oss::encode;
use crate::process::pool::Lane;
use crate::world::Answer;
use crate::world::clock::ServerClock;
use crate::world::web::{Call, Page, Web};
use reqwest::Method;
use serde::Deserialize;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use zeroize::Zeroizing;

/// Far more than any token.
const MAX_TOKEN: u64 = 32 << 10;
const SESSION_NAME: &str = "ossup";
/// More of what STS says is not told.
const LONGEST_SAYING: usize = 500;
const MASK: &str = "***";
/// A shorter piece of a token may well be a word of the sentence, and betrays little.
const LEAST_PIECE: usize = 8;
const FORM: [(&str, &str); 1] = [("content-type", "application/x-www-form-urlencoded")];

/// Which role, and what proves that we may assume it; what is missing is looked for in the environment.
#[derive(Clone, Debug, Default)]
pub struct Role {
    /// The role's ARN.
    pub role_arn: Option<String>,
    /// The identity provider's ARN.
    pub provider_arn: Option<String>,
    /// The file with the token.
    pub token_file: Option<PathBuf>,
}

/// Temporary credentials of a role.
#[derive(Debug)]
pub struct OidcRole {
    web: Web,
    clock: Arc<ServerClock>,
    origin: String,
    role: Role,
    session_name: String,
    /// Threads for the token's file, which may be on a slow disk.
    reads: Lane,
}

#[derive(Deserialize)]
struct Document {
    #[serde(rename = "Credentials")]
    credentials: Issued,
}

/// Why STS refuses.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
struct Refusal {
    code: String,
    message: String,
    request_id: Option<String>,
}

impl OidcRole {
    /// Asks at `origin`, scheme and host; the clock tells STS the time.
    pub fn new(web: Web, clock: Arc<ServerClock>, origin: String, given: Role, variables: Variables<'_>) -> Self {
        let role = Role {
            role_arn: given.role_arn.or_else(|| variables.text("ALIBABA_CLOUD_ROLE_ARN")),
            provider_arn: given.provider_arn.or_else(|| variables.text("ALIBABA_CLOUD_OIDC_PROVIDER_ARN")),
            token_file: given.token_file.or_else(|| variables.get("ALIBABA_CLOUD_OIDC_TOKEN_FILE").map(PathBuf::from)),
        };
        let session_name = variables.text("ALIBABA_CLOUD_ROLE_SESSION_NAME");
        let session_name = session_name.unwrap_or_else(|| SESSION_NAME.to_owned());
        Self { web, clock, origin, role, session_name, reads: Lane::new(1) }
    }

    async fn ask(&self) -> Result<Fetched> {
        let role_arn = known(&self.role.role_arn, "role ARN", "ALIBABA_CLOUD_ROLE_ARN")?;
        let provider_arn = known(&self.role.provider_arn, "OIDC provider ARN", "ALIBABA_CLOUD_OIDC_PROVIDER_ARN")?;
        let token_file = known(&self.role.token_file, "token file", "ALIBABA_CLOUD_OIDC_TOKEN_FILE")?.clone();
        // Anew each time: it is replaced every hour or so.
        let token = self.reads.run(move || read_token(&token_file)).await??;
        let query = [
            ("Action", "AssumeRoleWithOIDC"),
            ("Format", "JSON"),
            ("Version", "2015-04-01"),
            ("Timestamp", &date::iso8601(self.clock.now())),
        ];
        let form = [
            ("OIDCProviderArn", provider_arn.as_str()),
            ("OIDCToken", &token),
            ("RoleArn", role_arn),
            ("RoleSessionName", &self.session_name),
        ];
        // In the body: an address is written into the log of each proxy on the way.
        let url = format!("{}/?{}", self.origin, encoded(&query));
        let call = Call { method: Method::POST, url, headers: &FORM, body: encoded(&form) };
        let page = self.web.ask(call).await.map_err(|error| self.at_sts(error))?;
        if page.status != 200 {
            return Err(self.at_sts(refused(&page, &token)));
        }
        let document: Document = issued::read(&page.body).map_err(|error| self.at_sts(error))?;
        document.credentials.fetched().map_err(|error| self.at_sts(error))
    }

    fn at_sts(&self, mut error: Error) -> Error {
        let host = self.origin.split("://").nth(1).map(str::to_owned);
        error.report_mut().host = host;
        error
    }
}

impl Provider for OidcRole {
    fn name(&self) -> &str {
        "the OIDC role"
    }

    fn fetch(&self) -> Answer<'_, Result<Fetched>> {
        Box::pin(self.ask())
    }
}

fn known<'a, T>(setting: &'a Option<T>, name: &str, variable: &str) -> Result<&'a T> {
    let missing = || Error::new(Kind::NoCredentials, format!("the {name} was not given, and {variable} is not set"));
    setting.as_ref().ok_or_else(missing)
}

fn read_token(path: &Path) -> Result<Zeroizing<String>> {
    let unusable = |what: &str| format!("the token file {} {what}", path.display());
    let mut text = Zeroizing::new(String::new());
    let read = File::open(path).and_then(|file| file.take(MAX_TOKEN).read_to_string(&mut text));
    read.map_err(|error| Error::io(Kind::NoCredentials, unusable("cannot be read"), error))?;
    let token = Zeroizing::new(text.trim().to_owned());
    if token.is_empty() || !token.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(Error::new(Kind::NoCredentials, unusable("holds no token")));
    }
    Ok(token)
}

fn encoded(pairs: &[(&str, &str)]) -> String {
    let pairs: Vec<_> = pairs.iter().map(|(name, value)| (encode::query(name), encode::query(value))).collect();
    encode::join(&pairs)
}

fn refused(page: &Page, token: &str) -> Error {
    let told: Option<Refusal> = issued::read(&page.body).ok();
    let request_id = told.as_ref().and_then(|told| told.request_id.as_ref()).map(|id| harmless(id, token));
    let mut message = format!("STS answers with status {}", page.status);
    if let Some(Refusal { code, message: text, .. }) = &told {
        message.push_str(&format!(": {}", harmless(&format!("{code}: {text}"), token)));
    }
    if let Some(request_id) = &request_id {
        message.push_str(&format!(" (request id {request_id})"));
    }
    let mut error = Error::new(Kind::NoCredentials, message);
    let report = error.report_mut();
    report.http_status = page.status;
    report.temporary = page.is_temporary() || told.is_some_and(|told| told.code.starts_with("Throttling"));
    report.request_id = request_id;
    error
}

/// What STS says, in one short line, without what it may quote of the token, as it is or as it was sent.
fn harmless(said: &str, token: &str) -> String {
    let line: String = said.chars().filter(|c| !c.is_control()).collect();
    let pieces = token.split('.').filter(|piece| piece.len() >= LEAST_PIECE);
    let masked = std::iter::once(token)
        .chain(pieces)
        .fold(line, |line, secret| line.replace(secret, MASK).replace(&encode::query(secret), MASK));
    masked.chars().take(LONGEST_SAYING).collect()
}
