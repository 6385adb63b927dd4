/// Credentials that a function of the host's, or whoever takes from a queue, provides.

#ifndef OSSUP_CPP_CREDENTIALS_HPP
#define OSSUP_CPP_CREDENTIALS_HPP

#include "error.hpp"

#include <functional>

namespace ossup {
inline namespace OSSUP_VERSIONED {

/// An access key.
struct Credentials {
    std::string access_key_id;
    std::string access_key_secret;
    std::string security_token;         ///< of a temporary access key; "" when it is no temporary one
    std::optional<TimePoint> expires = {}; ///< from when on OSS refuses it; nothing when that is not known
};

/// A question for credentials, to be answered at once or later. Destroyed without an answer, it counts as failed. Any thread.
class CredentialsRequest {
public:
    explicit CredentialsRequest(ossup_credentials_request *owned) noexcept : handle_(owned) {}

    /// Whether the answer is still waited for: whoever takes long may ask now and then, and give up.
    bool is_wanted() const noexcept { return ossup_credentials_request_is_wanted(native_handle()); }

    /// Answers. What is refused is still to be answered.
    Result<void> try_give(const Credentials &credentials) const
    {
        if (detail::has_nul(credentials.access_key_id)) return detail::has_a_nul("access_key_id");
        if (detail::has_nul(credentials.access_key_secret)) return detail::has_a_nul("access_key_secret");
        if (detail::has_nul(credentials.security_token)) return detail::has_a_nul("security_token");
        const char *token = credentials.security_token.empty() ? nullptr : credentials.security_token.c_str();
        return detail::checked("credentials", [&](ossup_error **error) {
            return ossup_credentials_request_give(native_handle(), credentials.access_key_id.c_str(),
                                                  credentials.access_key_secret.c_str(), token,
                                                  expires_unix_s(credentials), error);
        });
    }

    /// Answers that there are none. The message becomes part of the upload's error, so it should hold no secret.
    Result<void> try_fail(const std::string &message, bool is_temporary = false) const
    {
        if (detail::has_nul(message)) return detail::has_a_nul("message");
        const ossup_status status = ossup_credentials_request_fail(native_handle(), message.c_str(), is_temporary);
        return detail::checked("credentials", status);
    }

#if OSSUP_EXCEPTIONS
    void give(const Credentials &credentials) const { try_give(credentials).value(); }
    void fail(const std::string &message, bool is_temporary = false) const { try_fail(message, is_temporary).value(); }
#endif

    const ossup_credentials_request *native_handle() const noexcept { return handle_.get(); }

private:
    /// 0 is an end that is not known: what ended before 1970 ended in its first second.
    static std::int64_t expires_unix_s(const Credentials &credentials) noexcept
    {
        if (!credentials.expires) return 0;
        const auto since = std::chrono::floor<std::chrono::seconds>(credentials.expires->time_since_epoch()).count();
        return since < 1 ? 1 : static_cast<std::int64_t>(since);
    }

    detail::Handle<ossup_credentials_request, ossup_credentials_request_free> handle_;
};

/// Is asked for credentials, on a thread of the library's own, one question at a time. It may take its time, return an Error
/// or throw.
using CredentialsProvider = std::function<Result<Credentials>(const CredentialsRequest &)>;

namespace detail {

inline void fail_with(const CredentialsRequest &request, const std::exception_ptr &exception) noexcept
{
#if OSSUP_EXCEPTIONS
    try {
        std::rethrow_exception(exception);
    } catch (const Error &error) {
        static_cast<void>(caught([&] { static_cast<void>(request.try_fail(error.what(), error.is_temporary())); }));
    } catch (const std::exception &error) {
        static_cast<void>(caught([&] { static_cast<void>(request.try_fail(error.what())); }));
    } catch (...) {
        // Without an answer it counts as failed, too.
    }
#else
    static_cast<void>(request);
    static_cast<void>(exception);
#endif
}

/// What C calls: the user data are a CredentialsProvider.
inline void provide(ossup_credentials_request *question, void *user_data) noexcept
{
    const CredentialsRequest request(question);
    const auto &provider = *static_cast<const CredentialsProvider *>(user_data);
    const auto exception = caught([&] {
        const auto credentials = provider(request);
        const auto given = credentials ? request.try_give(*credentials) : Result<void>(credentials.error());
        if (!given) static_cast<void>(request.try_fail(given.error().what(), given.error().is_temporary()));
    });
    if (exception) fail_with(request, exception);
}

} // namespace detail
} // namespace OSSUP_VERSIONED
} // namespace ossup

#endif
