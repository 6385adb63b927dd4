//! The C API: one C type per file, every exported function listed here in the header's order.
//!
//! Ownership is in the signatures. `Option<&T>` and `Option<&mut T>` are borrowed handles, `Option<Box<T>>` is a
//! handle that is given away, `Option<&mut MaybeUninit<T>>` is a place for an output, which is written and never
//! assigned: what a C caller has there is no value to be dropped. A raw pointer is text, a function's data, or
//! a struct that may be of another size than ours.
//!
//! Every body is `guard(|| …)`: a panic becomes a status, and nothing unwinds into the caller.

mod builder;
mod callback;
mod client;
mod config;
mod credentials;
mod error;
#[cfg(feature = "forced-panics")]
mod forced;
mod guard;
mod incomplete;
mod lent;
mod library;
mod log;
mod options;
mod progress;
mod queue;
mod record;
mod request;
mod result;
mod resume_token;
mod status;
mod text;
mod upload;
mod user_data;

pub use library::{
    ossup_abi_version, ossup_diagnostics, ossup_set_worker_threads, ossup_shutdown, ossup_status_name, ossup_version,
};
pub use status::{OSSUP_ABI_VERSION, ossup_status};

pub use config::{
    OSSUP_NETWORK_ACCELERATE, OSSUP_NETWORK_ACCELERATE_OVERSEAS, OSSUP_NETWORK_DUAL_STACK, OSSUP_NETWORK_INTERNAL,
    OSSUP_NETWORK_PUBLIC, OSSUP_SIGNATURE_V1, OSSUP_SIGNATURE_V4, ossup_config, ossup_config_add_credentials_provider,
    ossup_config_add_credentials_queue, ossup_config_add_ecs_ram_role, ossup_config_add_environment_credentials,
    ossup_config_add_oidc_role, ossup_config_add_signed_header,
    ossup_config_dangerously_disable_certificate_verification, ossup_config_error, ossup_config_free, ossup_config_new,
    ossup_config_set_bandwidth_limit, ossup_config_set_ca_file, ossup_config_set_ca_pem, ossup_config_set_cloud_box_id,
    ossup_config_set_cname, ossup_config_set_complete_timeout_ms, ossup_config_set_connect_timeout_ms,
    ossup_config_set_credentials, ossup_config_set_credentials_timeout_ms, ossup_config_set_ecs_metadata_endpoint,
    ossup_config_set_endpoint, ossup_config_set_idle_timeout_ms, ossup_config_set_max_attempts,
    ossup_config_set_max_elapsed_ms, ossup_config_set_max_memory, ossup_config_set_max_parts_in_flight,
    ossup_config_set_max_uploads, ossup_config_set_network, ossup_config_set_no_proxy, ossup_config_set_path_style,
    ossup_config_set_product, ossup_config_set_progress_interval_ms, ossup_config_set_proxy, ossup_config_set_region,
    ossup_config_set_signature_version, ossup_config_set_sts_endpoint, ossup_config_set_system_trust,
    ossup_config_set_user_agent,
};
#[cfg(windows)]
pub use config::{ossup_config_add_oidc_role_w, ossup_config_set_ca_file_w};

pub use credentials::{
    ossup_credentials_fn, ossup_credentials_request, ossup_credentials_request_fail, ossup_credentials_request_free,
    ossup_credentials_request_give, ossup_credentials_request_is_wanted,
};
pub use user_data::ossup_release_fn;

pub use log::{ossup_config_set_log, ossup_config_set_log_queue, ossup_log_fn, ossup_log_level};

pub use client::{
    ossup_client, ossup_client_free, ossup_client_new, ossup_client_set_bandwidth_limit, ossup_client_shutdown,
    ossup_client_upload_file,
};

pub use request::{
    OSSUP_UNKNOWN_SIZE, ossup_request, ossup_request_add_callback_var, ossup_request_add_tag,
    ossup_request_add_user_metadata, ossup_request_error, ossup_request_free, ossup_request_new,
    ossup_request_set_bandwidth_limit, ossup_request_set_bucket_name, ossup_request_set_cache_control,
    ossup_request_set_callback, ossup_request_set_callback_body_type, ossup_request_set_callback_host,
    ossup_request_set_callback_sni, ossup_request_set_checkpoint_dir, ossup_request_set_checkpoint_file,
    ossup_request_set_content_disposition, ossup_request_set_content_encoding, ossup_request_set_content_language,
    ossup_request_set_content_type, ossup_request_set_deadline_ms, ossup_request_set_enable_checkpoint,
    ossup_request_set_expires, ossup_request_set_forbid_overwrite, ossup_request_set_force_multipart,
    ossup_request_set_header, ossup_request_set_key, ossup_request_set_lock_timeout_ms, ossup_request_set_object_acl,
    ossup_request_set_part_size, ossup_request_set_recover, ossup_request_set_request_payer,
    ossup_request_set_require_lock, ossup_request_set_resume_token, ossup_request_set_server_side_data_encryption,
    ossup_request_set_server_side_encryption, ossup_request_set_server_side_encryption_key_id,
    ossup_request_set_stamp_object, ossup_request_set_storage_class, ossup_request_set_task_num,
    ossup_request_set_traffic_limit, ossup_request_set_upload_file, ossup_request_set_upload_memory,
    ossup_request_set_upload_stream, ossup_request_set_verify_reused_parts,
};
#[cfg(windows)]
pub use request::{
    ossup_request_set_checkpoint_dir_w, ossup_request_set_checkpoint_file_w, ossup_request_set_upload_file_w,
};

pub use options::{ossup_config_set_option, ossup_request_set_option};

pub use resume_token::{ossup_resume_token, ossup_resume_token_free, ossup_resume_token_text};

pub use callback::{ossup_complete_fn, ossup_progress_fn};
pub use progress::{ossup_phase, ossup_progress};
pub use upload::{
    ossup_upload, ossup_upload_abort, ossup_upload_finish, ossup_upload_free, ossup_upload_is_done, ossup_upload_new,
    ossup_upload_pause, ossup_upload_progress, ossup_upload_ref, ossup_upload_result, ossup_upload_resume_token,
    ossup_upload_set_bandwidth_limit, ossup_upload_set_listener, ossup_upload_set_queue, ossup_upload_start,
    ossup_upload_wait, ossup_upload_write,
};

#[cfg(windows)]
pub use result::ossup_result_checkpoint_file_w;
pub use result::{
    ossup_result, ossup_result_bytes_reused, ossup_result_bytes_sent, ossup_result_bytes_total,
    ossup_result_callback_body, ossup_result_checkpoint_file, ossup_result_crc64, ossup_result_elapsed_ms,
    ossup_result_error, ossup_result_etag, ossup_result_free, ossup_result_is_confirmed_by_probe,
    ossup_result_is_resumable, ossup_result_is_resumed, ossup_result_parts_reused, ossup_result_parts_sent,
    ossup_result_parts_total, ossup_result_reason, ossup_result_request_id, ossup_result_resume_token,
    ossup_result_retries, ossup_result_status, ossup_result_upload_id, ossup_result_version_id, ossup_result_warning,
};

#[cfg(not(windows))]
pub use queue::ossup_queue_fd;
#[cfg(windows)]
pub use queue::ossup_queue_handle;
pub use queue::{
    ossup_event, ossup_event_credentials, ossup_event_free, ossup_event_get_kind, ossup_event_kind,
    ossup_event_log_level, ossup_event_log_message, ossup_event_progress, ossup_event_tag, ossup_event_upload,
    ossup_queue, ossup_queue_free, ossup_queue_new, ossup_queue_next, ossup_queue_wake,
};

pub use record::{
    ossup_record, ossup_record_bucket_name, ossup_record_bytes_confirmed, ossup_record_bytes_total,
    ossup_record_completing_since, ossup_record_delete, ossup_record_free, ossup_record_get_state, ossup_record_key,
    ossup_record_list, ossup_record_list_count, ossup_record_list_free, ossup_record_list_get, ossup_record_list_read,
    ossup_record_part_size, ossup_record_parts_confirmed, ossup_record_parts_total, ossup_record_path,
    ossup_record_read, ossup_record_state, ossup_record_upload_id,
};
#[cfg(windows)]
pub use record::{ossup_record_delete_w, ossup_record_list_read_w, ossup_record_path_w, ossup_record_read_w};

pub use incomplete::{
    ossup_client_abort_incomplete_upload, ossup_client_list_incomplete_uploads, ossup_incomplete_uploads,
    ossup_incomplete_uploads_count, ossup_incomplete_uploads_free, ossup_incomplete_uploads_initiated,
    ossup_incomplete_uploads_key, ossup_incomplete_uploads_upload_id,
};

pub use error::{
    ossup_error, ossup_error_attempts, ossup_error_ec, ossup_error_free, ossup_error_host, ossup_error_http_status,
    ossup_error_is_temporary, ossup_error_message, ossup_error_operation, ossup_error_os_errno, ossup_error_oss_code,
    ossup_error_part_number, ossup_error_request_id, ossup_error_status,
};

#[cfg(feature = "forced-panics")]
pub use forced::{ossup_test_panic, ossup_test_panicked};
