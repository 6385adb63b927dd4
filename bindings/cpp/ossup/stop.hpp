/// A request to stop, which pauses uploads: std::stop_token's, or for C++17 one of these.

#ifndef OSSUP_CPP_STOP_HPP
#define OSSUP_CPP_STOP_HPP

#include "base.hpp"

#include <functional>
#include <list>
#include <mutex>
#if __has_include(<version>)
#include <version>
#endif
#if defined(__cpp_lib_jthread)
#include <stop_token>
#endif

namespace ossup {
inline namespace OSSUP_VERSIONED {
namespace detail {

/// What a StopSource and its tokens share.
class Stopping {
public:
    using Call = std::function<void()>;

    bool is_stopped() const
    {
        const std::lock_guard<std::mutex> lock(mutex_);
        return stopped_;
    }

    /// Calls, outside of the lock, what subscribed. False when that was done before.
    bool stop()
    {
        std::list<Call> subscribed;
        {
            const std::lock_guard<std::mutex> lock(mutex_);
            if (stopped_) return false;
            stopped_ = true;
            subscribed = calls_;
        }
        for (const Call &call : subscribed) call();
        return true;
    }

    /// What is returned ends the subscription when it is destroyed. Once stopped, the call is made at once.
    static std::shared_ptr<void> subscribe(const std::shared_ptr<Stopping> &stopping, Call call)
    {
        std::unique_lock<std::mutex> lock(stopping->mutex_);
        if (stopping->stopped_) {
            lock.unlock();
            call();
            return nullptr;
        }
        stopping->calls_.push_front(std::move(call));
        const auto place = stopping->calls_.begin();
        lock.unlock();
        return {nullptr, [stopping, place](void *) {
                    std::list<Call> ended;
                    const std::lock_guard<std::mutex> guard(stopping->mutex_);
                    ended.splice(ended.begin(), stopping->calls_, place);
                }};
    }

private:
    mutable std::mutex mutex_;
    bool stopped_ = false;
    std::list<Call> calls_;
};

} // namespace detail

/// What an upload listens to. Made of a std::stop_token, or by a StopSource; by default nobody can stop by it.
class StopToken {
public:
    using Subscribe = std::function<std::shared_ptr<void>(std::function<void()>)>;

    StopToken() = default;

    /// Of any other means: what the function returns ends the subscription when it is destroyed.
    explicit StopToken(Subscribe subscribe) : subscribe_(std::move(subscribe)) {}

#if defined(__cpp_lib_jthread)
    StopToken(std::stop_token token)
        : subscribe_([token = std::move(token)](std::function<void()> call) -> std::shared_ptr<void> {
              return std::make_shared<std::stop_callback<std::function<void()>>>(token, std::move(call));
          })
    {
    }
#endif

    explicit operator bool() const noexcept { return static_cast<bool>(subscribe_); }
    std::shared_ptr<void> subscribe(std::function<void()> call) const { return subscribe_(std::move(call)); }

private:
    Subscribe subscribe_;
};

/// Stops by its tokens: what std::stop_source is since C++20. Copies are the same source.
class StopSource {
public:
    StopSource() : stopping_(std::make_shared<detail::Stopping>()) {}

    StopToken get_token() const
    {
        return StopToken(StopToken::Subscribe([stopping = stopping_](std::function<void()> call) {
            return detail::Stopping::subscribe(stopping, std::move(call));
        }));
    }

    /// Pauses all uploads that listen. Any thread. False when that was asked for before.
    bool request_stop() const { return stopping_->stop(); }
    bool stop_requested() const { return stopping_->is_stopped(); }

private:
    std::shared_ptr<detail::Stopping> stopping_;
};

} // namespace OSSUP_VERSIONED
} // namespace ossup

#endif
