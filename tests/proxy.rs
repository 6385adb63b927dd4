//! Uploads through proxies, and past them.

#![allow(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

#[path = "support/net/mod.rs"]
mod net;
mod support;

use net::authority::Authority;
use net::http_proxy::{HttpProxy, closed_port};
use net::socks_proxy::SocksProxy;
use oss_server::Options;
use ossup::{Client, Config, Kind, Outcome};
use std::time::Duration;
use support::{MIB, World, finish, start};

fn secure_world() -> World {
    World::with(MIB, Options { tls: true, ..Options::default() })
}

fn over_tls(world: &World) -> Config {
    let mut config = world.config();
    config.set_endpoint(&world.server.https_endpoint().unwrap()).unwrap();
    config.set_ca_pem(world.server.ca_pem().unwrap()).unwrap();
    config
}

fn upload(world: &World, config: &Config) -> Outcome {
    finish(&start(&Client::new(config).unwrap(), &world.request()))
}

fn refusal(world: &World, config: &mut Config, proxy: &str) -> ossup::Error {
    config.set_proxy(Some(proxy)).unwrap();
    config.set_max_attempts(2).unwrap();
    config.set_connect_timeout(Duration::from_secs(2)).unwrap();
    let error = upload(world, config).error.expect("the upload fails");
    assert_eq!(error.kind(), Kind::Unreachable, "{error}");
    error
}

#[test]
fn http_through_an_http_proxy() {
    let world = World::new(MIB);
    let proxy = HttpProxy::with_password("user:p@ss word");
    let mut config = world.config();
    config.set_proxy(Some(&format!("http://user:p%40ss%20word@{}", proxy.address))).unwrap();
    config.set_user_agent(Some("backup/3")).unwrap();
    world.assert_done(&upload(&world, &config));
    let asked = proxy.asked();
    assert_eq!(asked.len(), world.server.ledger().len());
    for asked in asked {
        assert!(asked.was_let_through && asked.target.starts_with(&world.server.endpoint()), "{asked:?}");
        let product = format!("ossup/{} backup/3", env!("CARGO_PKG_VERSION"));
        assert_eq!(asked.user_agent, Some(product));
    }
}

#[test]
fn https_through_an_http_proxy_is_a_tunnel() {
    let world = secure_world();
    let proxy = HttpProxy::with_password("user:password");
    let mut config = over_tls(&world);
    config.set_proxy(Some(&format!("http://user:password@{}", proxy.address))).unwrap();
    world.assert_done(&upload(&world, &config));
    let asked = proxy.asked();
    assert!(asked.iter().all(|asked| asked.method == "CONNECT" && asked.was_let_through), "{asked:?}");
    assert!(asked.len() < world.server.ledger().len(), "no tunnel was used again");
}

#[test]
fn a_proxy_may_be_spoken_to_in_tls() {
    let authority = Authority::new("the proxy's");
    let proxy = HttpProxy::with_tls(&authority);
    let address = format!("https://user:password@localhost:{}", proxy.address.port());

    let plain = World::new(MIB);
    let mut config = plain.config();
    config.set_ca_pem(&authority.pem).unwrap();
    config.set_proxy(Some(&address)).unwrap();
    plain.assert_done(&upload(&plain, &config));

    let secure = secure_world();
    let mut config = over_tls(&secure);
    config.set_ca_pem(&format!("{}{}", authority.pem, secure.server.ca_pem().unwrap())).unwrap();
    config.set_proxy(Some(&address)).unwrap();
    secure.assert_done(&upload(&secure, &config));
    assert!(proxy.asked().iter().any(|asked| asked.method == "CONNECT"));

    // Whoever does not trust it does not speak to it.
    let mut config = over_tls(&secure);
    config.set_proxy(Some(&address)).unwrap();
    let error = upload(&secure, &config).error.unwrap();
    assert_eq!((error.kind(), error.report().attempts), (Kind::TlsFailed, 1), "{error}");
    assert!(error.to_string().contains("https://localhost:"), "{error}");
}

#[test]
fn through_a_socks_proxy() {
    for password in [None, Some(("us er", "p@ss"))] {
        let given = if password.is_some() { "us%20er:p%40ss@" } else { "" };
        for (scheme, host) in [("socks5h", "localhost"), ("socks5", "127.0.0.1")] {
            let proxy = SocksProxy::start(password);
            let address = format!("{scheme}://{given}{}", proxy.address);

            let secure = secure_world();
            let mut config = over_tls(&secure);
            if scheme == "socks5" {
                // The first address of localhost may be one that the stand-in does not listen at.
                let endpoint = secure.server.https_endpoint().unwrap().replace("localhost", "127.0.0.1");
                config.set_endpoint(&endpoint).unwrap();
            }
            config.set_proxy(Some(&address)).unwrap();
            secure.assert_done(&upload(&secure, &config));
            assert!(proxy.asked().iter().all(|asked| asked == host), "{:?}", proxy.asked());

            let plain = World::new(MIB);
            let mut config = plain.config();
            let before = proxy.asked().len();
            config.set_proxy(Some(&address)).unwrap();
            plain.assert_done(&upload(&plain, &config));
            assert!(proxy.asked().len() > before);
        }
    }
}

#[test]
fn a_refused_user_is_told_at_once_and_names_the_proxy() {
    let world = World::new(MIB);
    let secure = secure_world();
    let http = HttpProxy::with_password("user:password");
    let socks = SocksProxy::start(Some(("user", "password")));
    for (scheme, address) in [("http", http.address), ("socks5h", socks.address)] {
        for (given, why) in [("", "was given no user and password"), ("user:topsecret@", "does not accept")] {
            for (world, mut config) in [(&world, world.config()), (&secure, over_tls(&secure))] {
                let error = refusal(world, &mut config, &format!("{scheme}://{given}{address}"));
                let message = error.to_string();
                assert!(message.contains(&format!("the proxy {scheme}://{address} wants authentication and {why}")));
                assert!(!message.contains("topsecret") && !format!("{error:?}").contains("topsecret"), "{message}");
                let report = error.report();
                let status = if scheme == "http" { 407 } else { 0 };
                assert_eq!((report.attempts, report.temporary, report.http_status), (1, false, status), "{message}");
            }
        }
    }
    assert!(http.asked().iter().all(|asked| !asked.was_let_through));
    assert!(world.server.ledger().is_empty() && secure.server.ledger().is_empty());
}

#[test]
fn what_a_proxy_answers_in_its_own_name_is_told_with_its_name() {
    let world = World::new(MIB);
    let proxy = HttpProxy::closed();
    let mut config = world.config();
    config.set_proxy(Some(&format!("http://user:topsecret@{}", proxy.address))).unwrap();
    let error = upload(&world, &config).error.unwrap();
    let message = error.to_string();
    assert_eq!((error.kind(), error.report().http_status), (Kind::BadAnswer, 403), "{message}");
    let told = format!("the answer, through the proxy {}, has status 403 and starts with \"no!\"", proxy.url());
    assert!(message.contains(&told) && !format!("{error:?}").contains("topsecret"), "{message}");
    assert!(world.server.ledger().is_empty());

    // OSS's own answers are OSS's, whatever they came through.
    let through = HttpProxy::open();
    config.set_proxy(Some(&through.url())).unwrap();
    config.set_credentials("ak", "wrong", None).unwrap();
    let error = upload(&world, &config).error.unwrap();
    assert_eq!(error.kind(), Kind::AccessDenied, "{error}");
    assert!(!error.to_string().contains("proxy"), "{error}");
}

#[test]
fn a_proxy_that_is_not_there_is_named() {
    let world = World::new(MIB);
    let secure = secure_world();
    let nobody = closed_port();
    let (plain, tunnelled) = (|| world.config(), || over_tls(&secure));
    for (proxy, why) in [
        (format!("http://{nobody}"), "the connection to the proxy was refused"),
        ("http://no-such-proxy.invalid:3128".to_owned(), "the name of the proxy cannot be resolved"),
        (format!("socks5h://{nobody}"), "the proxy cannot be reached"),
    ] {
        for (world, mut config) in [(&world, plain()), (&secure, tunnelled())] {
            let error = refusal(world, &mut config, &proxy);
            let message = error.to_string();
            assert!(message.contains(&format!("through the proxy {proxy}: {why}")), "{message}");
            assert_eq!((error.report().attempts, error.report().temporary), (2, true), "{message}");
        }
    }
}

#[test]
fn a_host_that_the_proxy_does_not_reach_is_named_too() {
    let world = World::new(MIB);
    let http = HttpProxy::open();
    let mut config = world.config();
    config.set_endpoint("https://oss.no-such-host.invalid").unwrap();
    let message = refusal(&world, &mut config, &http.url()).to_string();
    let expected = format!("no connection to bucket.oss.no-such-host.invalid:443 through the proxy {}", http.url());
    assert!(message.contains(&format!("{expected}: the proxy did not connect")), "{message}");

    let socks = SocksProxy::start(None);
    let message = refusal(&world, &mut config, &format!("socks5://{}", socks.address)).to_string();
    assert!(message.contains("the name of the host cannot be resolved"), "{message}");
}

#[test]
fn some_hosts_go_past_the_proxy() {
    let world = World::new(MIB);
    let port = world.server.endpoint().rsplit(':').next().unwrap().to_owned();
    let nobody = format!("http://{}", closed_port());
    for (host, list) in [
        ("127.0.0.1", "192.0.2.1,127.0.0.1"),
        ("127.0.0.1", "127.0.0.0/8"),
        ("localhost", "localhost"),
        ("localhost", "*"),
    ] {
        let mut config = world.config();
        config.set_endpoint(&format!("http://{host}:{port}")).unwrap();
        config.set_proxy(Some(&nobody)).unwrap();
        config.set_no_proxy(Some(list)).unwrap();
        world.assert_done(&upload(&world, &config));

        config.set_no_proxy(Some("")).unwrap();
        config.set_max_attempts(1).unwrap();
        assert!(upload(&world, &config).error.unwrap().to_string().contains(&nobody));
    }
    // A name's suffix: the bucket's host stands below the endpoint's.
    let proxy = HttpProxy::open();
    let mut config = world.config();
    config.set_endpoint("http://oss.no-such-host.invalid").unwrap();
    config.set_no_proxy(Some("no-such-host.invalid")).unwrap();
    let message = {
        config.set_proxy(Some(&proxy.url())).unwrap();
        config.set_max_attempts(1).unwrap();
        upload(&world, &config).error.unwrap().to_string()
    };
    assert!(message.contains("no connection to bucket.oss.no-such-host.invalid:80: the name of the host"), "{message}");
    assert!(proxy.asked().is_empty());
}

#[test]
fn no_password_is_shown() {
    let world = World::new(MIB);
    let mut config = world.config();
    config.set_proxy(Some("http://user:topsecret@proxy:3128")).unwrap();
    let shown = format!("{config:?} {:?}", Client::new(&config).unwrap());
    assert!(shown.contains("proxy:3128") && !shown.contains("topsecret"), "{shown}");
}
