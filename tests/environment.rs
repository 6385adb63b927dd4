//! What the environment decides: trust and proxies. The example program is a process with an environment of its own.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

#[path = "c/compile.rs"]
mod compile;
#[path = "support/net/mod.rs"]
mod net;
mod support;

use net::http_proxy::{HttpProxy, closed_port};
use oss_server::Options;
use std::path::Path;
use support::{MIB, World};

const VARIABLES: [&str; 10] = [
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
    "http_proxy",
    "HTTP_PROXY",
    "https_proxy",
    "HTTPS_PROXY",
    "all_proxy",
    "ALL_PROXY",
    "no_proxy",
    "NO_PROXY",
];

/// Uploads with this environment and no other; gives back what went wrong.
fn upload(world: &World, endpoint: &str, ca: Option<&Path>, environment: &[(&str, &str)]) -> Result<(), String> {
    let program = compile::compile("examples/c/upload.c");
    let mut command = program.command();
    command.args(["--endpoint", endpoint, "--region", "cn-hangzhou", "--path-style", "--quiet", "--no-checkpoint"]);
    command.args(ca.map(|ca| format!("--ca={}", ca.display())));
    command.arg(world.file()).arg("oss://bucket/key");
    for name in VARIABLES {
        command.env_remove(name);
    }
    let output = command
        .envs([("OSS_ACCESS_KEY_ID", "ak"), ("OSS_ACCESS_KEY_SECRET", "sk")])
        .envs(environment.iter().copied())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    if output.status.success() { Ok(()) } else { Err(said) }
}

#[test]
fn ssl_cert_file_and_ssl_cert_dir_stand_for_the_systems_store() {
    let world = World::with(MIB, Options { tls: true, ..Options::default() });
    let folder = world.folder.path().join("certificates");
    std::fs::create_dir(&folder).unwrap();
    let file = folder.join("authority.pem");
    std::fs::write(&file, world.server.ca_pem().unwrap()).unwrap();
    let endpoint = world.server.https_endpoint().unwrap();

    for (name, value) in [("SSL_CERT_FILE", &file), ("SSL_CERT_DIR", &folder)] {
        upload(&world, &endpoint, None, &[(name, value.to_str().unwrap())]).unwrap();
    }
    let another = folder.join("../another.pem");
    std::fs::write(&another, net::authority::Authority::new("another").pem).unwrap();
    let said = upload(&world, &endpoint, None, &[("SSL_CERT_FILE", another.to_str().unwrap())]).unwrap_err();
    assert!(said.contains("nobody trusted has signed its certificate"), "{said}");
    upload(&world, &endpoint, Some(&file), &[("SSL_CERT_FILE", another.to_str().unwrap())]).unwrap();
}

#[test]
fn the_proxy_is_the_schemes_and_else_the_one_for_all() {
    let plain = World::new(MIB);
    let secure = World::with(MIB, Options { tls: true, ..Options::default() });
    let ca = secure.folder.path().join("ca.pem");
    std::fs::write(&ca, secure.server.ca_pem().unwrap()).unwrap();
    let proxy = HttpProxy::open();
    let (ours, nobody) = (proxy.url(), format!("http://{}", closed_port()));

    let http = |environment: &[(&str, &str)]| upload(&plain, &plain.server.endpoint(), None, environment);
    let https = |environment: &[(&str, &str)]| {
        upload(&secure, &secure.server.https_endpoint().unwrap(), Some(&ca), environment)
    };
    let through = |result: Result<(), String>| {
        result.unwrap();
        let used = proxy.asked().len();
        proxy.forget();
        used > 0
    };
    assert!(!through(http(&[])) && !through(https(&[])));
    assert!(through(http(&[("http_proxy", &ours), ("HTTP_PROXY", &nobody), ("all_proxy", &nobody)])));
    assert!(through(http(&[("HTTP_PROXY", &ours)])));
    assert!(!through(http(&[("HTTP_PROXY", &ours), ("REQUEST_METHOD", "GET")])));
    assert!(!through(http(&[("https_proxy", &nobody)])));
    assert!(through(https(&[("https_proxy", &ours), ("HTTPS_PROXY", &nobody), ("http_proxy", &nobody)])));
    assert!(through(https(&[("ALL_PROXY", &ours)])));
    assert!(!through(https(&[("https_proxy", &nobody), ("no_proxy", "example.com, localhost")])));
    assert!(!through(http(&[("all_proxy", &nobody), ("NO_PROXY", "127.0.0.0/8")])));

    let said = http(&[("http_proxy", "http://user:topsecret@/")]).unwrap_err();
    assert!(said.contains("http_proxy") && !said.contains("topsecret"), "{said}");
}
