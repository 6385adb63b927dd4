//! Uploads by OpenDAL: one file in parts, or many small ones. It has neither a CRC-64 nor a checkpoint.

use std::error::Error;
use std::fs::{self, File};
use std::os::unix::fs::FileExt;
use std::process::ExitCode;
use std::sync::{Arc, Mutex, PoisonError};

use opendal::layers::RetryLayer;
use opendal::{HttpTransporter, OperationContext, Operator, services};
use opendal_http_transport_reqwest::ReqwestTransport;
use reqwest::Certificate;

type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

const USAGE: &str = "usage: upload ENDPOINT BUCKET KEY FILE PART_SIZE TASK_NUM IGNORED_CHECKPOINT_FOLDER [CA_FILE]
       upload many ENDPOINT BUCKET FOLDER TASK_NUM [CA_FILE]";

#[tokio::main]
async fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match run(&words).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(words: &[&str]) -> Outcome<()> {
    match words {
        ["many", endpoint, bucket, folder, task_num, authority @ ..] => {
            upload_many(open(endpoint, bucket, authority.first())?, folder, task_num.parse()?).await
        }
        [endpoint, bucket, key, file, part_size, task_num, _, authority @ ..] => {
            let operator = open(endpoint, bucket, authority.first())?;
            upload(operator, key, &File::open(file)?, part_size.parse()?, task_num.parse()?).await
        }
        _ => Err(USAGE.into()),
    }
}

fn open(endpoint: &str, bucket: &str, authority: Option<&&str>) -> Outcome<Operator> {
    let oss = services::Oss::default()
        .endpoint(endpoint)
        .bucket(bucket)
        .addressing_style("path")
        .access_key_id(&std::env::var("OSS_ACCESS_KEY_ID")?)
        .access_key_secret(&std::env::var("OSS_ACCESS_KEY_SECRET")?);
    let mut client = reqwest::Client::builder();
    if let Some(authority) = authority {
        client = client.add_root_certificate(Certificate::from_pem(&fs::read(authority)?)?);
    }
    // Without one that is given, none is there.
    let transport = HttpTransporter::new(ReqwestTransport::new(client.build()?));
    let context = OperationContext::new().with_http_transport(transport);
    Ok(Operator::new(oss)?.layer(RetryLayer::new()).with_context(context))
}

async fn upload(operator: Operator, key: &str, file: &File, part_size: usize, task_num: usize) -> Outcome<()> {
    let size = file.metadata()?.len();
    let mut writer = operator.writer_with(key).chunk(part_size).concurrent(task_num).await?;
    for offset in (0..size).step_by(part_size) {
        let mut part = vec![0; part_size.min(usize::try_from(size - offset)?)];
        file.read_exact_at(&mut part, offset)?;
        writer.write(part).await?;
    }
    writer.close().await?;
    Ok(())
}

async fn upload_many(operator: Operator, folder: &str, task_num: usize) -> Outcome<()> {
    let files = Arc::new(Mutex::new(fs::read_dir(folder)?));
    let workers: Vec<_> = (0..task_num).map(|_| tokio::spawn(put_all(operator.clone(), Arc::clone(&files)))).collect();
    for worker in workers {
        worker.await??;
    }
    Ok(())
}

/// Puts one file after another, until there is none left.
async fn put_all(operator: Operator, files: Arc<Mutex<fs::ReadDir>>) -> Outcome<()> {
    loop {
        let next = files.lock().unwrap_or_else(PoisonError::into_inner).next();
        let Some(file) = next.transpose()? else { return Ok(()) };
        let name = file.file_name().into_string().map_err(|_| "a name that is not UTF-8")?;
        operator.write(&name, fs::read(file.path())?).await?;
    }
}
