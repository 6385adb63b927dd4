//! `ossup_config`: how a client speaks to OSS.

use super::builder::Builder;
use super::guard::{give, guard, guard_or, release, required};
use super::status::ossup_status;
use super::text::{optional_text, path, text};
use crate::engine::config::Config;
use crate::error::Error;
use crate::oss::endpoint::{Network, Style};
use std::ffi::c_char;
use std::mem::MaybeUninit;
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
    pub(super) fn value(&self) -> crate::error::Result<&Config> {
        self.builder.value()
    }
}

fn set(
    config: Option<&mut ossup_config>,
    change: impl FnOnce(&mut Config) -> crate::error::Result<()>,
) -> crate::error::Result<()> {
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
/// HTTPS unless it says http://; a port may follow. An IP address and localhost mean path style. Left unset, the
/// region's public endpoint is used.
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

/// Sets the access key. Required.
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

fn choose(config: &mut Config, style: Style, enable: bool) -> crate::error::Result<()> {
    if enable {
        config.set_style(style);
    } else if config.style() == style {
        config.set_style(Style::VirtualHosted);
    }
    Ok(())
}

/// Sets a PEM file of certificates to trust besides the operating system's. It is read by ossup_client_new.
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

/// Sets how long a connection may take to stand, in milliseconds. Default: 10000; at least 1.
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

/// Sets how long OSS may take to make the object of its parts, in milliseconds. Default: 600000; at least 1.
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

/// Sets the least time between two progress events of an upload, in milliseconds. Default: 100; at least 1.
#[unsafe(no_mangle)]
pub extern "C" fn ossup_config_set_progress_interval_ms(
    config: Option<&mut ossup_config>,
    milliseconds: u32,
) -> ossup_status {
    guard(|| set(config, |config| config.set_progress_interval(Duration::from_millis(milliseconds.into()))))
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
