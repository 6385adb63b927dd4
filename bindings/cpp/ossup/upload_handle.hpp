/// A handle of an upload, of which there may be many.

#ifndef OSSUP_CPP_UPLOAD_HANDLE_HPP
#define OSSUP_CPP_UPLOAD_HANDLE_HPP

#include "error.hpp"
#include "progress.hpp"
#include "thrown.hpp"
#include "upload_result.hpp"

#include <cstddef>
#include <istream>
#include <vector>

namespace ossup {
inline namespace OSSUP_VERSIONED {

class Upload;

/// A handle of an upload: what listeners and events speak of, and what Upload::detach leaves. That it is destroyed does not
/// concern the upload. Any thread.
class UploadHandle {
public:
    UploadHandle(UploadHandle &&) noexcept = default;
    UploadHandle &operator=(UploadHandle &&) noexcept = default;
    UploadHandle(const UploadHandle &) = delete;
    UploadHandle &operator=(const UploadHandle &) = delete;
    ~UploadHandle() = default;

    /// An Upload lets go of its upload by detach() alone.
    UploadHandle(Upload &&) = delete;
    UploadHandle &operator=(Upload &&) = delete;

    /// Another handle of the same upload.
    Result<UploadHandle> try_ref() const
    {
        ossup_upload *other = nullptr;
        const ossup_status status = ossup_upload_ref(native_handle(), &other);
        if (status != OSSUP_OK) return detail::error_of(status, nullptr, "ref");
        return UploadHandle(other, thrown_);
    }

    /// Waits until the upload is over and its listener is told no more. An upload that is no success, one that was paused
    /// included, is an error.
    Result<UploadResult> try_wait() const
    {
        auto waited = try_wait_for(std::nullopt);
        if (!waited) return waited.error();
        return *std::move(*waited);
    }

    /// The same, for so long at most: nothing is returned when the time is over.
    Result<std::optional<UploadResult>> try_wait_for(std::optional<Milliseconds> timeout) const
    {
        const std::int64_t ms = detail::timeout_ms(timeout);
        ossup_status status = OSSUP_OK;
        auto waited = detail::checked("wait", [&](ossup_error **error) {
            return status = ossup_upload_wait(native_handle(), ms, error);
        });
        if (status == OSSUP_TIMED_OUT) return std::optional<UploadResult>();
        if (status == OSSUP_WOULD_DEADLOCK) return waited.error();
        auto outcome = detail::outcome_of(try_result());
        if (outcome) return std::optional<UploadResult>(*std::move(outcome));
        const bool is_over = outcome.error().result() != nullptr;
        return is_over || waited ? outcome.error() : waited.error();
    }

    /// What the listener threw first; nullptr when nothing. wait() throws it.
    std::exception_ptr thrown() const noexcept { return thrown_ ? thrown_->get() : nullptr; }

    /// Pushes bytes into a stream, and waits until all were taken, or for so long at most: returns how many were.
    Result<std::size_t> try_write(const void *bytes, std::size_t length,
                                  std::optional<Milliseconds> timeout = std::nullopt) const
    {
        std::size_t written = 0;
        ossup_status status = OSSUP_OK;
        auto wrote = detail::checked("write", [&](ossup_error **error) {
            return status = ossup_upload_write(native_handle(), bytes, length, detail::timeout_ms(timeout), &written, error);
        });
        if (!wrote && status != OSSUP_TIMED_OUT) return wrote.error();
        return written;
    }

    /// Pushes what an istream has from here on. One that breaks off, which is not its end, leaves the upload as it is: pause
    /// or abort it then. One that was told to throw does so here, too.
    Result<void> try_write(std::istream &source) const
    {
        std::vector<char> window(WINDOW);
        do {
            source.read(window.data(), static_cast<std::streamsize>(window.size()));
            auto wrote = try_write(window.data(), static_cast<std::size_t>(source.gcount()));
            if (!wrote) return wrote.error();
        } while (source);
        if (source.eof() && !source.bad()) return {};
        return Error(Status::source_unreadable, "upload_stream: the istream broke off");
    }

    /// Says that a stream is complete. Only then its object is made.
    Result<void> try_finish() const
    {
        return detail::checked("finish", [&](ossup_error **error) { return ossup_upload_finish(native_handle(), error); });
    }

    /// Stops the upload and keeps what there is, so that the same request can go on.
    Result<void> try_pause() const { return detail::checked("pause", ossup_upload_pause(native_handle())); }

    /// Stops the upload and leaves nothing, neither on the server nor here.
    Result<void> try_abort() const { return detail::checked("abort", ossup_upload_abort(native_handle())); }

    /// Sets how many bytes of its file a second the upload may send from now on; 0 is no cap.
    Result<void> try_set_bandwidth_limit(std::uint64_t bytes_per_second) const
    {
        return detail::checked("bandwidth_limit", ossup_upload_set_bandwidth_limit(native_handle(), bytes_per_second));
    }

    Result<Progress> try_progress() const
    {
        ossup_progress progress = {};
        progress.struct_size = sizeof progress;
        const ossup_status status = ossup_upload_progress(native_handle(), &progress);
        if (status != OSSUP_OK) return detail::error_of(status, nullptr, "progress");
        return detail::progress_of(progress);
    }

    /// What the upload did, whatever its status, once it is over.
    Result<UploadResult> try_result() const
    {
        ossup_result *result = nullptr;
        const ossup_status status = ossup_upload_result(native_handle(), &result);
        if (status != OSSUP_OK) return detail::error_of(status, nullptr, "result");
        return UploadResult(result);
    }

    /// A line of text with which the upload goes on elsewhere: see ossup_upload_resume_token. What it speaks of stays on the
    /// server from then on.
    Result<std::string> try_resume_token() const
    {
        ossup_resume_token *token = nullptr;
        auto made = detail::checked("resume_token", [&](ossup_error **error) {
            return ossup_upload_resume_token(native_handle(), &token, error);
        });
        const detail::Handle<ossup_resume_token, ossup_resume_token_free> owned(token);
        if (!made) return made.error();
        return detail::text_of(ossup_resume_token_text(token));
    }

    bool is_done() const noexcept { return ossup_upload_is_done(native_handle()); }

#if OSSUP_EXCEPTIONS
    UploadHandle ref() const { return try_ref().value(); }

    /// Waits until the upload is over. Throws what its listener threw, or else the upload's error.
    UploadResult wait() const
    {
        auto waited = try_wait();
        detail::rethrow(thrown());
        return std::move(waited).value();
    }

    std::optional<UploadResult> wait_for(Milliseconds timeout) const
    {
        auto waited = try_wait_for(timeout);
        if (!waited || *waited) detail::rethrow(thrown());
        return std::move(waited).value();
    }

    template <class Clock, class Duration>
    std::optional<UploadResult> wait_until(const std::chrono::time_point<Clock, Duration> &deadline) const
    {
        return wait_for(std::chrono::ceil<Milliseconds>(deadline - Clock::now()));
    }

    std::size_t write(const void *bytes, std::size_t length, std::optional<Milliseconds> timeout = std::nullopt) const
    {
        return try_write(bytes, length, timeout).value();
    }

    void write(std::istream &source) const { try_write(source).value(); }
    void finish() const { try_finish().value(); }
    void pause() const { try_pause().value(); }
    void abort() const { try_abort().value(); }
    void set_bandwidth_limit(std::uint64_t bytes_per_second) const { try_set_bandwidth_limit(bytes_per_second).value(); }
    Progress progress() const { return try_progress().value(); }
    UploadResult result() const { return try_result().value(); }
    std::string resume_token() const { return try_resume_token().value(); }
#endif

    explicit UploadHandle(ossup_upload *owned, std::shared_ptr<const detail::Thrown> thrown = nullptr) noexcept
        : handle_(owned), thrown_(std::move(thrown))
    {
    }

    ossup_upload *native_handle() const noexcept { return handle_.get(); }

    /// Gives the handle up, to be freed by ossup_upload_free.
    ossup_upload *release() noexcept { return handle_.release(); }

protected:
    void keep_thrown(std::shared_ptr<const detail::Thrown> thrown) noexcept { thrown_ = std::move(thrown); }

private:
    static constexpr std::size_t WINDOW = 1 << 16;

    detail::Handle<ossup_upload, ossup_upload_free> handle_;
    std::shared_ptr<const detail::Thrown> thrown_;
};

namespace detail {

/// A handle that C lends for a call.
class Lent {
public:
    explicit Lent(ossup_upload *upload) noexcept : handle_(upload) {}
    Lent(Lent &&) = delete;
    Lent &operator=(Lent &&) = delete;
    Lent(const Lent &) = delete;
    Lent &operator=(const Lent &) = delete;
    ~Lent() { handle_.release(); }

    const UploadHandle &operator*() const noexcept { return handle_; }

private:
    UploadHandle handle_;
};

} // namespace detail
} // namespace OSSUP_VERSIONED
} // namespace ossup

#endif
