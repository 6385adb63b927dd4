/// Who uploads.

#ifndef OSSUP_CPP_CLIENT_HPP
#define OSSUP_CPP_CLIENT_HPP

#include "config.hpp"
#include "incomplete_upload.hpp"
#include "request.hpp"
#include "stop.hpp"
#include "upload.hpp"

#include <future>
#include <vector>

namespace ossup {
inline namespace OSSUP_VERSIONED {

/// Connections, credentials and the server's clock. Any thread; one for a whole program is best. Uploads that were detached go on
/// without it; shutdown() ends them.
class Client {
public:
    static Result<Client> try_new(const Config &config)
    {
        if (const auto refused = config.error()) return *refused;
        ossup_client *made = nullptr;
        const auto status = detail::checked("client", [&](ossup_error **error) {
            return ossup_client_new(config.native_handle(), &made, error);
        });
        if (!status) return status.error();
        return Client(made, config.log_thrown());
    }

    /// Begins an upload. A listener may be a function of the progress alone; a stop by the token pauses it.
    Result<Upload> try_start(const Request &request, Listener listener = {}, const StopToken &stop = {}) const
    {
        auto upload = Upload::try_new(*this, request);
        if (!upload) return upload;
        Result<void> done;
        if (listener) done = upload->try_set_listener(std::move(listener));
        if (done) done = upload->try_pause_on(stop);
        if (done) done = upload->try_start();
        if (!done) return done.error();
        return upload;
    }

    /// Uploads and waits until that is over. The error of an upload that was started has its result.
    Result<UploadResult> try_upload(const Request &request, Listener listener = {}, const StopToken &stop = {}) const
    {
        const auto upload = try_start(request, std::move(listener), stop);
        if (!upload) return upload.error();
        return upload->try_wait();
    }

    /// Uploads what an istream has, by a request of a stream, and waits until that is over. When the istream breaks off, what
    /// was sent is kept as by a pause.
    Result<UploadResult> try_upload_stream(const Request &request, std::istream &source, Listener listener = {},
                                           const StopToken &stop = {}) const
    {
        const auto upload = try_start(request, std::move(listener), stop);
        if (!upload) return upload.error();
        return push(*upload, source);
    }

    /// Uploads in the background: a stop by the token pauses it, dropping the future does not.
    std::future<Result<UploadResult>> try_upload_async(const Request &request, Listener listener = {},
                                                       const StopToken &stop = {}) const
    {
        const auto promise = std::make_shared<std::promise<Result<UploadResult>>>();
        const auto begun = begin(request, std::move(listener), stop,
                                 [promise](Result<UploadResult> outcome, const std::exception_ptr &) {
                                     promise->set_value(std::move(outcome));
                                 });
        if (!begun) promise->set_value(begun.error());
        return promise->get_future();
    }

    /// Sets how many bytes of files a second all uploads may send together from now on; 0 is no cap.
    Result<void> try_set_bandwidth_limit(std::uint64_t bytes_per_second) const
    {
        return detail::checked("bandwidth_limit", ossup_client_set_bandwidth_limit(native_handle(), bytes_per_second));
    }

    /// Pauses its uploads, waits until nothing of them is called any more, and refuses further ones. Nothing for a timeout waits
    /// for ever.
    Result<void> try_shutdown(std::optional<Milliseconds> timeout = std::nullopt) const
    {
        return detail::checked("shutdown", ossup_client_shutdown(native_handle(), detail::timeout_ms(timeout)));
    }

    /// What the log's function threw; nullptr when nothing. shutdown() throws it.
    std::exception_ptr log_thrown() const noexcept { return log_thrown_ ? log_thrown_->get() : nullptr; }

    /// Asks for the incomplete uploads of a bucket that were opened at least so long ago.
    Result<std::vector<IncompleteUpload>> try_list_incomplete_uploads(std::string_view bucket_name,
                                                                      std::string_view prefix = {},
                                                                      std::chrono::seconds older_than = {}) const
    {
        if (detail::has_nul(bucket_name)) return detail::has_a_nul("bucket_name");
        if (detail::has_nul(prefix)) return detail::has_a_nul("prefix");
        if (older_than.count() < 0) return Error(Status::invalid_argument, "older_than is negative");
        ossup_incomplete_uploads *list = nullptr;
        const auto listed = detail::checked("incomplete_uploads", [&](ossup_error **error) {
            return ossup_client_list_incomplete_uploads(native_handle(), std::string(bucket_name).c_str(),
                                                        detail::OrNull(prefix).get(),
                                                        static_cast<std::uint64_t>(older_than.count()), &list, error);
        });
        const detail::Handle<ossup_incomplete_uploads, ossup_incomplete_uploads_free> owned(list);
        if (!listed) return listed.error();
        return detail::incomplete_uploads_of(list);
    }

    /// Gives up one incomplete upload. One that is gone already is no error.
    Result<void> try_abort_incomplete_upload(std::string_view bucket_name, std::string_view key,
                                             std::string_view upload_id) const
    {
        if (detail::has_nul(bucket_name)) return detail::has_a_nul("bucket_name");
        if (detail::has_nul(key)) return detail::has_a_nul("key");
        if (detail::has_nul(upload_id)) return detail::has_a_nul("upload_id");
        return detail::checked("incomplete_upload", [&](ossup_error **error) {
            return ossup_client_abort_incomplete_upload(native_handle(), std::string(bucket_name).c_str(),
                                                        std::string(key).c_str(), std::string(upload_id).c_str(), error);
        });
    }

#if OSSUP_EXCEPTIONS
    explicit Client(const Config &config) : Client(try_new(config).value()) {}

    Upload start(const Request &request, Listener listener = {}, const StopToken &stop = {}) const
    {
        return try_start(request, std::move(listener), stop).value();
    }

    /// Throws what the listener threw, or else the upload's error.
    UploadResult upload(const Request &request, Listener listener = {}, const StopToken &stop = {}) const
    {
        return start(request, std::move(listener), stop).wait();
    }

    UploadResult upload_stream(const Request &request, std::istream &source, Listener listener = {},
                               const StopToken &stop = {}) const
    {
        const Upload upload = start(request, std::move(listener), stop);
        auto outcome = push(upload, source);
        detail::rethrow(upload.thrown());
        return std::move(outcome).value();
    }

    /// The future throws what the listener threw, or else the upload's error.
    std::future<UploadResult> upload_async(const Request &request, Listener listener = {},
                                           const StopToken &stop = {}) const
    {
        const auto promise = std::make_shared<std::promise<UploadResult>>();
        const auto begun = begin(request, std::move(listener), stop,
                                 [promise](Result<UploadResult> outcome, const std::exception_ptr &thrown) {
                                     if (thrown) promise->set_exception(thrown);
                                     else if (!outcome) promise->set_exception(std::make_exception_ptr(outcome.error()));
                                     else promise->set_value(*std::move(outcome));
                                 });
        if (!begun) promise->set_exception(std::make_exception_ptr(begun.error()));
        return promise->get_future();
    }

    void set_bandwidth_limit(std::uint64_t bytes_per_second) const { try_set_bandwidth_limit(bytes_per_second).value(); }

    /// Throws what the log's function threw, too.
    void shutdown(std::optional<Milliseconds> timeout = std::nullopt) const
    {
        try_shutdown(timeout).value();
        detail::rethrow(log_thrown());
    }

    std::vector<IncompleteUpload> list_incomplete_uploads(std::string_view bucket_name, std::string_view prefix = {},
                                                          std::chrono::seconds older_than = {}) const
    {
        return try_list_incomplete_uploads(bucket_name, prefix, older_than).value();
    }

    void abort_incomplete_upload(std::string_view bucket_name, std::string_view key, std::string_view upload_id) const
    {
        try_abort_incomplete_upload(bucket_name, key, upload_id).value();
    }
#endif

    const ossup_client *native_handle() const noexcept { return handle_.get(); }

private:
    Client(ossup_client *owned, std::shared_ptr<const detail::Thrown> log_thrown) noexcept
        : handle_(owned), log_thrown_(std::move(log_thrown))
    {
    }

    /// Begins an upload that has no owner.
    template <class Told>
    Result<void> begin(const Request &request, Listener listener, const StopToken &stop, Told told) const
    {
        auto upload = Upload::try_new(*this, request);
        if (!upload) return upload.error();
        auto done = upload->try_set_listener(std::move(listener));
        if (done) done = upload->try_at_the_end(std::move(told));
        if (done) done = upload->try_pause_on(stop);
        if (done) done = upload->try_start();
        if (done) static_cast<void>(upload->detach());
        return done;
    }

    static Result<UploadResult> push(const Upload &upload, std::istream &source)
    {
        const auto wrote = upload.try_write(source);
        if (wrote) static_cast<void>(upload.try_finish());
        else static_cast<void>(upload.try_pause());
        auto outcome = upload.try_wait();
        // That it was paused is what it came to; that its source broke off is why.
        const bool is_paused = !outcome && outcome.error().status() == Status::paused;
        if (wrote || !is_paused || wrote.error().status() != Status::source_unreadable) return outcome;
        return wrote.error().with(outcome.error());
    }

    detail::Handle<ossup_client, ossup_client_free> handle_;
    std::shared_ptr<const detail::Thrown> log_thrown_;
};

inline Result<Upload> Upload::try_new(const Client &client, const Request &request)
{
    if (const auto refused = request.error()) return *refused;
    ossup_upload *made = nullptr;
    const auto status = detail::checked("upload", [&](ossup_error **error) {
        return ossup_upload_new(client.native_handle(), request.native_handle(), &made, error);
    });
    if (!status) return status.error();
    return Upload(made);
}

} // namespace OSSUP_VERSIONED
} // namespace ossup

#endif
