//! Every setter of one value by its name, for bindings that lag behind the header.

use super::config::{self, ossup_config};
use super::guard::{guard, guard_or};
use super::request::{self, ossup_request};
use super::status::ossup_status;
use super::text::text;
use crate::error::{Error, Result};
use Setter::{Flag, I64, Text, U32, U64};
use std::ffi::c_char;
use std::str::FromStr;

/// A setter, by what it takes. It is the very function that C calls: what it refuses, it refuses here in the same words.
enum Setter<T: 'static> {
    Flag(extern "C" fn(Option<&mut T>, bool) -> ossup_status),
    U32(extern "C" fn(Option<&mut T>, u32) -> ossup_status),
    U64(extern "C" fn(Option<&mut T>, u64) -> ossup_status),
    I64(extern "C" fn(Option<&mut T>, i64) -> ossup_status),
    Text(unsafe extern "C" fn(Option<&mut T>, *const c_char) -> ossup_status),
}

const OF_CONFIG: &[(&str, Setter<ossup_config>)] = &[
    ("endpoint", Text(config::ossup_config_set_endpoint)),
    ("region", Text(config::ossup_config_set_region)),
    ("network", U32(config::ossup_config_set_network)),
    ("product", Text(config::ossup_config_set_product)),
    ("cloud_box_id", Text(config::ossup_config_set_cloud_box_id)),
    ("ecs_metadata_endpoint", Text(config::ossup_config_set_ecs_metadata_endpoint)),
    ("sts_endpoint", Text(config::ossup_config_set_sts_endpoint)),
    ("credentials_timeout_ms", U64(config::ossup_config_set_credentials_timeout_ms)),
    ("signature_version", U32(config::ossup_config_set_signature_version)),
    ("path_style", Flag(config::ossup_config_set_path_style)),
    ("cname", Flag(config::ossup_config_set_cname)),
    ("ca_file", Text(config::ossup_config_set_ca_file)),
    ("ca_pem", Text(config::ossup_config_set_ca_pem)),
    ("system_trust", Flag(config::ossup_config_set_system_trust)),
    ("proxy", Text(config::ossup_config_set_proxy)),
    ("no_proxy", Text(config::ossup_config_set_no_proxy)),
    ("user_agent", Text(config::ossup_config_set_user_agent)),
    ("connect_timeout_ms", U64(config::ossup_config_set_connect_timeout_ms)),
    ("idle_timeout_ms", U64(config::ossup_config_set_idle_timeout_ms)),
    ("complete_timeout_ms", U64(config::ossup_config_set_complete_timeout_ms)),
    ("max_attempts", U32(config::ossup_config_set_max_attempts)),
    ("max_elapsed_ms", U64(config::ossup_config_set_max_elapsed_ms)),
    ("bandwidth_limit", U64(config::ossup_config_set_bandwidth_limit)),
    ("progress_interval_ms", U32(config::ossup_config_set_progress_interval_ms)),
    ("max_uploads", U32(config::ossup_config_set_max_uploads)),
    ("max_parts_in_flight", U32(config::ossup_config_set_max_parts_in_flight)),
    ("max_memory", U64(config::ossup_config_set_max_memory)),
];

const OF_REQUEST: &[(&str, Setter<ossup_request>)] = &[
    ("bucket_name", Text(request::ossup_request_set_bucket_name)),
    ("key", Text(request::ossup_request_set_key)),
    ("upload_file", Text(request::ossup_request_set_upload_file)),
    ("upload_stream", U64(request::ossup_request_set_upload_stream)),
    ("task_num", U32(request::ossup_request_set_task_num)),
    ("part_size", U64(request::ossup_request_set_part_size)),
    ("deadline_ms", U64(request::ossup_request_set_deadline_ms)),
    ("force_multipart", Flag(request::ossup_request_set_force_multipart)),
    ("enable_checkpoint", Flag(request::ossup_request_set_enable_checkpoint)),
    ("checkpoint_file", Text(request::ossup_request_set_checkpoint_file)),
    ("checkpoint_dir", Text(request::ossup_request_set_checkpoint_dir)),
    ("lock_timeout_ms", I64(request::ossup_request_set_lock_timeout_ms)),
    ("require_lock", Flag(request::ossup_request_set_require_lock)),
    ("verify_reused_parts", Flag(request::ossup_request_set_verify_reused_parts)),
    ("recover", Flag(request::ossup_request_set_recover)),
    ("stamp_object", Flag(request::ossup_request_set_stamp_object)),
    ("resume_token", Text(request::ossup_request_set_resume_token)),
    ("content_type", Text(request::ossup_request_set_content_type)),
    ("content_disposition", Text(request::ossup_request_set_content_disposition)),
    ("content_encoding", Text(request::ossup_request_set_content_encoding)),
    ("content_language", Text(request::ossup_request_set_content_language)),
    ("cache_control", Text(request::ossup_request_set_cache_control)),
    ("expires", Text(request::ossup_request_set_expires)),
    ("object_acl", Text(request::ossup_request_set_object_acl)),
    ("storage_class", Text(request::ossup_request_set_storage_class)),
    ("server_side_encryption", Text(request::ossup_request_set_server_side_encryption)),
    ("server_side_encryption_key_id", Text(request::ossup_request_set_server_side_encryption_key_id)),
    ("server_side_data_encryption", Text(request::ossup_request_set_server_side_data_encryption)),
    ("request_payer", Text(request::ossup_request_set_request_payer)),
    ("traffic_limit", U64(request::ossup_request_set_traffic_limit)),
    ("bandwidth_limit", U64(request::ossup_request_set_bandwidth_limit)),
    ("forbid_overwrite", Flag(request::ossup_request_set_forbid_overwrite)),
    ("callback_host", Text(request::ossup_request_set_callback_host)),
    ("callback_body_type", Text(request::ossup_request_set_callback_body_type)),
    ("callback_sni", Flag(request::ossup_request_set_callback_sni)),
];

/// Calls the setter of a name, unless there is none or the text is no value of its kind.
///
/// # Safety
/// `name` and `value` are NULL or point to NUL-terminated strings that stay as they are during the call.
unsafe fn call<T>(
    setters: &[(&str, Setter<T>)],
    handle: Option<&mut T>,
    name: *const c_char,
    value: *const c_char,
) -> Result<ossup_status> {
    // SAFETY: as promised by our caller.
    let name = unsafe { text("name", name) }?;
    let known = setters.iter().find(|(known, _)| *known == name);
    let (_, setter) = known.ok_or_else(|| Error::invalid_argument(format!("there is no option {name:?}")))?;
    // SAFETY: as above.
    let text = || unsafe { text(name, value) };
    Ok(match setter {
        Flag(set) => set(handle, parse(name, text()?, "is neither true nor false")?),
        U32(set) => set(handle, parse(name, text()?, "is no whole number from 0 to 4294967295")?),
        U64(set) => set(handle, parse(name, text()?, "is no whole number from 0 on that fits 64 bits")?),
        I64(set) => set(handle, parse(name, text()?, "is no whole number that fits 64 bits")?),
        // SAFETY: as above.
        Text(set) => unsafe { set(handle, value) },
    })
}

fn parse<V: FromStr>(name: &str, value: &str, what: &str) -> Result<V> {
    let parsed = if value.starts_with('+') { None } else { value.parse().ok() };
    parsed.ok_or_else(|| Error::invalid_argument(format!("{name}: {value:?} {what}")))
}

/// Sets a parameter by its name and a text, for bindings that do not know its setter yet: the name is what follows
/// ossup_config_set_ in that of a setter of one value, such as "connect_timeout_ms". Range, default and errors are the
/// setter's.
///
/// value: a decimal number, "true" or "false", or a text, by what the setter takes. NULL where the setter takes NULL.
/// Errors: OSSUP_INVALID_ARGUMENT also for a name that is none, and for a value of another kind.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ossup_config_set_option(
    mut config: Option<&mut ossup_config>,
    name: *const c_char,
    value: *const c_char,
) -> ossup_status {
    guard_or(ossup_status::OSSUP_INTERNAL, || {
        // SAFETY: the caller promises NULL or NUL-terminated strings.
        let called = unsafe { call(OF_CONFIG, config.as_deref_mut(), name, value) };
        called.unwrap_or_else(|error| guard(|| config::set(config, |_| Err(error))))
    })
}

/// Sets a parameter by its name and a text, for bindings that do not know its setter yet: the name is what follows
/// ossup_request_set_ in that of a setter of one value, such as "part_size". Range, default and errors are the setter's.
///
/// value: a decimal number, "true" or "false", or a text, by what the setter takes. NULL where the setter takes NULL.
/// Errors: OSSUP_INVALID_ARGUMENT also for a name that is none, and for a value of another kind.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ossup_request_set_option(
    mut request: Option<&mut ossup_request>,
    name: *const c_char,
    value: *const c_char,
) -> ossup_status {
    guard_or(ossup_status::OSSUP_INTERNAL, || {
        // SAFETY: the caller promises NULL or NUL-terminated strings.
        let called = unsafe { call(OF_REQUEST, request.as_deref_mut(), name, value) };
        called.unwrap_or_else(|error| guard(|| request::set(request, |_| Err(error))))
    })
}
