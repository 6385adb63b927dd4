// Two shared objects, each with a copy of the header: what one throws the other catches, and what one begins the other ends. The
// argument is the path of the other.

#include "check.hpp"

#include <dlfcn.h>

int main(int, char **arguments)
{
    void *plugin = dlopen(arguments[1], RTLD_NOW | RTLD_LOCAL);
    if (plugin == nullptr) CHECK_TEXT("", dlerror());
    const auto throws = reinterpret_cast<void (*)()>(dlsym(plugin, "plugin_throws"));
    const auto starts =
        reinterpret_cast<ossup::Upload *(*)(const ossup::Client &, const ossup::Request &)>(dlsym(plugin, "plugin_starts"));
    CHECK(throws != nullptr && starts != nullptr);
    CHECK_TEXT("of the plugin", failure([&] { throws(); }).what());
    {
        const ossup::Client client(make_config());
        const std::unique_ptr<ossup::Upload> upload(starts(client, make_request("objects", make_file("objects.bin", 300000))));
        CHECK_TEXT("of its listener", thrown([&] { static_cast<void>(upload->wait()); }));
    }
    ossup::shutdown();
    return 0;
}
