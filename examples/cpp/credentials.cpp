// Uploads with credentials that a function provides, and says by results, without exceptions, what came of it.
#include <ossup.hpp>

#include <cstdlib>
#include <iostream>

namespace {

/// Is asked again shortly before these end, also in the middle of an upload. A vault would be asked here.
ossup::Result<ossup::Credentials> lend_a_key()
{
    const char *id = std::getenv("OSS_ACCESS_KEY_ID"), *secret = std::getenv("OSS_ACCESS_KEY_SECRET");
    if (id == nullptr || secret == nullptr) return ossup::Error(ossup::Status::no_credentials, "nobody lends a key");
    return ossup::Credentials{id, secret, "", std::chrono::system_clock::now() + std::chrono::hours(1)};
}

/// What a support ticket needs, and whether it is worth to try again.
int explain(const ossup::Error &error)
{
    std::cerr << ossup::status_name(error.status()) << ": " << error.what() << '\n';
    if (error.http_status() != 0) std::cerr << "OSS answered " << error.http_status() << ' ' << error.oss_code() << '\n';
    if (!error.request_id().empty()) std::cerr << "request id " << error.request_id() << '\n';
    if (error.result() != nullptr && error.result()->is_resumable()) std::cerr << "the same call goes on\n";
    return error.is_temporary() ? 75 : 1;
}

int upload(const ossup::Config &config, const ossup::Request &request)
{
    const auto client = ossup::Client::try_new(config);
    if (!client) return explain(client.error());
    const auto result = client->try_upload(request);
    return result ? 0 : explain(result.error());
}

} // namespace

int main(int argc, char **argv)
{
    if (argc != 6) {
        std::cerr << "usage: " << argv[0] << " ENDPOINT REGION BUCKET KEY FILE\n";
        return 2;
    }
    ossup::Config config;
    config.set_endpoint(argv[1]).set_region(argv[2]).add_credentials_provider(lend_a_key);
    ossup::Request request;
    request.set_bucket_name(argv[3]).set_key(argv[4]).set_upload_file(argv[5]).set_enable_checkpoint(true);
    return upload(config, request);
}
