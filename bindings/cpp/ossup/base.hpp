/// What all of the headers stand on.

#ifndef OSSUP_CPP_BASE_HPP
#define OSSUP_CPP_BASE_HPP

#include <ossup.h>

#include <algorithm>
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

/// Parts of one process may hold different versions of these headers, or switch exceptions off. Their types have different
/// names, so that neither the linker nor the loader takes a function that lets exceptions into C for one that catches them.
#if OSSUP_EXCEPTIONS
#define OSSUP_VERSIONED v0_1_1
#else
#define OSSUP_VERSIONED v0_1_1_without_exceptions
#endif

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

/// A server may name a time that is beyond what the clock can count, such as the year 9999: then it is the clock's last.
inline TimePoint time_of(std::int64_t unix_s) noexcept
{
    constexpr auto last = std::chrono::duration_cast<std::chrono::seconds>((TimePoint::duration::max)());
    return TimePoint(std::clamp<std::chrono::seconds>(std::chrono::seconds(unix_s), -last, last));
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
