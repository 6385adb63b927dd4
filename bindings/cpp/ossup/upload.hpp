/// An upload that is somebody's: it does not outlive its owner unless it is told to.

#ifndef OSSUP_CPP_UPLOAD_HPP
#define OSSUP_CPP_UPLOAD_HPP

#include "listener.hpp"
#include "queue.hpp"
#include "request.hpp"
#include "stop.hpp"

namespace ossup {
inline namespace OSSUP_VERSIONED {

class Client;

/// One upload. Destroyed while it runs, it pauses its upload and waits until nothing of it is called any more. In a listener,
/// where nothing can wait, it pauses, and its own listener is told no more. To have it go on without its owner, detach() it.
class Upload : public UploadHandle {
public:
    /// Nothing happens before start().
    static Result<Upload> try_new(const Client &client, const Request &request);

    explicit Upload(ossup_upload *owned) noexcept : UploadHandle(owned) {}

    Upload(Upload &&other) noexcept
        : UploadHandle(static_cast<UploadHandle &&>(other)), listening_(std::move(other.listening_)),
          is_started_(other.is_started_)
    {
    }

    Upload &operator=(Upload &&other) noexcept
    {
        if (this == &other) return *this;
        end();
        UploadHandle::operator=(static_cast<UploadHandle &&>(other));
        listening_ = std::move(other.listening_);
        is_started_ = other.is_started_;
        return *this;
    }

    Upload(const Upload &) = delete;
    Upload &operator=(const Upload &) = delete;
    ~Upload() { end(); }

    /// Who is told of it. Before the start.
    Result<void> try_set_listener(Listener listener)
    {
        const auto prepared = prepare();
        if (prepared) listening_->listener = std::move(listener);
        return prepared;
    }

    /// Pauses it when the token says so. Before the start.
    Result<void> try_pause_on(const StopToken &token)
    {
        if (!token) return {};
        auto prepared = prepare();
        auto other = try_ref();
        if (!prepared || !other) return prepared ? other.error() : prepared.error();
        const auto handle = std::make_shared<const UploadHandle>(*std::move(other));
        // Before the start a pause is refused: start() makes up for it.
        listening_->stop = token.subscribe([handle, wanted = listening_->stop_wanted] {
            wanted->store(true);
            ossup_upload_pause(handle->native_handle());
        });
        return {};
    }

    /// Has events put into a queue, each with the tag. Before the start.
    Result<void> try_set_queue(const Queue &queue, std::uint64_t tag)
    {
        return detail::checked("queue", ossup_upload_set_queue(native_handle(), queue.native_handle(), tag));
    }

    /// Has a function told how it ended, once nothing else is called any more. Before the start. For Client::upload_async.
    Result<void> try_at_the_end(std::function<void(Result<UploadResult>, std::exception_ptr)> told)
    {
        const auto prepared = prepare();
        if (prepared) listening_->at_the_end = std::move(told);
        return prepared;
    }

    /// Begins, or goes on where an earlier upload of the same request was stopped. Returns at once.
    Result<void> try_start()
    {
        auto started = detail::checked("start", [&](ossup_error **error) { return ossup_upload_start(native_handle(), error); });
        if (started) is_started_ = true;
        if (started && listening_ && listening_->stop_wanted->load()) ossup_upload_pause(native_handle());
        return started;
    }

    /// Lets the upload go on without its owner: what is returned may be dropped.
    UploadHandle detach() noexcept
    {
        forget_stop();
        listening_ = nullptr;
        return UploadHandle(static_cast<UploadHandle &&>(*this));
    }

#if OSSUP_EXCEPTIONS
    Upload(const Client &client, const Request &request) : Upload(try_new(client, request).value()) {}

    Upload &set_listener(Listener listener)
    {
        try_set_listener(std::move(listener)).value();
        return *this;
    }

    Upload &pause_on(const StopToken &token)
    {
        try_pause_on(token).value();
        return *this;
    }

    Upload &set_queue(const Queue &queue, std::uint64_t tag)
    {
        try_set_queue(queue, tag).value();
        return *this;
    }

    void start() { try_start().value(); }
#endif

private:
    /// Has C call for it, which it does not do for an upload of which nobody wants to be told.
    Result<void> prepare()
    {
        if (is_started_) return Error(Status::invalid_state, "listener: the upload was started before");
        if (listening_) return {};
        auto listening = std::make_shared<detail::Listening>();
        auto given = std::make_unique<std::shared_ptr<detail::Listening>>(listening);
        const ossup_status status =
            ossup_upload_set_listener(native_handle(), detail::Listening::on_progress, detail::Listening::on_complete,
                                      given.get(), detail::Listening::on_release);
        if (status != OSSUP_OK) return detail::error_of(status, nullptr, "listener");
        static_cast<void>(given.release());
        keep_thrown(listening);
        listening_ = std::move(listening);
        return {};
    }

    /// The handle in what is called when a stop is wanted would keep an upload alive that never ends, as it never began.
    void forget_stop() noexcept
    {
        if (listening_ && !is_started_) listening_->stop = nullptr;
    }

    void end() noexcept
    {
        forget_stop();
        if (!is_started_ || native_handle() == nullptr) return;
        ossup_upload_pause(native_handle());
        const ossup_status waited = ossup_upload_wait(native_handle(), -1, nullptr);
        if (waited == OSSUP_WOULD_DEADLOCK && listening_) listening_->hush();
    }

    std::shared_ptr<detail::Listening> listening_;
    bool is_started_ = false;
};

} // namespace OSSUP_VERSIONED
} // namespace ossup

#endif
