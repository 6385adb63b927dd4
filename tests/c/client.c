/* ossup_client: made from a config, and the one call that does it all. */
#include "fixture.h"

static void null_arguments(void)
{
    ossup_config *config = make_config();
    ossup_client *client = NULL;
    ossup_error *error = NULL;
    CHECK_STATUS(OSSUP_INVALID_ARGUMENT, ossup_client_new(NULL, &client, &error));
    check_error(&error, "config");
    CHECK(client == NULL);
    error = NULL;
    CHECK_STATUS(OSSUP_INVALID_ARGUMENT, ossup_client_new(config, NULL, &error));
    check_error(&error, "out");
    CHECK_STATUS(OSSUP_INVALID_ARGUMENT, ossup_client_new(NULL, NULL, NULL));
    ossup_client_free(NULL);
    ossup_config_free(config);
}

/* A config that lacks what a client needs is refused with the name of what is missing. */
static void missing_settings(void)
{
    ossup_config *config = NULL;
    ossup_client *client = NULL;
    ossup_error *error = NULL;
    CHECK_STATUS(OSSUP_OK, ossup_config_new(&config));
    CHECK_STATUS(OSSUP_INVALID_ARGUMENT, ossup_client_new(config, &client, &error));
    check_error(&error, "endpoint");
    CHECK_STATUS(OSSUP_OK, ossup_config_set_endpoint(config, "http://127.0.0.1:9"));
    CHECK_STATUS(OSSUP_OK, ossup_config_set_region(config, "cn-hangzhou"));
    CHECK_STATUS(OSSUP_INVALID_ARGUMENT, ossup_client_new(config, &client, &error));
    check_error(&error, "credentials");
    CHECK(client == NULL);
    ossup_config_free(config);
}

static void upload_in_one_call(void)
{
    struct path file = make_file("client.bin", 300000);
    ossup_client *client = make_client();
    ossup_request *request = make_request("client/one-call", file.text);
    ossup_result *result = NULL;
    ossup_error *error = NULL;
    CHECK_STATUS(OSSUP_INVALID_ARGUMENT, ossup_client_upload_file(NULL, request, &result, &error));
    check_error(&error, "client");
    CHECK_STATUS(OSSUP_INVALID_ARGUMENT, ossup_client_upload_file(client, NULL, &result, &error));
    check_error(&error, "request");
    CHECK(result == NULL);

    CHECK_STATUS(OSSUP_OK, ossup_client_upload_file(client, request, &result, &error));
    CHECK(error == NULL);
    CHECK_STATUS(OSSUP_OK, ossup_result_status(result));
    CHECK(ossup_result_bytes_sent(result) == 300000);
    CHECK(ossup_result_parts_sent(result) == 3);
    ossup_result_free(result);
    CHECK_STATUS(OSSUP_OK, ossup_client_upload_file(client, request, NULL, NULL));
    ossup_request_free(request);
    ossup_client_free(client);
}

/* The longest times that can be said are no more than that: they must not overflow anything. */
static void the_longest_times(void)
{
    struct path file = make_file("client.bin", 300000);
    ossup_config *config = make_config();
    ossup_client *client = NULL;
    ossup_request *request = make_request("client/patient", file.text);
    CHECK_STATUS(OSSUP_OK, ossup_config_set_connect_timeout_ms(config, UINT64_MAX));
    CHECK_STATUS(OSSUP_OK, ossup_config_set_idle_timeout_ms(config, UINT64_MAX));
    CHECK_STATUS(OSSUP_OK, ossup_config_set_complete_timeout_ms(config, UINT64_MAX));
    CHECK_STATUS(OSSUP_OK, ossup_config_set_max_elapsed_ms(config, UINT64_MAX));
    CHECK_STATUS(OSSUP_OK, ossup_config_set_max_attempts(config, UINT32_MAX));
    CHECK_STATUS(OSSUP_OK, ossup_config_set_progress_interval_ms(config, UINT32_MAX));
    CHECK_STATUS(OSSUP_OK, ossup_client_new(config, &client, NULL));
    CHECK_STATUS(OSSUP_OK, ossup_client_upload_file(client, request, NULL, NULL));
    ossup_request_free(request);
    ossup_client_free(client);
    ossup_config_free(config);
}

/* Uploads that get one place between them come through one after another. */
static void one_part_at_a_time(void)
{
    struct path file = make_file("client.bin", 300000);
    ossup_config *config = make_config();
    ossup_client *client = NULL;
    ossup_upload *uploads[3];
    const char *keys[] = {"client/first", "client/second", "client/third"};
    CHECK_STATUS(OSSUP_OK, ossup_config_set_max_parts_in_flight(config, 1));
    CHECK_STATUS(OSSUP_OK, ossup_config_set_max_memory(config, 1 << 20));
    CHECK_STATUS(OSSUP_OK, ossup_client_new(config, &client, NULL));
    for (int i = 0; i < 3; i++) {
        ossup_request *request = make_request(keys[i], file.text);
        CHECK_STATUS(OSSUP_OK, ossup_request_set_task_num(request, 0));
        CHECK_STATUS(OSSUP_OK, ossup_request_set_enable_checkpoint(request, false));
        CHECK_STATUS(OSSUP_OK, ossup_upload_new(client, request, &uploads[i], NULL));
        CHECK_STATUS(OSSUP_OK, ossup_upload_start(uploads[i], NULL));
        ossup_request_free(request);
    }
    for (int i = 0; i < 3; i++) {
        CHECK_STATUS(OSSUP_OK, ossup_upload_wait(uploads[i], -1, NULL));
        ossup_upload_free(uploads[i]);
    }
    ossup_client_free(client);
    ossup_config_free(config);
}

static void a_failed_upload_leaves_a_result_and_an_error(void)
{
    struct path file = make_file("client.bin", 1000);
    ossup_client *client = make_client();
    ossup_request *request = make_request("client/refused", file.text);
    ossup_result *result = NULL;
    ossup_error *error = NULL;
    CHECK_STATUS(OSSUP_OK, ossup_request_set_bucket_name(request, "no-such-bucket"));
    CHECK_STATUS(OSSUP_NO_SUCH_BUCKET, ossup_client_upload_file(client, request, &result, &error));
    CHECK_STATUS(OSSUP_NO_SUCH_BUCKET, ossup_error_status(error));
    CHECK_STATUS(OSSUP_NO_SUCH_BUCKET, ossup_result_status(result));
    ossup_error_free(error);
    ossup_result_free(result);
    ossup_request_free(request);
    ossup_client_free(client);
}

/* A cap is set and lifted while nothing runs; tests of whole uploads do so while they run. */
static void caps(void)
{
    struct path file = make_file("client.bin", 300000);
    ossup_client *client = make_client();
    ossup_request *request = make_request("client/capped", file.text);
    CHECK_STATUS(OSSUP_INVALID_ARGUMENT, ossup_client_set_bandwidth_limit(NULL, 0));
    CHECK_STATUS(OSSUP_INVALID_ARGUMENT, ossup_client_set_bandwidth_limit(client, 1023));
    CHECK_STATUS(OSSUP_OK, ossup_client_set_bandwidth_limit(client, 1024));
    CHECK_STATUS(OSSUP_OK, ossup_client_set_bandwidth_limit(client, 0));
    CHECK_STATUS(OSSUP_OK, ossup_client_set_bandwidth_limit(client, UINT64_MAX));
    CHECK_STATUS(OSSUP_OK, ossup_client_upload_file(client, request, NULL, NULL));
    ossup_request_free(request);
    ossup_client_free(client);
}

/* Handles may be freed in any order: the upload keeps what it needs. */
static void the_client_may_be_freed_first(void)
{
    struct path file = make_file("client.bin", 300000);
    ossup_client *client = make_client();
    ossup_upload *upload = make_upload(client, "client/freed-first", file.text, false);
    ossup_client_free(client);
    CHECK_STATUS(OSSUP_OK, ossup_upload_start(upload, NULL));
    CHECK_STATUS(OSSUP_OK, ossup_upload_wait(upload, -1, NULL));
    ossup_upload_free(upload);
}

int main(void)
{
    null_arguments();
    missing_settings();
    upload_in_one_call();
    the_longest_times();
    one_part_at_a_time();
    a_failed_upload_leaves_a_result_and_an_error();
    caps();
    the_client_may_be_freed_first();
    CHECK_STATUS(OSSUP_OK, ossup_shutdown(10000));
    return 0;
}
