//! The hosts of the public service: which lead to a bucket, and what is said where they do not.

#![allow(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

#[path = "support/proxied.rs"]
mod proxied;
mod scenarios;

use oss_server::{Options, OssServer};
use ossup::oss::endpoint::Style;
use ossup::{Client, Kind, Outcome};
use scenarios::courier::{finish, start};
use scenarios::{Courier, Place};

const NAME: &str = "file";
const SIZE: usize = 102_401;
const CNAME: &str = "static.example.com";

/// Uploads to a host from the client's side.
fn upload(host: &str, region: &str, style: Style) -> Outcome {
    let place = Place { region: region.to_owned(), ..Place::in_stand_in(&format!("http://{host}")) };
    let courier = Courier::new(&place, host);
    courier.write(NAME, SIZE);
    let mut config = place.config();
    config.set_style(style);
    finish(&start(&Client::new(&config).unwrap(), &courier.request(NAME)))
}

/// A server that the client of a test has spoken to.
fn served(test: &str) -> OssServer {
    let cnames = vec![(CNAME.to_owned(), "bucket".to_owned())];
    let server = OssServer::start(Options { cnames, ..Options::default() }).unwrap();
    server.create_bucket("bucket");
    assert!(proxied::client_of(&server, test).wait().unwrap().success(), "the client failed");
    server
}

#[test]
fn every_way_into_the_region_leads_to_the_bucket() {
    let ways = [
        ("oss-cn-hangzhou.aliyuncs.com", "bucket.oss-cn-hangzhou.aliyuncs.com", Style::VirtualHosted),
        ("oss-cn-hangzhou-internal.aliyuncs.com", "bucket.oss-cn-hangzhou-internal.aliyuncs.com", Style::VirtualHosted),
        ("cn-hangzhou.oss.aliyuncs.com", "bucket.cn-hangzhou.oss.aliyuncs.com", Style::VirtualHosted),
        ("oss-accelerate.aliyuncs.com", "bucket.oss-accelerate.aliyuncs.com", Style::VirtualHosted),
        (CNAME, CNAME, Style::Cname),
    ];
    if proxied::is_client() {
        for (host, _, style) in ways {
            let outcome = upload(host, "cn-hangzhou", style);
            assert!(outcome.error.is_none(), "{host}: {outcome:?}");
        }
        return;
    }
    let server = served("every_way_into_the_region_leads_to_the_bucket");
    for (host, named, _) in ways {
        assert!(server.object("bucket", &format!("{host}/{NAME}")).is_some_and(|object| object.size == SIZE as u64));
        assert!(server.ledger().iter().any(|entry| entry.header("host") == Some(named)), "{named}");
    }
}

#[test]
fn what_is_refused_says_what_to_change() {
    let refusals = [
        ("oss-us-west-1.aliyuncs.com", "us-west-1", Style::VirtualHosted, "endpoint to oss-cn-hangzhou.aliyuncs.com"),
        ("oss-cn-hangzhou.aliyuncs.com", "cn-hangzhou", Style::PathStyle, "does not allow path style"),
        ("oss-cn-hangzhou.aliyuncs.com", "us-west-1", Style::VirtualHosted, "set the region"),
    ];
    if proxied::is_client() {
        for (host, region, style, advice) in refusals {
            let error = upload(host, region, style).error.unwrap();
            assert!(error.to_string().contains(advice), "{host}: {error}");
            assert!(matches!(error.kind(), Kind::AccessDenied | Kind::Service), "{error:?}");
            assert!(error.report().request_id.is_some(), "{error:?}");
            assert_eq!(error.report().attempts, 1, "{error:?}");
        }
        return;
    }
    let server = served("what_is_refused_says_what_to_change");
    assert_eq!(server.ledger().len(), refusals.len());
    assert_eq!(server.uploads(), []);
}
