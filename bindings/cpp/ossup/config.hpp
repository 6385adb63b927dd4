/// How a client speaks to OSS.

#ifndef OSSUP_CPP_CONFIG_HPP
#define OSSUP_CPP_CONFIG_HPP

#include "builder.hpp"
#include "credentials.hpp"
#include "log.hpp"
#include "queue.hpp"

#include <algorithm>
#include <limits>

namespace ossup {
inline namespace OSSUP_VERSIONED {

/// How a client speaks to OSS: ossup_config. Setters may go unchecked: whoever makes a client of it is told the first that was
/// refused. One thread at a time.
class Config : public detail::Builder<Config, ossup_config, ossup_config_error, ossup_config_free> {
public:
    Config() : Builder(ossup_config_new) {}

    Config &set_endpoint(std::string_view url) { return set("endpoint", ossup_config_set_endpoint, url); }
    Config &set_region(std::string_view name) { return set("region", ossup_config_set_region, name); }
    /// One of OSSUP_NETWORK_PUBLIC and its like.
    Config &set_network(std::uint32_t network) { return set("network", ossup_config_set_network, network); }
    Config &set_product(std::string_view name) { return set("product", ossup_config_set_product, name); }
    Config &set_cloud_box_id(std::string_view id) { return set("cloud_box_id", ossup_config_set_cloud_box_id, id); }
    Config &add_signed_header(std::string_view name) { return set("signed_header", ossup_config_add_signed_header, name); }
    Config &set_signature_version(std::uint32_t version)
    {
        return set("signature_version", ossup_config_set_signature_version, version);
    }
    Config &set_path_style(bool enable) { return set("path_style", ossup_config_set_path_style, enable); }
    Config &set_cname(bool enable) { return set("cname", ossup_config_set_cname, enable); }

    // Sources of credentials are asked in the order of these calls.

    /// An access key, in place of all sources that were added before.
    Config &set_credentials(std::string_view id, std::string_view secret, std::string_view security_token = {})
    {
        if (detail::has_nul(id) || detail::has_nul(secret) || detail::has_nul(security_token)) {
            return refuse(detail::has_a_nul("credentials"));
        }
        const detail::OrNull token(security_token);
        return note("credentials", ossup_config_set_credentials(handle(), std::string(id).c_str(),
                                                                std::string(secret).c_str(), token.get()));
    }

    Config &set_credentials(const Credentials &key)
    {
        return set_credentials(key.access_key_id, key.access_key_secret, key.security_token);
    }

    Config &add_environment_credentials()
    {
        return note("environment_credentials", ossup_config_add_environment_credentials(handle()));
    }

    Config &add_ecs_ram_role(std::string_view role_name = {})
    {
        if (detail::has_nul(role_name)) return refuse(detail::has_a_nul("role_name"));
        return note("ecs_ram_role", ossup_config_add_ecs_ram_role(handle(), detail::OrNull(role_name).get()));
    }

    Config &add_oidc_role(std::string_view role_arn = {}, std::string_view oidc_provider_arn = {},
                          const std::filesystem::path &token_file = {})
    {
        if (detail::has_nul(role_arn)) return refuse(detail::has_a_nul("role_arn"));
        if (detail::has_nul(oidc_provider_arn)) return refuse(detail::has_a_nul("oidc_provider_arn"));
        if (detail::path_has_nul(token_file)) return refuse(detail::has_a_nul("token_file"));
        const detail::PathChar *file = token_file.empty() ? nullptr : token_file.c_str();
        return note("oidc_role", detail::add_oidc_role(handle(), detail::OrNull(role_arn).get(),
                                                       detail::OrNull(oidc_provider_arn).get(), file));
    }

    /// A function that returns Credentials or a Result of them, of no argument or of a `const CredentialsRequest &`, by which
    /// one that takes long may ask whether it is still waited for.
    template <class Function> Config &add_credentials_provider(Function provider)
    {
        CredentialsProvider asked;
        if constexpr (std::is_invocable_v<Function &, const CredentialsRequest &>) {
            asked = std::move(provider);
        } else {
            asked = [provided = std::move(provider)](const CredentialsRequest &) mutable -> Result<Credentials> {
                return provided();
            };
        }
        auto given = std::make_unique<CredentialsProvider>(std::move(asked));
        const auto release = [](void *user_data) {
            const std::unique_ptr<CredentialsProvider> mine(static_cast<CredentialsProvider *>(user_data));
        };
        const ossup_status status =
            ossup_config_add_credentials_provider(handle(), detail::provide, given.get(), release);
        if (status == OSSUP_OK) static_cast<void>(given.release());
        return note("credentials_provider", status);
    }

    /// Whoever takes events of kind EventKind::credentials from the queue.
    Config &add_credentials_queue(const Queue &queue, std::uint64_t tag)
    {
        return note("credentials_queue", ossup_config_add_credentials_queue(handle(), queue.native_handle(), tag));
    }

    Config &set_ecs_metadata_endpoint(std::string_view url)
    {
        return set("ecs_metadata_endpoint", ossup_config_set_ecs_metadata_endpoint, url);
    }
    Config &set_sts_endpoint(std::string_view url) { return set("sts_endpoint", ossup_config_set_sts_endpoint, url); }
    Config &set_credentials_timeout(Milliseconds time)
    {
        return set("credentials_timeout", ossup_config_set_credentials_timeout_ms, time);
    }

    Config &set_ca_file(const std::filesystem::path &file) { return set("ca_file", detail::set_ca_file, file); }
    Config &set_ca_pem(std::string_view pem) { return set("ca_pem", ossup_config_set_ca_pem, pem); }
    Config &set_system_trust(bool enable) { return set("system_trust", ossup_config_set_system_trust, enable); }
    Config &dangerously_disable_certificate_verification()
    {
        return note("certificate_verification", ossup_config_dangerously_disable_certificate_verification(handle()));
    }
    /// "" means no proxy, whatever the environment names.
    Config &set_proxy(std::string_view url) { return set("proxy", ossup_config_set_proxy, url); }
    Config &set_no_proxy(std::string_view list) { return set("no_proxy", ossup_config_set_no_proxy, list); }
    Config &set_user_agent(std::string_view text) { return set("user_agent", ossup_config_set_user_agent, text); }

    Config &set_connect_timeout(Milliseconds time)
    {
        return set("connect_timeout", ossup_config_set_connect_timeout_ms, time);
    }
    Config &set_idle_timeout(Milliseconds time) { return set("idle_timeout", ossup_config_set_idle_timeout_ms, time); }
    Config &set_complete_timeout(Milliseconds time)
    {
        return set("complete_timeout", ossup_config_set_complete_timeout_ms, time);
    }
    Config &set_max_attempts(std::uint32_t attempts)
    {
        return set("max_attempts", ossup_config_set_max_attempts, attempts);
    }
    Config &set_max_elapsed(Milliseconds time) { return set("max_elapsed", ossup_config_set_max_elapsed_ms, time); }
    Config &set_bandwidth_limit(std::uint64_t bytes_per_second)
    {
        return set("bandwidth_limit", ossup_config_set_bandwidth_limit, bytes_per_second);
    }
    Config &set_progress_interval(Milliseconds time)
    {
        if (time.count() < 0) return refuse(Error(Status::invalid_argument, "progress_interval is negative"));
        constexpr std::int64_t most = (std::numeric_limits<std::uint32_t>::max)();
        const auto ms = (std::min)(static_cast<std::int64_t>(time.count()), most);
        return set("progress_interval", ossup_config_set_progress_interval_ms, static_cast<std::uint32_t>(ms));
    }
    Config &set_max_uploads(std::uint32_t uploads) { return set("max_uploads", ossup_config_set_max_uploads, uploads); }
    Config &set_max_parts_in_flight(std::uint32_t count)
    {
        return set("max_parts_in_flight", ossup_config_set_max_parts_in_flight, count);
    }
    Config &set_max_memory(std::uint64_t bytes) { return set("max_memory", ossup_config_set_max_memory, bytes); }

    /// A function that is told what clients of this config do.
    Config &set_log(LogLevel level, Logger logger)
    {
        auto given = std::make_unique<detail::Logging>();
        given->logger = std::move(logger);
        given->thrown = std::make_shared<detail::Thrown>();
        const auto thrown = given->thrown;
        const ossup_status status = ossup_config_set_log(handle(), static_cast<std::int32_t>(level), detail::Logging::on_log,
                                                         given.get(), detail::Logging::on_release);
        if (status != OSSUP_OK) return note("log", status);
        static_cast<void>(given.release());
        log_thrown_ = thrown;
        return *this;
    }

    /// Has the lines put into a queue, as events of kind EventKind::log.
    Config &set_log_queue(LogLevel level, const Queue &queue, std::uint64_t tag)
    {
        return note("log_queue",
                    ossup_config_set_log_queue(handle(), static_cast<std::int32_t>(level), queue.native_handle(), tag));
    }

    /// A parameter by its name in C, for what these headers do not know yet. Nothing stands for C's NULL.
    Config &set_option(std::string_view name, std::optional<std::string_view> value)
    {
        return set_by_name(ossup_config_set_option, name, value);
    }

    /// What the log's function threw is kept here. For Client.
    std::shared_ptr<const detail::Thrown> log_thrown() const noexcept { return log_thrown_; }

private:
    std::shared_ptr<const detail::Thrown> log_thrown_;
};

} // namespace OSSUP_VERSIONED
} // namespace ossup

#endif
