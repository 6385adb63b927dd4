// Everything by results, in a program that is compiled without exceptions.

#include "check.hpp"

#include <sstream>

#if OSSUP_EXCEPTIONS
#error "this is to be compiled without exceptions"
#endif

using ossup::Status;

namespace {

void a_file_arrives(const ossup::Client &client, const std::filesystem::path &file)
{
    std::uint64_t told = 0;
    const auto result = client.try_upload(make_request("results/file", file), [&](const ossup::Progress &progress) {
        told = progress.bytes_confirmed;
    });
    CHECK(result && result->bytes_total() == 2000000 && told == 2000000);
    auto future = client.try_upload_async(make_request("results/future", file));
    CHECK(future.get()->parts_sent() == 20);
    CHECK_STATUS(Status::invalid_argument, client.try_upload_async(make_request("results/none")).get().error().status());
}

void it_is_paused_and_goes_on(const ossup::Client &client)
{
    ossup::Request request = make_request("results/paused");
    request.set_upload_stream(2000000).set_enable_checkpoint(true).set_checkpoint_file(path_of("stream.ucp"));
    std::promise<void> is_under_way;
    bool is_told = false;
    const auto upload = client.try_start(request, [&](const ossup::Progress &progress) {
        if (progress.parts_confirmed == 0 || is_told) return;
        is_told = true;
        is_under_way.set_value();
    });
    CHECK(upload && upload->try_write(make_bytes(1000000).data(), 1000000));
    is_under_way.get_future().wait();
    CHECK(upload->try_progress()->parts_total == 20);
    CHECK(upload->try_pause());
    const auto waited = upload->try_wait();
    CHECK_STATUS(Status::paused, waited.error().status());
    CHECK(waited.error().result()->is_resumable() && upload->try_result()->is_resumable());
    std::istringstream source(make_bytes(2000000));
    CHECK(client.try_upload_stream(request, source)->is_resumed());
}

void a_stream_arrives(const ossup::Client &client)
{
    ossup::Request request = make_request("results/stream");
    request.set_upload_stream();
    std::istringstream source(make_bytes(100000));
    CHECK(client.try_upload_stream(request, source)->bytes_total() == 100000);
    const auto upload = client.try_start(request);
    CHECK(*upload->try_write("bytes", 5) == 5 && upload->try_finish() && upload->try_wait()->bytes_total() == 5);
}

void what_fails_is_returned(const ossup::Client &client)
{
    CHECK_TEXT("key has a NUL in it", client.try_upload(make_request(std::string(1, '\0'))).error().what());
    CHECK_STATUS(Status::checkpoint_unusable, ossup::try_read_record(path_of("nowhere")).error().status());
    CHECK_STATUS(Status::checkpoint_unusable, ossup::try_delete_record(path_of("nowhere")).error().status());
    CHECK_STATUS(Status::checkpoint_unusable, ossup::try_list_records(path_of("nowhere")).error().status());
    CHECK(client.try_list_incomplete_uploads("bucket")->empty());
    CHECK_STATUS(Status::invalid_argument, ossup::Client::try_new(ossup::Config()).error().status());
}

} // namespace

int main()
{
    const auto file = make_file("results.bin", 2000000);
    ossup::Config config = bare_config();
    config.add_credentials_provider([] { return ossup::Credentials{"ak", "sk", "", {}}; });
    {
        const auto client = ossup::Client::try_new(config);
        CHECK(client);
        a_file_arrives(*client, file);
        it_is_paused_and_goes_on(*client);
        a_stream_arrives(*client);
        what_fails_is_returned(*client);
        CHECK(client->try_shutdown());
    }
    CHECK(ossup::try_shutdown());
    return 0;
}
