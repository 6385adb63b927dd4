// What the library asks of its host, and tells it: credentials, the log, events, records and incomplete uploads.

#include "check.hpp"

#include <atomic>
#include <mutex>
#include <set>
#if defined(_WIN32)
#include <windows.h>
#else
#include <poll.h>
#endif

using namespace std::chrono_literals;
using ossup::Credentials;
using ossup::CredentialsRequest;
using ossup::Error;
using ossup::EventKind;
using ossup::Status;

namespace {

std::filesystem::path file;

/// What an upload says whose credentials come from a function.
template <class Provider> std::string told_by(Provider provider)
{
    ossup::Config config = bare_config();
    config.add_credentials_provider(std::move(provider));
    const ossup::Client client(config);
    const auto uploaded = client.try_upload(make_request("hosts/provided", file));
    if (uploaded) return "";
    CHECK_STATUS(Status::no_credentials, uploaded.error().status());
    return uploaded.error().what();
}

bool has(const std::string &text, const std::string &part)
{
    return text.find(part) != std::string::npos;
}

void a_function_provides_credentials()
{
    const auto soon = std::chrono::system_clock::now() + 1h;
    CHECK_TEXT("", told_by([] { return Credentials{"ak", "sk", "", {}}; }));
    CHECK_TEXT("", told_by([soon](const CredentialsRequest &request) -> ossup::Result<Credentials> {
                   CHECK(request.is_wanted());
                   return Credentials{"ak", "sk", "", soon};
               }));
    // Whatever it throws stays on this side of C, and its words are the error's.
    CHECK(has(told_by([]() -> Credentials { throw std::runtime_error("the vault is closed"); }), "the vault is closed"));
    CHECK(has(told_by([]() -> Credentials { throw Error(Status::no_credentials, "not today"); }), "not today"));
    CHECK(has(told_by([]() -> Credentials { throw 7; }), "no credentials"));
    CHECK(has(told_by([]() -> ossup::Result<Credentials> { return Error(Status::busy, "locked out"); }), "locked out"));
    // So are those of what is refused.
    CHECK(has(told_by([] { return Credentials{std::string("a\0k", 3), "sk", "", {}}; }), "access_key_id has a NUL in it"));
    CHECK(has(told_by([] { return Credentials{"ak", std::string(1, '\0'), "", {}}; }), "access_key_secret has a NUL in it"));
    CHECK(has(told_by([] { return Credentials{"ak", "sk", std::string(1, '\0'), {}}; }), "security_token has a NUL in it"));
    CHECK(has(told_by([] { return Credentials{"", "sk", "", {}}; }), "no credentials"));
    CHECK_TEXT("", told_by([](const CredentialsRequest &request) {
                   CHECK_TEXT("message has a NUL in it", request.try_fail(std::string(1, '\0')).error().what());
                   return Credentials{"ak", "sk", "", {}};
               }));
}

void a_log_has_lines()
{
    std::mutex mutex;
    std::string lines;
    ossup::Config config = make_config();
    config.set_log(ossup::LogLevel::debug, [&](const ossup::LogLine &line) {
        const std::lock_guard<std::mutex> lock(mutex);
        lines += line.message;
        if (line.upload != nullptr) static_cast<void>(line.upload->progress());
    });
    const ossup::Client client(config);
    client.upload(make_request("hosts/logged", file));
    client.shutdown();
    const std::lock_guard<std::mutex> lock(mutex);
    CHECK(has(lines, "hosts/logged") && !has(lines, "sk\""));
}

void a_log_that_throws_ends()
{
    std::atomic<int> calls{0};
    ossup::Config config = make_config();
    config.set_log(ossup::LogLevel::trace, [&](const ossup::LogLine &) {
        calls++;
        throw std::runtime_error("no room for a log");
    });
    const ossup::Client client(config);
    client.upload(make_request("hosts/logged", file));
    CHECK_TEXT("no room for a log", thrown([&] { client.shutdown(); }));
    CHECK(calls == 1 && client.log_thrown() != nullptr);
}

void a_queue_tells_of_everything()
{
    enum Tag : std::uint64_t { OF_CREDENTIALS = 1, OF_LOG, FIRST };
    const ossup::Queue queue;
    CHECK(!queue.next(0ms));
    queue.wake();
    CHECK(!queue.next());
    ossup::Config config = bare_config();
    config.add_credentials_queue(queue, OF_CREDENTIALS).set_log_queue(ossup::LogLevel::info, queue, OF_LOG);
    const ossup::Client client(config);
    for (std::uint64_t tag = FIRST; tag < FIRST + 3; tag++) {
        ossup::Upload upload(client, make_request("hosts/queue-" + std::to_string(tag), file));
        upload.set_queue(queue, tag).start();
        static_cast<void>(upload.detach());
    }
    std::set<std::uint64_t> ended;
    bool was_asked = false, was_logged = false, was_told = false;
    while (ended.size() < 3) {
#if defined(_WIN32)
        CHECK(WaitForSingleObject(queue.handle(), INFINITE) == WAIT_OBJECT_0);
#else
        pollfd polled = {queue.fd(), POLLIN, 0};
        CHECK(poll(&polled, 1, -1) == 1);
#endif
        auto event = queue.next();
        CHECK(event);
        switch (event->kind()) {
        case EventKind::credentials: {
            CHECK(event->tag() == OF_CREDENTIALS);
            const CredentialsRequest request = event->credentials();
            CHECK(request.is_wanted());
            CHECK_STATUS(Status::invalid_argument, failure([&] { request.give({"", "", "", {}}); }).status());
            request.give({"ak", "sk", "", {}});
            CHECK_STATUS(Status::invalid_state, failure([&] { request.fail("too late"); }).status());
            CHECK_STATUS(Status::invalid_state, failure([&] { static_cast<void>(event->credentials()); }).status());
            was_asked = true;
            break;
        }
        case EventKind::log:
            CHECK(event->tag() == OF_LOG && event->log_level() != ossup::LogLevel::off && !event->log_message().empty());
            was_logged = true;
            break;
        case EventKind::progress:
            CHECK(event->tag() >= FIRST && event->progress().bytes_total == 300000);
            was_told = true;
            break;
        case EventKind::complete:
            CHECK_STATUS(Status::ok, event->upload().wait().status());
            CHECK(event->log_message().empty() && event->log_level() == ossup::LogLevel::off);
            CHECK(ended.insert(event->tag()).second);
            break;
        default:
            break;
        }
    }
    CHECK(was_asked && was_logged && was_told);
}

void records_can_be_looked_into(const ossup::Client &client)
{
    const auto folder = path_of("records");
    std::filesystem::create_directory(folder);
    CHECK(ossup::list_records(folder).empty());
    ossup::Request request = make_request("hosts/held, recorded", file);
    request.set_enable_checkpoint(true).set_checkpoint_file(folder / "one.ucp");
    std::promise<void> is_under_way;
    bool is_told = false;
    const ossup::Upload upload = client.start(request, [&](const ossup::Progress &progress) {
        if (progress.parts_confirmed == 0 || is_told) return;
        is_told = true;
        is_under_way.set_value();
    });
    is_under_way.get_future().wait();
    CHECK_STATUS(Status::busy, failure([&] { ossup::delete_record(folder / "one.ucp"); }).status());
    upload.pause();
    CHECK_STATUS(Status::paused, failure([&] { static_cast<void>(upload.wait()); }).status());
    const auto records = ossup::list_records(folder);
    CHECK(records.size() == 1);
    const ossup::Record record = ossup::read_record(folder / "one.ucp");
    CHECK(record.path == folder / "one.ucp" && records[0].path == record.path);
    CHECK(record.state == ossup::RecordState::uploading && record.bucket_name == "bucket");
    CHECK(record.key == "hosts/held, recorded" && record.part_size == 102400 && record.parts_total == 3);
    CHECK(record.parts_confirmed > 0 && record.bytes_total == 300000 && record.bytes_confirmed > 0);
    CHECK(!record.completing_since);

    const auto incomplete = client.list_incomplete_uploads("bucket", "hosts/held");
    CHECK(incomplete.size() == 1 && incomplete[0].key == record.key && incomplete[0].upload_id == record.upload_id);
    CHECK(incomplete[0].initiated > std::chrono::system_clock::now() - 24h);
    CHECK(client.list_incomplete_uploads("bucket", "elsewhere").empty());
    CHECK(client.list_incomplete_uploads("bucket", "", 24h).empty());
    CHECK_STATUS(Status::invalid_argument, failure([&] { client.list_incomplete_uploads("bucket", "", -1s); }).status());
    client.abort_incomplete_upload("bucket", record.key, record.upload_id);
    CHECK(client.list_incomplete_uploads("bucket").empty());
    ossup::delete_record(record.path);
    CHECK_STATUS(Status::checkpoint_unusable, failure([&] { ossup::read_record(record.path); }).status());
    CHECK_STATUS(Status::checkpoint_unusable, failure([&] { ossup::list_records(path_of("nowhere")); }).status());
    CHECK_STATUS(Status::no_such_bucket, failure([&] { client.list_incomplete_uploads("another"); }).status());
}

void the_library_is_one()
{
    CHECK(has(ossup::diagnostics(), ossup::version()));
    CHECK_TEXT("PAUSED", ossup::status_name(Status::paused));
    CHECK_TEXT("UNKNOWN", ossup::status_name(static_cast<Status>(12345)));
    CHECK_STATUS(Status::invalid_argument, failure([] { ossup::set_worker_threads(0); }).status());
    ossup::set_worker_threads(3);
}

void a_time_may_be_beyond_the_clock()
{
    const std::int64_t year_9999 = 253402300799;
    const auto latest = ossup::detail::time_of(year_9999);
    CHECK(latest > std::chrono::system_clock::now() + 24h && latest <= std::chrono::system_clock::time_point::max());
    CHECK(ossup::detail::time_of(-year_9999) < std::chrono::system_clock::time_point());
    CHECK(ossup::detail::time_of(86400) == std::chrono::system_clock::time_point(24h));
}

} // namespace

int main()
{
    a_time_may_be_beyond_the_clock();
    the_library_is_one();
    file = make_file("hosts.bin", 300000);
    a_function_provides_credentials();
    a_log_has_lines();
    a_log_that_throws_ends();
    a_queue_tells_of_everything();
    {
        const ossup::Client client(make_config());
        records_can_be_looked_into(client);
        client.set_bandwidth_limit(0);
        CHECK_STATUS(Status::invalid_argument, failure([&] { client.set_bandwidth_limit(1); }).status());
        CHECK_STATUS(Status::invalid_state, failure([] { ossup::set_worker_threads(2); }).status());
    }
    ossup::shutdown();
    return 0;
}
