//! The command line.

use std::ffi::OsString;
use std::path::PathBuf;

use lexopt::prelude::{Long, Short, Value, ValueExt};
use oss_server::{AccessKey, Fault, Options, Throttle};

pub(crate) const USAGE: &str = "\
usage: oss-server [options]          serve until killed
       oss-server ask URL [METHOD [BODY]]
                                     one HTTP request; the answer's body goes to stdout

  --listen ADDRESS                   address to listen on (default: 127.0.0.1)
  --port N, --admin-port N           ports to listen on (default: free ones)
  --https                            listen with HTTPS as well
  --ca-out FILE                      write the certificate authority of HTTPS to FILE
  --counting                         discard bodies, keep sizes and CRC-64s
  --dir DIR                          keep bodies in DIR (default: a temporary folder)
  --bucket NAME                      make a bucket at the start (repeatable)
  --region R                         region that V4 signatures must name (default: cn-hangzhou)
  --access-key ID:SECRET[:TOKEN[:END]]
                                     who may sign, until END in Unix seconds (repeatable; default: ak:sk)
  --service-host HOST                a host that is the service itself (repeatable)
  --cname HOST=BUCKET                a domain bound to a bucket (repeatable)
  --throttle BYTES_PER_S             speed at which all bodies together are read
  --throttle-per-connection BYTES_PER_S
  --latency-ms N                     hold every answer back
  --clock-offset-s N                 be ahead of the machine's clock
  --fault JSON                       put a fault in force (repeatable)
  --faces JSON                       turn switches of the struct Faces, by their names
  --until-stdin-closes               stop when stdin ends

One line of JSON on stdout tells where it listens. On the admin port:
  GET /-/ledger, /-/count            requests, or their number; filters: operation, bucket, key,
                                     upload_id, part_number, status, answered
  GET /-/parts                       how often each part number was taken and answered; same filters
  GET /-/uploads                     incomplete uploads and their parts
  GET, DELETE /-/objects             all objects, with sizes and CRC-64s
  GET /-/object?bucket=B&key=K       the bytes of an object
  GET, POST, DELETE /-/faults        faults in force; POST takes one or an array
  DELETE /-/ledger, /-/upload?id=I, /-/part?id=I&number=N
  PUT /-/bucket?bucket=B
";

pub(crate) enum Command {
    Help,
    Serve(Box<Serve>),
    Ask(Ask),
}

pub(crate) struct Serve {
    pub(crate) options: Options,
    pub(crate) ca_out: Option<PathBuf>,
    pub(crate) buckets: Vec<String>,
    pub(crate) faults: Vec<Fault>,
    pub(crate) until_stdin_closes: bool,
}

pub(crate) struct Ask {
    pub(crate) url: String,
    pub(crate) method: String,
    pub(crate) body: String,
}

pub(crate) fn read() -> Result<Command, lexopt::Error> {
    let mut words = lexopt::Parser::from_env();
    let mut serve = Serve {
        options: Options::default(),
        ca_out: None,
        buckets: Vec::new(),
        faults: Vec::new(),
        until_stdin_closes: false,
    };
    let mut access_keys = Vec::new();
    while let Some(word) = words.next()? {
        let options = &mut serve.options;
        match word {
            Short('h') | Long("help") => return Ok(Command::Help),
            Long("listen") => options.address = words.value()?.parse()?,
            Long("port") => options.port = words.value()?.parse()?,
            Long("admin-port") => options.admin_port = words.value()?.parse()?,
            Long("https") => options.tls = true,
            Long("ca-out") => serve.ca_out = Some(words.value()?.into()),
            Long("counting") => options.counting = true,
            Long("dir") => options.dir = Some(words.value()?.into()),
            Long("bucket") => serve.buckets.push(words.value()?.string()?),
            Long("region") => options.region = Some(words.value()?.string()?),
            Long("access-key") => access_keys.push(words.value()?.parse_with(access_key)?),
            Long("service-host") => options.service_hosts.push(words.value()?.string()?),
            Long("cname") => options.cnames.push(words.value()?.parse_with(cname)?),
            Long("throttle") => options.throttle = Some(Throttle::Total(words.value()?.parse()?)),
            Long("throttle-per-connection") => {
                options.throttle = Some(Throttle::PerConnection(words.value()?.parse()?));
            }
            Long("latency-ms") => options.latency_ms = words.value()?.parse()?,
            Long("clock-offset-s") => options.clock_offset_s = words.value()?.parse()?,
            Long("fault") => {
                let fault = words.value()?.parse_with(|json| serde_json::from_str(json))?;
                serve.faults.push(fault);
            }
            Long("faces") => options.faces = words.value()?.parse_with(|json| serde_json::from_str(json))?,
            Long("until-stdin-closes") => serve.until_stdin_closes = true,
            Value(name) if name == "ask" => return ask(words),
            Short(_) | Long(_) | Value(_) => return Err(word.unexpected()),
        }
    }
    if !access_keys.is_empty() {
        serve.options.access_keys = access_keys;
    }
    Ok(Command::Serve(Box::new(serve)))
}

fn ask(mut words: lexopt::Parser) -> Result<Command, lexopt::Error> {
    let words: Vec<OsString> = words.raw_args()?.collect();
    let mut words = words.into_iter();
    let url = words.next().ok_or("ask needs a URL")?.string()?;
    let method = words.next().unwrap_or_else(|| "GET".into()).string()?;
    let body = words.next().unwrap_or_default().string()?;
    match words.next() {
        None => Ok(Command::Ask(Ask { url, method, body })),
        Some(extra) => Err(lexopt::Error::UnexpectedArgument(extra)),
    }
}

fn access_key(text: &str) -> Result<AccessKey, &'static str> {
    let fields: Vec<&str> = text.split(':').collect();
    match fields.as_slice() {
        [id, secret] => Ok(AccessKey::new(id, secret)),
        [id, secret, token] => Ok(AccessKey::temporary(id, secret, token, None)),
        [id, secret, token, end] => {
            let end = end.parse().map_err(|_| "the end of an access key is in Unix seconds")?;
            Ok(AccessKey::temporary(id, secret, token, Some(end)))
        }
        _ => Err("an access key is ID:SECRET[:TOKEN[:END]]"),
    }
}

fn cname(text: &str) -> Result<(String, String), &'static str> {
    let (host, bucket) = text.split_once('=').ok_or("a cname is HOST=BUCKET")?;
    Ok((host.to_owned(), bucket.to_owned()))
}
