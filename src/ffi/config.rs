//! `ossup_config`: how a client speaks to OSS.

use super::builder::Builder;
use super::credentials::{by_function, ossup_credentials_fn};
use super::guard::{give, guard, guard_or, release, required};
use super::queue::ossup_queue;
use super::status::ossup_status;
use super::text::{optional_text, path, text};
#[cfg(windows)]
use super::text::{path_w, wchar_t};
use super::user_data::ossup_release_fn;
use crate::engine::config::Config;
use crate::error::{Error, Result};
use crate::oss::endpoint::{Network, Style};
use crate::world::credentials::Role;
use std::ffi::{c_char, c_void};
use std::mem::MaybeUninit;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

/// The signature that private deployments of old know; OSS itself refuses it for new accounts and buckets.
pub const OSSUP_SIGNATURE_V1: u32 = 1;
/// The default signature.
pub const OSSUP_SIGNATURE_V4: u32 = 4;

/// Into the region by the internet: the default.
pub const OSSUP_NETWORK_PUBLIC: u32 = 0;
/// Into the region by its own network, from machines that are in it.
pub const OSSUP_NETWORK_INTERNAL: u32 = 1;
/// Into the region by the internet, with IPv6 as well as IPv4.
pub const OSSUP_NETWORK_DUAL_STACK: u32 = 2;
/// By transfer acceleration, which the bucket must have switched on.
pub const OSSUP_NETWORK_ACCELERATE: u32 = 3;
/// By transfer acceleration outside mainland China.
pub const OSSUP_NETWORK_ACCELERATE_OVERSEAS: u32 = 4;

/// How a client speaks to OSS. A builder: one thread at a time.
pub struct ossup_config {
    builder: Builder<Config>,
}

impl ossup_config {
    pub(super) fn value(&self) -> Result<&Config> {
        self.builder.value()
    }
}

pub(super) fn set(config: Option<&mut ossup_config>, change: impl FnOnce(&mut Config) -> Result<()>) -> Result<()> {
    required("config", config)?.builder.set(change)
}

/// Makes a config with every parameter at its default.
///
/// Errors: OSSUP_INVALID_ARGUMENT when out is NULL.
#[unsafe(no_mangle)]
pub extern "C" fn ossup_config_new(out: Option<&mut MaybeUninit<Option<Box<ossup_config>>>>) -> ossup_status {
    guard(|| {
        give(required("out", out)?, ossup_config { builder: Builder::default() });
        Ok(())
    })
}

/// Sets the host that requests go to, such as "https://oss-cn-hangzhou.aliyuncs.com" or "http://127.0.0.1:9000".
/// HTTPS unless it says http://; a port may follow. An IP address and localhost mean path style. Default: the
/// region's public endpoint.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ossup_config_set_endpoint(
    config: Option<&mut ossup_config>,
    endpoint: *const c_char,
) -> ossup_status {
    guard(|| {
        set(config, |config| {
            // SAFETY: the caller promises NULL or a NUL-terminated string.
            config.set_endpoint(unsafe { text("endpoint", endpoint) }?)
        })
    })
}

/// Sets the region, such as "cn-hangzhou". Signature version 4 needs it; it is read from endpoints that name it.
/// Default: none.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ossup_config_set_region(
    config: Option<&mut ossup_config>,
    region: *const c_char,
) -> ossup_status {
    guard(|| {
        set(config, |config| {
            // SAFETY: the caller promises NULL or a NUL-terminated string.
            config.set_region(unsafe { text("region", region) }?)
        })
    })
}

/// Sets the way into the region, one of OSSUP_NETWORK_PUBLIC (default), _INTERNAL, _DUAL_STACK, _ACCELERATE and
/// _ACCELERATE_OVERSEAS, where a region is set and no endpoint.
#[unsafe(no_mangle)]
pub extern "C" fn ossup_config_set_network(config: Option<&mut ossup_config>, network: u32) -> ossup_status {
    guard(|| {
        set(config, |config| {
            config.set_network(match network {
                OSSUP_NETWORK_PUBLIC => Network::Public,
                OSSUP_NETWORK_INTERNAL => Network::Internal,
                OSSUP_NETWORK_DUAL_STACK => Network::DualStack,
                OSSUP_NETWORK_ACCELERATE => Network::Accelerate,
                OSSUP_NETWORK_ACCELERATE_OVERSEAS => Network::AccelerateOverseas,
                unknown => return Err(Error::invalid_argument(format!("network: {unknown} is none of 0 to 4"))),
            });
            Ok(())
        })
    })
}

/// Sets the product that signatures of version 4 are made for. Default: "oss", or "oss-cloudbox" for a cloud box.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ossup_config_set_product(
    config: Option<&mut ossup_config>,
    product: *const c_char,
) -> ossup_status {
    guard(|| {
        set(config, |config| {
            // SAFETY: the caller promises NULL or a NUL-terminated string.
            config.set_product(unsafe { text("product", product) }?)
        })
    })
}

/// Sets the cloud box that signatures of version 4 are made for, such as "cb-f8z7yvzgwfkl9q0h". Default: the one that
/// the endpoint names, if it names one.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ossup_config_set_cloud_box_id(
    config: Option<&mut ossup_config>,
    cloud_box_id: *const c_char,
) -> ossup_status {
    guard(|| {
        set(config, |config| {
            // SAFETY: the caller promises NULL or a NUL-terminated string.
            config.set_cloud_box_id(unsafe { text("cloud box id", cloud_box_id) }?)
        })
    })
}

/// Has signatures of version 4 cover one more header, such as "host" or "cache-control", on the requests that have it when
/// they are signed. Content-Type and all x-oss-* headers are covered anyway.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ossup_config_add_signed_header(
    config: Option<&mut ossup_config>,
    name: *const c_char,
) -> ossup_status {
    guard(|| {
        set(config, |config| {
            // SAFETY: the caller promises NULL or a NUL-terminated string.
            config.add_signed_header(unsafe { text("signed header", name) }?)
        })
    })
}

/// Sets the access key, in place of all sources of credentials that were added before. A client needs it or another
/// source. Default: none.
///
/// token: the security token of a temporary access key; NULL when it is no temporary one.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ossup_config_set_credentials(
    config: Option<&mut ossup_config>,
    access_key_id: *const c_char,
    access_key_secret: *const c_char,
    token: *const c_char,
) -> ossup_status {
    guard(|| {
        set(config, |config| {
            // SAFETY: the caller promises NULL or a NUL-terminated string.
            let id = unsafe { text("AccessKeyId", access_key_id) }?;
            // SAFETY: as above.
            let secret = unsafe { text("AccessKeySecret", access_key_secret) }?;
            // SAFETY: as above.
            let token = unsafe { optional_text("SecurityToken", token) }?;
            config.set_credentials(id, secret, token)
        })
    })
}

/// Adds a source of credentials: OSS_ACCESS_KEY_ID, OSS_ACCESS_KEY_SECRET and OSS_SESSION_TOKEN of the environment, or
/// else ALIBABA_CLOUD_ACCESS_KEY_ID, ALIBABA_CLOUD_ACCESS_KEY_SECRET and ALIBABA_CLOUD_SECURITY_TOKEN. They are read
/// once, by ossup_client_new.
///
/// Sources are asked in the order of these calls; the first that has credentials counts. What they give is kept, for all
/// uploads of a client, until shortly before its end or until OSS refuses it. When there are no credentials, uploads fail
/// with OSSUP_NO_CREDENTIALS and can be resumed.
#[unsafe(no_mangle)]
pub extern "C" fn ossup_config_add_environment_credentials(config: Option<&mut ossup_config>) -> ossup_status {
    guard(|| {
        set(config, |config| {
            config.add_environment_credentials();
            Ok(())
        })
    })
}

/// Adds a source of credentials: the RAM role of the ECS instance that this runs on. Its metadata service is asked
/// directly, through no proxy, and has one second for each answer. A session token (hardened mode) is used where the
/// service gives one; ALIBABA_CLOUD_IMDSV1_DISABLED=true in the environment allows nothing else, and
/// ALIBABA_CLOUD_ECS_METADATA_DISABLED=true switches this source off. ossup_client_new reads them.
///
/// role_name: up to 64 letters, digits, hyphens, underscores and dots. NULL for ALIBABA_CLOUD_ECS_METADATA of the
/// environment, or else the role that the instance has.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ossup_config_add_ecs_ram_role(
    config: Option<&mut ossup_config>,
    role_name: *const c_char,
) -> ossup_status {
    guard(|| {
        set(config, |config| {
            // SAFETY: the caller promises NULL or a NUL-terminated string.
            config.add_ecs_ram_role(unsafe { optional_text("role name", role_name) }?)
        })
    })
}

/// Adds a source of credentials: a RAM role that STS lends in exchange for an OIDC token, as Kubernetes hands one to a
/// pod (RRSA). The token's file is read anew each time. STS is spoken to by HTTPS, through the same proxy and with the
/// same trust as OSS.
///
/// role_arn, oidc_provider_arn, token_file: each NULL for ALIBABA_CLOUD_ROLE_ARN, ALIBABA_CLOUD_OIDC_PROVIDER_ARN or
/// ALIBABA_CLOUD_OIDC_TOKEN_FILE of the environment, which ossup_client_new reads, as it does
/// ALIBABA_CLOUD_ROLE_SESSION_NAME, the session's name. Default: "ossup".
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ossup_config_add_oidc_role(
    config: Option<&mut ossup_config>,
    role_arn: *const c_char,
    oidc_provider_arn: *const c_char,
    token_file: *const c_char,
) -> ossup_status {
    guard(|| {
        set(config, |config| {
            let token_file = match token_file.is_null() {
                true => None,
                // SAFETY: the caller promises NULL or a NUL-terminated string.
                false => Some(unsafe { path("token file", token_file) }?.to_owned()),
            };
            // SAFETY: as above.
            config.add_oidc_role(unsafe { role(role_arn, oidc_provider_arn, token_file) }?)
        })
    })
}

/// As ossup_config_add_oidc_role, by a path in UTF-16.
#[cfg(windows)]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ossup_config_add_oidc_role_w(
    config: Option<&mut ossup_config>,
    role_arn: *const c_char,
    oidc_provider_arn: *const c_char,
    token_file: *const wchar_t,
) -> ossup_status {
    guard(|| {
        set(config, |config| {
            let token_file = match token_file.is_null() {
                true => None,
                // SAFETY: the caller promises NULL or a NUL-terminated string.
                false => Some(unsafe { path_w("token file", token_file) }?),
            };
            // SAFETY: as above.
            config.add_oidc_role(unsafe { role(role_arn, oidc_provider_arn, token_file) }?)
        })
    })
}

/// # Safety
/// As `optional_text`.
unsafe fn role(role_arn: *const c_char, provider_arn: *const c_char, token_file: Option<PathBuf>) -> Result<Role> {
    // SAFETY: as promised by our caller.
    let role_arn = unsafe { optional_text("role ARN", role_arn) }?;
    // SAFETY: as above.
    let provider_arn = unsafe { optional_text("OIDC provider ARN", provider_arn) }?;
    Ok(Role { role_arn: role_arn.map(str::to_owned), provider_arn: provider_arn.map(str::to_owned), token_file })
}

/// Adds a source of credentials: a function of the caller's. A function that takes long holds up neither uploads that
/// still have credentials nor other clients.
///
/// user_data: given to the function. It is the library's as soon as this returns OSSUP_OK, until release is called on the
/// callback thread, exactly once, when the config and all its clients and their uploads are gone.
/// release: may be NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ossup_config_add_credentials_provider(
    config: Option<&mut ossup_config>,
    provider: ossup_credentials_fn,
    user_data: *mut c_void,
    release: ossup_release_fn,
) -> ossup_status {
    guard(|| {
        set(config, |config| {
            config.add_credentials_provider(Arc::new(by_function(provider, user_data, release)?));
            Ok(())
        })
    })
}

/// Adds a source of credentials: whoever takes events from a queue. Each question is an event of kind
/// OSSUP_EVENT_CREDENTIALS with the tag; ossup_event_credentials takes it out. A queue that was freed has none.
#[unsafe(no_mangle)]
pub extern "C" fn ossup_config_add_credentials_queue(
    config: Option<&mut ossup_config>,
    queue: Option<&ossup_queue>,
    tag: u64,
) -> ossup_status {
    guard(|| {
        set(config, |config| {
            config.add_credentials_provider(Arc::new(required("queue", queue)?.credentials(tag)));
            Ok(())
        })
    })
}

/// Sets where an ECS instance's metadata are, by plain HTTP. Default: "http://100.100.100.200".
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ossup_config_set_ecs_metadata_endpoint(
    config: Option<&mut ossup_config>,
    endpoint: *const c_char,
) -> ossup_status {
    guard(|| {
        set(config, |config| {
            // SAFETY: the caller promises NULL or a NUL-terminated string.
            config.set_ecs_metadata_endpoint(unsafe { text("ECS metadata endpoint", endpoint) }?)
        })
    })
}

/// Sets where STS is, such as "sts.cn-hangzhou.aliyuncs.com". HTTPS; http:// only to this machine. Default:
/// ALIBABA_CLOUD_STS_ENDPOINT of the environment, or else "sts.aliyuncs.com".
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ossup_config_set_sts_endpoint(
    config: Option<&mut ossup_config>,
    endpoint: *const c_char,
) -> ossup_status {
    guard(|| {
        set(config, |config| {
            // SAFETY: the caller promises NULL or a NUL-terminated string.
            config.set_sts_endpoint(unsafe { text("STS endpoint", endpoint) }?)
        })
    })
}

/// Sets how long a source of credentials may take, in milliseconds, before it counts as failed and the next one is asked.
/// Default: 60000; at least 1.
#[unsafe(no_mangle)]
pub extern "C" fn ossup_config_set_credentials_timeout_ms(
    config: Option<&mut ossup_config>,
    milliseconds: u64,
) -> ossup_status {
    guard(|| set(config, |config| config.set_credentials_timeout(Duration::from_millis(milliseconds))))
}

/// Sets the signature's version: OSSUP_SIGNATURE_V4 (default) or OSSUP_SIGNATURE_V1.
#[unsafe(no_mangle)]
pub extern "C" fn ossup_config_set_signature_version(config: Option<&mut ossup_config>, version: u32) -> ossup_status {
    guard(|| set(config, |config| config.set_signature_version(version)))
}

/// Sets whether the bucket goes into the path instead of the host. Default: false. OSS's own endpoints refuse it.
#[unsafe(no_mangle)]
pub extern "C" fn ossup_config_set_path_style(config: Option<&mut ossup_config>, enable: bool) -> ossup_status {
    guard(|| set(config, |config| choose(config, Style::PathStyle, enable)))
}

/// Sets whether the endpoint is a domain of the bucket's own. Default: false.
#[unsafe(no_mangle)]
pub extern "C" fn ossup_config_set_cname(config: Option<&mut ossup_config>, enable: bool) -> ossup_status {
    guard(|| set(config, |config| choose(config, Style::Cname, enable)))
}

fn choose(config: &mut Config, style: Style, enable: bool) -> Result<()> {
    if enable {
        config.set_style(style);
    } else if config.style() == style {
        config.set_style(Style::VirtualHosted);
    }
    Ok(())
}

/// Sets a PEM file of certificates to trust besides the operating system's. It is read by ossup_client_new, which
/// refuses a file without certificates. Default: none.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ossup_config_set_ca_file(
    config: Option<&mut ossup_config>,
    file: *const c_char,
) -> ossup_status {
    guard(|| {
        set(config, |config| {
            // SAFETY: the caller promises NULL or a NUL-terminated string.
            config.set_ca_file(unsafe { path("CA file", file) }?)
        })
    })
}

/// As ossup_config_set_ca_file, by a path in UTF-16. Default: none.
#[cfg(windows)]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ossup_config_set_ca_file_w(
    config: Option<&mut ossup_config>,
    file: *const wchar_t,
) -> ossup_status {
    guard(|| {
        set(config, |config| {
            // SAFETY: the caller promises NULL or a NUL-terminated string.
            config.set_ca_file(&unsafe { path_w("CA file", file) }?)
        })
    })
}

/// Sets certificates to trust besides the operating system's: PEM text with one or more of them. They add to those
/// of the CA file. Default: none.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ossup_config_set_ca_pem(
    config: Option<&mut ossup_config>,
    pem: *const c_char,
) -> ossup_status {
    guard(|| {
        set(config, |config| {
            // SAFETY: the caller promises NULL or a NUL-terminated string.
            config.set_ca_pem(unsafe { text("CA PEM", pem) }?)
        })
    })
}

/// Sets whether the operating system's certificates are trusted, which ossup_client_new reads, on Linux from the file
/// SSL_CERT_FILE and the folders SSL_CERT_DIR where the environment names these. Default: true. False leaves those of
/// CA file and CA PEM alone.
#[unsafe(no_mangle)]
pub extern "C" fn ossup_config_set_system_trust(config: Option<&mut ossup_config>, enable: bool) -> ossup_status {
    guard(|| {
        set(config, |config| {
            config.set_system_trust(enable);
            Ok(())
        })
    })
}

/// Accepts any certificate from now on: whoever sits on the way can read and change everything, the access key's
/// requests included. For tests; a private authority is what ossup_config_set_ca_file is for.
#[unsafe(no_mangle)]
pub extern "C" fn ossup_config_dangerously_disable_certificate_verification(
    config: Option<&mut ossup_config>,
) -> ossup_status {
    guard(|| {
        set(config, |config| {
            config.dangerously_disable_certificate_verification();
            Ok(())
        })
    })
}

/// Sets the proxy, such as "http://user:password@proxy:3128": http://, https://, socks5:// (names are resolved here)
/// or socks5h:// (by the proxy). In user and password, %XX stands for a byte. "" means no proxy. Default: NULL, which
/// leaves it to the environment as ossup_client_new finds it: https_proxy or http_proxy by the endpoint's scheme,
/// else all_proxy, in lower case or else in upper case.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ossup_config_set_proxy(config: Option<&mut ossup_config>, url: *const c_char) -> ossup_status {
    guard(|| {
        set(config, |config| {
            // SAFETY: the caller promises NULL or a NUL-terminated string.
            config.set_proxy(unsafe { optional_text("proxy", url) }?)
        })
    })
}

/// Sets the hosts that are reached without the proxy, separated by commas: names, which stand for all below them
/// too, addresses, and networks such as "10.0.0.0/8"; "*" is all. "" means none. Default: NULL, which leaves it to
/// no_proxy in the environment where the proxy is the environment's, and is none where the proxy was set.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ossup_config_set_no_proxy(
    config: Option<&mut ossup_config>,
    list: *const c_char,
) -> ossup_status {
    guard(|| {
        set(config, |config| {
            // SAFETY: the caller promises NULL or a NUL-terminated string.
            config.set_no_proxy(unsafe { optional_text("no_proxy", list) }?)
        })
    })
}

/// Sets what the User-Agent of requests says after "ossup/" and the version, in visible ASCII and spaces. Default:
/// NULL or "", which is nothing.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ossup_config_set_user_agent(
    config: Option<&mut ossup_config>,
    text: *const c_char,
) -> ossup_status {
    guard(|| {
        set(config, |config| {
            // SAFETY: the caller promises NULL or a NUL-terminated string.
            config.set_user_agent(unsafe { optional_text("user agent", text) }?)
        })
    })
}

/// Sets how long a connection may take to stand, in milliseconds: finding the host, TCP, the proxy and TLS together.
/// Default: 10000; at least 1.
#[unsafe(no_mangle)]
pub extern "C" fn ossup_config_set_connect_timeout_ms(
    config: Option<&mut ossup_config>,
    milliseconds: u64,
) -> ossup_status {
    guard(|| set(config, |config| config.set_connect_timeout(Duration::from_millis(milliseconds))))
}

/// Sets how long a request may stand still, in milliseconds, before it is tried again. A slow line is not
/// standing still. Default: 30000; at least 1.
#[unsafe(no_mangle)]
pub extern "C" fn ossup_config_set_idle_timeout_ms(
    config: Option<&mut ossup_config>,
    milliseconds: u64,
) -> ossup_status {
    guard(|| set(config, |config| config.set_idle_timeout(Duration::from_millis(milliseconds))))
}

/// Sets how long OSS may take to make the object of its parts, or to make a small one and call the application server, in
/// milliseconds. Default: 600000; at least 1.
#[unsafe(no_mangle)]
pub extern "C" fn ossup_config_set_complete_timeout_ms(
    config: Option<&mut ossup_config>,
    milliseconds: u64,
) -> ossup_status {
    guard(|| set(config, |config| config.set_complete_timeout(Duration::from_millis(milliseconds))))
}

/// Sets how often a request is tried, the first time included, with growing random delays of up to 30 s between.
/// Default: 8; at least 1.
#[unsafe(no_mangle)]
pub extern "C" fn ossup_config_set_max_attempts(config: Option<&mut ossup_config>, attempts: u32) -> ossup_status {
    guard(|| set(config, |config| config.set_max_attempts(attempts)))
}

/// Sets how long an upload keeps trying against temporary errors, in milliseconds, however often that is; for
/// programs that nobody watches. Default: 0, which leaves the number of attempts to decide.
#[unsafe(no_mangle)]
pub extern "C" fn ossup_config_set_max_elapsed_ms(
    config: Option<&mut ossup_config>,
    milliseconds: u64,
) -> ossup_status {
    guard(|| {
        set(config, |config| {
            config.set_max_elapsed((milliseconds > 0).then(|| Duration::from_millis(milliseconds)));
            Ok(())
        })
    })
}

/// Sets how many bytes of files a second all uploads of the client may send together; they share it alike. What is sent again
/// counts again. Under a low cap fewer parts are on their way at a time than TaskNum says: one for each 32 KiB/s, and at
/// least two. ossup_client_set_bandwidth_limit changes it later, ossup_request_set_bandwidth_limit caps one upload.
///
/// bytes_per_second: at least 1024. Default: 0, which is no cap.
#[unsafe(no_mangle)]
pub extern "C" fn ossup_config_set_bandwidth_limit(
    config: Option<&mut ossup_config>,
    bytes_per_second: u64,
) -> ossup_status {
    guard(|| set(config, |config| config.set_bandwidth_limit(bytes_per_second)))
}

/// Sets the least time between two progress events of an upload, in milliseconds. Default: 100; at least 1.
#[unsafe(no_mangle)]
pub extern "C" fn ossup_config_set_progress_interval_ms(
    config: Option<&mut ossup_config>,
    milliseconds: u32,
) -> ossup_status {
    guard(|| set(config, |config| config.set_progress_interval(Duration::from_millis(milliseconds.into()))))
}

/// Sets how many uploads of a client are under way at a time. Those that are started beyond that wait in the order of their
/// start, without a file or a connection open, so that thousands may be started at once. A pause ends one that waits at once; an
/// abort does, too, unless an earlier run left something to take away. Default: 64; 0 is no bound.
#[unsafe(no_mangle)]
pub extern "C" fn ossup_config_set_max_uploads(config: Option<&mut ossup_config>, uploads: u32) -> ossup_status {
    guard(|| {
        set(config, |config| {
            config.set_max_uploads(uploads);
            Ok(())
        })
    })
}

/// Sets how many parts may be under way at a time, of all uploads of a client together; a small file that goes in one request
/// counts as one. When there is no room, the uploads take turns, one part each, so that a short one does not wait for a
/// long one. Default: 0, which leaves it to each upload's TaskNum; any other number is a cap.
#[unsafe(no_mangle)]
pub extern "C" fn ossup_config_set_max_parts_in_flight(config: Option<&mut ossup_config>, count: u32) -> ossup_status {
    guard(|| {
        set(config, |config| {
            config.set_max_parts_in_flight(count);
            Ok(())
        })
    })
}

/// Sets how many bytes of memory the parts under way may take, of all uploads of a client together: what is read ahead and
/// not yet taken by the system, 786432 bytes for each part at most, whatever its size. Parts that do not fit take turns as
/// by ossup_config_set_max_parts_in_flight. Default: 0, which is no cap; any other number is at least 786432.
#[unsafe(no_mangle)]
pub extern "C" fn ossup_config_set_max_memory(config: Option<&mut ossup_config>, bytes: u64) -> ossup_status {
    guard(|| set(config, |config| config.set_max_memory(bytes)))
}

/// Returns why the first refused parameter was refused; NULL when none was, or for NULL.
#[unsafe(no_mangle)]
pub extern "C" fn ossup_config_error(config: Option<&ossup_config>) -> *const c_char {
    guard_or(std::ptr::null(), || config.map_or(std::ptr::null(), |config| config.builder.refusal()))
}

/// Frees a config; clients made of it keep working. NULL is nothing.
#[unsafe(no_mangle)]
pub extern "C" fn ossup_config_free(config: Option<Box<ossup_config>>) {
    release(config);
}
