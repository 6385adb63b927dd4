//! A bucket, and what anybody with the right to it can see there.

use ossup::Config;
use ossup::oss::api::{abort, list_uploads};
use ossup::oss::endpoint::{Endpoint, Style};
use ossup::oss::request::{Method, Object, Request, Response};
use ossup::oss::sign::{Credentials, Signer, Version};
use ossup::oss::xml::Element;
use std::sync::LazyLock;
use std::time::{SystemTime, UNIX_EPOCH};

/// Where uploads go.
pub(crate) struct Place {
    pub(crate) endpoint: String,
    pub(crate) region: String,
    pub(crate) bucket: String,
    pub(crate) access_key_id: String,
    pub(crate) access_key_secret: String,
    pub(crate) security_token: Option<String>,
    /// All keys begin with it.
    pub(crate) prefix: String,
}

impl Place {
    /// The bucket of a stand-in with the usual options.
    pub(crate) fn in_stand_in(endpoint: &str) -> Self {
        Self {
            endpoint: endpoint.to_owned(),
            region: "cn-hangzhou".to_owned(),
            bucket: "bucket".to_owned(),
            access_key_id: "ak".to_owned(),
            access_key_secret: "sk".to_owned(),
            security_token: None,
            prefix: String::new(),
        }
    }

    /// A client's configuration for it.
    pub(crate) fn config(&self) -> Config {
        let mut config = Config::default();
        config.set_endpoint(&self.endpoint).unwrap();
        config.set_region(&self.region).unwrap();
        let token = self.security_token.as_deref();
        config.set_credentials(&self.access_key_id, &self.access_key_secret, token).unwrap();
        config
    }

    /// The object, read whole; none if there is none.
    pub(crate) fn read(&self, key: &str) -> Option<Response> {
        let answer = self.send(Request::to_object(Method::Get, &self.object(key), Vec::new()));
        assert!(answer.is_success() || answer.status == 404, "{answer:?}");
        answer.is_success().then_some(answer)
    }

    /// The keys of all objects whose keys begin so.
    pub(crate) fn keys(&self, prefix: &str) -> Vec<String> {
        let mut keys = Vec::new();
        let mut token = String::new();
        loop {
            let list = Request::to_bucket(Method::Get, &self.bucket, Vec::new())
                .with_query("list-type", "2")
                .with_query("prefix", prefix)
                .with_query("encoding-type", "url");
            let list = if token.is_empty() { list } else { list.with_query("continuation-token", token.as_str()) };
            let answer = self.send(list);
            assert!(answer.is_success(), "{answer:?}");
            let page = Element::parse(&answer.body).unwrap();
            let is_encoded = page.text_of("EncodingType") == Some("url");
            for object in page.children_named("Contents") {
                let key = object.text_of("Key").unwrap();
                keys.push(if is_encoded { ossup::oss::encode::decode(key).unwrap() } else { key.to_owned() });
            }
            match page.text_of("NextContinuationToken") {
                Some(next) => token = next.to_owned(),
                None => return keys,
            }
        }
    }

    /// Key and id of all incomplete uploads whose keys begin so.
    pub(crate) fn uploads(&self, prefix: &str) -> Vec<(String, String)> {
        let mut uploads = Vec::new();
        let (mut key_marker, mut id_marker) = (String::new(), String::new());
        loop {
            let answer = self.send(list_uploads::build(&self.bucket, prefix, &key_marker, &id_marker, Vec::new()));
            let page = list_uploads::parse(&answer, &key_marker, &id_marker).unwrap();
            uploads.extend(page.uploads.into_iter().map(|upload| (upload.key, upload.upload_id)));
            match page.next {
                Some(next) => (key_marker, id_marker) = next,
                None => return uploads,
            }
        }
    }

    /// Deletes all objects and uploads under the prefix.
    pub(crate) fn clear(&self) {
        self.clear_uploads(&self.prefix);
        for key in self.keys(&self.prefix) {
            let answer = self.send(Request::to_object(Method::Delete, &self.object(&key), Vec::new()));
            assert!(answer.is_success(), "{answer:?}");
        }
    }

    /// Aborts all uploads under the prefix.
    pub(crate) fn clear_uploads(&self, prefix: &str) {
        for (key, id) in self.uploads(prefix) {
            abort::parse(&self.send(abort::build(&self.object(&key), &id, Vec::new()))).unwrap();
        }
    }

    fn object(&self, key: &str) -> Object {
        Object { bucket: self.bucket.clone(), key: key.to_owned() }
    }

    /// One request of the test's own, signed and answered whole.
    fn send(&self, mut request: Request) -> Response {
        let credentials = Credentials {
            id: self.access_key_id.clone(),
            secret: self.access_key_secret.clone(),
            token: self.security_token.clone(),
        };
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
        Signer::new(Version::V4, &self.region).sign(&mut request, &credentials, now as i64);
        let endpoint = Endpoint::parse(&self.endpoint, Style::VirtualHosted).unwrap();
        NETWORK.runtime.block_on(exchange(&endpoint, request)).unwrap()
    }
}

/// One for all places: to read the trust store takes longer than most requests.
static NETWORK: LazyLock<Network> = LazyLock::new(|| {
    rustls::crypto::ring::default_provider().install_default().unwrap();
    Network {
        runtime: tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap(),
        client: reqwest::Client::new(),
    }
});

struct Network {
    runtime: tokio::runtime::Runtime,
    client: reqwest::Client,
}

async fn exchange(endpoint: &Endpoint, request: Request) -> reqwest::Result<Response> {
    let method = reqwest::Method::from_bytes(request.method.as_str().as_bytes()).unwrap();
    let mut sending = NETWORK.client.request(method, endpoint.locate(&request).url);
    for (name, value) in &request.headers {
        sending = sending.header(name, value);
    }
    let answer = sending.body(request.body).send().await?;
    let headers = answer
        .headers()
        .iter()
        .map(|(name, value)| (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned()));
    Ok(Response {
        status: answer.status().as_u16(),
        headers: headers.collect(),
        body: answer.bytes().await?.to_vec(),
        proxy: None,
    })
}
