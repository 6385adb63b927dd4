//! The admin port: what the library offers to tests in-process, for everybody else.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::io;
use std::sync::Arc;

use http_body_util::BodyExt;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use serde::Serialize;
use serde_json::Value;
use tokio::net::TcpStream;

use crate::content::{Content, Stored};
use crate::encode;
use crate::fault::Fault;
use crate::ledger::Entry;
use crate::operation::Operation;
use crate::site::Site;
use crate::view;

pub(crate) async fn converse(site: Arc<Site>, tcp: TcpStream) -> io::Result<()> {
    http1::Builder::new()
        .serve_connection(TokioIo::new(tcp), service_fn(|request| answer(Arc::clone(&site), request)))
        .await
        .map_err(io::Error::other)
}

struct Reply {
    status: StatusCode,
    content_type: &'static str,
    body: Content,
}

impl Reply {
    fn json(value: &impl Serialize) -> Result<Self, Complaint> {
        Ok(Self {
            status: StatusCode::OK,
            content_type: "application/json",
            body: Content::Text(serde_json::to_vec(value).map_err(Complaint::internal)?.into()),
        })
    }

    fn done() -> Self {
        Self::text("")
    }

    fn text(text: impl ToString) -> Self {
        Self { status: StatusCode::OK, content_type: "text/plain", body: Content::Text(text.to_string().into()) }
    }
}

struct Complaint(StatusCode, String);

impl Complaint {
    fn bad(error: impl ToString) -> Self {
        Self(StatusCode::BAD_REQUEST, error.to_string())
    }

    fn absent(what: &str) -> Self {
        Self(StatusCode::NOT_FOUND, format!("no such {what}"))
    }

    fn internal(error: impl ToString) -> Self {
        Self(StatusCode::INTERNAL_SERVER_ERROR, error.to_string())
    }
}

async fn answer(site: Arc<Site>, request: Request<Incoming>) -> Result<Response<Content>, Infallible> {
    let reply = dispatch(&site, request).await.unwrap_or_else(|complaint| Reply {
        status: complaint.0,
        content_type: "text/plain",
        body: Content::Text((complaint.1 + "\n").into()),
    });
    let mut response = Response::new(reply.body);
    *response.status_mut() = reply.status;
    response
        .headers_mut()
        .insert(hyper::header::CONTENT_TYPE, hyper::header::HeaderValue::from_static(reply.content_type));
    Ok(response)
}

async fn dispatch(site: &Site, request: Request<Incoming>) -> Result<Reply, Complaint> {
    let (head, incoming) = request.into_parts();
    let asked: BTreeMap<String, String> =
        encode::decode_query(head.uri.query().unwrap_or_default()).into_iter().collect();
    let body = incoming.collect().await.map_err(Complaint::bad)?.to_bytes();
    match (&head.method, head.uri.path()) {
        (&Method::GET, "/-/ledger") => Reply::json(&filtered(site, &asked)?),
        (&Method::DELETE, "/-/ledger") => {
            site.ledger.clear();
            Ok(Reply::done())
        }
        (&Method::GET, "/-/count") => Ok(Reply::text(filtered(site, &asked)?.len())),
        (&Method::GET, "/-/parts") => Reply::json(&answered_parts(site, &asked)?),
        (&Method::GET, "/-/uploads") => Reply::json(&view::uploads(site)),
        (&Method::GET, "/-/objects") => Reply::json(&view::objects(site)),
        (&Method::DELETE, "/-/objects") => {
            view::drop_objects(site);
            Ok(Reply::done())
        }
        (&Method::GET, "/-/object") => object(site, &asked),
        (&Method::PUT, "/-/bucket") => {
            let now = site.clock.now();
            site.store.create_bucket(given(&asked, "bucket")?, now);
            Ok(Reply::done())
        }
        (&Method::GET, "/-/faults") => Reply::json(&site.faults.list()),
        (&Method::POST, "/-/faults") => add_faults(site, &body),
        (&Method::DELETE, "/-/faults") => {
            site.faults.clear();
            Ok(Reply::done())
        }
        (&Method::DELETE, "/-/upload") => found(view::drop_upload(site, given(&asked, "id")?), "upload"),
        (&Method::DELETE, "/-/part") => {
            let number = given(&asked, "number")?.parse().map_err(Complaint::bad)?;
            found(view::drop_part(site, given(&asked, "id")?, number), "part")
        }
        (_, path) => Err(Complaint::absent(path)),
    }
}

fn found(was_there: bool, what: &str) -> Result<Reply, Complaint> {
    match was_there {
        true => Ok(Reply::done()),
        false => Err(Complaint::absent(what)),
    }
}

fn given<'a>(asked: &'a BTreeMap<String, String>, name: &str) -> Result<&'a str, Complaint> {
    asked.get(name).map(String::as_str).ok_or_else(|| Complaint::bad(format!("{name} is missing")))
}

/// Faults come alone or in an array.
fn add_faults(site: &Site, body: &[u8]) -> Result<Reply, Complaint> {
    let given: Value = serde_json::from_slice(body).map_err(Complaint::bad)?;
    let several = if given.is_array() { given } else { Value::from(vec![given]) };
    let faults: Vec<Fault> = serde_json::from_value(several).map_err(Complaint::bad)?;
    for fault in faults {
        site.faults.add(fault);
    }
    Ok(Reply::done())
}

fn object(site: &Site, asked: &BTreeMap<String, String>) -> Result<Reply, Complaint> {
    let object =
        site.store.object(given(asked, "bucket")?, given(asked, "key")?).map_err(|_| Complaint::absent("object"))?;
    let body = Content::Stored(Stored::new(&object.content, 0, object.size));
    Ok(Reply { status: StatusCode::OK, content_type: "application/octet-stream", body })
}

/// The entries that fit every filter in the query.
fn filtered(site: &Site, asked: &BTreeMap<String, String>) -> Result<Vec<Entry>, Complaint> {
    let filter = Filter::read(asked)?;
    let mut entries = site.ledger.read();
    entries.retain(|entry| filter.keeps(entry));
    Ok(entries)
}

#[derive(Default)]
struct Filter<'a> {
    operation: Option<Operation>,
    bucket: Option<&'a str>,
    key: Option<&'a str>,
    upload_id: Option<&'a str>,
    part_number: Option<u32>,
    status: Option<u16>,
    answered: Option<bool>,
}

impl<'a> Filter<'a> {
    fn read(asked: &'a BTreeMap<String, String>) -> Result<Self, Complaint> {
        let mut filter = Self::default();
        for (name, value) in asked {
            match name.as_str() {
                "operation" => {
                    let name = Value::from(value.as_str());
                    filter.operation = Some(serde_json::from_value(name).map_err(Complaint::bad)?);
                }
                "bucket" => filter.bucket = Some(value),
                "key" => filter.key = Some(value),
                "upload_id" => filter.upload_id = Some(value),
                "part_number" => {
                    filter.part_number = Some(value.parse().map_err(Complaint::bad)?);
                }
                "status" => filter.status = Some(value.parse().map_err(Complaint::bad)?),
                "answered" => filter.answered = Some(value.parse().map_err(Complaint::bad)?),
                other => return Err(Complaint::bad(format!("unknown filter {other}"))),
            }
        }
        Ok(filter)
    }

    fn keeps(&self, entry: &Entry) -> bool {
        self.operation.is_none_or(|wanted| entry.operation == wanted)
            && self.bucket.is_none_or(|wanted| entry.bucket.as_deref() == Some(wanted))
            && self.key.is_none_or(|wanted| entry.key.as_deref() == Some(wanted))
            && self.upload_id.is_none_or(|wanted| entry.upload_id.as_deref() == Some(wanted))
            && self.part_number.is_none_or(|wanted| entry.part_number == Some(wanted))
            && self.status.is_none_or(|wanted| entry.status == Some(wanted))
            && self.answered.is_none_or(|wanted| entry.answered == wanted)
    }
}

/// How often each part number was taken and answered in full.
fn answered_parts(site: &Site, asked: &BTreeMap<String, String>) -> Result<BTreeMap<u32, u32>, Complaint> {
    let mut counts = BTreeMap::new();
    for entry in filtered(site, asked)? {
        let counted = entry.operation == Operation::UploadPart && entry.answered && entry.status == Some(200);
        if let (true, Some(number)) = (counted, entry.part_number) {
            *counts.entry(number).or_insert(0) += 1;
        }
    }
    Ok(counts)
}
