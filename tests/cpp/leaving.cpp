// A program ends while an upload runs that has static lifetime, as have its client and what its listener uses. The argument is the
// way in which it ends.

#include "check.hpp"

#include <atomic>

namespace {

/// What the listener uses. It is made first, so it goes last.
struct Witness {
    std::atomic<int> calls{0};
    std::promise<void> is_under_way;
    ~Witness() { std::puts(calls > 0 ? "told" : "never told"); }
} witness;

std::optional<ossup::Client> client;
std::optional<ossup::Upload> upload;

void begin()
{
    client.emplace(make_config());
    upload = client->start(make_request("leaving/held", make_file("leaving.bin", 2000000)), [](const ossup::Progress &progress) {
        if (progress.parts_confirmed > 0 && witness.calls++ == 0) witness.is_under_way.set_value();
    });
    witness.is_under_way.get_future().wait();
}

} // namespace

int main(int, char **arguments)
{
    const std::string way = arguments[1];
    begin();
    if (way == "shut down") ossup::shutdown();
    if (way == "client") client.reset();
    if (way == "exit") std::exit(0);
    if (way == "thrown") {
        try {
            const ossup::Upload moved = std::move(*upload);
            throw std::runtime_error("an upload ends with its block");
        } catch (const std::runtime_error &) {
            CHECK(upload->native_handle() == nullptr);
        }
    }
    return 0;
}
