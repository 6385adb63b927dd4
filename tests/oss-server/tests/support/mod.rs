//! A bare HTTP client that signs with V4, so that no test depends on anybody's SDK.

#![allow(dead_code, reason = "each test file uses its own share of it")]

use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use hmac::{Hmac, KeyInit, Mac};
use oss_server::{Options, OssServer};
use sha2::{Digest, Sha256};
use time::OffsetDateTime;
use time::macros::format_description;

pub(crate) const BUCKET: &str = "bucket";
const LONGEST_WAIT: Duration = Duration::from_secs(20);

/// A server with one bucket.
pub(crate) fn start(options: Options) -> OssServer {
    let server = OssServer::start(options).unwrap();
    server.create_bucket(BUCKET);
    server
}

/// Waits until something has happened.
pub(crate) fn until(happened: impl Fn() -> bool) {
    let begin = Instant::now();
    while !happened() {
        assert!(begin.elapsed() < LONGEST_WAIT, "it does not happen");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// One request to be sent.
#[derive(Clone)]
pub(crate) struct Call {
    pub(crate) method: &'static str,
    pub(crate) bucket: String,
    pub(crate) key: String,
    pub(crate) query: Vec<(String, String)>,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
    pub(crate) id: String,
    pub(crate) secret: String,
    pub(crate) region: String,
    pub(crate) at: OffsetDateTime,
}

pub(crate) fn call(method: &'static str, key: &str) -> Call {
    Call {
        method,
        bucket: BUCKET.to_owned(),
        key: key.to_owned(),
        query: Vec::new(),
        headers: Vec::new(),
        body: Vec::new(),
        id: "ak".to_owned(),
        secret: "sk".to_owned(),
        region: "cn-hangzhou".to_owned(),
        at: OffsetDateTime::now_utc(),
    }
}

impl Call {
    pub(crate) fn query(mut self, name: &str, value: impl ToString) -> Self {
        self.query.push((name.to_owned(), value.to_string()));
        self
    }

    pub(crate) fn header(mut self, name: &str, value: impl ToString) -> Self {
        self.headers.push((name.to_owned(), value.to_string()));
        self
    }

    pub(crate) fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self
    }

    /// Sends it and expects an answer.
    pub(crate) fn send(self, server: &OssServer) -> Answer {
        self.try_send(server).expect("the server answers")
    }

    /// Sends it; a connection that ends before the answer is whole is an error.
    pub(crate) fn try_send(self, server: &OssServer) -> io::Result<Answer> {
        self.send_to(&server.endpoint())
    }

    pub(crate) fn send_to(mut self, endpoint: &str) -> io::Result<Answer> {
        let target = self.prepare();
        let address = endpoint.strip_prefix("http://").expect("plain HTTP");
        exchange(address, address, self.method, &target, &self.headers, &self.body)
    }

    /// Sends it and leaves the answer in the socket.
    pub(crate) fn open(mut self, server: &OssServer) -> TcpStream {
        let target = self.prepare();
        let endpoint = server.endpoint();
        let address = endpoint.strip_prefix("http://").expect("plain HTTP");
        send(address, address, self.method, &target, &self.headers).expect("the server listens")
    }

    /// Signs it and returns the request target.
    fn prepare(&mut self) -> String {
        self.sign();
        let length = self.body.len();
        if !self.headers.iter().any(|(name, _)| name == "transfer-encoding") {
            self.headers.push(("content-length".to_owned(), length.to_string()));
        }
        let mut target = format!("/{}/{}", self.bucket, encoded(&self.key, b"/"));
        let query = self.canonical_query();
        if !query.is_empty() {
            target = format!("{target}?{query}");
        }
        target
    }

    fn sign(&mut self) {
        let date = self.at.format(format_description!("[year][month][day]T[hour][minute][second]Z")).unwrap();
        let scope = format!("{}/{}/oss/aliyun_v4_request", &date[..8], self.region);
        self.headers.push(("x-oss-date".to_owned(), date.clone()));
        self.headers.push(("x-oss-content-sha256".to_owned(), "UNSIGNED-PAYLOAD".to_owned()));
        let mut signed: Vec<_> = self
            .headers
            .iter()
            .filter(|(name, _)| name.starts_with("x-oss-") || name == "content-type" || name == "content-md5")
            .collect();
        signed.sort();
        let signed: String = signed.iter().map(|(name, value)| format!("{name}:{value}\n")).collect();
        let canonical = format!(
            "{}\n/{}/{}\n{}\n{}\n\nUNSIGNED-PAYLOAD",
            self.method,
            self.bucket,
            encoded(&self.key, b"/"),
            self.canonical_query(),
            signed
        );
        let text = format!("OSS4-HMAC-SHA256\n{date}\n{scope}\n{}", hex(&Sha256::digest(canonical)));
        let key =
            scope.split('/').fold(format!("aliyun_v4{}", self.secret).into_bytes(), |key, piece| hmac(&key, piece));
        self.headers.push((
            "authorization".to_owned(),
            format!("OSS4-HMAC-SHA256 Credential={}/{scope},Signature={}", self.id, hex(&hmac(&key, &text))),
        ));
    }

    fn canonical_query(&self) -> String {
        let mut pairs: Vec<(String, String)> =
            self.query.iter().map(|(name, value)| (encoded(name, b""), encoded(value, b""))).collect();
        pairs.sort();
        let rendered: Vec<String> = pairs
            .into_iter()
            .map(|(name, value)| if value.is_empty() { name } else { format!("{name}={value}") })
            .collect();
        rendered.join("&")
    }
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(own, _)| own.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.body.clone()).unwrap()
    }

    /// The text of the first element of this name, with the five entities resolved.
    pub(crate) fn element(&self, name: &str) -> Option<String> {
        self.elements(name).into_iter().next()
    }

    pub(crate) fn elements(&self, name: &str) -> Vec<String> {
        let text = self.text();
        text.split(&format!("<{name}>"))
            .skip(1)
            .map(|rest| {
                let inside = rest.split(&format!("</{name}>")).next().unwrap();
                quick_xml::escape::unescape(inside).unwrap().into_owned()
            })
            .collect()
    }

    pub(crate) fn assert_error(&self, status: u16, code: &str) {
        assert_eq!((self.status, self.element("Code").as_deref()), (status, Some(code)), "{}", self.text());
        assert_eq!(self.element("RequestId").as_deref(), self.header("x-oss-request-id"));
        assert_eq!(self.element("EC").as_deref(), self.header("x-oss-ec"));
    }

    pub(crate) fn assert_ok(&self) -> &Self {
        assert!((200..300).contains(&self.status), "{} {}", self.status, self.text());
        self
    }
}

/// One request over a connection of its own.
pub(crate) fn exchange(
    address: &str,
    host: &str,
    method: &str,
    target: &str,
    headers: &[(String, String)],
    body: &[u8],
) -> io::Result<Answer> {
    let mut stream = send(address, host, method, target, headers)?;
    // A server that answers early may not take the body.
    let sent = stream.write_all(body);
    let mut bytes = Vec::new();
    let read = stream.read_to_end(&mut bytes);
    match parse(method, &bytes) {
        Some(answer) => Ok(answer),
        None => sent.and(read).and(Err(io::ErrorKind::UnexpectedEof.into())),
    }
}

/// Connects and sends the head.
fn send(address: &str, host: &str, method: &str, target: &str, headers: &[(String, String)]) -> io::Result<TcpStream> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(LONGEST_WAIT))?;
    let mut head = format!("{method} {target} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n");
    for (name, value) in headers {
        head += &format!("{name}: {value}\r\n");
    }
    stream.write_all((head + "\r\n").as_bytes())?;
    Ok(stream)
}

/// The head of the answer to a request that is given as it goes over the wire.
pub(crate) fn head_of(server: &OssServer, request: &str) -> String {
    let endpoint = server.endpoint();
    let mut stream = TcpStream::connect(endpoint.trim_start_matches("http://")).unwrap();
    stream.set_read_timeout(Some(LONGEST_WAIT)).unwrap();
    stream.write_all(request.as_bytes()).unwrap();
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        stream.read_exact(&mut byte).unwrap();
        head.extend(byte);
    }
    String::from_utf8(head).unwrap()
}

fn parse(method: &str, bytes: &[u8]) -> Option<Answer> {
    let split = bytes.windows(4).position(|window| window == b"\r\n\r\n")?;
    let head = std::str::from_utf8(&bytes[..split]).ok()?;
    let mut lines = head.split("\r\n");
    let status = lines.next()?.split(' ').nth(1)?.parse().ok()?;
    let headers: Vec<(String, String)> = lines
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    let answer = Answer { status, headers, body: bytes[split + 4..].to_vec() };
    let length: usize = answer.header("content-length").map_or(Some(0), |text| text.parse().ok())?;
    (method == "HEAD" || answer.body.len() == length).then_some(answer)
}

pub(crate) fn encoded(text: &str, kept: &[u8]) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => (byte as char).to_string(),
            byte if kept.contains(&byte) => (byte as char).to_string(),
            byte => format!("%{byte:02X}"),
        })
        .collect()
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn hmac(key: &[u8], text: &str) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).unwrap();
    mac.update(text.as_bytes());
    mac.finalize().into_bytes().to_vec()
}

/// Begins an upload and returns its id.
pub(crate) fn initiate(server: &OssServer, key: &str) -> String {
    let answer = call("POST", key).query("uploads", "").send(server);
    answer.assert_ok().element("UploadId").unwrap()
}

pub(crate) fn part(key: &str, id: &str, number: u32, body: impl Into<Vec<u8>>) -> Call {
    call("PUT", key).query("partNumber", number).query("uploadId", id).body(body)
}

/// Sends a part and returns its ETag.
pub(crate) fn send_part(server: &OssServer, key: &str, id: &str, number: u32, body: &[u8]) -> String {
    let answer = part(key, id, number, body).send(server);
    answer.assert_ok().header("etag").unwrap().to_owned()
}

pub(crate) fn complete(key: &str, id: &str, parts: &[(u32, &str)]) -> Call {
    let parts: String = parts
        .iter()
        .map(|(number, etag)| format!("<Part><PartNumber>{number}</PartNumber><ETag>{etag}</ETag></Part>"))
        .collect();
    call("POST", key)
        .query("uploadId", id)
        .header("content-type", "application/xml")
        .body(format!("<CompleteMultipartUpload>{parts}</CompleteMultipartUpload>"))
}
