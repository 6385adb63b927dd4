/// What all of the headers stand on.

#ifndef OSSUP_CPP_BASE_HPP
#define OSSUP_CPP_BASE_HPP

#include <ossup.h>

#include <chrono>
#include <cstdint>
#include <exception>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

/// Where exceptions are switched off, the forms that throw are not there.
#if defined(__cpp_exceptions) || defined(_CPPUNWIND)
#define OSSUP_EXCEPTIONS 1
#else
#define OSSUP_EXCEPTIONS 0
#endif

/// Shared objects of one process may hold different versions of these headers. Their types have different names, so that
/// the loader takes none for another.
#define OSSUP_VERSIONED v0_1_1

namespace ossup {
inline namespace OSSUP_VERSIONED {

using Milliseconds = std::chrono::milliseconds;
using TimePoint = std::chrono::system_clock::time_point;

namespace detail {

template <class T, void (*Free)(T *)> struct Freed {
    void operator()(T *handle) const noexcept { Free(handle); }
};

/// A handle of C's that is freed.
template <class T, void (*Free)(T *)> using Handle = std::unique_ptr<T, Freed<T, Free>>;

/// How long to wait as C has it: no timeout is for ever, and what is over is not to be waited for.
inline std::int64_t timeout_ms(std::optional<Milliseconds> timeout) noexcept
{
    if (!timeout) return -1;
    return timeout->count() < 0 ? 0 : static_cast<std::int64_t>(timeout->count());
}

inline TimePoint time_of(std::int64_t unix_s) noexcept
{
    return TimePoint(std::chrono::seconds(unix_s));
}

/// Calls a function of the host's for C, into which nothing may be thrown: returns what was.
template <class Function> std::exception_ptr caught(Function &&function) noexcept
{
#if OSSUP_EXCEPTIONS
    try {
        std::forward<Function>(function)();
    } catch (...) {
        return std::current_exception();
    }
#else
    std::forward<Function>(function)();
#endif
    return nullptr;
}

} // namespace detail
} // namespace OSSUP_VERSIONED
} // namespace ossup

#endif
