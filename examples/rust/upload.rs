//! Uploads a file and tells how far it is. Run again after a failure, a kill or a power cut, it goes on where it stopped.
//!
//! Exit status: 0 done, 1 failed, 2 bad usage, 4 failed but can go on.

use ossup::{Client, Config, Request, Result, Upload};
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

const FAILED: u8 = 1;
const USAGE: u8 = 2;
const RESUMABLE: u8 = 4;

fn main() -> ExitCode {
    let words: Vec<_> = std::env::args().collect();
    let [_, endpoint, region, bucket, key, file] = &words[..] else {
        eprintln!("usage: upload ENDPOINT REGION BUCKET KEY FILE");
        return USAGE.into();
    };
    let status = client(endpoint, region).and_then(|client| {
        let upload = client.upload(&request(bucket, key, Path::new(file))?)?;
        upload.start()?;
        follow(&upload)
    });
    status.unwrap_or_else(|error| {
        eprintln!("{error}");
        FAILED.into()
    })
}

fn client(endpoint: &str, region: &str) -> Result<Client> {
    let mut config = Config::default();
    config.set_endpoint(endpoint)?; // https://oss-cn-hangzhou.aliyuncs.com
    config.set_region(region)?; // cn-hangzhou
    config.add_environment_credentials(); // OSS_ACCESS_KEY_ID, OSS_ACCESS_KEY_SECRET
    Client::new(&config)
}

fn request(bucket: &str, key: &str, file: &Path) -> Result<Request> {
    let mut request = Request::default();
    request.set_bucket_name(bucket)?;
    request.set_key(key)?;
    request.set_upload_file(file)?;
    request.set_task_num(4)?; // parts at a time
    request.set_part_size(0)?; // chosen for the file
    request.set_enable_checkpoint(true); // the same call goes on after a crash
    Ok(request)
}

/// Tells how far it is until it is over, and then how it ended.
fn follow(upload: &Upload) -> Result<ExitCode> {
    let finished = loop {
        match upload.wait(Some(Duration::from_millis(500)))? {
            Some(finished) => break finished,
            None => {
                let progress = upload.progress();
                eprintln!("{} of {} bytes", progress.bytes_confirmed, progress.bytes_total);
            }
        }
    };
    let outcome = &finished.outcome;
    Ok(match &outcome.error {
        None => {
            println!("done: {} bytes sent, {} by an earlier run", outcome.bytes_sent, outcome.bytes_reused);
            ExitCode::SUCCESS
        }
        Some(error) => {
            eprintln!("{error}");
            if outcome.resumable { RESUMABLE.into() } else { FAILED.into() }
        }
    })
}
