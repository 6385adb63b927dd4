// What the programs that upload by the binding for C++ share.
#ifndef OSSUP_CLIENT_HPP
#define OSSUP_CLIENT_HPP

#include <ossup.hpp>

#include <iostream>

/// Makes a client with the credentials of the environment. `ca_file` may be NULL.
inline ossup::Client make_client(const char *endpoint, const char *ca_file)
{
    ossup::Config config;
    config.set_endpoint(endpoint).set_region("cn-hangzhou").set_path_style(true).add_environment_credentials();
    if (ca_file != nullptr) config.set_ca_file(ca_file);
    return ossup::Client(config);
}

/// Makes a request; `records` is the folder for the record, or "-" for none.
inline ossup::Request make_request(const char *bucket, const std::string &key, const std::filesystem::path &file,
                                   const std::string &records)
{
    ossup::Request request;
    request.set_bucket_name(bucket).set_key(key).set_upload_file(file);
    if (records != "-") request.set_enable_checkpoint(true).set_checkpoint_dir(records);
    return request;
}

/// Does it, says what failed, and returns an exit code.
template <class Work> int run(Work work)
{
    try {
        work();
        return 0;
    } catch (const ossup::Error &error) {
        std::cerr << ossup::status_name(error.status()) << ": " << error.what() << '\n';
        return 1;
    }
}

#endif
