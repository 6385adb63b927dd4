//! What OSS means when it does not do what it was asked for.

use super::date;
use super::remedy::{self, Remedy};
use super::request::Response;
use super::xml::Element;
use crate::error::Error;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use std::time::Duration;

/// Bytes of a foreign answer that are worth showing.
const SHOWN: usize = 200;

/// What an answer says about when and how to try again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Hints {
    /// The server's time, in unix seconds.
    pub server_time: Option<i64>,
    /// How long the server wants to be left alone.
    pub retry_after: Option<Duration>,
}

/// Reads the hints of an answer.
pub fn hints(response: &Response) -> Hints {
    let told = Details::of(response).and_then(|details| date::parse(&details.server_time?));
    let told = told.filter(|&time| date::is_plausible(time));
    let number = |name| response.header(name)?.trim().parse::<u64>().ok();
    let retry_after = number("retry-after").map(Duration::from_secs).or_else(|| until_named_date(response));
    let delay = number("x-oss-qos-delay-time").map(Duration::from_millis);
    Hints { server_time: told.or_else(|| response.server_time()), retry_after: retry_after.max(delay) }
}

/// `Retry-After` may be a date, too; the answer's own says how far off that is.
fn until_named_date(response: &Response) -> Option<Duration> {
    let seconds = date::parse(response.header("retry-after")?)?.saturating_sub(response.server_time()?);
    u64::try_from(seconds).ok().map(Duration::from_secs)
}

/// Turns an answer that is no success into an error.
pub fn service_error(response: &Response) -> Error {
    let details = Details::of(response);
    let code = details.as_ref().map(|details| details.code.as_str()).unwrap_or_default();
    let (kind, remedy) = remedy::of_answer(response.status, code, is_foreign(response, &details));
    let message = match &details {
        Some(details) => told_by_oss(response, details),
        None => told_by_others(response),
    };
    let mut error = Error::new(kind, message);
    let report = error.report_mut();
    report.temporary = remedy == Remedy::Retry;
    report.http_status = response.status;
    report.request_id = response.request_id().map(str::to_owned);
    report.ec = response.header("x-oss-ec").map(str::to_owned);
    if let Some(details) = details {
        report.oss_code = Some(details.code);
        report.ec = report.ec.take().or(details.ec);
        report.request_id = report.request_id.take().or(details.request_id);
    }
    error
}

/// An answer that OSS gave can be told from a proxy's or a portal's.
fn is_foreign(response: &Response, details: &Option<Details>) -> bool {
    details.is_none() && response.request_id().is_none() && !response.body.is_empty()
}

fn told_by_oss(response: &Response, details: &Details) -> String {
    let mut message = format!("OSS answers with status {}", response.status);
    if let Some(text) = &details.message {
        message.push_str(&format!(": {}", text.trim()));
    }
    if let Some(advice) = advice(response, details) {
        message.push_str(&format!("; {advice}"));
    }
    message
}

/// What to change, where it is known.
fn advice(response: &Response, details: &Details) -> Option<String> {
    let ec = response.header("x-oss-ec").or(details.ec.as_deref());
    match ec {
        Some("0002-00000080") => return Some("this account or bucket refuses signature V1, use V4".to_owned()),
        Some("0002-00000226") => return Some("set the region to the bucket's own, such as cn-hangzhou".to_owned()),
        Some(_) | None => {}
    }
    match details.code.as_str() {
        "AccessDenied" => {
            let endpoint = details.endpoint.as_ref()?;
            Some(format!("the bucket is in another region, set the endpoint to {endpoint}"))
        }
        "SecondLevelDomainForbidden" => Some("this endpoint does not allow path style, switch it off".to_owned()),
        "RequestTimeTooSkewed" => Some("this machine's clock is wrong, set it right".to_owned()),
        "InvalidAccessKeyId" => Some("check the access key's id".to_owned()),
        "SignatureDoesNotMatch" => Some("check the access key's secret and the region".to_owned()),
        "SecurityTokenExpired" => Some("supply fresh temporary credentials".to_owned()),
        _ => None,
    }
}

fn told_by_others(response: &Response) -> String {
    let way = response.proxy.as_ref().map(|proxy| format!(", through the proxy {proxy},")).unwrap_or_default();
    let mut message = format!("the answer{way} has status {}", response.status);
    if (300..400).contains(&response.status) {
        let target = response.header("location").unwrap_or("nowhere");
        message.push_str(&format!(
            ", a redirect to {target:?}, which is not followed because it would carry the signature \
             to another host"
        ));
    }
    if response.body.is_empty() {
        message.push_str(" and no explanation");
    } else {
        let start = &response.body[..response.body.len().min(SHOWN)];
        message.push_str(&format!(" and starts with {:?}", String::from_utf8_lossy(start)));
    }
    message
}

/// The fields of OSS's error document.
#[derive(Default)]
struct Details {
    code: String,
    message: Option<String>,
    request_id: Option<String>,
    ec: Option<String>,
    endpoint: Option<String>,
    server_time: Option<String>,
}

impl Details {
    fn of(response: &Response) -> Option<Self> {
        if !response.body.is_empty() {
            return Self::from_xml(&response.body).or_else(|| Self::from_json(&response.body));
        }
        // An answer to HEAD has no body.
        let document = STANDARD.decode(response.header("x-oss-err")?.trim()).ok()?;
        Self::from_xml(&document)
    }

    fn from_xml(document: &[u8]) -> Option<Self> {
        let root = Element::parse(document).ok().filter(|root| root.name == "Error")?;
        Self::from_fields(|name| root.text_of(name).map(str::to_owned))
    }

    fn from_json(document: &[u8]) -> Option<Self> {
        let root: serde_json::Value = serde_json::from_slice(document).ok()?;
        let fields = root.get("Error").unwrap_or(&root);
        Self::from_fields(|name| Some(fields.get(name)?.as_str()?.to_owned()))
    }

    fn from_fields(field: impl Fn(&str) -> Option<String>) -> Option<Self> {
        Some(Self {
            code: field("Code")?,
            message: field("Message"),
            request_id: field("RequestId"),
            ec: field("EC"),
            endpoint: field("Endpoint"),
            server_time: field("ServerTime"),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Kind;
    use proptest::prelude::*;

    fn answer(status: u16, body: &str) -> Response {
        Response { status, body: body.into(), ..Response::default() }
    }

    fn coded(status: u16, code: &str) -> Response {
        answer(status, &format!("<Error><Code>{code}</Code></Error>"))
    }

    fn with_header(mut response: Response, name: &str, value: &str) -> Response {
        response.headers.push((name.to_owned(), value.to_owned()));
        response
    }

    #[test]
    fn all_that_oss_tells_is_kept() {
        let body = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error>\n  <Code>NoSuchUpload</Code>\n  \
            <Message>It is &quot;gone&quot;.</Message>\n  <RequestId>65A0AA</RequestId>\n  \
            <EC>0042-00000002</EC>\n</Error>";
        let error = service_error(&answer(404, body));
        let report = error.report();
        assert_eq!(report.kind, Kind::NoSuchUpload);
        assert_eq!(report.http_status, 404);
        assert_eq!(report.oss_code.as_deref(), Some("NoSuchUpload"));
        assert_eq!(report.ec.as_deref(), Some("0042-00000002"));
        assert_eq!(report.request_id.as_deref(), Some("65A0AA"));
        assert!(report.message.contains("It is \"gone\"."), "{}", report.message);
        assert!(!report.temporary);
    }

    #[test]
    fn each_code_has_its_kind() {
        for (status, code, kind, temporary) in [
            (203, "CallbackFailed", Kind::CallbackFailed, false),
            (400, "InvalidPart", Kind::Service, false),
            (400, "RequestTimeout", Kind::Service, true),
            (403, "AccessDenied", Kind::AccessDenied, false),
            (403, "InvalidAccessKeyId", Kind::AccessDenied, false),
            (403, "SignatureDoesNotMatch", Kind::AccessDenied, false),
            (403, "SecurityTokenExpired", Kind::AccessDenied, false),
            (400, "SecurityTokenExpired", Kind::AccessDenied, false),
            (403, "InvalidSecurityToken", Kind::AccessDenied, false),
            (403, "RequestTimeTooSkewed", Kind::AccessDenied, false),
            (403, "SecondLevelDomainForbidden", Kind::Service, false),
            (404, "NoSuchBucket", Kind::NoSuchBucket, false),
            (404, "NoSuchUpload", Kind::NoSuchUpload, false),
            (404, "NoSuchKey", Kind::Service, false),
            (409, "FileAlreadyExists", Kind::AlreadyExists, false),
            (409, "FileImmutable", Kind::Service, false),
            (500, "InternalError", Kind::Service, true),
            (503, "ServiceUnavailable", Kind::Throttled, true),
            (503, "QpsLimitExceeded", Kind::Throttled, true),
            (403, "UploadTrafficRateLimitExceeded", Kind::Throttled, true),
        ] {
            let error = service_error(&coded(status, code));
            assert_eq!((error.kind(), error.report().temporary), (kind, temporary), "{code}");
        }
    }

    #[test]
    fn each_status_without_a_code_has_its_kind() {
        for (status, kind, temporary) in [
            (203, Kind::CallbackFailed, false),
            (302, Kind::BadAnswer, true),
            (400, Kind::Service, false),
            (401, Kind::AccessDenied, false),
            (403, Kind::AccessDenied, false),
            (404, Kind::Service, false),
            (408, Kind::Service, true),
            (429, Kind::Throttled, true),
            (500, Kind::Service, true),
            (502, Kind::Service, true),
            (503, Kind::Throttled, true),
            (504, Kind::Service, true),
            (511, Kind::Service, true),
        ] {
            let error = service_error(&answer(status, ""));
            assert_eq!((error.kind(), error.report().temporary), (kind, temporary), "{status}");
        }
    }

    #[test]
    fn a_proxys_answer_is_shown() {
        for (status, kind) in [(403, Kind::BadAnswer), (407, Kind::BadAnswer), (502, Kind::Service)] {
            let error = service_error(&answer(status, "<html><p>Please log in<br></html>"));
            assert_eq!(error.kind(), kind);
            assert_eq!(error.report().http_status, status);
            assert!(error.to_string().contains("Please log in"), "{error}");
            assert!(error.to_string().contains(&status.to_string()), "{error}");
        }
    }

    #[test]
    fn the_proxy_that_may_have_answered_is_named_unless_oss_answered() {
        let through = |mut response: Response| {
            response.proxy = Some("http://proxy:3128".to_owned());
            service_error(&response).to_string()
        };
        let message = through(answer(403, "no!"));
        assert!(message.contains("the answer, through the proxy http://proxy:3128, has status 403"), "{message}");
        let message = through(coded(403, "AccessDenied"));
        assert!(!message.contains("proxy"), "{message}");
    }

    #[test]
    fn a_foreign_answer_is_cut() {
        let error = service_error(&answer(500, &"中".repeat(10_000)));
        assert!(error.to_string().len() < 1000);
    }

    #[test]
    fn a_redirect_names_its_target() {
        let error = service_error(&with_header(answer(302, ""), "location", "http://portal/"));
        assert!(error.to_string().contains("http://portal/"), "{error}");
    }

    #[test]
    fn json_is_read_too() {
        for body in [
            "{\"Error\": {\"Code\": \"NoSuchBucket\", \"RequestId\": \"65A0\"}}",
            "{\"Code\": \"NoSuchBucket\", \"RequestId\": \"65A0\"}",
        ] {
            let error = service_error(&answer(404, body));
            assert_eq!(error.kind(), Kind::NoSuchBucket);
            assert_eq!(error.report().request_id.as_deref(), Some("65A0"));
        }
    }

    #[test]
    fn an_answer_to_head_has_its_document_in_a_header() {
        let document = STANDARD.encode("<Error><Code>NoSuchBucket</Code></Error>");
        let error = service_error(&with_header(answer(404, ""), "x-oss-err", &document));
        assert_eq!(error.kind(), Kind::NoSuchBucket);
    }

    #[test]
    fn headers_tell_what_the_document_does_not() {
        let response = with_header(coded(403, "AccessDenied"), "x-oss-request-id", "65A0");
        let error = service_error(&with_header(response, "x-oss-ec", "0003-00000001"));
        assert_eq!(error.report().request_id.as_deref(), Some("65A0"));
        assert_eq!(error.report().ec.as_deref(), Some("0003-00000001"));
    }

    #[test]
    fn messages_say_what_to_change() {
        let elsewhere = "<Error><Code>AccessDenied</Code><Message>Use the specified endpoint.</Message>\
            <Endpoint>oss-cn-beijing.aliyuncs.com</Endpoint></Error>";
        let old = "<Error><Code>InvalidArgument</Code><EC>0002-00000080</EC></Error>";
        let strange = "<Error><Code>InvalidArgument</Code><EC>0002-00000226</EC></Error>";
        for (response, words) in [
            (answer(403, elsewhere), "endpoint to oss-cn-beijing.aliyuncs.com"),
            (answer(403, old), "use V4"),
            (answer(400, strange), "set the region"),
            (coded(403, "SecondLevelDomainForbidden"), "path style"),
            (coded(403, "SignatureDoesNotMatch"), "secret"),
        ] {
            let message = service_error(&response).to_string();
            assert!(message.contains(words), "{message}");
        }
    }

    #[test]
    fn hints_are_read() {
        let skewed = "<Error><Code>RequestTimeTooSkewed</Code>\
            <ServerTime>2026-01-01T00:00:00.000Z</ServerTime></Error>";
        let dated = |response| with_header(response, "date", "Fri, 02 Jan 2026 00:00:00 GMT");
        assert_eq!(hints(&dated(answer(403, skewed))).server_time, Some(1_767_225_600));
        assert_eq!(hints(&dated(answer(503, ""))).server_time, Some(1_767_312_000));
        let long_ago = skewed.replace("2026", "1970");
        assert_eq!(hints(&answer(403, &long_ago)).server_time, None);
        assert_eq!(hints(&dated(answer(403, &long_ago))).server_time, Some(1_767_312_000));

        let told_to_wait = with_header(answer(503, ""), "retry-after", "7");
        assert_eq!(hints(&told_to_wait).retry_after, Some(Duration::from_secs(7)));
        let told_until = with_header(dated(answer(503, "")), "retry-after", "Fri, 02 Jan 2026 00:00:09 GMT");
        assert_eq!(hints(&told_until).retry_after, Some(Duration::from_secs(9)));
        let delayed = with_header(answer(503, ""), "x-oss-qos-delay-time", "250");
        assert_eq!(hints(&delayed).retry_after, Some(Duration::from_millis(250)));
        let both = with_header(with_header(answer(503, ""), "retry-after", "0"), "x-oss-qos-delay-time", "250");
        assert_eq!(hints(&both).retry_after, Some(Duration::from_millis(250)));
        assert_eq!(hints(&answer(503, "")), Hints::default());
    }

    proptest! {
        #[test]
        fn reading_never_panics(status: u16, body: Vec<u8>, header: String) {
            let response = Response {
                status,
                headers: vec![("x-oss-err".to_owned(), header.clone()), ("retry-after".to_owned(), header)],
                body,
                ..Response::default()
            };
            let _ = service_error(&response);
            let _ = hints(&response);
        }
    }
}
