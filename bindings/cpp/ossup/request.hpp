/// What is to be uploaded, and how.

#ifndef OSSUP_CPP_REQUEST_HPP
#define OSSUP_CPP_REQUEST_HPP

#include "builder.hpp"

namespace ossup {
inline namespace OSSUP_VERSIONED {

/// The size of a stream that nobody knows yet.
constexpr std::uint64_t unknown_size = OSSUP_UNKNOWN_SIZE;

/// The parameters of one upload: ossup_request. Setters may go unchecked: the upload that is made of it reports the first that
/// was refused. It may make many uploads, and starting it again is how one is resumed. One thread at a time.
class Request : public detail::Builder<Request, ossup_request, ossup_request_error, ossup_request_free> {
public:
    Request() : Builder(ossup_request_new) {}

    Request &set_bucket_name(std::string_view name) { return set("bucket_name", ossup_request_set_bucket_name, name); }
    Request &set_key(std::string_view key) { return set("key", ossup_request_set_key, key); }

    // One of these three is what is sent.

    Request &set_upload_file(const std::filesystem::path &file)
    {
        return set("upload_file", detail::set_upload_file, file);
    }

    /// Memory that must stay as it is: `owner` is kept until it is needed no more. Without an owner it is the caller's to keep
    /// until the upload is over.
    Request &set_upload_memory(const void *data, std::size_t length, std::shared_ptr<const void> owner)
    {
        using Owner = std::shared_ptr<const void>;
        auto given = std::make_unique<Owner>(std::move(owner));
        const auto release = [](void *user_data) { const std::unique_ptr<Owner> mine(static_cast<Owner *>(user_data)); };
        const ossup_status status = ossup_request_set_upload_memory(handle(), data, length, given.get(), release);
        if (status == OSSUP_OK) static_cast<void>(given.release());
        return note("upload_memory", status);
    }

    /// A vector, a string or their like, moved in.
    template <class Bytes, class = std::enable_if_t<!std::is_lvalue_reference_v<Bytes>>>
    Request &set_upload_memory(Bytes &&bytes)
    {
        using Item = std::remove_reference_t<decltype(*bytes.data())>;
        static_assert(std::is_trivially_copyable_v<Item>, "what is uploaded are the bytes of its items");
        const auto owner = std::make_shared<const Bytes>(std::forward<Bytes>(bytes));
        return set_upload_memory(owner->data(), owner->size() * sizeof(Item), owner);
    }

    /// What is pushed by write(), until finish().
    Request &set_upload_stream(std::uint64_t size = unknown_size)
    {
        return set("upload_stream", ossup_request_set_upload_stream, size);
    }

    Request &set_task_num(std::uint32_t task_num) { return set("task_num", ossup_request_set_task_num, task_num); }
    Request &set_part_size(std::uint64_t bytes) { return set("part_size", ossup_request_set_part_size, bytes); }
    Request &set_force_multipart(bool force) { return set("force_multipart", ossup_request_set_force_multipart, force); }
    Request &set_bandwidth_limit(std::uint64_t bytes_per_second)
    {
        return set("bandwidth_limit", ossup_request_set_bandwidth_limit, bytes_per_second);
    }
    Request &set_traffic_limit(std::uint64_t bits_per_s)
    {
        return set("traffic_limit", ossup_request_set_traffic_limit, bits_per_s);
    }
    /// Counted from the start; 0 is none.
    Request &set_deadline(Milliseconds time) { return set("deadline", ossup_request_set_deadline_ms, time); }

    // How it goes on after it was stopped.

    Request &set_enable_checkpoint(bool enable)
    {
        return set("enable_checkpoint", ossup_request_set_enable_checkpoint, enable);
    }
    Request &set_checkpoint_file(const std::filesystem::path &file)
    {
        return set("checkpoint_file", detail::set_checkpoint_file, file);
    }
    Request &set_checkpoint_dir(const std::filesystem::path &folder)
    {
        return set("checkpoint_dir", detail::set_checkpoint_dir, folder);
    }
    /// How long a record is waited for that another upload holds; nothing is for ever.
    Request &set_lock_timeout(std::optional<Milliseconds> time)
    {
        return set("lock_timeout", ossup_request_set_lock_timeout_ms, detail::timeout_ms(time));
    }
    Request &set_require_lock(bool require) { return set("require_lock", ossup_request_set_require_lock, require); }
    Request &set_verify_reused_parts(bool verify)
    {
        return set("verify_reused_parts", ossup_request_set_verify_reused_parts, verify);
    }
    Request &set_recover(bool recover) { return set("recover", ossup_request_set_recover, recover); }
    Request &set_stamp_object(bool stamp) { return set("stamp_object", ossup_request_set_stamp_object, stamp); }
    /// "" is none.
    Request &set_resume_token(std::string_view token)
    {
        return set("resume_token", ossup_request_set_resume_token, token);
    }

    // What the object gets.

    Request &set_content_type(std::string_view type) { return set("content_type", ossup_request_set_content_type, type); }
    Request &set_content_disposition(std::string_view disposition)
    {
        return set("content_disposition", ossup_request_set_content_disposition, disposition);
    }
    Request &set_content_encoding(std::string_view encoding)
    {
        return set("content_encoding", ossup_request_set_content_encoding, encoding);
    }
    Request &set_content_language(std::string_view language)
    {
        return set("content_language", ossup_request_set_content_language, language);
    }
    Request &set_cache_control(std::string_view control)
    {
        return set("cache_control", ossup_request_set_cache_control, control);
    }
    Request &set_expires(std::string_view date) { return set("expires", ossup_request_set_expires, date); }
    Request &set_object_acl(std::string_view acl) { return set("object_acl", ossup_request_set_object_acl, acl); }
    Request &set_storage_class(std::string_view name)
    {
        return set("storage_class", ossup_request_set_storage_class, name);
    }
    Request &add_tag(std::string_view key, std::string_view value)
    {
        return set_pair("tag", ossup_request_add_tag, key, value);
    }
    Request &set_server_side_encryption(std::string_view method)
    {
        return set("server_side_encryption", ossup_request_set_server_side_encryption, method);
    }
    Request &set_server_side_encryption_key_id(std::string_view id)
    {
        return set("server_side_encryption_key_id", ossup_request_set_server_side_encryption_key_id, id);
    }
    Request &set_server_side_data_encryption(std::string_view algorithm)
    {
        return set("server_side_data_encryption", ossup_request_set_server_side_data_encryption, algorithm);
    }
    Request &add_user_metadata(std::string_view name, std::string_view value)
    {
        return set_pair("user_metadata", ossup_request_add_user_metadata, name, value);
    }
    Request &set_request_payer(std::string_view payer)
    {
        return set("request_payer", ossup_request_set_request_payer, payer);
    }
    Request &set_header(std::string_view name, std::string_view value)
    {
        return set_pair("header", ossup_request_set_header, name, value);
    }
    Request &set_forbid_overwrite(bool forbid)
    {
        return set("forbid_overwrite", ossup_request_set_forbid_overwrite, forbid);
    }

    // Whom OSS tells of the object.

    Request &set_callback(std::string_view url, std::string_view body)
    {
        return set_pair("callback", ossup_request_set_callback, url, body);
    }
    Request &set_callback_host(std::string_view host)
    {
        return set("callback_host", ossup_request_set_callback_host, host);
    }
    Request &set_callback_body_type(std::string_view type)
    {
        return set("callback_body_type", ossup_request_set_callback_body_type, type);
    }
    Request &set_callback_sni(bool sni) { return set("callback_sni", ossup_request_set_callback_sni, sni); }
    Request &add_callback_var(std::string_view name, std::string_view value)
    {
        return set_pair("callback_var", ossup_request_add_callback_var, name, value);
    }

    /// A parameter by its name in C, for what these headers do not know yet. Nothing stands for C's NULL.
    Request &set_option(std::string_view name, std::optional<std::string_view> value)
    {
        return set_by_name(ossup_request_set_option, name, value);
    }
};

} // namespace OSSUP_VERSIONED
} // namespace ossup

#endif
