// Paths: whatever the system has for a name is one, also what no code page has, and what is no text.

#include "check.hpp"

using ossup::Status;

namespace {

#if defined(_WIN32)
const std::filesystem::path odd(L"\u6587\u4ef6 \U0001f389"), no_text(L"half a pair \xd83d");
#else
const std::filesystem::path odd("\u6587\u4ef6 \xff"), no_text(odd);
#endif

/// Stops an upload with a record once some of it was sent.
void pause_half_way(const ossup::Client &client, ossup::Request &request)
{
    const ossup::Error error = failure([&] {
        client.upload(request, [](const ossup::UploadHandle &upload, const ossup::Progress &progress) {
            if (progress.parts_confirmed > 0) upload.pause();
        });
    });
    CHECK_STATUS(Status::paused, error.status());
}

void records_have_any_path(const ossup::Client &client, const std::filesystem::path &file)
{
    const auto folder = path_of("records") / odd;
    std::filesystem::create_directories(folder);
    const auto place = folder / odd += ".ucp";
    ossup::Request request = make_request("paths/held", file);
    request.set_enable_checkpoint(true).set_checkpoint_file(place);
    pause_half_way(client, request);
    CHECK(std::filesystem::exists(place));
    CHECK(ossup::read_record(place).path == place);
    const auto records = ossup::list_records(folder);
    CHECK(records.size() == 1 && records[0].path == place);
    client.abort_incomplete_upload("bucket", records[0].key, records[0].upload_id);
    ossup::delete_record(place);
    CHECK(!std::filesystem::exists(place));
}

void files_have_any_path(const ossup::Client &client, const std::filesystem::path &file)
{
    const auto folder = path_of("kept") / odd;
    std::filesystem::create_directories(folder);
    ossup::Request request = make_request("paths/file", file);
    request.set_enable_checkpoint(true).set_checkpoint_dir(folder);
    const auto result = client.upload(request);
    CHECK(result.bytes_total() == 300000 && result.checkpoint_file().parent_path() == folder);
    const ossup::Error error = failure([&] { client.upload(make_request("paths/none", folder / no_text)); });
    CHECK_STATUS(Status::source_unreadable, error.status());
}

void certificates_have_any_path()
{
    ossup::Config config = make_config();
    config.set_endpoint("https://127.0.0.1").set_ca_file(path_of("authorities") += no_text);
    const ossup::Error error = failure([&] { const ossup::Client none(config); });
    CHECK(error.os_errno() == ENOENT && std::string(error.what()).find("authorities") != std::string::npos);
}

} // namespace

int main()
{
    const auto made = make_file("made.bin", 300000);
    const auto file = path_of("") / odd;
    std::filesystem::rename(made, file);
    {
        const ossup::Client client(make_config());
        records_have_any_path(client, file);
        files_have_any_path(client, file);
    }
    certificates_have_any_path();
    ossup::shutdown();
    return 0;
}
