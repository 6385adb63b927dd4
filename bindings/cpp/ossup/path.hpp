/// Paths on their way to C and back, as the system has them: bytes, and UTF-16 on Windows.

#ifndef OSSUP_CPP_PATH_HPP
#define OSSUP_CPP_PATH_HPP

#include "base.hpp"

#include <filesystem>

namespace ossup {
inline namespace OSSUP_VERSIONED {
namespace detail {

using PathChar = std::filesystem::path::value_type;

// The functions of C that take or give paths.

#if defined(_WIN32)
inline constexpr auto add_oidc_role = ossup_config_add_oidc_role_w;
inline constexpr auto set_ca_file = ossup_config_set_ca_file_w;
inline constexpr auto set_upload_file = ossup_request_set_upload_file_w;
inline constexpr auto set_checkpoint_file = ossup_request_set_checkpoint_file_w;
inline constexpr auto set_checkpoint_dir = ossup_request_set_checkpoint_dir_w;
inline constexpr auto checkpoint_file = ossup_result_checkpoint_file_w;
inline constexpr auto record_read = ossup_record_read_w;
inline constexpr auto record_delete = ossup_record_delete_w;
inline constexpr auto record_path = ossup_record_path_w;
inline constexpr auto record_list_read = ossup_record_list_read_w;
#else
inline constexpr auto add_oidc_role = ossup_config_add_oidc_role;
inline constexpr auto set_ca_file = ossup_config_set_ca_file;
inline constexpr auto set_upload_file = ossup_request_set_upload_file;
inline constexpr auto set_checkpoint_file = ossup_request_set_checkpoint_file;
inline constexpr auto set_checkpoint_dir = ossup_request_set_checkpoint_dir;
inline constexpr auto checkpoint_file = ossup_result_checkpoint_file;
inline constexpr auto record_read = ossup_record_read;
inline constexpr auto record_delete = ossup_record_delete;
inline constexpr auto record_path = ossup_record_path;
inline constexpr auto record_list_read = ossup_record_list_read;
#endif

/// C would see the path up to its NUL.
inline bool path_has_nul(const std::filesystem::path &path) noexcept
{
    return path.native().find(PathChar()) != std::filesystem::path::string_type::npos;
}

/// What C returns as NULL is empty here.
inline std::filesystem::path path_of(const PathChar *path)
{
    return path == nullptr ? std::filesystem::path() : std::filesystem::path(path);
}

} // namespace detail
} // namespace OSSUP_VERSIONED
} // namespace ossup

#endif
