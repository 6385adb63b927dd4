// Moves an upload: `pause` stops it once a part was sent and prints a token; `go-on` reads the token and sends the rest.
#include <ossup.hpp>

#include <iostream>
#include <string>

namespace {

ossup::Request make_request(char **words)
{
    ossup::Request request;
    request.set_bucket_name(words[4]).set_key(words[5]).set_upload_file(words[6]);
    return request;
}

/// Returns what an upload of the same file goes on from, in another process or on another machine.
std::string pause_once_a_part_was_sent(const ossup::Client &client, const ossup::Request &request)
{
    try {
        client.upload(request, [](const ossup::UploadHandle &upload, const ossup::Progress &progress) {
            if (progress.parts_confirmed > 0) upload.pause();
        });
        return "";
    } catch (const ossup::Error &error) {
        if (error.status() != ossup::Status::paused) throw;
        return error.result()->resume_token();
    }
}

void go_on(const ossup::Client &client, ossup::Request request, const std::string &token)
{
    client.upload(request.set_resume_token(token));
}

} // namespace

int main(int argc, char **argv)
{
    const std::string verb = argc == 7 ? argv[1] : "";
    if (verb != "pause" && verb != "go-on") {
        std::cerr << "usage: " << argv[0] << " pause|go-on ENDPOINT REGION BUCKET KEY FILE\n";
        return 2;
    }
    try {
        ossup::Config config;
        config.set_endpoint(argv[2]).set_region(argv[3]).add_environment_credentials();
        const ossup::Client client(config);
        if (verb == "pause") {
            std::cout << pause_once_a_part_was_sent(client, make_request(argv)) << '\n';
        } else {
            std::string token;
            std::getline(std::cin, token);
            go_on(client, make_request(argv), token);
        }
        return 0;
    } catch (const ossup::Error &error) {
        std::cerr << error.what() << '\n';
        return 1;
    }
}
