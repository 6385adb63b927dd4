//! The stand-in as a program, for everything that is not a Rust test.

mod args;
mod ask;

use std::io::{self, Read, Write};
use std::process::ExitCode;

use args::{Command, Serve};
use oss_server::OssServer;

const BAD_USAGE: u8 = 2;

fn main() -> ExitCode {
    let outcome = match args::read() {
        Ok(Command::Help) => io::stdout().write_all(args::USAGE.as_bytes()).map(|()| ExitCode::SUCCESS),
        Ok(Command::Serve(serve)) => run(*serve).map(|()| ExitCode::SUCCESS),
        Ok(Command::Ask(question)) => ask::run(&question).map(|succeeded| match succeeded {
            true => ExitCode::SUCCESS,
            false => ExitCode::FAILURE,
        }),
        Err(error) => {
            eprintln!("oss-server: {error}\n\n{}", args::USAGE);
            Ok(ExitCode::from(BAD_USAGE))
        }
    };
    outcome.unwrap_or_else(|error| {
        eprintln!("oss-server: {error}");
        ExitCode::FAILURE
    })
}

fn run(serve: Serve) -> io::Result<()> {
    let server = OssServer::start(serve.options)?;
    for bucket in &serve.buckets {
        server.create_bucket(bucket);
    }
    for fault in serve.faults {
        server.add_fault(fault);
    }
    let ca = match (&serve.ca_out, server.ca_pem()) {
        (Some(path), Some(pem)) => {
            std::fs::write(path, pem)?;
            Some(path)
        }
        (Some(_), None) => return Err(io::Error::other("--ca-out needs --https")),
        (None, _) => None,
    };
    let ready = serde_json::json!({
        "endpoint": server.endpoint(),
        "https_endpoint": server.https_endpoint(),
        "admin": server.admin_endpoint(),
        "ca": ca,
    });
    let mut out = io::stdout();
    writeln!(out, "{ready}")?;
    out.flush()?;
    if serve.until_stdin_closes {
        io::copy(&mut io::stdin().lock().take(u64::MAX), &mut io::sink())?;
        return Ok(());
    }
    loop {
        std::thread::park();
    }
}
