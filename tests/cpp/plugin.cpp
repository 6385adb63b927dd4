// A shared object with a copy of the header of its own, of which nothing is visible but these two functions.

#include <ossup.hpp>

extern "C" __attribute__((visibility("default"))) void plugin_throws()
{
    throw ossup::Error(ossup::Status::busy, "of the plugin");
}

/// Begins on one side what is ended on the other.
extern "C" __attribute__((visibility("default"))) ossup::Upload *plugin_starts(const ossup::Client &client,
                                                                               const ossup::Request &request)
{
    return new ossup::Upload(client.start(request, [](const ossup::Progress &) { throw std::runtime_error("of its listener"); }));
}
