// What the C++ tests start from: assertions, of which the first that fails ends the program, and builders filled for the stand-in.
#ifndef CHECK_HPP
#define CHECK_HPP

#include <ossup.hpp>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <future>
#include <string>

#define CHECK(condition) check_that(static_cast<bool>(condition), #condition, __FILE__, __LINE__)
#define CHECK_TEXT(expected, text) check_text((expected), (text), #text, __FILE__, __LINE__)
#define CHECK_STATUS(expected, status) CHECK_TEXT(ossup::status_name(expected), ossup::status_name(status))

#ifdef _WIN32
// Wine 8 may hang when a process ends while threads of it wait for sockets.
__attribute__((constructor)) static void end_the_library_at_the_end()
{
    std::atexit([] { ossup_shutdown(60000); });
}
#endif

inline void check_that(bool held, const char *what, const char *file, int line)
{
    if (held) return;
    std::fprintf(stderr, "%s:%d: not so: %s\n", file, line, what);
    std::exit(1);
}

inline void check_text(const std::string &expected, const std::string &got, const char *what, const char *file, int line)
{
    if (got == expected) return;
    std::fprintf(stderr, "%s:%d: %s is '%s', not '%s'\n", file, line, what, got.c_str(), expected.c_str());
    std::exit(1);
}

inline std::string environment(const char *name)
{
    const char *value = std::getenv(name);
    CHECK(value != nullptr);
    return value;
}

inline std::filesystem::path path_of(const std::string &name)
{
    return std::filesystem::path(environment("OSSUP_TEST_DIR")) / name;
}

/// Bytes that do not repeat with any part size.
inline std::string make_bytes(std::size_t length)
{
    std::string bytes(length, ' ');
    std::uint32_t state = 2463534242U;
    for (char &byte : bytes) {
        state ^= state << 13U;
        state ^= state >> 17U;
        state ^= state << 5U;
        byte = static_cast<char>(state & 0x7fU);
    }
    return bytes;
}

inline std::filesystem::path make_file(const std::string &name, std::size_t length)
{
    const std::filesystem::path path = path_of(name);
    std::ofstream file(path, std::ios::binary);
    file << make_bytes(length);
    file.close();
    CHECK(file.good());
    return path;
}

/// A config to which a source of credentials is to be added.
inline ossup::Config bare_config()
{
    ossup::Config config;
    config.set_endpoint(environment("OSSUP_TEST_ENDPOINT")).set_region("cn-hangzhou").set_path_style(true);
    config.set_progress_interval(ossup::Milliseconds(10));
    // What the stand-in holds back is held for as long as a test wants it to.
    config.set_idle_timeout(std::chrono::minutes(10));
    return config;
}

inline ossup::Config make_config()
{
    ossup::Config config = bare_config();
    config.set_credentials("ak", "sk");
    return config;
}

inline ossup::Request make_request(const std::string &key)
{
    ossup::Request request;
    request.set_bucket_name("bucket").set_key(key);
    return request;
}

inline ossup::Request make_request(const std::string &key, const std::filesystem::path &file)
{
    ossup::Request request = make_request(key);
    request.set_upload_file(file);
    return request;
}

#if OSSUP_EXCEPTIONS
/// The error that a function throws.
template <class Function> ossup::Error failure(Function &&function, int line = __builtin_LINE())
{
    try {
        std::forward<Function>(function)();
    } catch (const ossup::Error &error) {
        return error;
    }
    std::fprintf(stderr, "line %d: nothing was thrown\n", line);
    std::exit(1);
}

/// What a function throws that is no error of the library's.
template <class Function> std::string thrown(Function &&function)
{
    try {
        std::forward<Function>(function)();
    } catch (const ossup::Error &error) {
        return std::string("an ossup::Error: ") + error.what();
    } catch (const std::exception &exception) {
        return exception.what();
    }
    return "nothing";
}
#endif

#endif
