/// Uploads that a bucket has and nobody completed.

#ifndef OSSUP_CPP_INCOMPLETE_UPLOAD_HPP
#define OSSUP_CPP_INCOMPLETE_UPLOAD_HPP

#include "error.hpp"

#include <vector>

namespace ossup {
inline namespace OSSUP_VERSIONED {

/// An incomplete upload of a bucket.
struct IncompleteUpload {
    std::string key;
    std::string upload_id;
    std::optional<TimePoint> initiated; ///< by the server's clock; nothing when that is not known
};

namespace detail {

inline std::vector<IncompleteUpload> incomplete_uploads_of(const ossup_incomplete_uploads *list)
{
    std::vector<IncompleteUpload> uploads;
    const std::size_t count = ossup_incomplete_uploads_count(list);
    uploads.reserve(count);
    for (std::size_t index = 0; index < count; index++) {
        IncompleteUpload upload;
        upload.key = text_of(ossup_incomplete_uploads_key(list, index));
        upload.upload_id = text_of(ossup_incomplete_uploads_upload_id(list, index));
        const std::int64_t initiated = ossup_incomplete_uploads_initiated(list, index);
        if (initiated != 0) upload.initiated = time_of(initiated);
        uploads.push_back(std::move(upload));
    }
    return uploads;
}

} // namespace detail
} // namespace OSSUP_VERSIONED
} // namespace ossup

#endif
