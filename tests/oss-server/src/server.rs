//! The running server, as tests hold it.

use std::collections::BTreeMap;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::sync::mpsc;
use std::thread::JoinHandle;
use std::time::Duration;

use tokio::runtime::{Builder, Runtime};
use tokio::sync::oneshot;
use tokio_rustls::TlsAcceptor;

use crate::blob::Received;
use crate::fault::Fault;
use crate::ledger::Entry;
use crate::listen::{self, Offer};
use crate::options::{AccessKey, Options};
use crate::site::Site;
use crate::store::{Object, ObjectKind, Part, Upload};
use crate::view::{self, PartInfo, StoredObject, UploadInfo};
use crate::{ops, tls};

const LONGEST_FAREWELL: Duration = Duration::from_secs(2);

/// A running stand-in; it stops when it is dropped.
pub struct OssServer {
    site: Arc<Site>,
    addresses: Addresses,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

/// Where a server can be found.
struct Addresses {
    http: SocketAddr,
    https: Option<SocketAddr>,
    admin: SocketAddr,
    ca_pem: Option<String>,
}

impl OssServer {
    /// Starts a server on threads of its own and returns when it listens.
    pub fn start(options: Options) -> io::Result<Self> {
        let site = Arc::new(Site::open(options)?);
        let (stop, stopped) = oneshot::channel();
        let (report, reported) = mpsc::channel();
        let served = Arc::clone(&site);
        let thread =
            std::thread::Builder::new().name("oss-server".to_owned()).spawn(move || run(served, &report, stopped))?;
        let addresses = reported.recv().map_err(io::Error::other)??;
        Ok(Self { site, addresses, stop: Some(stop), thread: Some(thread) })
    }

    /// Where HTTP is served: `http://ADDRESS:PORT`.
    pub fn endpoint(&self) -> String {
        format!("http://{}", self.addresses.http)
    }

    /// Where HTTPS is served, if it is: `https://localhost:PORT`, or the address if that is another than 127.0.0.1.
    pub fn https_endpoint(&self) -> Option<String> {
        let address = self.addresses.https?;
        Some(match address.ip() == Ipv4Addr::LOCALHOST {
            true => format!("https://localhost:{}", address.port()),
            false => format!("https://{address}"),
        })
    }

    /// Where the admin port is: `http://ADDRESS:PORT`.
    pub fn admin_endpoint(&self) -> String {
        format!("http://{}", self.addresses.admin)
    }

    /// The certificate of the authority behind HTTPS.
    pub fn ca_pem(&self) -> Option<&str> {
        self.addresses.ca_pem.as_deref()
    }

    /// Makes a bucket, if there is none of that name.
    pub fn create_bucket(&self, bucket: &str) {
        self.site.store.create_bucket(bucket, self.site.clock.now());
    }

    /// Opens an upload as InitiateMultipartUpload would, and returns its id.
    pub fn open_upload(&self, bucket: &str, key: &str) -> io::Result<String> {
        ops::initiate::open(&self.site, bucket, key, Vec::new(), false)
            .map_err(|refusal| io::Error::other(refusal.message))
    }

    /// Stores an object as PutObject would.
    pub fn put_object(&self, bucket: &str, key: &str, bytes: &[u8]) -> io::Result<()> {
        let mut receiver = self.site.store.receiver(true)?;
        receiver.take(bytes)?;
        let received: Received = receiver.finish();
        let object = Object {
            size: received.blob.size,
            crc64: received.crc64,
            etag: ops::etag(&self.site, &received),
            kind: ObjectKind::Normal,
            modified: self.site.clock.now(),
            acl: "default".to_owned(),
            headers: Vec::new(),
            version: None,
            content: vec![received.blob],
        };
        self.site
            .store
            .with(bucket, |bucket| {
                bucket.objects.insert(key.to_owned(), Arc::new(object));
                Ok(())
            })
            .map_err(|refusal| io::Error::other(refusal.message))
    }

    /// Makes an incomplete upload of this id with these parts, as if they had been sent; tells what it has of them.
    pub fn put_upload(&self, bucket: &str, key: &str, id: &str, parts: &[(u32, &[u8])]) -> io::Result<Vec<PartInfo>> {
        let mut made = BTreeMap::new();
        for (number, bytes) in parts {
            let mut receiver = self.site.store.receiver(!self.site.store.counts_only())?;
            receiver.take(bytes)?;
            let received = receiver.finish();
            let etag = ops::etag(&self.site, &received);
            let Received { blob, crc64, .. } = received;
            made.insert(*number, Part { etag, crc64, modified: self.site.clock.now(), blob });
        }
        let upload = Upload { initiated: self.site.clock.now(), headers: Vec::new(), parts: made };
        let told = view::parts(&upload);
        self.site
            .store
            .with(bucket, |bucket| {
                bucket.completed.remove(id);
                bucket.uploads.insert((key.to_owned(), id.to_owned()), upload);
                Ok(told)
            })
            .map_err(|refusal| io::Error::other(refusal.message))
    }

    /// An object and its bytes, if there is one.
    pub fn object(&self, bucket: &str, key: &str) -> Option<StoredObject> {
        let object = self.site.store.object(bucket, key).ok()?;
        view::object(&object, self.site.store.counts_only()).ok()
    }

    /// All requests since the last clearing, in the order in which they came.
    pub fn ledger(&self) -> Vec<Entry> {
        self.site.ledger.read()
    }

    /// How many requests since the last clearing are of a kind; cheap enough to be asked again and again.
    pub fn count(&self, wanted: impl Fn(&Entry) -> bool) -> usize {
        self.site.ledger.count(wanted)
    }

    /// How many connections clients have to it now, those to be read to their end included.
    pub fn open_connections(&self) -> usize {
        self.site.open_connections()
    }

    /// Empties the ledger.
    pub fn clear_ledger(&self) {
        self.site.ledger.clear();
    }

    /// Puts a fault in force.
    pub fn add_fault(&self, fault: Fault) {
        self.site.faults.add(fault);
    }

    /// Ends all faults.
    pub fn clear_faults(&self) {
        self.site.faults.clear();
    }

    /// Ends the faults that keep requests waiting, and no others.
    pub fn release(&self) {
        self.site.faults.release();
    }

    /// All incomplete uploads.
    pub fn uploads(&self) -> Vec<UploadInfo> {
        view::uploads(&self.site)
    }

    /// Forgets an upload; tells whether there was one.
    pub fn drop_upload(&self, id: &str) -> bool {
        view::drop_upload(&self.site, id)
    }

    /// Forgets an object; tells whether there was one.
    pub fn drop_object(&self, bucket: &str, key: &str) -> bool {
        view::drop_object(&self.site, bucket, key)
    }

    /// Forgets a part; tells whether there was one.
    pub fn drop_part(&self, id: &str, number: u32) -> bool {
        view::drop_part(&self.site, id, number)
    }

    /// Says who may sign from now on.
    pub fn set_access_keys(&self, keys: Vec<AccessKey>) {
        self.site.set_access_keys(keys);
    }

    /// Puts the server's clock ahead of the machine's by so many seconds.
    pub fn set_clock_offset(&self, seconds: i64) {
        self.site.clock.set_offset(seconds);
    }
}

impl Drop for OssServer {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            // The thread may have ended by itself; then there is nobody to tell.
            let _ = stop.send(());
        }
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

impl std::fmt::Debug for OssServer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("OssServer").field("endpoint", &self.endpoint()).finish_non_exhaustive()
    }
}

/// The life of the server's thread.
fn run(site: Arc<Site>, report: &mpsc::Sender<io::Result<Addresses>>, stopped: oneshot::Receiver<()>) {
    let started = Builder::new_multi_thread()
        .worker_threads(2)
        .thread_name("oss-server")
        .enable_all()
        .build()
        .and_then(|runtime| open(&runtime, site).map(|addresses| (runtime, addresses)));
    let outcome = match started {
        Ok((runtime, addresses)) => {
            let told = report.send(Ok(addresses));
            if told.is_ok() {
                // An error means that the handle is gone: time to stop as well.
                let _ = runtime.block_on(stopped);
            }
            runtime.shutdown_timeout(LONGEST_FAREWELL);
            told
        }
        Err(error) => report.send(Err(error)),
    };
    // Nobody waits any more only when the starter itself has died.
    drop(outcome);
}

/// Binds all listeners and sets them to work.
fn open(runtime: &Runtime, site: Arc<Site>) -> io::Result<Addresses> {
    let _inside = runtime.enter();
    let next = Arc::new(AtomicU64::new(1));
    let serve = |port, offer| -> io::Result<SocketAddr> {
        let listener = listen::bind(&site, port)?;
        let address = listener.local_addr()?;
        runtime.spawn(listen::serve(Arc::clone(&site), listener, offer, Arc::clone(&next)));
        Ok(address)
    };
    let http = serve(site.options.port, Offer::Http)?;
    let admin = serve(site.options.admin_port, Offer::Admin)?;
    let (https, ca_pem) = match site.options.tls {
        false => (None, None),
        true => {
            let (pem, config) = tls::configure(site.options.address)?;
            let acceptor = TlsAcceptor::from(Arc::new(config));
            (Some(serve(0, Offer::Https(acceptor))?), Some(pem))
        }
    };
    Ok(Addresses { http, https, admin, ca_pem })
}
