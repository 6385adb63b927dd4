/// Who is told what a client does, line by line.

#ifndef OSSUP_CPP_LOG_HPP
#define OSSUP_CPP_LOG_HPP

#include "upload_handle.hpp"

#include <functional>
#include <string_view>

namespace ossup {
inline namespace OSSUP_VERSIONED {

/// A line of the log, lent for the call.
struct LogLine {
    LogLevel level;
    std::string_view message;   ///< without its end
    const UploadHandle *upload; ///< that it is about; nullptr when it is about none, or when that is gone
};

/// Is told lines, on the library's callback thread. When it throws, the log ends, and Client::shutdown throws it again.
using Logger = std::function<void(const LogLine &)>;

namespace detail {

/// What C keeps for a log until it has released it.
struct Logging {
    Logger logger;
    std::shared_ptr<Thrown> thrown;

    static void on_log(ossup_log_level level, const char *message, ossup_upload *upload, void *user_data) noexcept
    {
        const Logging &self = *static_cast<const Logging *>(user_data);
        if (self.thrown->get()) return;
        const Lent lent(upload);
        const LogLine line = {static_cast<LogLevel>(level), message, upload == nullptr ? nullptr : &*lent};
        if (auto exception = caught([&] { self.logger(line); })) self.thrown->keep(std::move(exception));
    }

    static void on_release(void *user_data) noexcept { const std::unique_ptr<Logging> given(static_cast<Logging *>(user_data)); }
};

} // namespace detail
} // namespace OSSUP_VERSIONED
} // namespace ossup

#endif
