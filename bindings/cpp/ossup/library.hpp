/// The library as a whole.

#ifndef OSSUP_CPP_LIBRARY_HPP
#define OSSUP_CPP_LIBRARY_HPP

#include "error.hpp"

namespace ossup {
inline namespace OSSUP_VERSIONED {

/// The library's version, such as "0.1.0".
inline const char *version() noexcept
{
    return ossup_version();
}

/// A few lines for a support ticket.
inline const char *diagnostics() noexcept
{
    return ossup_diagnostics();
}

/// Sets how many threads carry all uploads of the process over the network: 1 to 64. Before the first upload.
inline Result<void> try_set_worker_threads(std::uint32_t threads)
{
    return detail::checked("worker_threads", ossup_set_worker_threads(threads));
}

/// Pauses all uploads of the process, runs the last callbacks and ends the library's threads, at the end of a main program.
/// Nothing for a timeout waits for ever.
inline Result<void> try_shutdown(std::optional<Milliseconds> timeout = std::nullopt)
{
    return detail::checked("shutdown", ossup_shutdown(detail::timeout_ms(timeout)));
}

#if OSSUP_EXCEPTIONS
inline void set_worker_threads(std::uint32_t threads)
{
    try_set_worker_threads(threads).value();
}

inline void shutdown(std::optional<Milliseconds> timeout = std::nullopt)
{
    try_shutdown(timeout).value();
}
#endif

} // namespace OSSUP_VERSIONED
} // namespace ossup

#endif
