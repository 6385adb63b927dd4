// Uploads a file and waits for it. Run again after a crash, it goes on where it stopped.
#include <ossup.hpp>

#include <iostream>

int main(int argc, char **argv)
{
    if (argc != 6) {
        std::cerr << "usage: " << argv[0] << " ENDPOINT REGION BUCKET KEY FILE\n";
        return 2;
    }
    try {
        ossup::Config config;
        config.set_endpoint(argv[1]).set_region(argv[2]).add_environment_credentials();
        const ossup::Client client(config);

        ossup::Request request;
        request.set_bucket_name(argv[3]).set_key(argv[4]).set_upload_file(argv[5]);
        request.set_task_num(4).set_part_size(0).set_enable_checkpoint(true);
        client.upload(request);
        return 0;
    } catch (const ossup::Error &error) {
        std::cerr << ossup::status_name(error.status()) << ": " << error.what() << '\n';
        return 1;
    }
}
