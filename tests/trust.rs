//! Whose certificates are trusted, and what is said of those that are not.

#![allow(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

#[path = "support/net/mod.rs"]
mod net;
mod support;

use net::authority::{Authority, server_of_old_tls};
use oss_server::Options;
use ossup::{Client, Config, Kind};
use std::net::SocketAddr;
use support::{MIB, World, finish, start};

fn secure_world() -> World {
    World::with(MIB, Options { tls: true, ..Options::default() })
}

fn over_tls(world: &World) -> Config {
    let mut config = world.config();
    config.set_endpoint(&world.server.https_endpoint().unwrap()).unwrap();
    config
}

fn authority_of(world: &World) -> &str {
    world.server.ca_pem().unwrap()
}

/// The upload ends at the first try, and says why.
fn refused(world: &World, config: &Config, why: &str) {
    let error = finish(&start(&Client::new(config).unwrap(), &world.request())).error.expect("nobody is trusted");
    assert_eq!((error.kind(), error.report().attempts), (Kind::TlsFailed, 1), "{error}");
    assert!(!error.report().temporary && error.to_string().contains(why), "{error}");
}

fn trusted(world: &World, config: &Config) {
    world.assert_done(&finish(&start(&Client::new(config).unwrap(), &world.request())));
}

#[test]
fn a_private_authority_is_trusted_when_it_is_given() {
    let world = secure_world();
    refused(&world, &over_tls(&world), "nobody trusted has signed its certificate");

    let mut by_text = over_tls(&world);
    let another = Authority::new("another").pem;
    by_text.set_ca_pem(&format!("Two of them:\n{another}\n{}", authority_of(&world))).unwrap();
    trusted(&world, &by_text);

    let file = world.folder.path().join("ca.pem");
    std::fs::write(&file, authority_of(&world)).unwrap();
    let mut by_file = over_tls(&world);
    by_file.set_ca_file(&file).unwrap();
    trusted(&world, &by_file);

    let mut by_both = over_tls(&world);
    by_both.set_ca_file(&file).unwrap();
    by_both.set_ca_pem(&another).unwrap();
    trusted(&world, &by_both);
}

#[test]
fn the_given_authorities_may_be_the_only_ones() {
    let world = secure_world();
    let mut config = over_tls(&world);
    config.set_system_trust(false);
    let error = Client::new(&config).unwrap_err();
    assert!(error.kind() == Kind::InvalidArgument && error.to_string().contains("system trust"), "{error}");
    config.set_ca_pem(authority_of(&world)).unwrap();
    trusted(&world, &config);
    config.set_ca_pem(&Authority::new("another").pem).unwrap();
    refused(&world, &config, "nobody trusted has signed its certificate");
}

#[test]
fn what_is_no_certificate_is_refused_by_name() {
    let world = secure_world();
    let good = authority_of(&world);
    let cut = &good[..good.len() / 2];
    let not_base64 = "-----BEGIN CERTIFICATE-----\n?\n-----END CERTIFICATE-----\n";
    let not_x509 = "-----BEGIN CERTIFICATE-----\nYWJj\n-----END CERTIFICATE-----\n";
    let broken = [
        ("", "holds no certificate"),
        ("garbage", "holds no certificate"),
        (cut, "cannot be read as PEM: its END line is missing"),
        ("-----BEGIN CERTIFICATE\n", "cannot be read as PEM: a BEGIN line is broken"),
        (not_base64, "cannot be read as PEM: "),
        (not_x509, "is broken at certificate 1"),
        (&format!("{good}{not_x509}"), "is broken at certificate 2"),
    ];
    for (pem, why) in broken {
        let error = over_tls(&world).set_ca_pem(pem).unwrap_err();
        assert_eq!(error.kind(), Kind::InvalidArgument, "{error}");
        assert!(error.to_string().starts_with(&format!("CA PEM {why}")), "{error}");

        let file = world.folder.path().join("ca.pem");
        std::fs::write(&file, pem).unwrap();
        let mut config = over_tls(&world);
        config.set_ca_file(&file).unwrap();
        let error = Client::new(&config).unwrap_err();
        assert_eq!(error.kind(), Kind::InvalidArgument, "{error}");
        assert!(error.to_string().contains(&format!("ca.pem {why}")), "{error}");
    }
    let mut config = over_tls(&world);
    config.set_ca_file(&world.folder.path().join("missing.pem")).unwrap();
    let error = Client::new(&config).unwrap_err();
    assert!(error.to_string().contains("missing.pem") && error.report().os_errno != 0, "{error}");
}

#[test]
fn a_text_may_begin_with_a_byte_order_mark() {
    let world = secure_world();
    let marked = format!("\u{feff}{}", authority_of(&world));
    let mut by_text = over_tls(&world);
    by_text.set_ca_pem(&marked).unwrap();
    trusted(&world, &by_text);

    let file = world.folder.path().join("ca.pem");
    std::fs::write(&file, marked).unwrap();
    let mut by_file = over_tls(&world);
    by_file.set_ca_file(&file).unwrap();
    trusted(&world, &by_file);
}

#[test]
fn verification_is_off_only_when_its_danger_was_called_by_name() {
    let world = secure_world();
    let mut config = over_tls(&world);
    config.dangerously_disable_certificate_verification();
    trusted(&world, &config);
}

#[test]
fn bad_certificates_are_final_and_told_apart() {
    let world = World::new(MIB);
    let authority = Authority::new("ours");
    let stranger = Authority::new("a stranger's");
    let cases: [(SocketAddr, &str); 4] = [
        (authority.server(&authority.issue(&["localhost"], true)), "its certificate has expired"),
        (authority.server(&authority.issue(&["elsewhere.example"], false)), "its certificate is for another name"),
        (stranger.server(&stranger.issue(&["localhost"], false)), "nobody trusted has signed its certificate"),
        (server_of_old_tls(), "no version or cipher of TLS 1.2 and 1.3 suits both sides"),
    ];
    for (address, why) in cases {
        let mut config = world.config();
        config.set_endpoint(&format!("https://localhost:{}", address.port())).unwrap();
        config.set_ca_pem(&authority.pem).unwrap();
        refused(&world, &config, &format!("TLS with localhost:{} failed: {why}", address.port()));
    }
    let mut config = world.config();
    config.set_endpoint(&world.server.endpoint().replace("http://", "https://")).unwrap();
    refused(&world, &config, "what answers there does not speak TLS");
}
