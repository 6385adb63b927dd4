/// What an upload did.

#ifndef OSSUP_CPP_UPLOAD_RESULT_HPP
#define OSSUP_CPP_UPLOAD_RESULT_HPP

#include "error.hpp"
#include "path.hpp"

namespace ossup {
inline namespace OSSUP_VERSIONED {

/// What a finished upload did, success or not. What is not known is empty or 0.
class UploadResult {
public:
    explicit UploadResult(ossup_result *owned) noexcept : handle_(owned) {}

    Status status() const noexcept { return static_cast<Status>(ossup_result_status(native_handle())); }

    /// Why the upload is no success; nothing when it is one.
    std::optional<Error> error() const
    {
        ossup_error *error = nullptr;
        ossup_result_error(native_handle(), &error);
        if (error == nullptr) return std::nullopt;
        return detail::error_of(ossup_result_status(native_handle()), detail::ErrorHandle(error), "upload");
    }

    bool is_resumed() const noexcept { return ossup_result_is_resumed(native_handle()); }
    /// Why it began anew although there was something to go on from, such as "SOURCE_CHANGED".
    std::string reason() const { return detail::text_of(ossup_result_reason(native_handle())); }
    bool is_resumable() const noexcept { return ossup_result_is_resumable(native_handle()); }
    bool is_confirmed_by_probe() const noexcept { return ossup_result_is_confirmed_by_probe(native_handle()); }
    std::uint32_t parts_total() const noexcept { return ossup_result_parts_total(native_handle()); }
    std::uint32_t parts_reused() const noexcept { return ossup_result_parts_reused(native_handle()); }
    std::uint32_t parts_sent() const noexcept { return ossup_result_parts_sent(native_handle()); }
    std::uint64_t bytes_total() const noexcept { return ossup_result_bytes_total(native_handle()); }
    std::uint64_t bytes_reused() const noexcept { return ossup_result_bytes_reused(native_handle()); }
    std::uint64_t bytes_sent() const noexcept { return ossup_result_bytes_sent(native_handle()); }
    std::uint32_t retries() const noexcept { return ossup_result_retries(native_handle()); }
    /// In OSS's quotes.
    std::string etag() const { return detail::text_of(ossup_result_etag(native_handle())); }
    std::uint64_t crc64() const noexcept { return ossup_result_crc64(native_handle()); }
    std::string version_id() const { return detail::text_of(ossup_result_version_id(native_handle())); }
    std::string request_id() const { return detail::text_of(ossup_result_request_id(native_handle())); }
    std::string upload_id() const { return detail::text_of(ossup_result_upload_id(native_handle())); }

    /// What the application server answered; nothing when it was not asked.
    std::optional<std::string> callback_body() const
    {
        std::size_t length = 0;
        const std::uint8_t *body = ossup_result_callback_body(native_handle(), &length);
        if (body == nullptr) return std::nullopt;
        return std::string(body, body + length);
    }

    /// What went wrong without stopping the upload.
    std::string warning() const { return detail::text_of(ossup_result_warning(native_handle())); }

    std::filesystem::path checkpoint_file() const
    {
        return detail::path_of(detail::checkpoint_file(native_handle()));
    }

    Milliseconds elapsed() const noexcept
    {
        return Milliseconds(static_cast<Milliseconds::rep>(ossup_result_elapsed_ms(native_handle())));
    }

    /// A line of text with which the upload goes on elsewhere: see ossup_result_resume_token. What it speaks of stays on the
    /// server from then on.
    Result<std::string> try_resume_token() const
    {
        ossup_resume_token *token = nullptr;
        const ossup_status status = ossup_result_resume_token(native_handle(), &token);
        const detail::Handle<ossup_resume_token, ossup_resume_token_free> owned(token);
        if (status != OSSUP_OK) return detail::error_of(status, nullptr, "resume_token");
        return detail::text_of(ossup_resume_token_text(token));
    }

#if OSSUP_EXCEPTIONS
    std::string resume_token() const { return try_resume_token().value(); }
#endif

    const ossup_result *native_handle() const noexcept { return handle_.get(); }

private:
    detail::Handle<ossup_result, ossup_result_free> handle_;
};

namespace detail {

/// What an upload came to: its result, or its error, which has the result.
inline Result<UploadResult> outcome_of(Result<UploadResult> result)
{
    if (!result) return result;
    const auto error = result->error();
    if (!error) return result;
    return error->with(std::make_shared<const UploadResult>(*std::move(result)));
}

} // namespace detail
} // namespace OSSUP_VERSIONED
} // namespace ossup

#endif
