//! The callback to an application server after an object has been stored.

use std::collections::BTreeMap;
use std::io;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Bytes;
use hyper::{Request as HttpRequest, Uri};
use hyper_util::rt::TokioIo;
use serde::Deserialize;
use serde_json::Value;
use tokio::net::TcpStream;

use crate::answer::Answer;
use crate::encode;
use crate::refusal::Refusal;
use crate::route::Request;
use crate::store::Object;

const LONGEST_WAIT: Duration = Duration::from_secs(5);
const LARGEST_ANSWER: usize = 1 << 20;

/// What a client asked for in `x-oss-callback`.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Callback {
    callback_url: String,
    callback_host: Option<String>,
    callback_body: String,
    #[serde(default)]
    callback_body_type: BodyType,
    #[serde(skip)]
    variables: BTreeMap<String, String>,
}

#[derive(Clone, Copy, Default, Deserialize)]
enum BodyType {
    #[default]
    #[serde(rename = "application/x-www-form-urlencoded")]
    Form,
    #[serde(rename = "application/json")]
    Json,
}

impl BodyType {
    fn name(self) -> &'static str {
        match self {
            Self::Form => "application/x-www-form-urlencoded",
            Self::Json => "application/json",
        }
    }

    fn text(self, value: &str) -> String {
        match self {
            Self::Form => encode::value(value),
            Self::Json => Value::from(value).to_string(),
        }
    }
}

impl Callback {
    /// Reads what a request asks for.
    pub(crate) fn asked(request: &Request) -> Result<Option<Self>, Refusal> {
        let Some(text) = request.header("x-oss-callback") else {
            return Ok(None);
        };
        let refusal = |name: &str, value: &str| {
            Refusal::invalid_argument("The callback configuration is not json format.", name, value)
        };
        let mut callback: Self = decoded(text).ok_or_else(|| refusal("x-oss-callback", text))?;
        if let Some(text) = request.header("x-oss-callback-var") {
            callback.variables = decoded(text).ok_or_else(|| refusal("x-oss-callback-var", text))?;
        }
        let named = callback.variables.keys().all(|name| name.starts_with("x:"));
        if callback.callback_url.is_empty() || callback.callback_body.is_empty() || !named {
            return Err(refusal("x-oss-callback", text));
        }
        Ok(Some(callback))
    }

    /// Calls the application server and relays its answer.
    pub(crate) async fn answer(self, request: &Request, object: &Object) -> Result<Answer, Refusal> {
        let body = self.filled_body(request, object);
        // The service goes on when its client has left; so does this task.
        let calling = tokio::spawn(async move {
            let mut outcome = Err(io::Error::other("no callback URL"));
            for url in self.callback_url.split(';') {
                outcome = self.call_in_time(url, body.clone()).await;
                if outcome.is_ok() {
                    break;
                }
            }
            outcome
        });
        match calling.await.map_err(io::Error::other) {
            Ok(Ok(body)) => Ok(Answer::new(200).body("application/json", body)),
            Ok(Err(error)) | Err(error) => {
                Err(Refusal::new(203, "CallbackFailed", &format!("Error status : {error}.")).ec("0007-00000203"))
            }
        }
    }

    async fn call_in_time(&self, url: &str, body: String) -> io::Result<Bytes> {
        tokio::time::timeout(LONGEST_WAIT, self.call(url, body))
            .await
            .unwrap_or_else(|_| Err(io::Error::from(io::ErrorKind::TimedOut)))
    }

    async fn call(&self, url: &str, body: String) -> io::Result<Bytes> {
        let url: Uri = url.parse().map_err(io::Error::other)?;
        let host = url.host().unwrap_or_default();
        let stream = TcpStream::connect((host.trim_matches(['[', ']']), url.port_u16().unwrap_or(80))).await?;
        if !stream.peer_addr()?.ip().is_loopback() {
            return Err(io::Error::other("only loopback addresses are called"));
        }
        let (mut sender, connection) =
            hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.map_err(io::Error::other)?;
        tokio::spawn(connection);
        let authority = url.authority().map_or(host, |authority| authority.as_str());
        let path = url.path_and_query().map_or("/", |path| path.as_str());
        let request = HttpRequest::post(path)
            .header("Host", self.callback_host.as_deref().unwrap_or(authority))
            .header("Content-Type", self.callback_body_type.name())
            .header("User-Agent", "aliyun-oss-callback")
            .body(Full::<Bytes>::from(body))
            .map_err(io::Error::other)?;
        let (head, body) = sender.send_request(request).await.map_err(io::Error::other)?.into_parts();
        if head.status != 200 {
            return Err(io::Error::other(head.status.as_u16().to_string()));
        }
        let body = Limited::new(body, LARGEST_ANSWER).collect().await.map_err(io::Error::other)?.to_bytes();
        serde_json::from_slice::<Value>(&body)?;
        Ok(body)
    }

    /// The callback body with its variables filled in.
    fn filled_body(&self, request: &Request, object: &Object) -> String {
        let mut filled = String::new();
        let mut rest = self.callback_body.as_str();
        while let Some((before, after)) = rest.split_once("${") {
            let Some((name, after)) = after.split_once('}') else {
                break;
            };
            filled.push_str(before);
            filled.push_str(&self.value(name, request, object));
            rest = after;
        }
        filled + rest
    }

    fn value(&self, name: &str, request: &Request, object: &Object) -> String {
        let text = |value: &str| self.callback_body_type.text(value);
        let header = |name: &str| {
            let found = object.headers.iter().find(|(own, _)| own == name);
            text(found.map_or("", |(_, value)| value))
        };
        match name {
            "bucket" => text(request.bucket()),
            "object" => text(request.key()),
            "etag" => text(object.etag.trim_matches('"')),
            "size" => object.size.to_string(),
            "mimeType" => header("content-type"),
            "crc64" => text(&object.crc64.to_string()),
            name => text(self.variables.get(name).map_or("", String::as_str)),
        }
    }
}

fn decoded<T: for<'a> Deserialize<'a>>(text: &str) -> Option<T> {
    serde_json::from_slice(&STANDARD.decode(text).ok()?).ok()
}
