/* ossup_config: every setter with good values, NULL, bad UTF-8 and values out of range. */
#include "fixture.h"

/* An authority that signs nothing. */
#define CERTIFICATE \
    "-----BEGIN CERTIFICATE-----\n" \
    "MIIBgTCCASegAwIBAgIUZrjRG87ofGlfQ+YUfCvW3nerZhIwCgYIKoZIzj0EAwIw\n" \
    "FTETMBEGA1UEAwwKb3NzdXAgdGVzdDAgFw0yNjExMjMwNjM3MDdaGA8yMTI2MTAz\n" \
    "MDA2MzcwN1owFTETMBEGA1UEAwwKb3NzdXAgdGVzdDBZMBMGByqGSM49AgEGCCqG\n" \
    "SM49AwEHA0IABBAcRC08iMogwR08wuzYZ/TKnImenaDrB3eTYlhOfdEOqzWG3eNV\n" \
    "BXo+MwUQoaY6hfK6piQzgpVgsqHobHRAkAmjUzBRMB0GA1UdDgQWBBR3FUMN0lPp\n" \
    "eFR66ZNWWgc+pVHI5DAfBgNVHSMEGDAWgBR3FUMN0lPpeFR66ZNWWgc+pVHI5DAP\n" \
    "BgNVHRMBAf8EBTADAQH/MAoGCCqGSM49BAMCA0gAMEUCIFODhU+jHRxH9MS/wegF\n" \
    "J8cSZzBAcew/ubsGR3IMurerAiEA/dWkx33jpaTEg5jTOxwe/C7esIlVx2f80bqA\n" \
    "2gHJYcw=\n" \
    "-----END CERTIFICATE-----\n"

typedef ossup_status text_setter(ossup_config *, const char *);
typedef ossup_status flag_setter(ossup_config *, bool);
typedef ossup_status long_setter(ossup_config *, uint64_t);

static ossup_config *fresh(void)
{
    ossup_config *config = NULL;
    CHECK_STATUS(OSSUP_OK, ossup_config_new(&config));
    CHECK(config != NULL);
    CHECK(ossup_config_error(config) == NULL);
    return config;
}

static void refused(const char *argument, ossup_config *config, ossup_status status)
{
    CHECK_STATUS(OSSUP_INVALID_ARGUMENT, status);
    CHECK_NAMES(argument, ossup_config_error(config));
    ossup_config_free(config);
}

static void text(const char *argument, text_setter *set, const char *good)
{
    ossup_config *config = fresh();
    CHECK_STATUS(OSSUP_OK, set(config, good));
    CHECK(ossup_config_error(config) == NULL);
    ossup_config_free(config);

    config = fresh();
    refused(argument, config, set(config, NULL));
    config = fresh();
    refused(argument, config, set(config, ""));
    CHECK_STATUS(OSSUP_INVALID_ARGUMENT, set(NULL, good));
}

static void text_is_utf8(const char *argument, text_setter *set)
{
    ossup_config *config = fresh();
    refused(argument, config, set(config, BAD_UTF8));
}

/* NULL and "" bring the default back. */
static void optional_text(const char *argument, text_setter *set, const char *good, const char *bad)
{
    ossup_config *config = fresh();
    CHECK_STATUS(OSSUP_OK, set(config, good));
    CHECK_STATUS(OSSUP_OK, set(config, ""));
    CHECK_STATUS(OSSUP_OK, set(config, NULL));
    CHECK_STATUS(OSSUP_INVALID_ARGUMENT, set(NULL, good));
    refused(argument, config, set(config, bad));
    text_is_utf8(argument, set);
}

static void proxies(void)
{
    static const char *const GOOD[] = {
        "http://proxy:3128", "proxy:3128", "https://user:p%40ss@proxy", "socks5://[::1]:1080", "socks5h://u:p@proxy",
    };
    static const char *const BAD[] = {"ftp://proxy", "http://", "http://u:topsecret@proxy/path", "socks4://u:topsecret@p"};
    for (size_t i = 0; i < sizeof GOOD / sizeof *GOOD; i++) {
        ossup_config *config = fresh();
        CHECK_STATUS(OSSUP_OK, ossup_config_set_proxy(config, GOOD[i]));
        ossup_config_free(config);
    }
    for (size_t i = 0; i < sizeof BAD / sizeof *BAD; i++) {
        ossup_config *config = fresh();
        CHECK_STATUS(OSSUP_INVALID_ARGUMENT, ossup_config_set_proxy(config, BAD[i]));
        CHECK_NAMES("proxy", ossup_config_error(config));
        CHECK(strstr(ossup_config_error(config), "topsecret") == NULL);
        ossup_config_free(config);
    }
}

static void unverified(void)
{
    ossup_config *config = fresh();
    CHECK_STATUS(OSSUP_OK, ossup_config_dangerously_disable_certificate_verification(config));
    CHECK_STATUS(OSSUP_INVALID_ARGUMENT, ossup_config_dangerously_disable_certificate_verification(NULL));
    ossup_config_free(config);
}

static void credentials(void)
{
    static const struct { const char *argument, *id, *secret, *token; } BAD[] = {
        {"AccessKeyId", NULL, "sk", NULL},     {"AccessKeyId", "", "sk", NULL},     {"AccessKeyId", BAD_UTF8, "sk", NULL},
        {"AccessKeySecret", "ak", NULL, NULL}, {"AccessKeySecret", "ak", "", NULL}, {"AccessKeySecret", "ak", BAD_UTF8, NULL},
        {"SecurityToken", "ak", "sk", BAD_UTF8},
    };
    ossup_config *config = fresh();
    CHECK_STATUS(OSSUP_OK, ossup_config_set_credentials(config, "ak", "sk", NULL));
    CHECK_STATUS(OSSUP_OK, ossup_config_set_credentials(config, "ak", "sk", "token"));
    ossup_config_free(config);
    for (size_t i = 0; i < sizeof BAD / sizeof *BAD; i++) {
        config = fresh();
        refused(BAD[i].argument, config, ossup_config_set_credentials(config, BAD[i].id, BAD[i].secret, BAD[i].token));
    }
    CHECK_STATUS(OSSUP_INVALID_ARGUMENT, ossup_config_set_credentials(NULL, "ak", "sk", NULL));
}

static void sources_of_credentials(void)
{
    static const char *const BAD_ROLES[] = {"", "a/b", "..", BAD_UTF8};
    ossup_config *config = fresh();
    CHECK_STATUS(OSSUP_OK, ossup_config_add_environment_credentials(config));
    CHECK_STATUS(OSSUP_OK, ossup_config_add_ecs_ram_role(config, NULL));
    CHECK_STATUS(OSSUP_OK, ossup_config_add_ecs_ram_role(config, "a-role.of_mine"));
    CHECK_STATUS(OSSUP_OK, ossup_config_add_oidc_role(config, NULL, NULL, NULL));
    CHECK_STATUS(OSSUP_OK, ossup_config_add_oidc_role(config, "acs:ram::1:role/a", "acs:ram::1:oidc-provider/b", "/c"));
    ossup_config_free(config);
    for (size_t i = 0; i < sizeof BAD_ROLES / sizeof *BAD_ROLES; i++) {
        config = fresh();
        refused("role name", config, ossup_config_add_ecs_ram_role(config, BAD_ROLES[i]));
    }
    config = fresh();
    refused("role ARN", config, ossup_config_add_oidc_role(config, "", NULL, NULL));
    config = fresh();
    refused("OIDC provider ARN", config, ossup_config_add_oidc_role(config, NULL, BAD_UTF8, NULL));
    config = fresh();
    refused("token file", config, ossup_config_add_oidc_role(config, NULL, NULL, ""));
    config = fresh();
    refused("provider", config, ossup_config_add_credentials_provider(config, NULL, NULL, NULL));
    config = fresh();
    refused("queue", config, ossup_config_add_credentials_queue(config, NULL, 0));
    config = fresh();
    refused("ECS metadata endpoint", config, ossup_config_set_ecs_metadata_endpoint(config, "https://100.100.100.200"));
    config = fresh();
    refused("STS endpoint", config, ossup_config_set_sts_endpoint(config, "http://sts.aliyuncs.com"));
    CHECK_STATUS(OSSUP_INVALID_ARGUMENT, ossup_config_add_environment_credentials(NULL));
    CHECK_STATUS(OSSUP_INVALID_ARGUMENT, ossup_config_add_ecs_ram_role(NULL, NULL));
    CHECK_STATUS(OSSUP_INVALID_ARGUMENT, ossup_config_add_oidc_role(NULL, NULL, NULL, NULL));
}

static void flag(flag_setter *set)
{
    ossup_config *config = fresh();
    CHECK_STATUS(OSSUP_OK, set(config, true));
    CHECK_STATUS(OSSUP_OK, set(config, false));
    CHECK_STATUS(OSSUP_INVALID_ARGUMENT, set(NULL, true));
    ossup_config_free(config);
}

static void milliseconds(const char *argument, long_setter *set)
{
    ossup_config *config = fresh();
    CHECK_STATUS(OSSUP_OK, set(config, 1));
    CHECK_STATUS(OSSUP_OK, set(config, UINT64_MAX));
    CHECK_STATUS(OSSUP_INVALID_ARGUMENT, set(NULL, 1));
    refused(argument, config, set(config, 0));
}

static void small_numbers(void)
{
    ossup_config *config = fresh();
    CHECK_STATUS(OSSUP_OK, ossup_config_set_signature_version(config, OSSUP_SIGNATURE_V1));
    CHECK_STATUS(OSSUP_OK, ossup_config_set_signature_version(config, OSSUP_SIGNATURE_V4));
    CHECK_STATUS(OSSUP_OK, ossup_config_set_max_attempts(config, 1));
    CHECK_STATUS(OSSUP_OK, ossup_config_set_progress_interval_ms(config, 1));
    CHECK_STATUS(OSSUP_OK, ossup_config_set_max_elapsed_ms(config, 0));
    CHECK_STATUS(OSSUP_OK, ossup_config_set_bandwidth_limit(config, 0));
    CHECK_STATUS(OSSUP_OK, ossup_config_set_bandwidth_limit(config, 1024));
    CHECK_STATUS(OSSUP_OK, ossup_config_set_bandwidth_limit(config, UINT64_MAX));
    CHECK_STATUS(OSSUP_OK, ossup_config_set_max_uploads(config, 0));
    ossup_config_free(config);

    config = fresh();
    refused("signature", config, ossup_config_set_signature_version(config, 2));
    config = fresh();
    refused("attempts", config, ossup_config_set_max_attempts(config, 0));
    config = fresh();
    refused("progress interval", config, ossup_config_set_progress_interval_ms(config, 0));
    config = fresh();
    refused("bandwidth limit", config, ossup_config_set_bandwidth_limit(config, 1023));
    CHECK_STATUS(OSSUP_INVALID_ARGUMENT, ossup_config_set_bandwidth_limit(NULL, 0));
    CHECK_STATUS(OSSUP_INVALID_ARGUMENT, ossup_config_set_max_elapsed_ms(NULL, 0));
    CHECK_STATUS(OSSUP_INVALID_ARGUMENT, ossup_config_set_max_uploads(NULL, 1));
    CHECK_STATUS(OSSUP_INVALID_ARGUMENT, ossup_config_set_signature_version(NULL, OSSUP_SIGNATURE_V4));
    CHECK_STATUS(OSSUP_INVALID_ARGUMENT, ossup_config_set_max_attempts(NULL, 1));
    CHECK_STATUS(OSSUP_INVALID_ARGUMENT, ossup_config_set_progress_interval_ms(NULL, 1));
}

static void caps(void)
{
    ossup_config *config = fresh();
    CHECK_STATUS(OSSUP_OK, ossup_config_set_max_parts_in_flight(config, 1));
    CHECK_STATUS(OSSUP_OK, ossup_config_set_max_parts_in_flight(config, UINT32_MAX));
    CHECK_STATUS(OSSUP_OK, ossup_config_set_max_parts_in_flight(config, 0));
    CHECK_STATUS(OSSUP_OK, ossup_config_set_max_memory(config, 786432));
    CHECK_STATUS(OSSUP_OK, ossup_config_set_max_memory(config, UINT64_MAX));
    CHECK_STATUS(OSSUP_OK, ossup_config_set_max_memory(config, 0));
    CHECK_STATUS(OSSUP_INVALID_ARGUMENT, ossup_config_set_max_parts_in_flight(NULL, 1));
    CHECK_STATUS(OSSUP_INVALID_ARGUMENT, ossup_config_set_max_memory(NULL, 0));
    refused("max memory", config, ossup_config_set_max_memory(config, 786431));
}

static void networks(void)
{
    ossup_config *config = fresh();
    for (uint32_t network = OSSUP_NETWORK_PUBLIC; network <= OSSUP_NETWORK_ACCELERATE_OVERSEAS; network++) {
        CHECK_STATUS(OSSUP_OK, ossup_config_set_network(config, network));
    }
    CHECK_STATUS(OSSUP_INVALID_ARGUMENT, ossup_config_set_network(NULL, OSSUP_NETWORK_PUBLIC));
    refused("network", config, ossup_config_set_network(config, OSSUP_NETWORK_ACCELERATE_OVERSEAS + 1));
}

static void the_first_refusal_is_kept(void)
{
    ossup_config *config = fresh();
    ossup_client *client = NULL;
    ossup_error *error = NULL;
    CHECK_STATUS(OSSUP_INVALID_ARGUMENT, ossup_config_set_max_attempts(config, 0));
    CHECK_STATUS(OSSUP_INVALID_ARGUMENT, ossup_config_set_region(config, BAD_UTF8));
    CHECK_STATUS(OSSUP_OK, ossup_config_set_max_attempts(config, 3));
    CHECK_NAMES("attempts", ossup_config_error(config));
    CHECK_STATUS(OSSUP_INVALID_ARGUMENT, ossup_client_new(config, &client, &error));
    check_error(&error, "attempts");
    CHECK(client == NULL);
    ossup_config_free(config);
}

int main(void)
{
    CHECK_STATUS(OSSUP_INVALID_ARGUMENT, ossup_config_new(NULL));
    CHECK(ossup_config_error(NULL) == NULL);
    ossup_config_free(NULL);

    text("endpoint", ossup_config_set_endpoint, "https://oss-cn-hangzhou.aliyuncs.com");
    text("endpoint", ossup_config_set_endpoint, "oss-cn-hangzhou.aliyuncs.com");
    text_is_utf8("endpoint", ossup_config_set_endpoint);
    text("region", ossup_config_set_region, "cn-hangzhou");
    text_is_utf8("region", ossup_config_set_region);
    text("product", ossup_config_set_product, "oss-cloudbox");
    text_is_utf8("product", ossup_config_set_product);
    text("cloud box id", ossup_config_set_cloud_box_id, "cb-123");
    text("signed header", ossup_config_add_signed_header, "Host");
    networks();
    text("CA file", ossup_config_set_ca_file, "/etc/ssl/a.pem");
    text("ECS metadata endpoint", ossup_config_set_ecs_metadata_endpoint, "http://127.0.0.1:9");
    text("STS endpoint", ossup_config_set_sts_endpoint, "sts.cn-hangzhou.aliyuncs.com");
    text("CA PEM", ossup_config_set_ca_pem, CERTIFICATE);
    text_is_utf8("CA PEM", ossup_config_set_ca_pem);
    flag(ossup_config_set_system_trust);
    unverified();
    optional_text("proxy", ossup_config_set_proxy, "http://proxy:3128", "gopher://proxy");
    proxies();
    optional_text("no_proxy", ossup_config_set_no_proxy, "localhost,.example.com,10.0.0.0/8", "a\nb");
    optional_text("user agent", ossup_config_set_user_agent, "backup/3 (nightly)", "a\r\nX: y");
    credentials();
    sources_of_credentials();
    flag(ossup_config_set_path_style);
    flag(ossup_config_set_cname);
    milliseconds("connect timeout", ossup_config_set_connect_timeout_ms);
    milliseconds("idle timeout", ossup_config_set_idle_timeout_ms);
    milliseconds("complete timeout", ossup_config_set_complete_timeout_ms);
    milliseconds("credentials timeout", ossup_config_set_credentials_timeout_ms);
    small_numbers();
    caps();
    the_first_refusal_is_kept();
    return 0;
}
