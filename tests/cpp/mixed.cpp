// The part of a program that has exceptions. The other one, mixed_without.cpp, has none.

#include "check.hpp"

void upload_without_exceptions(const std::filesystem::path &file);

int main()
{
    const auto file = make_file("mixed.bin", 300000);
    upload_without_exceptions(file);
    {
        const ossup::Client client(make_config());
        const auto throws = [](const ossup::Progress &) { throw std::runtime_error("of its listener"); };
        CHECK_TEXT("of its listener", thrown([&] { client.upload(make_request("mixed", file), throws); }));
    }
    ossup::shutdown();
    return 0;
}
