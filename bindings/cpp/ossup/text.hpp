/// Text on its way to C and back.

#ifndef OSSUP_CPP_TEXT_HPP
#define OSSUP_CPP_TEXT_HPP

#include "base.hpp"

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

} // namespace detail
} // namespace OSSUP_VERSIONED
} // namespace ossup

#endif
