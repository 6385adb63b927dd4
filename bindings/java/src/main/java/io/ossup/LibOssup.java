package io.ossup;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.PointerByReference;

/**
 * libossup's functions, as its header has them. They are bound directly: all at once, so that a library that lacks one is
 * refused at the beginning, and without a proxy for each call.
 *
 * <p>C's bool is a byte here: JNA's boolean is an int, of which C leaves three bytes undefined. Its size_t is a long, as
 * pointers have 64 bits.
 */
final class LibOssup {
    /** The version of the binary interface that these declarations are of. */
    static final int ABI_VERSION = 1;

    static {
        if (Native.POINTER_SIZE != Long.BYTES) {
            throw new UnsatisfiedLinkError("ossup needs a 64-bit Java");
        }
        NativeLibrary library = Finder.find();
        checkVersion(library.getFunction("ossup_abi_version").invokeInt(new Object[0]));
        Native.register(LibOssup.class, library);
    }

    private LibOssup() {}

    static void checkVersion(int found) {
        if (found != ABI_VERSION) {
            throw new UnsatisfiedLinkError(
                    "the library has binary interface " + found + ", this package needs " + ABI_VERSION);
        }
    }

    static native Pointer ossup_version();

    static native int ossup_abi_version();

    static native Pointer ossup_diagnostics();

    static native int ossup_set_worker_threads(int threads);

    static native int ossup_shutdown(long timeoutMs);

    static native int ossup_credentials_request_give(
            Pointer request,
            byte[] accessKeyId,
            byte[] accessKeySecret,
            byte[] token,
            long expiresUnixS,
            PointerByReference error);

    static native int ossup_credentials_request_fail(Pointer request, byte[] message, byte temporary);

    static native void ossup_credentials_request_free(Pointer request);

    static native int ossup_config_new(PointerByReference out);

    static native int ossup_config_add_signed_header(Pointer config, byte[] name);

    static native int ossup_config_set_credentials(
            Pointer config, byte[] accessKeyId, byte[] accessKeySecret, byte[] token);

    static native int ossup_config_add_environment_credentials(Pointer config);

    static native int ossup_config_add_ecs_ram_role(Pointer config, byte[] roleName);

    static native int ossup_config_add_oidc_role(
            Pointer config, byte[] roleArn, byte[] oidcProviderArn, byte[] tokenFile);

    static native int ossup_config_add_credentials_queue(Pointer config, Pointer queue, long tag);

    static native int ossup_config_dangerously_disable_certificate_verification(Pointer config);

    static native void ossup_config_free(Pointer config);

    static native int ossup_config_set_log_queue(Pointer config, int level, Pointer queue, long tag);

    static native int ossup_client_new(Pointer config, PointerByReference out, PointerByReference error);

    static native int ossup_client_set_bandwidth_limit(Pointer client, long bytesPerSecond);

    static native int ossup_client_shutdown(Pointer client, long timeoutMs);

    static native void ossup_client_free(Pointer client);

    static native int ossup_request_new(PointerByReference out);

    static native int ossup_request_set_upload_memory(
            Pointer request, Pointer data, long length, Pointer userData, Pointer release);

    static native int ossup_request_set_upload_stream(Pointer request, long size);

    static native int ossup_request_add_tag(Pointer request, byte[] key, byte[] value);

    static native int ossup_request_add_user_metadata(Pointer request, byte[] name, byte[] value);

    static native int ossup_request_set_header(Pointer request, byte[] name, byte[] value);

    static native int ossup_request_set_callback(Pointer request, byte[] url, byte[] body);

    static native int ossup_request_add_callback_var(Pointer request, byte[] name, byte[] value);

    static native void ossup_request_free(Pointer request);

    static native int ossup_config_set_option(Pointer config, byte[] name, byte[] value);

    static native int ossup_request_set_option(Pointer request, byte[] name, byte[] value);

    static native Pointer ossup_resume_token_text(Pointer token);

    static native void ossup_resume_token_free(Pointer token);

    static native int ossup_upload_new(
            Pointer client, Pointer request, PointerByReference out, PointerByReference error);

    static native int ossup_upload_set_queue(Pointer upload, Pointer queue, long tag);

    static native int ossup_upload_start(Pointer upload, PointerByReference error);

    static native int ossup_upload_write(
            Pointer upload, Pointer bytes, long length, long timeoutMs, Pointer written, PointerByReference error);

    static native int ossup_upload_finish(Pointer upload, PointerByReference error);

    static native int ossup_upload_set_bandwidth_limit(Pointer upload, long bytesPerSecond);

    static native int ossup_upload_progress(Pointer upload, Pointer progress);

    static native int ossup_upload_pause(Pointer upload);

    static native int ossup_upload_abort(Pointer upload);

    static native int ossup_upload_result(Pointer upload, PointerByReference out);

    static native int ossup_upload_resume_token(Pointer upload, PointerByReference out, PointerByReference error);

    static native void ossup_upload_free(Pointer upload);

    static native int ossup_result_status(Pointer result);

    static native int ossup_result_error(Pointer result, PointerByReference out);

    static native byte ossup_result_is_resumed(Pointer result);

    static native Pointer ossup_result_reason(Pointer result);

    static native byte ossup_result_is_resumable(Pointer result);

    static native byte ossup_result_is_confirmed_by_probe(Pointer result);

    static native int ossup_result_parts_total(Pointer result);

    static native int ossup_result_parts_reused(Pointer result);

    static native int ossup_result_parts_sent(Pointer result);

    static native long ossup_result_bytes_total(Pointer result);

    static native long ossup_result_bytes_reused(Pointer result);

    static native long ossup_result_bytes_sent(Pointer result);

    static native int ossup_result_retries(Pointer result);

    static native Pointer ossup_result_etag(Pointer result);

    static native long ossup_result_crc64(Pointer result);

    static native Pointer ossup_result_version_id(Pointer result);

    static native Pointer ossup_result_request_id(Pointer result);

    static native Pointer ossup_result_upload_id(Pointer result);

    static native Pointer ossup_result_callback_body(Pointer result, Pointer length);

    static native Pointer ossup_result_warning(Pointer result);

    static native Pointer ossup_result_checkpoint_file(Pointer result);

    static native long ossup_result_elapsed_ms(Pointer result);

    static native int ossup_result_resume_token(Pointer result, PointerByReference out);

    static native void ossup_result_free(Pointer result);

    static native int ossup_queue_new(PointerByReference out);

    static native int ossup_queue_next(Pointer queue, long timeoutMs, PointerByReference event);

    static native int ossup_queue_wake(Pointer queue);

    static native void ossup_queue_free(Pointer queue);

    static native int ossup_event_get_kind(Pointer event);

    static native long ossup_event_tag(Pointer event);

    static native int ossup_event_credentials(Pointer event, PointerByReference out);

    static native int ossup_event_log_level(Pointer event);

    static native Pointer ossup_event_log_message(Pointer event);

    static native void ossup_event_free(Pointer event);

    static native int ossup_record_read(byte[] file, PointerByReference out, PointerByReference error);

    static native int ossup_record_delete(byte[] file, PointerByReference error);

    static native int ossup_record_get_state(Pointer record);

    static native Pointer ossup_record_path(Pointer record);

    static native Pointer ossup_record_bucket_name(Pointer record);

    static native Pointer ossup_record_key(Pointer record);

    static native Pointer ossup_record_upload_id(Pointer record);

    static native long ossup_record_part_size(Pointer record);

    static native int ossup_record_parts_total(Pointer record);

    static native int ossup_record_parts_confirmed(Pointer record);

    static native long ossup_record_bytes_total(Pointer record);

    static native long ossup_record_bytes_confirmed(Pointer record);

    static native long ossup_record_completing_since(Pointer record);

    static native void ossup_record_free(Pointer record);

    static native int ossup_record_list_read(byte[] folder, PointerByReference out, PointerByReference error);

    static native long ossup_record_list_count(Pointer list);

    static native Pointer ossup_record_list_get(Pointer list, long index);

    static native void ossup_record_list_free(Pointer list);

    static native int ossup_client_list_incomplete_uploads(
            Pointer client,
            byte[] bucketName,
            byte[] prefix,
            long olderThanS,
            PointerByReference out,
            PointerByReference error);

    static native int ossup_client_abort_incomplete_upload(
            Pointer client, byte[] bucketName, byte[] key, byte[] uploadId, PointerByReference error);

    static native long ossup_incomplete_uploads_count(Pointer uploads);

    static native Pointer ossup_incomplete_uploads_key(Pointer uploads, long index);

    static native Pointer ossup_incomplete_uploads_upload_id(Pointer uploads, long index);

    static native long ossup_incomplete_uploads_initiated(Pointer uploads, long index);

    static native void ossup_incomplete_uploads_free(Pointer uploads);

    static native int ossup_error_status(Pointer error);

    static native Pointer ossup_error_message(Pointer error);

    static native Pointer ossup_error_operation(Pointer error);

    static native int ossup_error_part_number(Pointer error);

    static native int ossup_error_attempts(Pointer error);

    static native int ossup_error_http_status(Pointer error);

    static native Pointer ossup_error_oss_code(Pointer error);

    static native Pointer ossup_error_ec(Pointer error);

    static native Pointer ossup_error_request_id(Pointer error);

    static native Pointer ossup_error_host(Pointer error);

    static native int ossup_error_os_errno(Pointer error);

    static native byte ossup_error_is_temporary(Pointer error);

    static native void ossup_error_free(Pointer error);
}
