/* ossup_config_set_option and ossup_request_set_option: a whole upload by names alone, and what is refused. */
#include "fixture.h"

static void by_names_alone(void)
{
    struct path file = make_file("options.bin", 300000);
    ossup_config *config = NULL;
    ossup_client *client = NULL;
    ossup_request *request = NULL;
    ossup_result *result = NULL;
    CHECK_STATUS(OSSUP_OK, ossup_config_new(&config));
    CHECK_STATUS(OSSUP_OK, ossup_config_set_credentials(config, "ak", "sk", NULL));
    CHECK_STATUS(OSSUP_OK, ossup_config_set_option(config, "endpoint", environment("OSSUP_TEST_ENDPOINT")));
    CHECK_STATUS(OSSUP_OK, ossup_config_set_option(config, "region", "cn-hangzhou"));
    CHECK_STATUS(OSSUP_OK, ossup_config_set_option(config, "path_style", "true"));
    CHECK_STATUS(OSSUP_OK, ossup_config_set_option(config, "idle_timeout_ms", "18446744073709551615"));
    CHECK_STATUS(OSSUP_OK, ossup_config_set_option(config, "proxy", NULL));
    CHECK_STATUS(OSSUP_OK, ossup_client_new(config, &client, NULL));
    CHECK_STATUS(OSSUP_OK, ossup_request_new(&request));
    CHECK_STATUS(OSSUP_OK, ossup_request_set_option(request, "bucket_name", BUCKET));
    CHECK_STATUS(OSSUP_OK, ossup_request_set_option(request, "key", "options"));
    CHECK_STATUS(OSSUP_OK, ossup_request_set_option(request, "upload_file", file.text));
    CHECK_STATUS(OSSUP_OK, ossup_request_set_option(request, "part_size", "150000"));
    CHECK_STATUS(OSSUP_OK, ossup_request_set_option(request, "task_num", "2"));
    CHECK_STATUS(OSSUP_OK, ossup_request_set_option(request, "lock_timeout_ms", "-1"));
    CHECK_STATUS(OSSUP_OK, ossup_client_upload_file(client, request, &result, NULL));
    CHECK(ossup_result_parts_total(result) == 2);
    ossup_result_free(result);
    ossup_request_free(request);
    ossup_client_free(client);
    ossup_config_free(config);
}

static void null_arguments(void)
{
    ossup_config *config = make_config();
    ossup_request *request = NULL;
    CHECK_STATUS(OSSUP_OK, ossup_request_new(&request));
    CHECK_STATUS(OSSUP_INVALID_ARGUMENT, ossup_config_set_option(NULL, "region", "cn-hangzhou"));
    CHECK_STATUS(OSSUP_INVALID_ARGUMENT, ossup_config_set_option(NULL, "no", "cn-hangzhou"));
    CHECK_STATUS(OSSUP_INVALID_ARGUMENT, ossup_config_set_option(config, NULL, "cn-hangzhou"));
    CHECK_NAMES("name", ossup_config_error(config));
    CHECK_STATUS(OSSUP_INVALID_ARGUMENT, ossup_config_set_option(config, "region", NULL));
    CHECK_STATUS(OSSUP_INVALID_ARGUMENT, ossup_request_set_option(NULL, "key", "key"));
    CHECK_STATUS(OSSUP_INVALID_ARGUMENT, ossup_request_set_option(request, NULL, "key"));
    CHECK_NAMES("name", ossup_request_error(request));
    CHECK_STATUS(OSSUP_INVALID_ARGUMENT, ossup_request_set_option(request, "task_num", NULL));
    ossup_request_free(request);
    ossup_config_free(config);
}

/* The first refusal counts, whichever way it came. */
static void what_is_refused_is_named(void)
{
    ossup_config *config = make_config();
    ossup_client *client = NULL;
    ossup_error *error = NULL;
    CHECK_STATUS(OSSUP_INVALID_ARGUMENT, ossup_config_set_option(config, "endpiont", "http://127.0.0.1"));
    CHECK_NAMES("endpiont", ossup_config_error(config));
    CHECK_STATUS(OSSUP_INVALID_ARGUMENT, ossup_config_set_option(config, "region", "not a region"));
    CHECK_NAMES("endpiont", ossup_config_error(config));
    CHECK_STATUS(OSSUP_INVALID_ARGUMENT, ossup_client_new(config, &client, &error));
    check_error(&error, "endpiont");
    ossup_config_free(config);

    static const char *const NO_NUMBERS[] = {"", " 1", "1 ", "1.5", "0x10", "1e3", "-1", "+1", "99999999999999999999", BAD_UTF8};
    for (size_t i = 0; i < sizeof NO_NUMBERS / sizeof *NO_NUMBERS; i++) {
        ossup_request *request = NULL;
        CHECK_STATUS(OSSUP_OK, ossup_request_new(&request));
        CHECK_STATUS(OSSUP_INVALID_ARGUMENT, ossup_request_set_option(request, "part_size", NO_NUMBERS[i]));
        CHECK_NAMES("part_size", ossup_request_error(request));
        ossup_request_free(request);
    }
}

int main(void)
{
    by_names_alone();
    null_arguments();
    what_is_refused_is_named();
    CHECK_STATUS(OSSUP_OK, ossup_shutdown(10000));
    return 0;
}
