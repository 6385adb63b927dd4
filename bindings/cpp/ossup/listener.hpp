/// Who is told of an upload's progress and of its end.

#ifndef OSSUP_CPP_LISTENER_HPP
#define OSSUP_CPP_LISTENER_HPP

#include "upload_handle.hpp"

#include <atomic>
#include <functional>

namespace ossup {
inline namespace OSSUP_VERSIONED {

/// Functions that are told of an upload: one at a time, on the library's callback thread, progress first. They may call anything
/// but what waits. When one throws, the upload is paused, no more progress is told, and wait() throws it again.
struct Listener {
    std::function<void(const UploadHandle &, const Progress &)> on_progress;
    std::function<void(const UploadHandle &, Status)> on_complete;

    Listener() = default;

    /// A function of the progress alone, with the upload or without.
    template <class Function, class = std::enable_if_t<std::is_invocable_v<Function &, const Progress &> ||
                                                       std::is_invocable_v<Function &, const UploadHandle &, const Progress &>>>
    Listener(Function progress)
    {
        if constexpr (std::is_invocable_v<Function &, const Progress &>) {
            // An empty function stays one.
            std::function<void(const Progress &)> told(std::move(progress));
            if (told) on_progress = [told = std::move(told)](const UploadHandle &, const Progress &now) { told(now); };
        } else {
            on_progress = std::move(progress);
        }
    }

    explicit operator bool() const noexcept { return on_progress || on_complete; }
};

namespace detail {

/// What C keeps for an upload until it has released it: its listener, and who waits for its end.
class Listening : public Thrown {
public:
    Listener listener;
    /// Is told the result when nothing more is called.
    std::function<void(Result<UploadResult>, std::exception_ptr)> at_the_end;
    /// The subscription to a token, and whether a stop was wanted.
    std::shared_ptr<void> stop;
    std::shared_ptr<std::atomic<bool>> stop_wanted = std::make_shared<std::atomic<bool>>(false);

    /// No function is called any more: in a callback, on whose thread all of them run, is the place to say so.
    void hush() noexcept { is_hushed_ = true; }

    static void on_progress(ossup_upload *upload, const ossup_progress *progress, void *user_data) noexcept
    {
        Listening &self = of(user_data);
        if (self.is_hushed_ || !self.listener.on_progress || self.get()) return;
        self.tell(upload, [&](const UploadHandle &handle) { self.listener.on_progress(handle, progress_of(*progress)); });
    }

    static void on_complete(ossup_upload *upload, ossup_status status, void *user_data) noexcept
    {
        Listening &self = of(user_data);
        if (self.listener.on_complete && !self.is_hushed_) {
            self.tell(upload, [&](const UploadHandle &handle) {
                self.listener.on_complete(handle, static_cast<Status>(status));
            });
        }
        if (!self.at_the_end) return;
        self.tell(upload, [&](const UploadHandle &handle) { self.ended_ = outcome_of(handle.try_result()); });
    }

    static void on_release(void *user_data) noexcept
    {
        const std::unique_ptr<std::shared_ptr<Listening>> given(static_cast<std::shared_ptr<Listening> *>(user_data));
        Listening &self = **given;
        self.stop = nullptr;
        // What they hold, perhaps the upload itself, is not needed any more.
        self.listener = {};
        if (self.ended_) self.keep(caught([&] { self.at_the_end(*std::move(self.ended_), self.get()); }));
    }

private:
    static Listening &of(void *user_data) noexcept { return **static_cast<std::shared_ptr<Listening> *>(user_data); }

    template <class Call> void tell(ossup_upload *upload, Call &&call) noexcept
    {
        const Lent lent(upload);
        if (auto exception = caught([&] { call(*lent); })) {
            keep(std::move(exception));
            ossup_upload_pause(upload);
        }
    }

    bool is_hushed_ = false;
    std::optional<Result<UploadResult>> ended_;
};

} // namespace detail
} // namespace OSSUP_VERSIONED
} // namespace ossup

#endif
