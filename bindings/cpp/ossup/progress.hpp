/// How far an upload is.

#ifndef OSSUP_CPP_PROGRESS_HPP
#define OSSUP_CPP_PROGRESS_HPP

#include "status.hpp"

#include <algorithm>
#include <cstring>

namespace ossup {
inline namespace OSSUP_VERSIONED {

/// How far an upload is, in absolute numbers: ossup_progress.
struct Progress {
    Phase phase = Phase::preparing;
    std::uint32_t parts_total = 0;     ///< 0 while the end of a stream is not known
    std::uint32_t parts_confirmed = 0; ///< that OSS confirmed
    std::uint64_t bytes_total = 0;     ///< 0 while the end of a stream is not known
    std::uint64_t bytes_confirmed = 0; ///< never decreases, and begins with the reused ones
    std::uint64_t bytes_in_flight = 0; ///< of parts that are not confirmed yet; falls when some are sent again
    std::uint64_t bytes_reused = 0;    ///< that an earlier run sent

    /// What a bar shows: confirmed and in flight, never more than there is.
    std::uint64_t bytes_sent() const noexcept
    {
        const std::uint64_t sent = bytes_confirmed + bytes_in_flight;
        return bytes_total == 0 ? sent : (std::min)(sent, bytes_total);
    }
};

namespace detail {

/// The library may be older than its header here: fields that it does not know stay 0.
inline Progress progress_of(const ossup_progress &told) noexcept
{
    ossup_progress known = {};
    std::memcpy(&known, &told, (std::min)(told.struct_size, sizeof known));
    Progress progress;
    progress.phase = static_cast<Phase>(known.phase);
    progress.parts_total = known.parts_total;
    progress.parts_confirmed = known.parts_confirmed;
    progress.bytes_total = known.bytes_total;
    progress.bytes_confirmed = known.bytes_confirmed;
    progress.bytes_in_flight = known.bytes_in_flight;
    progress.bytes_reused = known.bytes_reused;
    return progress;
}

} // namespace detail
} // namespace OSSUP_VERSIONED
} // namespace ossup

#endif
