/// What a function of the host's threw, kept for whoever waits.

#ifndef OSSUP_CPP_THROWN_HPP
#define OSSUP_CPP_THROWN_HPP

#include "base.hpp"

#include <mutex>

namespace ossup {
inline namespace OSSUP_VERSIONED {
namespace detail {

/// The first exception counts. Any thread.
class Thrown {
public:
    void keep(std::exception_ptr exception) noexcept
    {
        const std::lock_guard<std::mutex> lock(mutex_);
        if (!exception_) exception_ = std::move(exception);
    }

    std::exception_ptr get() const noexcept
    {
        const std::lock_guard<std::mutex> lock(mutex_);
        return exception_;
    }

private:
    mutable std::mutex mutex_;
    std::exception_ptr exception_;
};

#if OSSUP_EXCEPTIONS
inline void rethrow(const std::exception_ptr &exception)
{
    if (exception) std::rethrow_exception(exception);
}
#endif

} // namespace detail
} // namespace OSSUP_VERSIONED
} // namespace ossup

#endif
