/// Events, for those who would rather fetch than be called.

#ifndef OSSUP_CPP_QUEUE_HPP
#define OSSUP_CPP_QUEUE_HPP

#include "credentials.hpp"
#include "upload_handle.hpp"

namespace ossup {
inline namespace OSSUP_VERSIONED {

/// One event. One of progress and one of an end keep their upload alive. One thread at a time.
class Event {
public:
    explicit Event(ossup_event *owned) noexcept : handle_(owned) {}

    EventKind kind() const noexcept { return static_cast<EventKind>(ossup_event_get_kind(native_handle())); }
    /// That the upload, the source of credentials or the log was given.
    std::uint64_t tag() const noexcept { return ossup_event_tag(native_handle()); }

    Result<UploadHandle> try_upload() const
    {
        ossup_upload *upload = nullptr;
        const ossup_status status = ossup_event_upload(native_handle(), &upload);
        if (status != OSSUP_OK) return detail::error_of(status, nullptr, "event.upload");
        return UploadHandle(upload);
    }

    /// How far the event's upload is by now.
    Result<Progress> try_progress() const
    {
        ossup_progress progress = {};
        progress.struct_size = sizeof progress;
        const ossup_status status = ossup_event_progress(native_handle(), &progress);
        if (status != OSSUP_OK) return detail::error_of(status, nullptr, "event.progress");
        return detail::progress_of(progress);
    }

    /// Takes the question for credentials out of the event.
    Result<CredentialsRequest> try_credentials()
    {
        ossup_credentials_request *request = nullptr;
        const ossup_status status = ossup_event_credentials(handle_.get(), &request);
        if (status != OSSUP_OK) return detail::error_of(status, nullptr, "event.credentials");
        return CredentialsRequest(request);
    }

    LogLevel log_level() const noexcept { return static_cast<LogLevel>(ossup_event_log_level(native_handle())); }
    /// A line of the log, without its end; "" for other events.
    std::string log_message() const { return detail::text_of(ossup_event_log_message(native_handle())); }

#if OSSUP_EXCEPTIONS
    UploadHandle upload() const { return try_upload().value(); }
    Progress progress() const { return try_progress().value(); }
    CredentialsRequest credentials() { return try_credentials().value(); }
#endif

    const ossup_event *native_handle() const noexcept { return handle_.get(); }

private:
    detail::Handle<ossup_event, ossup_event_free> handle_;
};

/// Where events arrive, from any number of uploads and clients. Any thread; destroy it when none is in a call with it.
class Queue {
public:
    Queue() noexcept
    {
        ossup_queue *made = nullptr;
        // Without a queue, what it is given to says so.
        static_cast<void>(ossup_queue_new(&made));
        handle_.reset(made);
    }

    /// Takes the next event, waiting for it. Nothing is returned when the time is over or somebody called wake().
    Result<std::optional<Event>> try_next(std::optional<Milliseconds> timeout = std::nullopt) const
    {
        ossup_event *event = nullptr;
        const ossup_status status = ossup_queue_next(native_handle(), detail::timeout_ms(timeout), &event);
        if (status == OSSUP_TIMED_OUT) return std::optional<Event>();
        if (status != OSSUP_OK) return detail::error_of(status, nullptr, "queue.next");
        return std::optional<Event>(event);
    }

    /// Makes one next() return nothing.
    Result<void> try_wake() const { return detail::checked("queue.wake", ossup_queue_wake(native_handle())); }

#if defined(_WIN32)
    /// The HANDLE of an event that is signalled while next() would not wait. It belongs to the queue.
    Result<void *> try_handle() const
    {
        void *handle = nullptr;
        const ossup_status status = ossup_queue_handle(native_handle(), &handle);
        if (status != OSSUP_OK) return detail::error_of(status, nullptr, "queue.handle");
        return handle;
    }
#else
    /// A file descriptor that is readable while next() would not wait. It belongs to the queue: only poll it.
    Result<std::int32_t> try_fd() const
    {
        std::int32_t fd = -1;
        const ossup_status status = ossup_queue_fd(native_handle(), &fd);
        if (status != OSSUP_OK) return detail::error_of(status, nullptr, "queue.fd");
        return fd;
    }
#endif

#if OSSUP_EXCEPTIONS
    std::optional<Event> next(std::optional<Milliseconds> timeout = std::nullopt) const { return try_next(timeout).value(); }
    void wake() const { try_wake().value(); }
#if defined(_WIN32)
    void *handle() const { return try_handle().value(); }
#else
    std::int32_t fd() const { return try_fd().value(); }
#endif
#endif

    const ossup_queue *native_handle() const noexcept { return handle_.get(); }

private:
    detail::Handle<ossup_queue, ossup_queue_free> handle_;
};

} // namespace OSSUP_VERSIONED
} // namespace ossup

#endif
