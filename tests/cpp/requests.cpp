// What is to be uploaded: sources of all kinds, what is refused, and the errors that say so.

#include "check.hpp"

#include <cstddef>
#include <cstring>
#include <sstream>
#include <string_view>

using namespace std::chrono_literals;
using namespace std::string_view_literals;
using ossup::Error;
using ossup::Request;
using ossup::Status;

namespace {

void memory_is_kept_until_it_is_needed_no_more(const ossup::Client &client)
{
    // Moved in, nothing of it stays here.
    std::vector<std::byte> bytes(300000, std::byte{7});
    Request request = make_request("requests/vector");
    request.set_upload_memory(std::move(bytes));
    CHECK(client.upload(request).bytes_total() == 300000);
    CHECK(client.upload(make_request("requests/string").set_upload_memory(make_bytes(1234))).bytes_total() == 1234);
    CHECK(client.upload(make_request("requests/numbers").set_upload_memory(std::vector<double>{1, 2, 3})).bytes_total() == 24);
    CHECK(client.upload(make_request("requests/empty").set_upload_memory(std::string())).bytes_total() == 0);

    // Shared, its owner is let go of on the library's thread, once request and uploads are done with it.
    std::promise<void> released;
    {
        const std::shared_ptr<const std::string> shared(new const std::string("shared"), [&](const std::string *text) {
            delete text;
            released.set_value();
        });
        Request of_shared = make_request("requests/shared");
        of_shared.set_upload_memory(shared->data(), shared->size(), shared);
        CHECK(client.upload(of_shared).bytes_total() == 6);
        CHECK(shared.use_count() == 2);
    }
    released.get_future().wait();

    // Lent, it is the caller's to keep.
    const std::string lent = "lent";
    client.upload(make_request("requests/lent").set_upload_memory(lent.data(), lent.size(), nullptr));
}

void a_stream_is_pushed(const ossup::Client &client)
{
    const std::string bytes = make_bytes(1000000);
    for (const std::uint64_t size : {ossup::unknown_size, std::uint64_t{1000000}}) {
        Request request = make_request("requests/pushed");
        request.set_upload_stream(size).set_part_size(102400);
        ossup::Upload upload(client, request);
        CHECK_STATUS(Status::invalid_state, failure([&] { upload.write("x", 1); }).status());
        upload.start();
        CHECK(upload.write(bytes.data(), 400000) == 400000);
        std::size_t written = 400000;
        while (written < bytes.size()) written += upload.write(bytes.data() + written, bytes.size() - written, 1ms);
        upload.finish();
        CHECK(upload.wait().bytes_total() == 1000000);
        CHECK_STATUS(Status::invalid_state, failure([&] { upload.write("x", 1); }).status());
    }
    Request too_short = make_request("requests/short");
    const ossup::Upload upload = client.start(too_short.set_upload_stream(5));
    upload.write("four", 4);
    CHECK_STATUS(Status::invalid_argument, failure([&] { upload.finish(); }).status());
}

/// A source that breaks off, or throws something.
struct Broken : std::stringbuf {
    using std::stringbuf::stringbuf;
    int_type underflow() override { throw std::runtime_error("the disk is gone"); }
};

void a_stream_has_what_an_istream_has(const ossup::Client &client)
{
    Request request = make_request("requests/istream");
    request.set_upload_stream().set_part_size(102400);
    for (const std::size_t size : {std::size_t{0}, std::size_t{65536}, std::size_t{1000000}}) {
        std::istringstream source(make_bytes(size));
        CHECK(client.upload_stream(request, source).bytes_total() == size);
    }

    Broken broken(make_bytes(200000), std::ios::in);
    std::istream source(&broken);
    const Error error = failure([&] { client.upload_stream(request, source); });
    CHECK_STATUS(Status::source_unreadable, error.status());
    CHECK_STATUS(Status::paused, error.result()->status());

    // Where the stream was told to throw, that is what is thrown.
    Broken again(make_bytes(200000), std::ios::in);
    std::istream throwing(&again);
    throwing.exceptions(std::ios::badbit);
    CHECK_TEXT("the disk is gone", thrown([&] { client.upload_stream(request, throwing); }));
    std::istringstream none;
    CHECK_STATUS(Status::invalid_argument,
                 failure([&] { client.upload_stream(make_request("requests/no source"), none); }).status());
}

std::string why(const ossup::Client &client, const Request &request)
{
    const Error error = failure([&] { ossup::Upload(client, request); });
    CHECK_STATUS(Status::invalid_argument, error.status());
    CHECK_TEXT(error.what(), request.error()->what());
    CHECK(error.result() == nullptr);
    return error.what();
}

void text_that_c_would_not_see_to_its_end_is_refused(const ossup::Client &client)
{
    CHECK_TEXT("key has a NUL in it", why(client, std::move(make_request("x").set_key("key\0more"sv))));
    CHECK_TEXT("upload_file has a NUL in it", why(client, std::move(make_request("x").set_upload_file("a\0b"sv))));
    CHECK_TEXT("user_metadata has a NUL in it", why(client, std::move(make_request("x").add_user_metadata("a", "b\0"sv))));
    CHECK_TEXT("content_type has a NUL in it", why(client, std::move(make_request("x").set_option("content_type", "b\0"sv))));
    const auto refused = [](ossup::Config &config) {
        return std::string(failure([&] { const ossup::Client none(config); }).what());
    };
    ossup::Config config = make_config();
    CHECK_TEXT("endpoint has a NUL in it", refused(config.set_endpoint("http://a\0b"sv)));
    config = make_config();
    CHECK_TEXT("credentials has a NUL in it", refused(config.set_credentials("ak", "s\0k"sv)));
    config = make_config();
    CHECK_TEXT("role_name has a NUL in it", refused(config.add_ecs_ram_role("\0"sv)));
    config = make_config();
    CHECK_TEXT("role_arn has a NUL in it", refused(config.add_oidc_role("\0"sv)));
    CHECK_TEXT("bucket_name has a NUL in it", failure([&] { client.list_incomplete_uploads("\0"sv); }).what());
    CHECK_TEXT("upload_id has a NUL in it", failure([&] { client.abort_incomplete_upload("bucket", "a", "\0"sv); }).what());
    CHECK_TEXT("file has a NUL in it", failure([] { ossup::read_record("a\0b"sv); }).what());
}

void the_first_that_is_refused_counts(const ossup::Client &client)
{
    Request request = make_request("x");
    CHECK(!request.error());
    request.set_deadline(-1ms).set_key("\0"sv).set_task_num(1001);
    CHECK_TEXT("deadline is negative", why(client, request));
    Request other = make_request("x");
    other.set_task_num(1001).set_key("\0"sv);
    CHECK(why(client, other).find("TaskNum") == 0);
    Request unknown = make_request("x");
    unknown.set_option("no_such", std::nullopt);
    CHECK_TEXT("there is no option \"no_such\"", why(client, unknown));
    ossup::Config config = make_config();
    config.set_progress_interval(-1ms);
    CHECK_TEXT("progress_interval is negative", failure([&] { const ossup::Client none(config); }).what());
}

void every_option_has_its_setter(const ossup::Client &client)
{
    const auto file = make_file("options.bin", 1000);
    Request request = make_request("requests/options", file);
    request.set_task_num(2).set_part_size(0).set_force_multipart(true).set_bandwidth_limit(1 << 20).set_traffic_limit(819200);
    request.set_deadline(5min).set_enable_checkpoint(true).set_checkpoint_dir(path_of("")).set_lock_timeout(std::nullopt);
    request.set_require_lock(false).set_verify_reused_parts(true).set_recover(true).set_stamp_object(true).set_resume_token("");
    request.set_content_type("text/plain").set_content_disposition("inline").set_content_encoding("identity");
    request.set_content_language("en").set_cache_control("no-cache").set_expires("Wed, 08 Jul 2026 16:57:01 GMT");
    request.set_object_acl("private").set_storage_class("IA").add_tag("a", "b").add_user_metadata("name", "value");
    request.set_request_payer("requester").set_header("x-oss-object-acl", "private").set_forbid_overwrite(false);
    request.set_option("task_num", "3");
    CHECK_STATUS(Status::ok, client.upload(request).status());
    Request encrypted = make_request("requests/encrypted", file);
    encrypted.set_server_side_encryption("KMS").set_server_side_encryption_key_id("id");
    encrypted.set_server_side_data_encryption("SM4").set_checkpoint_file(path_of("record.ucp"));
    encrypted.set_callback("http://127.0.0.1:1/", "a=${x:b}").set_callback_host("host").set_callback_sni(true);
    encrypted.set_callback_body_type("application/json").add_callback_var("x:b", "c");
    CHECK(!encrypted.error());

    ossup::Config config = make_config();
    config.set_product("oss").add_signed_header("host").set_signature_version(OSSUP_SIGNATURE_V4).set_cname(false);
    config.set_network(OSSUP_NETWORK_PUBLIC).set_system_trust(true).set_proxy("").set_no_proxy("");
    config.set_user_agent("test").set_connect_timeout(10s).set_idle_timeout(30s).set_complete_timeout(10min);
    config.set_max_attempts(8).set_max_elapsed(1h).set_bandwidth_limit(0).set_max_uploads(64).set_max_parts_in_flight(0);
    config.set_max_memory(0).set_credentials_timeout(60s).set_sts_endpoint("sts.cn-hangzhou.aliyuncs.com");
    config.set_ecs_metadata_endpoint("http://127.0.0.1:1").add_environment_credentials().add_ecs_ram_role();
    config.set_option("max_attempts", "3").dangerously_disable_certificate_verification();
    config.set_credentials(ossup::Credentials{"ak", "sk", "", {}});
    config.set_log(ossup::LogLevel::off, nullptr);
    if (const auto error = config.error()) CHECK_TEXT("nothing", error->what());
    CHECK_STATUS(Status::ok, ossup::Client(config).upload(request).status());
    config.add_oidc_role("acs:ram::1:role/r", "acs:ram::1:oidc-provider/p", path_of("token"));
    config.set_cloud_box_id("cb-f8z7yvzgwfkl9q0h").set_ca_pem("no certificate").set_ca_file(path_of("nowhere.pem"));
    CHECK(failure([&] { const ossup::Client none(config); }).status() == Status::invalid_argument);
}

void errors_have_everything(const ossup::Client &client)
{
    const auto file = make_file("errors.bin", 1000);
    ossup::Config config = bare_config();
    config.set_credentials("ak", "wrong");
    const Error error = failure([&] { ossup::Client(config).upload(make_request("requests/denied", file)); });
    CHECK_STATUS(Status::access_denied, error.status());
    CHECK_TEXT("PutObject", error.operation());
    CHECK_TEXT("SignatureDoesNotMatch", error.oss_code());
    CHECK(error.http_status() == 403 && error.attempts() == 1 && error.part_number() == 0 && error.os_errno() == 0);
    CHECK(!error.request_id().empty() && !error.ec().empty() && error.host().find("127.0.0.1") == 0);
    CHECK(!error.is_temporary() && std::strstr(error.what(), "signature") != nullptr);
    CHECK_TEXT(error.request_id(), error.result()->request_id());
    CHECK_TEXT(error.what(), error.result()->error()->what());

    const Error missing = failure([&] { client.upload(make_request("requests/missing", path_of("nowhere"))); });
    CHECK_STATUS(Status::source_unreadable, missing.status());
    CHECK(missing.os_errno() == ENOENT && missing.operation().empty() && missing.host().empty());
    CHECK(std::strstr(missing.what(), "nowhere") != nullptr);

    // It is an exception like others, and copies share what they say.
    const std::runtime_error &plain = missing;
    CHECK_TEXT(missing.what(), plain.what());
    const Error copy = missing;
    CHECK(copy.result() == missing.result());
    const Error own(Status::no_credentials, "none today", true);
    CHECK(own.is_temporary() && own.result() == nullptr && own.oss_code().empty());
}

void results_are_one_or_the_other()
{
    ossup::Result<std::string> good(std::string("text"));
    CHECK(good && good.has_value() && good->size() == 4);
    CHECK_TEXT("text", good.value());
    CHECK_TEXT("text", std::move(good).value());
    const ossup::Result<std::string> bad(Error(Status::busy, "busy"));
    CHECK(!bad);
    CHECK_TEXT("busy", failure([&] { static_cast<void>(bad.value()); }).what());
    ossup::Result<void>().value();
    CHECK_STATUS(Status::busy, failure([] { ossup::Result<void>(Error(Status::busy, "busy")).value(); }).status());
}

} // namespace

int main()
{
    {
        const ossup::Client client(make_config());
        memory_is_kept_until_it_is_needed_no_more(client);
        a_stream_is_pushed(client);
        a_stream_has_what_an_istream_has(client);
        text_that_c_would_not_see_to_its_end_is_refused(client);
        the_first_that_is_refused_counts(client);
        every_option_has_its_setter(client);
        errors_have_everything(client);
        results_are_one_or_the_other();
    }
    ossup::shutdown();
    return 0;
}
