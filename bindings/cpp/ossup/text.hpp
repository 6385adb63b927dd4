/// Text on its way to C and back.

#ifndef OSSUP_CPP_TEXT_HPP
#define OSSUP_CPP_TEXT_HPP

#include "base.hpp"

#include <filesystem>
#include <string>
#include <string_view>

namespace ossup {
inline namespace OSSUP_VERSIONED {
namespace detail {

/// C would see the text up to its NUL.
inline bool has_nul(std::string_view text) noexcept
{
    return text.find('\0') != std::string_view::npos;
}

/// What C returns as NULL is empty here.
inline std::string text_of(const char *text)
{
    return text == nullptr ? std::string() : std::string(text);
}

/// C takes the system's bytes, on Windows UTF-8: nothing for a path that is no Unicode.
inline std::optional<std::string> text_of(const std::filesystem::path &path)
{
#if defined(_WIN32)
    std::string utf_8;
    const bool is_unicode = !caught([&] {
        const auto text = path.u8string();
        utf_8.assign(text.begin(), text.end());
    });
    return is_unicode ? std::optional<std::string>(utf_8) : std::nullopt;
#else
    return path.native();
#endif
}

inline std::filesystem::path path_of(const char *text)
{
#if defined(_WIN32) && defined(__cpp_lib_char8_t)
    const std::string bytes = text_of(text);
    return std::filesystem::path(std::u8string(bytes.begin(), bytes.end()));
#elif defined(_WIN32)
    return std::filesystem::u8path(text_of(text));
#else
    return std::filesystem::path(text_of(text));
#endif
}

} // namespace detail
} // namespace OSSUP_VERSIONED
} // namespace ossup

#endif
