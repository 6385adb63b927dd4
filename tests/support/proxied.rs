//! A test that is its own client in a process of its own, whose environment names the stand-in as its proxy: so names of
//! the public service lead to the stand-in, without any right over the machine.

#![allow(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

use oss_server::OssServer;
use std::process::{Child, Command};

const CLIENT: &str = "OSSUP_TEST_IS_CLIENT";

/// Whether this process is the client.
pub(crate) fn is_client() -> bool {
    std::env::var_os(CLIENT).is_some()
}

/// Runs a test of this program once more, as the client.
pub(crate) fn client_of(server: &OssServer, test: &str) -> Child {
    let mut command = Command::new(std::env::current_exe().unwrap());
    for name in ["HTTP_PROXY", "ALL_PROXY", "all_proxy", "NO_PROXY", "no_proxy"] {
        command.env_remove(name);
    }
    command.args([test, "--exact"]).env(CLIENT, "1").env("http_proxy", server.endpoint()).spawn().unwrap()
}
