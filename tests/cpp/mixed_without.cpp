// The part of a program that is compiled without exceptions. The other one is mixed.cpp.

#include "check.hpp"

void upload_without_exceptions(const std::filesystem::path &file);

void upload_without_exceptions(const std::filesystem::path &file)
{
    const auto client = ossup::Client::try_new(make_config());
    CHECK(client);
    bool is_told = false;
    CHECK(client->try_upload(make_request("mixed", file), [&](const ossup::Progress &) { is_told = true; }));
    CHECK(is_told);
}
