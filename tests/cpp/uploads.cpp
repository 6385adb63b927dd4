// Uploads as objects: what ends with them, what goes on without them, and who is told of it. Those to keys with
// "held" in them stop at their second part.

#include "check.hpp"

#include <atomic>
#include <sstream>
#include <thread>
#if defined(__cpp_lib_jthread)
#include <stop_token>
#endif

using namespace std::chrono_literals;
using ossup::Progress;
using ossup::Status;
using ossup::UploadHandle;

namespace {

struct Boom : std::runtime_error {
    Boom() : std::runtime_error("boom") {}
};

std::filesystem::path file;

/// Opens once, from any thread.
class Gate {
public:
    void open()
    {
        if (!is_open_.exchange(true)) promise_.set_value();
    }
    void wait() { future_.wait(); }

private:
    std::atomic<bool> is_open_{false};
    std::promise<void> promise_;
    std::shared_future<void> future_ = promise_.get_future().share();
};

/// Opens a gate as soon as a part is on the server.
ossup::Listener opens(Gate &gate)
{
    return [&gate](const Progress &progress) {
        if (progress.bytes_confirmed > 0) gate.open();
    };
}

void a_file_arrives(const ossup::Client &client)
{
    std::uint64_t told = 0;
    ossup::Phase phase = ossup::Phase::preparing;
    const auto result = client.upload(make_request("uploads/file", file), [&](const Progress &progress) {
        CHECK(progress.bytes_confirmed >= told && progress.bytes_sent() <= progress.bytes_total);
        told = progress.bytes_confirmed;
        phase = progress.phase;
    });
    CHECK(phase == ossup::Phase::done && told == result.bytes_total());
    CHECK_STATUS(Status::ok, result.status());
    CHECK(!result.error() && !result.is_resumed() && !result.is_resumable() && !result.is_confirmed_by_probe());
    CHECK(result.parts_total() == 20 && result.parts_sent() == 20 && result.parts_reused() == 0);
    CHECK(result.bytes_total() == 2000000 && result.bytes_sent() == 2000000 && result.bytes_reused() == 0);
    CHECK(result.etag().front() == '"' && result.crc64() != 0 && !result.upload_id().empty() && !result.request_id().empty());
    CHECK(result.reason().empty() && result.warning().empty() && result.version_id().empty());
    CHECK(!result.callback_body() && result.checkpoint_file().empty() && result.retries() == 0 && result.elapsed() >= 0ms);
    CHECK(failure([&] { static_cast<void>(result.resume_token()); }).status() == Status::invalid_state);
    // A function that is none is nobody to be told.
    const std::function<void(const Progress &)> nobody;
    CHECK_STATUS(Status::ok, client.upload(make_request("uploads/untold", file), nobody).status());
}

/// A stream of as many bytes as the file has.
ossup::Request make_stream(const std::string &key)
{
    ossup::Request request = make_request(key);
    request.set_upload_stream(2000000);
    return request;
}

/// Begins an upload that cannot end, as half of it is still to be pushed, and has some of it sent.
ossup::Upload begin_half(const ossup::Client &client, const ossup::Request &request)
{
    const auto gate = std::make_shared<Gate>();
    ossup::Upload upload = client.start(request, [gate](const Progress &progress) {
        if (progress.bytes_confirmed > 0) gate->open();
    });
    upload.write(make_bytes(1000000).data(), 1000000);
    gate->wait();
    return upload;
}

/// Pushes all of it, of which a part was sent before.
void go_on(const ossup::Client &client, const ossup::Request &request)
{
    std::istringstream source(make_bytes(2000000));
    const auto result = client.upload_stream(request, source);
    CHECK(result.is_resumed() && result.parts_reused() > 0 && result.parts_reused() + result.parts_sent() == 20);
}

void a_pause_is_gone_on_from(const ossup::Client &client)
{
    ossup::Request request = make_stream("uploads/paused");
    request.set_enable_checkpoint(true).set_checkpoint_file(path_of("stream.ucp"));
    const ossup::Upload upload = begin_half(client, request);
    upload.pause();
    const auto error = failure([&] { static_cast<void>(upload.wait()); });
    CHECK_STATUS(Status::paused, error.status());
    CHECK(error.result() != nullptr && error.result()->is_resumable());
    CHECK(error.result()->checkpoint_file() == path_of("stream.ucp"));
    go_on(client, request);
}

void a_token_goes_on_elsewhere(const ossup::Client &client)
{
    ossup::Request request = make_stream("uploads/moved");
    const ossup::Upload upload = begin_half(client, request);
    const std::string early = upload.resume_token();
    upload.pause();
    const auto error = failure([&] { static_cast<void>(upload.wait()); });
    CHECK_STATUS(Status::paused, error.status());
    CHECK(error.result()->resume_token().size() >= early.size());
    go_on(client, request.set_resume_token(early));
}

void an_abort_leaves_nothing(const ossup::Client &client)
{
    Gate gate;
    const ossup::Upload upload = client.start(make_request("uploads/held, aborted", file), opens(gate));
    gate.wait();
    upload.abort();
    CHECK_STATUS(Status::aborted, failure([&] { upload.wait(); }).status());
    CHECK(upload.is_done() && !upload.result().is_resumable());
}

void a_listener_that_throws_pauses(const ossup::Client &client)
{
    std::atomic<int> calls{0};
    std::atomic<bool> is_told{false};
    ossup::Listener listener([&](const Progress &) {
        calls++;
        throw Boom();
    });
    listener.on_complete = [&](const UploadHandle &, Status status) {
        is_told = true;
        CHECK_STATUS(Status::paused, status);
    };
    const ossup::Upload upload = client.start(make_request("uploads/held, thrown", file), listener);
    CHECK_TEXT("boom", thrown([&] { upload.wait(); }));
    CHECK_TEXT("boom", thrown([&] { upload.wait_for(0ms); }));
    CHECK(calls == 1 && is_told && upload.thrown() != nullptr);
    CHECK_STATUS(Status::paused, upload.try_wait().error().status());
    CHECK_STATUS(Status::paused, upload.result().status());
    // The call that waits throws it, too, whatever it is.
    try {
        client.upload(make_request("uploads/held, thrown again", file), [](const Progress &) { throw 7; });
        CHECK(false);
    } catch (int number) {
        CHECK(number == 7);
    }
}

void a_listener_that_throws_too_late_is_told(const ossup::Client &client)
{
    ossup::Listener listener;
    listener.on_complete = [](const UploadHandle &, Status status) {
        CHECK_STATUS(Status::ok, status);
        throw Boom();
    };
    const ossup::Upload upload = client.start(make_request("uploads/late", file), listener);
    CHECK_TEXT("boom", thrown([&] { upload.wait(); }));
    CHECK_STATUS(Status::ok, upload.result().status());
}

void a_listener_cannot_wait(const ossup::Client &client)
{
    std::promise<Status> refused;
    ossup::Listener listener;
    listener.on_complete = [&](const UploadHandle &upload, Status) { refused.set_value(upload.try_wait().error().status()); };
    static_cast<void>(client.upload(make_request("uploads/waits", file), listener));
    CHECK_STATUS(Status::would_deadlock, refused.get_future().get());
}

void its_end_is_its_owners(const ossup::Client &client)
{
    {
        Gate gate;
        auto told = std::make_unique<int>(0);
        ossup::Listener listener = opens(gate);
        const ossup::Upload upload =
            client.start(make_request("uploads/held, owned", file), [&, listener](const UploadHandle &handle, const Progress &progress) {
                *told += 1;
                listener.on_progress(handle, progress);
            });
        gate.wait();
        // Here the upload is paused and waited for; only then what the listener uses is destroyed.
    }
    Gate gate;
    ossup::Upload upload = client.start(make_request("uploads/held, replaced", file), opens(gate));
    gate.wait();
    const UploadHandle other = upload.ref();
    upload = ossup::Upload(client, make_request("uploads/never", file));
    CHECK(other.is_done());
    CHECK_STATUS(Status::paused, other.result().status());
    ossup::Upload moved = std::move(upload);
    CHECK_STATUS(Status::invalid_state, failure([&] { moved.pause(); }).status());
    moved.start();
    CHECK_STATUS(Status::invalid_state, failure([&] { moved.set_listener({}); }).status());
    CHECK_STATUS(Status::invalid_state, failure([&] { moved.start(); }).status());
    CHECK_STATUS(Status::ok, moved.wait().status());
}

void it_may_be_destroyed_where_it_is_told_of(const ossup::Client &client)
{
    auto upload = std::make_unique<ossup::Upload>(client, make_request("uploads/held, destroyed", file));
    const UploadHandle other = upload->ref();
    std::promise<void> destroyed;
    std::atomic<int> calls_after{0};
    bool is_destroyed = false;
    ossup::Listener listener([&](const Progress &) {
        if (is_destroyed) calls_after++;
        if (is_destroyed || upload->progress().parts_confirmed == 0) return;
        upload = nullptr;
        is_destroyed = true;
        destroyed.set_value();
    });
    listener.on_complete = [&](const UploadHandle &, Status) { calls_after++; };
    upload->set_listener(listener);
    upload->start();
    destroyed.get_future().wait();
    CHECK_STATUS(Status::paused, other.try_wait().error().status());
    CHECK(calls_after == 0);
}

void what_its_listener_holds_is_let_go_of(const ossup::Client &client)
{
    const auto held = std::make_shared<int>(0);
    const ossup::Upload upload = client.start(make_request("uploads/file", file), [held](const Progress &) { *held += 1; });
    upload.wait();
    CHECK(held.use_count() == 1);
    // The upload itself, too.
    auto owner = std::make_shared<ossup::Upload>(client, make_request("uploads/file", file));
    const UploadHandle other = owner->ref();
    owner->set_listener([owner](const Progress &) { static_cast<void>(owner->progress()); });
    owner->start();
    const std::weak_ptr<ossup::Upload> watched = owner;
    owner = nullptr;
    CHECK_STATUS(Status::ok, other.wait().status());
    CHECK(watched.expired());
}

void detached_it_goes_on(const ossup::Client &client)
{
    std::promise<Status> ended;
    ossup::Listener listener;
    listener.on_complete = [&](const UploadHandle &, Status status) { ended.set_value(status); };
    static_cast<void>(client.start(make_request("uploads/detached", file), listener).detach());
    CHECK_STATUS(Status::ok, ended.get_future().get());
}

void waiting_may_end_earlier(const ossup::Client &client)
{
    const ossup::Upload upload = client.start(make_request("uploads/waited for", file).set_bandwidth_limit(1024));
    CHECK(!upload.wait_for(1ms) && !upload.wait_for(-5s));
    CHECK(!upload.wait_until(std::chrono::steady_clock::now() + 1ms));
    CHECK(!upload.wait_until(std::chrono::system_clock::time_point()));
    CHECK(!upload.is_done());
    CHECK_STATUS(Status::invalid_argument, failure([&] { upload.set_bandwidth_limit(1); }).status());
    upload.set_bandwidth_limit(0);
    const auto result = upload.wait_for(5min);
    CHECK(result && result->status() == Status::ok);
}

/// Pauses an upload by whatever can give a token.
template <class Source> void stops_by(const ossup::Client &client, Source source, const std::string &key)
{
    Gate gate;
    std::thread stopper([&] {
        gate.wait();
        CHECK(source.request_stop());
    });
    const auto error = failure([&] { client.upload(make_request(key, file), opens(gate), source.get_token()); });
    stopper.join();
    CHECK_STATUS(Status::paused, error.status());
    CHECK(source.stop_requested() && !source.request_stop());
    // One that was stopped before stops what begins.
    const auto late = failure([&] { client.upload(make_request(key + " late", file), {}, source.get_token()); });
    CHECK_STATUS(Status::paused, late.status());
}

void a_token_stops_it(const ossup::Client &client)
{
    stops_by(client, ossup::StopSource(), "uploads/held, stopped");
#if defined(__cpp_lib_jthread)
    stops_by(client, std::stop_source(), "uploads/held, stopped by std");
#endif
    // What never begins, or has ended, is let go of.
    const ossup::StopSource source;
    ossup::Upload never(client, make_request("uploads/never", file));
    never.pause_on(source.get_token());
    static_cast<void>(client.upload(make_request("uploads/file", file), {}, source.get_token()));
    CHECK(source.request_stop());
}

void futures_tell_how_it_ended(const ossup::Client &client)
{
    std::atomic<int> calls{0};
    auto well = client.upload_async(make_request("uploads/future", file), [&](const Progress &) { calls++; });
    auto badly = client.upload_async(make_request("uploads/future", path_of("nowhere")));
    auto not_even_begun = client.upload_async(make_request("uploads/future"));
    auto thrown_at = client.upload_async(make_request("uploads/held, future thrown", file), [](const Progress &) { throw Boom(); });
    CHECK(well.get().parts_sent() == 20 && calls > 0);
    CHECK_STATUS(Status::source_unreadable, failure([&] { badly.get(); }).status());
    CHECK_STATUS(Status::invalid_argument, failure([&] { not_even_begun.get(); }).status());
    CHECK_TEXT("boom", thrown([&] { thrown_at.get(); }));

    const ossup::StopSource source;
    Gate gate;
    auto stopped = client.upload_async(make_request("uploads/held, future", file), opens(gate), source.get_token());
    gate.wait();
    source.request_stop();
    const auto error = failure([&] { stopped.get(); });
    CHECK_STATUS(Status::paused, error.status());
    CHECK(error.result()->is_resumable());
    // Nobody has to wait for it.
    static_cast<void>(client.upload_async(make_request("uploads/dropped", file)));
}

} // namespace

int main()
{
    file = make_file("uploads.bin", 2000000);
    const ossup::Client client(make_config());
    a_file_arrives(client);
    a_pause_is_gone_on_from(client);
    a_token_goes_on_elsewhere(client);
    an_abort_leaves_nothing(client);
    a_listener_that_throws_pauses(client);
    a_listener_that_throws_too_late_is_told(client);
    a_listener_cannot_wait(client);
    its_end_is_its_owners(client);
    it_may_be_destroyed_where_it_is_told_of(client);
    what_its_listener_holds_is_let_go_of(client);
    detached_it_goes_on(client);
    waiting_may_end_earlier(client);
    a_token_stops_it(client);
    futures_tell_how_it_ended(client);
    client.shutdown();
    CHECK_STATUS(Status::shut_down, failure([&] { client.upload(make_request("uploads/refused", file)); }).status());
    ossup::shutdown();
    return 0;
}
