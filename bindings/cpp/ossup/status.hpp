/// C's enums, under the same names and numbers. Later libraries may have more.

#ifndef OSSUP_CPP_STATUS_HPP
#define OSSUP_CPP_STATUS_HPP

#include "base.hpp"

namespace ossup {
inline namespace OSSUP_VERSIONED {

/// What a call, or an upload, came to: ossup_status. Take those that you do not know for failures.
enum class Status : std::int32_t {
    ok = OSSUP_OK,
    invalid_argument = OSSUP_INVALID_ARGUMENT,
    invalid_state = OSSUP_INVALID_STATE,
    would_deadlock = OSSUP_WOULD_DEADLOCK,
    timed_out = OSSUP_TIMED_OUT,
    forked = OSSUP_FORKED,
    shut_down = OSSUP_SHUT_DOWN,
    source_unreadable = OSSUP_SOURCE_UNREADABLE,
    source_changed = OSSUP_SOURCE_CHANGED,
    checkpoint_unusable = OSSUP_CHECKPOINT_UNUSABLE,
    checkpoint_foreign = OSSUP_CHECKPOINT_FOREIGN,
    checkpoint_too_new = OSSUP_CHECKPOINT_TOO_NEW,
    busy = OSSUP_BUSY,
    no_resources = OSSUP_NO_RESOURCES,
    no_credentials = OSSUP_NO_CREDENTIALS,
    unreachable = OSSUP_UNREACHABLE,
    connection_lost = OSSUP_CONNECTION_LOST,
    tls_failed = OSSUP_TLS_FAILED,
    network_timeout = OSSUP_NETWORK_TIMEOUT,
    bad_answer = OSSUP_BAD_ANSWER,
    service_error = OSSUP_SERVICE_ERROR,
    access_denied = OSSUP_ACCESS_DENIED,
    no_such_bucket = OSSUP_NO_SUCH_BUCKET,
    no_such_upload = OSSUP_NO_SUCH_UPLOAD,
    already_exists = OSSUP_ALREADY_EXISTS,
    throttled = OSSUP_THROTTLED,
    checksum_mismatch = OSSUP_CHECKSUM_MISMATCH,
    callback_failed = OSSUP_CALLBACK_FAILED,
    unconfirmed = OSSUP_UNCONFIRMED,
    paused = OSSUP_PAUSED,
    aborted = OSSUP_ABORTED,
    deadline_exceeded = OSSUP_DEADLINE_EXCEEDED,
    internal = OSSUP_INTERNAL,
};

/// What a line of the log is for: ossup_log_level.
enum class LogLevel : std::int32_t {
    off = OSSUP_LOG_OFF,
    error = OSSUP_LOG_ERROR,
    warn = OSSUP_LOG_WARN,
    info = OSSUP_LOG_INFO,
    debug = OSSUP_LOG_DEBUG,
    trace = OSSUP_LOG_TRACE,
};

/// What an upload is busy with: ossup_phase. Only `done` means 100 %.
enum class Phase : std::int32_t {
    preparing = OSSUP_PHASE_PREPARING,
    uploading = OSSUP_PHASE_UPLOADING,
    completing = OSSUP_PHASE_COMPLETING,
    done = OSSUP_PHASE_DONE,
};

/// What an event tells: ossup_event_kind. Pass over those that you do not know.
enum class EventKind : std::int32_t {
    none = OSSUP_EVENT_NONE,
    progress = OSSUP_EVENT_PROGRESS,
    complete = OSSUP_EVENT_COMPLETE,
    credentials = OSSUP_EVENT_CREDENTIALS,
    log = OSSUP_EVENT_LOG,
    writable = OSSUP_EVENT_WRITABLE,
};

/// What a record says: ossup_record_state.
enum class RecordState : std::int32_t {
    blank = OSSUP_RECORD_BLANK,
    uploading = OSSUP_RECORD_UPLOADING,
    completing = OSSUP_RECORD_COMPLETING,
    damaged = OSSUP_RECORD_DAMAGED,
    too_new = OSSUP_RECORD_TOO_NEW,
};

/// Returns a status's name, such as "PAUSED"; "UNKNOWN" for numbers that are none.
inline const char *status_name(Status status) noexcept
{
    return ossup_status_name(static_cast<std::int32_t>(status));
}

} // namespace OSSUP_VERSIONED
} // namespace ossup

#endif
