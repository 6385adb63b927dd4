/// Records: what is on the disk of uploads that were stopped.

#ifndef OSSUP_CPP_RECORD_HPP
#define OSSUP_CPP_RECORD_HPP

#include "error.hpp"
#include "path.hpp"

#include <vector>

namespace ossup {
inline namespace OSSUP_VERSIONED {

/// A record, as it was when it was read. What it does not say is empty or 0.
struct Record {
    RecordState state = RecordState::blank;
    std::filesystem::path path;
    std::string bucket_name, key, upload_id;
    std::uint64_t part_size = 0;
    std::uint32_t parts_total = 0, parts_confirmed = 0;
    std::uint64_t bytes_total = 0, bytes_confirmed = 0;
    std::optional<TimePoint> completing_since; ///< the server's time when the object was about to be made
};

namespace detail {

inline Record record_of(const ossup_record *told)
{
    Record record;
    record.state = static_cast<RecordState>(ossup_record_get_state(told));
    record.path = path_of(record_path(told));
    record.bucket_name = text_of(ossup_record_bucket_name(told));
    record.key = text_of(ossup_record_key(told));
    record.upload_id = text_of(ossup_record_upload_id(told));
    record.part_size = ossup_record_part_size(told);
    record.parts_total = ossup_record_parts_total(told);
    record.parts_confirmed = ossup_record_parts_confirmed(told);
    record.bytes_total = ossup_record_bytes_total(told);
    record.bytes_confirmed = ossup_record_bytes_confirmed(told);
    const std::int64_t since = ossup_record_completing_since(told);
    if (since != 0) record.completing_since = time_of(since);
    return record;
}

} // namespace detail

/// Reads the record at a path, without locking it.
inline Result<Record> try_read_record(const std::filesystem::path &file)
{
    if (detail::path_has_nul(file)) return detail::has_a_nul("file");
    ossup_record *record = nullptr;
    const auto read = detail::checked("record", [&](ossup_error **error) {
        return detail::record_read(file.c_str(), &record, error);
    });
    const detail::Handle<ossup_record, ossup_record_free> owned(record);
    if (!read) return read.error();
    return detail::record_of(record);
}

/// Deletes the record at a path, unless an upload holds it. What it speaks of stays on the server.
inline Result<void> try_delete_record(const std::filesystem::path &file)
{
    if (detail::path_has_nul(file)) return detail::has_a_nul("file");
    return detail::checked("record", [&](ossup_error **error) { return detail::record_delete(file.c_str(), error); });
}

/// Reads all records of a folder whose names end with ".ucp", by name.
inline Result<std::vector<Record>> try_list_records(const std::filesystem::path &folder)
{
    if (detail::path_has_nul(folder)) return detail::has_a_nul("folder");
    ossup_record_list *list = nullptr;
    const auto read = detail::checked("records", [&](ossup_error **error) {
        return detail::record_list_read(folder.c_str(), &list, error);
    });
    const detail::Handle<ossup_record_list, ossup_record_list_free> owned(list);
    if (!read) return read.error();
    std::vector<Record> records;
    const std::size_t count = ossup_record_list_count(list);
    records.reserve(count);
    for (std::size_t index = 0; index < count; index++) {
        records.push_back(detail::record_of(ossup_record_list_get(list, index)));
    }
    return records;
}

#if OSSUP_EXCEPTIONS
inline Record read_record(const std::filesystem::path &file)
{
    return try_read_record(file).value();
}

inline void delete_record(const std::filesystem::path &file)
{
    try_delete_record(file).value();
}

inline std::vector<Record> list_records(const std::filesystem::path &folder)
{
    return try_list_records(folder).value();
}
#endif

} // namespace OSSUP_VERSIONED
} // namespace ossup

#endif
